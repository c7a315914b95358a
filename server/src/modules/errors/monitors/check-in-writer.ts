import { minutes } from '../../../platform/clock.ts';
import type { Sql } from '../../../platform/db/sql.ts';
import type { CheckInRecord } from '../../detection/records/check-in-record.ts';
import type { SideRecord } from '../../detection/records/side-records.ts';
import type { SideFate, SideWriter } from '../digest/side-writers.ts';
import { CheckInBatch, type Run } from './check-in-batch.ts';
import { type EnvironmentRow, expectationOf, type MonitorRow, standingOf } from './monitor-rows.ts';
import { judgeRun, noted } from './settle-run.ts';
import { begin } from './standing.ts';

/** New runs of a monitor in one environment that are kept of one minute. */
const MOST_A_MINUTE = 60;

const STATUS = { in_progress: 'IN_PROGRESS', ok: 'OK', error: 'FAILED' } as const;

/**
 * Writes check-ins: one row a run, begun and ended by two check-ins or told by one; and how its monitor stands after it.
 * They are judged one after the other, in memory; what they read and write is a few statements a batch.
 */
export const checkInWriter: SideWriter<'checkIn'> = async (tx, records) => {
  const batch = await CheckInBatch.load(tx, records);
  const fates: SideFate[] = [];
  for (const record of records) fates.push(await new CheckInWork(tx, batch, record).write());
  await batch.write();
  return fates;
};

/** One check-in. */
class CheckInWork {
  readonly #tx: Sql;
  readonly #batch: CheckInBatch;
  readonly #projectId: number;
  readonly #data: CheckInRecord;
  readonly #at: number;

  constructor(tx: Sql, batch: CheckInBatch, { projectId, receivedAt, data }: Extract<SideRecord, { side: 'checkIn' }>) {
    this.#tx = tx;
    this.#batch = batch;
    this.#projectId = projectId;
    this.#data = data;
    this.#at = receivedAt;
  }

  async write(): Promise<SideFate> {
    const batch = this.#batch;
    const data = this.#data;
    const monitor = await batch.monitorOf(this.#projectId, data, this.#at);
    if (typeof monitor === 'string') return refused(monitor);
    const known = batch.named(this.#projectId, data);
    if (known !== undefined) return known.monitorId === monitor.id ? this.#end(monitor, known) : refused('other_monitor');
    const environment = await batch.environmentOf(monitor, data.environment, this.#at);
    if (environment === undefined) return refused('too_many_environments');
    if (data.checkInId === undefined) {
      const open = await this.#unnamed(environment);
      if (open === 'done') return { outcome: 'duplicate', reason: '', id: monitor.id };
      if (open !== undefined) return this.#end(monitor, open);
    }
    if ((await batch.heardLately(environment, this.#at)) >= MOST_A_MINUTE) return refused('too_often');
    return this.#start(monitor, environment);
  }

  /** A run is heard of for the first time: it began now, or it tells of itself after it ended. */
  async #start(monitor: MonitorRow, environment: EnvironmentRow): Promise<SideFate> {
    const data = this.#data;
    const at = this.#at;
    const durationMs = data.durationSeconds === undefined ? null : Math.round(data.durationSeconds * 1000);
    const running = data.status === 'in_progress';
    const startedAt = running ? at : at - (durationMs ?? 0);
    const begun = begin(standingOf(environment), expectationOf(monitor), startedAt);
    const run: Run = {
      id: undefined,
      projectId: monitor.projectId,
      monitorId: monitor.id,
      environmentId: environment.id,
      checkInId: data.checkInId ?? data.recordId,
      status: STATUS[data.status],
      startedAt,
      endedAt: running ? null : at,
      durationMs: running ? null : durationMs,
      expectedAt: begun.expectedAt,
      timeoutAt: running ? at + minutes(monitor.maxRuntimeMinutes) : null,
      release: data.release ?? null,
      traceId: data.traceId ?? null,
      incidentId: environment.incidentId,
      endedBy: null,
      reportState: null,
    };
    this.#batch.add(run, at);
    if (monitor.paused === 1) return accepted(monitor);
    if (running) this.#batch.stands(noted(environment, begun.standing));
    else await this.#settle(monitor, noted(environment, begun.standing), run);
    return accepted(monitor);
  }

  /** A run that is known says how it ended. What was timed out stays so: it was too late. */
  async #end(monitor: MonitorRow, run: Run): Promise<SideFate> {
    const data = this.#data;
    const at = this.#at;
    const ended = run.status === 'OK' || run.status === 'FAILED' || (run.status === 'TIMEOUT' && run.endedAt !== null);
    if (ended || data.status === 'in_progress' || run.status === 'MISSED')
      return { outcome: 'duplicate', reason: '', id: monitor.id };
    const late = run.status === 'TIMEOUT';
    const durationMs = data.durationSeconds === undefined ? at - run.startedAt : Math.round(data.durationSeconds * 1000);
    run.status = late ? 'TIMEOUT' : STATUS[data.status];
    run.endedAt = at;
    run.durationMs = Math.max(0, durationMs);
    run.timeoutAt = null;
    run.endedBy = data.checkInId === undefined ? data.recordId : null;
    run.release ??= data.release ?? null;
    run.traceId ??= data.traceId ?? null;
    this.#batch.changed(run);
    if (late || monitor.paused === 1) return accepted(monitor);
    const environment = await this.#batch.environmentOf(monitor, run.environmentId, at);
    if (environment !== undefined) await this.#settle(monitor, environment, run);
    return accepted(monitor);
  }

  async #settle(monitor: MonitorRow, environment: EnvironmentRow, run: Run): Promise<void> {
    const result = this.#data.status === 'ok' ? 'OK' : 'FAILED';
    const settled = await judgeRun(this.#tx, monitor, environment, standingOf(environment), { result, at: this.#at });
    if (settled.report !== undefined) {
      Object.assign(run, settled.report);
      this.#batch.changed(run);
    }
    this.#batch.stands(settled.environment);
  }

  /** The run that an end without an id ends: the latest in progress. `done`: this very record has ended one already. */
  async #unnamed(environment: EnvironmentRow): Promise<Run | 'done' | undefined> {
    const runs = await this.#batch.recentOf(environment);
    if (runs.some((run) => run.endedBy === this.#data.recordId)) return 'done';
    return this.#data.status === 'in_progress' ? undefined : runs.find((run) => run.status === 'IN_PROGRESS');
  }
}

function accepted(monitor: MonitorRow): SideFate {
  return { outcome: 'accepted', reason: '', id: monitor.id };
}

function refused(reason: string): SideFate {
  return { outcome: 'invalid', reason, id: 0 };
}
