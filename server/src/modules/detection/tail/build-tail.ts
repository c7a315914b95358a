import type { Clock } from '../../../platform/clock.ts';
import type { LogSourceService } from '../../projects/log-source.service.ts';
import { LogSourceStatusResolver, LogSourceTailResolver } from './log-source-status.resolver.ts';
import { type LocalTail, LogSourceStatusService } from './log-source-status.service.ts';

/** The API of the tail: statuses, dry runs, what agents report. */
export function buildTailApi(deps: { sources: LogSourceService; tail: LocalTail; clock: Clock }): readonly object[] {
  return [new LogSourceTailResolver({ status: new LogSourceStatusService(deps) }), new LogSourceStatusResolver()];
}
