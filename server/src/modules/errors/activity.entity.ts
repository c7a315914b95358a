import { defineEntity, p } from '@mikro-orm/core';
import { moment, ref, serial } from '../../platform/db/columns.ts';

/** One line of an error's history. `kind`: created, regressed, resolved, unresolved, archived, assigned, commented, deleted, undone… */
const ActivitySchema = defineEntity({
  name: 'Activity',
  tableName: 'activity',
  indexes: [{ properties: ['groupId', 'id'] }],
  properties: {
    id: serial(),
    groupId: ref(),
    kind: p.text(),
    /** Name shown: a person, a token, or `system`. */
    actor: p.text(),
    userId: ref().nullable(),
    data: p.json().$type<Record<string, unknown>>(),
    at: moment(),
  },
});
export class Activity extends ActivitySchema.class {}
ActivitySchema.setClass(Activity);

/** A comment on an error; Markdown. */
const CommentSchema = defineEntity({
  name: 'Comment',
  tableName: 'comment',
  indexes: [{ properties: ['groupId', 'id'] }],
  properties: {
    id: serial(),
    groupId: ref(),
    userId: ref().nullable(),
    authorName: p.text(),
    body: p.text(),
    createdAt: moment(),
    editedAt: moment().nullable(),
  },
});
export class Comment extends CommentSchema.class {}
CommentSchema.setClass(Comment);

/** What a bulk change was before, kept for ten minutes. */
const UndoEntrySchema = defineEntity({
  name: 'UndoEntry',
  tableName: 'undo_entry',
  properties: {
    token: p.text().primary(),
    userId: ref().nullable(),
    kind: p.text(),
    expiresAt: moment(),
    /** Former values per error id, and what they were changed to (a later change by somebody else is not undone). */
    before: p.json().$type<Record<string, unknown>[]>(),
  },
});
export class UndoEntry extends UndoEntrySchema.class {}
UndoEntrySchema.setClass(UndoEntry);
