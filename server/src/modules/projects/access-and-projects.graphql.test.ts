import { readFileSync } from 'node:fs';
import {
  buildSchema,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLObjectType,
  type GraphQLSchema,
  graphql,
  isEnumType,
  isInputObjectType,
  isObjectType,
  isUnionType,
} from 'graphql';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type AccessWorld, accessSchema, openAccessWorld, PASSWORD, START } from '../../../test/access-world.ts';
import { openTestDatabase, type TestDatabase } from '../../../test/databases.ts';
import { User } from '../access/access.entity.ts';

/** The two rooms as a client sees them. SQLite alone: what differs by dialect is in the tests of the services. */
let db: TestDatabase;
let world: AccessWorld;
let schema: GraphQLSchema;
beforeAll(async () => {
  db = await openTestDatabase('sqlite');
  return () => db.close();
}, 60_000);
beforeEach(() => {
  world = openAccessWorld(db);
  schema = accessSchema(world);
});

type Context = ReturnType<AccessWorld['context']>;
async function run(source: string, context: Context, variableValues: Record<string, unknown> = {}) {
  const { data, errors } = await graphql({ schema, source, contextValue: context, variableValues });
  // biome-ignore lint/suspicious/noExplicitAny: the answer is looked at by the tests
  return { data: data as any, codes: errors?.map((error) => (error.originalError as { code?: string })?.code ?? error.message) };
}

describe('the schema', () => {
  const agreed = buildSchema(readFileSync(new URL('../../../../schema/schema.graphql', import.meta.url), 'utf8'));
  /** What others add to a project or a release is not in this world; `sdl.test.ts` compares the whole. */
  const elsewhere = (name: string, field: string) =>
    (name === 'Project' || name === 'Release') && !Object.hasOwn((schema.getType(name) as GraphQLObjectType).getFields(), field);
  const ours =
    `User Viewer Session ApiToken CreatedApiToken Invitation CreatedInvitation InvitationPreview Project ProjectSettings
    DsnKey Release Role ProjectStatus DsnKeyStatus InviteUserInput AcceptInvitationInput UpdateUserInput UpdateProfileInput
    CreateApiTokenInput CreateProjectInput UpdateProjectInput ProjectSettingsInput CreateDsnKeyInput UpdateDsnKeyInput
    SignInResult InviteUserResult AcceptInvitationResult UpdateUserResult CreateApiTokenResult DoneResult
    CreateProjectResult UpdateProjectResult DsnKeyResult`.split(/\s+/);
  const shape = (from: GraphQLSchema, name: string) => {
    const type = from.getType(name);
    if (isUnionType(type))
      return type
        .getTypes()
        .map((member) => member.name)
        .sort();
    if (isEnumType(type))
      return type
        .getValues()
        .map((value) => value.name)
        .sort();
    if (!isObjectType(type) && !isInputObjectType(type)) return undefined;
    const fields = Object.values<GraphQLField<unknown, unknown> | GraphQLInputField>(type.getFields()).map((field) => {
      const args = 'args' in field ? field.args.map((arg) => `${arg.name}: ${arg.type} = ${arg.defaultValue}`).sort() : [];
      return `${field.name}(${args.join(', ')}): ${field.type}`;
    });
    return fields.filter((field) => !elsewhere(name, field.slice(0, field.indexOf('(')))).sort();
  };

  it.each(ours)('has %s as agreed', (name) => {
    expect(shape(schema, name)).toBeDefined();
    expect(shape(schema, name)).toEqual(shape(agreed, name));
  });

  it.each(['Query', 'Mutation'])('has the fields of %s as agreed', (name) => {
    const own = shape(schema, name) as string[];
    expect(shape(agreed, name)).toEqual(expect.arrayContaining(own));
    expect(own.length).toBe(name === 'Query' ? 9 : 24);
  });
});

