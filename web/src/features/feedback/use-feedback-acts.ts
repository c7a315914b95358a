import { useApolloClient } from '@apollo/client/react';
import { DeleteFeedbackDocument, type Feedback_ItemFragment, UpdateFeedbackDocument } from '@errata/schema';
import { useCallback, useRef } from 'react';
import { messageOf, resultOf } from '../../lib/refusal.ts';
import { toast } from '../../ui/toast.tsx';

export type FeedbackStatus = Feedback_ItemFragment['status'];

const DONE: Record<FeedbackStatus, string> = {
  READ: 'marked as read',
  UNREAD: 'marked as unread',
  ARCHIVED: 'archived',
  SPAM: 'marked as spam',
};

/** Queries that lists and figures of feedback come from. */
const AFFECTED = ['FeedbackUnread'];

/** Changes the status of feedback, with a way back. */
export interface FeedbackActs {
  /** `quiet`: no toast, for what happens by the way. Never throws. */
  set: (ids: readonly string[], status: FeedbackStatus, quiet?: boolean) => Promise<void>;
  /** Removes one for good. Never rejects. */
  remove: (id: string) => Promise<void>;
  /** Takes the last change back, if there is one. */
  undo: () => Promise<void>;
}

/** See {@link FeedbackActs}. Lists stay as they are until they are asked for anew: a row that moves elsewhere is shown as changed. */
export function useFeedbackActs(): FeedbackActs {
  const client = useApolloClient();
  const last = useRef<(() => Promise<void>) | null>(null);
  const apply = useCallback(
    async (ids: readonly string[], status: FeedbackStatus) => {
      const { data } = await client.mutate({
        mutation: UpdateFeedbackDocument,
        variables: { ids: [...ids], status },
        refetchQueries: AFFECTED,
      });
      return resultOf(data?.updateFeedback).changes;
    },
    [client],
  );
  const set = useCallback(
    async (ids: readonly string[], status: FeedbackStatus, quiet = false) => {
      try {
        const changes = await apply(ids, status);
        if (quiet || changes.length === 0) return;
        const undo = async () => {
          last.current = null;
          const former = Map.groupBy(changes, ({ formerStatus }) => formerStatus);
          for (const [was, of] of former)
            await apply(
              of.map(({ feedback }) => feedback.id),
              was,
            );
        };
        last.current = undo;
        const count = changes.length;
        toast({ message: `${count === 1 ? 'Feedback' : `${count} pieces of feedback`} ${DONE[status]}.`, undo, id: 'feedback' });
      } catch (error) {
        toast({ message: `The feedback was not changed: ${messageOf(error)}`, kind: 'failed' });
      }
    },
    [apply],
  );
  const remove = useCallback(
    async (id: string) => {
      try {
        const { data } = await client.mutate({
          mutation: DeleteFeedbackDocument,
          variables: { ids: [id] },
          refetchQueries: AFFECTED,
          update: (cache) => {
            cache.evict({ id: cache.identify({ __typename: 'Feedback', id }) ?? '' });
            cache.gc();
          },
        });
        resultOf(data?.deleteFeedback);
        toast({ message: 'The feedback was deleted.', id: 'feedback' });
      } catch (error) {
        toast({ message: `The feedback was not deleted: ${messageOf(error)}`, kind: 'failed' });
      }
    },
    [client],
  );
  const undo = useCallback(async () => {
    try {
      await last.current?.();
    } catch (error) {
      toast({ message: messageOf(error), kind: 'failed' });
    }
  }, []);
  return { set, remove, undo };
}
