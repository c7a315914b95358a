import type { Sql } from '../../platform/db/sql.ts';
import { ValidationRefusal } from '../../platform/graphql/refusals.ts';
import type { Actor } from '../access/actor.ts';
import { parseId } from '../access/input.ts';
import { roleHolds, seesEveryProject } from '../access/permissions.ts';
import type { BulkOutcome, BulkService, Selection } from './bulk.service.ts';
import { assignment } from './change-kinds.ts';
import type { LowerRooms } from './error.loaders.ts';
import { idsParam, inIds } from './sql-lists.ts';

/** Gives errors to people, or to nobody. */
export class AssigneeService {
  readonly #bulk: BulkService;
  readonly #users: LowerRooms['users'];

  constructor(deps: { bulk: BulkService; users: LowerRooms['users'] }) {
    this.#bulk = deps.bulk;
    this.#users = deps.users;
  }

  /**
   * Assigns the selected errors to a user (`me`: the one who asks), or with null to nobody. Refused for somebody who cannot
   * sign in, or who may not see all of the errors' projects. @throws Failure FORBIDDEN without errors:write
   */
  async assign(actor: Actor, selection: Selection, assigneeId: string | null): Promise<BulkOutcome | ValidationRefusal> {
    actor.demand('errors:write');
    if (assigneeId === null) return this.#bulk.apply(actor, selection, assignment(null));
    const id = assigneeId === 'me' ? actor.userId : parseId(assigneeId);
    const user = id === null ? null : ((await this.#users.usersByIds([id]))[0] ?? null);
    if (!user || user.disabledAt != null || !roleHolds(user.role, 'errors:read'))
      return new ValidationRefusal('UNKNOWN_USER', 'There is no such user, or he cannot sign in.', 'assigneeId');
    const mustBeMember = !seesEveryProject(user.role);
    return this.#bulk.apply(actor, selection, assignment({ id: user.id, name: user.name }), async (tx, projectIds) =>
      mustBeMember ? outsider(tx, user.id, projectIds) : undefined,
    );
  }
}

/** The refusal when somebody is not a member of all of some projects. */
async function outsider(tx: Sql, userId: number, projectIds: readonly number[]): Promise<ValidationRefusal | undefined> {
  const row = await tx.get<{ n: number }>(
    `select count(*) as n from project_member where user_id = ? and ${inIds(tx.dialect, 'project_id')}`,
    [userId, idsParam(tx.dialect, projectIds)],
  );
  if ((row?.n ?? 0) === projectIds.length) return undefined;
  return new ValidationRefusal('NOT_A_MEMBER', 'This user may not see all of the projects concerned.', 'assigneeId');
}