describe('signing in', () => {
  const SIGN_IN = `mutation($email: String!, $password: String!) { signIn(email: $email, password: $password) {
    __typename ... on Viewer { user { id email role disabled createdAt } permissions sessionExpiresAt preferences }
    ... on UserError { code message } ... on ThrottledRefusal { retryAfterSeconds } } }`;

  it('sets the cookie and answers the viewer; the cookie is good for `me`', async () => {
    const { user } = await world.person('OPERATOR');
    const context = world.context();
    const { data, codes } = await run(SIGN_IN, context, { email: user.email, password: PASSWORD });
    expect(codes).toBeUndefined();
    expect(data.signIn).toMatchObject({
      __typename: 'Viewer',
      user: { id: String(user.id), role: 'OPERATOR', disabled: false, createdAt: new Date(START).toISOString() },
      preferences: {},
    });
    const [cookie] = context.cookies;
    const identity = await world.access.authenticator.authenticate({ cookie: cookie ?? null, bearer: null });
    const me = await run(
      '{ me { user { id } permissions } sessions { id current ip } }',
      world.context(identity.actor, identity.sessionId),
    );
    expect(me.data.me.user.id).toBe(String(user.id));
    expect(me.data.sessions).toEqual([{ id: String(identity.sessionId), current: true, ip: '192.0.2.1' }]);
  });

  it('answers refusals by type, and sets no cookie', async () => {
    const { user } = await world.person('VIEWER');
    const context = world.context();
    const wrong = () => run(SIGN_IN, context, { email: user.email, password: 'wrong' });
    expect((await wrong()).data.signIn).toMatchObject({ __typename: 'ValidationRefusal', code: 'WRONG_CREDENTIALS' });
    for (let n = 0; n < 4; n++) await wrong();
    expect((await wrong()).data.signIn).toMatchObject({ __typename: 'ThrottledRefusal', retryAfterSeconds: 5 });
    expect(context.cookies).toEqual([]);
  });

  it('is not possible over a live socket', async () => {
    const { user } = await world.person('VIEWER');
    const { reply: _, ...socket } = world.context();
    const { codes } = await run(SIGN_IN, socket as Context, { email: user.email, password: PASSWORD });
    expect(codes).toEqual(['BAD_INPUT']);
  });

  it('out clears the cookie, also for strangers', async () => {
    const context = world.context();
    expect((await run('mutation { signOut { ok } }', context)).data.signOut).toEqual({ ok: true });
    expect(context.cookies).toEqual([null]);
  });

  it('strangers are nobody, and see nothing', async () => {
    expect((await run('{ me { permissions } }', world.context())).data).toEqual({ me: null });
    const closed = [
      'users { id }',
      'invitations { id }',
      'sessions { id }',
      'apiTokens { id }',
      'projects { id }',
      'project(id: 1) { id }',
    ];
    for (const field of closed) expect((await run(`{ ${field} }`, world.context())).codes).toEqual(['UNAUTHENTICATED']);
  });
});

it('an invitation leads from the link to a signed-in member', async () => {
  const project = await world.project();
  const admin = await world.person('ADMIN');
  const made = await run(
    `mutation($ids: [ID!]) { inviteUser(input: { role: OPERATOR, projectIds: $ids }) {
       ... on CreatedInvitation { url invitation { id role createdBy { id } projects { id } acceptedAt } } } }`,
    world.context(admin.actor),
    { ids: [String(project.id)] },
  );
  expect(made.data.inviteUser.invitation).toMatchObject({
    role: 'OPERATOR',
    createdBy: { id: String(admin.user.id) },
    projects: [{ id: String(project.id) }],
    acceptedAt: null,
  });
  const token = new URL(made.data.inviteUser.url).searchParams.get('token');
  const guest = world.context();
  const preview = await run('query($token: String!) { invitation(token: $token) { role invitedBy } }', guest, { token });
  expect(preview.data.invitation).toEqual({ role: 'OPERATOR', invitedBy: admin.user.name });
  const accepted = await run(
    `mutation($input: AcceptInvitationInput!) { acceptInvitation(input: $input) { __typename ... on Viewer { user { id projects { slug } } } } }`,
    guest,
    { input: { token, email: 'guest@example.org', name: 'Guest', password: 'correct-horse-9' } },
  );
  expect(accepted.data.acceptInvitation).toMatchObject({ __typename: 'Viewer', user: { projects: [{ slug: project.slug }] } });
  const identity = await world.access.authenticator.authenticate({ cookie: guest.cookies[0] ?? null, bearer: null });
  const seen = await run(
    '{ projects { id } me { user { projects { id } } } }',
    world.context(identity.actor, identity.sessionId),
  );
  expect(seen.data).toEqual({ projects: [{ id: String(project.id) }], me: { user: { projects: [{ id: String(project.id) }] } } });
});

it('a project is made, set up, rotated and archived through the API', async () => {
  const admin = await world.person('ADMIN');
  const context = () => world.context(admin.actor);
  const made = await run(
    `mutation { createProject(input: { name: "Web shop", platform: "node" }) { __typename ... on Project {
       id slug status firstEventAt environments releases { version } settings { scrubDefaults eventsPerMinute }
       keys { id label status dsn publicKey lastUsedAt } } } }`,
    context(),
  );
  const project = made.data.createProject;
  expect(project).toMatchObject({ slug: 'web-shop', status: 'ACTIVE', firstEventAt: null, environments: [], releases: [] });
  expect(project.settings).toEqual({ scrubDefaults: true, eventsPerMinute: null });
  const [key] = project.keys;
  expect(key.dsn).toBe(`https://${key.publicKey}@errata.example/sub/${project.id}`);
  const updated = await run(
    `mutation($id: ID!) { updateProject(id: $id, input: { settings: { eventsPerMinute: 60, sensitiveFields: ["iban"] } }) {
       ... on Project { name platform settings { eventsPerMinute sensitiveFields scrubDefaults } } ... on UserError { code } } }`,
    context(),
    { id: project.id },
  );
  expect(updated.data.updateProject).toEqual({
    name: 'Web shop',
    platform: 'node',
    settings: { eventsPerMinute: 60, sensitiveFields: ['iban'], scrubDefaults: true },
  });
  const refused = await run(
    `mutation($id: ID!) { updateProject(id: $id, input: { settings: { eventsPerMinute: 0 } }) { ... on ValidationRefusal { code field } } }`,
    context(),
    { id: project.id },
  );
  expect(refused.data.updateProject).toEqual({ code: 'OUT_OF_RANGE', field: 'settings.eventsPerMinute' });
  const rotated = await run('mutation($id: ID!) { rotateDsnKey(id: $id) { ... on DsnKey { id dsn status } } }', context(), {
    id: key.id,
  });
  expect(rotated.data.rotateDsnKey.id).not.toBe(key.id);
  const archived = await run(
    'mutation($id: ID!) { archiveProject(id: $id) { ... on Project { status keys { id status } } } }',
    context(),
    { id: project.id },
  );
  expect(archived.data.archiveProject).toEqual({
    status: 'ARCHIVED',
    keys: [
      { id: key.id, status: 'DISABLED' },
      { id: rotated.data.rotateDsnKey.id, status: 'ACTIVE' },
    ],
  });
});

