import { LiveRate_EventDocument } from '@errata/schema';
import { useLive } from '../../lib/live.ts';

/** Says when any event comes in; draws nothing. */
export function WaitForEvents({ onEvent }: { onEvent: () => void }) {
  useLive(LiveRate_EventDocument, { variables: {}, onData: onEvent, onCatchUp: onEvent });
  return null;
}
