// A worker that takes payment jobs from a queue. It is deployed again every quarter of an hour: releases bring errors,
// mend them, and bring them back.
import { join } from 'node:path';
import * as Sentry from '@sentry/node';
import { at, pastTimes, playedNow, SHAPES, stamp } from '../past.mjs';
import { below, chance, endWithParent, sleep } from '../people.mjs';

const OLD_RELEASES = [
  [Number.POSITIVE_INFINITY, '4.1.1'],
  [150, '4.1.2'],
  [96, '4.1.3'],
  [48, '4.2.0'],
  [10, '4.2.1'],
];
const RELEASES = ['4.1.3', '4.2.0', '4.2.1', '4.2.2'];
const DEPLOY_MS = 15 * 60_000;
const startedAt = Date.now();

function release() {
  const hoursAgo = (startedAt - playedNow()) / 3_600_000;
  if (hoursAgo > 0) return OLD_RELEASES.filter(([since]) => since >= hoursAgo).at(-1)[1];
  return RELEASES[(2 + Math.floor((Date.now() - startedAt) / DEPLOY_MS)) % RELEASES.length];
}

Sentry.init({
  serverName: `payments-${below(3)}`,
  integrations: [Sentry.rewriteFramesIntegration({ root: join(import.meta.dirname, '..'), prefix: 'app:///' })],
  initialScope: { tags: { region: 'eu-west-1', tier: 'worker' } },
  beforeSend(event) {
    event.release = `payments-worker@${release()}`;
    return stamp(event);
  },
});
const { nextJob, work } = await import('./jobs.mjs');

endWithParent();
if (process.env.DEMO_LOOK_BACK) {
  const times = [...pastTimes(3200), ...pastTimes(300, SHAPES.outage)].sort((a, b) => a - b);
  for (const ms of times) await at.run(ms, () => work(nextJob(), release()));
  await Sentry.flush(10_000);
}
process.send?.('ready');

// The queue that waits for it is worked off until the first job fails: whoever opens the project finds one.
while (await work(nextJob(), release()));
for (;;) {
  await work(nextJob(), release());
  await sleep(1200 + below(3000));
  // Once in a while nobody catches it, and the process dies; the fleet starts it again.
  if (chance(0.002)) setImmediate(() => JSON.parse('{"heartbeat": tru'));
}