describe('what others may see of each other', () => {
  it('projects show who may see them; users show the projects that the one asking sees too', async () => {
    await db.orm.em.fork().nativeDelete(User, {});
    const [shop, secret] = [await world.project('Shop'), await world.project('Secret')];
    const owner = await world.person('OWNER');
    const both = await world.person('OPERATOR', [shop.id, secret.id]);
    const one = await world.person('VIEWER', [shop.id]);
    const { data } = await run('{ projects { name members { id } } users { id projects { name } } }', world.context(one.actor));
    const ids = (...people: { user: User }[]) => people.map(({ user }) => ({ id: String(user.id) }));
    expect(data.projects).toEqual([{ name: 'Shop', members: ids(owner, both, one) }]);
    expect(JSON.stringify(data)).not.toContain('Secret');
    const all = await run('{ users { id projects { name } } }', world.context(both.actor));
    expect(all.data.users.find(({ id }: { id: string }) => id === String(both.user.id)).projects).toEqual([
      { name: 'Secret' },
      { name: 'Shop' },
    ]);
    expect(all.data.users.find(({ id }: { id: string }) => id === String(one.user.id)).projects).toEqual([{ name: 'Shop' }]);
  });

  it('a token sees no more than its scopes, inside a project either', async () => {
    const project = await world.project();
    const owner = await world.person('OWNER');
    const made = await run(
      `mutation($ids: [ID!]) { createApiToken(input: { name: "ci", scopes: ["projects:read"], projectIds: $ids }) {
         ... on CreatedApiToken { secret token { prefix scopes projects { id } user { id } lastUsedAt } } } }`,
      world.context(owner.actor),
      { ids: [String(project.id)] },
    );
    const { secret, token } = made.data.createApiToken;
    expect(token).toEqual({
      prefix: secret.slice(0, 11),
      scopes: ['projects:read'],
      projects: [{ id: String(project.id) }],
      user: { id: String(owner.user.id) },
      lastUsedAt: null,
    });
    const { actor } = await world.access.authenticator.authenticate({ cookie: null, bearer: secret });
    expect((await run('{ projects { id } }', world.context(actor))).data.projects).toEqual([{ id: String(project.id) }]);
    expect((await run('{ projects { members { email } } }', world.context(actor))).codes).toEqual(['FORBIDDEN']);
    expect((await run('{ users { email } }', world.context(actor))).codes).toEqual(['FORBIDDEN']);
    expect((await run('{ sessions { id } }', world.context(actor))).codes).toEqual(['FORBIDDEN']);
    expect((await run('mutation { createProject(input: { name: "x" }) { __typename } }', world.context(actor))).codes).toEqual([
      'FORBIDDEN',
    ]);
    expect((await run('{ me { permissions sessionExpiresAt } }', world.context(actor))).data.me).toEqual({
      permissions: ['projects:read'],
      sessionExpiresAt: null,
    });
  });

  it('lists are loaded at once, however long they are', async () => {
    for (let n = 0; n < 5; n++) await world.person('VIEWER', [(await world.project()).id]);
    const owner = await world.person('OWNER');
    const { projects, keys } = world.projects;
    const spies = [
      vi.spyOn(keys, 'keysOf'),
      vi.spyOn(projects, 'environmentsOf'),
      vi.spyOn(projects, 'releasesOf'),
      vi.spyOn(projects, 'list'),
      vi.spyOn(world.access.memberships, 'membersOf'),
      vi.spyOn(world.access.memberships, 'visibleTo'),
    ];
    const { codes } = await run(
      '{ projects { keys { dsn } environments releases { version } members { id projects { id } } } users { projects { id } } }',
      world.context(owner.actor),
    );
    expect(codes).toBeUndefined();
    expect(spies.map((spy) => spy.mock.calls.length)).toEqual([1, 1, 1, 2, 1, expect.toSatisfy((calls: number) => calls <= 2)]);
  });
});
