import { fingerprint } from '../../analysis/fingerprint/fingerprint.ts';
import { summarize } from '../../analysis/summary.ts';
import type { NormalizedEvent } from '../../detection/normalized-event.ts';
import type { Analysed } from './store.ts';

/** Groups and names an event: step 7 of the path of an event. Pure. */
export function analyseEvent(event: NormalizedEvent): Analysed {
  const { hash, version, why } = fingerprint(event);
  const { title, type, value, culprit, messageTemplate, handled } = summarize(event);
  return { hash, version, why, title, type, value, culprit, messageTemplate, handled };
}
