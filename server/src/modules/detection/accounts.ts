import { type Delivery, sdkText } from './delivery.ts';
import type { Outcome } from './digest.task.ts';
import type { OutcomeLedger } from './outcome-ledger.ts';

/** Counts the items of deliveries under their project, key and SDK. */
export class Accounts {
  readonly #ledger: OutcomeLedger;

  constructor(ledger: OutcomeLedger) {
    this.#ledger = ledger;
  }

  count(delivery: Delivery, item: string, outcome: Outcome, reason: string, quantity = 1): void {
    const { projectId, keyId } = delivery.key;
    this.#ledger.count({ projectId, keyId, item, outcome, reason, sdk: sdkText(delivery) }, quantity);
  }
}
