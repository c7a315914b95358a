import { ApolloServer, HeaderMap } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { DocumentNode, GraphQLError, GraphQLFormattedError } from 'graphql';
import { Failure } from '../errors.ts';
import { readBearer, readSessionCookie, SessionCookie } from '../http/cookies.ts';
import { isOwnOrigin } from '../http/origin.ts';
import type { HttpServer } from '../http/server.ts';
import type { Log } from '../log.ts';
import type { GuardedActor, RequestContext } from './context.ts';
import { choosePlan, type Documents } from './documents.ts';
import type { Executor } from './executor.ts';
import { type ErrorFormatter, failureToGraphqlError } from './format-error.ts';
import type { GraphqlOptions } from './mount.ts';
import { refuseOperation } from './plan.ts';

type PostOptions<A extends GuardedActor> = Pick<
  GraphqlOptions<A>,
  'schema' | 'authenticate' | 'config' | 'log' | 'openIntrospection'
> & {
  documents: Documents;
  executor: Executor;
  errors: ErrorFormatter;
};

/** What the dashboard ever needs is far below. */
const BODY_BYTES = 1024 * 1024;
/** Scripts send a thousand reports at once, with their stacks. */
const TOKEN_BODY_BYTES = 8 * 1024 * 1024;

/** Apollo logs through ours; its chatter about requests it refused is debug. */
function apolloLogger(log: Log) {
  return {
    debug: (message: unknown) => log.trace({ apollo: message }),
    info: (message: unknown) => log.debug({ apollo: message }),
    warn: (message: unknown) => log.warn({ apollo: message }),
    error: (message: unknown) => log.error({ apollo: message }),
  };
}

async function createApollo<A extends GuardedActor>(options: PostOptions<A>): Promise<ApolloServer<RequestContext<A>>> {
  const { schema, documents, executor, errors, log } = options;
  const apollo = new ApolloServer<RequestContext<A>>({
    // The gateway hook is Apollo's one door for another executor than graphql-js.
    gateway: {
      load: async () => ({
        executor: async ({ document, operationName, request, context }) => {
          const prepared = documents.of(document);
          const plan = prepared && choosePlan(prepared, operationName);
          if (plan === undefined) throw new Failure('BAD_INPUT', 'Unknown operation, or several without `operationName`.');
          return executor.execute({ document, plan, operationName, variables: request.variables, context });
        },
      }),
      onSchemaLoadOrUpdate(callback) {
        callback({ apiSchema: schema, coreSupergraphSdl: '' });
        return () => undefined;
      },
      stop: async () => undefined,
    },
    nodeEnv: 'production',
    introspection: true, // decided per actor, in `refuseOperation`
    persistedQueries: false,
    allowBatchedHttpRequests: false,
    csrfPrevention: true,
    stopOnTerminationSignals: false,
    includeStacktraceInErrorResponses: false,
    logger: apolloLogger(log),
    formatError: (_formatted, error) => errors.format(error),
    stringifyResult: JSON.stringify as (value: unknown) => string,
    // Every request was prepared by `Documents` before Apollo sees it: Apollo neither parses nor validates.
    documentStore: {
      get: async (key) => documents.byHash(key.slice(-64))?.document,
      set: async () => undefined,
      delete: async () => undefined,
    },
    plugins: [
      ApolloServerPluginCacheControlDisabled(), // wraps every field otherwise: +52 % (measured)
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      {
        async requestDidStart() {
          return {
            async didResolveOperation({ document, request, contextValue }) {
              const refusal = refuseBeforeExecution(document, request, contextValue);
              if (refusal !== undefined) throw refusal;
            },
          };
        },
      },
    ],
  });

  const refuseBeforeExecution = (
    document: DocumentNode,
    request: { operationName?: string | undefined; variables?: Record<string, unknown> | undefined },
    context: RequestContext<A>,
  ): GraphQLError | undefined => {
    const prepared = documents.of(document);
    if (prepared === undefined) return failureToGraphqlError(new Failure('UNAVAILABLE', 'Send the request again.'));
    const plan = choosePlan(prepared, request.operationName);
    if (plan === undefined) {
      return failureToGraphqlError(new Failure('BAD_INPUT', 'Unknown operation, or several without `operationName`.'));
    }
    if (plan.kind === 'subscription') {
      return failureToGraphqlError(
        new Failure('BAD_INPUT', 'Subscriptions are served over WebSocket (graphql-transport-ws) only.'),
      );
    }
    const mayIntrospect = options.openIntrospection === true || context.actor.kind !== 'anonymous';
    return refuseOperation(plan, request.variables ?? {}, mayIntrospect);
  };

  await apollo.start();
  return apollo;
}

