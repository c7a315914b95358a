import { DEFAULT_SETTINGS, type ProjectSettings } from '../projects/project.entity.ts';
import type { Delivery } from './delivery.ts';

/** A project as far as a delivery needs it; what the key directory knows of one will do. */
export interface OwnProject {
  readonly projectId: number;
  readonly settings?: ProjectSettings;
}

/**
 * The delivery of something that no DSN key brought: a log source, a monitor that noticed a missed run, a mutation by an API
 * token. Its outcomes are counted under key 0.
 * @param source how it came in: log-line, monitor, graphql, …
 * @param client `name/version` that its outcomes are counted under
 */
export function ownDelivery(project: OwnProject, source: string, receivedAt: number, client?: string): Delivery {
  return {
    key: {
      projectId: project.projectId,
      keyId: 0,
      status: 'ACTIVE',
      projectStatus: 'ACTIVE',
      settings: project.settings ?? DEFAULT_SETTINGS,
      keyEventsPerMinute: null,
    },
    source,
    receivedAt,
    clientIp: '',
    userAgent: undefined,
    client,
    header: {},
  };
}
