import { UniqueConstraintViolationException } from '@mikro-orm/core';
import type DataLoader from 'dataloader';
import type { Bus } from '../../platform/bus/bus.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Orm } from '../../platform/db/orm.ts';
import type { Sql } from '../../platform/db/sql.ts';
import { Failure } from '../../platform/errors.ts';
import { ConflictRefusal, NotFoundRefusal, ValidationRefusal } from '../../platform/graphql/refusals.ts';
import type { Actor } from '../access/actor.ts';
import { batched } from '../access/batched.ts';
import { cleanLine, parseId } from '../access/input.ts';
import type { DsnKeyService } from './dsn-key.service.ts';
import type { KeyDirectory } from './key-directory.ts';
import { DEFAULT_SETTINGS, Environment, Project } from './project.entity.ts';
import type {} from './project-events.ts';
import { changedSettings, type SettingsChanges } from './project-settings.ts';
import { freeSlug, isSlug, slugOf } from './slug.ts';

const MAX_RELEASES = 500;
const MAX_ENVIRONMENTS = 500;

/** A project to be made, as typed in. Without a slug one is made of the name. */
export interface NewProject {
  readonly name: string;
  readonly slug?: string | null;
  /** What it runs on, in Sentry's words (`node`, `python-django`, …): chooses the set-up snippet. */
  readonly platform?: string | null;
}

/** Changes to a project; absent or null: left alone (a null `platform` forgets it). */
export interface ProjectChanges extends Partial<Omit<NewProject, 'name'>> {
  readonly name?: string | null;
  readonly settings?: SettingsChanges | null;
}

/** A version of a project's program and when it was heard of. Times: ms. */
export interface ReleaseSummary {
  readonly projectId: number;
  readonly version: string;
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly eventCount: number;
}

/** Projects: owners of keys, releases, environments and settings. */
export class ProjectService {
  readonly #orm: Orm;
  readonly #sql: Sql;
  readonly #clock: Clock;
  readonly #bus: Bus;
  readonly #keys: DsnKeyService;
  readonly #directory: KeyDirectory;

  constructor(deps: { orm: Orm; sql: Sql; clock: Clock; bus: Bus; keys: DsnKeyService; directory: KeyDirectory }) {
    this.#orm = deps.orm;
    this.#sql = deps.sql;
    this.#clock = deps.clock;
    this.#bus = deps.bus;
    this.#keys = deps.keys;
    this.#directory = deps.directory;
  }

  /** The projects the actor may see, by name. @throws Failure FORBIDDEN without projects:read */
  async list(actor: Actor, includeArchived = false): Promise<Project[]> {
    actor.demand('projects:read');
    const seen = actor.projectIds === 'all' ? {} : { id: { $in: [...actor.projectIds] } };
    const live = includeArchived ? {} : { status: 'ACTIVE' as const };
    return this.#orm.em.fork().find(Project, { ...seen, ...live }, { orderBy: { name: 'asc', id: 'asc' } });
  }

  /** One project by id or slug, archived or not; null when there is none or the actor may not see it. */
  async find(actor: Actor, key: { id?: string | null; slug?: string | null }): Promise<Project | null> {
    actor.demand('projects:read');
    const id = key.id == null ? null : parseId(key.id);
    if (key.id != null && id === null) return null;
    if (id === null && key.slug == null) return null;
    const where = { ...(id === null ? {} : { id }), ...(key.slug == null ? {} : { slug: key.slug }) };
    const project = await this.#orm.em.fork().findOne(Project, where);
    return project && actor.can('projects:read', project.id) ? project : null;
  }

  /** Projects in the order asked for, null where there is none. For other rooms: decides nothing about who may see them. */
  async projectsByIds(ids: readonly number[]): Promise<(Project | null)[]> {
    const projects = await this.#orm.em.fork().find(Project, { id: { $in: [...ids] } });
    const byId = new Map(projects.map((project) => [project.id, project]));
    return ids.map((id) => byId.get(id) ?? null);
  }

  /** {@link projectsByIds}, batched within one request. `loaders` is the request context's. */
  loader(loaders: Map<string, unknown>): DataLoader<number, Project | null> {
    return batched(loaders, 'projects.projects', (ids: readonly number[]) => this.projectsByIds(ids));
  }

  /** Makes a project with its first key. @throws Failure FORBIDDEN without projects:write, for a token bound to projects */
  async create(actor: Actor, input: NewProject): Promise<Project | ValidationRefusal | ConflictRefusal> {
    actor.demand('projects:write');
    if (actor.projectIds !== 'all') throw new Failure('FORBIDDEN', 'A token bound to projects cannot make another.');
    const name = cleanLine(input.name, 'name');
    if (name instanceof ValidationRefusal) return name;
    const slug = input.slug ?? null;
    if (slug !== null && !isSlug(slug)) return badSlug();
    const platform = input.platform ?? null;
    if (!isPlatform(platform)) return badPlatform();
    // A derived slug may be taken between the look and the insert; then the next one is tried.
    for (let attempts = 0; ; attempts++) {
      try {
        const project = await this.#insert(name, slug ?? (await this.#deriveSlug(name)), platform);
        await this.#changed(project.id);
        return project;
      } catch (error) {
        if (!(error instanceof UniqueConstraintViolationException)) throw error;
        if (slug !== null || attempts >= 5) return slugTaken();
      }
    }
  }

