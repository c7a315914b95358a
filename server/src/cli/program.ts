import { Command } from 'commander';
import { VERSION } from '../platform/version.ts';
import { addBackupCommand } from './backup.ts';
import { addDoctorCommand } from './doctor.ts';
import { addMonitorCommands } from './monitor.ts';
import { EXIT, endWithReader, runCommand } from './output.ts';
import { addPatternCommands } from './pattern.ts';
import { addProjectCommands } from './project.ts';
import { addReportCommand } from './report.ts';
import { addSourceCommands } from './source.ts';
import { addSourceMapCommands } from './sourcemaps.ts';
import { addStreamCommand } from './stream.ts';
import { addTailCommand } from './tail.ts';
import { addUserCommands } from './user.ts';

endWithReader();

/**
 * The whole command line. Each command lives in the file of its name and loads what it works with only when it runs: the
 * server's modules take half a second, help and `stream` need none of them.
 */
export const program = new Command('errata')
  .description('Self-hosted error management: detects, analyses, resolves and shows errors, live.')
  .version(VERSION, '-V, --version')
  .showSuggestionAfterError()
  .showHelpAfterError('(errata --help shows what there is)')
  // Before the commands are added: they take it over. Help and version end with 0, everything else is wrong usage.
  .exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.ok : EXIT.usage));

program
  .command('serve')
  .description('run the server: dashboard, API and ingestion')
  .option('--port <number>', 'port to listen on (PORT)')
  .option('--host <address>', 'address to listen on (HOST)')
  .option('--data-dir <path>', 'where everything is kept (ERRATA_DATA_DIR)')
  .action((options: { port?: string; host?: string; dataDir?: string }) =>
    runCommand(async () => {
      const { serve } = await import('./serve.ts');
      await serve(options);
    }).then(() => {
      // A start that failed has closed what it opened; nothing else may keep a server alive that serves nobody.
      if (process.exitCode !== undefined) process.exit();
    }),
  );
addStreamCommand(program);
addTailCommand(program);
addSourceCommands(program);
addReportCommand(program);
addMonitorCommands(program);
addProjectCommands(program);
addPatternCommands(program);
addSourceMapCommands(program);
addUserCommands(program);
addBackupCommand(program);
addDoctorCommand(program);
