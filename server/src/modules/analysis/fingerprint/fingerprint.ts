import { hash as digest } from 'node:crypto';
import type { NormalizedEvent } from '../../detection/normalized-event.ts';
import { fingerprintV1 } from './v1.ts';

/** What chooses the error an event belongs to. */
export interface Fingerprint {
  /** Grouping version that made it. */
  version: string;
  /** At most 40 hex digits; hashes of different versions never meet. */
  hash: string;
  /** One sentence per reason, for operators: what went in and what was left out. */
  why: string[];
}

/** The grouping version that new events get. */
export const CURRENT_VERSION = 'v1';

/** Every version that may still be asked for; a released one is never removed while groups of it exist. */
const VERSIONS: Record<string, (event: NormalizedEvent) => Fingerprint> = { v1: fingerprintV1 };

/**
 * Fingerprint of an event: pure, total, the same for the same event on every machine. An event that breaks the analyser
 * (step 7 of the path: it never refuses) is grouped by type and message.
 * @param version an older grouping version, to match groups during a transition; an unknown one means the current
 */
export function fingerprint(event: NormalizedEvent, version: string = CURRENT_VERSION): Fingerprint {
  try {
    return (VERSIONS[version] ?? fingerprintV1)(event);
  } catch {
    const last = Array.isArray(event.exceptions) ? event.exceptions.at(-1) : undefined;
    const text = `${String(last?.type)}\n${String(last?.value ?? event.message)}`;
    return {
      version,
      hash: digest('sha1', `degraded\n${text}`, 'hex'),
      why: ['The event could not be analysed: grouped by type and message'],
    };
  }
}
