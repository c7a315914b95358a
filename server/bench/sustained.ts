import type { Load } from './load.ts';
import { sleep } from './processes.ts';
import { Product } from './product.ts';

/** Digestion of many events without a break. */
export interface Sustained {
  events: number;
  /** Events per second by eighth of the run. */
  chunks: number[];
  perSecond: number;
  lastOverFirst: number;
  /** Bytes of the whole data directory per event, after everything was digested and the server has stopped. */
  diskPerEvent: number;
  peak: number;
  /** Processors used by the server on average. */
  cores: number;
}

const EIGHTHS = 8;
/** Small, so that the generator is held back by the digest and not by its own speed: it shares the processor. */
const BACKLOG_MB = 64;
const PATIENCE_MS = 120_000;

/** Feeds `events` events as fast as the server takes them, with its backlog kept full, and watches the digest. */
export async function sustained(load: Load, projects: number, events: number, note: (line: string) => void): Promise<Sustained> {
  const product = await Product.start({ env: { ERRATA_INGEST_BACKLOG_MB: String(BACKLOG_MB) } });
  let kept = true;
  try {
    await product.signIn();
    const targets = await product.targets(projects);
    const cpuBefore = product.process.cpuMs();
    const start = performance.now();
    const generator = load.start({ port: product.port, targets, rate: 0, connections: 64, events });
    const marks = await watch(product, events, note);
    const seconds = (performance.now() - start) / 1000;
    const sent = await generator.result();
    const cores = (product.process.cpuMs() - cpuBefore) / 1000 / seconds;
    const peak = product.process.memory().peak;
    const digested = marks.at(-1)?.digested ?? 0;
    if (sent.accepted > digested) note(`sent ${sent.accepted}, digested ${digested}`);
    await product.stop(true);
    const diskPerEvent = product.diskBytes() / digested;
    kept = false;
    await product.stop();
    const chunks = eighths(marks, digested);
    return {
      events: digested,
      chunks,
      perSecond: digested / seconds,
      lastOverFirst: (chunks.at(-1) as number) / (chunks[0] as number),
      diskPerEvent,
      peak,
      cores,
    };
  } finally {
    if (kept) await product.stop();
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
    if (digested >= events && backlogBytes === 0) return marks;
    if (now - moved > PATIENCE_MS) throw new Error(`the digest stands still at ${digested} of ${events} events`);
    if (!product.process.alive) throw new Error(`the server ended:\n${product.process.output.slice(-2000)}`);
    if (now - moved > 3000 && digested >= events) return marks;
  }
}

/** Rate of each eighth of the events, by interpolation between the samples. */
function eighths(marks: readonly Mark[], total: number): number[] {
  const timeAt = (count: number) => {
    const after = marks.findIndex((mark) => mark.digested >= count);
    if (after <= 0) return (marks[0] as Mark).ms;
    const [a, b] = [marks[after - 1] as Mark, marks[after] as Mark];
    return a.ms + ((count - a.digested) / (b.digested - a.digested)) * (b.ms - a.ms);
  };
  return Array.from({ length: EIGHTHS }, (_, i) => {
    const [from, to] = [(total * i) / EIGHTHS, (total * (i + 1)) / EIGHTHS];
    return ((to - from) / (timeAt(to) - timeAt(from))) * 1000;
  });
}
