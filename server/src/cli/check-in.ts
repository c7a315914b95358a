import { setTimeout as delay } from 'node:timers/promises';
import { post } from './client.ts';
import type { CheckInOptions, OneCheckInOptions } from './monitor.ts';
import { CommandFailure, EXIT } from './output.ts';
import { type TailTarget, targetOf } from './tail-target.ts';

/** A check-in as the address for check-ins takes it. */
export interface CheckIn {
  status: 'in_progress' | 'ok' | 'error';
  check_in_id?: string;
  duration?: number;
  environment?: string;
  release?: string;
  monitor_config?: Record<string, unknown>;
}

/** Pauses between attempts when a run ends: what passes is over by then, and the job is not held up for longer. */
export const PATIENT_MS: readonly number[] = [500, 2_000, 5_000];
/** The same when nobody waits for it, or nobody answered before. */
export const BRIEF_MS: readonly number[] = [500];

/** One check-in from the command line. @throws CommandFailure */
export async function checkInByHand(slug: string, options: OneCheckInOptions): Promise<void> {
  const { status, duration, checkInId } = options;
  const seconds = duration === undefined ? undefined : Number(duration);
  if (seconds !== undefined && !(seconds >= 0)) throw new CommandFailure('--duration takes seconds', EXIT.usage);
  await sendCheckIn(await targetOf(options), slug, {
    status: status as CheckIn['status'],
    ...said(options),
    ...(seconds === undefined ? {} : { duration: seconds }),
    ...(checkInId === undefined ? {} : { check_in_id: checkInId }),
  });
}

/** What options say of every check-in. */
export function said({ environment, release }: CheckInOptions): Pick<CheckIn, 'environment' | 'release'> {
  return { ...(environment === undefined ? {} : { environment }), ...(release === undefined ? {} : { release }) };
}

/** Sends a check-in, again when the server cannot be reached or is busy. @throws CommandFailure when it was not taken */
export async function sendCheckIn(target: TailTarget, slug: string, checkIn: CheckIn, pausesMs = BRIEF_MS): Promise<void> {
  const address = `${target.url.replace(/bulk\/$/, 'cron/')}${encodeURIComponent(slug)}/`;
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${target.key}` };
  for (let attempt = 0; ; attempt++) {
    const pause = pausesMs[attempt];
    try {
      const { status, text } = await post(address, JSON.stringify(checkIn), headers);
      if (status < 500) return answered(status, text);
      if (pause === undefined) throw new CommandFailure(`the server answers ${status}`, EXIT.unreachable);
    } catch (error) {
      const passing = error instanceof CommandFailure && error.exitCode === EXIT.unreachable;
      if (!passing || pause === undefined) throw error;
    }
    await delay(pause);
  }
}

function answered(status: number, text: string): void {
  let detail: unknown;
  try {
    ({ detail } = JSON.parse(text) as { detail?: unknown });
  } catch {
    // nothing that we know: the status says it
  }
  const words = typeof detail === 'string' ? detail : `the server answers ${status}`;
  if (status >= 400) throw new CommandFailure(words, EXIT.refused);
  if (typeof detail === 'string') throw new CommandFailure(words); // not kept: a limit
}
