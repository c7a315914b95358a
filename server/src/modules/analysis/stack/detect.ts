import { appleFrame } from './apple.ts';
import { csharpFrame } from './csharp-frame.ts';
import { dartFrame } from './dart.ts';
import { elixirFrame } from './elixir.ts';
import { erlangFrame } from './erlang.ts';
import { placeOf } from './go.ts';
import { javaFrame } from './java.ts';
import { isJavascriptMarker } from './javascript.ts';
import { isLocated, javascriptFrame } from './javascript-frame.ts';
import { nativeFrame } from './native-frame.ts';
import { isHaskellMarker, ocamlFrame } from './ocaml-haskell.ts';
import { phpCall } from './php.ts';
import { pythonFrame } from './python.ts';
import { isPythonFatal } from './python-fatal.ts';
import { isRMarker, juliaPlace, rFrame } from './r-julia.ts';
import { rubyLine } from './ruby.ts';
import { luaFrame, perlPlace, powershellFrame } from './scripts.ts';
import type { Language } from './types.ts';

/** Lines that are looked at to tell the language. */
const LOOK = 400;

/** A language, and how sure a line makes it. */
type Vote = readonly [Language, number];

/**
 * The languages a text may be a trace of, the most likely first: every line that has the shape of one language's frame or
 * of a sentence that only its traces have is a vote.
 */
export function likelyLanguages(lines: readonly string[]): Language[] {
  const votes = new Map<Language, number>();
  for (let i = 0; i < lines.length && i < LOOK; i += 1) {
    const vote = lineLanguage(lines[i] as string);
    if (vote !== undefined) votes.set(vote[0], (votes.get(vote[0]) ?? 0) + vote[1]);
  }
  return [...votes].sort((a, b) => b[1] - a[1]).map(([language]) => language);
}

/** The language whose traces have such a line; undefined for lines that stand anywhere. */
export function lineLanguage(raw: string): Vote | undefined {
  if (raw.length > 8_000 || raw.length < 3) return undefined;
  const line = raw.trim();
  if (line.length < 3) return undefined;
  const first = line.charCodeAt(0);
  if (first === 97 && line.startsWith('at ')) return atLine(line);
  if (first === 35) return numbered(line);
  if (first >= 48 && first <= 57) return counted(raw, line);
  return sentence(line) ?? placed(raw, line);
}

/** `at …`: JavaScript, Java, C#, PowerShell, and the second line of Rust's frames. */
function atLine(line: string): Vote | undefined {
  if (line.includes(': line ') && powershellFrame(line) !== undefined) return ['powershell', 4];
  if (javaFrame(line) !== undefined) return ['java', 2];
  if (csharpFrame(line) !== undefined) return ['csharp', 2];
  if (line.includes('.rs:') && !line.includes('(')) return ['rust', 2];
  if (line === 'at <anonymous>' || isLocated(line)) return ['javascript', 2];
  return undefined;
}

/** `#0 …`: PHP, Dart, gdb, sanitizers, tombstones; `# …`: RSpec. */
function numbered(line: string): Vote | undefined {
  if (phpCall(line) !== undefined) return ['php', 3];
  if (dartFrame(line) !== undefined) return ['dart', 3];
  if (nativeFrame(line) !== undefined) return ['native', 2];
  if (line.startsWith('# ') && rubyLine(line) !== undefined) return ['ruby', 2];
  return undefined;
}

