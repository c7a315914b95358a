import { clientEnvironment } from '../platform/config.ts';
import { ask, type Connection } from './client.ts';
import { CommandFailure, EXIT } from './output.ts';
import type { TailOptions } from './tail.ts';

/** Where events go: the bulk route of a project, and the key to it. */
export interface TailTarget {
  readonly url: string;
  readonly key: string;
}

interface Keys {
  project: { id: string; keys: { publicKey: string; status: string }[] } | null;
}

/** The connection that `--url` and `--token` name; undefined without a token. @throws CommandFailure when they are no good */
export function connectionFrom(options: Pick<TailOptions, 'url' | 'token'>): Connection | undefined {
  const env = clientEnvironment();
  const token = options.token ?? env.token;
  if (token === undefined) return undefined;
  const base = (options.url ?? env.url ?? 'http://127.0.0.1:4000').replace(/\/+$/, '');
  if (!/^https?:\/\//.test(base) || !URL.canParse(base)) throw new CommandFailure(`not an address: ${base}`, EXIT.usage);
  return { base, token };
}

/** @throws CommandFailure when nothing says where to, or it is no good */
export async function targetOf(options: TailOptions): Promise<TailTarget> {
  const dsn = options.dsn ?? (options.project === undefined ? clientEnvironment().dsn : undefined);
  if (dsn !== undefined) return targetOfDsn(dsn);
  const connection = connectionFrom(options);
  if (connection === undefined || options.project === undefined)
    throw new CommandFailure('say where to report to: --dsn (ERRATA_DSN), or --project with --token', EXIT.usage);
  return targetOfProject(connection, { slug: options.project });
}

/** The bulk route by the first active key of a project. @throws CommandFailure when there is none */
export async function targetOfProject(connection: Connection, project: { slug: string } | { id: string }): Promise<TailTarget> {
  const found = await ask<Keys>(
    connection,
    'query ($id: ID, $slug: String) { project(id: $id, slug: $slug) { id keys { publicKey status } } }',
    project,
  );
  if (found.project === null)
    throw new CommandFailure(`there is no project ${'slug' in project ? project.slug : project.id}`, EXIT.refused);
  const key = found.project.keys.find(({ status }) => status === 'ACTIVE');
  if (key === undefined) throw new CommandFailure('the project has no active key', EXIT.refused);
  return { url: `${connection.base}/api/${found.project.id}/bulk/`, key: key.publicKey };
}

function targetOfDsn(dsn: string): TailTarget {
  const url = URL.canParse(dsn) ? new URL(dsn) : undefined;
  const path = /^(.*)\/(\d+)\/?$/.exec(url?.pathname ?? '');
  if (url === undefined || url.username === '' || path === null || !/^https?:$/.test(url.protocol))
    throw new CommandFailure('not a DSN; it looks like https://<key>@<host>/<project>', EXIT.usage);
  return { url: `${url.protocol}//${url.host}${path[1]}/api/${path[2]}/bulk/`, key: url.username };
}
