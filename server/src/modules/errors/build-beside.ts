import type { Bus } from '../../platform/bus/bus.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Sql } from '../../platform/db/sql.ts';
import type { ContentStore } from '../../platform/files/content-store.ts';
import type { Log } from '../../platform/log.ts';
import { AttachmentResolver, EventAttachmentsResolver } from './attachments/attachment.resolver.ts';
import { AttachmentService } from './attachments/attachment.service.ts';
import { AttachmentKeeper } from './attachments/attachment-keeper.ts';
import type { ErrorLoaders } from './error.loaders.ts';
import { EventLinks } from './event-links.ts';
import { ErrorFeedbackResolver, FeedbackConnectionResolver, FeedbackResolver } from './feedback/feedback.resolver.ts';
import { FeedbackService } from './feedback/feedback.service.ts';
import { EventLinksResolver } from './traces/trace-link.resolver.ts';
import { TraceLinkService } from './traces/trace-link.service.ts';

/** What comes beside events: files, feedback, the transactions they were part of. */
export interface Beside {
  readonly attachments: AttachmentService;
  readonly feedback: FeedbackService;
  readonly traces: TraceLinkService;
  readonly links: EventLinks;
  readonly keeper: AttachmentKeeper;
  readonly resolvers: readonly object[];
  start(): void;
  /** When no event is digested any more, and before the connections are closed. */
  close(): Promise<void>;
}

/**
 * Builds it over the errors room's connections.
 * @param deps `isDigested`: see AttachmentKeeper; `store`: where the files are
 */
export function buildBeside(deps: {
  read: Sql;
  write: Sql;
  bus: Bus;
  clock: Clock;
  log: Log;
  store: ContentStore;
  loaders: ErrorLoaders;
  isDigested: () => Promise<boolean>;
}): Beside {
  const { loaders } = deps;
  const attachments = new AttachmentService(deps);
  const feedback = new FeedbackService(deps);
  const traces = new TraceLinkService(deps);
  const links = new EventLinks(deps);
  const keeper = new AttachmentKeeper(deps);
  const resolvers = [
    new EventAttachmentsResolver({ attachments }),
    new AttachmentResolver({ attachments }),
    new FeedbackResolver({ feedback, attachments, loaders }),
    new FeedbackConnectionResolver(),
    new ErrorFeedbackResolver({ feedback }),
    new EventLinksResolver({ traces, loaders }),
  ];
  return {
    attachments,
    feedback,
    traces,
    links,
    keeper,
    resolvers,
    start() {
      links.start();
      keeper.start();
    },
    async close() {
      await links.close();
      await keeper.close();
      await traces.flush();
    },
  };
}
