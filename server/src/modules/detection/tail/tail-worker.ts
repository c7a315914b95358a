import { readdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../../../platform/clock.ts';
import { LogPaths } from '../../projects/log-paths.ts';
import { dryRun } from './dry-run.ts';
import { makeDetector } from './make-detector.ts';
import { recentLines } from './recent-lines.ts';
import { TailEngine } from './tail-engine.ts';
import type { TailNews, TailOrder, TailQuestion, TailWorkerData } from './tail-messages.ts';
import type { Delivered } from './tail-source.ts';

// The thread that reads log files. Started by `tail-host.ts`; runs from TypeScript and from dist alike.
const data = workerData as TailWorkerData;
const port = parentPort!;
const tell = (news: TailNews) => port.postMessage(news);
const STATUS_EVERY_MS = 500;

const paths = new LogPaths(data);
const isAllowed = (real: string) => paths.allowsResolved(real);
const underWay = new Map<number, (result: Delivered) => void>();
let batches = 0;

const engine = new TailEngine({
  make: makeDetector,
  deliver: (key, reports) =>
    new Promise((resolve) => {
      batches += 1;
      underWay.set(batches, resolve);
      tell({ kind: 'batch', batch: batches, key, reports });
    }),
  isAllowed,
  stateDir: data.stateDir,
  now: () => systemClock.now(),
  log: (level, fields, text) => tell({ kind: 'log', level, fields, text }),
});

let told = '';
const timer = setInterval(() => {
  const statuses = [...engine.statuses()];
  const text = JSON.stringify(statuses);
  if (text === told) return;
  told = text;
  tell({ kind: 'status', statuses });
}, STATUS_EVERY_MS);

port.on('message', (order: TailOrder) => {
  switch (order.kind) {
    case 'sources':
      engine.setSources(order.sources);
      return;
    case 'forget':
      forget(new Set(order.keep));
      return;
    case 'delivered':
      underWay.get(order.batch)?.(order.result);
      underWay.delete(order.batch);
      return;
    case 'ask':
      try {
        tell({ kind: 'answer', id: order.id, value: answer(order.ask) });
      } catch (error) {
        tell({ kind: 'answer', id: order.id, failure: String(error) });
      }
      return;
    case 'stop':
      clearInterval(timer);
      engine.stop();
      tell({ kind: 'stopped' });
      port.close();
  }
});
engine.start();
tell({ kind: 'started' });

function answer(ask: TailQuestion): unknown {
  if (ask.what === 'test') return dryRun(ask.source, makeDetector, isAllowed);
  const { key, sinceAt, maxBytes, limit } = ask;
  return recentLines(engine.follower(key)?.places(sinceAt) ?? [], { maxBytes, limit }, isAllowed);
}

/** Removes the positions of sources that are gone for good. */
function forget(keep: ReadonlySet<string>): void {
  let names: string[] = [];
  try {
    names = readdirSync(data.stateDir);
  } catch {
    return; // nothing was ever kept
  }
  for (const name of names)
    if (name.endsWith('.json') && !keep.has(name.slice(0, -'.json'.length))) unlinkSync(join(data.stateDir, name));
}
