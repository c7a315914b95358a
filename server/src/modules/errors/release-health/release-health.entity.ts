import { defineEntity, p } from '@mikro-orm/core';
import { moment, ref } from '../../../platform/db/columns.ts';

/** Sessions of a release by the hour they began in. `environment`: empty if none is named. */
const ReleaseHourSchema = defineEntity({
  name: 'ReleaseHour',
  tableName: 'release_hour',
  properties: {
    projectId: ref().primary(),
    hour: moment().primary(),
    release: p.text().primary(),
    environment: p.text().primary(),
    sessionCount: p.bigint('number'),
    /** With errors, but neither crashed nor abnormal. */
    erroredCount: p.bigint('number'),
    abnormalCount: p.bigint('number'),
    crashedCount: p.bigint('number'),
  },
});
export class ReleaseHour extends ReleaseHourSchema.class {}
ReleaseHourSchema.setClass(ReleaseHour);

/** Users of a release by the day (UTC) their sessions began on: exact, counted over {@link ReleaseUser}. */
const ReleaseDaySchema = defineEntity({
  name: 'ReleaseDay',
  tableName: 'release_day',
  properties: {
    projectId: ref().primary(),
    day: moment().primary(),
    release: p.text().primary(),
    environment: p.text().primary(),
    userCount: p.bigint('number'),
    crashedUserCount: p.bigint('number'),
  },
});
export class ReleaseDay extends ReleaseDaySchema.class {}
ReleaseDaySchema.setClass(ReleaseDay);

/** Who used a release on a day; kept as long as sessions of that day can still change, then only their number is. */
const ReleaseUserSchema = defineEntity({
  name: 'ReleaseUser',
  tableName: 'release_user',
  properties: {
    projectId: ref().primary(),
    day: moment().primary(),
    release: p.text().primary(),
    environment: p.text().primary(),
    userHash: p.text().primary(),
    /** 1: one of their sessions crashed. */
    crashed: p.integer(),
  },
});
export class ReleaseUser extends ReleaseUserSchema.class {}
ReleaseUserSchema.setClass(ReleaseUser);

/**
 * A session that was counted, as it stands, so that a later update corrects it and the same one changes nothing. Also what
 * was counted by clients, by its identity alone (`state` -1). See {@link SessionWindow} for how long.
 */
const ReleaseSessionSchema = defineEntity({
  name: 'ReleaseSession',
  tableName: 'release_session',
  indexes: [{ properties: ['projectId', 'startedAt'] }],
  properties: {
    projectId: ref().primary(),
    /** 16 bytes. */
    sessionId: p.blob().primary(),
    sequence: p.bigint('number'),
    /** Index in SESSION_STATES. */
    state: p.integer(),
    release: p.text(),
    environment: p.text(),
    startedAt: moment(),
    userHash: p.text().nullable(),
  },
});
export class ReleaseSession extends ReleaseSessionSchema.class {}
ReleaseSessionSchema.setClass(ReleaseSession);

/** What is remembered of a project's sessions: how many, and up to which start they are forgotten (and refused). */
const SessionWindowSchema = defineEntity({
  name: 'SessionWindow',
  tableName: 'session_window',
  properties: { projectId: ref().primary(), kept: p.bigint('number'), forgottenUpTo: moment() },
});
export class SessionWindow extends SessionWindowSchema.class {}
SessionWindowSchema.setClass(SessionWindow);
