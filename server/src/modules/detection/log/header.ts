import { type Header, layoutOf } from './layouts.ts';
import { type LogLevel, levelOfLetter, levelOfWord } from './levels.ts';
import type { LogLine } from './log-line.ts';
import { headOf, traceLineOf } from './shapes.ts';
import { type TimeContext, timeAt } from './timestamps.ts';

/** Takes the logger's own prefix off, if there is one. */
export function readHeader(line: LogLine, context: TimeContext): void {
  line.message = line.text;
  let inner = false;
  for (let depth = 0; depth < 2; depth++) {
    if (depth === 1 && !inner && !/^[\d[]|^[A-Z]{3,9}\b/.test(line.message)) return;
    const header = layoutOf(line.message, context) ?? stampOf(line.message, context) ?? wordByWord(line.message, context);
    // behind a first prefix only one with a time of its own is a second: the message may well begin with a level's name
    if (header === undefined || (depth === 1 && !header.timed && !inner)) return;
    // daemons say `error: …` through syslog of every peer that hangs up; their priority tells what is one
    if (!header.timed && line.layers.includes('syslog') && /^[a-z]{3,9}: /.test(line.message)) return;
    line.message = line.message.slice(header.end);
    if (header.stamp === true && depth === 0) line.stamp = true;
    apply(line, header);
    if (line.stamp === true) return;
    inner = header.inner === true;
  }
}

function apply(line: LogLine, header: Header): void {
  line.header = true;
  if (header.level !== undefined) line.level = header.level;
  if (header.time !== undefined) line.time = header.time;
  for (const key of ['logger', 'thread', 'pid'] as const) {
    const value = header[key];
    if (value !== undefined) line[key] = value;
  }
  if (line.layers.at(-1) !== 'logger') line.layers.push('logger');
}

/** A level right behind the time, or behind the thread: by far the most lines, of which nothing else needs to be asked. */
const LEVELLED =
  /^\[?\d[\d:.,TZ/ +-]{7,40}\]?\s{1,2}(?:\[[\w -]{1,40}\] )?\[?(?:TRACE|DEBUG|INFO|NOTICE|WARN|ERROR|FATAL)\]?[\s|]/;

/** A time before what only stands in a trace: it was put before every line, the trace's too, and takes one separator. */
function stampOf(line: string, context: TimeContext): Header | undefined {
  if (LEVELLED.test(line)) return undefined;
  const found = timeAt(line, line.startsWith('[') ? 1 : 0, context);
  if (found === undefined) return undefined;
  const end = behindStamp(line, found.end);
  if (end === undefined) return undefined;
  const rest = line.slice(end);
  const json = /^\{\s{0,2}"/.test(rest) && rest.endsWith('}');
  // columns begin with a level; what else is indented goes on
  const indented = /^(?:\t|\s{3,})(?![A-Z]{3,8}\b)/.test(rest);
  const known = rest.trim() === '' || indented || json || traceLineOf(rest) !== undefined || headOf(rest) !== undefined;
  const header: Header = { end, timed: true, ...(found.ms === undefined ? {} : { time: found.ms }) };
  if (known) return { ...header, stamp: true };
  return layoutOf(rest, context) === undefined ? undefined : { ...header, inner: true };
}

/** Where the text begins behind a time that ends at `at`: one blank or tab, a closing bracket or a colon before it. */
function behindStamp(line: string, at: number): number | undefined {
  const rest = /^(?: ?(?:UTC|GMT))?(?:\]|:)?(?:[ \t]|$)/.exec(line.slice(at, at + 8));
  return rest === null ? undefined : at + rest[0].length;
}

/** Words in the places where a level stands; anything else of the same letters is prose. */
const UPPER_LEVEL =
  /^(?:TRACE|TRC|DEBUG|DBG|FINEST|FINER|FINE|CONFIG|VERBOSE|INFO|INF|NOTICE|WARNING|WARN|WRN|ERROR|ERR|EROR|FATAL|FTL|SEVERE|CRITICAL|CRIT|CRT|ALERT|EMERGENCY|EMERG|PANIC|DPANIC|LOG|STATEMENT|DETAIL|HINT)$/;
/** Level names that also begin sentences. */
const SHOUTED = /^(?:ALERT|PANIC|EMERGENCY|NOTICE|LOG|HINT|DETAIL|STATEMENT|FINE|CONFIG|ALL|OFF)$/;
const BRACKET = /^[[({<]([^\])}>]{0,160})[\])}>]/;
const WORD = /^[^\s|]{1,160}/;
const NUMBER = /^#?\d{1,12}[#:]?\d{0,8}:?$/;
const PROSE = /^[a-z']{1,30}[,.]?$/;
const LOGGER = /^([A-Za-z_][\w.$/:@-]{0,150}?(?:\[\d{1,10}\])?)(?:\s{1,40}[-:|–]\s{1,4}|:\s{1,4}|\s{0,2}\|\s?)/;
const THROWN = /(?:Error|Exception|Failure|Throwable|panic|Traceback|Fault)$/;
const MAX_HEADER = 300;

/** Reads times, levels, brackets and numbers until the message begins. */
function wordByWord(line: string, context: TimeContext): Header | undefined {
  const header: Header = { end: 0, timed: false };
  let at = 0;
  let strange = 0;
  let prose = 0;
  let brackets = 0;
  let end = 0; // behind the last thing that is certainly part of the header
  let stamp = -1; // behind the time that the line begins with
  for (let words = 0; words < 16 && at < MAX_HEADER; words++) {
    const space = /^[\s|,;]{1,60}/.exec(line.slice(at, at + 60))?.[0] ?? '';
    if (words === 0 && space !== '') return undefined; // records begin at the margin
    at += space.length;
    if (at >= line.length) break;
    const number = /^1\d{9}/.test(line.slice(at, at + 11)); // seconds since 1970 only at the margin, elsewhere any number
    const sought = (!header.timed || header.level === undefined) && !(number && (words > 1 || strange > 0));
    const found = sought ? timeAt(line, at, context) : undefined;
    if (found !== undefined && !(words > 0 && header.timed && header.level !== undefined)) {
      if (found.ms !== undefined && (header.time === undefined || words > 0)) header.time = found.ms;
      header.timed = true;
      at = found.end;
      if (line[at] === ']' || line[at] === ':') at += 1;
      end = at;
      if (words === 0) stamp = at;
      continue;
    }
    // behind a time and two blanks: a list in a message that goes on
    if (words === 1 && stamp === at - space.length && (space.length > 1 ? /^[-*] / : /^[-*+] {2}/).test(line.slice(at, at + 3)))
      break;
    const rest = line.slice(at, at + 162);
    const bracket = BRACKET.exec(rest);
    if (bracket !== null && header.timed && header.level === undefined && THROWN.test(bracket[1] as string)) break;
    if (bracket !== null && !(words > 0 && header.level === undefined && /[([{]/.test(bracket[1] as string))) {
      if (!header.timed && header.level === undefined && words > 1) return undefined;
      if (header.level !== undefined && header.timed && brackets > 5) break;
      const read = readBracket(bracket[1] as string, header, context, words === 0);
      if (!read && !header.timed && header.level === undefined && words > 0) return undefined;
      brackets += 1;
      at += bracket[0].length;
      if (line[at] === ':') at += 1;
      // behind words of the message brackets are the message's, too
      if (header.level !== undefined || (header.timed && strange === 0 && bracket[0][0] !== '<')) end = at;
      if (words === 0 && header.timed && header.level === undefined) stamp = at;
      continue;
    }
    const word = WORD.exec(rest)?.[0] ?? '';
    if (word === '') break;
    if (header.level === undefined) {
      const said = levelWord(word, { line, at, timed: header.timed, strange, first: words === 0, space });
      if (said !== undefined) {
        header.level = said;
        // Python's ERROR:name:text behind a time
        const named = /^[A-Z]{3,9}:(?:([\w.-]{1,100}):)?(?=.)/.exec(word);
        if (named?.[1] !== undefined) header.logger = named[1];
        at += named?.[0].length ?? word.length;
        end = at;
        if (named?.[1] !== undefined) break;
        continue;
      }
    }
    if (/^(?:-{1,3}|:|\*|–|>)$/.test(word)) {
      at += word.length;
      if (header.level !== undefined && word !== '---') {
        end = at;
        if (!/^\s{0,3}\[/.test(line.slice(at, at + 4))) break;
      } else if (header.level !== undefined || header.timed) end = at;
      else if (words > 0) return undefined;
      continue;
    }
    if (header.level !== undefined) {
      if (NUMBER.test(word) && words < 8) {
        if (header.pid === undefined) header.pid = word.replace(/[^\d].*$/, '');
        at += word.length;
        end = at;
        continue;
      }
      const logger = loggerAt(line.slice(at, at + 200));
      if (logger !== undefined) {
        header.logger = logger.name;
        end = at + logger.length;
      }
      break;
    }
    if (NUMBER.test(word)) {
      at += word.length;
      if (header.timed && strange === 0 && space.length === 1 && line[at] !== '\t') {
        header.pid ??= word.replace(/[^\d].*$/, '');
        end = at;
      }
      continue;
    }
    if (!header.timed && word.endsWith(':')) return undefined; // "TypeError: at 12:00:01 …"
    strange += 1;
    if (PROSE.test(word)) prose += 1;
    // A file's or host's name may stand before the time, a program's or host's between time and level; a sentence may not.
    if (prose > 1 || strange > (header.timed ? 5 : 3) || (!header.timed && words > 3)) break;
    at += word.length;
  }
  if (!header.timed && header.level === undefined) return undefined;
  if (header.level === undefined) {
    // java.util.logging on one line: the class, then what was thrown
    const thrower = /^\s?([a-z][\w$]{0,60}(?:\.[\w$]{1,80}){2,12}): (?=[A-Z][\w.$]{0,200}(?:Error|Exception)\b)/.exec(
      line.slice(end, end + 900),
    );
    if (thrower !== null) return { ...header, logger: thrower[1] as string, end: end + thrower[0].length };
  }
  if (header.level === undefined && end === stamp) {
    const behind = behindStamp(line, end);
    if (behind !== undefined)
      return { timed: true, stamp: true, end: behind, ...(header.time === undefined ? {} : { time: header.time }) };
  }
  // One separator goes with the header; what is indented further stays, it may be a trace written line by line.
  const blank = /^[\s|]{0,3}(?:[-:–]\s{1,2})?/.exec(line.slice(end, end + 8))?.[0] ?? '';
  header.end = end + blank.length;
  return header;
}

/** What stands in brackets: a time, a level, `module:level`, `time: LEVEL/process`, `time LEVEL target`, thread or pid. */
function readBracket(inside: string, header: Header, context: TimeContext, atMargin: boolean): boolean {
  const found = header.timed ? undefined : timeAt(inside, 0, context);
  let rest = inside;
  if (found !== undefined) {
    header.timed = true;
    if (found.ms !== undefined) header.time = found.ms;
    rest = inside.slice(found.end).replace(/^[\s:,]{1,4}/, '');
    if (rest === '') return true;
  }
  if (header.level === undefined) {
    const m = /^(?:[\w-]{0,40}[:.])?([A-Za-z]{1,13})(?=$|[\s/:,|])/.exec(rest.trim());
    const word = m?.[1] ?? '';
    const whole = m !== null && m[0].length === rest.trim().length;
    const said = word.length === 1 ? (whole ? levelOfLetter(word) : undefined) : levelOfWord(word);
    const sure = UPPER_LEVEL.test(word) || (whole && (header.timed || atMargin));
    if (said !== undefined && sure) {
      header.level = said;
      const target = /^[A-Za-z]{1,13}[\s/:]+([\w.:/-]{1,100})/.exec(rest.trim())?.[1];
      if (target !== undefined && header.logger === undefined) header.logger = target;
      return true;
    }
  }
  const name = rest.trim();
  const numbered = /^(?:pid |#)?(\d{1,10})(?:#\d{1,10}|:tid \d{1,20})?$/.exec(name);
  if (numbered !== null) header.pid ??= numbered[1] as string;
  else if (name !== '' && name.length <= 100 && header.thread === undefined && !name.startsWith('req-')) header.thread = name;
  return found !== undefined || /^[\d.:/ -]{8,30}$/.test(inside);
}

interface Place {
  line: string;
  at: number;
  timed: boolean;
  /** Words before it that are neither time nor number. */
  strange: number;
  first: boolean;
  space: string;
}

/** A word as a level, if it stands where loggers put one. */
function levelWord(word: string, { line, at, timed, strange, first, space }: Place): LogLevel | undefined {
  const bare = /^[A-Za-z]{1,13}/.exec(word)?.[0] ?? '';
  if (bare === '') return undefined;
  const tail = word.slice(bare.length);
  const after = line.slice(at + word.length, at + word.length + 2);
  const piped = space.includes('|') || line[at + word.length] === '|';
  const tabbed = space.includes('\t') && (after.startsWith('\t') || after === '');
  if (bare.length === 1)
    return timed && tail === '' && (piped || tabbed || /^ [\w.]/.test(after)) && /^[VDIWEF]$/.test(bare) && (piped || tabbed)
      ? levelOfLetter(bare)
      : undefined;
  const said = levelOfWord(bare);
  if (said === undefined) return undefined;
  if (UPPER_LEVEL.test(bare)) {
    if (bare === 'WARNING' && /^WARNING: (?:\w{1,12}Sanitizer: |DATA RACE$)/.test(line.slice(at, at + 30))) return undefined;
    // Npgsql's and psycopg's exceptions have such lines, Postgres' own have a time; and Android says FATAL EXCEPTION
    if (/^(?:DETAIL|HINT|STATEMENT)$/.test(bare) && !(timed && after === '  ')) return undefined;
    if (first && after.startsWith(' ') && /^ EXCEPTION\b/.test(line.slice(at + word.length, at + word.length + 11)))
      return undefined;
    if (tail === '' || tail === ':')
      return timed ||
        tail === ':' ||
        piped ||
        /^ [-[(\d]|^$|^ {2}/.test(after) ||
        (first && after.startsWith(' ') && !SHOUTED.test(bare))
        ? said
        : undefined;
    return tail.startsWith(':') || tail.startsWith('/') ? said : undefined;
  }
  // Lower case and capitalised words are levels between bars and tabs, before a colon (winston), or in a column of their own.
  if (
    tail === ':' &&
    ((timed && strange === 0) ||
      (first && /^(?:error|warn|info|debug|verbose|silly|crit|emerg|alert|notice|warning)$/.test(bare)))
  )
    return said;
  if (tail !== '') return undefined;
  if (piped || tabbed) return said;
  if (!timed) return undefined;
  return /^ {2}/.test(after) || (/^[A-Z]/.test(bare) && after === '' && strange === 0) ? said : undefined;
}

/** The logger's name before ` - `, `: ` or ` : `. A thrown type before a colon is the message's, and so is a single word before a colon. */
function loggerAt(rest: string): { name: string; length: number } | undefined {
  const m = LOGGER.exec(rest);
  if (m === null) return undefined;
  const name = m[1] as string;
  if (THROWN.test(name) || /^https?:?$/.test(name)) return undefined;
  if (/^:/.test(m[0].slice(name.length)) && !/[.$/]|::/.test(name)) return undefined;
  return { name, length: m[0].length };
}
