import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually, type RunningServer, startServer } from '../server.ts';

/** Two projects; a token with every right in the one, and an ingest-only one, guess the ids of what the other holds. */
let server: RunningServer;
let ids: Record<string, string>;
let tokens: { stranger: string; sender: string };

const ask = async (token: string, query: string, variables: Record<string, unknown> = {}) => {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
  });
  return (await response.json()) as { data?: Record<string, unknown> | null; errors?: { extensions?: { code?: string } }[] };
};
const SCOPES = [
  'errors:read',
  'errors:write',
  'errors:delete',
  'events:write',
  'projects:read',
  'projects:write',
  'artifacts:write',
];
const token = async (scopes: string[], projectId: string) =>
  (
    await server.graphql<{ createApiToken: { secret: string } }>(
      'mutation ($input: CreateApiTokenInput!) { createApiToken(input: $input) { ... on CreatedApiToken { secret } } }',
      { input: { name: scopes.join(' '), scopes, projectIds: [projectId] } },
    )
  ).createApiToken.secret;

beforeAll(async () => {
  server = await startServer();
  const { createProject } = await server.graphql<{ createProject: { id: string } }>(
    'mutation { createProject(input: { name: "Other" }) { ... on Project { id } } }',
  );
  tokens = { stranger: await token(SCOPES, createProject.id), sender: await token(['events:write'], createProject.id) };
  const { pathname, username } = new URL(server.dsn);
  const project = pathname.slice(1);
  const event = { event_id: '5'.repeat(32), message: 'held by the first project' };
  const feedback = { event_id: '5'.repeat(32), name: 'Jo', email: 'jo@a.test', comments: 'it broke' };
  const items = [
    `{"type":"event"}\n${JSON.stringify(event)}`,
    '{"type":"attachment","filename":"a.txt"}\nsecret',
    `{"type":"user_report"}\n${JSON.stringify(feedback)}`,
  ];
  await fetch(`${server.url}/api/${project}/envelope/?sentry_key=${username}`, {
    method: 'POST',
    body: `{"event_id":"${event.event_id}"}\n${items.join('\n')}\n`,
  });
  const form = new FormData();
  form.append('name', '~/a.js.map');
  form.append('file', new Blob(['{"version":3,"sources":[],"names":[],"mappings":""}']), 'a.js.map');
  const uploader = await token(['artifacts:write'], project);
  await fetch(`${server.url}/api/0/projects/any/my-project/releases/r1/files/`, {
    method: 'POST',
    headers: { authorization: `Bearer ${uploader}` },
    body: form,
  });
  const made = await server.graphql<Record<string, { id: string }>>(
    `mutation ($p: ID!) {
      monitor: createMonitor(input: { projectId: $p, name: "nightly", schedule: { type: CRONTAB, value: "0 4 * * *" } }) { ... on Monitor { id } }
      pattern: createPattern(projectId: $p, input: { name: "p", expression: "x" }) { ... on Pattern { id } }
      source: createLogSource(projectId: $p, input: { name: "s", globs: ["/var/log/nobody/*.log"] }) { ... on LogSource { id } }
    }`,
    { p: project },
  );
  type Held = {
    errors: { edges: { node: { id: string; latestEvent: { id: string; attachments: { id: string }[] } | null } }[] };
    feedback: { edges: { node: { id: string } }[] };
    project: { artifactBundles: { id: string }[]; keys: { id: string }[] };
  };
  const held = await eventually(
    () =>
      server.graphql<Held>(`{ errors(first: 1) { edges { node { id latestEvent { id attachments { id } } } } }
        feedback(first: 1) { edges { node { id } } }
        project(id: ${project}) { keys { id } artifactBundles(first: 1) { id } } }`),
    ({ errors, feedback }) => errors.edges[0]?.node.latestEvent?.attachments.length === 1 && feedback.edges.length === 1,
  );
  const error = held.errors.edges[0]!.node;
  ids = {
    project,
    error: error.id,
    event: error.latestEvent!.id,
    attachment: error.latestEvent!.attachments[0]!.id,
    feedback: held.feedback.edges[0]!.node.id,
    bundle: held.project.artifactBundles[0]!.id,
    key: held.project.keys[0]!.id,
    monitor: made['monitor']!.id,
    pattern: made['pattern']!.id,
    source: made['source']!.id,
  };
});
afterAll(() => server?.dispose());

