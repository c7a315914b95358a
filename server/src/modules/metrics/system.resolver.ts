import { Query, Resolver, Root, Subscription } from 'type-graphql';
import { fromResolver } from '../../platform/graphql/from-resolver.ts';
import type { LiveSource } from '../../platform/graphql/live-topic.ts';
import type { SystemSample, SystemSampler } from './system.service.ts';
import { SystemStatus, toSystemStatus } from './system.types.ts';

/** `systemStatus`, and the same as a subscription. */
@Resolver()
export class SystemResolver {
  readonly #sampler: SystemSampler;

  constructor(sampler: SystemSampler) {
    this.#sampler = sampler;
  }

  @Query(() => SystemStatus)
  async systemStatus(): Promise<SystemStatus> {
    return toSystemStatus(await this.#sampler.read());
  }

  @Subscription(() => SystemStatus, {
    subscribe: fromResolver(
      () => SystemResolver,
      (self) => self.source(),
    ),
  })
  metricsSampled(@Root() sample: SystemSample): SystemStatus {
    return toSystemStatus(sample);
  }

  /** What `metricsSampled` listens to. */
  source(): LiveSource<SystemSample> {
    return this.#sampler.samples.subscribe();
  }
}
