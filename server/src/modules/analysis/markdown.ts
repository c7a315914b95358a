import type { Breadcrumb, NormalizedEvent, NormalizedException, NormalizedFrame } from '../detection/normalized-event.ts';
import { frameLabel, summarize } from './summary.ts';

/** What is known about the error beside the event itself. Times in milliseconds UTC. */
export interface MarkdownMeta {
  title?: string;
  /** Address of the error in the dashboard. */
  url?: string;
  /** Human reference, such as SHOP-12. */
  reference?: string;
  project?: string;
  status?: string;
  eventCount?: number;
  userCount?: number;
  firstSeenAt?: number;
  lastSeenAt?: number;
  /** Reasons of the grouping. */
  why?: readonly string[];
}

const MAX_FRAMES = 30;
const MAX_EXCEPTIONS = 10;
const MAX_BREADCRUMBS = 20;
const MAX_TAGS = 50;
const LINE_CAP = 500;
const VALUE_CAP = 4000;
const OTHER_BREAKS = /\r\n?|[\u2028\u2029\u0085]/g;
/** All but tab and line feed. */
const CONTROL = /[^\P{Cc}\t\n]/gu;
const SPACES = /[\s\p{Cc}]+/gu;

/**
 * An event as Markdown, to be pasted into an issue, a chat or a prompt. Everything that came from outside stands in
 * fences or code spans longer than any run of backticks in it, so that it can be neither markup nor a link; it is data,
 * and who hands it to a model must still say so.
 */
