import type { Level, OverviewPageQuery } from '@errata/schema';
import { SegmentedControl } from '@mantine/core';
import { useMemo } from 'react';
import { LEVEL_TONES, LevelBadge } from '../../ui/badges.tsx';
import { Chart } from '../../ui/chart.tsx';
import { TextLink } from '../../ui/link.tsx';
import { Panel } from '../../ui/page.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { ErrorBriefs } from './error-brief.tsx';
import { LiveRate } from './live-rate.tsx';
import { OverviewFigures } from './overview-figures.tsx';
import classes from './overview-screen.module.css';
import type { RatePoint } from './rate.ts';
import { ShareBars } from './share-bars.tsx';
import { LEVELS, wordOf } from './words.ts';

/** Hours that the trend can span. */
export const OVERVIEW_SPANS: readonly { hours: number; label: string; says: string; perBar: number }[] = [
  { hours: 24, label: '24 h', says: 'last 24 hours, by level', perBar: 1 },
  { hours: 24 * 7, label: '7 d', says: 'last 7 days, by level, 6 hours a bar', perBar: 6 },
  { hours: 24 * 30, label: '30 d', says: 'last 30 days, by level, a day a bar', perBar: 24 },
];

/** What {@link OverviewScreen} takes. */
export interface OverviewScreenProps {
  data: OverviewPageQuery;
  projectIds: readonly string[] | undefined;
  hours: number;
  onHours: (hours: number) => void;
  onEvent: (isNew: boolean) => void;
}

/** What is new, what is frequent, and how it runs just now. */
export function OverviewScreen({ data: { overview, projects }, projectIds, hours, onHours, onEvent }: OverviewScreenProps) {
  const minutes = useMemo(() => sumOf(overview.hour), [overview.hour]);
  const { says = '', perBar = 1 } = OVERVIEW_SPANS.find((span) => span.hours === hours) ?? {};
  const slugs = new Map(projects.map(({ id, slug }) => [id, slug]));
  return (
    <>
      <OverviewFigures {...overview} />
      <div className={classes.pair}>
        <LiveRate projectIds={projectIds} minutes={minutes} onEvent={onEvent} />
        <Panel
          title="Events"
          note={says}
          actions={
            <SegmentedControl
              size="xs"
              aria-label="Span of the chart"
              value={String(hours)}
              onChange={(value) => onHours(Number(value))}
              data={OVERVIEW_SPANS.map((span) => ({ value: String(span.hours), label: span.label }))}
            />
          }
        >
          <Chart
            kind="bar"
            stacked
            height={186}
            label={`Events, ${says}`}
            series={overview.trend.map(({ name, points }) => ({
              name: wordOf(name.toUpperCase()),
              tone: toneOf(name),
              points: inBars(points, perBar),
            }))}
          />
        </Panel>
      </div>
      <div className={classes.pair}>
        <Panel
          title="Newest errors"
          padded={false}
          actions={
            <TextLink to="/errors" search={{ sort: 'first-seen' }} size="xs">
              All by age
            </TextLink>
          }
        >
          {overview.newest.length === 0 ? (
            <EmptyState title="Nothing is unresolved">The next error appears here by itself.</EmptyState>
          ) : (
            <ErrorBriefs errors={overview.newest} time="firstSeen" />
          )}
        </Panel>
        <Panel
          title="Busiest errors"
          note="last 24 hours"
          padded={false}
          actions={
            <TextLink to="/errors" search={{ sort: 'events' }} size="xs">
              All by events
            </TextLink>
          }
        >
          {overview.busiest.length === 0 ? (
            <EmptyState title="A quiet day">No unresolved error happened in the last 24 hours.</EmptyState>
          ) : (
            <ErrorBriefs errors={overview.busiest} time="lastSeen" />
          )}
        </Panel>
      </div>
      <div className={classes.pair}>
        <Panel title="By project" note="events in 24 hours" padded={false}>
          {overview.eventsByProject.length === 0 ? (
            <EmptyState title="No events in 24 hours" />
          ) : (
            <ShareBars
              unit="event"
              shares={overview.eventsByProject.slice(0, 10).map(({ name, id, count }) => ({
                name,
                count,
                tone: 'blue' as const,
                search: { ...(id === null ? {} : { project: slugs.get(id) ?? '' }), status: 'all', time: '24h' },
              }))}
            />
          )}
        </Panel>
        <Panel title="By level" note="events in 24 hours" padded={false}>
          {overview.eventsByLevel.length === 0 ? (
            <EmptyState title="No events in 24 hours" />
          ) : (
            <ShareBars
              unit="event"
              shares={LEVELS.flatMap((level) => {
                const count = overview.eventsByLevel.find(({ name }) => name.toUpperCase() === level)?.count ?? 0;
                if (count === 0) return [];
                return [
                  {
                    name: level,
                    shown: <LevelBadge level={level} />,
                    count,
                    tone: toneOf(level),
                    search: { level: level.toLowerCase(), status: 'all', time: '24h' },
                  },
                ];
              })}
            />
          )}
        </Panel>
      </div>
    </>
  );
}

function toneOf(level: string) {
  const name = level.toUpperCase() as Level;
  return name === 'FATAL' ? 'pink' : (LEVEL_TONES[name] ?? 'grey');
}

/** Hourly points put together, the running bar last and so perhaps the first one cut. */
export function inBars(points: readonly { at: string; value: number }[], perBar: number): RatePoint[] {
  const bars: RatePoint[] = [];
  for (let end = points.length; end > 0; end -= perBar) {
    const part = points.slice(Math.max(0, end - perBar), end);
    bars.unshift({ at: Date.parse(part[0]!.at), value: part.reduce((sum, { value }) => sum + value, 0) });
  }
  return bars;
}

/** Several series as one, point by point. */
export function sumOf(series: readonly { points: readonly { at: string; value: number }[] }[]): RatePoint[] {
  const sums = new Map<number, number>();
  for (const { points } of series) {
    for (const { at, value } of points) {
      const moment = Date.parse(at);
      sums.set(moment, (sums.get(moment) ?? 0) + value);
    }
  }
  return [...sums].map(([at, value]) => ({ at, value })).toSorted((a, b) => a.at - b.at);
}
