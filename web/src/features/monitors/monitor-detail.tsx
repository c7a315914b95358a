import type { MonitorQuery } from '@errata/schema';
import { Chart } from '../../ui/chart.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { formatDuration, toMs } from '../../ui/format.ts';
import { Panel } from '../../ui/page.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { MonitorBadge } from './monitor-badge.tsx';
import classes from './monitors.module.css';
import { NextRun } from './next-run.tsx';
import { RunStrip } from './run-strip.tsx';

type Monitor = NonNullable<MonitorQuery['monitor']>;
type Environment = Monitor['environments'][number];
type Incident = Monitor['incidents'][number];

const ENVIRONMENTS: readonly Column<Environment & { runs: Monitor['latestRuns'] }>[] = [
  { key: 'name', head: 'Environment', cell: (one) => one.name },
  { key: 'status', head: 'Status', cell: (one) => <MonitorBadge status={one.status} /> },
  { key: 'runs', head: 'Last runs', width: '225px', hide: 'phone', cell: (one) => <RunStrip runs={one.runs} /> },
  { key: 'ok', head: 'Last good run', hide: 'phone', cell: (one) => <RelativeTime at={one.lastOkAt} suffix /> },
  { key: 'next', head: 'Next run', cell: (one) => <NextRun at={one.nextExpectedAt} /> },
];

/** How a monitor stands in each of its environments. */
export function MonitorEnvironments({ monitor }: { monitor: Monitor }) {
  const rows = monitor.environments.map((one) => ({
    ...one,
    runs: monitor.latestRuns.filter(({ environment }) => environment === one.name),
  }));
  return (
    <Panel title="Where it stands" padded={false}>
      <DataTable caption="Environments" columns={ENVIRONMENTS} rows={rows} rowKey={(one) => String(one.id)} />
    </Panel>
  );
}

/** How long runs took. */
export function DurationChart({ monitor }: { monitor: Monitor }) {
  const points = monitor.runs.edges
    .flatMap(({ node }) => (node.durationMs === null ? [] : [{ at: toMs(node.startedAt), value: node.durationMs }]))
    .reverse();
  return (
    <Panel title="How long it takes" note={`at most ${formatDuration(monitor.maxRuntimeMinutes * 60_000)}`}>
      {points.length < 2 ? (
        <EmptyState title="Two finished runs make a line" compact>
          Runs that report both their begin and their end, or their duration, are drawn here.
        </EmptyState>
      ) : (
        <Chart
          kind="line"
          series={[{ name: 'duration', points }]}
          legend={false}
          format={(ms) => (ms === 0 ? '0' : formatDuration(ms))}
          label="Duration of the latest runs"
        />
      )}
    </Panel>
  );
}

/** What is expected of it. */
export function MonitorFacts({ monitor }: { monitor: Monitor }) {
  return (
    <Panel title="What is expected">
      <dl className={classes.facts}>
        <dt>Schedule</dt>
        <dd className="er-mono">{monitor.schedule.text}</dd>
        <dt>Margin</dt>
        <dd>{formatDuration(monitor.marginMinutes * 60_000)}, then a run is missed</dd>
        <dt>Longest run</dt>
        <dd>{formatDuration(monitor.maxRuntimeMinutes * 60_000)}, then it has timed out</dd>
        <dt>Error after</dt>
        <dd>
          {monitor.failureThreshold} bad {monitor.failureThreshold === 1 ? 'run' : 'runs in a row'}
        </dd>
        <dt>Resolved after</dt>
        <dd>
          {monitor.recoveryThreshold} good {monitor.recoveryThreshold === 1 ? 'run' : 'runs in a row'}
        </dd>
        <dt>Slug</dt>
        <dd className="er-mono">{monitor.slug}</dd>
        <dt>Described</dt>
        <dd>{monitor.origin === 'CODE' ? 'by the code of the job' : 'by hand'}</dd>
      </dl>
    </Panel>
  );
}

const INCIDENTS: readonly Column<Incident>[] = [
  { key: 'since', head: 'Since', cell: (one) => <RelativeTime at={one.startedAt} suffix /> },
  {
    key: 'lasted',
    head: 'Lasted',
    cell: (one) => (one.recoveredAt === null ? 'still open' : formatDuration(toMs(one.recoveredAt) - toMs(one.startedAt))),
  },
  { key: 'environment', head: 'Environment', cell: (one) => one.environment },
];

/** Rows of failed runs. */
export function MonitorIncidents({ incidents }: { incidents: readonly Incident[] }) {
  return (
    <Panel title="Incidents" note="from the first bad run that counts to the good one that ended it" padded={false}>
      {incidents.length === 0 ? (
        <EmptyState title="None within the last 30 days" compact />
      ) : (
        <DataTable caption="Incidents" columns={INCIDENTS} rows={incidents} rowKey={(one) => String(one.id)} />
      )}
    </Panel>
  );
}
