import type { Bus } from '../../../platform/bus/bus.ts';
import { type LiveSource, LiveTopic } from '../../../platform/graphql/live-topic.ts';
import type { Actor } from '../../access/actor.ts';
import { parseIds } from '../visibility.ts';
import type { MonitorChange } from './monitor-events.ts';

/** A change with its place in the stream. */
export type SequencedMonitorChange = MonitorChange & { seq: number };

/** What subscribers see of monitors. */
export class LiveMonitors {
  readonly #topic: LiveTopic<SequencedMonitorChange>;

  constructor(deps: { bus: Bus }) {
    let seq = 0;
    this.#topic = new LiveTopic<SequencedMonitorChange>({
      name: 'monitorChanged',
      seq: (change) => change.seq,
      whileListened: () => deps.bus.subscribe('monitorChanged', (change) => this.#topic.publish({ ...change, seq: ++seq })),
    });
  }

  /** Subscribes to changes of monitors. @throws Failure FORBIDDEN, BAD_INPUT */
  changed(actor: Actor, projectIds: readonly string[] | null | undefined): LiveSource<SequencedMonitorChange> {
    actor.demand('errors:read');
    const named = projectIds == null ? undefined : new Set(parseIds(projectIds, 'projectIds'));
    return this.#topic.subscribe({
      filter: ({ projectId }) => (named?.has(projectId) ?? true) && actor.can('errors:read', projectId),
    });
  }
}
