import { SYSTEM } from '../modules/access/actor-for.ts';
import { Project } from '../modules/projects/project.entity.ts';
import { type LocalServices, withLocalServices } from './local.ts';
import { CommandFailure, EXIT, printRows } from './output.ts';
import type { LocalOptions } from './shared-options.ts';

/** What `project create` takes besides the names. */
export interface NewProjectOptions extends LocalOptions {
  slug?: string;
  platform?: string;
  ifMissing?: boolean;
}

/** Prints every project, archived ones only when asked for. */
export function listProjects(options: LocalOptions, archivedToo: boolean): Promise<void> {
  return withLocalServices(options, async (services) => {
    const found = await services.projects.projects.list(SYSTEM, archivedToo);
    printRows(await rowsOf(services, found), options.json === true);
  });
}

/** Makes projects and prints them. @throws CommandFailure when one is refused; those before it are made */
export function createProjects(names: readonly string[], options: NewProjectOptions): Promise<void> {
  if (options.slug !== undefined && names.length > 1) throw new CommandFailure('--slug goes with one name only', EXIT.usage);
  return withLocalServices({ ...options, mayCreate: true }, async (services) => {
    const { projects } = services.projects;
    const existing = options.ifMissing ? await projects.list(SYSTEM, true) : [];
    for (const name of names) {
      const found = existing.find((project) => project.name === name || project.slug === options.slug);
      const project =
        found ??
        accepted(
          await projects.create(SYSTEM, {
            name,
            ...(options.slug === undefined ? {} : { slug: options.slug }),
            ...(options.platform === undefined ? {} : { platform: options.platform }),
          }),
        );
      const [row] = await rowsOf(services, [project]);
      printRows([{ ...row, created: found === undefined }], options.json === true);
    }
  });
}

/** Archives a project or takes it out of the archive. @throws CommandFailure when there is none of that slug */
export function setProjectStatus(slug: string, status: Project['status'], options: LocalOptions): Promise<void> {
  return withLocalServices(options, async (services) => {
    const { projects } = services.projects;
    const found = await projects.find(SYSTEM, { slug });
    if (found === null) throw new CommandFailure(`there is no project ${slug}`, EXIT.refused);
    const changed = accepted(await projects.setStatus(SYSTEM, String(found.id), status));
    printRows(await rowsOf(services, [changed]), options.json === true);
  });
}

function accepted(result: Project | { message: string }): Project {
  if (result instanceof Project) return result;
  throw new CommandFailure(result.message, EXIT.refused);
}

async function rowsOf({ projects }: LocalServices, found: readonly Project[]): Promise<Record<string, unknown>[]> {
  const keys = await projects.keys.keysOf(found.map(({ id }) => id));
  return found.map((project, i) => {
    const key = keys[i]?.find(({ status }) => status === 'ACTIVE');
    const { id, slug, name, status } = project;
    return { id, slug, name, status, dsn: key ? projects.keys.dsnOf(key) : null };
  });
}
