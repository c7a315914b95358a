import { levelOfSeverity, levelOfWord } from './levels.ts';
import type { LogLine } from './log-line.ts';
import { withoutControls } from './plain-text.ts';
import { platformPrefix } from './platforms.ts';
import { headOf, traceLineOf } from './shapes.ts';
import { type TimeContext, timeAt, timeOf } from './timestamps.ts';

/**
 * What carries a line from the program to the file: container runtimes, syslog, compose, platforms. Each function takes its
 * layer off `line.text` and says whether there was one. They can be nested in any order (docker's JSON around syslog, …).
 */
export type Carrier = (line: LogLine, context: TimeContext) => boolean;

/** What docker itself writes; with more keys it is a collector's copy, in which every text is whole unless it says otherwise. */
const DOCKER_KEYS = new Set(['log', 'stream', 'time', 'attrs']);
/** fluentd writes time and tag before its record. */
const COLLECTED = /^(?:[\d:TZ.+ -]{19,45})[\t ]([\w.*-]{1,200})(?::? |\t)(?=\{)/;

/**
 * Docker's json-file: `{"log":"text\n","stream":"stderr","attrs":{…},"time":"…"}`, and the same record as collectors (Fluent
 * Bit, Fluentd, Vector) write it. Whether the text ends is left in `partial`.
 */
const docker: Carrier = (line, context) => {
  const { text } = line;
  if (text.startsWith('{') && text.includes('"textPayload"')) return textPayload(line, context);
  if (text.startsWith('{') && text.includes('"short_message"')) return gelf(line);
  if (!text.includes('"stream"') || !/"log"\s{0,3}:\s{0,3}"/.test(text)) return false;
  const tag = text.startsWith('{') ? null : COLLECTED.exec(text);
  if (tag === null && !text.startsWith('{')) return false;
  const value = json(tag === null ? text : text.slice(tag[0].length));
  if (value === undefined || typeof value['log'] !== 'string' || typeof value['stream'] !== 'string') return false;
  const ended = value['log'].endsWith('\n');
  const own = tag === null && Object.keys(value).every((key) => DOCKER_KEYS.has(key));
  line.text = withoutControls(ended ? value['log'].replace(/\r?\n$/, '') : value['log']);
  line.stream = value['stream'].slice(0, 20);
  if (own ? !ended : value['_p'] === 'P' || value['logtag'] === 'P' || value['partial_message'] === 'true') line.partial = true;
  if (typeof value['time'] === 'string') setTime(line, timeOf(value['time'], {}));
  const { attrs, kubernetes } = value;
  if (typeof attrs === 'object' && attrs !== null) line.fields = { ...line.fields, attrs };
  const pod = typeof kubernetes === 'object' && kubernetes !== null ? (kubernetes as Record<string, unknown>) : {};
  const names = [pod['namespace_name'], pod['pod_name'], pod['container_name'], value['container_name'], tag?.[1]];
  const writer = names.filter((name) => typeof name === 'string').join('/');
  if (writer !== '') line.process = writer.slice(0, 200);
  return add(line, 'docker', `${line.stream} ${writer}`.trim());
};

/** Google Cloud's export of what a container printed: one entry of the log for each line. */
function textPayload(line: LogLine, context: TimeContext): boolean {
  const value = json(line.text);
  const text = value?.['textPayload'];
  if (value === undefined || typeof text !== 'string' || !('insertId' in value || 'logName' in value)) return false;
  const { severity, timestamp, logName, resource } = value;
  const level = typeof severity === 'string' ? levelOfWord(severity) : undefined;
  if (level !== undefined) line.carrierLevel = level;
  if (typeof timestamp === 'string') setTime(line, timeOf(timestamp, context));
  const labels = (resource as { labels?: Record<string, unknown> } | null | undefined)?.labels;
  const writer = [labels?.['pod_name'], labels?.['container_name']].filter((name) => typeof name === 'string').join('/');
  if (writer !== '') line.process = writer.slice(0, 200);
  line.text = withoutControls(text.replace(/\n$/, ''));
  return add(line, 'docker', `${typeof logName === 'string' ? logName : ''} ${writer}`);
}

/** GELF 1.1 of a container's output (docker's driver): a message for each line. One with more to say than its line is a logger's. */
function gelf(line: LogLine): boolean {
  const value = json(line.text);
  const text = value?.['short_message'];
  if (typeof text !== 'string' || value?.['version'] === undefined || value['full_message'] !== undefined) return false;
  if (value['_container_name'] === undefined && value['_container_id'] === undefined) return false;
  const { level, timestamp, host } = value;
  if (typeof level === 'number' && level >= 0 && level <= 7) line.carrierLevel = levelOfSeverity(level);
  if (typeof timestamp === 'number') setTime(line, Math.floor(timestamp * 1000));
  if (typeof host === 'string') line.host = host;
  const name = value['_container_name'] ?? value['_container_id'];
  if (typeof name === 'string') line.process = name.slice(0, 200);
  line.text = withoutControls(text);
  return add(line, 'docker', `${typeof level === 'number' ? level : ''} ${line.process ?? ''}`);
}

/** `journalctl -o json`, and what the journal scanner makes of the export format. */
const journal: Carrier = (line) => {
  if (!line.text.startsWith('{') || !line.text.includes('"__REALTIME_TIMESTAMP"')) return false;
  const value = json(line.text);
  if (value === undefined) return false;
  const said = (...names: string[]) => {
    for (const name of names) if (typeof value[name] === 'string' && value[name] !== '') return value[name] as string;
    return undefined;
  };
  const bytes = value['MESSAGE']; // what is no UTF-8 comes as a list of bytes
  const text = Array.isArray(bytes) ? Buffer.from(bytes.map(Number)).toString('utf8') : said('MESSAGE');
  if (text === undefined) return false;
  line.text = withoutControls(text);
  const priority = said('PRIORITY');
  if (priority !== undefined && /^[0-7]$/.test(priority)) line.carrierLevel = levelOfSeverity(Number(priority));
  const micros = Number(said('_SOURCE_REALTIME_TIMESTAMP', '__REALTIME_TIMESTAMP'));
  if (micros > 0) setTime(line, Math.floor(micros / 1000));
  for (const [key, found] of [
    ['host', said('_HOSTNAME')],
    ['process', said('SYSLOG_IDENTIFIER', 'CONTAINER_NAME', '_COMM')],
    ['pid', said('_PID', 'SYSLOG_PID')],
    ['thread', said('THREAD_NAME', 'TID')],
  ] as const)
    if (found !== undefined) line[key] = found;
  const unit = said('_SYSTEMD_UNIT');
  if (unit !== undefined) line.fields = { ...line.fields, unit };
  return add(line, 'journal', `${line.host ?? ''} ${line.process ?? ''}[${line.pid ?? ''}] ${unit ?? ''}`);
};

const CRI = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)) (stdout|stderr) ([FP])(?::[^ ]{0,50})?(?: |$)/;

