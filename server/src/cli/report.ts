import type { Command } from 'commander';
import { runCommand } from './output.ts';
import type { ReportOptions } from './report-work.ts';

/** `errata report`: one error from a shell script, or many as NDJSON; by a DSN, or by an API token. */
export function addReportCommand(program: Command): void {
  program
    .command('report')
    .description('report an error, or many: a message, a stack trace from standard input, or NDJSON')
    .argument('[message]', 'what happened; may be left out with --stack-from-stdin')
    .option('--dsn <dsn>', 'where to: the DSN of a project (ERRATA_DSN)')
    .option('--url <address>', 'instead of a DSN: the server (ERRATA_URL; default: http://127.0.0.1:4000) …')
    .option('--token <token>', '… an API token with the scope events:write (better: ERRATA_TOKEN, others see arguments) …')
    .option('--project <slug>', '… and the project')
    .option('--level <level>', 'fatal, error, warning, info or debug (default: error)')
    .option('--type <type>', 'class of the exception; without it and a stack the event is a message')
    .option('--tag <name=value...>', 'to search and filter by')
    .option('--extra <name=value...>', 'anything else worth knowing')
    .option('--release <version>')
    .option('--environment <name>')
    .option('--server-name <name>', 'default: the name of this machine')
    .option('--transaction <name>', 'what was being done, such as the name of the job')
    .option('--user <id>', 'whom it happened to')
    .option('--fingerprint <text...>', 'groups by these instead')
    .option('--platform <name>', 'language of the stack: node, python, java, … (default: found out)')
    .option('--timestamp <time>', 'when it happened: ISO 8601 or seconds since 1970 (default: now)')
    .option('--event-id <uuid>', 'what is sent twice under the same id and time is kept once (default: a new one)')
    .option('--stack-from-stdin', 'read a stack trace, as its language prints it')
    .option('--ndjson', 'read events, one JSON object a line, and send them all')
    .option('--json', 'print what became of each event as NDJSON, instead of ids')
    .addHelpText(
      'after',
      `
Examples:
  errata report --dsn "$DSN" 'backup failed' --tag host=db-3 --level fatal
  ./job.py 2> trace.txt || errata report --stack-from-stdin < trace.txt
  errata report --ndjson < events.ndjson

Exit codes: 0 taken · 1 something was not taken · 2 wrong usage · 3 cannot be reached · 4 refused by the server`,
    )
    .action((message: string | undefined, options: ReportOptions) =>
      runCommand(async () => {
        const { report } = await import('./report-work.ts');
        await report(message, options);
      }),
    );
}
