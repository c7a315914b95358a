import { Writable } from 'node:stream';
import { pino } from 'pino';
import { Arg, Ctx, Field, ID, Int, Mutation, ObjectType, Query, Resolver, Root, Subscription } from 'type-graphql';
import { fixedClock } from '../src/platform/clock.ts';
import { Failure } from '../src/platform/errors.ts';
import { buildGraphqlSchema } from '../src/platform/graphql/build.ts';
import type { Authenticate, RequestContext } from '../src/platform/graphql/context.ts';
import { fromResolver } from '../src/platform/graphql/from-resolver.ts';
import type { LiveLimits } from '../src/platform/graphql/live.ts';
import { type LiveSource, type LiveSubscribeOptions, LiveTopic } from '../src/platform/graphql/live-topic.ts';
import { mountGraphql } from '../src/platform/graphql/mount.ts';
import { Done, NotFoundRefusal, union, ValidationRefusal } from '../src/platform/graphql/refusals.ts';
import { JsonScalar } from '../src/platform/graphql/scalars.ts';
import { Gauges } from '../src/platform/http/gauges.ts';
import { createHttpServer, type HttpServerOptions } from '../src/platform/http/server.ts';

/** Actors of the tests: `Bearer viewer`, `Bearer operator`, and whoever's cookie names a session of {@link SESSIONS}. */
export interface TestActor {
  readonly kind: string;
  readonly name: string;
  demand(permission: string): void;
}
export type TestContext = RequestContext<TestActor>;

const PERMISSIONS: Record<string, readonly string[]> = { viewer: ['items:read', 'ticks:read'], operator: ['items:read'] };

function actorNamed(name: string): TestActor {
  return {
    kind: name === 'anonymous' ? 'anonymous' : 'user',
    name,
    demand(permission) {
      if (name === 'anonymous') throw new Failure('UNAUTHENTICATED');
      if (!PERMISSIONS[name]?.includes(permission)) throw new Failure('FORBIDDEN');
    },
  };
}

@ObjectType()
export class Item {
  @Field(() => ID)
  id!: string;
  @Field(() => String)
  name!: string;
  @Field(() => Date)
  createdAt!: Date;
  @Field(() => [String])
  tags!: string[];
}

@ObjectType()
class ItemEdge {
  @Field(() => String)
  cursor!: string;
  @Field(() => Item)
  node!: Item;
}

@ObjectType()
class ItemConnection {
  @Field(() => [ItemEdge])
  edges!: ItemEdge[];
  @Field(() => Int)
  totalCount!: number;
}

@ObjectType()
export class Tick {
  @Field(() => Int)
  seq!: number;
  @Field(() => String)
  text!: string;
}

const ItemResult = union('ItemResult', () => [Item, ValidationRefusal, NotFoundRefusal] as const);

const item = (id: number): Item =>
  Object.assign(new Item(), { id: String(id), name: `item ${id}`, createdAt: new Date(1000 * id), tags: ['a', 'b'] });

/** What tests look at and turn. */
export class Probe {
  ticks = new LiveTopic<Tick>({ name: 'ticked', seq: (tick) => tick.seq });
  /** Options added to every subscription of `ticked`. */
  options: (after: number | undefined, context: TestContext) => Omit<LiveSubscribeOptions<Tick>, 'filter'> = () => ({});
  /** Executions of `Tick.text`. */
  executed = 0;
  /** Held until resolved when set. */
  hold: Promise<void> | undefined;
}

@Resolver(() => Item)
class ItemResolver {
  @Query(() => String)
  hello(): string {
    return 'world';
  }

  @Query(() => String)
  whoAmI(@Ctx() context: TestContext): string {
    return `${context.actor.name}@${context.ip}`;
  }

  @Query(() => ItemConnection)
  async items(@Arg('first', () => Int, { defaultValue: 50 }) first: number): Promise<ItemConnection> {
    const edges = Array.from({ length: first }, (_, i) => ({ cursor: `c${i}`, node: item(i) }));
    return { edges, totalCount: edges.length };
  }

  @Query(() => [Item])
  list(): Item[] {
    return [item(1), item(2)];
  }

  @Query(() => ItemResult)
  find(@Arg('id', () => ID) id: string): Item | ValidationRefusal | NotFoundRefusal {
    if (id === '') return new ValidationRefusal('EMPTY', 'Give an id.', 'id');
    return id === '404' ? new NotFoundRefusal() : item(Number(id));
  }

  @Query(() => String, { nullable: true })
  boom(@Arg('code', () => String, { nullable: true }) code?: 'CONFLICT'): string {
    throw code ? new Failure(code, undefined, { details: { hint: 'h' } }) : new TypeError('secret detail');
  }

  @Query(() => JsonScalar, { nullable: true })
  echo(@Arg('value', () => JsonScalar, { nullable: true }) value: unknown): unknown {
    return value ?? null;
  }

  @Query(() => Int)
  many(@Arg('ids', () => [ID]) ids: string[]): number {
    return ids.length;
  }

  @Mutation(() => Done)
  signIn(@Arg('session', () => String) session: string, @Ctx() context: TestContext): Done {
    context.reply?.setCookie(session, 3600);
    return new Done();
  }

  @Mutation(() => Done)
  signOut(@Ctx() context: TestContext): Done {
    context.reply?.clearCookie();
    return new Done();
  }
}

@Resolver()
class TickResolver {
  readonly probe: Probe;

  constructor(probe: Probe) {
    this.probe = probe;
  }

