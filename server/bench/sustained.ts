import type { Load } from './load.ts';
import { sleep } from './processes.ts';
import { Product } from './product.ts';

/** Digestion of many events without a break. */
export interface Sustained {
  events: number;
  /** Events per second by eighth of the run. */
  chunks: number[];
  perSecond: number;
  /** Rate of the last quarter ÷ that of the fastest: the first one is slow because the code is still being compiled. */
  lastOverBest: number;
  /** Bytes of the whole data directory per event, after everything was digested and the server has stopped. */
  diskPerEvent: number;
  peak: number;
  /** Processors used by the server on average. */
  cores: number;
}

/** Small, so that the digest holds the feed back, and the backlog is soon a steady one. */
const BACKLOG_MB = 64;
const CONNECTIONS = 64;
const MAX_SECONDS = 7200;
const PATIENCE_MS = 120_000;

/** Feeds `events` events as fast as the server takes them, with its backlog kept full, and watches the digest. */
export async function sustained(load: Load, projects: number, events: number, note: (line: string) => void): Promise<Sustained> {
  const product = await Product.start({ env: { ERRATA_INGEST_BACKLOG_MB: String(BACKLOG_MB) } });
  try {
    await product.signIn();
    const targets = await product.targets(projects);
    const cpuBefore = product.process.cpuMs();
    const start = performance.now();
    const feed = load.feed(product.port, targets, CONNECTIONS, MAX_SECONDS);
    let marks: Mark[];
    try {
      marks = await watch(product, events, note);
    } finally {
      await feed.stop();
    }
    const seconds = (performance.now() - start) / 1000;
    const cores = (product.process.cpuMs() - cpuBefore) / 1000 / seconds;
    const peak = product.process.memory().peak;
    const digested = marks.at(-1)?.digested ?? 0;
    await drain(product);
    const total = (await product.figures()).digested;
    await product.stop(true);
    const diskPerEvent = product.diskBytes() / total;
    const chunks = rates(marks, digested, 8);
    return {
      events: digested,
      chunks,
      perSecond: digested / seconds,
      lastOverBest: lastOverBest(marks, digested),
      diskPerEvent,
      peak,
      cores,
    };
  } finally {
    await product.stop();
  }
}

interface Mark {
  ms: number;
  digested: number;
}

/** Samples the number of digested events until all are, or nothing moves any more. */
async function watch(product: Product, events: number, note: (line: string) => void): Promise<Mark[]> {
  const start = performance.now();
  const marks: Mark[] = [{ ms: 0, digested: 0 }];
  let moved = start;
  let noted = start;
  for (;;) {
    await sleep(200);
    const { digested, backlogBytes } = await product.figures();
    const now = performance.now();
    const last = marks.at(-1) as Mark;
    if (digested > last.digested) {
      marks.push({ ms: now - start, digested });
      moved = now;
    }
    if (now - noted > 10_000) {
      note(`digested ${digested} of ${events}, backlog ${Math.round(backlogBytes / 1024 / 1024)} MB`);
      noted = now;
    }
    if (digested >= events) return marks;
    if (now - moved > PATIENCE_MS) throw new Error(`the digest stands still at ${digested} of ${events} events`);
    if (!product.process.alive) throw new Error(`the server ended:\n${product.process.output.slice(-2000)}`);
  }
}

/** Waits until everything that was accepted is digested. */
async function drain(product: Product): Promise<void> {
  const start = performance.now();
  while (performance.now() - start < PATIENCE_MS) {
    const before = await product.figures();
    await sleep(1000);
    const after = await product.figures();
    if (after.backlogBytes === 0 && after.digested === before.digested) return;
  }
  throw new Error('what was accepted is not digested after two minutes');
}

function lastOverBest(marks: readonly Mark[], total: number): number {
  const quarters = rates(marks, total, 4);
  return (quarters.at(-1) as number) / Math.max(...quarters);
}

/** Events per second of each of `parts` equal parts of the events, by interpolation between the samples. */
function rates(marks: readonly Mark[], total: number, parts: number): number[] {
  const timeAt = (count: number) => {
    const after = marks.findIndex((mark) => mark.digested >= count);
    if (after <= 0) return (marks[0] as Mark).ms;
    const [a, b] = [marks[after - 1] as Mark, marks[after] as Mark];
    return a.ms + ((count - a.digested) / (b.digested - a.digested)) * (b.ms - a.ms);
  };
  return Array.from({ length: parts }, (_, i) => {
    const [from, to] = [(total * i) / parts, (total * (i + 1)) / parts];
    return ((to - from) / (timeAt(to) - timeAt(from))) * 1000;
  });
}
