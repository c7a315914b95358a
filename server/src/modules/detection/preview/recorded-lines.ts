import type { NotFoundRefusal } from '../../../platform/graphql/refusals.ts';
import type { Actor } from '../../access/actor.ts';

/** Where lines that watchers of logs have read can be had again; the tail has them. */
export interface RecordedLines {
  /**
   * Lines of a log source, the latest `limit` of those since `sinceAt` (ms).
   * @throws Failure FORBIDDEN without the permission for the source's project
   */
  recentLines(
    actor: Actor,
    sourceId: string,
    options: { sinceAt: number; limit: number; signal?: AbortSignal },
  ): Promise<readonly string[] | NotFoundRefusal>;
}
