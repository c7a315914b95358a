import type { Bus } from '../../platform/bus/bus.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Sql } from '../../platform/db/sql.ts';
import type { Log } from '../../platform/log.ts';
import type { ErrorLoaders } from './error.loaders.ts';
import { MonitorChangedResolver, MonitorResolver } from './monitors/monitor.resolver.ts';
import { MonitorService } from './monitors/monitor.service.ts';
import { LiveMonitors } from './monitors/monitor-live.ts';
import { MonitorReadService } from './monitors/monitor-read.service.ts';
import { MonitorWatch, type MonitorWatchDeps } from './monitors/monitor-watch.ts';
import { HealthService } from './release-health/health.service.ts';
import { ReleaseConnectionResolver, ReleaseResolver } from './release-health/release.resolver.ts';
import { ReleaseService } from './release-health/releases.service.ts';

/** Releases and their health, monitors and the watch over them. */
export interface Health {
  readonly releases: ReleaseService;
  readonly monitors: MonitorService;
  readonly watch: MonitorWatch;
  readonly resolvers: readonly object[];
}

/**
 * Builds it over the errors room's connections.
 * @param deps `report`, `heardUpTo`: see MonitorWatch
 */
export function buildHealth(
  deps: { read: Sql; write: Sql; bus: Bus; clock: Clock; log: Log; loaders: ErrorLoaders } & Pick<
    MonitorWatchDeps,
    'report' | 'heardUpTo'
  >,
): Health {
  const { loaders } = deps;
  const releases = new ReleaseService(deps);
  const health = new HealthService(deps);
  const monitors = new MonitorService(deps);
  const reading = new MonitorReadService(deps);
  const live = new LiveMonitors(deps);
  const watch = new MonitorWatch(deps);
  const resolvers = [
    new ReleaseResolver({ releases, health, loaders }),
    new ReleaseConnectionResolver(),
    new MonitorResolver({ monitors, reading, live, loaders }),
    new MonitorChangedResolver({ monitors, reading, live, loaders }),
  ];
  return { releases, monitors, watch, resolvers };
}
