import type { Command } from 'commander';
import { runCommand } from './output.ts';
import type { ServerOptions, UploadOptions } from './sourcemaps-work.ts';

const work = () => import('./sourcemaps-work.ts');

/** `errata sourcemaps …`: debug ids for a build, its upload, and why a frame is not mapped. */
export function addSourceMapCommands(program: Command): void {
  const maps = program.command('sourcemaps').description('upload source maps, and see why a frame is not mapped');
  const remote = (command: Command) =>
    command
      .option('--url <address>', 'the server (ERRATA_URL; default: http://127.0.0.1:4000)')
      .option('--token <token>', 'an API token (better: ERRATA_TOKEN, others see arguments)')
      .option('--json', 'print NDJSON');

  maps
    .command('inject')
    .description('give the scripts of a build debug ids, in place; their maps stay in step')
    .argument('<directory>')
    .option('--dry-run', 'only say what would be done')
    .option('--json', 'print NDJSON')
    .action((directory: string, options: { dryRun?: boolean; json?: boolean }) =>
      runCommand(async () => (await work()).inject(directory, options)),
    );

  remote(maps.command('upload').description('upload the scripts and maps of a build (scope artifacts:write)'))
    .argument('<directory>')
    .requiredOption('--project <slug>', 'the project')
    .option('--release <version>', 'the release, as the SDK says it; not needed with debug ids')
    .option('--dist <dist>', 'the variant of the release')
    .option('--url-prefix <prefix>', 'where the files are served from', '~/')
    .option('--inject', 'give the scripts debug ids first')
    .option('--dry-run', 'only say what would be sent')
    .action((directory: string, options: UploadOptions) => runCommand(async () => (await work()).upload(directory, options)));

  remote(maps.command('list').description('uploads of a project, newest first (scope projects:read)'))
    .requiredOption('--project <slug>', 'the project')
    .option('--search <text>', 'part of a release, a file, or a debug id')
    .action((options: ServerOptions & { project: string; search?: string }) =>
      runCommand(async () => (await work()).list(options)),
    );

  remote(maps.command('explain').description('what source maps come to for each frame of an event (scope errors:read)'))
    .argument('<event id>')
    .action((eventId: string, options: ServerOptions) => runCommand(async () => (await work()).explain(eventId, options)));
}
