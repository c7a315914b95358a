import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Product } from '../bench/product.ts';
import { LogDetector } from '../src/modules/detection/log/log-detector.ts';
import { type EvalData, rows } from './data.ts';

interface LogFile {
  id: string;
  lines: string[];
  n_lines: number;
}

/** A row of what the scorer reads: one event that the product made of a file. */
interface FoundEvent {
  file: string;
  type?: string;
  message?: string;
  stack?: string;
  raw?: string;
}

interface Exception {
  type?: string | null;
  value?: string | null;
}

const GATES = { detection_rate: 0.97, fp_rate: 0.02, split_rate: 0.03 };

/**
 * Exceptions in log files: raw, wrapped lines, nothing said about any of them.
 * By default the built server watches a directory while all files grow line by line, and the events are read through GraphQL.
 * @param pure only the detector, in this process
 */
export async function evaluateDetection(data: EvalData, pure: boolean): Promise<void> {
  const files = rows<LogFile>(data, 'logfiles.jsonl');
  const before = performance.now();
  const events = pure ? files.flatMap(detect) : await throughTheServer(files);
  const seconds = (performance.now() - before) / 1000;
  const scores = score(data, events);
  process.stdout.write(`${JSON.stringify(scores, null, 1)}\n`);
  const lines = files.reduce((sum, file) => sum + file.lines.length, 0);
  process.stdout.write(`${files.length} files, ${lines} lines, ${seconds.toFixed(1)} s${pure ? ' (detector alone)' : ''}\n`);
  const rate = (name: keyof typeof GATES) => Number(scores[name] ?? 0);
  for (const [name, holds, asked] of [
    ['found', rate('detection_rate') >= GATES.detection_rate, `≥ ${GATES.detection_rate}`],
    ['false', rate('fp_rate') <= GATES.fp_rate, `≤ ${GATES.fp_rate}`],
    ['split', rate('split_rate') <= GATES.split_rate, `≤ ${GATES.split_rate}`],
  ] as const) {
    process.stdout.write(`${holds ? 'holds' : 'FAILS'}  ${name} ${asked}\n`);
    if (!holds) process.exitCode = 1;
  }
}

function detect(file: LogFile): FoundEvent[] {
  const detector = new LogDetector({ referenceTime: Date.UTC(2026, 2, 15) });
  for (const line of file.lines) detector.write(Buffer.from(`${line}\n`));
  detector.flush();
  const found = detector.take().sort((a, b) => a.start - b.start);
  return found.map(({ event }) => {
    const { values } = (event['exception'] ?? { values: [] }) as { values: Exception[] };
    const said = (event['logentry'] as { formatted?: string } | undefined)?.formatted;
    const { raw } = event['extra'] as { raw: string };
    return row(file.id, values, said, raw);
  });
}

function row(file: string, exceptions: readonly Exception[], message: string | null | undefined, raw: unknown): FoundEvent {
  const thrown = exceptions.at(-1);
  return {
    file,
    ...(thrown?.type == null ? {} : { type: thrown.type }),
    message: [thrown?.value, message].filter((text) => text != null).join('\n'),
    raw: typeof raw === 'string' ? raw : '',
  };
}