/** Lines that begin with a number: Apple, Rust, boost, Xdebug, Ruby's reversed order. */
function counted(raw: string, line: string): Vote | undefined {
  if (/^\d{1,4}# /.test(line)) return nativeFrame(line) === undefined ? undefined : ['native', 2];
  if (/^\d{1,6}: from /.test(line)) return rubyLine(line) === undefined ? undefined : ['ruby', 3];
  if (rFrame(line) !== undefined) return ['r', 3];
  if (/^\d{1,5}: {1,8}/.test(line)) return line.includes('::') || line.includes(' - ') ? ['rust', 1] : undefined;
  if (/^\d{1,4}\. /.test(line)) return phpCall(line) === undefined ? undefined : ['php', 2];
  if (appleFrame(line) !== undefined) return ['apple', 2];
  return sentence(line) ?? placed(raw, line);
}

/** What only stands in a trace, by its words. */
const SENTENCES: readonly [string, Vote][] = [
  ['raceback (most recent call last)', ['python', 2]],
  [' panicked at ', ['rust', 5]],
  ['panic serving ', ['go', 3]],
  ['WARNING: DATA RACE', ['go', 4]],
  ['Sanitizer: ', ['native', 4]],
  ['*** Terminating app due to uncaught exception', ['apple', 5]],
  ['Program crashed: ', ['apple', 4]],
  ['.swift:', ['apple', 1]],
  ['.swift, line ', ['apple', 1]],
  ["terminate called after throwing an instance of '", ['native', 4]],
  [' Assertion `', ['native', 3]],
  [" Assertion '", ['native', 3]],
  [': runtime error: ', ['native', 2]],
  ['[stacktrace]', ['php', 3]],
  ['[object] (', ['php', 3]],
  ['PHP Fatal error: ', ['php', 4]],
  ['PHP Parse error: ', ['php', 4]],
  ['EXCEPTION CAUGHT BY', ['dart', 3]],
  ['exception error: ', ['erlang', 2]],
  ['{file,"', ['erlang', 3]],
  ['** (', ['elixir', 3]],
  [' BACKTRACE ', ['rust', 2]],
];
const STARTS: readonly [string, Vote][] = [
  ['Caused by: ', ['java', 1]],
  ['Suppressed: ', ['java', 1]],
  ['Exception in thread "', ['java', 1]],
  ['... ', ['java', 0]],
  ['---> ', ['csharp', 3]],
  ['--- End of ', ['csharp', 3]],
  ['goroutine ', ['go', 3]],
  ['created by ', ['go', 0]],
  ['stack backtrace:', ['rust', 3]],
  ['Stack backtrace:', ['rust', 3]],
  ['stack traceback:', ['lua', 5]],
  ['Last Exception Backtrace:', ['apple', 5]],
  ['Fatal error: Uncaught ', ['php', 4]],
  ['Next ', ['php', 0]],
  ['[previous exception]', ['php', 3]],
  ['PHP Stack trace:', ['php', 4]],
  ['Raised at ', ['ocaml', 3]],
  ['Raised by primitive operation at ', ['ocaml', 3]],
  ['Called from ', ['ocaml', 3]],
  ['Re-raised at ', ['ocaml', 3]],
  ['CallStack (from ', ['haskell', 5]],
  ['HasCallStack backtrace:', ['haskell', 5]],
  ['Execution halted', ['r', 2]],
  ['Calls: ', ['r', 2]],
  ['@ ', ['julia', 3]],
  ['+ CategoryInfo', ['powershell', 3]],
  ['+ FullyQualifiedErrorId', ['powershell', 3]],
];

function sentence(line: string): Vote | undefined {
  for (const [start, vote] of STARTS) {
    if (!line.startsWith(start)) continue;
    if (vote[1] > 0) return fits(line, vote) ? vote : undefined;
    if (vote[0] === 'java' && /^\.{3} \d{1,6} (?:more|common frames)/.test(line)) return ['java', 2];
  }
  for (const [words, vote] of SENTENCES) if (line.includes(words) && fits(line, vote)) return vote;
  // Java's has its exception on the same line.
  if (line === 'Caused by:') return ['rust', 2];
  if (line === 'Line |') return ['powershell', 3];
  if (isPythonFatal(line)) return ['python', 3];
  if (line.includes(' ---> ')) return ['csharp', 2];
  return isJavascriptMarker(line) ? ['javascript', 2] : undefined;
}

/** Sentences that other texts hold too need their surroundings. */
function fits(line: string, [language]: Vote): boolean {
  if (line.startsWith('goroutine ')) return line.endsWith(']:');
  if (language === 'ocaml') return ocamlFrame(line) !== undefined;
  if (language === 'haskell') return isHaskellMarker(line);
  if (language === 'r') return isRMarker(line);
  if (language === 'julia') return juliaPlace(line) !== undefined;
  if (line.includes('[object] (')) return line.includes('(code: ');
  if (language === 'elixir') return /\*\* \([\w.: #<>]{1,200}\)(?: |$)/.test(line.slice(0, 600));
  return true;
}

/** A line that names a file and a line number, in the way of one language. */
function placed(raw: string, line: string): Vote | undefined {
  if (line.startsWith('File "')) return pythonFrame(line) === undefined ? undefined : ['python', 3];
  if (line.includes(':in `') || line.includes(":in '") || line.startsWith('from '))
    return rubyLine(raw) === undefined ? undefined : ['ruby', 3];
  if (line.endsWith('(SyntaxError)')) return rubyLine(raw) === undefined ? undefined : ['ruby', 3];
  if (line.includes('.go:') || line.includes('.s:')) {
    if (placeOf(line) !== undefined) return ['go', 2];
    if (line.endsWith(')') && line.includes(' (0x') && placeOf(line.slice(0, line.lastIndexOf(' (0x'))) !== undefined)
      return ['go', 2];
  }
  if (elixirFrame(line) !== undefined) return ['elixir', 2];
  if (line.includes('in function ') || line.includes('in call from ')) {
    if (erlangFrame(line) !== undefined) return ['erlang', 3];
  }
  if (line.startsWith('At ') && powershellFrame(line) !== undefined) return ['powershell', 4];
  if (line.includes('.dart') && dartFrame(line) !== undefined) return ['dart', 2];
  if (line.includes('() at ') && phpCall(line) !== undefined) return ['php', 2];
  if (line.includes(' line ') && perlPlace(line) !== undefined) return ['perl', 2];
  if (raw.startsWith('   ') || line.includes(' (at ')) {
    if (csharpFrame(raw) !== undefined) return ['csharp', 2];
  }
  if (line.startsWith('==') || line.startsWith('frame #') || line.startsWith('* frame #') || line.endsWith(']')) {
    if (nativeFrame(line) !== undefined) return ['native', 2];
  }
  if (line.includes(': in ') && luaFrame(line) !== undefined) return ['lua', 2];
  if (
    line.includes('@') ||
    line.startsWith('in ') ||
    line.startsWith('Line ') ||
    line.startsWith('Error thrown at line ') ||
    line.startsWith('called ') ||
    line.includes('://') ||
    line.startsWith('eval at ') ||
    line.startsWith('[native') ||
    /:\d{1,7}:\d{1,7}\)?$/.test(line.slice(-20))
  )
    return javascriptFrame(line) ? ['javascript', 1] : undefined;
  return undefined;
}
