import type { GraphQLSchema } from 'graphql';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Gauges } from '../http/gauges.ts';
import type { HttpServer } from '../http/server.ts';
import type { Log } from '../log.ts';
import type { ActorIdentity, Authenticate, GuardedActor } from './context.ts';
import { Documents } from './documents.ts';
import { Executor } from './executor.ts';
import { ErrorFormatter } from './format-error.ts';
import { type LiveLimits, LiveServer } from './live.ts';
import { installGraphqlPost } from './post.ts';

export interface GraphqlOptions<A extends GuardedActor> {
  schema: GraphQLSchema;
  authenticate: Authenticate<A>;
  identify: (actor: A) => ActorIdentity;
  config: Pick<Config, 'baseUrl'>;
  log: Log;
  clock: Clock;
  gauges: Gauges;
  /** Lets anonymous actors read the schema; for development. */
  openIntrospection?: boolean;
  liveLimits?: Partial<LiveLimits>;
}

/** Puts `/graphql` (POST and WebSocket) on the server. Call before `http.listen()`. */
export async function mountGraphql<A extends GuardedActor>(
  http: HttpServer,
  options: GraphqlOptions<A>,
): Promise<{ live: LiveServer<A> }> {
  const documents = new Documents(options.schema);
  const executor = new Executor(options.schema, options.log);
  const errors = new ErrorFormatter(options.log, http.bugs);
  await installGraphqlPost(http, { ...options, documents, executor, errors });
  const live = new LiveServer<A>({ ...options, documents, executor, errors, bugs: http.bugs, proxies: http.proxies });
  http.onUpgrade('/graphql', (req, socket, head) => live.upgrade(req, socket, head));
  http.onStop(() => live.close());
  return { live };
}
