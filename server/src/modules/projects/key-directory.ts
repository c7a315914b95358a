import type { Bus } from '../../platform/bus/bus.ts';
import { type Clock, minutes, seconds } from '../../platform/clock.ts';
import { fromJson } from '../../platform/db/json-column.ts';
import type { Orm } from '../../platform/db/orm.ts';
import type { Sql } from '../../platform/db/sql.ts';
import type { Log } from '../../platform/log.ts';
import { OneAtATime } from '../../platform/one-at-a-time.ts';
import type { CategoryQuota } from './inbound-settings.ts';
import { DsnKey, type ProjectSettings } from './project.entity.ts';
import type {} from './project-events.ts';
import { fullSettings } from './project-settings.ts';

/** A project as ingestion needs it. */
export interface ProjectEntry {
  readonly projectId: number;
  readonly slug: string;
  /** Events for an ARCHIVED project are refused with 403. */
  readonly projectStatus: 'ACTIVE' | 'ARCHIVED';
  /** With the project's own limit, `eventsPerMinute`. */
  readonly settings: ProjectSettings;
}

/** A DSN key as ingestion needs it, with its project. */
export interface KeyEntry extends ProjectEntry {
  readonly keyId: number;
  readonly publicKey: string;
  /** Events by a DISABLED key are refused with 403. */
  readonly status: 'ACTIVE' | 'DISABLED';
  /** The key's own limit, besides the project's; null: none. */
  readonly keyEventsPerMinute: number | null;
  /** Its limits of other items. */
  readonly keyQuotas: readonly CategoryQuota[];
}

interface Row {
  key_id: number | null;
  public_key: string;
  key_status: KeyEntry['status'];
  events_per_minute: number | null;
  quotas: unknown;
  project_id: number;
  slug: string;
  project_status: ProjectEntry['projectStatus'];
  settings: unknown;
}

/** How late other nodes learn of a change; this one learns of it at once. */
const REFRESH_MS = seconds(30);
/** How soon a key that is not known may make us look again: it may have been made by the command line just now. */
const LOOK_AGAIN_MS = seconds(2);
const FLUSH_MS = minutes(1);

/**
 * Every DSN key and project in memory, so that ingestion decides about a request without asking the database. A refresh
 * that fails keeps what is known.
 */
export class KeyDirectory {
  readonly #sql: Sql;
  readonly #orm: Orm;
  readonly #clock: Clock;
  readonly #log: Log;
  #byKey = new Map<string, KeyEntry>();
  #byProject = new Map<number, ProjectEntry>();
  readonly #used = new Map<number, number>();
  /** When a reading last began; undefined while not started. */
  #lookedAt: number | undefined;
  readonly #refreshing = new OneAtATime(
    () => this.#load(),
    (err) => this.#log.warn({ err }, 'could not refresh the DSN keys; keeping those known'),
  );
  readonly #stops: (() => void)[] = [];

  constructor(deps: { sql: Sql; orm: Orm; clock: Clock; bus: Bus; log: Log }) {
    this.#sql = deps.sql;
    this.#orm = deps.orm;
    this.#clock = deps.clock;
    this.#log = deps.log;
    this.#stops.push(deps.bus.subscribe('projectChanged', () => void this.refresh()));
  }

  /** Loads everything and keeps it fresh until {@link close}. @throws the database's error when it cannot be read */
  async start(): Promise<void> {
    await this.#load();
    this.#lookedAt = this.#clock.now();
    const refreshing = setInterval(() => void this.refresh(), REFRESH_MS);
    const flushing = setInterval(() => void this.flush(), FLUSH_MS);
    for (const timer of [refreshing, flushing]) {
      timer.unref();
      this.#stops.push(() => clearInterval(timer));
    }
  }

  /** Stops refreshing and writes what is still to be written. */
  async close(): Promise<void> {
    for (const stop of this.#stops.splice(0)) stop();
    this.#lookedAt = undefined;
    await this.settled();
    await this.flush();
  }

  /**
   * The key with these 32 hex digits, whatever its status; undefined when there is none. A key that another process has
   * just made is not known yet; asking for it makes it so a moment later.
   */
  find(publicKey: string): KeyEntry | undefined {
    const found = this.#byKey.get(publicKey);
    if (found === undefined && this.#lookedAt !== undefined && this.#clock.now() - this.#lookedAt >= LOOK_AGAIN_MS)
      void this.refresh();
    return found;
  }

  /** The project with this id, whatever its status; undefined when there is none. */
  project(projectId: number): ProjectEntry | undefined {
    return this.#byProject.get(projectId);
  }

  /** Notes that a key was used now; written at most once a minute. */
  touch(keyId: number): void {
    this.#used.set(keyId, this.#clock.now());
  }

  /** Reads everything again, after a read under way has ended: that one may have begun before the change. Never rejects. */
  refresh(): Promise<void> {
    return this.#refreshing.run();
  }

  /** Resolves when every change announced so far is known here. */
  settled(): Promise<void> {
    return this.#refreshing.settled();
  }

  /** Writes when keys were last used. */
  async flush(): Promise<void> {
    const used = [...this.#used];
    this.#used.clear();
    if (used.length === 0) return;
    try {
      await this.#orm.em.fork().transactional(async (em) => {
        for (const [id, lastUsedAt] of used) await em.nativeUpdate(DsnKey, { id }, { lastUsedAt });
      });
    } catch (error) {
      this.#log.warn({ err: error }, 'could not write when DSN keys were last used');
    }
  }

  async #load(): Promise<void> {
    if (this.#lookedAt !== undefined) this.#lookedAt = this.#clock.now();
    const rows = await this.#sql.all<Row>(
      `select k.id as key_id, k.public_key, k.status as key_status, k.events_per_minute, k.quotas,
         p.id as project_id, p.slug, p.status as project_status, p.settings
       from project p left join dsn_key k on k.project_id = p.id`,
    );
    const byProject = new Map<number, ProjectEntry>();
    const byKey = new Map<string, KeyEntry>();
    for (const row of rows) {
      const project = byProject.get(row.project_id) ?? projectEntry(row);
      byProject.set(project.projectId, project);
      if (row.key_id === null) continue;
      byKey.set(row.public_key, {
        ...project,
        keyId: row.key_id,
        publicKey: row.public_key,
        status: row.key_status,
        keyEventsPerMinute: row.events_per_minute,
        keyQuotas: fromJson<CategoryQuota[] | null>(row.quotas) ?? [],
      });
    }
    this.#byProject = byProject;
    this.#byKey = byKey;
  }
}

function projectEntry(row: Row): ProjectEntry {
  const settings = fromJson<Partial<ProjectSettings> | null>(row.settings);
  return { projectId: row.project_id, slug: row.slug, projectStatus: row.project_status, settings: fullSettings(settings) };
}
