import { lazy, Suspense } from 'react';
import { useDisplay } from './display.tsx';
import { formatDateTime, formatWhole } from './format.ts';
import { LoadingBlock } from './states.tsx';
import type { Tone } from './theme.ts';

/** One line or set of bars. */
export interface ChartSeries {
  name: string;
  /** Oldest first; `at` in milliseconds. */
  points: readonly { at: number; value: number }[];
  /** Tone; by default the next of the chart's order. */
  tone?: Tone;
}

/** What {@link Chart} takes. */
export interface ChartProps {
  kind: 'bar' | 'line' | 'area';
  series: readonly ChartSeries[];
  /** What is shown, for people who cannot see it: "Events per hour, last 24 hours". */
  label: string;
  /** Pixels. */
  height?: number;
  stacked?: boolean;
  /** How values read: `formatCompact` by default. */
  format?: (value: number) => string;
  /** Vertical lines with a word: a deploy, a first seen. */
  markers?: readonly { at: number; label: string; tone?: Tone }[];
  /** Called with the span (milliseconds) that was dragged over the chart. */
  onSelect?: (from: number, to: number) => void;
  /** False hides the legend of a chart with several series. */
  legend?: boolean;
  /** Fixed ends of the time axis, milliseconds. */
  from?: number;
  to?: number;
}

const Canvas = lazy(async () => ({ default: (await import('./chart-canvas.tsx')).ChartCanvas }));

/**
 * A chart over time. The drawing library is a chunk of its own, loaded with the first chart; until then a block of the
 * same height stands here. A table with the same figures is there for screen readers.
 */
export function Chart(props: ChartProps) {
  const { height = 180, label } = props;
  const empty = props.series.every((one) => one.points.length === 0);
  return (
    <figure style={{ margin: 0, height, position: 'relative' }} aria-label={label}>
      {empty ? (
        <p className="er-dim" style={{ margin: 0, height, display: 'grid', placeItems: 'center' }}>
          No data in this span
        </p>
      ) : (
        <>
          <Suspense fallback={<LoadingBlock height={`${height}px`} />}>
            <Canvas {...props} height={height} />
          </Suspense>
          <FiguresTable {...props} />
        </>
      )}
    </figure>
  );
}

function FiguresTable({ series, label, format = formatWhole }: ChartProps) {
  const { timeZone } = useDisplay();
  const times = [...new Set(series.flatMap((one) => one.points.map((point) => point.at)))].sort((a, b) => a - b).slice(-100);
  const values = series.map((one) => new Map(one.points.map((point) => [point.at, point.value])));
  return (
    <div className="er-sr-only">
      <table>
        <caption>{label}</caption>
        <thead>
          <tr>
            <th scope="col">Time</th>
            {series.map((one) => (
              <th key={one.name} scope="col">
                {one.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {times.map((at) => (
            <tr key={at}>
              <th scope="row">{formatDateTime(at, timeZone)}</th>
              {values.map((byTime, index) => (
                <td key={series[index]?.name}>{format(byTime.get(at) ?? 0)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
