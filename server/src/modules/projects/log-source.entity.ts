import { defineEntity, p } from '@mikro-orm/core';
import { moment } from '../../platform/db/columns.ts';

/** Where reading begins in files that are there when a source is first watched. Files that appear later are read whole. */
export const LOG_STARTS = ['BEGINNING', 'END', 'LAST_LINES'] as const;
export type LogStart = (typeof LOG_STARTS)[number];

/** How changes are noticed. AUTO: the system tells, and a poll backs it. ALWAYS: only polls, as network file systems need. */
export const LOG_POLLINGS = ['AUTO', 'ALWAYS'] as const;
export type LogPolling = (typeof LOG_POLLINGS)[number];

/** Who reads the files: this server, or `errata tail --source` on another machine. */
export const LOG_WATCHERS = ['SERVER', 'AGENT'] as const;
export type LogWatcher = (typeof LOG_WATCHERS)[number];

/** Log files of a project in which errors are looked for. */
const LogSourceSchema = defineEntity({
  name: 'LogSource',
  tableName: 'log_source',
  indexes: [{ properties: ['projectId'] }],
  properties: {
    id: p.integer().primary().autoincrement(),
    projectId: p.integer(),
    name: p.text(),
    /** Absolute paths; `*`, `?`, `[…]`, `{…,…}` within a name, `**` for any folders. */
    globs: p.json().$type<string[]>(),
    /** Globs of what is left out; one without a slash goes for the name alone. */
    exclusions: p.json().$type<string[]>(),
    startAt: p.text().$type<LogStart>().default('END'),
    /** For LAST_LINES. */
    startLines: p.integer().default(0),
    /** `auto` or the name of an encoding. */
    encoding: p.text().default('auto'),
    /** What other programs wrote around each line: `auto`, `none`, or the name of a wrapper. */
    wrapper: p.text().default('auto'),
    /** IANA name or offset for times that do not say theirs; null: UTC. */
    timeZone: p.text().nullable(),
    /** Whether the project's own patterns are looked for, too. */
    patternsEnabled: p.boolean().default(true),
    /** Lines below it never become events. */
    minLevel: p.text().$type<'info' | 'warning' | 'error' | 'fatal'>().default('error'),
    /** Whether single lines at such a level are events, or only stack traces and patterns. */
    errorLines: p.boolean().default(true),
    environment: p.text().nullable(),
    release: p.text().nullable(),
    tags: p.json().$type<Record<string, string>>(),
    polling: p.text().$type<LogPolling>().default('AUTO'),
    pollIntervalMs: p.integer().default(500),
    /** After so long without a new line an open event is finished. */
    flushAfterMs: p.integer().default(1000),
    enabled: p.boolean().default(true),
    watcher: p.text().$type<LogWatcher>().default('SERVER'),
    createdAt: moment(),
    /** Counts the changes: who follows it sees that it has to begin anew. */
    revision: p.integer().default(1),
    /** Deleted, and not yet for good: it can be restored for a day. */
    deletedAt: moment().nullable(),
  },
});
export class LogSource extends LogSourceSchema.class {}
LogSourceSchema.setClass(LogSource);
