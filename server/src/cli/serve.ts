import { setFlagsFromString } from 'node:v8';
import type { FirstStart } from '../compose.ts';
import { startApplication } from '../compose.ts';
import { configFromEnvironment } from '../platform/config.ts';
import { createLog } from '../platform/log.ts';
import { advised } from './advice.ts';

/** A terminal and a launcher both pass Ctrl-C on: signals closer together than this are one. */
const SAME_SIGNAL_MS = 500;
/**
 * A heap is collected when it has grown by this much since the last time. V8 by itself lets it quadruple, and at full load
 * keeps 200 MB more for 2 % of the rate (measured: docs/measurements.md). Holds for every thread.
 */
const HEAP_GROWTH = '--heap-growing-percent=60';

/** Runs the server until SIGTERM or SIGINT; a second signal ends it at once. */
export async function serve(options: { port?: string; host?: string; dataDir?: string }): Promise<void> {
  setFlagsFromString(HEAP_GROWTH);
  // Other commands end with their reader; a server whose output nobody reads any more goes on.
  process.stdout.removeAllListeners('error').on('error', () => undefined);
  const config = configFromEnvironment({
    ...(options.port === undefined ? {} : { PORT: options.port }),
    ...(options.host === undefined ? {} : { HOST: options.host }),
    ...(options.dataDir === undefined ? {} : { ERRATA_DATA_DIR: options.dataDir }),
  });
  const log = createLog({ level: config.logLevel, pretty: process.stderr.isTTY });
  // graphql-js forgets a promise when an element of a list fails at once and an earlier one fails later: no reason to die.
  process.on('unhandledRejection', (reason) => log.error({ err: reason }, 'a promise was rejected and nobody waited for it'));
  const application = await startApplication(config, log).catch((error: unknown) => {
    throw advised(error, config);
  });
  process.stdout.write(welcome(config.baseUrlIsSet ? config.baseUrl : application.url, application.firstStart));

  let stoppingSince: number | undefined;
  const stop = (signal: NodeJS.Signals) => {
    if (stoppingSince !== undefined) {
      if (performance.now() - stoppingSince > SAME_SIGNAL_MS) process.exit(1);
      return;
    }
    stoppingSince = performance.now();
    log.info({ signal }, 'stopping: finishing what was accepted');
    application.stop().then(
      (drained) => {
        if (!drained) log.warn('not everything accepted was digested; it is in the ingest log and goes on at the next start');
        process.exit(0);
      },
      (error: unknown) => {
        log.error({ err: error }, 'stopping failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

/** What a person sees who has just started Errata. The password is printed once only. */
function welcome(url: string, first: FirstStart): string {
  const lines = ['', `  Errata is ready:  ${url}`];
  if (first.administrator) {
    lines.push('', `  Sign in as        ${first.administrator.email}`);
    if (first.administrator.password !== null)
      lines.push(`  with password     ${first.administrator.password}   (shown only now)`);
    else lines.push('  with password     the one in ERRATA_ADMIN_PASSWORD');
  }
  if (first.dsn !== null) lines.push('', `  DSN to paste      ${first.dsn}`);
  return `${[...lines, ''].join('\n')}\n`;
}
