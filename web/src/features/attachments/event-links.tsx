import type { ErrorPage_BesideQuery } from '@errata/schema';
import { IconMovie, IconRoute } from '@tabler/icons-react';
import { ToneBadge } from '../../ui/badges.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { formatDuration } from '../../ui/format.ts';
import classes from './attachments.module.css';

type Event = NonNullable<ErrorPage_BesideQuery['errorEvent']>;

/** What else the SDK sent of the same moment: the transaction the event was part of, the replay that shows it. */
export function EventLinks({ event }: { event: Pick<Event, 'partOf' | 'replayId'> | null | undefined }) {
  if (event == null || (event.partOf === null && event.replayId === null)) return null;
  const { partOf, replayId } = event;
  return (
    <section className={classes.links} aria-label="What it was part of">
      {partOf === null ? null : (
        <span className={classes.link}>
          <IconRoute size={14} aria-hidden /> Part of <b>{<bdi>{partOf.transaction}</bdi>}</b>
          {partOf.op === null ? null : <span className="er-dim">{partOf.op}</span>}
          <span className="er-num">{formatDuration(partOf.durationMs)}</span>
          {partOf.status === null ? null : (
            <ToneBadge tone={partOf.status === 'ok' ? 'green' : 'red'}>{partOf.status.replaceAll('_', ' ')}</ToneBadge>
          )}
        </span>
      )}
      {replayId === null ? null : (
        <span className={classes.link} title="Replays are not kept here; this is the id the SDK gave it.">
          <IconMovie size={14} aria-hidden /> A session replay shows it: <span className="er-mono">{replayId.slice(0, 8)}</span>
          <CopyButton value={replayId} what="Copy the replay id" />
        </span>
      )}
    </section>
  );
}
