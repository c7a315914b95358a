import type { Sql } from '../../../platform/db/sql.ts';
import { type EnvironmentRow, expectationOf, type MonitorRow, standingOf, writeStanding } from './monitor-rows.ts';
import { type Failure, fail, type Standing, succeed } from './standing.ts';

/** What the end of a run comes to. */
export interface Settled {
  /** How the environment stands after it, not written yet. */
  environment: EnvironmentRow;
  /** What the run's row says of the error that is to be made of it (by the watch, after the commit); undefined: none. */
  report: { incidentId: number | null; reportState: 'PENDING' | null } | undefined;
}

/**
 * Judges the end of a run, and writes the incident it opens or ends. A muted monitor is judged, but says nothing.
 * @param standing how it stands after the run began
 * @param run `at`: when it ended, or was found to have failed
 */
export async function judgeRun(
  tx: Sql,
  monitor: MonitorRow,
  environment: EnvironmentRow,
  standing: Standing,
  run: { result: 'OK' | Failure; at: number },
): Promise<Settled> {
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
  const report = verdict.reports ? { incidentId, reportState: monitor.muted === 1 ? null : ('PENDING' as const) } : undefined;
  if (verdict.closes) {
    await tx.run("update monitor_incident set recovered_at = ?, settle_state = 'PENDING' where id = ?", [run.at, incidentId]);
    incidentId = null;
  }
  return { environment: { ...environment, ...fieldsOf(verdict.standing), incidentId }, report };
}

/** {@link judgeRun}, and writes all of it: how the environment stands, and what the run's row says. */
export async function settleRun(
  tx: Sql,
  monitor: MonitorRow,
  environment: EnvironmentRow,
  standing: Standing,
  run: { id: number; result: 'OK' | Failure; at: number },
): Promise<EnvironmentRow> {
  const settled = await judgeRun(tx, monitor, environment, standing, run);
  const { report } = settled;
  if (report !== undefined)
    await tx.run('update monitor_check_in set incident_id = ?, report_state = ? where id = ?', [
      report.incidentId,
      report.reportState,
      run.id,
    ]);
  await writeStanding(tx, environment.id, standingOf(settled.environment), settled.environment.incidentId);
  return settled.environment;
}

/** How an environment stands after a run that says nothing of good or bad; not written. */
export function noted(environment: EnvironmentRow, standing: Standing): EnvironmentRow {
  return { ...environment, ...fieldsOf(standing) };
}

/** Writes how an environment stands after a run that says nothing of good or bad. */
export async function noteRun(tx: Sql, environment: EnvironmentRow, standing: Standing): Promise<EnvironmentRow> {
  await writeStanding(tx, environment.id, standing, environment.incidentId);
  return noted(environment, standing);
}

function fieldsOf({ inIncident: _, ...fields }: Standing) {
  return fields;
}
