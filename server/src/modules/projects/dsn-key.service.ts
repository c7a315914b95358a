import type { Bus } from '../../platform/bus/bus.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Orm } from '../../platform/db/orm.ts';
import { NotFoundRefusal, ValidationRefusal } from '../../platform/graphql/refusals.ts';
import type { Actor } from '../access/actor.ts';
import { cleanLine, parseId } from '../access/input.ts';
import { dsnOf, newPublicKey } from './dsn.ts';
import { type CategoryQuota, checkedQuotas } from './inbound-settings.ts';
import type { KeyDirectory } from './key-directory.ts';
import { DsnKey, Project } from './project.entity.ts';
import type {} from './project-events.ts';
import { limitFault } from './project-settings.ts';

const MAX_KEYS = 100;

/** The keys by which SDKs send to a project. */
export class DsnKeyService {
  readonly #orm: Orm;
  readonly #clock: Clock;
  readonly #bus: Bus;
  readonly #baseUrl: string;
  readonly #directory: KeyDirectory;

  constructor(deps: { orm: Orm; clock: Clock; bus: Bus; config: { readonly baseUrl: string }; directory: KeyDirectory }) {
    this.#orm = deps.orm;
    this.#clock = deps.clock;
    this.#bus = deps.bus;
    this.#baseUrl = deps.config.baseUrl;
    this.#directory = deps.directory;
  }

  /** The address to give to an SDK. */
  dsnOf(key: Pick<DsnKey, 'publicKey' | 'projectId'>): string {
    return dsnOf(this.#baseUrl, key.publicKey, key.projectId);
  }

  /** The keys of each project, oldest first, in the order asked for. Decides nothing about who may see them. */
  async keysOf(projectIds: readonly number[]): Promise<DsnKey[][]> {
    const keys = await this.#orm.em.fork().find(DsnKey, { projectId: { $in: [...projectIds] } }, { orderBy: { id: 'asc' } });
    return projectIds.map((projectId) => keys.filter((key) => key.projectId === projectId));
  }

  /** Makes a key. @throws Failure FORBIDDEN without projects:write */
  async create(
    actor: Actor,
    input: { projectId: string; label: string; eventsPerMinute?: number | null; quotas?: readonly CategoryQuota[] | null },
  ): Promise<DsnKey | ValidationRefusal | NotFoundRefusal> {
    actor.demand('projects:write');
    const projectId = parseId(input.projectId);
    const em = this.#orm.em.fork();
    if (projectId === null || !actor.can('projects:write', projectId) || !(await em.findOne(Project, { id: projectId })))
      return new NotFoundRefusal('There is no such project.');
    const label = cleanLine(input.label, 'label');
    if (label instanceof ValidationRefusal) return label;
    const fault = limitFault(input.eventsPerMinute ?? null, 'eventsPerMinute');
    if (fault) return fault;
    const quotas = checkedQuotas(input.quotas ?? [], 'quotas');
    if (quotas instanceof ValidationRefusal) return quotas;
    if (await this.#isFull(projectId)) return tooMany();
    const key = em.create(DsnKey, this.#newKey(projectId, label, input.eventsPerMinute ?? null, quotas));
    await em.persist(key).flush();
    await this.#changed(projectId);
    return key;
  }

  /** Changes a key's label, limit (null takes it off) or status. @throws Failure FORBIDDEN without projects:write */
  async update(
    actor: Actor,
    id: string,
    changes: {
      label?: string | null;
      status?: DsnKey['status'] | null;
      eventsPerMinute?: number | null;
      quotas?: readonly CategoryQuota[] | null;
    },
  ): Promise<DsnKey | ValidationRefusal | NotFoundRefusal> {
    const em = this.#orm.em.fork();
    const key = await this.#find(actor, em, id);
    if (!key) return noSuchKey();
    if (changes.label != null) {
      const label = cleanLine(changes.label, 'label');
      if (label instanceof ValidationRefusal) return label;
      key.label = label;
    }
    if (changes.eventsPerMinute !== undefined) {
      const fault = limitFault(changes.eventsPerMinute, 'eventsPerMinute');
      if (fault) return fault;
      key.eventsPerMinute = changes.eventsPerMinute;
    }
    if (changes.quotas != null) {
      const quotas = checkedQuotas(changes.quotas, 'quotas');
      if (quotas instanceof ValidationRefusal) return quotas;
      key.quotas = quotas;
    }
    key.status = changes.status ?? key.status;
    await em.flush();
    await this.#changed(key.projectId);
    return key;
  }

  /**
   * Puts a new key with the same label and limit in the place of one, which is disabled in the same transaction. A key
   * that is disabled already is not rotated: it has been, or was switched off on purpose.
   * @throws Failure FORBIDDEN without projects:write
   */
  async rotate(actor: Actor, id: string): Promise<DsnKey | ValidationRefusal | NotFoundRefusal> {
    const old = await this.#find(actor, this.#orm.em.fork(), id);
    if (!old) return noSuchKey();
    if (await this.#isFull(old.projectId)) return tooMany();
    const key = await this.#orm.em.fork().transactional(async (em) => {
      if ((await em.nativeUpdate(DsnKey, { id: old.id, status: 'ACTIVE' }, { status: 'DISABLED' })) === 0) return null;
      const next = em.create(DsnKey, this.#newKey(old.projectId, old.label, old.eventsPerMinute ?? null, old.quotas));
      await em.persist(next).flush();
      return next;
    });
    if (!key) return new ValidationRefusal('DISABLED', 'This key is disabled already.', 'id');
    await this.#changed(key.projectId);
    return key;
  }

  /** The first key of a project, for the caller's transaction. */
  firstKey(em: Orm['em'], projectId: number): DsnKey {
    return em.create(DsnKey, this.#newKey(projectId, 'Default', null, []));
  }

  async #find(actor: Actor, em: Orm['em'], id: string): Promise<DsnKey | null> {
    actor.demand('projects:write');
    const keyId = parseId(id);
    const key = keyId === null ? null : await em.findOne(DsnKey, { id: keyId });
    return key && actor.can('projects:write', key.projectId) ? key : null;
  }

  #newKey(projectId: number, label: string, eventsPerMinute: number | null, quotas: CategoryQuota[]) {
    const status: DsnKey['status'] = 'ACTIVE';
    const createdAt = this.#clock.now();
    return { projectId, label, publicKey: newPublicKey(), status, eventsPerMinute, quotas, createdAt, lastUsedAt: null };
  }

  async #isFull(projectId: number): Promise<boolean> {
    return (await this.#orm.em.fork().count(DsnKey, { projectId })) >= MAX_KEYS;
  }

  /** Answers only when ingestion on this node knows of the change: whoever made a key will use it at once. */
  async #changed(projectId: number): Promise<void> {
    this.#bus.publish('projectChanged', { projectId });
    await this.#directory.settled();
  }
}

const noSuchKey = () => new NotFoundRefusal('There is no such key.');
const tooMany = () => new ValidationRefusal('TOO_MANY', `At most ${MAX_KEYS} keys a project.`);
