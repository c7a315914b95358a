import { Command } from 'commander';
import { VERSION } from '../platform/version.ts';
import { addDoctorCommand } from './doctor.ts';
import { runCommand } from './output.ts';
import { addProjectCommands } from './project.ts';
import { addStreamCommand } from './stream.ts';
import { addUserCommands } from './user.ts';

/** The whole command line. Each command lives in the file of its name. */
export const program = new Command('errata')
  .description('Self-hosted error management: detects, analyses, resolves and shows errors, live.')
  .version(VERSION, '-V, --version')
  .showSuggestionAfterError()
  .showHelpAfterError('(errata --help shows what there is)');

program
  .command('serve')
  .description('run the server: dashboard, API and ingestion')
  .option('--port <number>', 'port to listen on (PORT)')
  .option('--host <address>', 'address to listen on (HOST)')
  .option('--data-dir <path>', 'where everything is kept (ERRATA_DATA_DIR)')
  .option('--demo', 'also run a small fleet of sample programs that really crash')
  .action((options: { port?: string; host?: string; dataDir?: string }) =>
    runCommand(async () => {
      // Loaded only here: the other commands start in a fraction of the time without the server's modules.
      const { serve } = await import('./serve.ts');
      await serve(options);
    }),
  );
addStreamCommand(program);
addProjectCommands(program);
addUserCommands(program);
addDoctorCommand(program);
