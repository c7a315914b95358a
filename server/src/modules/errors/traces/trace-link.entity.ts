import { defineEntity, p } from '@mikro-orm/core';
import { moment, ref, serial } from '../../../platform/db/columns.ts';

/** The transaction an error happened in. Kept by count: the newest ones of all projects. */
const TraceLinkSchema = defineEntity({
  name: 'TraceLink',
  tableName: 'trace_link',
  indexes: [{ properties: ['projectId', 'traceId'] }],
  properties: {
    id: serial(),
    projectId: ref(),
    /** 16 bytes. */
    traceId: p.blob(),
    transaction: p.text(),
    op: p.text().nullable(),
    status: p.text().nullable(),
    startedAt: moment(),
    durationMs: p.integer(),
  },
});
export class TraceLink extends TraceLinkSchema.class {}
TraceLinkSchema.setClass(TraceLink);