  /** Changes name, slug, platform or settings. @throws Failure FORBIDDEN without projects:write */
  async update(
    actor: Actor,
    id: string,
    changes: ProjectChanges,
  ): Promise<Project | ValidationRefusal | NotFoundRefusal | ConflictRefusal> {
    const em = this.#orm.em.fork();
    const project = await this.#findForWriting(actor, em, id);
    if (!project) return noSuchProject();
    if (changes.name != null) {
      const name = cleanLine(changes.name, 'name');
      if (name instanceof ValidationRefusal) return name;
      project.name = name;
    }
    if (changes.slug != null) {
      if (!isSlug(changes.slug)) return badSlug();
      project.slug = changes.slug;
    }
    if (changes.platform !== undefined) {
      if (!isPlatform(changes.platform)) return badPlatform();
      project.platform = changes.platform;
    }
    if (changes.settings != null) {
      const settings = changedSettings(project.settings, changes.settings);
      if (settings instanceof ValidationRefusal) return settings;
      project.settings = settings;
    }
    try {
      await em.flush();
    } catch (error) {
      if (error instanceof UniqueConstraintViolationException) return slugTaken();
      throw error;
    }
    await this.#changed(project.id);
    return project;
  }

  /** Hides a project and refuses its events, or takes that back. @throws Failure FORBIDDEN without projects:write */
  async setStatus(actor: Actor, id: string, status: Project['status']): Promise<Project | NotFoundRefusal> {
    const em = this.#orm.em.fork();
    const project = await this.#findForWriting(actor, em, id);
    if (!project) return noSuchProject();
    project.status = status;
    await em.flush();
    await this.#changed(project.id);
    return project;
  }

  /** Names of each project's environments, in the order asked for; sorted, at most 500 each. */
  async environmentsOf(projectIds: readonly number[]): Promise<string[][]> {
    const where = { projectId: { $in: [...projectIds] } };
    const rows = await this.#orm.em.fork().find(Environment, where, { orderBy: { name: 'asc' } });
    return projectIds.map((id) =>
      rows
        .filter((row) => row.projectId === id)
        .slice(0, MAX_ENVIRONMENTS)
        .map((row) => row.name),
    );
  }

  /** Each project's releases, last seen first, in the order asked for; `first` of each, at most 500. */
  async releasesOf(projectIds: readonly number[], first: number): Promise<ReleaseSummary[][]> {
    const limit = Math.min(Math.max(first, 0), MAX_RELEASES);
    if (limit === 0 || projectIds.length === 0) return projectIds.map(() => []);
    const rows = await this.#sql.all<ReleaseSummary>(
      `select project_id as "projectId", version, first_seen_at as "firstSeen", last_seen_at as "lastSeen", event_count as "eventCount"
       from (
         select r.*, row_number() over (partition by project_id order by last_seen_at desc, version desc) as place
         from release r where project_id in (${projectIds.map(() => '?').join(', ')})
       ) ranked where place <= ? order by place`,
      [...projectIds, limit],
    );
    return projectIds.map((id) => rows.filter((row) => row.projectId === id));
  }

  async #insert(name: string, slug: string, platform: string | null): Promise<Project> {
    return this.#orm.em.fork().transactional(async (em) => {
      const project = em.create(Project, {
        slug,
        name,
        platform,
        status: 'ACTIVE',
        settings: DEFAULT_SETTINGS,
        createdAt: this.#clock.now(),
        firstEventAt: null,
      });
      await em.persist(project).flush();
      await em.persist(this.#keys.firstKey(em, project.id)).flush();
      return project;
    });
  }

  async #deriveSlug(name: string): Promise<string> {
    const slug = slugOf(name);
    const alike = await this.#orm.em.fork().find(Project, { slug: { $like: `${slug.slice(0, 44)}%` } }, { fields: ['slug'] });
    return freeSlug(slug, new Set(alike.map((project) => project.slug)));
  }

  async #findForWriting(actor: Actor, em: Orm['em'], id: string): Promise<Project | null> {
    actor.demand('projects:write');
    const projectId = parseId(id);
    if (projectId === null || !actor.can('projects:write', projectId)) return null;
    return em.findOne(Project, { id: projectId });
  }

  /** Answers only when ingestion on this node knows of the change. */
  async #changed(projectId: number): Promise<void> {
    this.#bus.publish('projectChanged', { projectId });
    await this.#directory.settled();
  }
}

const isPlatform = (platform: string | null): boolean => platform === null || /^[A-Za-z0-9._-]{1,64}$/.test(platform);
const noSuchProject = () => new NotFoundRefusal('There is no such project.');
const slugTaken = () => new ConflictRefusal('SLUG_TAKEN', 'Another project has this slug.');
const badSlug = () => new ValidationRefusal('INVALID_SLUG', 'A slug is 1 to 50 of a–z, 0–9 and hyphens.', 'slug');
const badPlatform = () =>
  new ValidationRefusal('INVALID_PLATFORM', 'A platform is a word such as node or python-django.', 'platform');
