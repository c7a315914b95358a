import type { Bus } from '../../../platform/bus/bus.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { Sql } from '../../../platform/db/sql.ts';
import { ConflictRefusal, Done, NotFoundRefusal, ValidationRefusal } from '../../../platform/graphql/refusals.ts';
import type { Actor } from '../../access/actor.ts';
import { cleanLine, parseId } from '../../access/input.ts';
import { nextRuns, readSchedule, type Schedule, ScheduleFault } from '../../analysis/schedule/schedule.ts';
import { plainName } from '../../projects/slug.ts';
import { changeMonitor, insertMonitor, MONITOR_DEFAULTS, MOST_MONITORS, monitorBySlug } from './find-monitor.ts';
import type {} from './monitor-events.ts';
import { MONITOR_COLUMNS, type MonitorRow } from './monitor-rows.ts';

/** A schedule as typed in. */
export interface ScheduleValues {
  type: 'crontab' | 'interval';
  /** A crontab, or the number of units. */
  value: string;
  unit?: string | null;
  timezone?: string | null;
}

/** What of a monitor can be set by hand; absent or null: the default, or left alone. */
export interface MonitorValues {
  name?: string | null;
  schedule?: ScheduleValues | null;
  marginMinutes?: number | null;
  maxRuntimeMinutes?: number | null;
  failureThreshold?: number | null;
  recoveryThreshold?: number | null;
  isPaused?: boolean | null;
  isMuted?: boolean | null;
}

const MOST_MINUTES = 40_320;
const MOST_IN_ROW = 720;
/** Unlike a project's, a monitor's slug may have underscores: crontabs and SDKs name it. */
const NO_SLUG = /[^a-z0-9_]+/g;
const LIMITS = [
  ['marginMinutes', MOST_MINUTES],
  ['maxRuntimeMinutes', MOST_MINUTES],
  ['failureThreshold', MOST_IN_ROW],
  ['recoveryThreshold', MOST_IN_ROW],
] as const;

/** Makes and changes monitors. All of it asks for errors:write: who is on call must be able to quiet one. */
export class MonitorService {
  readonly #write: Sql;
  readonly #bus: Bus;
  readonly #clock: Clock;

  constructor(deps: { write: Sql; bus: Bus; clock: Clock }) {
    this.#write = deps.write;
    this.#bus = deps.bus;
    this.#clock = deps.clock;
  }

