import { fingerprint } from '../../analysis/fingerprint/fingerprint.ts';
import { headline, summarize } from '../../analysis/summary.ts';
import type { NormalizedEvent } from '../../detection/normalized-event.ts';
import type { Analyse } from './prepare.ts';

/** Groups and names events: step 7 of the path of an event. Pure. */
export const analysis: Analyse = {
  event(event: NormalizedEvent) {
    const { hash, version, why } = fingerprint(event);
    const { title, culprit } = headline(event);
    return { hash, version, why, title, culprit };
  },
  name(event: NormalizedEvent) {
    const { type, value, messageTemplate, handled } = summarize(event);
    return { type, value, messageTemplate, handled };
  },
};
