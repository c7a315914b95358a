import { type Clock, hours, minutes } from '../../../platform/clock.ts';
import type { Log } from '../../../platform/log.ts';

const MINUTE_MS = minutes(1);
const REFRESH_MS = minutes(10);
/** A project with less history than this has no habit yet to be measured against. */
const MIN_HISTORY_HOURS = 24;
/** Times its own busiest ordinary hour that a project may send. */
const FACTOR = 5;
/** A quiet project is left this much. */
const FLOOR_PER_HOUR = 5_000;
/** The rate is watched over this many minutes, so that a short burst is none. */
const WINDOW_MINUTES = 5;

/** Events per hour of the last days, oldest first, from the project's first event on. */
export type HourlyHistory = () => Promise<ReadonlyMap<number, readonly number[]>>;

interface Watch {
  minute: number;
  /** Events of the last minutes, a ring. */
  counts: number[];
}

/**
 * Spike protection against a project's own baseline: the 95th percentile of its events per hour over the last week, times
 * five, but never less than 5,000 an hour. While the last five minutes run above that, a project is spiking. What is held
 * back then is the repetition; what is new still comes through (see {@link Admission}).
 */
export class SpikeGuard {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #history: HourlyHistory;
  readonly #limits = new Map<number, number>();
  readonly #watches = new Map<number, Watch>();
  readonly #spiking = new Map<number, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(deps: { clock: Clock; log: Log; history: HourlyHistory }) {
    this.#clock = deps.clock;
    this.#log = deps.log;
    this.#history = deps.history;
  }

  /** Learns the baselines now and every ten minutes. A reading that fails keeps what is known. */
  async start(): Promise<void> {
    await this.refresh();
    this.#timer = setInterval(() => void this.refresh(), REFRESH_MS).unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async refresh(): Promise<void> {
    try {
      const history = await this.#history();
      this.#limits.clear();
      for (const [projectId, perHour] of history) {
        const limit = limitOf(perHour);
        if (limit !== undefined) this.#limits.set(projectId, limit);
      }
    } catch (err) {
      this.#log.warn({ err }, 'could not learn what is usual for the projects; keeping what is known');
    }
  }

  /** Most events per hour of a project before it is held back; undefined while it has no baseline. */
  limit(projectId: number): number | undefined {
    return this.#limits.get(projectId);
  }

  /** When the running spike began, ms; undefined when there is none. */
  since(projectId: number): number | undefined {
    return this.#spiking.get(projectId);
  }

  /** Counts an event that came in; answers whether its project is spiking. */
  count(projectId: number): boolean {
    const limit = this.#limits.get(projectId);
    if (limit === undefined) return false;
    const now = this.#clock.now();
    const minute = Math.floor(now / MINUTE_MS);
    let watch = this.#watches.get(projectId);
    if (watch === undefined) {
      watch = { minute, counts: new Array<number>(WINDOW_MINUTES).fill(0) };
      this.#watches.set(projectId, watch);
    }
    for (let gone = Math.min(minute - watch.minute, WINDOW_MINUTES); gone > 0; gone--) {
      watch.counts.pop();
      watch.counts.unshift(0);
    }
    watch.minute = minute;
    watch.counts[0] = (watch.counts[0] as number) + 1;
    const sum = watch.counts.reduce((total, count) => total + count, 0);
    const isSpike = sum > (limit * WINDOW_MINUTES * MINUTE_MS) / hours(1);
    if (isSpike && !this.#spiking.has(projectId)) {
      this.#spiking.set(projectId, now);
      this.#log.warn(
        { projectId, limitPerHour: limit },
        'a project sends far more than it usually does; repetitions are held back',
      );
    } else if (!isSpike && this.#spiking.delete(projectId)) {
      this.#log.info({ projectId }, 'the spike is over');
    }
    return isSpike;
  }
}

/** The limit that a history of events per hour gives; undefined when it is too short. */
export function limitOf(perHour: readonly number[]): number | undefined {
  if (perHour.length < MIN_HISTORY_HOURS) return undefined;
  const sorted = perHour.toSorted((a, b) => a - b);
  const usual = sorted[Math.floor((sorted.length - 1) * 0.95)] as number;
  return Math.max(FLOOR_PER_HOUR, Math.ceil(usual * FACTOR));
}
