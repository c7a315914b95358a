import { once } from 'node:events';
import type { Command } from 'commander';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { clientEnvironment } from '../platform/config.ts';
import { CommandFailure, EXIT, runCommand } from './output.ts';

interface StreamOptions {
  url?: string;
  token?: string;
  project?: string[];
  query?: string;
  after?: string;
  limit?: string;
}

/** Fields of each line. The id is what `--after` takes. */
const DOCUMENT = `subscription StreamErrors($filter: ErrorFilter, $query: String, $after: ID) {
  errorEventReceived(filter: $filter, query: $query, after: $after) {
    id eventId errorId projectId project { slug } isNew isRegression
    title culprit level environment release timestamp receivedAt
  }
}`;

/** GraphQL or socket refusals after which trying again is pointless. */
const FINAL_CLOSE_CODES = new Set([4400, 4401, 4403, 4406, 4409]);

/** `errata stream`: kept events as NDJSON, for ever or `--limit`; after a cut it goes on where it was. */
export function addStreamCommand(program: Command): void {
  program
    .command('stream')
    .description('print every event that is kept, one JSON object a line; resumes after a cut')
    .option('--url <address>', 'the server (ERRATA_URL)', undefined)
    .option('--token <token>', 'an API token with the scope errors:read (ERRATA_TOKEN)')
    .option('--project <slug...>', 'only these projects')
    .option('--query <query>', "only what matches, e.g. 'level:fatal environment:production'")
    .option('--after <id>', 'begin after this event id; what came since is printed first')
    .option('--limit <count>', 'stop after this many lines')
    .addHelpText(
      'after',
      `\nExit codes: 0 stopped by limit, interrupt or a closed pipe · 2 wrong usage · 3 cannot be reached · 4 refused by the server`,
    )
    .action((options: StreamOptions) => runCommand(() => stream(options)));
}

async function stream(options: StreamOptions): Promise<void> {
  const env = clientEnvironment();
  const base = (options.url ?? env.url ?? 'http://127.0.0.1:4000').replace(/\/+$/, '');
  const token = options.token ?? env.token;
  if (token === undefined)
    throw new CommandFailure('a token is needed: --token or ERRATA_TOKEN (dashboard → API tokens)', EXIT.usage);
  if (!/^https?:\/\//.test(base)) throw new CommandFailure(`not an address: ${base}`, EXIT.usage);
  const limit = options.limit === undefined ? Number.POSITIVE_INFINITY : Number(options.limit);
  if (!(limit > 0)) throw new CommandFailure('--limit takes a number above 0', EXIT.usage);

  const query = [options.query, ...(options.project ?? []).map((slug) => `project:${slug}`)].filter(Boolean).join(' ');
  let connectedOnce = false;
  const client = createClient({
    url: `${base.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { token },
    retryAttempts: 0,
    on: { connected: () => (connectedOnce = true) },
  });
  let after = options.after;
  let printed = 0;
  const stopped = new AbortController();
  const stop = () => stopped.abort();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // The reader has gone (`errata stream | head`): that is the end of the work, not a fault.
    if (error.code !== 'EPIPE') throw error;
    stop();
  });

  for (let attempt = 0; !stopped.signal.aborted; attempt += 1) {
    const iterator = client.iterate<{ errorEventReceived: { id: string } }>({
      query: DOCUMENT,
      variables: { query: query === '' ? null : query, after: after ?? null },
    });
    const leave = () => void iterator.return?.();
    stopped.signal.addEventListener('abort', leave, { once: true });
    try {
      for await (const result of iterator) {
        if (result.errors) throw new CommandFailure(result.errors.map((e) => e.message).join('; '), EXIT.refused);
        const missed = (result.extensions as { missed?: number } | undefined)?.missed;
        if (missed) process.stderr.write(`errata: ${missed} events were missed, this reader is too slow\n`);
        const event = result.data!.errorEventReceived;
        after = event.id;
        attempt = 0;
        if (!process.stdout.write(`${JSON.stringify(event)}\n`))
          await Promise.race([once(process.stdout, 'drain'), once(process.stdout, 'close')]);
        printed += 1;
        if (printed >= limit) stop();
        if (stopped.signal.aborted) break;
      }
      if (!stopped.signal.aborted) throw new Error('the server ended the stream');
    } catch (error) {
      if (stopped.signal.aborted) break;
      if (error instanceof CommandFailure) throw error;
      const close = error as { code?: number; reason?: string };
      if (close.code !== undefined && FINAL_CLOSE_CODES.has(close.code))
        throw new CommandFailure(close.reason || `closed with ${close.code}`, EXIT.refused);
      if (Array.isArray(error))
        throw new CommandFailure((error as { message: string }[]).map((e) => e.message).join('; '), EXIT.refused);
      if (!connectedOnce) throw new CommandFailure(`cannot reach ${base}`, EXIT.unreachable);
      const waitMs = Math.min(30_000, 250 * 2 ** Math.min(attempt, 7));
      process.stderr.write(`errata: connection lost, trying again in ${(waitMs / 1000).toFixed(1)} s\n`);
      await wait(waitMs, stopped.signal);
    } finally {
      stopped.signal.removeEventListener('abort', leave);
    }
  }
  await client.dispose();
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
