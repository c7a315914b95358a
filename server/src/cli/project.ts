import type { Command } from 'commander';
import { runCommand } from './output.ts';
import type { NewProjectOptions } from './project-work.ts';
import { type LocalOptions, withLocalOptions } from './shared-options.ts';

const work = () => import('./project-work.ts');

/** `errata project …`: projects and their DSNs, straight on the database. */
export function addProjectCommands(program: Command): void {
  const project = program
    .command('project')
    .description('projects and their DSNs (works on the data directory, the server may run)');

  withLocalOptions(project.command('list').description('every project with a DSN'))
    .option('--all', 'archived ones too')
    .action((options: LocalOptions & { all?: boolean }) =>
      runCommand(async () => (await work()).listProjects(options, options.all === true)),
    );

  withLocalOptions(project.command('create').description('make a project, or several; prints their DSNs'))
    .argument('<name...>')
    .option('--slug <slug>', 'short name in addresses (default: made from the name)')
    .option('--platform <platform>', 'for example node, python, java')
    .option('--if-missing', 'print the project of that name if it is there already')
    .action((names: string[], options: NewProjectOptions) =>
      runCommand(async () => (await work()).createProjects(names, options)),
    );

  for (const [name, status, description] of [
    ['archive', 'ARCHIVED', 'stop taking events and hide it; nothing is deleted'],
    ['restore', 'ACTIVE', 'take it out of the archive'],
  ] as const) {
    withLocalOptions(project.command(name).description(description))
      .argument('<slug>')
      .action((slug: string, options: LocalOptions) =>
        runCommand(async () => (await work()).setProjectStatus(slug, status, options)),
      );
  }
}
