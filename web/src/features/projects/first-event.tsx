import { FirstEventDocument, type FirstEventSubscription } from '@errata/schema';
import { IconAntenna, IconCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { useLive } from '../../lib/live.ts';
import { LevelBadge } from '../../ui/badges.tsx';
import { ButtonLink } from '../../ui/link.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import classes from './projects.module.css';

type Received = FirstEventSubscription['errorEventReceived'];

/**
 * Waits for a project's first error and says so the moment it is kept, with a way to it. A project that has reported
 * before shows since when, and still names what comes in now.
 */
export function FirstEvent({
  projectId,
  slug,
  firstEventAt,
  onFirst,
}: {
  projectId: string;
  slug: string;
  firstEventAt: string | null;
  /** Called when the first event of all came in, and when it may have been missed: the project has to be read again. */
  onFirst: () => void;
}) {
  const [received, setReceived] = useState<Received | null>(null);
  useLive(FirstEventDocument, {
    variables: { projectId },
    onData: ({ errorEventReceived }) => {
      setReceived(errorEventReceived);
      if (firstEventAt === null) onFirst();
    },
    onCatchUp: onFirst,
  });
  if (received !== null) return <Arrived event={received} />;
  if (firstEventAt === null) {
    return (
      <div className={classes.wait} role="status">
        <span className={classes.waitIcon} data-waiting="true" aria-hidden>
          <IconAntenna size={18} stroke={1.7} />
        </span>
        <div className={classes.waitText}>
          <strong>Waiting for the first error…</strong>
          <span>Send one with the snippet below. It shows here within a second, without a reload.</span>
        </div>
      </div>
    );
  }
  return (
    <div className={classes.wait} data-received="true" role="status">
      <span className={classes.waitIcon} aria-hidden>
        <IconCheck size={18} stroke={2.2} />
      </span>
      <div className={classes.waitText}>
        <strong>Receiving errors</strong>
        <span>
          The first came <RelativeTime at={firstEventAt} suffix />. What comes in now is named here.
        </span>
      </div>
      <ButtonLink to="/errors" search={{ project: slug }} variant="default">
        See its errors
      </ButtonLink>
    </div>
  );
}

function Arrived({ event }: { event: Received }) {
  return (
    <div className={classes.wait} data-received="true" role="status">
      <span className={classes.waitIcon} aria-hidden>
        <IconCheck size={18} stroke={2.2} />
      </span>
      <div className={classes.waitText}>
        <strong>
          Received <RelativeTime at={event.receivedAt} suffix />
        </strong>
        <span>
          <LevelBadge level={event.level} /> {event.title}
        </span>
      </div>
      <ButtonLink to="/errors/$errorId" params={{ errorId: String(event.errorId) }}>
        Open the error
      </ButtonLink>
    </div>
  );
}
