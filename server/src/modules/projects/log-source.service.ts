import type { Bus } from '../../platform/bus/bus.ts';
import { type Clock, days } from '../../platform/clock.ts';
import type { Orm } from '../../platform/db/orm.ts';
import { Done, NotFoundRefusal, ValidationRefusal } from '../../platform/graphql/refusals.ts';
import type { Actor } from '../access/actor.ts';
import { parseId } from '../access/input.ts';
import type { LogPaths } from './log-paths.ts';
import { LogSource } from './log-source.entity.ts';
import { changedLogSource, type LogSourceChanges, type LogSourceSettings } from './log-source-settings.ts';
import { DEFAULT_LOG_SOURCE } from './log-source-values.ts';
import { Project } from './project.entity.ts';

declare module '../../platform/bus/bus.ts' {
  interface BusEvents {
    /** A log source was made, changed, deleted or restored. */
    logSourceChanged: { readonly projectId: number; readonly sourceId: number };
  }
}

const MAX_SOURCES = 200;
/** How long a deleted source can be restored, with its positions. */
export const RESTORABLE_MS = days(1);

/** Log files of projects in which errors are looked for. Reading them is the detection room's. */
export class LogSourceService {
  readonly #orm: Orm;
  readonly #clock: Clock;
  readonly #bus: Bus;
  readonly paths: LogPaths;

  constructor(deps: { orm: Orm; clock: Clock; bus: Bus; paths: LogPaths }) {
    this.#orm = deps.orm;
    this.#clock = deps.clock;
    this.#bus = deps.bus;
    this.paths = deps.paths;
  }

  /** The sources of each project, by name, in the order asked for. Decides nothing about who may see them. */
  async sourcesOf(projectIds: readonly number[]): Promise<LogSource[][]> {
    const where = { projectId: { $in: [...projectIds] }, deletedAt: null };
    const sources = await this.#orm.em.fork().find(LogSource, where, { orderBy: { name: 'asc', id: 'asc' } });
    return projectIds.map((projectId) => sources.filter((source) => source.projectId === projectId));
  }

  /** One source; null when there is none or the actor may not see it. @throws Failure FORBIDDEN without projects:read */
  async find(actor: Actor, id: string): Promise<LogSource | null> {
    actor.demand('projects:read');
    const sourceId = parseId(id);
    const source = sourceId === null ? null : await this.#orm.em.fork().findOne(LogSource, { id: sourceId, deletedAt: null });
    return source && actor.can('projects:read', source.projectId) ? source : null;
  }

  /** What this server has to watch: enabled, of active projects. For the tail. */
  async watchedHere(): Promise<LogSource[]> {
    const em = this.#orm.em.fork();
    const sources = await em.find(LogSource, { enabled: true, watcher: 'SERVER', deletedAt: null }, { orderBy: { id: 'asc' } });
    const ids = [...new Set(sources.map(({ projectId }) => projectId))];
    const active = new Set((await em.find(Project, { id: { $in: ids }, status: 'ACTIVE' })).map(({ id }) => id));
    return sources.filter(({ projectId }) => active.has(projectId));
  }

