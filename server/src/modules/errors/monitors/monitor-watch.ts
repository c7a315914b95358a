import type { Bus } from '../../../platform/bus/bus.ts';
import { type Clock, days, hours, minutes, seconds } from '../../../platform/clock.ts';
import type { Sql } from '../../../platform/db/sql.ts';
import type { Log } from '../../../platform/log.ts';
import { OneAtATime } from '../../../platform/one-at-a-time.ts';
import { forgetRuns, judgeMonitors } from './judge-monitors.ts';
import type {} from './monitor-events.ts';
import { pendingReports, reportOf } from './monitor-report.ts';
import { settleIncidents } from './settle-incidents.ts';
import type { Blind } from './standing.ts';

const EVERY_MS = seconds(10);
/** Without a judgement for so long the machine slept, or stood: nobody listened. */
const ASLEEP_MS = minutes(1);
/** How long runs are kept. */
const RUNS_KEPT_MS = days(30);
const MOST_BLINDS = 50;

/** What the watch takes from the house. */
export interface MonitorWatchDeps {
  read: Sql;
  /** The main thread's writer. */
  write: Sql;
  bus: Bus;
  clock: Clock;
  log: Log;
  /** Makes an event of a failed run; `later` when it could not be kept now. */
  report: (projectId: number, event: Record<string, unknown>) => Promise<'done' | 'later'>;
  /** Everything that was received up to this moment is in the tables. */
  heardUpTo: () => number;
}

/**
 * Watches over monitors: every ten seconds judges what is due, makes errors of failed runs and resolves those of monitors
 * that recovered. One node does. It knows when nobody listened (between two runs of the server, or while the machine slept):
 * runs of such a time are not held against their jobs.
 */
export class MonitorWatch {
  readonly #deps: MonitorWatchDeps;
  readonly #stops: (() => void)[] = [];
  #blinds: Blind[] = [];
  #judgedUpTo = 0;
  #lookedAt = 0;
  #prunedAt = 0;
  readonly #looking = new OneAtATime(
    () => this.#look(),
    (err) => this.#deps.log.warn({ err }, 'monitors could not be judged'),
  );

  constructor(deps: MonitorWatchDeps) {
    this.#deps = deps;
  }

  /** Reads when it last judged. Call before requests are let in. */
  async open(): Promise<void> {
    const { read, clock } = this.#deps;
    const row = await read.get<{ at: number; blinds: string }>(
      'select judged_up_to as at, blinds from monitor_clock where id = 1',
    );
    const now = clock.now();
    this.#blinds = row === undefined ? [] : (JSON.parse(row.blinds) as Blind[]);
    if (row !== undefined && row.at < now) this.#blinds.push({ from: row.at, to: now });
    this.#judgedUpTo = row?.at ?? now;
    this.#lookedAt = now;
  }

  /** Begins to judge, once `ready`: what was received before the start must be in the tables. */
  start(ready: Promise<unknown>): void {
    const { bus } = this.#deps;
    let timer: NodeJS.Timeout | undefined;
    let stopped = false;
    this.#stops.push(() => {
      stopped = true;
      clearInterval(timer);
    });
    this.#stops.push(
      bus.subscribe('sidesDigested', ({ facts }) => {
        const seen = new Set<number>();
        for (const { side, id, projectId } of facts) {
          if (side !== 'checkIn' || seen.has(id)) continue;
          seen.add(id);
          bus.publish('monitorChanged', { kind: 'UPDATED', monitorId: id, projectId });
        }
        if (seen.size > 0) void this.tick();
      }),
    );
    void ready
      .catch(() => undefined)
      .then(() => {
        if (stopped) return;
        timer = setInterval(() => void this.tick(), EVERY_MS);
        timer.unref();
        void this.tick();
      });
  }

  /** Stops judging; notes up to when it did. */
  async stop(): Promise<void> {
    for (const stop of this.#stops.splice(0)) stop();
    await this.#looking.settled();
  }

  /** Judges now. A call during another makes that one look once more. Never rejects. */
  tick(): Promise<void> {
    return this.#looking.run();
  }

  async #look(): Promise<void> {
    const { read, write, bus, clock, heardUpTo } = this.#deps;
    const now = clock.now();
    if (now - this.#lookedAt > ASLEEP_MS) this.#blinds.push({ from: this.#lookedAt, to: now });
    this.#lookedAt = now;
    if ((await read.get('select 1 from monitor limit 1')) === undefined) return;
    const upTo = Math.min(now, heardUpTo());
    const judged = await judgeMonitors(this.#deps, upTo, this.#blinds);
    for (const one of judged) bus.publish('monitorChanged', { kind: 'UPDATED', ...one });
    await this.#report();
    await settleIncidents(this.#deps, bus, now);
    await this.#note(Math.max(upTo, this.#judgedUpTo));
    if (now - this.#prunedAt > hours(1)) {
      this.#prunedAt = now;
      while ((await forgetRuns(write, now - RUNS_KEPT_MS)) >= 2_000);
    }
  }

  async #report(): Promise<void> {
    const { read, write, report } = this.#deps;
    for (const pending of await pendingReports(read)) {
      if ((await report(pending.monitor.projectId, reportOf(pending))) === 'later') return;
      await write.run("update monitor_check_in set report_state = 'DONE' where id = ?", [pending.run.id]);
    }
  }

  async #note(upTo: number): Promise<void> {
    const { clock, write } = this.#deps;
    this.#blinds = this.#blinds.filter(({ to }) => to > clock.now() - RUNS_KEPT_MS).slice(-MOST_BLINDS);
    this.#judgedUpTo = upTo;
    await write.run(
      `insert into monitor_clock (id, judged_up_to, blinds) values (1, ?, ?)
       on conflict (id) do update set judged_up_to = excluded.judged_up_to, blinds = excluded.blinds`,
      [upTo, JSON.stringify(this.#blinds)],
    );
  }
}
