import type { Bus } from '../../platform/bus/bus.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Config } from '../../platform/config.ts';
import type { Orm } from '../../platform/db/orm.ts';
import type { Sql } from '../../platform/db/sql.ts';
import type { Log } from '../../platform/log.ts';
import { AccessWatch } from './access-watch.ts';
import { ApiTokenResolver } from './api-token.resolver.ts';
import { ApiTokenService } from './api-token.service.ts';
import { Authenticator } from './authenticate.ts';
import { InvitationResolver } from './invitation.resolver.ts';
import { InvitationService } from './invitation.service.ts';
import { MembershipService } from './membership.service.ts';
import { PasswordHasher } from './password.ts';
import { ProfileService } from './profile.service.ts';
import { SessionResolver } from './session.resolver.ts';
import { SessionService } from './session.service.ts';
import { SignInService } from './sign-in.service.ts';
import { SignInThrottle } from './sign-in-throttle.ts';
import { UserResolver } from './user.resolver.ts';
import { type ExistingProjects, UserService } from './user.service.ts';
import { ViewerResolver } from './viewer.resolver.ts';

/** Everything of the room. */
export interface Access {
  readonly authenticator: Authenticator;
  /** For the serving process: `start()` it, `close()` it at the end. */
  readonly watch: AccessWatch;
  readonly users: UserService;
  readonly profile: ProfileService;
  readonly signIn: SignInService;
  readonly sessions: SessionService;
  readonly tokens: ApiTokenService;
  readonly invitations: InvitationService;
  readonly memberships: MembershipService;
  /** Instances, for the container of the schema. */
  readonly resolvers: readonly object[];
}

/** Puts the room together. `sql` is only read from; `existingProjects` is the projects room's answer to an id. */
export function buildAccess(deps: {
  orm: Orm;
  sql: Sql;
  bus: Bus;
  clock: Clock;
  log: Log;
  config: Pick<Config, 'baseUrl'>;
  existingProjects: ExistingProjects;
}): Access {
  const { orm, bus, clock, config, existingProjects } = deps;
  const hasher = new PasswordHasher();
  const throttle = new SignInThrottle({ clock });
  const sessions = new SessionService({ orm, clock, bus });
  const memberships = new MembershipService({ orm, bus });
  const users = new UserService({ orm, clock, hasher, sessions, memberships, existingProjects });
  const signIn = new SignInService({ orm, hasher, throttle, sessions, users, memberships });
  const profile = new ProfileService({ orm, users, sessions, signIn });
  const tokens = new ApiTokenService({ orm, clock, bus, users, existingProjects });
  const invitations = new InvitationService({ orm, clock, config, users, signIn, memberships, existingProjects });
  return {
    authenticator: new Authenticator(deps),
    watch: new AccessWatch(deps),
    users,
    profile,
    signIn,
    sessions,
    tokens,
    invitations,
    memberships,
    resolvers: [
      new ViewerResolver({ signIn, profile }),
      new UserResolver({ users }),
      new SessionResolver({ sessions }),
      new ApiTokenResolver({ tokens, users }),
      new InvitationResolver({ invitations, users }),
    ],
  };
}
