import type { Sql } from '../../../platform/db/sql.ts';
import { type EnvironmentRow, expectationOf, type MonitorRow, writeStanding } from './monitor-rows.ts';
import { type Failure, fail, type Standing, succeed } from './standing.ts';

/**
 * Writes what the end of a run means: how the environment stands, the incident it opens or ends, and that an error is to be
 * made of it (by the watch, after the commit). A muted monitor is judged, but says nothing.
 * @param standing how it stands after the run began
 * @param runId row of the run
 * @param at when it ended, or was found to have failed
 */
export async function settleRun(
  tx: Sql,
  monitor: MonitorRow,
  environment: EnvironmentRow,
  standing: Standing,
  run: { id: number; result: 'OK' | Failure; at: number },
): Promise<EnvironmentRow> {
  const expectation = expectationOf(monitor);
  const verdict = run.result === 'OK' ? succeed(standing, expectation, run.at) : fail(standing, expectation, run.result);
  let { incidentId } = environment;
  if (verdict.opens) {
    const made = await tx.get<{ id: number }>(
      'insert into monitor_incident (project_id, monitor_id, environment_id, started_at) values (?,?,?,?) returning id',
      [monitor.projectId, monitor.id, environment.id, run.at],
    );
    incidentId = (made as { id: number }).id;
  }
  if (verdict.reports)
    await tx.run('update monitor_check_in set incident_id = ?, report_state = ? where id = ?', [
      incidentId,
      monitor.muted === 1 ? null : 'PENDING',
      run.id,
    ]);
  if (verdict.closes) {
    await tx.run("update monitor_incident set recovered_at = ?, settle_state = 'PENDING' where id = ?", [run.at, incidentId]);
    incidentId = null;
  }
  await writeStanding(tx, environment.id, verdict.standing, incidentId);
  return { ...environment, ...fieldsOf(verdict.standing), incidentId };
}

/** Writes how an environment stands after a run that says nothing of good or bad. */
export async function noteRun(tx: Sql, environment: EnvironmentRow, standing: Standing): Promise<EnvironmentRow> {
  await writeStanding(tx, environment.id, standing, environment.incidentId);
  return { ...environment, ...fieldsOf(standing) };
}

function fieldsOf({ inIncident: _, ...fields }: Standing) {
  return fields;
}
