import { setImmediate as breathe } from 'node:timers/promises';
import type { Clock } from '../../../platform/clock.ts';
import type { EventFact } from '../facts.ts';
import { ASLEEP, type DigestNews, type DigestOrder, FLUSHED, HEARTBEAT, HEARTBEAT_EVERY_MS } from './digest-messages.ts';
import type { Digester, Step } from './digester.ts';

/**
 * Batches do not begin more often than this unless there is plenty to do. The first event after a pause is digested at
 * once; those that follow closely share transactions, which costs each of them less and keeps blocks of payloads whole.
 */
const GATHER_MS = 100;
/** Undigested bytes that are plenty. */
const PLENTY = 2 * 1024 * 1024;
/** Looks at the log by itself this often, should a wake-up get lost. */
const NAP_MS = 1_000;
const FACTS_PER_MESSAGE = 500;
/** A database that stays away is complained of this often. */
const COMPLAIN_EVERY_MS = 30_000;

/** Work for quiet moments (see `housekeeping.ts`). */
export interface QuietWork {
  run(pressed: boolean): Promise<DigestNews[] | undefined>;
}

/** The life of the digest thread: step after step, sleep when there is nothing, stop when told. */
export class DigestLoop {
  readonly #digester: Digester;
  readonly #shared: BigInt64Array;
  readonly #tell: (news: DigestNews) => void;
  readonly #clock: Clock;
  readonly #housekeeping: QuietWork;
  #wake: (() => void) | undefined;
  /** When to give up draining; undefined while running. */
  #deadline: number | undefined;
  #position = 0;
  #said: { idleAt: number; complainedAt: number } = { idleAt: -1, complainedAt: Number.NEGATIVE_INFINITY };

  constructor(deps: {
    digester: Digester;
    shared: BigInt64Array;
    tell: (news: DigestNews) => void;
    clock: Clock;
    housekeeping: QuietWork;
  }) {
    this.#digester = deps.digester;
    this.#shared = deps.shared;
    this.#tell = deps.tell;
    this.#clock = deps.clock;
    this.#housekeeping = deps.housekeeping;
  }

  order(order: DigestOrder): void {
    if (order.kind === 'stop') this.#deadline = this.#clock.now() + order.timeoutMs;
    this.#wake?.();
  }

  /** Runs until told to stop. Answers whether everything that was flushed is committed and counted. */
  async run(): Promise<boolean> {
    // Stops with the thread's loop, so that an endless computation is noticed and a database that keeps it waiting is not.
    const heart = setInterval(() => Atomics.store(this.#shared, HEARTBEAT, BigInt(this.#clock.now())), HEARTBEAT_EVERY_MS);
    try {
      return await this.#run();
    } finally {
      clearInterval(heart);
    }
  }

  async #run(): Promise<boolean> {
    for (;;) {
      const began = this.#clock.now();
      const until = Number(Atomics.load(this.#shared, FLUSHED));
      const step = await this.#digester.step(until);
      if (step.kind === 'committed') this.#committed(step);
      if (step.kind === 'settled') this.#tell({ kind: 'changed', changes: [], touched: step.touched });
      if (step.kind === 'idle') {
        if (this.#said.idleAt !== until) this.#tell({ kind: 'idle', position: until });
        this.#said.idleAt = until;
      }
      const quiet = await this.#housekeep(step);
      if (this.#deadline !== undefined) {
        if (step.kind === 'idle' && until === Number(Atomics.load(this.#shared, FLUSHED))) return true;
        if (this.#clock.now() >= this.#deadline) return false;
      }
      if (quiet) await this.#rest(step, began);
    }
  }

  async #rest(step: Step, began: number): Promise<void> {
    await breathe();
    switch (step.kind) {
      case 'idle':
        // Records or an order that came since have set off no alarm: look again before lying down.
        Atomics.store(this.#shared, ASLEEP, 1n);
        if (Number(Atomics.load(this.#shared, FLUSHED)) <= this.#said.idleAt && this.#deadline === undefined)
          await this.#sleep(NAP_MS);
        Atomics.store(this.#shared, ASLEEP, 0n);
        return;
      case 'settled':
        return;
      case 'waiting':
        if (step.error !== undefined) this.#complain(step.error, step.waitMs);
        return step.waitMs > 0 ? this.#sleep(step.waitMs) : undefined;
      case 'committed': {
        if (step.pauseMs > 0) return this.#sleep(step.pauseMs);
        const behind = this.#behind(step.position);
        const rest = GATHER_MS - (this.#clock.now() - began);
        if (behind < PLENTY && rest > 0 && this.#deadline === undefined) await this.#sleep(rest, false);
      }
    }
  }

  #committed(step: Extract<Step, { kind: 'committed' }>): void {
    const { position, records, rejected, ms, result } = step;
    this.#position = position;
    const { facts, refused, changes, touched, sides } = result;
    for (let from = 0; from < facts.length; from += FACTS_PER_MESSAGE) {
      const some: EventFact[] = facts.slice(from, from + FACTS_PER_MESSAGE);
      this.#tell({ kind: 'facts', json: JSON.stringify(some) });
    }
    this.#tell({ kind: 'committed', position, events: facts.length, refused, rejected, records, ms, changes, touched, sides });
    if (rejected > 0) {
      const text = 'records could not be digested and were put aside in rejected.ndjson';
      this.#tell({ kind: 'log', level: 'error', fields: { rejected, position }, text });
    }
  }

  #behind(position: number): number {
    return Number(Atomics.load(this.#shared, FLUSHED)) - position;
  }

  /** One piece of quiet work, if there is time for it. False when something was done, and there may be more. */
  async #housekeep(step: Step): Promise<boolean> {
    if (this.#deadline !== undefined || step.kind === 'waiting') return true;
    try {
      const pressed = step.kind !== 'idle' && this.#behind(this.#position) > PLENTY;
      const news = await this.#housekeeping.run(pressed);
      for (const one of news ?? []) this.#tell(one);
      return news === undefined;
    } catch (error) {
      this.#tell({
        kind: 'log',
        level: 'warn',
        fields: { reason: String(error) },
        text: 'housekeeping failed; it will be tried again',
      });
      return true;
    }
  }

  #complain(error: unknown, waitMs: number): void {
    const now = this.#clock.now();
    if (now - this.#said.complainedAt < COMPLAIN_EVERY_MS) return;
    this.#said.complainedAt = now;
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const text = 'the digest cannot write to the database; events are kept in the ingest log until it can';
    this.#tell({ kind: 'log', level: 'error', fields: { reason, waitMs, position: this.#position }, text });
  }

  /** Sleeps for a time; an order ends it early if `alarm`. */
  #sleep(ms: number, alarm = true): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve();
      };
      const timer = setTimeout(done, ms);
      if (alarm) this.#wake = done;
    });
  }
}
