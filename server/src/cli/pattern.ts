import type { Command } from 'commander';
import { runCommand } from './output.ts';
import type { ImportOptions, TestOptions } from './pattern-work.ts';
import { type LocalOptions, withLocalOptions } from './shared-options.ts';

const work = () => import('./pattern-work.ts');

/** `errata pattern …`: the patterns by which log lines are told apart, straight on the database. */
export function addPatternCommands(program: Command): void {
  const pattern = program
    .command('pattern')
    .description('patterns for log lines: list, export, import, test (works on the data directory, the server may run)');

  withLocalOptions(pattern.command('list').description("a project's patterns, in the order they are asked"))
    .requiredOption('--project <slug>', 'whose')
    .action((options: LocalOptions & { project: string }) =>
      runCommand(async () => (await work()).listPatterns(options.project, options)),
    );

  pattern
    .command('library')
    .description('the ready-made patterns; with a key, its YAML')
    .argument('[key...]', 'for example postgresql')
    .option('--json', 'print NDJSON')
    .action((keys: string[], options: { json?: boolean }) =>
      runCommand(async () => (await work()).showLibrary(keys, options.json === true)),
    );

  withLocalOptions(pattern.command('export').description("print a project's patterns as YAML"))
    .requiredOption('--project <slug>', 'whose')
    .action((options: LocalOptions & { project: string }) =>
      runCommand(async () => (await work()).exportPatterns(options.project, options)),
    );

  withLocalOptions(
    pattern.command('import').description('take over patterns from YAML, all or nothing; a running server follows'),
  )
    .argument('[file]', 'YAML, as export prints it; - or nothing: standard input')
    .requiredOption('--project <slug>', 'where to')
    .option('--replace', 'remove patterns that the file does not name, and take its order')
    .option('--dry-run', 'only say what would change')
    .action((file: string | undefined, options: ImportOptions) =>
      runCommand(async () => (await work()).importPatterns(file ?? '-', options)),
    );

  withLocalOptions(pattern.command('test').description('try patterns on lines from standard input; prints what matches'))
    .argument('[file]', 'a log; - or nothing: standard input')
    .option('--pattern <expression>', 'grok or a regular expression (RE2)')
    .option('--regex', 'take --pattern as a plain regular expression')
    .option('--continue <how>', 'with --pattern: indented, until_start or an expression for the lines that follow')
    .option('--library <key...>', 'ready-made patterns')
    .option('--from <file>', 'patterns in a YAML file')
    .option('--project <slug>', "a project's patterns")
    .addHelpText(
      'after',
      '\nExit codes: 0 something matched · 1 nothing did · 2 wrong usage, or a pattern that does not hold · 4 refused\n\nExample: errata pattern test --pattern "%{IP:client} .* 5\\d\\d " < access.log',
    )
    .action((file: string | undefined, options: TestOptions) =>
      runCommand(async () => (await work()).testPatterns(file ?? '-', options)),
    );
}
