import { useQuery } from '@apollo/client/react';
import { FeedbackReceivedDocument, FeedbackUnreadDocument } from '@errata/schema';
import { useLive } from '../../lib/live.ts';

/** How many pieces of feedback nobody has read, of some projects (undefined: all). Follows new ones. Null while unknown. */
export function useUnreadFeedback(projectIds: string[] | undefined, skip: boolean): number | null {
  const variables = projectIds === undefined ? {} : { projectIds };
  const { data, refetch } = useQuery(FeedbackUnreadDocument, { variables, skip });
  const again = () => void refetch().catch(() => undefined);
  useLive(FeedbackReceivedDocument, { variables, onData: again, onReconnect: again, skip });
  return data?.unread.totalCount ?? null;
}
