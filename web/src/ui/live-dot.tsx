import type { CSSProperties } from 'react';
import classes from './live-dot.module.css';
import type { Tone } from './theme.ts';

/** What a live connection can be doing; the same words as in `lib/connection.ts`. */
export type LiveState = 'idle' | 'connecting' | 'live' | 'reconnecting' | 'offline';

const LOOK: Record<LiveState, { tone: Tone; label: string; says: string }> = {
  idle: { tone: 'grey', label: 'Standing by', says: 'No live data is needed on this page' },
  connecting: { tone: 'amber', label: 'Connecting', says: 'Opening the live connection' },
  live: { tone: 'green', label: 'Live', says: 'Changes appear by themselves' },
  reconnecting: { tone: 'orange', label: 'Reconnecting', says: 'The live connection was cut; trying again' },
  offline: { tone: 'red', label: 'Offline', says: 'This device has no network' },
};

/** The dot that says whether what one sees is live. `label` hides or replaces the word beside it. */
export function LiveDot({ state, label = true }: { state: LiveState; label?: boolean | string }) {
  const look = LOOK[state];
  const text = typeof label === 'string' ? label : look.label;
  return (
    <span className={classes.live} title={look.says} role="status" aria-label={`${text}. ${look.says}.`}>
      <span
        className={`${classes.dot} ${state === 'live' || state === 'connecting' ? classes.pulse : ''}`}
        style={{ '--dot': `var(--er-${look.tone}-solid)` } as CSSProperties}
      />
      {label === false ? null : <span aria-hidden>{text}</span>}
    </span>
  );
}
