import type { Command } from 'commander';
import { runCommand } from './output.ts';
import { type LocalOptions, withLocalOptions } from './shared-options.ts';
import type { NewSourceOptions } from './source-work.ts';

const work = () => import('./source-work.ts');

/** `errata source …`: log sources, straight on the database. */
export function addSourceCommands(program: Command): void {
  const source = program
    .command('source')
    .description('log files that are watched (works on the data directory, the server may run)');

  withLocalOptions(source.command('list').description('every log source'))
    .option('--project <slug>', 'only of this project')
    .action((options: LocalOptions & { project?: string }) => runCommand(async () => (await work()).listSources(options)));

  withLocalOptions(source.command('add').description('watch log files; a running server begins within 15 seconds'))
    .argument('<name>', 'name of the source')
    .argument('<glob...>', "absolute paths or patterns of paths, in quotes: '/var/log/app/*.log'")
    .requiredOption('--project <slug>', 'whose errors they are')
    .option('--from <place>', 'where to begin in files that are there: beginning or end', 'end')
    .option('--environment <name>', 'environment of the events')
    .option('--agent', 'files of another machine, read there by errata tail --source')
    .option('--if-missing', 'leave a source of that name as it is')
    .action((name: string, globs: string[], options: NewSourceOptions) =>
      runCommand(async () => (await work()).addSource(name, globs, options)),
    );
}