  source(context: TestContext, args: { after?: number; min?: number }): LiveSource<Tick> {
    const { min } = args;
    const after = args.after ?? undefined;
    return this.probe.ticks.subscribe({
      ...(min == null ? {} : { filter: (tick: Tick) => tick.seq >= min }),
      ...(after === undefined ? {} : { after }),
      ...this.probe.options(after, context),
    });
  }

  @Subscription(() => Tick, {
    subscribe: fromResolver(
      () => TickResolver,
      (self, { args, context }) => self.source(context, args),
    ),
  })
  async ticked(
    @Root() tick: Tick,
    @Arg('after', () => Int, { nullable: true }) _after?: number,
    @Arg('min', () => Int, { nullable: true }) _min?: number,
  ): Promise<Tick> {
    this.probe.executed += 1;
    await this.probe.hold;
    if (tick.text === 'bad') throw new Error('no such tick');
    return tick;
  }

  /** The same without waiting: results are made synchronously. */
  @Subscription(() => Tick, {
    subscribe: fromResolver(
      () => TickResolver,
      (self, { args, context }) => self.source(context, args),
    ),
  })
  tickedSync(@Root() tick: Tick): Tick {
    this.probe.executed += 1;
    return tick;
  }
}

export const REQUIREMENTS = {
  'Query.hello': 'public',
  'Query.whoAmI': 'public',
  'Query.items': 'items:read',
  'Query.list': 'items:read',
  'Query.find': 'items:read',
  'Query.boom': 'public',
  'Query.echo': 'public',
  'Query.many': 'public',
  'Mutation.signIn': 'public',
  'Mutation.signOut': 'signed-in',
  'Subscription.ticked': 'ticks:read',
  'Subscription.tickedSync': 'ticks:read',
};

/** The schema of the tests. */
export function testSchema(probe = new Probe(), requirements: Record<string, string> = REQUIREMENTS) {
  const container = new Map<unknown, object>([
    [ItemResolver, new ItemResolver()],
    [TickResolver, new TickResolver(probe)],
  ]);
  return buildGraphqlSchema({
    resolvers: [ItemResolver, TickResolver],
    container: container as Map<() => void, object>,
    requirements,
  });
}

/** A log that is kept, to look at. */
export function keptLog(level = 'debug') {
  const lines: Record<string, unknown>[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(JSON.parse(String(chunk)));
      done();
    },
  });
  return { lines, log: pino({ level }, stream) };
}

export interface WorldOptions {
  baseUrl?: string;
  trustedProxies?: string[];
  metricsToken?: string;
  webRoot?: string;
  ingest?: HttpServerOptions['ingest'];
  ready?: HttpServerOptions['ready'];
  liveLimits?: Partial<LiveLimits>;
  identify?: (actor: TestActor) => { userKey: string; audience: string };
  authenticate?: Authenticate<TestActor>;
}

/** A running server with the test schema, on a free port. */
export async function startWorld(options: WorldOptions = {}) {
  const probe = new Probe();
  const clock = fixedClock(1_800_000_000_000);
  const gauges = new Gauges();
  const { log, lines } = keptLog();
  const config = {
    host: '127.0.0.1',
    port: 0,
    baseUrl: options.baseUrl ?? 'http://errata.test',
    trustedProxies: options.trustedProxies ?? [],
    metricsToken: options.metricsToken,
  };
  const sessions = new Map([['session-1', 'viewer']]);
  const authenticate: Authenticate<TestActor> =
    options.authenticate ??
    (async ({ bearer, cookie }) => {
      if (bearer !== null) {
        if (!(bearer in PERMISSIONS)) throw new Failure('UNAUTHENTICATED', 'This token is not known.');
        return { actor: actorNamed(bearer), sessionId: null };
      }
      const name = cookie === null ? undefined : sessions.get(cookie);
      return name === undefined
        ? { actor: actorNamed('anonymous'), sessionId: null }
        : { actor: actorNamed(name), sessionId: 1, expiresAt: clock.now() + 60_000 };
    });
  const http = createHttpServer({
    config,
    log,
    gauges,
    ready: options.ready ?? (async () => ({ database: 'ok' })),
    ...(options.ingest === undefined ? {} : { ingest: options.ingest }),
    ...(options.webRoot === undefined ? {} : { webRoot: options.webRoot }),
  });
  const { live } = await mountGraphql<TestActor>(http, {
    schema: testSchema(probe),
    authenticate,
    identify: options.identify ?? ((actor) => ({ userKey: actor.name, audience: actor.name })),
    config,
    log,
    clock,
    gauges,
    ...(options.liveLimits === undefined ? {} : { liveLimits: options.liveLimits }),
  });
  const { port } = await http.listen();
  const origin = `http://127.0.0.1:${port}`;
  return {
    http,
    live,
    probe,
    clock,
    gauges,
    sessions,
    logLines: lines,
    port,
    origin,
    /** POSTs an operation; `Bearer viewer` unless told otherwise. */
    async post(
      query: string,
      variables: Record<string, unknown> = {},
      headers: Record<string, string> = { authorization: 'Bearer viewer' },
    ) {
      const response = await fetch(`${origin}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query, variables }),
      });
      // biome-ignore lint/suspicious/noExplicitAny: answers of any shape
      return { status: response.status, headers: response.headers, body: (await response.json()) as any };
    },
    /** POSTs a body as it stands, as `Bearer viewer`. */
    async postText(body: string) {
      const response = await fetch(`${origin}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: 'Bearer viewer' },
        body,
      });
      // biome-ignore lint/suspicious/noExplicitAny: answers of any shape
      return { status: response.status, body: (await response.json()) as any };
    },
    stop: () => http.stop(),
  };
}
export type World = Awaited<ReturnType<typeof startWorld>>;