  /** Makes a monitor. @throws Failure FORBIDDEN without errors:write */
  async create(
    actor: Actor,
    input: MonitorValues & { projectId: string; slug?: string | null; name: string; schedule: ScheduleValues },
  ): Promise<MonitorRow | ValidationRefusal | NotFoundRefusal | ConflictRefusal> {
    actor.demand('errors:write');
    const projectId = parseId(input.projectId);
    if (projectId === null || !actor.can('errors:write', projectId)) return new NotFoundRefusal('There is no such project.');
    const name = cleanLine(input.name, 'input.name');
    if (name instanceof ValidationRefusal) return name;
    const slug = input.slug == null || input.slug.trim() === '' ? plainName(name, NO_SLUG) : input.slug.trim();
    if (!/^[a-z0-9_][a-z0-9_-]{0,49}$/.test(slug))
      return new ValidationRefusal('INVALID_SLUG', 'A slug is 1 to 50 of a–z, 0–9, hyphens and underscores.', 'input.slug');
    const settings = readSettings(input);
    if (settings instanceof ValidationRefusal) return settings;
    const now = this.#clock.now();
    const made = await this.#write.transaction(async (tx) => {
      const project = await tx.get('select 1 from project where id = ?', [projectId]);
      if (project === undefined) return new NotFoundRefusal('There is no such project.');
      if ((await monitorBySlug(tx, projectId, slug)) !== undefined)
        return new ConflictRefusal('SLUG_TAKEN', 'This project has a monitor with this slug.');
      const row = await tx.get<{ n: number }>('select count(*) as n from monitor where project_id = ?', [projectId]);
      if ((row?.n ?? 0) >= MOST_MONITORS)
        return new ConflictRefusal('TOO_MANY', `A project has at most ${MOST_MONITORS} monitors.`);
      await insertMonitor(tx, projectId, { ...MONITOR_DEFAULTS, ...settings.columns, slug, name, origin: 'HAND' } as never, now);
      return (await monitorBySlug(tx, projectId, slug)) as MonitorRow;
    });
    if (isRefusal(made)) return made;
    this.#bus.publish('monitorChanged', { kind: 'CREATED', monitorId: made.id, projectId });
    return made;
  }

  /** Changes a monitor. @throws Failure FORBIDDEN without errors:write */
  async update(actor: Actor, id: string, changes: MonitorValues): Promise<MonitorRow | ValidationRefusal | NotFoundRefusal> {
    actor.demand('errors:write');
    const settings = readSettings(changes);
    if (settings instanceof ValidationRefusal) return settings;
    const name = changes.name == null ? undefined : cleanLine(changes.name, 'input.name');
    if (name instanceof ValidationRefusal) return name;
    const now = this.#clock.now();
    const changed = await this.#write.transaction(async (tx) => {
      const before = await this.#find(tx, actor, id);
      if (before === undefined) return new NotFoundRefusal('There is no such monitor.');
      const flags = {
        ...(changes.isPaused == null ? {} : { paused: changes.isPaused ? 1 : 0 }),
        ...(changes.isMuted == null ? {} : { muted: changes.isMuted ? 1 : 0 }),
      };
      const after = { ...before, ...settings.columns, ...(name === undefined ? {} : { name }), ...flags, updatedAt: now };
      await changeMonitor(tx, before, after, now);
      return after;
    });
    if (changed instanceof NotFoundRefusal) return changed;
    this.#bus.publish('monitorChanged', { kind: 'UPDATED', monitorId: changed.id, projectId: changed.projectId });
    return changed;
  }

  /** Removes a monitor with its runs; errors it made stay. @throws Failure FORBIDDEN without errors:write */
  async delete(actor: Actor, id: string): Promise<Done | NotFoundRefusal> {
    actor.demand('errors:write');
    const gone = await this.#write.transaction(async (tx) => {
      const monitor = await this.#find(tx, actor, id);
      if (monitor === undefined) return undefined;
      for (const table of ['monitor_check_in', 'monitor_incident', 'monitor_environment'])
        await tx.run(`delete from ${table} where monitor_id = ?`, [monitor.id]);
      await tx.run('delete from monitor where id = ?', [monitor.id]);
      return monitor;
    });
    if (gone === undefined) return new NotFoundRefusal('There is no such monitor.');
    this.#bus.publish('monitorChanged', { kind: 'DELETED', monitorId: gone.id, projectId: gone.projectId });
    return new Done();
  }

  /** The next runs of a schedule, or why it cannot be one. @throws Failure FORBIDDEN without errors:read */
  preview(actor: Actor, schedule: ScheduleValues): { runs: number[]; problem: string | null; field: string | null } {
    actor.demand('errors:read');
    const read = scheduleFrom(schedule);
    if (read instanceof ScheduleFault) return { runs: [], problem: read.message, field: read.field };
    return { runs: nextRuns(read, this.#clock.now(), 5), problem: null, field: null };
  }

  async #find(tx: Sql, actor: Actor, id: string): Promise<MonitorRow | undefined> {
    const number = parseId(id);
    if (number === null) return undefined;
    const row = await tx.get<MonitorRow>(`select ${MONITOR_COLUMNS} from monitor m where m.id = ?`, [number]);
    return row !== undefined && actor.can('errors:write', row.projectId) ? row : undefined;
  }
}

/** What was set, as columns. */
function readSettings(values: MonitorValues): { columns: Partial<MonitorRow> } | ValidationRefusal {
  const columns: Partial<MonitorRow> = {};
  for (const [name, most] of LIMITS) {
    const value = values[name];
    if (value == null) continue;
    if (!Number.isInteger(value) || value < 1 || value > most)
      return new ValidationRefusal('OUT_OF_RANGE', `Between 1 and ${most}.`, `input.${name}`);
    columns[name] = value;
  }
  if (values.schedule != null) {
    const schedule = scheduleFrom(values.schedule);
    if (schedule instanceof ScheduleFault)
      return new ValidationRefusal('INVALID_SCHEDULE', schedule.message, `input.schedule.${schedule.field}`);
    columns.scheduleType = schedule.type;
    columns.scheduleValue = String(schedule.value);
    columns.intervalUnit = schedule.type === 'interval' ? schedule.unit : null;
    columns.timezone = schedule.type === 'crontab' ? schedule.timezone : 'UTC';
  }
  return { columns };
}

function scheduleFrom({ type, value, unit, timezone }: ScheduleValues): Schedule | ScheduleFault {
  try {
    return readSchedule({ type, value, unit, timezone });
  } catch (error) {
    if (error instanceof ScheduleFault) return error;
    throw error;
  }
}

function isRefusal<T extends object>(value: T): value is Extract<T, ValidationRefusal | NotFoundRefusal | ConflictRefusal> {
  return value instanceof ValidationRefusal || value instanceof NotFoundRefusal || value instanceof ConflictRefusal;
}
