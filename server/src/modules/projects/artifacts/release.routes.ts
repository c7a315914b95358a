import type { FastifyInstance } from 'fastify';
import { Failure } from '../../../platform/errors.ts';
import type { Project } from '../project.entity.ts';
import {
  type ApiCall,
  type ApiDeps,
  apiRoute,
  findProject,
  findProjects,
  momentOf,
  textOf,
  textsOf,
  uploadable,
  versionOf,
} from './api-request.ts';
import type { CommitRow, DeployRow, ReleaseRecords, ReleaseRow } from './release.service.ts';

/** The one organisation there is, by whatever name it was asked for. */
const organisation = (slug: string) => ({
  id: '1',
  slug,
  name: 'Errata',
  status: { id: 'active', name: 'active' },
  dateCreated: '2025-01-01T00:00:00Z',
  isEarlyAdopter: false,
  require2FA: false,
  requireEmailVerification: false,
  features: [],
});

const projectOf = (project: Project) => ({
  id: String(project.id),
  slug: project.slug,
  name: project.name,
  platform: project.platform,
  status: 'active',
  team: null,
  teams: [],
  organization: organisation('errata'),
  dateCreated: new Date(project.createdAt).toISOString(),
});

const at = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());

const releaseOf = (row: ReleaseRow, projects: readonly Project[]) => ({
  version: row.version,
  shortVersion: row.version,
  url: row.url,
  ref: row.ref,
  dateCreated: at(row.firstSeenAt),
  dateReleased: at(row.releasedAt),
  firstEvent: row.eventCount > 0 ? at(row.firstSeenAt) : null,
  lastEvent: row.eventCount > 0 ? at(row.lastSeenAt) : null,
  newGroups: 0,
  projects: projects.map(({ id, slug, name }) => ({ id, slug, name })),
});

