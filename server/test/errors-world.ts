import { execute, parse, validate } from 'graphql';
import { User } from '../src/modules/access/access.entity.ts';
import type { Actor } from '../src/modules/access/actor.ts';
import { userActor } from '../src/modules/access/actor-for.ts';
import type { Role } from '../src/modules/access/permissions.ts';
import { buildErrors } from '../src/modules/errors/build-errors.ts';
import { buildHealth } from '../src/modules/errors/build-health.ts';
import type { ErrorChange } from '../src/modules/errors/facts.ts';
import { Project } from '../src/modules/projects/project.entity.ts';
import { Bus } from '../src/platform/bus/bus.ts';
import { fixedClock } from '../src/platform/clock.ts';
import { openMainWriter } from '../src/platform/db/main-writer.ts';
import type { Sql } from '../src/platform/db/sql.ts';
import { buildGraphqlSchema } from '../src/platform/graphql/build.ts';
import { silentLog } from '../src/platform/log.ts';
import type { TestDatabase } from './databases.ts';
import { NOW } from './factories.ts';

/** The errors room over a test database, its schema, and a count of the statements it reads by. */
export async function errorsWorld(db: TestDatabase) {
  const clock = fixedClock(NOW);
  const bus = new Bus(silentLog);
  const changes: ErrorChange[] = [];
  bus.subscribe('errorChanged', (message) => changes.push(...message.changes));
  const statements: string[] = [];
  const note =
    <A extends [string, ...unknown[]], R>(run: (...args: A) => R) =>
    (...args: A): R => {
      statements.push(args[0]);
      return run(...args);
    };
  const read: Sql = { ...db.read, all: note(db.read.all) as Sql['all'], get: note(db.read.get) as Sql['get'] };
  const write = await openMainWriter(db.orm, db.config);
  const byIds = async <T extends { id: number }>(entity: new () => T, ids: readonly number[]): Promise<(T | null)[]> => {
    statements.push(`orm ${entity.name}`);
    const rows = (await db.orm.em.fork().find(entity, { id: { $in: [...ids] } } as never)) as T[];
    return ids.map((id) => rows.find((row) => row.id === id) ?? null);
  };
  const errors = buildErrors({
    read,
    write,
    bus,
    clock,
    projects: { projectsByIds: (ids) => byIds(Project as never, ids) as Promise<(Project | null)[]> },
    users: { usersByIds: (ids) => byIds(User as never, ids) as Promise<(User | null)[]> },
  });
  const health = buildHealth({
    ...{ read, write, bus, clock, log: silentLog, loaders: errors.loaders },
    report: async () => 'done',
    heardUpTo: () => clock.now(),
  });
  const container = new Map([...errors.resolvers, ...health.resolvers].map((instance) => [instance.constructor, instance]));
  const schema = buildGraphqlSchema({ resolvers: [...container.keys()], container });
  return {
    ...errors,
    clock,
    bus,
    changes,
    statements,
    schema,
    /** Runs a document (a subscription: one of its events, `root`); answers its data, or throws its first error. */
    async run(actor: Actor, source: string, variableValues: Record<string, unknown> = {}, rootValue?: unknown, by = schema) {
      const document = parse(source);
      const faults = validate(by, document);
      if (faults[0]) throw faults[0];
      const contextValue = { actor, ip: '', userAgent: null, loaders: new Map(), sessionId: null };
      const result = await execute({ schema: by, document, variableValues, contextValue, rootValue });
      if (result.errors?.[0]) throw result.errors[0].originalError ?? result.errors[0];
      // biome-ignore lint/suspicious/noExplicitAny: answers of any shape
      return JSON.parse(JSON.stringify(result.data)) as any;
    },
    close: () => write.close(),
  };
}
export type ErrorsWorld = Awaited<ReturnType<typeof errorsWorld>>;

/** Somebody of a role who sees some projects (ADMIN and OWNER see all whatever is said). */
export function somebody(role: Role, memberOf: readonly number[] = [], id = 1): Actor {
  return userActor({ id, name: `${role.toLowerCase()} ${id}`, role }, memberOf);
}
