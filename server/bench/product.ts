import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freePort, Measured, ready } from './processes.ts';

const SERVER = resolve(import.meta.dirname, '..');
const EMAIL = 'bench@errata.test';
const PASSWORD = 'correct horse battery staple';

/** A project that events can be sent to. */
export interface Target {
  projectId: string;
  path: string;
  auth: string;
}

/** The product under measurement: `dist/main.js serve` in a fresh data directory, on loopback. */
export class Product {
  readonly process: Measured;
  readonly port: number;
  readonly dataDir: string;
  readonly readyMs: number;
  #token = '';
  #cookie = '';

  private constructor(process: Measured, port: number, dataDir: string, readyMs: number) {
    this.process = process;
    this.port = port;
    this.dataDir = dataDir;
    this.readyMs = readyMs;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts it and waits for `/readyz`. @throws when it does not come up */
  static async start(options: { dataDir?: string; env?: Record<string, string> } = {}): Promise<Product> {
    const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'errata-bench-'));
    const port = await freePort();
    const started = new Measured('node', ['--max-semi-space-size=16', 'dist/main.js', 'serve'], {
      cwd: SERVER,
      env: {
        PORT: String(port),
        HOST: '127.0.0.1',
        ERRATA_DATA_DIR: dataDir,
        ERRATA_ADMIN_EMAIL: EMAIL,
        ERRATA_ADMIN_PASSWORD: PASSWORD,
        ERRATA_LOG_LEVEL: 'warn',
        // As .scripts/node24.mjs starts it.
        MALLOC_ARENA_MAX: '2',
        MALLOC_TRIM_THRESHOLD_: '131072',
        ...options.env,
      },
    });
    const readyMs = await ready(`http://127.0.0.1:${port}/readyz`, started);
    return new Product(started, port, dataDir, readyMs);
  }

  /** Ends it, and removes its data directory unless told to keep it. */
  async stop(keepData = false): Promise<void> {
    await this.process.stop();
    if (!keepData) rmSync(this.dataDir, { recursive: true, force: true });
  }

  /** Signs in and makes an API token for what follows. */
  async signIn(): Promise<void> {
    const response = await this.#post(
      'mutation ($email: String!, $password: String!) { signIn(email: $email, password: $password) { __typename ... on UserError { message } } }',
      { email: EMAIL, password: PASSWORD },
    );
    this.#cookie = response.cookie;
    const scopes = ['errors:read', 'errors:write', 'projects:read', 'projects:write', 'users:read', 'users:write', 'system:read'];
    const data = await this.query<{ createApiToken: { secret?: string; message?: string } }>(
      'mutation ($scopes: [String!]!) { createApiToken(input: { name: "bench", scopes: $scopes }) { ... on CreatedApiToken { secret } ... on UserError { message } } }',
      { scopes },
    );
    if (data.createApiToken.secret === undefined) throw new Error(`no API token: ${data.createApiToken.message}`);
    this.#token = data.createApiToken.secret;
  }

  /** Bearer token; empty before {@link signIn}. */
  get token(): string {
    return this.#token;
  }

  /** A GraphQL request. @throws with the first error's message */
  async query<T>(query: string, variables: Record<string, unknown> = {}): Promise<T> {
    const { body } = await this.#post(query, variables);
    if (body.errors !== undefined) throw new Error(`GraphQL: ${body.errors[0]?.message}`);
    return body.data as T;
  }

  /** Invites a person, accepts in his name, and makes him a token that reads errors. */
  async invitedToken(number: number): Promise<string> {
    const email = `watcher${number}@errata.test`;
    const invited = await this.query<{ inviteUser: { url?: string; message?: string } }>(
      'mutation ($email: String!) { inviteUser(input: { email: $email, role: ADMIN }) { ... on CreatedInvitation { url } ... on UserError { message } } }',
      { email },
    );
    const token = /[A-Za-z0-9_-]{20,}$/.exec(invited.inviteUser.url ?? '')?.[0];
    if (token === undefined) throw new Error(`no invitation: ${invited.inviteUser.message}`);
    const accepted = await this.#post(
      'mutation ($input: AcceptInvitationInput!) { acceptInvitation(input: $input) { __typename ... on UserError { message } } }',
      { input: { token, email, name: `Watcher ${number}`, password: `${PASSWORD} ${number}` } },
      '',
    );
    const made = await this.#post(
      'mutation { createApiToken(input: { name: "watch", scopes: ["errors:read", "projects:read"] }) { ... on CreatedApiToken { secret } ... on UserError { message } } }',
      {},
      accepted.cookie,
    );
    const { createApiToken } = made.body.data as { createApiToken: { secret?: string; message?: string } };
    if (createApiToken.secret === undefined) throw new Error(`no API token: ${createApiToken.message}`);
    return createApiToken.secret;
  }

  /** Makes projects until there are so many; their ingest addresses. */
  async targets(count: number): Promise<Target[]> {
    const PROJECTS = '{ projects { id keys { publicKey status } } }';
    interface Listed {
      projects: { id: string; keys: { publicKey: string; status: string }[] }[];
    }
    const before = await this.query<Listed>(PROJECTS);
    for (let i = before.projects.length; i < count; i += 1) {
      const made = await this.query<{ createProject: { id?: string; message?: string } }>(
        'mutation ($name: String!) { createProject(input: { name: $name }) { ... on Project { id keys { id } } ... on UserError { message } } }',
        { name: `Load ${i}` },
      );
      if (made.createProject.id === undefined) throw new Error(`no project: ${made.createProject.message}`);
    }
    const { projects } = await this.query<Listed>(PROJECTS);
    return projects.slice(0, count).map(({ id, keys }) => {
      const key = keys.find((k) => k.status === 'ACTIVE');
      if (key === undefined) throw new Error(`project ${id} has no active key`);
      return {
        projectId: id,
        path: `/api/${id}/envelope/`,
        auth: `Sentry sentry_version=7, sentry_client=bench/1.0, sentry_key=${key.publicKey}`,
      };
    });
  }

  /** Events digested since the start, and bytes still waiting in the ingest log, from `/metrics`. */
  async figures(): Promise<{ digested: number; backlogBytes: number }> {
    const text = await (await fetch(`${this.url}/metrics`, { signal: AbortSignal.timeout(10_000) })).text();
    const value = (name: string) =>
      Number(new RegExp(`^${name}(?:\\{[^}]*\\})? ([\\d.e+-]+)$`, 'm').exec(text)?.[1] ?? Number.NaN);
    return { digested: value('errata_events_digested_total'), backlogBytes: value('errata_ingest_backlog_bytes') };
  }

  /** Bytes in the data directory. */
  diskBytes(): number {
    return directoryBytes(this.dataDir);
  }

  /** `cookie`: as whom; unset means by the API token, or the session as long as there is none. */
  async #post(
    query: string,
    variables: Record<string, unknown>,
    cookie?: string,
  ): Promise<{ body: { data?: unknown; errors?: { message: string }[] }; cookie: string }> {
    const session = cookie ?? (this.#token === '' ? this.#cookie : '');
    const response = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Origin: this.url,
        ...(session === '' ? {} : { Cookie: session }),
        ...(cookie === undefined && this.#token !== '' ? { Authorization: `Bearer ${this.#token}` } : {}),
      },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(30_000),
    });
    const set = response.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ');
    return { body: (await response.json()) as { data?: unknown; errors?: { message: string }[] }, cookie: set };
  }
}

/** Bytes of all files below a directory. */
function directoryBytes(directory: string): number {
  let bytes = 0;
  for (const entry of readdirSync(directory, { withFileTypes: true, recursive: true })) {
    if (entry.isFile()) bytes += statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0;
  }
  return bytes;
}
