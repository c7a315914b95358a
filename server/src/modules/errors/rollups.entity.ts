import { defineEntity, p } from '@mikro-orm/core';
import { moment, ref } from '../../platform/db/columns.ts';

/** Counts per tag value of an error; also answers "which errors were seen in environment X". At most 200 values a key. */
const ErrorTagSchema = defineEntity({
  name: 'ErrorTag',
  tableName: 'error_tag',
  indexes: [{ properties: ['key', 'value', 'groupId'] }],
  properties: {
    groupId: ref().primary(),
    key: p.text().primary(),
    value: p.text().primary(),
    eventCount: p.bigint('number'),
    lastSeenAt: moment(),
  },
});
export class ErrorTag extends ErrorTagSchema.class {}
ErrorTagSchema.setClass(ErrorTag);

/** Users an error has hurt: 8-byte hash of the most stable identifier the event has. */
const ErrorUserSchema = defineEntity({
  name: 'ErrorUser',
  tableName: 'error_user',
  properties: { groupId: ref().primary(), userHash: p.text().primary() },
});
export class ErrorUser extends ErrorUserSchema.class {}
ErrorUserSchema.setClass(ErrorUser);

/** Events of an error per hour: sparklines and trends. */
const ErrorHourSchema = defineEntity({
  name: 'ErrorHour',
  tableName: 'error_hour',
  properties: { groupId: ref().primary(), hour: moment().primary(), eventCount: p.bigint('number') },
});
export class ErrorHour extends ErrorHourSchema.class {}
ErrorHourSchema.setClass(ErrorHour);

/** Events of a project per minute and level, kept for two days: the live charts. */
const ProjectMinuteSchema = defineEntity({
  name: 'ProjectMinute',
  tableName: 'project_minute',
  properties: {
    minute: moment().primary(),
    projectId: ref().primary(),
    level: p.text().primary(),
    eventCount: p.bigint('number'),
  },
});
export class ProjectMinute extends ProjectMinuteSchema.class {}
ProjectMinuteSchema.setClass(ProjectMinute);

/** Events of a project per hour and level. */
const ProjectHourSchema = defineEntity({
  name: 'ProjectHour',
  tableName: 'project_hour',
  properties: {
    hour: moment().primary(),
    projectId: ref().primary(),
    level: p.text().primary(),
    eventCount: p.bigint('number'),
  },
});
export class ProjectHour extends ProjectHourSchema.class {}
ProjectHourSchema.setClass(ProjectHour);

/**
 * The digest's place in the ingest log; moves in the same transaction as the events before it. One row, id 1.
 * The rest says how far the counters by tag, user and hour have come, which are written less often than events (see
 * `digest/sqlite-counters.ts`).
 */
const DigestStateSchema = defineEntity({
  name: 'DigestState',
  tableName: 'digest_state',
  properties: {
    id: p.integer().primary(),
    logPosition: p.bigint('number'),
    countedId: p.bigint('number').default(0),
    countingId: p.bigint('number').default(0),
    countingGroup: p.bigint('number').default(0),
  },
});
export class DigestState extends DigestStateSchema.class {}
DigestStateSchema.setClass(DigestState);
