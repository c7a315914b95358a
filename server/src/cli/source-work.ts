import { SYSTEM } from '../modules/access/actor-for.ts';
import { LogSource } from '../modules/projects/log-source.entity.ts';
import { withLocalServices } from './local.ts';
import { CommandFailure, EXIT, printRows } from './output.ts';
import type { LocalOptions } from './shared-options.ts';

/** What `source add` takes besides name and files. */
export interface NewSourceOptions extends LocalOptions {
  project: string;
  from?: string;
  environment?: string;
  agent?: boolean;
  ifMissing?: boolean;
}

/** Prints the log sources of a project, or of all. @throws CommandFailure when there is no such project */
export function listSources(options: LocalOptions & { project?: string }): Promise<void> {
  return withLocalServices(options, async ({ projects, logSources }) => {
    const all = await projects.projects.list(SYSTEM, true);
    const wanted = options.project === undefined ? all : all.filter(({ slug }) => slug === options.project);
    if (options.project !== undefined && wanted.length === 0) throw noProject(options.project);
    const found = await logSources.sourcesOf(wanted.map(({ id }) => id));
    const rows = wanted.flatMap(({ slug }, i) => (found[i] ?? []).map((source) => rowOf(slug, source)));
    printRows(rows, options.json === true);
  });
}

/** Makes a log source and prints it. @throws CommandFailure when it is refused */
export function addSource(name: string, globs: readonly string[], options: NewSourceOptions): Promise<void> {
  const { from = 'end', environment } = options;
  if (from !== 'end' && from !== 'beginning') throw new CommandFailure('--from takes beginning or end', EXIT.usage);
  return withLocalServices(options, async ({ projects, logSources }) => {
    const project = await projects.projects.find(SYSTEM, { slug: options.project });
    if (project === null) throw noProject(options.project);
    const [existing = []] = options.ifMissing === true ? await logSources.sourcesOf([project.id]) : [];
    const source =
      existing.find((one) => one.name === name) ??
      (await logSources.create(SYSTEM, String(project.id), {
        name,
        globs,
        startAt: from === 'beginning' ? 'BEGINNING' : 'END',
        watcher: options.agent === true ? 'AGENT' : 'SERVER',
        ...(environment === undefined ? {} : { environment }),
      }));
    if (!(source instanceof LogSource)) throw new CommandFailure(source.message, EXIT.refused);
    printRows([rowOf(project.slug, source)], options.json === true);
  });
}

const noProject = (slug: string) => new CommandFailure(`there is no project ${slug}`, EXIT.refused);

function rowOf(project: string, { id, name, enabled, watcher, globs }: LogSource): Record<string, unknown> {
  return { id, project, name, watcher, enabled, files: globs.join(' ') };
}
