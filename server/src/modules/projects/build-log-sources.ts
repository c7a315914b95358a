import type { Bus } from '../../platform/bus/bus.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Config } from '../../platform/config.ts';
import type { Orm } from '../../platform/db/orm.ts';
import { LogPaths } from './log-paths.ts';
import { LogSourceResolver, ProjectLogSourcesResolver } from './log-source.resolver.ts';
import { LogSourceService } from './log-source.service.ts';

/** Log sources: the noun and its API. Reading the files is the detection room's (`detection/tail`). */
export function buildLogSources(deps: { orm: Orm; bus: Bus; clock: Clock; config: Pick<Config, 'logRoots' | 'dataDir'> }) {
  const { orm, bus, clock, config } = deps;
  const logSources = new LogSourceService({ orm, bus, clock, paths: new LogPaths(config) });
  return { logSources, resolvers: [new LogSourceResolver({ logSources }), new ProjectLogSourcesResolver({ logSources })] };
}
