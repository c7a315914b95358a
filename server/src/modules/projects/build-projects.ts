import type { Bus } from '../../platform/bus/bus.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Config } from '../../platform/config.ts';
import type { Orm } from '../../platform/db/orm.ts';
import type { Sql } from '../../platform/db/sql.ts';
import type { Log } from '../../platform/log.ts';
import type { MembershipService } from '../access/membership.service.ts';
import { ApiTokenProjectsResolver, InvitationProjectsResolver, UserProjectsResolver } from './access-projects.resolver.ts';
import { DsnKeyResolver } from './dsn-key.resolver.ts';
import { DsnKeyService } from './dsn-key.service.ts';
import { KeyDirectory } from './key-directory.ts';
import { PatternResolver, ProjectPatternsResolver } from './pattern.resolver.ts';
import { PatternService } from './pattern.service.ts';
import { PatternDirectory } from './pattern-directory.ts';
import { ProjectResolver } from './project.resolver.ts';
import { ProjectService } from './project.service.ts';
import { ProjectFieldsResolver } from './project-fields.resolver.ts';

/** Everything of the room. */
export interface Projects {
  readonly projects: ProjectService;
  readonly keys: DsnKeyService;
  readonly directory: KeyDirectory;
  readonly patterns: PatternService;
  readonly patternDirectory: PatternDirectory;
  /** Instances, for the container of the schema. */
  readonly resolvers: readonly object[];
}

/** Puts the room together. `sql` is only read from. Call `directory.start()` before ingestion, `directory.close()` after it. */
export function buildProjects(deps: {
  orm: Orm;
  sql: Sql;
  bus: Bus;
  clock: Clock;
  log: Log;
  config: Pick<Config, 'baseUrl'>;
  memberships: MembershipService;
}): Projects {
  const { memberships } = deps;
  const directory = new KeyDirectory(deps);
  const keys = new DsnKeyService({ ...deps, directory });
  const projects = new ProjectService({ ...deps, keys, directory });
  const patternDirectory = new PatternDirectory(deps);
  const patterns = new PatternService({ ...deps, directory: patternDirectory });
  return {
    projects,
    keys,
    directory,
    patterns,
    patternDirectory,
    resolvers: [
      new ProjectResolver({ projects }),
      new ProjectFieldsResolver({ projects, keys, memberships }),
      new DsnKeyResolver({ keys }),
      new PatternResolver({ patterns }),
      new ProjectPatternsResolver({ patterns, directory: patternDirectory }),
      new UserProjectsResolver({ projects, memberships }),
      new ApiTokenProjectsResolver({ projects, memberships }),
      new InvitationProjectsResolver({ projects, memberships }),
    ],
  };
}
