import type { Sql } from '../../../platform/db/sql.ts';
import { ENVIRONMENT_COLUMNS, type EnvironmentRow, type MonitorRow } from './monitor-rows.ts';

/** Environments of one monitor. */
const MOST_ENVIRONMENTS = 20;

/**
 * A monitor's environment by name (made when it is new) or id, locked for this transaction; undefined when there are too
 * many, or none with the id.
 */
export async function findEnvironment(
  tx: Sql,
  monitor: MonitorRow,
  key: string | number,
  now: number,
): Promise<EnvironmentRow | undefined> {
  const lock = tx.dialect === 'postgres' ? ' for update' : '';
  const find = () =>
    tx.get<EnvironmentRow>(
      `select ${ENVIRONMENT_COLUMNS} from monitor_environment e
       where e.monitor_id = ? and ${typeof key === 'number' ? 'e.id' : 'e.name'} = ?${lock}`,
      [monitor.id, key],
    );
  const found = await find();
  if (found !== undefined || typeof key === 'number') return found;
  const row = await tx.get<{ n: number }>('select count(*) as n from monitor_environment where monitor_id = ?', [monitor.id]);
  if ((row?.n ?? 0) >= MOST_ENVIRONMENTS) return undefined;
  await tx.run(
    `insert into monitor_environment (monitor_id, project_id, name, state, failures_in_row, ok_in_row, created_at)
     values (?,?,?,'WAITING',0,0,?)`,
    [monitor.id, monitor.projectId, key, now],
  );
  return find();
}
