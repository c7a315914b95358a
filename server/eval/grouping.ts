import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fingerprint } from '../src/modules/analysis/fingerprint/fingerprint.ts';
import { parameterize } from '../src/modules/analysis/message-template.ts';
import { mainException } from '../src/modules/analysis/summary.ts';
import { normalize } from '../src/modules/detection/normalize.ts';
import type { NormalizedEvent } from '../src/modules/detection/normalized-event.ts';
import { DEFAULT_SETTINGS } from '../src/modules/projects/project.entity.ts';
import { type EvalData, rows } from './data.ts';

interface EventRow {
  id: string;
  event: unknown;
}

interface MessagePair {
  id: string;
  label: 'same' | 'different';
  a: string;
  b: string;
}

interface CorpusScore {
  'B3 precision': number;
  'B3 recall': number;
  'B3 F1': number;
  groups: number;
  gold: number;
}

type Scores = { pairs: Record<string, string> } & Record<string, CorpusScore | Record<string, string>>;

/** How each contender names the group of an event. */
const CONTENDERS: Record<string, (event: NormalizedEvent) => string> = {
  'Errata v1': (event) => fingerprint(event).hash,
  'type + message': (event) => {
    const exception = mainException(event);
    return `${exception?.type ?? ''}\n${exception?.value ?? event.message ?? ''}`;
  },
  'type + template': (event) => {
    const exception = mainException(event);
    return `${exception?.type ?? ''}\n${parameterize(exception?.value ?? event.message ?? '')}`;
  },
};

/** Goals of the sets' own README; printed beside the figures. */
const GOALS: Record<string, string> = {
  pairs: '≥ .99',
  d4j: 'P, R ≥ .95',
  exceptionless: 'F1 ≥ .97',
  bugsjs: 'P ≥ .60 at R ≥ .95',
  'message pairs': '',
};

/**
 * Groups every event of the data with the product's own normaliser and fingerprint, has the scorers judge it, and prints
 * one Markdown table; with `wrong` also the pairs that were decided wrongly, with the reasons of both sides.
 */
export function evaluateGrouping(data: EvalData, wrong: boolean): void {
  const events = ['sentry_events.jsonl', 'sentry_event_variants.jsonl', 'grouping_corpus.jsonl']
    .flatMap((file) => rows<EventRow>(data, file))
    .map((row) => ({ id: row.id, event: normal(row.event) }));
  const messages = rows<MessagePair>(data, 'message_pairs.jsonl');
  const columns = Object.entries(CONTENDERS).map(([name, groupOf]) => {
    const groups = new Map(events.map(({ id, event }) => [id, groupOf(event)]));
    return { name, figures: figures(score(data, groups), messagePairs(messages, groupOf)) };
  });
  print(columns);
  process.stdout.write(`\n${speed(events.map(({ event }) => event))}\n`);
  if (wrong) printWrong(data, new Map(events.map(({ id, event }) => [id, event])));
}

function normal(raw: unknown): NormalizedEvent {
  return normalize(raw, { source: 'sentry-envelope', receivedAt: 1_790_000_000_000, settings: DEFAULT_SETTINGS });
}

function score(data: EvalData, groups: Map<string, string>): Scores {
  const folder = mkdtempSync(join(tmpdir(), 'errata-eval-'));
  try {
    const file = join(folder, 'groups.jsonl');
    writeFileSync(file, [...groups].map(([id, group]) => `${JSON.stringify({ id, group })}\n`).join(''));
    const out = execFileSync('python3', [resolve(data.folder, 'score_grouping.py'), data.split, file], { encoding: 'utf8' });
    return JSON.parse(out) as Scores;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function messagePairs(pairs: MessagePair[], groupOf: (event: NormalizedEvent) => string): string {
  const group = (message: string) => groupOf(normal({ message, platform: 'other' }));
  const right = pairs.filter((pair) => (group(pair.a) === group(pair.b)) === (pair.label === 'same')).length;
  return share(right, pairs.length);
}

function figures(scores: Scores, messages: string): Record<string, string> {
  const found: Record<string, string> = { pairs: scores.pairs['ALL'] ?? '–' };
  for (const set of ['d4j', 'exceptionless', 'bugsjs']) {
    const s = scores[set] as CorpusScore | undefined;
    found[set] =
      s === undefined ? '–' : `P ${s['B3 precision']} R ${s['B3 recall']} F1 ${s['B3 F1']} (${s.groups} groups, gold ${s.gold})`;
  }
  found['message pairs'] = messages;
  return found;
}

function print(columns: { name: string; figures: Record<string, string> }[]): void {
  const lines = [
    `| set | ${columns.map((c) => c.name).join(' | ')} | goal |`,
    `| --- |${' --- |'.repeat(columns.length + 1)}`,
    ...Object.entries(GOALS).map(
      ([set, goal]) => `| ${set} | ${columns.map((c) => c.figures[set] ?? '–').join(' | ')} | ${goal} |`,
    ),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** CPU time of one fingerprint over these events; the second of two rounds, so that compilation does not count. */
function speed(events: NormalizedEvent[]): string {
  let used = 0;
  for (let round = 0; round < 2; round += 1) {
    const before = process.cpuUsage().user;
    for (let i = 0; i < 10; i += 1) for (const event of events) fingerprint(event);
    used = (process.cpuUsage().user - before) / (10 * events.length);
  }
  return `fingerprint: ${used.toFixed(1)} µs of CPU per event (${events.length} events of these sets)`;
}

function printWrong(data: EvalData, events: Map<string, NormalizedEvent>): void {
  for (const pair of rows<{ a: string; b: string; label: string; why: string }>(data, 'sentry_grouping_pairs.jsonl')) {
    const a = events.get(pair.a);
    const b = events.get(pair.b);
    if (a === undefined || b === undefined) continue;
    const [first, second] = [fingerprint(a), fingerprint(b)];
    if ((first.hash === second.hash) === (pair.label === 'same')) continue;
    process.stdout.write(
      `\n${pair.label}: ${pair.a} – ${pair.b} (${pair.why})\n  ${first.why.join('; ')}\n  ${second.why.join('; ')}\n`,
    );
  }
}

function share(right: number, all: number): string {
  return `${right}/${all} = ${(right / Math.max(1, all)).toFixed(3)}`;
}
