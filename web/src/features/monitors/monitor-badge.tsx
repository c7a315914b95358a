import type { MonitorRunFieldsFragment, MonitorStatus } from '@errata/schema';
import { ToneBadge } from '../../ui/badges.tsx';
import { MONITOR_STATUSES, RUN_STATUSES } from './monitor-words.ts';

/** How a monitor stands, with what it means on hover. */
export function MonitorBadge({ status }: { status: MonitorStatus }) {
  const { word, says, tone } = MONITOR_STATUSES[status];
  return (
    <ToneBadge tone={tone} title={says}>
      {word}
    </ToneBadge>
  );
}

/** How a run ended. */
export function RunBadge({ status }: { status: MonitorRunFieldsFragment['status'] }) {
  const { word, says, tone } = RUN_STATUSES[status];
  return (
    <ToneBadge tone={tone} title={`The run ${says}`}>
      {word}
    </ToneBadge>
  );
}
