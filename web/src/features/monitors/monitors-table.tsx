import type { MonitorRowFragment } from '@errata/schema';
import { IconBellOff } from '@tabler/icons-react';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { TextLink } from '../../ui/link.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { TwoLines } from '../../ui/two-lines.tsx';
import { MonitorBadge } from './monitor-badge.tsx';
import { lastCheckInOf, nextRunOf } from './monitor-words.ts';
import classes from './monitors.module.css';
import { NextRun } from './next-run.tsx';
import { RunStrip } from './run-strip.tsx';

const COLUMNS: readonly Column<MonitorRowFragment>[] = [
  {
    key: 'name',
    head: 'Monitor',
    cell: (monitor) => (
      <TwoLines
        below={
          <>
            {monitor.project?.name} · <span className={`er-mono ${classes.schedule}`}>{monitor.schedule.text}</span>
          </>
        }
      >
        <TextLink to="/monitors/$monitorId" params={{ monitorId: String(monitor.id) }} fw={600} c="inherit" title={monitor.name}>
          {monitor.name}
        </TextLink>
        {monitor.isMuted && <IconBellOff size={13} aria-label="muted" />}
      </TwoLines>
    ),
  },
  { key: 'status', head: 'Status', cell: (monitor) => <MonitorBadge status={monitor.status} /> },
  { key: 'runs', head: 'Last runs', width: '225px', hide: 'phone', cell: (monitor) => <RunStrip runs={monitor.latestRuns} /> },
  {
    key: 'rate',
    head: <span title="Good runs of the last seven days">Good, 7 d</span>,
    align: 'end',
    hide: 'tablet',
    cell: (monitor) => (
      <span className="er-num">{monitor.successRate === null ? '–' : `${Math.floor(monitor.successRate * 1000) / 10} %`}</span>
    ),
  },
  { key: 'last', head: 'Last check-in', hide: 'phone', cell: (monitor) => <RelativeTime at={lastCheckInOf(monitor)} suffix /> },
  { key: 'next', head: 'Next run', cell: (monitor) => <NextRun at={nextRunOf(monitor)} /> },
];

/** Monitors with how they stand. */
export function MonitorsTable({ monitors }: { monitors: readonly MonitorRowFragment[] }) {
  return (
    <DataTable
      caption="Monitors"
      lines={2}
      columns={COLUMNS}
      rows={monitors}
      rowKey={(monitor) => String(monitor.id)}
      faded={(monitor) => monitor.isPaused}
    />
  );
}