/** Installs `POST /graphql`. Everything else at that path is told so. */
export async function installGraphqlPost<A extends GuardedActor>(http: HttpServer, options: PostOptions<A>): Promise<void> {
  const apollo = await createApollo(options);
  const cookie = new SessionCookie(options.config);
  http.app.addHook('onClose', () => apollo.stop()); // after the last request: a stopped Apollo answers 500

  const refuse = (reply: FastifyReply, status: number, errors: readonly GraphQLFormattedError[]) =>
    reply.code(status).type('application/json; charset=utf-8').send(JSON.stringify({ errors }));

  const contextOf = async (request: FastifyRequest, reply: FastifyReply): Promise<RequestContext<A>> => {
    const credentials = {
      cookie: readSessionCookie(request.headers.cookie),
      bearer: readBearer(request.headers.authorization),
      ip: http.proxies.clientIp(request.raw),
      userAgent: request.headers['user-agent']?.slice(0, 400) ?? null,
    };
    const { actor, sessionId } = await options.authenticate(credentials);
    return {
      actor,
      sessionId,
      ip: credentials.ip,
      userAgent: credentials.userAgent,
      loaders: new Map(),
      reply: {
        setCookie: (value, maxAgeSeconds) => void reply.header('set-cookie', cookie.set(value, maxAgeSeconds)),
        clearCookie: () => void reply.header('set-cookie', cookie.clear()),
      },
    };
  };

  http.app.route({
    method: ['POST', 'GET', 'OPTIONS', 'PUT', 'DELETE', 'PATCH'],
    url: '/graphql',
    bodyLimit: TOKEN_BODY_BYTES,
    async onRequest(request) {
      const bytes = Number(request.headers['content-length'] ?? 0);
      if (bytes > BODY_BYTES && readBearer(request.headers.authorization) === null) throw new Failure('PAYLOAD_TOO_LARGE');
    },
    async handler(request, reply) {
      if (request.method !== 'POST') {
        void reply.header('allow', 'POST');
        return refuse(reply, 405, [options.errors.format(new Failure('BAD_INPUT', 'Send GraphQL operations by POST.'))]);
      }
      // A bearer token cannot be sent by somebody else's page; a cookie is sent by the browser itself.
      if (readBearer(request.headers.authorization) === null && !isOwnOrigin(request.headers, options.config.baseUrl)) {
        const failure = new Failure(
          'ORIGIN_REFUSED',
          `Open Errata at ${options.config.baseUrl}: this page is at another address, which may not make the request (BASE_URL).`,
        );
        return refuse(reply, failure.status, [options.errors.format(failure)]);
      }
      const { body } = request;
      const query = typeof body === 'object' && body !== null && 'query' in body ? body.query : undefined;
      if (typeof query === 'string') {
        const preparation = options.documents.prepare(query);
        if (!preparation.ok) return refuse(reply, 400, preparation.errors.map(options.errors.format));
      }
      const headers = new HeaderMap();
      for (const [name, value] of Object.entries(request.headers)) {
        if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
      }
      const answer = await apollo.executeHTTPGraphQLRequest({
        httpGraphQLRequest: { method: 'POST', headers, search: '', body },
        context: () =>
          contextOf(request, reply).catch((error: unknown) => {
            throw error instanceof Failure ? failureToGraphqlError(error) : error;
          }),
      });
      for (const [name, value] of answer.headers) void reply.header(name, value);
      void reply.code(answer.status ?? 200).header('cache-control', 'no-store');
      if (answer.body.kind === 'complete') return reply.send(answer.body.string);
      throw new Failure('INTERNAL', 'incremental delivery is not offered');
    },
  });
}
