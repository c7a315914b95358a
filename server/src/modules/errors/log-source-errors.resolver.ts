import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Sql } from '../../platform/db/sql.ts';
import type { AccessContext } from '../access/access-context.ts';
import type { LogSource } from '../projects/log-source.entity.ts';
import { LogSourceType } from '../projects/log-source.types.ts';
import type { ErrorLoaders } from './error.loaders.ts';
import { ErrorGroupType } from './error-group.types.ts';

/** The tag that the tail puts on events, with the name of the source (`detection/tail`). */
const TAG = 'log_source';

/** What the errors room adds to a log source. */
@Resolver(() => LogSourceType)
export class LogSourceErrorsResolver {
  readonly #sql: Sql;
  readonly #loaders: ErrorLoaders;

  constructor(deps: { read: Sql; loaders: ErrorLoaders }) {
    this.#sql = deps.read;
    this.#loaders = deps.loaders;
  }

  /** @throws Failure FORBIDDEN without errors:read */
  @FieldResolver(() => ErrorGroupType, { nullable: true, description: 'The error seen last in these files.' })
  async lastError(@Root() source: LogSource, @Ctx() context: AccessContext) {
    context.actor.demand('errors:read', source.projectId);
    const found = await this.#sql.get<{ id: number }>(
      `select t.group_id as id from error_tag t join error_group g on g.id = t.group_id
       where t.key = ? and t.value = ? and g.project_id = ? and g.deleted_at is null
       order by t.last_seen_at desc, t.group_id desc limit 1`,
      [TAG, source.name.slice(0, 200), source.projectId],
    );
    return found === undefined ? null : this.#loaders.groups(context).load(found.id);
  }
}
