import { hash } from '@node-rs/argon2';
import type { GraphQLSchema } from 'graphql';
import type { User } from '../src/modules/access/access.entity.ts';
import type { AccessContext } from '../src/modules/access/access-context.ts';
import type { AccessRevoked } from '../src/modules/access/access-events.ts';
import type { Actor } from '../src/modules/access/actor.ts';
import { ANONYMOUS, SYSTEM, userActor } from '../src/modules/access/actor-for.ts';
import { type Access, buildAccess } from '../src/modules/access/build-access.ts';
import type { Role } from '../src/modules/access/permissions.ts';
import { REQUIREMENTS } from '../src/modules/access/requirements.ts';
import { buildProjects, type Projects } from '../src/modules/projects/build-projects.ts';
import { existingProjects } from '../src/modules/projects/existing-projects.ts';
import { Project } from '../src/modules/projects/project.entity.ts';
import { Bus } from '../src/platform/bus/bus.ts';
import { fixedClock } from '../src/platform/clock.ts';
import { buildGraphqlSchema } from '../src/platform/graphql/build.ts';
import { type Log, silentLog } from '../src/platform/log.ts';
import type { TestDatabase } from './databases.ts';

/** The password of everybody made by {@link AccessWorld.person}. */
export const PASSWORD = 'a long and boring one';
const passwordHash = hash(PASSWORD, { memoryCost: 8, timeCost: 1, parallelism: 1 });
let count = 0;

/** The access and projects rooms over a test database, with a clock that stands still and everything said on the bus. */
export interface AccessWorld {
  readonly db: TestDatabase;
  readonly access: Access;
  readonly projects: Projects;
  readonly clock: ReturnType<typeof fixedClock>;
  readonly bus: Bus;
  readonly log: Log;
  readonly revoked: AccessRevoked[];
  readonly changedProjects: number[];
  /** A user of that role, with an e-mail of his own, and the actor he is when signed in. */
  person(role: Role, projectIds?: readonly number[]): Promise<{ user: User; actor: Actor }>;
  project(name?: string): Promise<Project>;
  context(actor?: Actor, sessionId?: number | null): AccessContext & { cookies: (string | null)[] };
}

/** Start: 2026-01-01T00:00:00Z. */
export const START = Date.UTC(2026, 0, 1);

export function openAccessWorld(db: TestDatabase, baseUrl = 'https://errata.example/sub'): AccessWorld {
  const clock = fixedClock(START);
  const bus = new Bus(silentLog);
  const revoked: AccessRevoked[] = [];
  const changedProjects: number[] = [];
  bus.subscribe('accessRevoked', (fact) => void revoked.push(fact));
  bus.subscribe('projectChanged', ({ projectId }) => void changedProjects.push(projectId));
  const deps = { orm: db.orm, sql: db.read, bus, clock, log: silentLog, config: { baseUrl } };
  const access = buildAccess({ ...deps, existingProjects: existingProjects(db.read) });
  const projects = buildProjects({ ...deps, memberships: access.memberships });
  return {
    db,
    access,
    projects,
    clock,
    bus,
    log: silentLog,
    revoked,
    changedProjects,
    async person(role, projectIds = []) {
      const n = ++count;
      const prepared = { email: `person${n}@example.org`, name: `Person ${n}`, role, passwordHash: await passwordHash };
      const user = await db.orm.em.fork().transactional(async (em) => {
        const made = await access.users.insert(em, prepared);
        await access.memberships.replace(em, made.id, projectIds);
        return made;
      });
      return { user, actor: userActor(user, projectIds) };
    },
    async project(name = `Project ${++count}`) {
      const project = await projects.projects.create(SYSTEM, { name });
      if (!(project instanceof Project)) throw new Error(project.message);
      return project;
    },
    context(actor = ANONYMOUS, sessionId = null) {
      const cookies: (string | null)[] = [];
      const reply = {
        setCookie: (value: string) => void cookies.push(value),
        clearCookie: () => void cookies.push(null),
      };
      return { actor, sessionId, ip: '192.0.2.1', userAgent: 'test', loaders: new Map(), reply, cookies };
    },
  };
}

/** The value, when it is an instance of the class; fails the test otherwise, saying what it was. */
export function expectA<T>(value: unknown, type: abstract new (...args: never[]) => T): T {
  if (value instanceof type) return value;
  throw new Error(`expected a ${type.name}, got ${JSON.stringify(value)}`);
}

/** The schema of the two rooms alone, guarded as in the product. */
export function accessSchema(world: AccessWorld): GraphQLSchema {
  const instances = [...world.access.resolvers, ...world.projects.resolvers];
  const container = new Map(instances.map((instance) => [instance.constructor, instance]));
  const unguarded = buildGraphqlSchema({ resolvers: [...container.keys()], container });
  const roots = [unguarded.getQueryType(), unguarded.getMutationType()];
  const fields = roots.flatMap((type) => Object.keys(type?.getFields() ?? {}).map((field) => `${type?.name}.${field}`));
  const requirements = Object.fromEntries(Object.entries(REQUIREMENTS).filter(([field]) => fields.includes(field)));
  return buildGraphqlSchema({ resolvers: [...container.keys()], container, requirements });
}
