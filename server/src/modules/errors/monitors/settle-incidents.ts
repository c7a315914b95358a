import type { Bus } from '../../../platform/bus/bus.ts';
import { minutes } from '../../../platform/clock.ts';
import type { Sql } from '../../../platform/db/sql.ts';
import { announce } from '../announce.ts';
import { addHistory } from '../bulk.service.ts';
import { idsParam, inIds } from '../sql-lists.ts';
import { movableTo } from '../states.ts';
import { eventIdOf, failedAt, type PendingReport } from './monitor-report.ts';
import { CHECK_IN_COLUMNS, MONITOR_COLUMNS, type MonitorRow } from './monitor-rows.ts';

/** How long errors of an incident are waited for: its events may still be on their way through the log. */
const PATIENCE_MS = minutes(10);

interface Incident {
  id: number;
  projectId: number;
  monitorId: number;
  recoveredAt: number;
}

/**
 * Resolves the errors of incidents that ended, in the name of the monitor. An error that another environment of the same
 * monitor still fails with stays open.
 */
export async function settleIncidents({ read, write }: { read: Sql; write: Sql }, bus: Bus, now: number): Promise<void> {
  const incidents = await read.all<Incident>(
    `select id, project_id as "projectId", monitor_id as "monitorId", recovered_at as "recoveredAt"
     from monitor_incident where settle_state = 'PENDING' order by id limit 100`,
  );
  for (const incident of incidents) {
    const changed = await write.transaction((tx) => settle(tx, incident, now));
    announce(
      bus,
      changed.map((errorId) => ({ kind: 'UPDATED', errorId, projectId: incident.projectId })),
    );
  }
}

/** Answers the errors that were resolved. */
async function settle(tx: Sql, incident: Incident, now: number): Promise<number[]> {
  const done = () => tx.run("update monitor_incident set settle_state = 'DONE' where id = ?", [incident.id]);
  const monitor = await tx.get<MonitorRow>(`select ${MONITOR_COLUMNS} from monitor m where m.id = ?`, [incident.monitorId]);
  const runs = await tx.all<PendingReport['run'] & { reportState: 'PENDING' | 'DONE' | null }>(
    `select ${CHECK_IN_COLUMNS}, c.report_state as "reportState" from monitor_check_in c
     where c.environment_id = (select environment_id from monitor_incident where id = ?) and c.incident_id = ?
       and c.report_state is not null order by c.id desc limit 200`,
    [incident.id, incident.id],
  );
  if (monitor === undefined || runs.length === 0) {
    await done();
    return [];
  }
  const groups = new Set<number>();
  let missing = 0;
  for (const run of runs) {
    const group = await groupOf(tx, { run, monitor });
    if (group !== undefined) groups.add(group);
    else missing += 1;
  }
  if (missing > 0 && now - incident.recoveredAt < PATIENCE_MS) return [];
  await done();
  const others = await tx.get('select 1 from monitor_environment where monitor_id = ? and incident_id is not null', [monitor.id]);
  if (others !== undefined || groups.size === 0) return [];
  const movable = movableTo('RESOLVED', 'monitor');
  const open = await tx.all<{ id: number }>(
    `select id from error_group where ${inIds(tx.dialect, 'id')} and deleted_at is null
       and status in (${movable.map(() => '?').join(', ')})`,
    [idsParam(tx.dialect, [...groups]), ...movable],
  );
  const ids = open.map(({ id }) => id);
  if (ids.length === 0) return [];
  await tx.run(
    `update error_group set status = 'RESOLVED', resolved_at = ?, resolved_by_id = null, resolved_in_release = null,
       archived_until_at = null, updated_at = ? where ${inIds(tx.dialect, 'id')}`,
    [now, now, idsParam(tx.dialect, ids)],
  );
  const actor = { name: `monitor ${monitor.name}`, userId: null };
  await addHistory(tx, ids, actor, 'resolved', { monitorId: String(monitor.id), monitor: monitor.slug }, now);
  return ids;
}

/** The error that a run's event belongs to; undefined while it is on its way, or when it was filtered. */
async function groupOf(tx: Sql, report: { run: PendingReport['run']; monitor: MonitorRow }): Promise<number | undefined> {
  const row = await tx.get<{ id: number }>(
    'select group_id as id from error_event where project_id = ? and occurred_at = ? and event_id = ?',
    [report.run.projectId, failedAt(report), Buffer.from(eventIdOf(report.run), 'hex')],
  );
  return row?.id;
}
