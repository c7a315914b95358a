import type { Command } from 'commander';
import { runCommand } from './output.ts';
import { type LocalOptions, withLocalOptions } from './shared-options.ts';

/** `errata backup`: a copy of everything, beside a server that goes on running. */
export function addBackupCommand(program: Command): void {
  withLocalOptions(program.command('backup').description('copy all data into a new folder, while the server runs or not'))
    .argument('<folder>', 'where the copy is made; must not be there yet')
    .addHelpText(
      'after',
      '\nThe folder is a data directory: to restore it, put it where ERRATA_DATA_DIR points and start the server.' +
        '\nWith PostgreSQL it has everything but the database: run pg_dump after it.',
    )
    .action((folder: string, options: LocalOptions) =>
      runCommand(async () => {
        const { backup } = await import('./backup-work.ts');
        await backup(folder, options);
      }),
    );
}
