import type { Command } from 'commander';
import { runCommand } from './output.ts';

/** What `errata tail` takes. */
export interface TailOptions {
  dsn?: string;
  url?: string;
  token?: string;
  project?: string;
  source?: string;
  from?: string;
  once?: boolean;
  tee?: boolean;
  quiet?: boolean;
  stateDir?: string;
  name?: string;
  environment?: string;
  release?: string;
  tag?: string[];
  exclude?: string[];
  minLevel?: string;
  errorLines?: boolean;
  encoding?: string;
  wrapper?: string;
  timeZone?: string;
  poll?: boolean;
  patience?: string;
}

/** `errata tail`: errors out of log files or standard input, from any machine. */
export function addTailCommand(program: Command): void {
  program
    .command('tail')
    .description('find errors in log files or on standard input (-) and report them; follows until it is stopped')
    .argument('[files...]', "files or patterns of files ('/srv/app/*.log'); - for standard input")
    .option('--dsn <dsn>', 'where to report to (ERRATA_DSN)')
    .option('--url <address>', 'the server, with --token (ERRATA_URL; default: http://127.0.0.1:4000)')
    .option(
      '--token <token>',
      'an API token with the scopes projects:read and events:write (better: ERRATA_TOKEN, others see arguments)',
    )
    .option('--project <slug>', 'the project to report to, with --token')
    .option('--source <id>', 'follow a log source of the dashboard on this machine, with --token; tells how it goes')
    .option('--from <place>', 'where to begin in files that are there: beginning, end, or a number of last lines', 'end')
    .option('--once', 'read what is there, then end (begins at the beginning unless --from says otherwise)')
    .option('--tee', 'pass standard input on to standard output')
    .option('--state-dir <folder>', 'keep positions there, so that the next start goes on; one folder for each command')
    .option('--name <name>', 'name of the source, as its tag log_source')
    .option('--environment <name>', 'environment of the events')
    .option('--release <version>', 'release of the events')
    .option('--tag <key=value...>', 'tags of the events')
    .option('--exclude <pattern...>', 'files to leave out')
    .option('--min-level <level>', 'least level of single lines: info, warning, error, fatal', 'error')
    .option('--no-error-lines', 'stack traces only, no single lines')
    .option('--encoding <name>', 'auto, utf8, utf16le, utf16be, latin1', 'auto')
    .option('--wrapper <name>', 'around each line: auto, none, docker, journal, cri, syslog, prefix, kernel', 'auto')
    .option('--time-zone <zone>', 'for times that do not say theirs: Europe/Berlin, +02:00 (default: UTC)')
    .option('--poll', 'do not listen to the file system, only look: for network drives')
    .option('--patience <seconds>', 'how long to try to deliver the last events at the end', '30')
    .option('--quiet', 'say nothing but failures')
    .addHelpText(
      'after',
      `
Examples:
  errata tail --dsn "$DSN" /var/log/app/*.log
  some-program 2>&1 | errata tail --dsn "$DSN" --tee -
  errata tail --source 7 --state-dir /var/lib/errata-tail     (ERRATA_URL and ERRATA_TOKEN set)

Exit codes: 0 ended or stopped · 1 a file could not be read with --once · 2 wrong usage · 3 events could not be delivered · 4 refused by the server`,
    )
    .action((files: string[], options: TailOptions) =>
      runCommand(async () => {
        const { tail } = await import('./tail-work.ts');
        await tail(files, options);
      }),
    );
}
