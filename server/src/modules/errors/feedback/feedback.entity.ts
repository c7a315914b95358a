import { defineEntity, p } from '@mikro-orm/core';
import { moment, ref, serial } from '../../../platform/db/columns.ts';

/** What became of a feedback. SPAM is what nobody should look at again. */
export const FEEDBACK_STATUSES = ['UNREAD', 'READ', 'ARCHIVED', 'SPAM'] as const;
export type FeedbackStatus = (typeof FEEDBACK_STATUSES)[number];

/** What a user wrote. Written by the digest; linked to event and error when both are there, whichever came first. */
const FeedbackSchema = defineEntity({
  name: 'Feedback',
  tableName: 'feedback',
  indexes: [{ properties: ['projectId', 'status', 'id'] }, { properties: ['groupId', 'id'] }, { properties: ['status', 'id'] }],
  uniques: [{ properties: ['projectId', 'feedbackId'] }],
  properties: {
    id: serial(),
    projectId: ref(),
    /** 16 bytes. */
    feedbackId: p.blob(),
    /** 16 bytes: the event it says it is about. */
    eventId: p.blob().nullable(),
    /** The error of that event; null until it is found. */
    groupId: ref().nullable(),
    status: p.text().$type<FeedbackStatus>().default('UNREAD'),
    message: p.text(),
    name: p.text().nullable(),
    email: p.text().nullable(),
    url: p.text().nullable(),
    environment: p.text().nullable(),
    release: p.text().nullable(),
    source: p.text(),
    timestamp: moment(),
    receivedAt: moment(),
  },
});
export class Feedback extends FeedbackSchema.class {}
FeedbackSchema.setClass(Feedback);
