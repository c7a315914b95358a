import type { Bus } from '../../platform/bus/bus.ts';
import type { ErrorChange } from './facts.ts';

/** Changes carried by one message on the bus. */
const SLICE = 500;

/** Tells the live side about changed errors, after the commit. */
export function announce(bus: Bus, changes: readonly ErrorChange[]): void {
  for (let from = 0; from < changes.length; from += SLICE) {
    bus.publish('errorChanged', { changes: changes.slice(from, from + SLICE) });
  }
}