  /** Ids of all sources that exist or can be restored; positions of others may be forgotten. Removes the others. */
  async sweep(): Promise<Set<number>> {
    const em = this.#orm.em.fork();
    await em.nativeDelete(LogSource, { deletedAt: { $lt: this.#clock.now() - RESTORABLE_MS } });
    return new Set((await em.find(LogSource, {}, { fields: ['id'] })).map(({ id }) => id));
  }

  /** Makes a source. @throws Failure FORBIDDEN without projects:write */
  async create(
    actor: Actor,
    projectId: string,
    changes: LogSourceChanges,
  ): Promise<LogSource | ValidationRefusal | NotFoundRefusal> {
    const em = this.#orm.em.fork();
    const project = await this.#project(actor, em, projectId);
    if (project === null) return noSuchProject();
    const settings = this.#settings(changes);
    if (settings instanceof ValidationRefusal) return settings;
    if ((await em.count(LogSource, { projectId: project.id, deletedAt: null })) >= MAX_SOURCES)
      return new ValidationRefusal('TOO_MANY', `At most ${MAX_SOURCES} log sources a project.`);
    const own = { projectId: project.id, enabled: true, createdAt: this.#clock.now(), revision: 1, deletedAt: null };
    const source = em.create(LogSource, { ...settings, ...own });
    await em.persist(source).flush();
    this.#changed(source);
    return source;
  }

  /** Settings as they would be kept, for a dry run. @throws Failure FORBIDDEN without projects:write */
  async draft(
    actor: Actor,
    projectId: string,
    changes: LogSourceChanges,
  ): Promise<{ projectId: number; settings: LogSourceSettings } | ValidationRefusal | NotFoundRefusal> {
    const project = await this.#project(actor, this.#orm.em.fork(), projectId);
    if (project === null) return noSuchProject();
    const settings = this.#settings({ ...changes, name: changes.name?.trim() || 'draft' });
    return settings instanceof ValidationRefusal ? settings : { projectId: project.id, settings };
  }

  /** Changes a source. @throws Failure FORBIDDEN without projects:write */
  async update(actor: Actor, id: string, changes: LogSourceChanges): Promise<LogSource | ValidationRefusal | NotFoundRefusal> {
    const em = this.#orm.em.fork();
    const source = await this.#forWriting(actor, em, id);
    if (!source || source.deletedAt != null) return noSuchSource();
    const settings = changedLogSource(source, changes, this.paths);
    if (settings instanceof ValidationRefusal) return settings;
    em.assign(source, { ...settings, revision: source.revision + 1 });
    await em.flush();
    this.#changed(source);
    return source;
  }

  /** Stops watching, or goes on where it stopped. @throws Failure FORBIDDEN without projects:write */
  async setEnabled(actor: Actor, id: string, enabled: boolean): Promise<LogSource | NotFoundRefusal> {
    const em = this.#orm.em.fork();
    const source = await this.#forWriting(actor, em, id);
    if (!source || source.deletedAt != null) return noSuchSource();
    if (source.enabled !== enabled) em.assign(source, { enabled, revision: source.revision + 1 });
    await em.flush();
    this.#changed(source);
    return source;
  }

  /** Deletes a source; {@link restore} takes it back for a day. Its errors stay. @throws Failure FORBIDDEN */
  async remove(actor: Actor, id: string): Promise<Done | NotFoundRefusal> {
    const em = this.#orm.em.fork();
    const source = await this.#forWriting(actor, em, id);
    if (!source || source.deletedAt != null) return noSuchSource();
    source.deletedAt = this.#clock.now();
    await em.flush();
    this.#changed(source);
    return new Done();
  }

  /** Takes a deletion back; reading goes on where it stopped. @throws Failure FORBIDDEN without projects:write */
  async restore(actor: Actor, id: string): Promise<LogSource | NotFoundRefusal> {
    const em = this.#orm.em.fork();
    const source = await this.#forWriting(actor, em, id);
    if (!source) return noSuchSource();
    if (source.deletedAt != null) em.assign(source, { deletedAt: null, revision: source.revision + 1 });
    await em.flush();
    this.#changed(source);
    return source;
  }

  #settings(changes: LogSourceChanges): LogSourceSettings | ValidationRefusal {
    return changedLogSource({ ...DEFAULT_LOG_SOURCE, name: '', globs: [] }, changes, this.paths);
  }

  async #project(actor: Actor, em: Orm['em'], id: string): Promise<Project | null> {
    actor.demand('projects:write');
    const projectId = parseId(id);
    if (projectId === null || !actor.can('projects:write', projectId)) return null;
    return em.findOne(Project, { id: projectId });
  }

  async #forWriting(actor: Actor, em: Orm['em'], id: string): Promise<LogSource | null> {
    actor.demand('projects:write');
    const sourceId = parseId(id);
    const source = sourceId === null ? null : await em.findOne(LogSource, { id: sourceId });
    return source && actor.can('projects:write', source.projectId) ? source : null;
  }

  #changed({ projectId, id }: LogSource): void {
    this.#bus.publish('logSourceChanged', { projectId, sourceId: id });
  }
}

const noSuchSource = () => new NotFoundRefusal('There is no such log source.');
const noSuchProject = () => new NotFoundRefusal('There is no such project.');