const READS: [name: string, operation: string][] = [
  ['project', 'query ($project: ID!) { it: project(id: $project) { id slug } }'],
  ['error', 'query ($error: ID!) { it: error(id: $error) { id title } }'],
  ['event', 'query ($event: ID!) { it: errorEvent(id: $event) { id } }'],
  ['monitor', 'query ($monitor: ID!) { it: monitor(id: $monitor) { id slug } }'],
  ['log source', 'query ($source: ID!) { it: logSource(id: $source) { id name } }'],
];
const WRITES: [name: string, operation: string][] = [
  ['update a monitor', 'mutation ($monitor: ID!) { it: updateMonitor(id: $monitor, input: { isPaused: true }) { __typename } }'],
  ['delete a monitor', 'mutation ($monitor: ID!) { it: deleteMonitor(id: $monitor) { __typename } }'],
  ['mark feedback', 'mutation ($feedback: ID!) { it: updateFeedback(ids: [$feedback], status: SPAM) { __typename } }'],
  ['delete feedback', 'mutation ($feedback: ID!) { it: deleteFeedback(ids: [$feedback]) { __typename } }'],
  ['delete an attachment', 'mutation ($attachment: ID!) { it: deleteAttachment(id: $attachment) { __typename } }'],
  ['delete uploads', 'mutation ($bundle: ID!) { it: deleteArtifactBundles(ids: [$bundle]) { __typename } }'],
  ['delete a log source', 'mutation ($source: ID!) { it: deleteLogSource(id: $source) { __typename } }'],
  ['pause a log source', 'mutation ($source: ID!) { it: pauseLogSource(id: $source) { __typename } }'],
  ['delete a pattern', 'mutation ($pattern: ID!) { it: deletePattern(id: $pattern) { __typename } }'],
  ['rotate a key', 'mutation ($key: ID!) { it: rotateDsnKey(id: $key) { __typename } }'],
  ['archive a project', 'mutation ($project: ID!) { it: archiveProject(id: $project) { __typename } }'],
  ['comment', 'mutation ($error: ID!) { it: addComment(errorId: $error, body: "hi") { __typename } }'],
  [
    'report',
    'mutation ($project: ID!) { it: reportErrors(projectId: $project, input: [{ message: "planted" }]) { __typename } }',
  ],
];
/** Variables that an operation names. */
const variables = (operation: string) =>
  Object.fromEntries(Object.entries(ids).filter(([name]) => operation.includes(`$${name}`)));

it('nothing of another project is read by its id, nor by an ingest-only token', async () => {
  for (const [name, operation] of READS)
    for (const one of Object.values(tokens)) {
      const { data, errors } = await ask(one, operation, variables(operation));
      expect([name, data?.['it'] ?? null, errors?.[0]?.extensions?.code ?? 'NOT_FOUND']).toEqual([
        name,
        null,
        expect.stringMatching(/^(?:NOT_FOUND|FORBIDDEN)$/),
      ]);
    }
  for (const one of Object.values(tokens)) {
    const lists = await ask(
      one,
      '{ errors(first: 5) { totalCount } feedback(first: 5) { edges { node { id } } } monitors { id } }',
    );
    const found = JSON.stringify(lists.data ?? {});
    expect(found.replaceAll(/\{"totalCount":0\}|\{"edges":\[\]\}|\[\]|null/g, '0')).toMatch(/^\{(?:"\w+":0,?)*\}$/);
    const file = await fetch(`${server.url}/attachments/${ids['attachment']}`, { headers: { authorization: `Bearer ${one}` } });
    expect([403, 404]).toContain(file.status);
    expect(await file.text()).not.toContain('secret');
    for (const path of ['projects/any/my-project/releases/r1/files/', 'projects/any/my-project/files/source-maps/?name=r1']) {
      const gone = await fetch(`${server.url}/api/0/${path}`, { method: 'DELETE', headers: { authorization: `Bearer ${one}` } });
      expect([403, 404]).toContain(gone.status);
    }
  }
});

it('nothing of another project is changed by its id, nor by an ingest-only token', async () => {
  for (const [name, operation] of WRITES)
    for (const one of Object.values(tokens)) {
      const { data, errors } = await ask(one, operation, variables(operation));
      const answer = (data?.['it'] as { __typename?: string } | null | undefined)?.__typename ?? errors?.[0]?.extensions?.code;
      // Of lists, what is out of sight is passed over: that nothing was touched is seen below.
      expect([name, answer]).toEqual([name, expect.stringMatching(/Refusal$|^FORBIDDEN$|^NOT_FOUND$|^Feedback\w+$/)]);
    }
  const left = await server.graphql<Record<string, unknown>>(
    `query ($error: ID!, $monitor: ID!, $source: ID!, $project: ID!) {
      error(id: $error) { comments { id } latestEvent { attachments { id } } }
      monitor(id: $monitor) { isPaused }
      logSource(id: $source) { enabled }
      errors(first: 5) { totalCount }
      feedback(first: 5) { edges { node { status } } }
      project(id: $project) { status artifactBundles(first: 2) { id } patterns { id } keys { id } }
    }`,
    { error: ids['error'], monitor: ids['monitor'], source: ids['source'], project: ids['project'] },
  );
  expect(left).toEqual({
    error: { comments: [], latestEvent: { attachments: [{ id: ids['attachment'] }] } },
    monitor: { isPaused: false },
    logSource: { enabled: true },
    errors: { totalCount: 1 },
    feedback: { edges: [{ node: { status: 'UNREAD' } }] },
    project: {
      status: 'ACTIVE',
      artifactBundles: [{ id: ids['bundle'] }],
      patterns: [{ id: ids['pattern'] }],
      keys: [{ id: ids['key'] }],
    },
  });
});
