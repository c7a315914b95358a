import { useUnreadFeedback } from '../../features/feedback/feedback-count.ts';
import { useProjectScope } from '../../lib/project-scope.ts';
import { useViewer } from '../../lib/viewer.ts';
import { formatCompact } from '../../ui/format.ts';
import classes from './unread.module.css';

/** How much feedback nobody has read, beside its entry in the navigation; nothing when there is none. */
export function UnreadFeedback() {
  const { can } = useViewer();
  const { projectIds } = useProjectScope();
  const count = useUnreadFeedback(projectIds, !can('errors:read'));
  if (count === null || count === 0) return null;
  return (
    <span className={classes.count} title={`${count} unread`}>
      {formatCompact(count)}
      <span className="er-sr-only"> unread</span>
    </span>
  );
}