/** What release tools ask about besides uploads: who they are, projects, versions, deploys, commits. */
export function installReleaseRoutes(
  app: FastifyInstance,
  deps: ApiDeps & { releases: ReleaseRecords; now: () => number },
): void {
  const { releases } = deps;
  const route = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, answer: (call: ApiCall) => Promise<unknown>) =>
    apiRoute(app, deps, method, path, answer);
  const me = (call: ApiCall) => ({
    id: String(call.actor.userId ?? 0),
    name: call.actor.name,
    username: call.actor.name,
    email: '',
  });

  route('GET', '/', async (call) => ({
    version: '0',
    auth: { scopes: ['project:releases', 'project:read', 'org:read'] },
    user: me(call),
  }));
  route('GET', '/users/me/', async (call) => me(call));
  route('GET', '/users/me/regions/', async () => ({ regions: [{ name: 'errata', url: deps.baseUrl }] }));
  route('GET', '/organizations/', async () => [organisation('errata')]);
  route('GET', '/organizations/:org/', async ({ params }) => organisation(params['org'] ?? 'errata'));
  route('GET', '/organizations/:org/region/', async () => ({ name: 'errata', url: deps.baseUrl }));
  route('GET', '/organizations/:org/repos/', async () => []);
  for (const path of ['/projects/', '/organizations/:org/projects/'])
    route('GET', path, async ({ actor }) => (await uploadable(deps, actor)).map(projectOf));
  route('GET', '/projects/:org/:project/', async ({ actor, params }) =>
    projectOf(await findProject(deps, actor, params['project'] ?? '')),
  );

  /** Projects a request is about: in its address, its body, or the only one there is. */
  const about = (call: ApiCall): Promise<Project[]> => {
    const { project } = call.params;
    const named =
      project === undefined ? [...textsOf(call.body['projects']), ...textsOf([call.query['project']].flat())] : [project];
    return findProjects(deps, call.actor, named);
  };
  /** Of a version that is already known: those of its projects that know it. */
  const knowing = async (call: ApiCall, version: string): Promise<Project[]> => {
    if (call.params['project'] !== undefined || Array.isArray(call.body['projects'])) return about(call);
    const all = await uploadable(deps, call.actor);
    const found = [];
    for (const project of all) if ((await releases.find(reading(call), [project.id], version)) !== undefined) found.push(project);
    return found.length > 0 ? found : about(call);
  };

  for (const scope of ['/organizations/:org', '/projects/:org/:project']) {
    route('GET', `${scope}/releases/`, async (call) => {
      const projects = call.params['project'] === undefined ? await uploadable(deps, call.actor) : await about(call);
      const rows = await releases.list(
        reading(call),
        projects.map((project) => project.id),
      );
      return rows.map((row) => releaseOf(row, projects));
    });
    const put = async (call: ApiCall, version: string, projects: Project[]) => {
      const ids = projects.map((project) => project.id);
      const { body } = call;
      await releases.put(call.actor, ids, version, {
        url: textOf(body['url'], 500),
        ref: textOf(body['ref'], 200),
        startedAt: momentOf(body['dateStarted']),
        releasedAt: momentOf(body['dateReleased']),
      });
      if (Array.isArray(body['commits'])) await releases.setCommits(call.actor, ids, version, body['commits'].map(readCommit));
      else if (Array.isArray(body['refs'])) await releases.setCommits(call.actor, ids, version, body['refs'].map(readCommit));
      return releaseOf((await releases.find(reading(call), ids, version))!, projects);
    };
    route('POST', `${scope}/releases/`, async (call) => {
      const version = versionOf(call.body['version']);
      const answer = await put(call, version, await about(call));
      call.reply.code(201);
      return answer;
    });
    route('GET', `${scope}/releases/:version/`, async (call) => {
      const version = versionOf(call.params['version']);
      const projects = await knowing(call, version);
      const row = await releases.find(
        reading(call),
        projects.map((project) => project.id),
        version,
      );
      if (row === undefined) throw new Failure('NOT_FOUND', 'There is no such release.');
      return releaseOf(row, projects);
    });
    route('PUT', `${scope}/releases/:version/`, async (call) => {
      const version = versionOf(call.params['version']);
      return put(call, version, await knowing(call, version));
    });
    route('GET', `${scope}/releases/:version/deploys/`, async (call) => {
      const version = versionOf(call.params['version']);
      const [project] = await knowing(call, version);
      return (await releases.deploys(project!.id, version)).map(deployOf);
    });
    route('POST', `${scope}/releases/:version/deploys/`, async (call) => {
      const version = versionOf(call.params['version']);
      const { body } = call;
      const environment = textOf(body['environment'], 64);
      if (environment === undefined) throw new Failure('BAD_INPUT', 'A deploy needs its environment.');
      const projects = await knowing(call, version);
      const deploy = await releases.deploy(
        call.actor,
        projects.map((project) => project.id),
        version,
        {
          environment,
          name: textOf(body['name'], 200) ?? null,
          url: textOf(body['url'], 500) ?? null,
          startedAt: momentOf(body['dateStarted']) ?? null,
          finishedAt: momentOf(body['dateFinished']) ?? deps.now(),
        },
      );
      call.reply.code(201);
      return deployOf(deploy);
    });
    route('GET', `${scope}/releases/:version/commits/`, async (call) => {
      const version = versionOf(call.params['version']);
      const [project] = await knowing(call, version);
      return (await releases.commits(project!.id, version)).map((row) => ({
        id: row.commit,
        message: row.message,
        dateCreated: at(row.committedAt),
        author: { name: row.authorName, email: row.authorEmail },
        repository: { name: row.repository },
      }));
    });
    // Which commit the last release ended with; none is known before the first `set-commits`.
    route('GET', `${scope}/releases/:version/previous-with-commits/`, async () => ({}));
  }
}

/** Uploading tokens may read back what they wrote. */
function reading({ actor }: ApiCall): ApiCall['actor'] {
  return {
    ...actor,
    can: (permission, projectId) => actor.can(permission === 'projects:read' ? 'artifacts:write' : permission, projectId),
    demand: (permission, projectId) => actor.demand(permission === 'projects:read' ? 'artifacts:write' : permission, projectId),
  };
}

const deployOf = (row: DeployRow) => ({
  id: String(row.id),
  environment: row.environment,
  name: row.name,
  url: row.url,
  dateStarted: at(row.startedAt),
  dateFinished: at(row.finishedAt),
});

function readCommit(value: unknown): CommitRow {
  const raw = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const commit = textOf(raw['id'], 100) ?? textOf(raw['commit'], 100);
  if (commit === undefined) throw new Failure('BAD_INPUT', 'A commit has no id.');
  return {
    commit,
    repository: textOf(raw['repository'], 200) ?? null,
    message: textOf(raw['message'], 2_000) ?? null,
    authorName: textOf(raw['author_name'], 200) ?? null,
    authorEmail: textOf(raw['author_email'], 254) ?? null,
    committedAt: momentOf(raw['timestamp']) ?? null,
  };
}
