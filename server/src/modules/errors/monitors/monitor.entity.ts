import { defineEntity, p } from '@mikro-orm/core';
import { moment, ref, serial } from '../../../platform/db/columns.ts';

/** How runs of a monitor stand in one environment. */
export const RUN_STATES = ['WAITING', 'OK', 'MISSED', 'TIMEOUT', 'FAILED'] as const;
/** One of {@link RUN_STATES}. WAITING: nothing has reported yet. */
export type RunState = (typeof RUN_STATES)[number];

/** What became of a run. UNKNOWN: it may have reported while the server was not there to hear. */
export const CHECK_IN_STATUSES = ['IN_PROGRESS', 'OK', 'FAILED', 'MISSED', 'TIMEOUT', 'UNKNOWN'] as const;
/** One of {@link CHECK_IN_STATUSES}. */
export type CheckInStatus = (typeof CHECK_IN_STATUSES)[number];

/** A job that is meant to run by a schedule. Made by its own check-ins or by hand. */
const MonitorSchema = defineEntity({
  name: 'Monitor',
  tableName: 'monitor',
  uniques: [{ properties: ['projectId', 'slug'] }],
  properties: {
    id: serial(),
    projectId: ref(),
    slug: p.text(),
    name: p.text(),
    scheduleType: p.text().$type<'crontab' | 'interval'>(),
    /** A crontab, or the number of units. */
    schedule: p.text(),
    intervalUnit: p.text().nullable(),
    timezone: p.text(),
    marginMinutes: p.integer(),
    maxRuntimeMinutes: p.integer(),
    /** Failed runs in a row that make an error, and good ones that end it. */
    failureThreshold: p.integer(),
    recoveryThreshold: p.integer(),
    /** CODE: its check-ins say how it is meant to be, and change it. */
    origin: p.text().$type<'CODE' | 'HAND'>(),
    /** 1: nothing is expected of it and nothing is judged. */
    paused: p.integer().default(0),
    /** 1: judged, but no errors are made. */
    muted: p.integer().default(0),
    createdAt: moment(),
    updatedAt: moment(),
  },
});
export class Monitor extends MonitorSchema.class {}
MonitorSchema.setClass(Monitor);

/** A monitor in one environment: what is judged, each by itself. */
const MonitorEnvironmentSchema = defineEntity({
  name: 'MonitorEnvironment',
  tableName: 'monitor_environment',
  uniques: [{ properties: ['monitorId', 'name'] }],
  indexes: [{ properties: ['nextExpectedAt'] }],
  properties: {
    id: serial(),
    monitorId: ref(),
    projectId: ref(),
    name: p.text(),
    state: p.text().$type<RunState>(),
    lastCheckInAt: moment().nullable(),
    lastOkAt: moment().nullable(),
    /** The run that is waited for; null when none is. */
    nextExpectedAt: moment().nullable(),
    failuresInRow: p.integer().default(0),
    okInRow: p.integer().default(0),
    /** The incident that is open, if one is. */
    incidentId: ref().nullable(),
    createdAt: moment(),
  },
});
export class MonitorEnvironment extends MonitorEnvironmentSchema.class {}
MonitorEnvironmentSchema.setClass(MonitorEnvironment);

/** One run, as far as it is known. */
const MonitorCheckInSchema = defineEntity({
  name: 'MonitorCheckIn',
  tableName: 'monitor_check_in',
  indexes: [
    { properties: ['environmentId', 'startedAt'] },
    { properties: ['environmentId', 'endedAt'] },
    { properties: ['monitorId', 'startedAt'] },
    { properties: ['projectId', 'checkInId'] },
    { properties: ['timeoutAt'] },
    { properties: ['reportState'] },
  ],
  properties: {
    id: serial(),
    projectId: ref(),
    monitorId: ref(),
    environmentId: ref(),
    /** 32 hex digits: the client's, or ours. */
    checkInId: p.text(),
    /** The record that ended it, when that named no check-in. */
    endedBy: p.text().nullable(),
    status: p.text().$type<CheckInStatus>(),
    /** When it began as far as is known; of a missed run when it was expected. */
    startedAt: moment(),
    endedAt: moment().nullable(),
    durationMs: p.bigint('number').nullable(),
    expectedAt: moment().nullable(),
    /** Set while in progress. */
    timeoutAt: moment().nullable(),
    release: p.text().nullable(),
    traceId: p.text().nullable(),
    incidentId: ref().nullable(),
    /** Of the event made of it: null none, PENDING to be made, DONE. */
    reportState: p.text().$type<'PENDING' | 'DONE'>().nullable(),
  },
});
export class MonitorCheckIn extends MonitorCheckInSchema.class {}
MonitorCheckInSchema.setClass(MonitorCheckIn);

/** From the failed run that reached the threshold to the good one that ended it. */
const MonitorIncidentSchema = defineEntity({
  name: 'MonitorIncident',
  tableName: 'monitor_incident',
  indexes: [{ properties: ['environmentId', 'id'] }, { properties: ['settleState'] }],
  properties: {
    id: serial(),
    projectId: ref(),
    monitorId: ref(),
    environmentId: ref(),
    startedAt: moment(),
    recoveredAt: moment().nullable(),
    /** What is to be done to its errors after recovery: null nothing yet, PENDING, DONE. */
    settleState: p.text().$type<'PENDING' | 'DONE'>().nullable(),
  },
});
export class MonitorIncident extends MonitorIncidentSchema.class {}
MonitorIncidentSchema.setClass(MonitorIncident);

/** Up to when monitors are judged, so that the time in which nobody judged is known after a start. One row, id 1. */
const MonitorClockSchema = defineEntity({
  name: 'MonitorClock',
  tableName: 'monitor_clock',
  properties: {
    id: p.integer().primary(),
    judgedUpTo: moment(),
    /** Times in which nobody listened, latest last: JSON of `{ from, to }`. */
    blinds: p.text(),
  },
});
export class MonitorClock extends MonitorClockSchema.class {}
MonitorClockSchema.setClass(MonitorClock);
