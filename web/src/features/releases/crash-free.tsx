import { formatRate, rateChange, rateTone } from './rates.ts';
import classes from './releases.module.css';

/** A crash-free rate, and how it compares with the release before. */
export function CrashFree({ rate, before, previous }: { rate: number | null; before?: number | null; previous?: string | null }) {
  const tone = rateTone(rate);
  const change = rateChange(rate, before);
  return (
    <span className={classes.rate}>
      <span className="er-num" style={tone === undefined ? undefined : { color: `var(--er-${tone}-fg)`, fontWeight: 600 }}>
        {formatRate(rate)}
      </span>
      {change !== null && (
        <small
          className={classes.change}
          data-better={change.better || undefined}
          title={`Percentage points against ${previous ?? 'the release before'}`}
        >
          {change.text}
        </small>
      )}
    </span>
  );
}
