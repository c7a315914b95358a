import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { eventId } from '../modules/detection/tail/identity.ts';
import { makeDetector } from '../modules/detection/tail/make-detector.ts';
import { Outbox } from '../modules/detection/tail/outbox.ts';
import type { Deliver, FollowedSource } from '../modules/detection/tail/tail-source.ts';
import { systemClock } from '../platform/clock.ts';
import { CommandFailure, EXIT } from './output.ts';
import { deliveredWithin, type Ending } from './tail-work.ts';

/** Events held in memory before the program that writes has to wait. */
const MOST_HELD_BYTES = 32 * 1024 * 1024;

/**
 * Standard input to its end. The interrupt of a pipe line goes to all of it: the program that writes may say its last words,
 * so that only its end, or a second interrupt, ends this one.
 * @throws CommandFailure when the last events could not be delivered in time
 */
export async function tailStdin(deps: {
  source: FollowedSource;
  deliver: Deliver;
  ending: Ending;
  tee: boolean;
  patienceMs: number;
}): Promise<void> {
  const { source, deliver, ending, tee, patienceMs } = deps;
  const run = randomUUID();
  const detector = makeDetector(source, { baseOffset: 0, referenceTime: systemClock.now() });
  let changed = Promise.withResolvers<void>();
  const outbox = new Outbox({
    key: source.key,
    deliver,
    wake: () => {
      changed.resolve();
      changed = Promise.withResolvers();
      collect();
    },
  });
  let nth = 0;
  const collect = () => {
    const now = systemClock.now();
    outbox.add(
      detector.take().map(({ start, end, event }) => ({
        // A line without a time of its own was written just now.
        value: { timestamp: now / 1000, ...event, event_id: eventId(source.key, run, start, nth++) },
        bytes: end - start,
      })),
    );
    outbox.flush(() => () => undefined, systemClock.now);
  };
  // Ctrl-C reaches the whole pipe line: wait for its end. A second one is meant for us.
  let interrupts = 0;
  const interrupted = () => {
    interrupts += 1;
    if (interrupts > 1) process.exit(EXIT.failed);
  };
  process.on('SIGINT', interrupted).on('SIGTERM', () => ending.stop());
  let passesOn = tee;
  process.stdout.removeAllListeners('error').on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    // Whoever read us is gone: report what there is, and end as the others of the pipe line do.
    passesOn = false;
    ending.stop();
  });
  let silence: NodeJS.Timeout | undefined;
  const { stdin } = process;
  ending.signal.addEventListener('abort', () => stdin.destroy(), { once: true });
  try {
    for await (const chunk of stdin as AsyncIterable<Buffer>) {
      if (passesOn && !process.stdout.write(chunk))
        await once(process.stdout, 'drain', { signal: ending.signal }).catch(() => undefined);
      detector.referenceTime = systemClock.now();
      detector.write(chunk);
      collect();
      clearTimeout(silence);
      silence = setTimeout(() => {
        detector.flush();
        collect();
      }, source.flushAfterMs);
      while (outbox.heldBytes > MOST_HELD_BYTES && !ending.signal.aborted) await changed.promise;
    }
  } catch (error) {
    if (!ending.signal.aborted) throw error;
  }
  clearTimeout(silence);
  detector.flush();
  collect();
  const isDelivered = await deliveredWithin(() => outbox.isEmpty, patienceMs, ending);
  outbox.close();
  if (ending.failure !== undefined) throw ending.failure;
  if (!isDelivered) throw new CommandFailure('the last events could not be delivered', EXIT.unreachable);
}
