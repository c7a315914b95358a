import { useQuery } from '@apollo/client/react';
import { FeedbackReceivedDocument, FeedbackUnreadDocument } from '@errata/schema';
import { useLive } from '../../lib/live.ts';

/** How many pieces of feedback nobody has read, of some projects (undefined: all). Follows new ones. Null while unknown. */
export function useUnreadFeedback(projectIds: string[] | undefined, skip: boolean): number | null {
  const scope = projectIds === undefined ? {} : { projectIds };
  const filter = { statuses: ['UNREAD' as const], ...scope };
  const { data, refetch } = useQuery(FeedbackUnreadDocument, { variables: { filter }, skip });
  const again = () => void refetch().catch(() => undefined);
  useLive(FeedbackReceivedDocument, { variables: scope, onData: again, onCatchUp: again, skip });
  return data?.feedback.totalCount ?? null;
}
