import { defineEntity, p } from '@mikro-orm/core';
import { moment, ref } from '../../platform/db/columns.ts';
import { type CategoryQuota, DEFAULT_INBOUND, type InboundSettings } from './inbound-settings.ts';

/** What a project decides for itself about its events. */
export interface ProjectSettings {
  /** Remove client addresses. */
  scrubIpAddresses: boolean;
  scrubEmails: boolean;
  /** The built-in rules: passwords, tokens, keys, card numbers, cookies. */
  scrubDefaults: boolean;
  /** Further field names whose values are removed. */
  sensitiveFields: string[];
  /** Field names that the built-in rules must leave alone. */
  safeFields: string[];
  /** null: no limit. */
  eventsPerMinute: number | null;
  /** Path or module prefixes that are the project's own code, and that are not. */
  inAppInclude: string[];
  inAppExclude: string[];
  /** Most one attached file may have; 0: none are kept. At most 100. */
  attachmentMaxMegabytes: number;
  /** All attached files of the project together; beyond, the oldest go first. */
  attachmentQuotaMegabytes: number;
  /** Days that events, feedback and session counts are kept; 0: until their error is deleted. */
  retentionDays: number;
  /** Filters, quotas by category, spike protection, sampling. */
  inbound: InboundSettings;
}

/** Settings of a new project. */
export const DEFAULT_SETTINGS: ProjectSettings = {
  scrubIpAddresses: false,
  scrubEmails: false,
  scrubDefaults: true,
  sensitiveFields: [],
  safeFields: [],
  eventsPerMinute: null,
  inAppInclude: [],
  inAppExclude: [],
  attachmentMaxMegabytes: 20,
  attachmentQuotaMegabytes: 1024,
  retentionDays: 0,
  inbound: DEFAULT_INBOUND,
};

/** Owner of keys, sources, rules, settings. Integer ids, as Sentry's clients expect. */
const ProjectSchema = defineEntity({
  name: 'Project',
  tableName: 'project',
  properties: {
    id: p.integer().primary().autoincrement(),
    slug: p.text().unique(),
    name: p.text(),
    platform: p.text().nullable(),
    status: p.text().$type<'ACTIVE' | 'ARCHIVED'>().default('ACTIVE'),
    settings: p.json().$type<ProjectSettings>(),
    createdAt: moment(),
    /** Written once by the digest. */
    firstEventAt: moment().nullable(),
    /** Highest `number` given to an error so far, so that a reference is never used twice. Written by the digest only. */
    lastErrorNumber: p.integer().default(0),
  },
});
export class Project extends ProjectSchema.class {}
ProjectSchema.setClass(Project);

/** A key of a project's DSN: lets a client send, nothing else. */
const DsnKeySchema = defineEntity({
  name: 'DsnKey',
  tableName: 'dsn_key',
  indexes: [{ properties: ['projectId'] }],
  properties: {
    id: p.integer().primary().autoincrement(),
    projectId: p.integer(),
    label: p.text(),
    /** 32 lower-case hex digits. */
    publicKey: p.text().unique(),
    status: p.text().$type<'ACTIVE' | 'DISABLED'>().default('ACTIVE'),
    eventsPerMinute: p.integer().nullable(),
    /** Limits of other items than events. */
    quotas: p.json().$type<CategoryQuota[]>().default('[]'),
    createdAt: moment(),
    lastUsedAt: moment().nullable(),
  },
});
export class DsnKey extends DsnKeySchema.class {}
DsnKeySchema.setClass(DsnKey);

/** A version of a project's program, learnt from its events. */
const ReleaseSchema = defineEntity({
  name: 'Release',
  tableName: 'release',
  properties: {
    projectId: ref().primary(),
    version: p.text().primary(),
    firstSeenAt: moment(),
    lastSeenAt: moment(),
    eventCount: p.bigint('number'),
  },
});
export class Release extends ReleaseSchema.class {}
ReleaseSchema.setClass(Release);

/** An environment of a project, learnt from its events. */
const EnvironmentSchema = defineEntity({
  name: 'Environment',
  tableName: 'environment',
  properties: { projectId: ref().primary(), name: p.text().primary(), firstSeenAt: moment() },
});
export class Environment extends EnvironmentSchema.class {}
EnvironmentSchema.setClass(Environment);
