import { defineEntity, p } from '@mikro-orm/core';
import { moment, ref, serial } from '../../platform/db/columns.ts';
import type { LEVELS } from '../detection/normalized-event.ts';

/**
 * One report; immutable. The id rises in order of digestion. The payload stands in a compressed {@link EventBlock}.
 * Duplicates: unique (project, time as the client said it, event id): ordered by time, so that inserts stay at the
 * right edge of the index (a unique index on random ids alone halves the sustained rate).
 */
const ErrorEventSchema = defineEntity({
  name: 'ErrorEvent',
  tableName: 'error_event',
  indexes: [{ properties: ['groupId', 'timestamp', 'id'] }, { properties: ['blockId'] }],
  uniques: [{ properties: ['projectId', 'occurredAt', 'eventId'] }],
  properties: {
    id: serial(),
    projectId: ref(),
    groupId: ref(),
    /** 16 bytes. */
    eventId: p.blob(),
    occurredAt: moment(),
    timestamp: moment(),
    receivedAt: moment(),
    level: p.text().$type<(typeof LEVELS)[number]>(),
    environment: p.text().nullable(),
    release: p.text().nullable(),
    /** Hash of the grouping that chose the group. */
    hash: p.text(),
    blockId: ref(),
    /** Place inside the block. */
    blockIndex: p.integer(),
    keyId: ref().nullable(),
  },
});

export class ErrorEvent extends ErrorEventSchema.class {}
ErrorEventSchema.setClass(ErrorEvent);

/** Payloads of the events of one commit and one project: zstd over newline-separated JSON. */
const EventBlockSchema = defineEntity({
  name: 'EventBlock',
  tableName: 'event_block',
  indexes: [{ properties: ['projectId', 'eventCount'] }],
  properties: {
    id: serial(),
    projectId: ref(),
    eventCount: p.integer(),
    createdAt: moment(),
    data: p.blob(),
  },
});

export class EventBlock extends EventBlockSchema.class {}
EventBlockSchema.setClass(EventBlock);
