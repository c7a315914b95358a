import type { Sql } from '../../../platform/db/sql.ts';
import type { Outcome, OutcomeCount } from '../../detection/digest.task.ts';
import type { SideKind, SideRecord } from '../../detection/records/side-records.ts';
import { writeAttachments } from '../attachments/write-attachments.ts';
import type { SideFact } from '../facts.ts';
import { writeFeedback } from '../feedback/write-feedback.ts';
import { checkInWriter } from '../monitors/check-in-writer.ts';
import { sessionWriter } from '../release-health/session-writer.ts';
import { hourOf } from './group-budget.ts';

/** What became of a record: `duplicate` when it was there already (law c: replaying changes no count). */
export interface SideFate {
  outcome: Extract<Outcome, 'accepted' | 'duplicate' | 'invalid'>;
  reason: string;
  /** Row id, for the live side; 0 if the kind has no rows of its own. */
  id: number;
}

/**
 * Puts records of one kind into their tables, inside the digest's transaction, after the batch's events. The same SQL must
 * serve both dialects. One fate per record, in order.
 * @throws the driver's error; the batch is then rolled back and tried again in halves, at last without the record at fault
 */
export type SideWriter<K extends SideKind = SideKind> = (
  tx: Sql,
  records: readonly Extract<SideRecord, { side: K }>[],
  now: number,
) => Promise<SideFate[]>;

/** The writer of each kind. */
const WRITERS: { readonly [K in SideKind]?: SideWriter<K> } = {
  attachment: writeAttachments,
  feedback: writeFeedback,
  session: sessionWriter(),
  checkIn: checkInWriter,
};

export function isSideKind(value: unknown): value is SideKind {
  return typeof value === 'string' && Object.hasOwn(WRITERS, value);
}

/** What writing nothing comes to. */
export const NO_SIDES: { outcomes: OutcomeCount[]; facts: SideFact[] } = { outcomes: [], facts: [] };

/** Writes a batch's side records; answers their outcomes and facts. Records of projects that do not exist are refused. */
export async function writeSides(
  tx: Sql,
  sides: readonly SideRecord[],
  hasProject: (projectId: number) => boolean,
  now: number,
): Promise<{ outcomes: OutcomeCount[]; facts: SideFact[] }> {
  const outcomes: OutcomeCount[] = [];
  const facts: SideFact[] = [];
  const known = sides.filter((record) => {
    if (hasProject(record.projectId)) return true;
    outcomes.push(outcomeOf(record, { outcome: 'invalid', reason: 'no_project', id: 0 }));
    return false;
  });
  for (const [kind, records] of Map.groupBy(known, (record): SideKind => record.side)) {
    const fates = await (WRITERS[kind] as SideWriter)(tx, records as never, now);
    for (const [i, fate] of fates.entries()) {
      const record = records[i] as SideRecord;
      outcomes.push(outcomeOf(record, fate));
      if (fate.outcome === 'accepted') facts.push({ side: kind, projectId: record.projectId, id: fate.id });
    }
  }
  return { outcomes, facts };
}

function outcomeOf(record: SideRecord, { outcome, reason }: SideFate): OutcomeCount {
  const { projectId, keyId, receivedAt, item, sdk } = record;
  return {
    hour: hourOf(receivedAt),
    projectId,
    keyId: Number.isSafeInteger(keyId) ? keyId : 0,
    item: String(item).slice(0, 64),
    outcome,
    reason: reason.slice(0, 100),
    sdk: String(sdk).slice(0, 64),
    quantity: 1,
  };
}
