import { defineEntity, p } from '@mikro-orm/core';
import { moment, ref, serial } from '../../../platform/db/columns.ts';

/**
 * A file that came with an event or with feedback; its bytes stand in the content store under their hash. Found from its
 * owner by (project, event id); written by the digest, removed with its event, by its project's quota, or when its event
 * never comes.
 */
const AttachmentSchema = defineEntity({
  name: 'Attachment',
  tableName: 'attachment',
  indexes: [{ properties: ['sha256'] }, { properties: ['projectId', 'id'] }, { properties: ['owner', 'receivedAt'] }],
  uniques: [{ properties: ['projectId', 'eventId', 'sha256', 'type', 'filename'] }],
  properties: {
    id: serial(),
    projectId: ref(),
    /** 16 bytes: of the event, or of the feedback. */
    eventId: p.blob(),
    /** `pending`: no event of that id has been seen yet. */
    owner: p.text().$type<'event' | 'feedback' | 'pending'>(),
    filename: p.text(),
    contentType: p.text(),
    type: p.text(),
    sizeBytes: p.bigint('number'),
    /** 64 hex digits. */
    sha256: p.text(),
    receivedAt: moment(),
  },
});
export class Attachment extends AttachmentSchema.class {}
AttachmentSchema.setClass(Attachment);
