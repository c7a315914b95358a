import type { Bus } from '../../platform/bus/bus.ts';
import type { Orm } from '../../platform/db/orm.ts';
import { ProjectMember, User } from './access.entity.ts';
import type {} from './access-events.ts';
import { seesEveryProject } from './permissions.ts';

type EntityManager = Orm['em'];

/** Which projects whom. Authorisation is the callers' (user and project services). */
export class MembershipService {
  readonly #orm: Orm;
  readonly #bus: Bus;

  constructor(deps: { orm: Orm; bus: Bus }) {
    this.#orm = deps.orm;
    this.#bus = deps.bus;
  }

  /** Makes exactly these the user's projects, in the caller's transaction; call {@link announce} after its commit. */
  async replace(em: EntityManager, userId: number, projectIds: readonly number[]): Promise<void> {
    await em.nativeDelete(ProjectMember, { userId });
    if (projectIds.length > 0)
      await em.insertMany(
        ProjectMember,
        projectIds.map((projectId) => ({ projectId, userId })),
      );
  }

  /** Tells the live side that the user sees other projects now. */
  announce(userId: number): void {
    this.#bus.publish('accessRevoked', { userId });
  }

  /**
   * The projects each user may see, in the order asked for: 'all' for the roles that see every project, his memberships
   * for the others, nothing for an unknown user.
   */
  async visibleTo(userIds: readonly number[]): Promise<('all' | number[])[]> {
    const em = this.#orm.em.fork();
    const users = await em.find(User, { id: { $in: [...userIds] } }, { fields: ['id', 'role'] });
    const members = await em.find(ProjectMember, { userId: { $in: [...userIds] } }, { orderBy: { projectId: 'asc' } });
    const all = new Set(users.filter((user) => seesEveryProject(user.role)).map((user) => user.id));
    return userIds.map((id) => (all.has(id) ? 'all' : members.filter((row) => row.userId === id).map((row) => row.projectId)));
  }

  /** Who may see each project, in the order asked for: enabled OWNERs and ADMINs, and its enabled members; by name. */
  async membersOf(projectIds: readonly number[]): Promise<User[][]> {
    const em = this.#orm.em.fork();
    const rows = await em.find(ProjectMember, { projectId: { $in: [...projectIds] } });
    const everywhere: User['role'][] = ['OWNER', 'ADMIN'];
    const users = await em.find(
      User,
      { disabledAt: null, $or: [{ role: { $in: everywhere } }, { id: { $in: rows.map((row) => row.userId) } }] },
      { orderBy: { name: 'asc', id: 'asc' } },
    );
    return projectIds.map((projectId) => {
      const members = new Set(rows.filter((row) => row.projectId === projectId).map((row) => row.userId));
      return users.filter((user) => seesEveryProject(user.role) || members.has(user.id));
    });
  }
}