/** Kubernetes' container runtimes: `2026-03-14T09:27:22.5Z stderr F text`; P is a line that goes on in the next. */
const cri: Carrier = (line, context) => {
  const c = line.text.charCodeAt(0);
  if (c < 48 || c > 57) return false;
  const m = CRI.exec(line.text);
  if (m === null) return false;
  setTime(line, timeOf(m[1] as string, context));
  line.stream = m[2] as string;
  if (m[3] === 'P') line.partial = true;
  line.text = line.text.slice(m[0].length);
  return add(line, 'cri', line.stream);
};

const RFC5424 = /^(\d{1,2}) (-|\d{4}-\d\d-\d\dT\S{8,30}) (\S{1,255}) (\S{1,128}) (\S{1,128}) (\S{1,64}) (-|\[)/;
const TAG = /^(?:([\w./@-]{1,255}) )?([\w./()@+-]{1,100}?)(?:\[(\d{1,10})\])?: ?/;
const SYSLOG_TIME = /^(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]\d \d\d:\d\d:\d\d(?:\.\d{1,9})? /;
const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d) /;

/** RFC 3164 and its relatives in files (rsyslog's ISO times, `journalctl -o short…`), and RFC 5424; PRI says the level. */
const syslog: Carrier = (line, context) => {
  let { text } = line;
  let severity: number | undefined;
  const pri = text.charCodeAt(0) === 60 ? /^<(\d{1,3})>/.exec(text) : null;
  if (pri !== null && Number(pri[1]) <= 191) {
    severity = Number(pri[1]) & 7;
    text = text.slice(pri[0].length);
    const modern = RFC5424.exec(text);
    if (modern !== null) return rfc5424(line, text, modern, severity);
  }
  const time = SYSLOG_TIME.exec(text) ?? ISO_TIME.exec(text);
  if (time === null) {
    if (pri === null) return false;
    line.text = text; // the kernel's and sd-daemon's form: <3>text
    line.carrierLevel ??= levelOfSeverity(severity as number);
    return add(line, 'syslog', line.process ?? '');
  }
  const rest = text.slice(time[0].length);
  const tag = TAG.exec(rest);
  // An ISO time is also how loggers begin; with a host and a tag behind it, it is syslog's.
  if (tag === null || (tag[1] === undefined && pri === null) || /^(?:TRACE|DEBUG|INFO|WARN|ERROR|FATAL)/.test(rest)) return false;
  // a second time behind the first is no host
  if (!/[A-Za-z]/.test(tag[2] as string) || /^\d{4}[-/]/.test(rest)) return false;
  // without a process's number "fatal error: …" and "Caused by: …" look like host and tag
  if (pri === null && tag[3] === undefined) {
    if (isOfTrace(rest, tag[2] as string) || (/Z $/.test(time[0]) && !/[\d.-]/.test(tag[1] as string))) return false;
  }
  setTime(line, timeAt(text, 0, context)?.ms);
  if (tag[1] !== undefined) line.host = tag[1];
  line.process = tag[2] as string;
  if (tag[3] !== undefined) line.pid = tag[3];
  if (severity !== undefined) line.carrierLevel ??= levelOfSeverity(severity);
  line.text = rest.slice(tag[0].length);
  return add(line, 'syslog', `${tag[1] ?? ''} ${tag[2]}[${tag[3] ?? ''}]`);
};

