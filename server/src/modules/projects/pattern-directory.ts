import type { Bus } from '../../platform/bus/bus.ts';
import { seconds } from '../../platform/clock.ts';
import { fromJson } from '../../platform/db/json-column.ts';
import type { Sql } from '../../platform/db/sql.ts';
import type { Log } from '../../platform/log.ts';
import { OneAtATime } from '../../platform/one-at-a-time.ts';
import { compilePatterns, NO_PATTERNS } from '../analysis/patterns/compile.ts';
import type { PatternDefinition } from '../analysis/patterns/definition.ts';
import type { PatternMatcher } from '../analysis/patterns/matcher.ts';
import type { PatternBody } from './pattern.entity.ts';
import { definitionOf } from './pattern-definition.ts';
import type {} from './pattern-events.ts';

interface Row {
  id: number;
  project_id: number;
  name: string;
  enabled: boolean | number;
  body: unknown;
}

interface Entry {
  readonly definitions: readonly PatternDefinition[];
  /** Compiled when first asked for: most projects have no log to watch. */
  matcher: PatternMatcher | undefined;
}

/** How late other nodes, and changes by the command line, are learnt of; changes on this node are known at once. */
const REFRESH_MS = seconds(15);

/**
 * Every project's patterns in memory, so that watchers of logs ask without waiting. A set that did not change keeps its
 * matcher, so whoever holds one compares by identity. A refresh that fails keeps what is known.
 */
export class PatternDirectory {
  readonly #sql: Sql;
  readonly #bus: Bus;
  readonly #log: Log;
  readonly #entries = new Map<number, Entry>();
  #versions = new Map<number, string>();
  readonly #refreshing = new OneAtATime(
    () => this.#load(),
    (err) => this.#log.warn({ err }, 'could not refresh the patterns; keeping those known'),
  );
  #timer: NodeJS.Timeout | undefined;

  constructor(deps: { sql: Sql; bus: Bus; log: Log }) {
    this.#sql = deps.sql;
    this.#bus = deps.bus;
    this.#log = deps.log;
  }

  /** Loads everything and keeps it fresh until {@link close}. @throws the database's error when it cannot be read */
  async start(): Promise<void> {
    await this.#load();
    this.#timer = setInterval(() => void this.refresh(), REFRESH_MS);
    this.#timer.unref();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#refreshing.settled();
  }

  /** The project's enabled patterns, compiled; the same object until they change. */
  patternsOf(projectId: number): PatternMatcher {
    const entry = this.#entries.get(projectId);
    if (entry === undefined) return NO_PATTERNS;
    entry.matcher ??= compilePatterns(entry.definitions);
    return entry.matcher;
  }

  /** The project's patterns in their order, those that are off too: for agents, which compile them themselves. */
  definitionsOf(projectId: number): readonly PatternDefinition[] {
    return this.#entries.get(projectId)?.definitions ?? [];
  }

  /** A word that changes with the project's patterns; '' when it has none. */
  versionOf(projectId: number): string {
    return this.#versions.get(projectId) ?? '';
  }

  /** Looks for changes, after a look under way has ended: that one may have begun before the change. Never rejects. */
  refresh(): Promise<void> {
    return this.#refreshing.run();
  }

  async #load(): Promise<void> {
    const rows = await this.#sql.all<{ project_id: number; n: number; latest: number; newest: number }>(
      'select project_id, count(*) as n, max(updated_at) as latest, max(id) as newest from pattern group by project_id',
    );
    const versions = new Map(
      rows.map((row) => [Number(row.project_id), `${Number(row.n)}.${Number(row.latest)}.${Number(row.newest)}`]),
    );
    const ids = new Set([...versions.keys(), ...this.#versions.keys()]);
    const changed = [...ids].filter((id) => versions.get(id) !== this.#versions.get(id));
    const present = changed.filter((id) => versions.has(id));
    const loaded = new Map<number, PatternDefinition[]>();
    if (present.length > 0) {
      const marks = present.map(() => '?').join(', ');
      const patterns = await this.#sql.all<Row>(
        `select id, project_id, name, enabled, body from pattern where project_id in (${marks}) order by project_id, position, id`,
        present,
      );
      for (const row of patterns) {
        const body = fromJson<PatternBody>(row.body);
        const definition = definitionOf({ id: Number(row.id), name: row.name, enabled: Boolean(row.enabled), body });
        const project = Number(row.project_id);
        loaded.set(project, [...(loaded.get(project) ?? []), definition]);
      }
    }
    for (const id of changed) {
      const definitions = loaded.get(id);
      if (definitions === undefined) this.#entries.delete(id);
      else this.#entries.set(id, { definitions, matcher: undefined });
    }
    this.#versions = versions;
    for (const projectId of changed) this.#bus.publish('patternsChanged', { projectId });
  }
}