/** The files grow all at once, a line at a time, with pauses and with lines cut in two by a flush. */
async function throughTheServer(files: readonly LogFile[]): Promise<FoundEvent[]> {
  if (!existsSync(resolve(import.meta.dirname, '../dist/main.js')))
    throw new Error('The server is not built: run "npm run build" first, or measure the detector alone with --pure.');
  const folder = mkdtempSync(join(tmpdir(), 'errata-logs-'));
  const product = await Product.start({ env: { ERRATA_LOG_ROOTS: folder } });
  try {
    await product.signIn();
    const [target] = await product.targets(1);
    const logs = join(folder, 'logs');
    mkdirSync(logs);
    const made = await product.query<{ createLogSource: { id?: string; message?: string } }>(
      'mutation ($projectId: ID!, $globs: [String!]!) { createLogSource(projectId: $projectId, input: { name: "eval", globs: $globs, startAt: BEGINNING }) { ... on LogSource { id } ... on UserError { message } } }',
      { projectId: target?.projectId, globs: [join(logs, '*.log')] },
    );
    const id = made.createLogSource.id;
    if (id === undefined) throw new Error(`no log source: ${made.createLogSource.message}`);
    await Promise.all(files.map((file, i) => grow(join(logs, `${file.id}.log`), file.lines, i)));
    const bytes = files.reduce((sum, { lines }) => sum + lines.reduce((n, line) => n + Buffer.byteLength(line) + 1, 0), 0);
    await settled(product, id, bytes);
    return await eventsOf(product);
  } finally {
    await product.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Appends line by line; deterministic pauses of 0 to 8 ms, and every 50th line in two writes. */
async function grow(path: string, lines: readonly string[], seed: number): Promise<void> {
  writeFileSync(path, '');
  let random = seed + 1;
  for (const line of lines) {
    random = (random * 48_271) % 2_147_483_647;
    const text = `${line}\n`;
    if (random % 50 === 0) {
      const half = Math.floor(text.length / 2);
      appendFileSync(path, text.slice(0, half));
      await sleep(5);
      appendFileSync(path, text.slice(half));
    } else appendFileSync(path, text);
    if (random % 4 === 0) await sleep(random % 9);
  }
}

/** Until the source has read everything, and the number of events has not changed for a while: open ones end by silence. */
async function settled(product: Product, id: string, bytes: number): Promise<void> {
  let count = -1;
  let since = performance.now();
  const end = since + 120_000;
  while (performance.now() < end) {
    await sleep(250);
    const { logSource, errorEvents } = await product.query<{
      logSource: { status: { lagBytes: number; sizeBytes: number } } | null;
      errorEvents: { totalCount: number };
    }>('query ($id: ID!) { logSource(id: $id) { status { lagBytes sizeBytes } } errorEvents(first: 1) { totalCount } }', { id });
    const { lagBytes = 1, sizeBytes = 0 } = logSource?.status ?? {};
    if (lagBytes > 0 || sizeBytes < bytes || errorEvents.totalCount !== count) since = performance.now();
    count = errorEvents.totalCount;
    if (performance.now() - since > 5000) return;
  }
  throw new Error('the server did not come to rest within two minutes');
}

async function eventsOf(product: Product): Promise<FoundEvent[]> {
  interface Page {
    errorEvents: {
      edges: { node: { exceptions: Exception[]; message: string | null; extra: Record<string, unknown> } }[];
      pageInfo: { hasNextPage: boolean; endCursor: string };
    };
  }
  const found: { event: FoundEvent; at: number }[] = [];
  let after: string | null = null;
  for (;;) {
    const { errorEvents }: Page = await product.query<Page>(
      'query ($after: String) { errorEvents(first: 100, after: $after) { edges { node { exceptions { type value } message extra } } pageInfo { hasNextPage endCursor } } }',
      { after },
    );
    for (const { node } of errorEvents.edges) {
      const { 'log.file': path, 'log.offset': at, raw } = node.extra;
      const event = row(basename(typeof path === 'string' ? path : '', '.log'), node.exceptions, node.message, raw);
      found.push({ event, at: Number(at) });
    }
    if (!errorEvents.pageInfo.hasNextPage) break;
    after = errorEvents.pageInfo.endCursor;
  }
  // In the order of the files: the scorer gives each exception the first event that fits.
  return found.sort((a, b) => a.at - b.at).map(({ event }) => event);
}

function score(data: EvalData, events: readonly FoundEvent[]): Record<string, unknown> {
  const folder = mkdtempSync(join(tmpdir(), 'errata-eval-'));
  try {
    const path = join(folder, 'events.jsonl');
    writeFileSync(path, events.map((event) => JSON.stringify(event)).join('\n'));
    const answer = execFileSync(
      'python3',
      [resolve(data.folder, 'score_detection.py'), resolve(data.split, 'logfiles.jsonl'), path],
      {
        encoding: 'utf8',
      },
    );
    return JSON.parse(answer) as Record<string, unknown>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new Error('python3 is needed to run the scorers of the data.');
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
