import type { Command } from 'commander';
import { runCommand } from './output.ts';
import type { StreamOptions } from './stream-work.ts';

/** `errata stream`: kept events as NDJSON, for ever or `--limit`; after a cut it goes on where it was. */
export function addStreamCommand(program: Command): void {
  program
    .command('stream')
    .description('print every event that is kept, one JSON object a line; resumes after a cut')
    .option('--url <address>', 'the server (ERRATA_URL; default: http://127.0.0.1:4000)')
    .option('--token <token>', 'an API token with the scope errors:read (better: ERRATA_TOKEN, others see arguments)')
    .option('--project <slug...>', 'only these projects')
    .option('--query <query>', "only what matches, e.g. 'level:fatal environment:production'")
    .option('--after <id>', 'begin after this event id; what came since is printed first (at most the last 10,000)')
    .option('--limit <count>', 'stop after this many lines')
    .addHelpText(
      'after',
      '\nExit codes: 0 stopped by limit, interrupt or a closed pipe · 2 wrong usage · 3 cannot be reached · 4 refused by the server',
    )
    .action((options: StreamOptions) =>
      runCommand(async () => {
        const { stream } = await import('./stream-work.ts');
        await stream(options);
      }),
    );
}