export function eventToMarkdown(event: NormalizedEvent, meta: MarkdownMeta = {}): string {
  const summary = summarize(event);
  const sections = [
    `# ${plain(meta.title ?? summary.title)}`,
    facts(event, summary.culprit, meta),
    ...exceptions(event),
    ...(event.exceptions.length === 0 && event.message !== undefined
      ? [`## Message\n\n${fence(event.message.slice(0, VALUE_CAP))}`]
      : []),
    ...(event.exceptions.length === 0 && event.stacktrace !== undefined ? [`## Stack\n\n${stack(event.stacktrace)}`] : []),
    ...breadcrumbs(event.breadcrumbs),
    ...request(event),
    ...tags(event.tags),
    ...(meta.why === undefined || meta.why.length === 0
      ? []
      : [`## Why grouped\n\n${meta.why.map((reason) => `- ${plain(reason)}`).join('\n')}`]),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function facts(event: NormalizedEvent, culprit: string | null, meta: MarkdownMeta): string {
  const rows: [string, string | undefined][] = [
    [
      'Error',
      meta.reference === undefined ? meta.url : meta.url === undefined ? meta.reference : `${meta.reference} ${meta.url}`,
    ],
    ['Project', meta.project],
    ['Status', meta.status],
    ['Culprit', culprit ?? undefined],
    ['Level', event.level],
    ['Platform', event.platform],
    ['Environment', event.environment],
    ['Release', event.release],
    ['Server', event.serverName],
    ['Time', iso(event.timestamp)],
    ['Event', event.eventId],
    ['Trace', event.traceId],
    ['Seen', seen(meta)],
    ['First seen', iso(meta.firstSeenAt)],
    ['Last seen', iso(meta.lastSeenAt)],
    ['SDK', event.sdk?.name === undefined ? undefined : `${event.sdk.name} ${event.sdk.version ?? ''}`.trim()],
  ];
  return rows
    .filter((row): row is [string, string] => row[1] !== undefined && row[1] !== '')
    .map(([name, value]) => `- **${name}:** ${code(value)}`)
    .join('\n');
}

function seen(meta: MarkdownMeta): string | undefined {
  if (meta.eventCount === undefined) return undefined;
  const users =
    meta.userCount === undefined || meta.userCount === 0 ? '' : `, ${meta.userCount} ${meta.userCount === 1 ? 'user' : 'users'}`;
  return `${meta.eventCount} ${meta.eventCount === 1 ? 'time' : 'times'}${users}`;
}

/** The thrown one first, its causes below it, as people read them. */
function exceptions(event: NormalizedEvent): string[] {
  return event.exceptions
    .slice(-MAX_EXCEPTIONS)
    .reverse()
    .map(
      (exception, i) =>
        `## ${i === 0 ? 'Exception' : event.exceptions.some((x) => x.isGroup === true) ? 'Member or cause' : 'Caused by'}\n\n${oneException(exception)}`,
    );
}

function oneException(exception: NormalizedException): string {
  const head = [exception.type, exception.value?.slice(0, VALUE_CAP)]
    .filter((part) => part !== undefined && part !== '')
    .join(': ');
  const handled =
    exception.handled === undefined
      ? ''
      : `\n\n${exception.handled ? 'Handled' : 'Not handled'}${exception.mechanism === undefined ? '' : ` (${code(exception.mechanism)})`}.`;
  const frames = exception.frames.length === 0 ? '' : `\n\n${stack(exception.frames)}`;
  return `${fence(head)}${handled}${frames}`;
}

/** The crash first. Own frames are marked with `>` and carry their source; the others are one line each. */
function stack(frames: readonly NormalizedFrame[]): string {
  const lines: string[] = [];
  const shown = frames.slice(-MAX_FRAMES).reverse();
  let withSource = 0;
  for (const frame of shown) {
    const own = frame.inApp === true;
    lines.push(`${own ? '>' : ' '} ${oneLine(frameLabel(frame) ?? '(unknown)')}${place(frame)}`);
    if (own && frame.context !== undefined && withSource < 5) {
      withSource += 1;
      lines.push(...source(frame));
    }
  }
  if (frames.length > shown.length) lines.push(`  … ${frames.length - shown.length} more`);
  return fence(lines.join('\n'));
}

function place(frame: NormalizedFrame): string {
  const file = frame.filename ?? frame.absPath;
  const line = frame.line === undefined ? '' : `:${frame.line}${frame.column === undefined ? '' : `:${frame.column}`}`;
  if (file === undefined) return line === '' ? '' : ` (line ${frame.line})`;
  return frame.module === undefined ? line : ` (${oneLine(file)}${line})`;
}

function source(frame: NormalizedFrame): string[] {
  const pre = (frame.pre ?? []).slice(-3);
  const post = (frame.post ?? []).slice(0, 3);
  const first = (frame.line ?? pre.length + 1) - pre.length;
  return [...pre, frame.context ?? '', ...post].map(
    (text, i) =>
      `    ${i === pre.length ? '→' : ' '} ${String(first + i).padStart(5)} | ${text.slice(0, LINE_CAP).replace(/[\r\n]+/g, ' ')}`,
  );
}

function breadcrumbs(all: readonly Breadcrumb[]): string[] {
  if (all.length === 0) return [];
  const lines = all.slice(-MAX_BREADCRUMBS).map((crumb) => {
    const data = crumb.data === undefined ? '' : ` ${safeJson(crumb.data)}`;
    return oneLine(
      `${iso(crumb.timestamp) ?? '-'} ${crumb.category ?? crumb.type ?? 'default'}${crumb.level === undefined ? '' : ` [${crumb.level}]`} ${crumb.message ?? ''}${data}`,
    );
  });
  const title = all.length > lines.length ? `## Breadcrumbs (last ${lines.length} of ${all.length})` : '## Breadcrumbs';
  return [`${title}\n\n${fence(lines.join('\n'))}`];
}

function request(event: NormalizedEvent): string[] {
  const { url, method, queryString } = event.request ?? {};
  if (url === undefined) return [];
  return [
    `## Request\n\n${fence(oneLine(`${method ?? 'GET'} ${url}${queryString === undefined || queryString === '' ? '' : `?${queryString}`}`))}`,
  ];
}

function tags(all: readonly [string, string][]): string[] {
  if (all.length === 0) return [];
  return [
    `## Tags\n\n${fence(
      all
        .slice(0, MAX_TAGS)
        .map(([key, value]) => oneLine(`${key}: ${value}`))
        .join('\n'),
    )}`,
  ];
}

/** A fenced block whose fence is longer than any run of backticks inside. */
function fence(content: string): string {
  // Other line separators would end a fence in some renderers; control characters hide text.
  const clean = content.replace(OTHER_BREAKS, '\n').replace(CONTROL, '');
  const ticks = '`'.repeat(Math.max(3, longestRun(clean) + 1));
  return `${ticks}text\n${clean}\n${ticks}`;
}

/** A code span; the same rule on one line. */
function code(content: string): string {
  const line = oneLine(content);
  const ticks = '`'.repeat(longestRun(line) + 1);
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${ticks}${pad}${line}${pad}${ticks}`;
}

function longestRun(content: string): number {
  let longest = 0;
  for (const run of content.match(/`+/g) ?? []) longest = Math.max(longest, run.length);
  return longest;
}

/** Text outside of code: every character that Markdown or HTML gives a meaning is escaped. */
function plain(content: string): string {
  return oneLine(content).replace(/[\\`*_{}[\]()<>#!|~@:&]/g, '\\$&');
}

function oneLine(content: string): string {
  return content.slice(0, LINE_CAP).replace(SPACES, ' ').trim();
}

function safeJson(data: Record<string, unknown>): string {
  try {
    return JSON.stringify(data);
  } catch {
    return '(unprintable)';
  }
}

function iso(at: number | undefined): string | undefined {
  if (at === undefined || !Number.isFinite(at) || Math.abs(at) > 8.64e15) return undefined;
  return new Date(at).toISOString();
}
