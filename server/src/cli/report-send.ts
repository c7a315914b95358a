import { setTimeout as delay } from 'node:timers/promises';
import { ReportErrorsDocument, type ReportErrorsMutation } from '@errata/schema';
import { print } from 'graphql';
import { clientEnvironment } from '../platform/config.ts';
import { VERSION } from '../platform/version.ts';
import { ask, type Connection, post } from './client.ts';
import { CommandFailure, EXIT } from './output.ts';
import type { ReportOptions } from './report-work.ts';

/** Where reports go: to a project's own address by its DSN key, or through the API. */
export type ReportTarget =
  | { readonly kind: 'dsn'; readonly address: string; readonly key: string }
  | { readonly kind: 'token'; readonly connection: Connection; readonly slug: string };

/** What became of one report. */
export interface ReportResult {
  id?: string;
  /** In lower case: accepted, filtered, invalid, rate_limited, failed, unsupported. */
  outcome: string;
  reason?: string;
  message?: string;
}

const ATTEMPTS = 5;
const MAX_WAIT_SECONDS = 60;
const DOCUMENT = print(ReportErrorsDocument);

/** From options and environment; options win, and a DSN wins over a token. @throws CommandFailure 2 */
export function reportTarget(options: Pick<ReportOptions, 'dsn' | 'url' | 'token' | 'project'>): ReportTarget {
  const env = clientEnvironment();
  const wantsToken = options.token !== undefined || options.project !== undefined;
  const dsn = options.dsn ?? (wantsToken ? undefined : env.dsn);
  if (dsn !== undefined) {
    if (wantsToken) throw new CommandFailure('either --dsn, or --token and --project', EXIT.usage);
    return targetOfDsn(dsn);
  }
  const token = options.token ?? env.token;
  if (token === undefined || options.project === undefined)
    throw new CommandFailure('where to? Give --dsn (ERRATA_DSN), or --project with --token (ERRATA_TOKEN)', EXIT.usage);
  const base = (options.url ?? env.url ?? 'http://127.0.0.1:4000').replace(/\/+$/, '');
  if (!/^https?:\/\//.test(base) || !URL.canParse(base)) throw new CommandFailure(`not an address: ${base}`, EXIT.usage);
  return { kind: 'token', connection: { base, token }, slug: options.project };
}

function targetOfDsn(dsn: string): ReportTarget {
  const match = /^(https?:)\/\/([0-9a-f]{32})(?::[^@/]*)?@([^/?#@]+)((?:\/[^?#]*)?)\/(\d+)\/?$/i.exec(dsn);
  if (match === null) throw new CommandFailure('not a DSN: https://<key>@<host>/<project id> expected', EXIT.usage);
  const [, protocol, key = '', host, path, project] = match;
  return { kind: 'dsn', address: `${protocol}//${host}${path}/api/${project}/bulk/`, key: key.toLowerCase() };
}

/**
 * Sends reports, each as JSON text, and answers what became of each. Those that met a limit or a disk that refused are sent
 * again, unless they go `once`; with `first`, a server that is not there ends it at once.
 * @throws CommandFailure 3 unreachable, 4 refused
 */
export async function sendReports(
  target: ReportTarget,
  texts: readonly string[],
  patience: 'once' | 'first' | 'patiently',
): Promise<ReportResult[]> {
  const results: ReportResult[] = [];
  let left = texts.map((text, at) => ({ text, at }));
  for (let attempt = 1; left.length > 0; attempt++) {
    const last = patience === 'once' || attempt === ATTEMPTS;
    let waitSeconds: number | undefined;
    try {
      const answer = await sendOnce(
        target,
        left.map(({ text }) => text),
      );
      ({ waitSeconds } = answer);
      for (const [i, { at }] of left.entries()) results[at] = answer.results[i] ?? { outcome: 'failed', message: 'no answer' };
    } catch (error) {
      const passing = error instanceof CommandFailure && error.exitCode === EXIT.unreachable;
      if (!passing || last || (patience === 'first' && attempt === 1)) throw error;
      waitSeconds = 2 ** attempt;
    }
    if (last) break;
    left = left.filter(({ at }) => ['rate_limited', 'failed', undefined].includes(results[at]?.outcome));
    if (left.length > 0) {
      const seconds = Math.min(MAX_WAIT_SECONDS, Math.max(1, waitSeconds ?? 2 ** attempt));
      process.stderr.write(`errata: ${left.length} not taken yet, trying again in ${seconds} s\n`);
      await delay(seconds * 1000);
    }
  }
  return results;
}

interface Sent {
  results: ReportResult[];
  waitSeconds: number | undefined;
}

function sendOnce(target: ReportTarget, texts: readonly string[]): Promise<Sent> {
  return target.kind === 'dsn' ? sendBulk(target, texts) : sendMutation(target, texts);
}

async function sendBulk({ address, key }: ReportTarget & { kind: 'dsn' }, texts: readonly string[]): Promise<Sent> {
  const { status, headers, text } = await post(address, texts.join('\n'), {
    'content-type': 'application/x-ndjson',
    'x-sentry-auth': `Sentry sentry_key=${key}, sentry_client=errata-cli/${VERSION}`,
  });
  const answer = text.startsWith('{') ? (JSON.parse(text) as { results?: ReportResult[]; detail?: string }) : {};
  if (answer.results === undefined) {
    if (status === 401 || status === 403 || status === 413)
      throw new CommandFailure(answer.detail ?? `refused with ${status}`, EXIT.refused);
    throw new CommandFailure(`${new URL(address).origin} answers ${status}, but not as Errata`, EXIT.unreachable);
  }
  const after = headers.get('retry-after');
  return { results: answer.results, waitSeconds: after === null ? undefined : Number(after) };
}

async function sendMutation({ connection, slug }: ReportTarget & { kind: 'token' }, texts: readonly string[]): Promise<Sent> {
  const results: ReportResult[] = [];
  const input: unknown[] = [];
  const places: number[] = [];
  for (const [at, text] of texts.entries()) {
    try {
      const { event_id: eventId, ...rest } = JSON.parse(text) as Record<string, unknown>;
      input.push(eventId === undefined ? rest : { eventId, ...rest });
      places.push(at);
    } catch {
      results[at] = { outcome: 'invalid', reason: 'json', message: 'no JSON' };
    }
  }
  if (input.length === 0) return { results, waitSeconds: undefined };
  const { reportErrors } = await ask<ReportErrorsMutation>(connection, DOCUMENT, { input, slug });
  if (reportErrors.__typename !== 'ReportedErrors') {
    const { message = 'refused' } = reportErrors as { message?: string };
    throw new CommandFailure(message, EXIT.refused);
  }
  let waitSeconds: number | undefined;
  for (const one of reportErrors.results) {
    if (one.retryAfterSeconds) waitSeconds = Math.max(waitSeconds ?? 0, one.retryAfterSeconds);
    results[places[one.index] as number] = {
      ...(one.eventId ? { id: one.eventId } : {}),
      outcome: one.outcome.toLowerCase(),
      ...(one.reason ? { reason: one.reason } : {}),
      ...(one.message ? { message: one.message } : {}),
    };
  }
  return { results, waitSeconds };
}
