import type { ReleaseRowFragment } from '@errata/schema';
import { IconHeartbeat } from '@tabler/icons-react';
import { Chart } from '../../ui/chart.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { Figure, Figures } from '../../ui/figure.tsx';
import { formatCompact, formatWhole, toMs } from '../../ui/format.ts';
import { Panel } from '../../ui/page.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { crashRate, endings, formatRate, formatShare, rateChange, rateTone } from './rates.ts';
import classes from './releases.module.css';

/** The figures of a release. */
export function ReleaseFigures({ release, span }: { release: ReleaseRowFragment; span: string }) {
  const { health, previous } = release;
  const change = rateChange(health.crashFreeSessions, previous?.health.crashFreeSessions);
  return (
    <Figures>
      <Figure
        label="Crash-free sessions"
        value={formatRate(health.crashFreeSessions)}
        tone={rateTone(health.crashFreeSessions)}
        note={
          change === null
            ? `of ${formatCompact(health.sessionCount)} in ${span}`
            : `${change.text} points against ${previous?.shortVersion ?? 'the one before'}`
        }
        title={`${formatWhole(health.crashedCount)} of ${formatWhole(health.sessionCount)} sessions crashed`}
      />
      <Figure
        label="Crash-free users"
        value={formatRate(health.crashFreeUsers)}
        tone={rateTone(health.crashFreeUsers)}
        note={health.userCount === 0 ? 'no session names a user' : `of ${formatCompact(health.userCount)}, counted by the day`}
        title="Distinct users of each day (UTC), summed over the days"
      />
      <Figure
        label="Adoption"
        value={health.sessionCount === 0 ? '–' : formatShare(health.adoption)}
        note="of all sessions, last 24 hours"
      />
      <Figure
        label="New errors"
        value={formatCompact(release.newErrorCount)}
        tone={release.newErrorCount > 0 ? 'red' : undefined}
        note={`${formatCompact(release.eventCount)} events in all`}
      />
      <Figure
        label="First seen"
        value={<RelativeTime at={release.firstSeen} suffix />}
        note={
          <>
            last seen <RelativeTime at={release.lastSeen} suffix />
          </>
        }
      />
    </Figures>
  );
}

/** How sessions ended over time, and the rate of those that did not crash. */
export function ReleaseCharts({
  release,
  span,
}: {
  release: ReleaseRowFragment & { deploys?: readonly { environment: string; finishedAt: string }[] };
  span: string;
}) {
  const { series, sessionCount } = release.health;
  if (sessionCount === 0) return <NoSessions span={span} />;
  const first = series[0]?.points[0]?.at;
  const seen = toMs(release.firstSeen);
  const marks = [
    { at: seen, label: 'first seen' },
    ...(release.deploys ?? []).map(({ environment, finishedAt }) => ({
      at: toMs(finishedAt),
      label: `deployed: ${environment}`,
    })),
  ];
  const markers = first === undefined ? [] : marks.filter(({ at }) => at > toMs(first)).slice(0, 5);
  const rate = crashRate(series);
  // Hours without a session have no rate; the axis is as long as that of the other chart all the same.
  const last = series[0]?.points.at(-1)?.at;
  const ends = first === undefined || last === undefined ? {} : { from: toMs(first), to: toMs(last) };
  return (
    <div className={classes.charts}>
      <Panel title="Sessions" note={`by how they ended, ${span}`}>
        <Chart kind="bar" stacked series={endings(series)} markers={markers} label={`Sessions by how they ended, ${span}`} />
      </Panel>
      <Panel title="Sessions that crashed" note="per cent">
        <Chart
          kind="area"
          series={[rate]}
          {...ends}
          markers={markers}
          legend={false}
          format={(value) => `${Number(value.toFixed(2))} %`}
          label={`Sessions that crashed, in per cent, ${span}`}
        />
      </Panel>
    </div>
  );
}

const CODE = `import * as Sentry from '@sentry/node';

Sentry.init({
  dsn: '…',
  release: 'shop@1.4.0',
  environment: 'production',
});`;

/** Nothing is known of a release's health: says how it would be. */
function NoSessions({ span }: { span: string }) {
  return (
    <Panel title="Health">
      <EmptyState icon={IconHeartbeat} title={`No sessions in ${span}`} compact>
        A session is one run of a program, one visit to a page or one request to a server. Sentry’s SDKs send them by themselves
        once a release is named, and the rate of those that crash stands here.
      </EmptyState>
      <div className={classes.code}>
        <CodeBlock code={CODE} title="Name the release" />
      </div>
    </Panel>
  );
}
