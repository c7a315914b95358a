import type { Clock } from '../../platform/clock.ts';
import { type OwnProject, ownDelivery } from './own-delivery.ts';
import type { Pipeline } from './pipeline.ts';

/**
 * Lets the server itself report events into projects: answers `later` when one could not be kept now (the disk is full) and
 * should be told again, under the same event id. What is filtered or over its quota is done.
 * @param source how they come in, and the item they are counted as: monitor, …
 */
export function ownReports(deps: {
  pipeline: Pipeline;
  directory: { project(projectId: number): OwnProject | undefined };
  clock: Clock;
  source: string;
}): (projectId: number, event: Record<string, unknown>) => Promise<'done' | 'later'> {
  const { pipeline, directory, clock, source } = deps;
  return async (projectId, value) => {
    const project = directory.project(projectId);
    if (project === undefined) return 'done';
    const report = { value, bytes: JSON.stringify(value).length, item: source };
    const [fate] = await pipeline.deliverReports([report], ownDelivery(project, source, clock.now(), `errata/${source}`));
    return fate?.outcome === 'failed' ? 'later' : 'done';
  };
}
