import { memo } from 'react';
import type { Tone } from './theme.ts';

/**
 * A small live line: fixed number of places, newest at the right, so that the line slides in and does not stretch.
 * `least`: smallest value of the scale's top, so that noise around nothing stays flat.
 */
export const LineSpark = memo(function LineSpark({
  values,
  places,
  label,
  least = 1,
  height = 34,
  tone = 'blue',
}: {
  values: readonly number[];
  places: number;
  label: string;
  least?: number;
  height?: number;
  tone?: Tone;
}) {
  const width = 200;
  const top = Math.max(least, ...values) * 1.1;
  const step = width / Math.max(1, places - 1);
  const start = width - (values.length - 1) * step;
  const points = values.map(
    (value, index) => `${(start + index * step).toFixed(1)} ${(height - 1 - (value / top) * (height - 3)).toFixed(1)}`,
  );
  return (
    <svg
      width="100%"
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
      style={{ display: 'block' }}
    >
      <path d={`M0 ${height - 0.5}H${width}`} stroke="var(--er-border)" vectorEffect="non-scaling-stroke" />
      {points.length > 1 && (
        <>
          <path d={`M${start} ${height}L${points.join('L')}L${width} ${height}z`} fill={`var(--er-${tone}-bg)`} />
          <path
            d={`M${points.join('L')}`}
            fill="none"
            stroke={`var(--er-${tone}-solid)`}
            strokeWidth="1.5"
            vectorEffect="non-scaling-stroke"
          />
        </>
      )}
    </svg>
  );
});
