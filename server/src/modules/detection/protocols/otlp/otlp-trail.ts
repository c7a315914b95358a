import type { OtlpLog } from './otlp-model.ts';

const PER_TRACE = 20;
const TRACES = 1_000;

/** What was logged before, in the same trace and the same request: an error then comes with what led to it. */
export class OtlpTrail {
  readonly #traces = new Map<string, OtlpLog[]>();

  /** The records of the trace so far, oldest first; from now on this one is among them. Nothing is decoded here. */
  follow(log: OtlpLog): readonly OtlpLog[] {
    if (log.traceId === '') return [];
    const trail = this.#traces.get(log.traceId);
    if (trail === undefined) {
      if (this.#traces.size < TRACES) this.#traces.set(log.traceId, [log]);
      return [];
    }
    const before = trail.slice(-PER_TRACE);
    trail.push(log);
    if (trail.length > 2 * PER_TRACE) trail.splice(0, PER_TRACE);
    return before;
  }
}
