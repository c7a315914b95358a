import type { Command } from 'commander';
import { SYSTEM } from '../modules/access/actor-for.ts';
import { Project } from '../modules/projects/project.entity.ts';
import { type LocalServices, withLocalServices } from './local.ts';
import { CommandFailure, EXIT, printRows, runCommand } from './output.ts';
import { type LocalOptions, withLocalOptions } from './shared-options.ts';

/** `errata project …`: projects and their DSNs, straight on the database. */
export function addProjectCommands(program: Command): void {
  const project = program
    .command('project')
    .description('projects and their DSNs (works on the data directory, the server may run)');

  withLocalOptions(project.command('list').description('every project with a DSN'))
    .option('--all', 'archived ones too')
    .action((options: LocalOptions & { all?: boolean }) =>
      runCommand(() =>
        withLocalServices(options, async (services) => {
          const found = await services.projects.projects.list(SYSTEM, options.all === true);
          printRows(await rowsOf(services, found), options.json === true);
        }),
      ),
    );

  withLocalOptions(project.command('create').description('make a project; prints its DSN'))
    .argument('<name>')
    .option('--slug <slug>', 'short name in addresses (default: made from the name)')
    .option('--platform <platform>', 'for example node, python, java')
    .action((name: string, options: LocalOptions & { slug?: string; platform?: string }) =>
      runCommand(() =>
        withLocalServices(options, async (services) => {
          const made = accepted(
            await services.projects.projects.create(SYSTEM, {
              name,
              ...(options.slug === undefined ? {} : { slug: options.slug }),
              ...(options.platform === undefined ? {} : { platform: options.platform }),
            }),
          );
          printRows(await rowsOf(services, [made]), options.json === true);
        }),
      ),
    );

  for (const [name, status, description] of [
    ['archive', 'ARCHIVED', 'stop taking events and hide it; nothing is deleted'],
    ['restore', 'ACTIVE', 'take it out of the archive'],
  ] as const) {
    withLocalOptions(project.command(name).description(description))
      .argument('<slug>')
      .action((slug: string, options: LocalOptions) =>
        runCommand(() =>
          withLocalServices(options, async (services) => {
            const found = await services.projects.projects.find(SYSTEM, { slug });
            if (found === null) throw new CommandFailure(`there is no project ${slug}`, EXIT.refused);
            const changed = accepted(await services.projects.projects.setStatus(SYSTEM, String(found.id), status));
            printRows(await rowsOf(services, [changed]), options.json === true);
          }),
        ),
      );
  }
}

function accepted(result: Project | { message: string }): Project {
  if (result instanceof Project) return result;
  throw new CommandFailure(result.message, EXIT.refused);
}

async function rowsOf({ projects }: LocalServices, found: readonly Project[]): Promise<Record<string, unknown>[]> {
  const keys = await projects.keys.keysOf(found.map(({ id }) => id));
  return found.map((p, i) => {
    const key = keys[i]?.find(({ status }) => status === 'ACTIVE');
    return { id: p.id, slug: p.slug, name: p.name, status: p.status, dsn: key ? projects.keys.dsnOf(key) : null };
  });
}
