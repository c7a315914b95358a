import { hash } from 'node:crypto';
import type { TraceLink } from './records/trace-link.ts';

const WAITING = 20_000;

/**
 * Brings transactions and errors of the same trace together. Only transactions in whose trace an error was seen are worth
 * keeping (most are not), and either may come first: the last 20,000 of each are remembered, in memory; what a restart
 * forgets is a line on a page.
 */
export class TraceLinks {
  readonly #write: (link: TraceLink) => void;
  readonly #transactions = new Map<string, TraceLink>();
  readonly #errors = new Set<string>();
  readonly #messages = new Set<string>();

  /** @param write called once for every transaction of a trace with an error */
  constructor(write: (link: TraceLink) => void) {
    this.#write = write;
  }

  /** An event of this trace was accepted; `message` when a client sent it as an event, not as a log. */
  event(projectId: number, traceId: string, message?: string): void {
    if (message !== undefined) remember(this.#messages, messageKey(projectId, traceId, message));
    const key = `${projectId} ${traceId}`;
    const link = this.#transactions.get(key);
    if (link !== undefined) {
      this.#transactions.delete(key);
      this.#write(link);
    }
    remember(this.#errors, key);
  }

  /**
   * Whether an event of the same trace said the same: SDKs whose logging integration makes an event of an error send the log
   * itself, too, when structured logs are on (seconds later, since logs are sent in bundles).
   */
  said(projectId: number, traceId: string, message: string): boolean {
    return this.#messages.has(messageKey(projectId, traceId, message));
  }

  /** A transaction came. */
  transaction(link: TraceLink): void {
    const key = `${link.projectId} ${link.traceId}`;
    if (this.#errors.has(key)) {
      this.#write(link);
      return;
    }
    // The first of a trace in a project is the one that began it: parts of it end, and are sent, before.
    this.#transactions.delete(key);
    this.#transactions.set(key, link);
    if (this.#transactions.size > WAITING) this.#transactions.delete(this.#transactions.keys().next().value as string);
  }
}

function messageKey(projectId: number, traceId: string, message: string): string {
  return `${projectId} ${traceId.toLowerCase()} ${hash('sha1', message, 'base64')}`;
}

function remember(set: Set<string>, key: string): void {
  if (set.has(key)) return;
  set.add(key);
  if (set.size > WAITING) set.delete(set.keys().next().value as string);
}
