import { memo } from 'react';
import { formatWhole } from './format.ts';
import type { Tone } from './theme.ts';

/** What {@link Sparkline} takes. */
export interface SparklineProps {
  /** Oldest first. */
  values: readonly number[];
  width?: number;
  height?: number;
  tone?: Tone;
  /** What the values are: `events per hour, last 24 hours`. */
  label: string;
}

/**
 * A row's small bar chart: one SVG path, no library, cheap enough for every row of a list. Bars share the row's own
 * scale; an empty bucket leaves a hairline, so that "nothing" and "not measured" differ.
 */
export const Sparkline = memo(function Sparkline({ values, width = 96, height = 22, tone = 'blue', label }: SparklineProps) {
  const peak = Math.max(1, ...values);
  const step = width / Math.max(1, values.length);
  const bar = Math.max(1, step - 1);
  let path = '';
  values.forEach((value, index) => {
    if (value <= 0) return;
    const tall = Math.max(2, (value / peak) * (height - 1));
    path += `M${(index * step).toFixed(1)} ${height}v${-tall.toFixed(1)}h${bar.toFixed(1)}v${tall.toFixed(1)}z`;
  });
  const total = values.reduce((sum, value) => sum + value, 0);
  const says = `${formatWhole(total)} ${label}, at most ${formatWhole(Math.max(0, ...values))}`;
  return (
    <svg
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={says}
      style={{ display: 'block' }}
    >
      <title>{says}</title>
      <path d={`M0 ${height - 0.5}H${width}`} stroke="var(--er-border-strong)" strokeWidth="1" />
      <path d={path} fill={`var(--er-${tone}-solid)`} />
    </svg>
  );
});
