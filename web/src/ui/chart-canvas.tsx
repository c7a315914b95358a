import { useComputedColorScheme } from '@mantine/core';
import { BarChart, type BarSeriesOption, LineChart, type LineSeriesOption } from 'echarts/charts';
import {
  BrushComponent,
  type BrushComponentOption,
  GridComponent,
  type GridComponentOption,
  LegendComponent,
  type LegendComponentOption,
  MarkLineComponent,
  TooltipComponent,
  type TooltipComponentOption,
} from 'echarts/components';
import { type ComposeOption, type EChartsType, init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import type { ChartProps } from './chart.tsx';
import { useDisplay } from './display.tsx';
import { formatCompact, formatDateTime, formatTick, type TimeZoneChoice } from './format.ts';
import { CHART_TONES, DARK, LIGHT, type Palette, theme } from './theme.ts';

use([BarChart, LineChart, GridComponent, TooltipComponent, LegendComponent, MarkLineComponent, BrushComponent, CanvasRenderer]);

type Option = ComposeOption<
  BarSeriesOption | LineSeriesOption | GridComponentOption | TooltipComponentOption | LegendComponentOption | BrushComponentOption
>;

/** How the word of a line stands to it: near an end of the axis it would lie over the figures there, or be cut off. */
function wordSide(at: number, { from, to }: { from: number; to: number }): 'left' | 'center' | 'right' {
  const share = (at - from) / (to - from);
  return share < 0.12 ? 'left' : share > 0.88 ? 'right' : 'center';
}

function markLine(props: ChartProps, palette: Palette) {
  if (props.markers === undefined || props.markers.length === 0) return {};
  const span = spanOf(props);
  return {
    markLine: {
      symbol: 'none',
      silent: true,
      animation: false,
      data: props.markers.map((marker) => ({
        xAxis: marker.at,
        lineStyle: { color: palette.tones[marker.tone ?? 'grey'].solid, type: 'dashed' as const },
        label: { formatter: marker.label, color: palette.dim, fontSize: 10, align: wordSide(marker.at, span) },
      })),
    },
  };
}

/** Shortest distance between two points of a series, in ms; 0 when there is only one. */
function bucketOf(props: ChartProps): number {
  const gaps = props.series.flatMap(({ points }) => points.slice(1).map((point, index) => point.at - (points[index]?.at ?? 0)));
  return gaps.length === 0 ? 0 : Math.min(...gaps);
}

function spanOf(props: ChartProps): { from: number; to: number } {
  const times = props.series.flatMap((one) => one.points.map((point) => point.at));
  return { from: props.from ?? Math.min(...times), to: props.to ?? Math.max(...times) };
}

/** Ends of the axis. A bar stands around its time, so a fixed span moves by half a bar for the outer ones to be whole. */
function endsOf(props: ChartProps): { min?: number; max?: number } {
  const half = props.kind === 'bar' ? bucketOf(props) / 2 : 0;
  return {
    ...(props.from === undefined ? {} : { min: props.from - half }),
    ...(props.to === undefined ? {} : { max: props.to - half }),
  };
}

function optionOf(props: ChartProps, palette: Palette, timeZone: TimeZoneChoice): Option {
  const { kind, series, stacked = false, format = formatCompact } = props;
  const { from, to } = spanOf(props);
  const legend = (props.legend ?? true) && series.length > 1;
  const marked = (props.markers?.length ?? 0) > 0;
  const text = { color: palette.dim, fontSize: 11, fontFamily: theme.fontFamily ?? 'sans-serif' };
  return {
    animation: false,
    textStyle: text,
    grid: {
      left: 4,
      right: 8,
      top: legend ? (marked ? 38 : 28) : marked ? 18 : 8,
      bottom: 2,
      outerBoundsMode: 'same',
      outerBoundsContain: 'axisLabel',
    },
    legend: {
      type: 'scroll',
      show: legend,
      top: 0,
      right: 0,
      itemWidth: 10,
      itemHeight: 10,
      itemGap: 12,
      icon: 'roundRect',
      textStyle: text,
      pageIconSize: 9,
      pageIconColor: palette.dim,
      pageIconInactiveColor: palette.borderStrong,
      pageTextStyle: text,
    },
    tooltip: {
      trigger: 'axis',
      // HTML tooltips carry style attributes, which the content policy forbids.
      renderMode: 'richText',
      axisPointer: {
        type: kind === 'bar' ? 'shadow' : 'line',
        lineStyle: { color: palette.borderStrong },
        shadowStyle: { color: palette.borderStrong, opacity: 0.18 },
      },
      backgroundColor: palette.surface,
      borderColor: palette.borderStrong,
      borderWidth: 1,
      padding: [6, 9],
      textStyle: { ...text, color: palette.text },
      formatter: (items) => {
        const list = Array.isArray(items) ? items : [items];
        const at = (list[0]?.value as [number, number] | undefined)?.[0];
        const lines = list
          .filter((item) => list.length <= 3 || (item.value as [number, number])[1] > 0)
          .map((item) => `${String(item.seriesName)}: ${format((item.value as [number, number])[1])}`);
        return [at === undefined ? '' : formatDateTime(at, timeZone), ...lines].join('\n');
      },
    },
    xAxis: {
      type: 'time',
      ...endsOf(props),
      axisLine: { lineStyle: { color: palette.borderStrong } },
      axisTick: { show: false },
      splitLine: { show: false },
      axisLabel: {
        ...text,
        hideOverlap: true,
        alignMaxLabel: 'right',
        formatter: (at: number) => formatTick(at, to - from, timeZone),
      },
    },
    yAxis: {
      type: 'value',
      // Half an event does not happen: whole numbers get whole ticks.
      minInterval: series.every((one) => one.points.every(({ value }) => Number.isInteger(value))) ? 1 : 0,
      splitNumber: 3,
      splitLine: { lineStyle: { color: palette.border } },
      axisLabel: { ...text, formatter: (value: number) => format(value) },
    },
    series: series.map((one, index) => {
      const tone = one.tone ?? CHART_TONES[index % CHART_TONES.length] ?? 'blue';
      const color = palette.tones[tone].solid;
      const shared = {
        name: one.name,
        data: one.points.map((point) => [point.at, point.value] as [number, number]),
        ...(stacked ? { stack: 'all' } : {}),
        color,
        ...(index === 0 ? markLine(props, palette) : {}),
      };
      return kind === 'bar'
        ? ({
            type: 'bar',
            barMaxWidth: 18,
            barCategoryGap: '22%',
            itemStyle: { borderRadius: stacked ? 0 : [1.5, 1.5, 0, 0] },
            ...shared,
          } as BarSeriesOption)
        : ({
            type: 'line',
            // A line of one point would not be seen.
            showSymbol: one.points.length === 1,
            lineStyle: { width: 1.6 },
            ...(kind === 'area' ? { areaStyle: { opacity: 0.16 } } : {}),
            ...shared,
          } as LineSeriesOption);
    }),
    ...(props.onSelect === undefined
      ? {}
      : {
          brush: {
            xAxisIndex: 0,
            brushType: 'lineX' as const,
            brushMode: 'single' as const,
            transformable: false,
            brushStyle: { color: palette.accent, borderColor: palette.accent, borderWidth: 0, opacity: 0.14 } as object,
          } as BrushComponentOption,
        }),
  };
}

/** The drawing itself; only {@link Chart} uses it, through a lazy import. */
export function ChartCanvas(props: ChartProps & { height: number }) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType | null>(null);
  const select = useRef(props.onSelect);
  select.current = props.onSelect;
  const palette = useComputedColorScheme('light') === 'dark' ? DARK : LIGHT;
  const { timeZone } = useDisplay();
  const selectable = props.onSelect !== undefined;

  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const made = init(element, null, { renderer: 'canvas' });
    chart.current = made;
    const resized = new ResizeObserver(() => made.resize({ animation: { duration: 0 } }));
    resized.observe(element);
    made.on('brushEnd', (event) => {
      const range = (event as { areas?: { coordRange?: [number, number] }[] }).areas?.[0]?.coordRange;
      made.dispatchAction({ type: 'brush', areas: [] });
      if (range !== undefined) select.current?.(Math.round(range[0]), Math.round(range[1]));
    });
    return () => {
      resized.disconnect();
      made.dispose();
      chart.current = null;
    };
  }, []);

  useEffect(() => {
    chart.current?.setOption(optionOf(props, palette, timeZone), { notMerge: true });
    if (selectable) {
      chart.current?.dispatchAction({
        type: 'takeGlobalCursor',
        key: 'brush',
        brushOption: { brushType: 'lineX', brushMode: 'single' },
      });
    }
  }, [props, palette, timeZone, selectable]);

  return <div ref={box} role="img" aria-label={props.label} style={{ height: props.height, width: '100%' }} />;
}
