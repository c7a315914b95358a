import type { ErrorHeader_ErrorFragment } from '@errata/schema';
import { SegmentedControl } from '@mantine/core';
import type { ReactNode } from 'react';
import { Chart } from '../../ui/chart.tsx';
import { Count } from '../../ui/count.tsx';
import { formatWhole } from '../../ui/format.ts';
import { TextLink } from '../../ui/link.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { LoadingBlock } from '../../ui/states.tsx';
import classes from './error-pulse.module.css';
import { HostileText } from './hostile-text.tsx';
import { TREND_RANGES, type TrendRange } from './trend-range.ts';

/** What {@link ErrorPulse} takes. `trend`: undefined while it loads. */
export interface ErrorPulseProps {
  error: ErrorHeader_ErrorFragment;
  trend: { points: readonly { at: string; value: number }[] } | undefined;
  range: TrendRange;
  onRange: (range: TrendRange) => void;
}

/** How often, for how many and since when: the figures of an error and their course. */
export function ErrorPulse({ error, trend, range, onRange }: ErrorPulseProps) {
  const says = TREND_RANGES.find(({ value }) => value === range)?.says ?? 'Events';
  return (
    <section className={classes.pulse} aria-label="Figures">
      <dl className={classes.figures}>
        <Figure name="Events">
          <span key={error.eventCount} className={classes.big}>
            <Count value={error.eventCount} unit="event" />
          </span>
        </Figure>
        <Figure name="Users">
          <span className={classes.big}>
            <Count value={error.userCount} unit="user" />
          </span>
        </Figure>
        <Figure name="Last seen">
          <RelativeTime at={error.lastSeen} suffix />
          <Release value={error.lastRelease} project={error.project} />
        </Figure>
        <Figure name="First seen">
          <RelativeTime at={error.firstSeen} suffix />
          <Release value={error.firstRelease} project={error.project} />
        </Figure>
        {error.environments.length === 0 ? null : (
          <Figure name="Environments">
            <span className={classes.environments}>
              <HostileText text={error.environments.slice(0, 4).join(', ')} />
              {error.environments.length > 4 ? ` and ${error.environments.length - 4} more` : ''}
            </span>
          </Figure>
        )}
      </dl>
      <div className={classes.trend}>
        <div className={classes.trendHead}>
          <span className={classes.trendTitle}>{says}</span>
          <SegmentedControl
            size="xs"
            aria-label="Span of the chart"
            value={range}
            onChange={(value) => onRange(value as TrendRange)}
            data={TREND_RANGES.map(({ value, label }) => ({ value, label }))}
          />
        </div>
        {trend === undefined ? (
          <LoadingBlock height="120px" />
        ) : (
          <Chart
            kind="bar"
            height={120}
            label={says}
            legend={false}
            format={formatWhole}
            series={[
              { name: 'Events', tone: 'blue', points: trend.points.map(({ at, value }) => ({ at: Date.parse(at), value })) },
            ]}
          />
        )}
      </div>
    </section>
  );
}

function Figure({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={classes.figure}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Release({ value, project }: { value: string | null; project: { slug: string } }) {
  if (value === null) return null;
  return (
    <TextLink
      to="/releases/$slug/$version"
      params={{ slug: project.slug, version: value }}
      className={classes.release}
      title={value}
      c="dimmed"
    >
      <HostileText text={value} />
    </TextLink>
  );
}
