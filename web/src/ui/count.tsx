import { formatCompact, formatWhole } from './format.ts';

/** A number, compact (`1.2K`), with the whole one on hover. `unit`, singular, makes it readable aloud: `event`. */
export function Count({ value, unit, atLeast = false }: { value: number; unit?: string; atLeast?: boolean }) {
  const whole = `${atLeast ? 'at least ' : ''}${formatWhole(value)}${unit === undefined ? '' : ` ${unit}${value === 1 ? '' : 's'}`}`;
  return (
    <span title={whole} style={{ fontVariantNumeric: 'tabular-nums' }}>
      {formatCompact(value)}
      {atLeast ? '+' : ''}
    </span>
  );
}
