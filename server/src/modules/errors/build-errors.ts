import type { Bus } from '../../platform/bus/bus.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Sql } from '../../platform/db/sql.ts';
import { AssigneeService } from './assignee.service.ts';
import { BulkService } from './bulk.service.ts';
import { ActivityResolver, CommentsResolver } from './comments.resolver.ts';
import { CommentService } from './comments.service.ts';
import { ErrorLoaders, type LowerRooms } from './error.loaders.ts';
import { ErrorChangesResolver } from './error-changes.resolver.ts';
import { ErrorEventConnectionResolver, ErrorEventResolver } from './error-event.resolver.ts';
import { ErrorGroupResolver } from './error-group.resolver.ts';
import { ErrorsResolver } from './errors.resolver.ts';
import { EventService } from './events.service.ts';
import { HistoryService } from './history.service.ts';
import { ErrorListService } from './list.service.ts';
import { LiveErrorsService } from './live.service.ts';
import { ErrorChangedResolver, ReceivedEventsResolver } from './live-errors.resolver.ts';
import { LogSourceErrorsResolver } from './log-source-errors.resolver.ts';
import { OverviewResolver } from './overview.resolver.ts';
import { OverviewService } from './overview.service.ts';
import { ProjectErrorsResolver } from './project-errors.resolver.ts';
import { ErrorReadService } from './read.service.ts';
import type { ReadMaps } from './source-maps/read-maps.ts';
import { TrendService } from './trends.service.ts';
import { UndoService } from './undo.service.ts';

/** The errors room's services, and the resolver instances that serve them. */
export interface Errors {
  readonly list: ErrorListService;
  readonly read: ErrorReadService;
  readonly events: EventService;
  readonly bulk: BulkService;
  readonly undo: UndoService;
  readonly assignees: AssigneeService;
  readonly comments: CommentService;
  readonly history: HistoryService;
  readonly overview: OverviewService;
  readonly trends: TrendService;
  readonly live: LiveErrorsService;
  readonly loaders: ErrorLoaders;
  readonly resolvers: readonly object[];
}

/**
 * Builds the errors room's API over its connections.
 * @param deps `write`: the writer of the main thread (`platform/db/main-writer.ts`); only transactions are run on it
 */
export function buildErrors(
  deps: { read: Sql; write: Sql; bus: Bus; clock: Clock; maps?: ReadMaps | undefined } & LowerRooms,
): Errors {
  const { read: sql, write, bus, clock, projects, users } = deps;
  const list = new ErrorListService({ read: sql, clock });
  const read = new ErrorReadService({ read: sql });
  const events = new EventService({ read: sql, clock, maps: deps.maps });
  const bulk = new BulkService({ write, bus, clock });
  const undo = new UndoService({ write, bus, clock });
  const assignees = new AssigneeService({ bulk, users });
  const comments = new CommentService({ read: sql, write, bus, clock });
  const history = new HistoryService({ read: sql });
  const overview = new OverviewService({ read: sql, clock });
  const trends = new TrendService({ read: sql, clock });
  const live = new LiveErrorsService({ read: sql, bus });
  const loaders = new ErrorLoaders({ projects, users, read, events, trends });
  const resolvers = [
    new ErrorsResolver({ list, read, events, overview, loaders }),
    new ErrorGroupResolver({ loaders, read, events, trends, history, comments }),
    new ErrorEventResolver({ loaders, events }),
    new ErrorEventConnectionResolver(),
    new ErrorChangesResolver({ bulk, undo, assignees, read, clock }),
    new CommentsResolver({ comments, loaders }),
    new ActivityResolver({ loaders }),
    new OverviewResolver({ overview, read, loaders }),
    new ReceivedEventsResolver({ live, loaders }),
    new ErrorChangedResolver({ live, loaders }),
    new ProjectErrorsResolver({ loaders }),
    new LogSourceErrorsResolver({ read: sql, loaders }),
  ];
  return { list, read, events, bulk, undo, assignees, comments, history, overview, trends, live, loaders, resolvers };
}