const isOfTrace = (text: string, tag: string): boolean =>
  /(?:error|exception|panic|failure|fault|warning|debug|info)$/i.test(tag) ||
  headOf(text) !== undefined ||
  traceLineOf(text) !== undefined;

function rfc5424(line: LogLine, text: string, m: RegExpExecArray, severity: number): boolean {
  const [whole, , time, host, app, pid, id] = m as unknown as string[];
  const said = (value: string | undefined) => (value === undefined || value === '-' ? undefined : value);
  let at = (whole as string).length - 1;
  if (text[at] === '-') at += 1;
  else {
    const data = structuredData(text, at);
    at = data.end;
    if (Object.keys(data.fields).length > 0) line.fields = { ...line.fields, ...data.fields };
  }
  setTime(line, timeOf(time as string, {}));
  Object.assign(line, {
    ...(said(host) === undefined ? {} : { host }),
    ...(said(app) === undefined ? {} : { process: app }),
    ...(said(pid) === undefined ? {} : { pid }),
  });
  if (said(id) !== undefined) line.fields = { ...line.fields, msgid: id };
  line.carrierLevel ??= levelOfSeverity(severity);
  line.text = text.slice(at).replace(/^ (?:\ufeff)?/, '');
  return add(line, 'syslog', `${host} ${app}[${pid}]`);
}

