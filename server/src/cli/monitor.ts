import { type Command, Option } from 'commander';
import { runCommand } from './output.ts';

/** Where check-ins go, and what they say besides how it went. */
export interface CheckInOptions {
  dsn?: string;
  url?: string;
  token?: string;
  project?: string;
  environment?: string;
  release?: string;
}

/** What `errata monitor check-in` takes. */
export interface OneCheckInOptions extends CheckInOptions {
  status: string;
  duration?: string;
  checkInId?: string;
}

/** What `errata monitor run` takes. */
export interface MonitorRunOptions extends CheckInOptions {
  schedule?: string;
  timezone?: string;
  margin?: string;
  maxRuntime?: string;
}

/** What `errata monitor list` and `show` take. */
export interface MonitorReadOptions {
  url?: string;
  token?: string;
  project?: string;
  json?: boolean;
}

const readers = () => import('./monitor-read.ts');

/** `errata monitor …`: jobs that are meant to run. */
export function addMonitorCommands(program: Command): void {
  const monitor = program.command('monitor').description('scheduled jobs: wrap one, check in by hand, see how they stand');

  withTarget(monitor.command('run').description('run a command as a job of a monitor, and end as it ends'))
    .argument('<slug>', 'the monitor')
    .argument('<command...>', 'the command, behind --')
    .option('--schedule <when>', "makes the monitor, or changes it: a crontab ('0 4 * * *'), or '10 minutes'")
    .option('--timezone <name>', 'of the crontab (default: UTC)')
    .option('--margin <minutes>', 'how late it may report')
    .option('--max-runtime <minutes>', 'how long it may run')
    .addHelpText(
      'after',
      `
Examples:
  0 4 * * *  errata monitor run nightly-backup --schedule '0 4 * * *' --timezone Europe/Berlin -- /usr/local/bin/backup
  errata monitor run import --max-runtime 90 --schedule '1 hour' -- ./import.sh --full

The command runs whether the server can be reached or not. Its input and output are its own; signals are passed on.
Exit code: that of the command; 128 and the number of the signal that ended it; 127 when there is no such command, 126
when it cannot be run; 2 when the options are wrong (the command was then not run).`,
    )
    .action((slug: string, command: string[], options: MonitorRunOptions) =>
      runCommand(async () => (await import('./monitor-run.ts')).runMonitored(slug, command, options)),
    );

  withTarget(monitor.command('check-in').description('tell of a run by hand'))
    .argument('<slug>', 'the monitor')
    .addOption(new Option('--status <status>', 'how it stands').choices(['in_progress', 'ok', 'error']).makeOptionMandatory())
    .option('--duration <seconds>', 'how long it took')
    .option('--check-in-id <uuid>', 'joins begin and end of runs that overlap')
    .action((slug: string, options: OneCheckInOptions) =>
      runCommand(async () => (await import('./check-in.ts')).checkInByHand(slug, options)),
    );

  withServer(monitor.command('list').description('every monitor in sight')).action((options: MonitorReadOptions) =>
    runCommand(async () => (await readers()).listMonitors(options)),
  );

  withServer(monitor.command('show').description('one monitor: how it stands, and its latest runs'))
    .argument('<slug>', 'the monitor, or its id')
    .action((slug: string, options: MonitorReadOptions) => runCommand(async () => (await readers()).showMonitor(slug, options)));
}

function withTarget(command: Command): Command {
  return command
    .option('--dsn <dsn>', 'where to: the DSN of a project (ERRATA_DSN)')
    .option('--url <address>', 'instead of a DSN: the server (ERRATA_URL; default: http://127.0.0.1:4000) …')
    .option('--token <token>', '… an API token with the scope projects:read (better: ERRATA_TOKEN, others see arguments) …')
    .option('--project <slug>', '… and the project')
    .option('--environment <name>', 'each is judged by itself (default: production)')
    .option('--release <version>');
}

function withServer(command: Command): Command {
  return command
    .option('--url <address>', 'the server (ERRATA_URL; default: http://127.0.0.1:4000)')
    .option('--token <token>', 'an API token with the scopes errors:read and projects:read (better: ERRATA_TOKEN)')
    .option('--project <slug>', 'only of this project')
    .option('--json', 'print NDJSON');
}
