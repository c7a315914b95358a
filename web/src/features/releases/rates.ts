import type { ReleaseHealthFieldsFragment } from '@errata/schema';
import type { ChartSeries } from '../../ui/chart.tsx';
import { toMs } from '../../ui/format.ts';
import type { Tone } from '../../ui/theme.ts';

/** A share as per cent that never rounds up to "nothing crashed": 0.99996 → `99.99 %`. */
export function formatRate(share: number | null): string {
  if (share === null) return '–';
  if (share >= 1) return '100 %';
  const percent = Math.floor(share * 10_000) / 100;
  return `${percent >= 10 ? percent.toFixed(2).replace(/\.?0+$/, '') : percent.toFixed(2)} %`;
}

/** A share as whole per cent: `37 %`; a little is `< 1 %`. */
export function formatShare(share: number | null): string {
  if (share === null) return '–';
  if (share > 0 && share < 0.01) return '< 1 %';
  return `${Math.round(share * 100)} %`;
}

/** How worried to be about a crash-free rate. */
export function rateTone(share: number | null): Tone | undefined {
  if (share === null || share >= 0.995) return undefined;
  return share >= 0.98 ? 'amber' : 'red';
}

/** Difference to the release before in percentage points: `+0.12`, `−1.4`; null when there is nothing to compare. */
export function rateChange(now: number | null, before: number | null | undefined): { text: string; better: boolean } | null {
  if (now === null || before === null || before === undefined) return null;
  const points = (now - before) * 100;
  if (Math.abs(points) < 0.005) return null;
  const size = Math.abs(points);
  return { text: `${points > 0 ? '+' : '−'}${size >= 10 ? size.toFixed(0) : size.toFixed(2)}`, better: points > 0 };
}

type Series = ReleaseHealthFieldsFragment['series'];

/** Values of one series of a release's health. */
export function valuesOf(series: Series, name: string): number[] {
  return series.find((one) => one.name === name)?.points.map((point) => point.value) ?? [];
}

/** Sessions of each bucket by how they ended, for a stacked chart. */
export function endings(series: Series): ChartSeries[] {
  const [sessions, errored, abnormal, crashed] = ['sessions', 'errored', 'abnormal', 'crashed'].map((name) =>
    valuesOf(series, name),
  ) as [number[], number[], number[], number[]];
  const times = series[0]?.points.map((point) => toMs(point.at)) ?? [];
  const line = (name: string, tone: Tone, value: (i: number) => number): ChartSeries => ({
    name,
    tone,
    points: times.map((at, i) => ({ at, value: value(i) })),
  });
  const at = (values: number[], i: number) => values[i] ?? 0;
  return [
    line('Healthy', 'green', (i) => at(sessions, i) - at(errored, i) - at(abnormal, i) - at(crashed, i)),
    line('Errored', 'amber', (i) => at(errored, i)),
    line('Abnormal', 'violet', (i) => at(abnormal, i)),
    line('Crashed', 'red', (i) => at(crashed, i)),
  ];
}

/** Share of sessions that crashed, in per cent, of each bucket that has any. */
export function crashRate(series: Series): ChartSeries {
  const sessions = valuesOf(series, 'sessions');
  const crashed = valuesOf(series, 'crashed');
  const points = (series[0]?.points ?? []).flatMap((point, i) => {
    const all = sessions[i] ?? 0;
    return all === 0 ? [] : [{ at: toMs(point.at), value: ((crashed[i] ?? 0) / all) * 100 }];
  });
  return { name: 'Crashed', tone: 'red', points };
}
