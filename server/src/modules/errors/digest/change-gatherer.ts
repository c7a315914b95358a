import type { Bus } from '../../../platform/bus/bus.ts';
import type { ErrorChange } from '../facts.ts';
import type { Touched } from './store.ts';

/** A busy error is counted many times a second; who looks at it is told this often. */
const GATHER_MS = 250;
/** Changes in one message. */
const PER_MESSAGE = 500;

/** Publishes `errorChanged`: new errors and moved statuses at once, mere counting gathered. */
export class ChangeGatherer {
  readonly #bus: Bus;
  readonly #touched = new Map<number, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(bus: Bus) {
    this.#bus = bus;
  }

  add(changes: readonly ErrorChange[], touched: readonly Touched[]): void {
    const told = new Set(changes.map((change) => change.errorId));
    this.#publish(changes);
    for (const { errorId, projectId } of touched) if (!told.has(errorId)) this.#touched.set(errorId, projectId);
    if (this.#touched.size > 0) this.#timer ??= setTimeout(() => this.#flush(), GATHER_MS);
  }

  /** Publishes what is gathered; call it last. */
  close(): void {
    clearTimeout(this.#timer);
    this.#flush();
  }

  #flush(): void {
    this.#timer = undefined;
    const changes = [...this.#touched].map(([errorId, projectId]): ErrorChange => ({ kind: 'UPDATED', errorId, projectId }));
    this.#touched.clear();
    this.#publish(changes);
  }

  #publish(changes: readonly ErrorChange[]): void {
    for (let from = 0; from < changes.length; from += PER_MESSAGE) {
      this.#bus.publish('errorChanged', { changes: changes.slice(from, from + PER_MESSAGE) });
    }
  }
}
