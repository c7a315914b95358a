import { defineEntity, p } from '@mikro-orm/core';
import { moment, ref } from '../../platform/db/columns.ts';

/** Items that met the same fate in the same hour (see {@link ./digest.task.ts OutcomeCount}). Written by the digest only. */
const IngestOutcomeSchema = defineEntity({
  name: 'IngestOutcome',
  tableName: 'ingest_outcome',
  properties: {
    projectId: ref().primary(),
    hour: moment().primary(),
    keyId: ref().primary(),
    item: p.text().primary(),
    outcome: p.text().primary(),
    reason: p.text().primary(),
    sdk: p.text().primary(),
    quantity: p.bigint('number'),
  },
});
export class IngestOutcome extends IngestOutcomeSchema.class {}
IngestOutcomeSchema.setClass(IngestOutcome);
