import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Failure } from '../../../platform/errors.ts';
import type { Identity } from '../../../platform/graphql/context.ts';
import type { Actor } from '../../access/actor.ts';
import type { Project } from '../project.entity.ts';
import type { ProjectService } from '../project.service.ts';
import { storable } from './limits.ts';

/** What the routes of the upload API have in common. */
export interface ApiDeps {
  authenticate: (credentials: { bearer: string | null; cookie: string | null }) => Promise<Identity<Actor>>;
  projects: ProjectService;
  /** Public address, without a trailing slash. */
  baseUrl: string;
}

/** One request, its sender known. */
export interface ApiCall {
  readonly actor: Actor;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  /** The JSON body; an empty object when it is none. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/**
 * Adds a route for release tools below `/api/0`, with and without its last slash. The answer is sent as JSON; refusals as
 * `{"detail": …}`, which those tools show. Asks for an API token with `artifacts:write`: a session cookie is not enough.
 */
export function apiRoute(
  app: FastifyInstance,
  deps: ApiDeps,
  method: Method,
  path: string,
  answer: (call: ApiCall) => Promise<unknown>,
): void {
  const handler = async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const { actor } = await deps.authenticate({ bearer: bearerOf(request), cookie: null });
    actor.demand('artifacts:write');
    const body = (typeof request.body === 'object' && request.body !== null ? request.body : {}) as Record<string, unknown>;
    const found = await answer({
      actor,
      params: request.params as Record<string, string>,
      query: request.query as Record<string, unknown>,
      body,
      request,
      reply,
    });
    return reply.sent ? reply : reply.type('application/json').send(JSON.stringify(found ?? null));
  };
  // The root stands for both by itself.
  for (const url of path === '/' ? ['/'] : [path, path.replace(/\/$/, '')]) app.route({ method, url, handler });
}

/** `Authorization: Bearer <token>`; older tools write `Token`. @throws Failure UNAUTHENTICATED without one */
function bearerOf(request: FastifyRequest): string {
  const token = /^(?:bearer|token)\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (token === undefined) throw new Failure('UNAUTHENTICATED', 'Send an API token with the scope artifacts:write.');
  return token;
}

/** A project by slug or id, visible to the actor. @throws Failure NOT_FOUND */
export async function findProject(deps: ApiDeps, actor: Actor, name: string): Promise<Project> {
  const { projects } = deps;
  const reader = forReading(actor);
  const bySlug = await projects.find(reader, { slug: name });
  const found = bySlug ?? (/^\d+$/.test(name) ? await projects.find(reader, { id: name }) : null);
  if (found === null || !actor.can('artifacts:write', found.id))
    throw new Failure('NOT_FOUND', `There is no project "${name.slice(0, 60)}" that this token may upload to.`);
  return found;
}

/** Projects by name; none named: the only one the actor may upload to. @throws Failure NOT_FOUND, BAD_INPUT */
export async function findProjects(deps: ApiDeps, actor: Actor, names: readonly string[]): Promise<Project[]> {
  if (names.length > 0) return Promise.all([...new Set(names)].map((name) => findProject(deps, actor, name)));
  const all = await uploadable(deps, actor);
  if (all.length === 1) return all;
  throw new Failure('BAD_INPUT', 'Name the project: --project, or SENTRY_PROJECT.');
}

/** Every project the actor may upload to. */
export async function uploadable(deps: ApiDeps, actor: Actor): Promise<Project[]> {
  const all = await deps.projects.list(forReading(actor));
  return all.filter((project) => actor.can('artifacts:write', project.id));
}

/** A token that may only upload still has to find its project: reading its name is part of that. */
function forReading(actor: Actor): Actor {
  return {
    ...actor,
    can: (permission, projectId) => actor.can(permission === 'projects:read' ? 'artifacts:write' : permission, projectId),
    demand: (permission, projectId) => actor.demand(permission === 'projects:read' ? 'artifacts:write' : permission, projectId),
  };
}

/** Text of a body's field, cut; undefined for anything else. */
export function textOf(value: unknown, max: number): string | undefined {
  return typeof value === 'string' ? storable(value, max) || undefined : undefined;
}

/** List of texts of a body's field. */
export function textsOf(value: unknown): string[] {
  return (Array.isArray(value) ? value : [])
    .filter((one): one is string | number => typeof one === 'string' || typeof one === 'number')
    .map(String);
}

/** A moment of a body's field, ISO 8601 or seconds → ms. */
export function momentOf(value: unknown): number | undefined {
  const ms = typeof value === 'number' ? value * 1000 : typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isFinite(ms) && ms > 0 && ms < 4_102_444_800_000 ? Math.trunc(ms) : undefined;
}

/** A release's name, as its tools spell it. @throws Failure BAD_INPUT */
export function versionOf(value: unknown): string {
  if (
    typeof value !== 'string' ||
    value.trim() === '' ||
    value.length > 200 ||
    /[\r\n\t\f\0]/.test(value) ||
    !value.isWellFormed() ||
    /^(?:\.{1,2}|latest)$/.test(value)
  )
    throw new Failure('BAD_INPUT', 'This is no name for a release: 1 to 200 characters on one line.');
  return value;
}