/** RFC 5424 §6.3: `[id name="value" …][…]`; a quote, backslash or bracket in a value has a backslash. */
function structuredData(text: string, at: number): { fields: Record<string, string>; end: number } {
  const fields: Record<string, string> = {};
  const element = /\[([^\s\]="]{1,64})/y;
  const pair = /\s{1,4}([^\s\]="]{1,64})="((?:[^"\\]|\\.){0,4000})"/y;
  for (let elements = 0; elements < 20; elements++) {
    element.lastIndex = at;
    if (element.exec(text) === null) break;
    at = element.lastIndex;
    for (let pairs = 0; pairs < 50; pairs++) {
      pair.lastIndex = at;
      const m = pair.exec(text);
      if (m === null) break;
      fields[m[1] as string] = (m[2] as string).replace(/\\(["\\\]])/g, '$1');
      at = pair.lastIndex;
    }
    if (text[at] === ']') at += 1;
  }
  return { fields, end: at };
}

const COMPOSE = /^([\w.][\w.@-]{0,120}?)\s{1,40}\| ?/;
const PM2 = /^(\d{1,4}\|[\w.-]{1,60})\s{0,20}\| /;
const KUBECTL = /^\[(pod\/[\w.-]{1,120}\/[\w.-]{1,80})\] /;

/** `web-1  | text` of compose and its like, `0|app | ` of pm2, `[pod/name/container] ` of kubectl, and what platforms.ts knows. */
const prefix: Carrier = (line, context) => {
  const platform = platformPrefix(line, context);
  if (platform !== undefined) {
    setTime(line, platform.ms);
    line.process = platform.writer;
    line.text = line.text.slice(platform.length, platform.end);
    return add(line, 'prefix', platform.writer);
  }
  const bar = line.text.indexOf('|');
  const m = (bar > 0 && bar < 160 ? (PM2.exec(line.text) ?? COMPOSE.exec(line.text)) : null) ?? KUBECTL.exec(line.text);
  if (m === null) return false;
  // "Line |" and "3 |" stand in PowerShell's and Rust's own pictures of source, "  |" in Python's exception groups.
  if (/^(?:\d{1,6}|Line)$/.test(m[1] as string)) return false;
  line.process = m[1] as string;
  line.text = line.text.slice(m[0].length);
  return add(line, 'prefix', m[1] as string);
};

/** `[12345.678901] text` of the kernel. */
const kernel: Carrier = (line) => {
  const m = line.text.charCodeAt(0) === 91 ? /^\[\s{0,8}\d{1,9}\.\d{3,9}\] /.exec(line.text) : null;
  if (m === null) return false;
  line.text = line.text.slice(m[0].length);
  line.process ??= 'kernel';
  return add(line, 'kernel', '');
};

const CARRIERS = { docker, journal, cri, prefix, syslog, kernel } satisfies Record<string, Carrier>;

/** What may be around a line: found by itself, nothing, or one that is named. */
export type Wrapper = 'auto' | 'none' | keyof typeof CARRIERS;

/** Takes carriers off until none is left; at most four deep. */
export function takeCarriers(line: LogLine, context: TimeContext, wrapper: Wrapper): void {
  if (wrapper === 'none') return;
  const carriers = wrapper === 'auto' ? Object.values(CARRIERS) : [CARRIERS[wrapper]];
  for (let depth = 0; depth < 4; depth++)
    if (!carriers.some((carrier) => carrier(line, context)) || line.partial === true) return;
}

function add(line: LogLine, layer: string, writer: string): true {
  line.layers.push(layer);
  line.writer = line.writer === '' ? `${layer} ${writer}` : `${line.writer}\n${layer} ${writer}`;
  return true;
}

/** The innermost time is the program's own. */
function setTime(line: LogLine, ms: number | undefined): void {
  if (ms === undefined) return;
  line.time = ms;
  line.carriedAt = ms;
}

function json(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
