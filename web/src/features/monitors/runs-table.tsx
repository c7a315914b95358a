import type { MonitorRunFieldsFragment } from '@errata/schema';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { useDisplay } from '../../ui/display.tsx';
import { formatDateTime, formatDuration, toMs } from '../../ui/format.ts';
import { RunBadge } from './monitor-badge.tsx';

function When({ at }: { at: string }) {
  const { timeZone } = useDisplay();
  return <time dateTime={at}>{formatDateTime(toMs(at), timeZone)}</time>;
}

/** How much later than expected a run began; null when it was not expected, or did not begin. */
export function delayOf(run: Pick<MonitorRunFieldsFragment, 'expectedAt' | 'startedAt' | 'status'>): number | null {
  if (run.expectedAt === null || run.status === 'MISSED' || run.status === 'UNKNOWN') return null;
  return toMs(run.startedAt) - toMs(run.expectedAt);
}

const COLUMNS: readonly Column<MonitorRunFieldsFragment>[] = [
  { key: 'status', head: 'Status', cell: (run) => <RunBadge status={run.status} /> },
  { key: 'started', head: 'Began, or was expected', cell: (run) => <When at={run.startedAt} /> },
  {
    key: 'delay',
    head: 'Against the schedule',
    hide: 'phone',
    cell: (run) => {
      const delay = delayOf(run);
      if (delay === null) return <span className="er-dim">{run.expectedAt === null ? 'not expected' : '–'}</span>;
      return delay < 1000 ? 'in time' : `${formatDuration(delay)} later`;
    },
  },
  {
    key: 'duration',
    head: 'Took',
    align: 'end',
    cell: (run) => <span className="er-num">{run.durationMs === null ? '–' : formatDuration(run.durationMs)}</span>,
  },
  { key: 'environment', head: 'Environment', hide: 'phone', cell: (run) => run.environment },
  {
    key: 'release',
    head: 'Release',
    hide: 'tablet',
    cell: (run) => run.release ?? <span className="er-dim">–</span>,
  },
  {
    key: 'id',
    head: 'Check-in',
    hide: 'tablet',
    cell: (run) =>
      run.status === 'MISSED' || run.status === 'UNKNOWN' ? '' : <code title={run.checkInId}>{run.checkInId.slice(0, 8)}</code>,
  },
];

/** Runs of a monitor, newest first. */
export function RunsTable({ runs }: { runs: readonly MonitorRunFieldsFragment[] }) {
  return <DataTable caption="Runs" columns={COLUMNS} rows={runs} rowKey={(run) => String(run.id)} />;
}
