import { Arg, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { type Clock, days, hours } from '../../platform/clock.ts';
import type { Sql } from '../../platform/db/sql.ts';
import { Failure } from '../../platform/errors.ts';
import type { AccessContext } from '../access/access-context.ts';
import { batched } from '../access/batched.ts';
import type { Project } from '../projects/project.entity.ts';
import { ProjectType } from '../projects/project.types.ts';
import { IngestOutcomeType } from './outcome.types.ts';

const MAX_SPAN_MS = days(90);
/** Newest first; a project has a few dozen rows an hour at most. */
const MAX_ROWS = 10_000;
/** Int of GraphQL: a client may claim to have discarded any number. */
const MAX_INT = 2 ** 31 - 1;

/** What the detection room adds to a project. */
@Resolver(() => ProjectType)
export class ProjectOutcomesResolver {
  readonly #sql: Sql;
  readonly #clock: Clock;

  constructor(deps: { sql: Sql; clock: Clock }) {
    this.#sql = deps.sql;
    this.#clock = deps.clock;
  }

  /**
   * Whole hours that touch the span, newest first; the last 24 hours by default. Keys of the project are summed.
   * @throws Failure FORBIDDEN without projects:read; BAD_INPUT for a span that is empty or longer than 90 days
   */
  @FieldResolver(() => [IngestOutcomeType], { description: 'What the SDKs sent, what was kept, what was not and why.' })
  outcomes(
    @Root() project: Project,
    @Ctx() context: AccessContext,
    @Arg('from', () => Date, { nullable: true }) from?: Date | null,
    @Arg('to', () => Date, { nullable: true }) to?: Date | null,
  ): Promise<IngestOutcomeType[]> {
    context.actor.demand('projects:read', project.id);
    const until = to?.getTime() ?? this.#clock.now();
    const since = from?.getTime() ?? until - days(1);
    if (!(since < until)) throw new Failure('BAD_INPUT', '`from` must be before `to`.');
    if (until - since > MAX_SPAN_MS) throw new Failure('BAD_INPUT', 'Outcomes are given for 90 days at most.');
    const firstHour = Math.floor(since / hours(1)) * hours(1);
    const load = (ids: readonly number[]) => this.#load(ids, firstHour, until);
    return batched(context.loaders, `detection.outcomes.${firstHour}.${until}`, load).load(project.id);
  }

  async #load(ids: readonly number[], since: number, until: number): Promise<IngestOutcomeType[][]> {
    const rows = await this.#sql.all<IngestOutcomeType & { project_id: number }>(
      `select project_id, hour, item, outcome, reason, sdk, sum(quantity) as quantity
         from ingest_outcome
        where project_id in (${ids.map(() => '?').join(', ')}) and hour >= ? and hour < ?
        group by project_id, hour, item, outcome, reason, sdk
        order by hour desc, quantity desc, item, outcome, reason, sdk
        limit ${MAX_ROWS}`,
      [...ids, since, until],
    );
    const byProject = new Map(ids.map((id) => [id, [] as IngestOutcomeType[]]));
    for (const { project_id, ...row } of rows)
      byProject.get(project_id)?.push({ ...row, quantity: Math.min(row.quantity, MAX_INT) });
    return ids.map((id) => byProject.get(id) as IngestOutcomeType[]);
  }
}
