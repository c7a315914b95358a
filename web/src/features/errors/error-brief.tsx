import type { ErrorRow_ErrorFragment } from '@errata/schema';
import { Link } from '@tanstack/react-router';
import { LevelBadge } from '../../ui/badges.tsx';
import { Count } from '../../ui/count.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { Sparkline } from '../../ui/sparkline.tsx';
import classes from './error-brief.module.css';
import { ErrorTitle } from './error-title.tsx';

/** A short list of errors, for the overview. `time` chooses which of their times is told. */
export function ErrorBriefs({ errors, time }: { errors: readonly ErrorRow_ErrorFragment[]; time: 'firstSeen' | 'lastSeen' }) {
  return (
    <ul className={classes.list}>
      {errors.map((error) => (
        <li key={error.id}>
          <Link to="/errors/$errorId" params={{ errorId: error.id }} search={{}} className={classes.row}>
            <LevelBadge level={error.level} mark />
            <span className={classes.words}>
              <span className={classes.title} title={error.title}>
                <ErrorTitle title={error.title} />
              </span>
              <span className={classes.meta}>
                {error.shortId} · {error.project.name}
              </span>
            </span>
            <span className={classes.spark}>
              <Sparkline values={error.sparkline} width={72} height={20} tone="grey" label="events in 24 hours" />
            </span>
            <span className={classes.count}>
              <Count value={error.eventCount} unit="event" />
            </span>
            <span className={classes.time}>
              <RelativeTime at={error[time]} suffix />
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
