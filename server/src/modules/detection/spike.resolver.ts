import { Ctx, Field, FieldResolver, Int, ObjectType, Resolver, Root } from 'type-graphql';
import type { AccessContext } from '../access/access-context.ts';
import type { Project } from '../projects/project.entity.ts';
import { ProjectType } from '../projects/project.types.ts';
import type { SpikeGuard } from './inbound/spike-guard.ts';

/** What spike protection knows of a project. */
@ObjectType('SpikeStatus')
export class SpikeStatusType {
  @Field(() => Int, {
    nullable: true,
    description: 'Events per hour it may send; null while there is less than a day of history.',
  })
  limitPerHour!: number | null;

  @Field(() => Date, { nullable: true, description: 'When the running spike began; null when there is none.' })
  spikingSince!: number | null;
}

const MAX_INT = 2 ** 31 - 1;

@Resolver(() => ProjectType)
export class ProjectSpikeResolver {
  readonly #spikes: Pick<SpikeGuard, 'limit' | 'since'>;

  constructor(deps: { spikes: Pick<SpikeGuard, 'limit' | 'since'> }) {
    this.#spikes = deps.spikes;
  }

  /** @throws Failure FORBIDDEN without projects:read */
  @FieldResolver(() => SpikeStatusType, { description: 'Spike protection: the baseline, and whether it holds events back now.' })
  spike(@Root() project: Project, @Ctx() { actor }: AccessContext): SpikeStatusType {
    actor.demand('projects:read', project.id);
    const limit = this.#spikes.limit(project.id);
    return {
      limitPerHour: limit === undefined ? null : Math.min(limit, MAX_INT),
      spikingSince: this.#spikes.since(project.id) ?? null,
    };
  }
}
