import { defineEntity, p } from '@mikro-orm/core';
import { moment, ref, serial } from '../../platform/db/columns.ts';
import type { LEVELS } from '../detection/normalized-event.ts';

export const STATUSES = ['NEW', 'ONGOING', 'ESCALATING', 'REGRESSED', 'ARCHIVED', 'RESOLVED'] as const;
export type ErrorStatus = (typeof STATUSES)[number];

/** A group of like events: what a person resolves. Written by the digest (counts, seen times) and the errors service (status, assignee). */
const ErrorGroupSchema = defineEntity({
  name: 'ErrorGroup',
  tableName: 'error_group',
  indexes: [
    // deletedAt and projectId at the end: counting and paging by the usual filters then read the index alone (a tenth of the time).
    { properties: ['projectId', 'status', 'lastSeenAt', 'id', 'deletedAt'] },
    { properties: ['status', 'lastSeenAt', 'id', 'deletedAt', 'projectId'] },
    { properties: ['lastSeenAt', 'id', 'deletedAt', 'projectId'] },
    { properties: ['projectId', 'firstSeenAt', 'id'] },
  ],
  uniques: [{ properties: ['projectId', 'number'] }],
  properties: {
    id: serial(),
    projectId: ref(),
    /** Counts up inside the project; the human reference is SLUG-number. */
    number: p.integer(),
    title: p.text(),
    type: p.text().nullable(),
    value: p.text().nullable(),
    culprit: p.text().nullable(),
    messageTemplate: p.text().nullable(),
    level: p.text().$type<(typeof LEVELS)[number]>(),
    status: p.text().$type<ErrorStatus>(),
    platform: p.text(),
    handled: p.boolean().nullable(),
    firstSeenAt: moment(),
    lastSeenAt: moment(),
    eventCount: p.bigint('number').default(0),
    userCount: p.bigint('number').default(0),
    firstRelease: p.text().nullable(),
    lastRelease: p.text().nullable(),
    assigneeId: ref().nullable(),
    resolvedAt: moment().nullable(),
    resolvedById: ref().nullable(),
    resolvedInRelease: p.text().nullable(),
    archivedUntilAt: moment().nullable(),
    commentCount: p.integer().default(0),
    /** Set while a deletion can still be undone; hidden everywhere. */
    deletedAt: moment().nullable(),
    updatedAt: moment(),
  },
});

export class ErrorGroup extends ErrorGroupSchema.class {}
ErrorGroupSchema.setClass(ErrorGroup);

/** Which fingerprint leads to which group. Several may lead to one (after a merge, or over grouping versions). */
const GroupingSchema = defineEntity({
  name: 'Grouping',
  tableName: 'grouping',
  indexes: [{ properties: ['groupId'] }],
  properties: {
    projectId: ref().primary(),
    /** Hex digest of the fingerprint, its grouping version inside. */
    hash: p.text().primary(),
    version: p.text(),
    groupId: ref(),
    /** The reasons, for people: what went into the hash and what was left out. */
    why: p.json().$type<string[]>(),
  },
});

export class Grouping extends GroupingSchema.class {}
GroupingSchema.setClass(Grouping);
