import type { ApolloCache } from '@apollo/client';
import { useApolloClient } from '@apollo/client/react';
import {
  Conversation_AddDocument,
  type Conversation_CommentFragment,
  Conversation_DeleteDocument,
  Conversation_EditDocument,
} from '@errata/schema';
import { useMemo } from 'react';
import { messageOf, resultOf } from '../../lib/refusal.ts';
import { toast } from '../../ui/toast.tsx';
import type { RowPerson } from './error-row.ts';

/** Acts on the comments of one error. Each is shown at once, and taken back with a word if the server refuses. */
export interface CommentActs {
  /** Resolves to whether it was kept. */
  add: (body: string) => Promise<boolean>;
  edit: (comment: Conversation_CommentFragment, body: string) => Promise<boolean>;
  remove: (id: string) => Promise<boolean>;
}

let provisional = 0;

/** See {@link CommentActs}. */
export function useComments(errorId: string, me: RowPerson | null): CommentActs {
  const client = useApolloClient();
  return useMemo(() => {
    const told = async (what: string, act: () => Promise<unknown>): Promise<boolean> => {
      try {
        await act();
        return true;
      } catch (error) {
        toast({ message: `${what}: ${messageOf(error)}`, kind: 'failed' });
        return false;
      }
    };
    const author = me === null ? null : { __typename: 'User' as const, ...me };
    return {
      add: (body) =>
        told('The comment was not kept', async () => {
          const { data } = await client.mutate({
            mutation: Conversation_AddDocument,
            variables: { errorId, body },
            optimisticResponse: {
              addComment: {
                __typename: 'Comment',
                id: `provisional-${++provisional}`,
                body,
                createdAt: new Date().toISOString(),
                editedAt: null,
                author,
              },
            },
            update: (cache, { data: answer }) => {
              const added = answer?.addComment;
              if (added?.__typename === 'Comment')
                changeComments(cache, errorId, 1, (refs) => [...refs, { __ref: cache.identify({ ...added }) ?? '' }]);
            },
          });
          resultOf(data?.addComment);
        }),
      edit: (comment, body) =>
        told('The comment was not changed', async () => {
          const { data } = await client.mutate({
            mutation: Conversation_EditDocument,
            variables: { id: comment.id, body },
            optimisticResponse: {
              editComment: {
                ...comment,
                __typename: 'Comment',
                author: comment.author === null ? null : { ...comment.author },
                body,
                editedAt: new Date().toISOString(),
              },
            },
          });
          resultOf(data?.editComment);
        }),
      remove: (id) =>
        told('The comment was not deleted', async () => {
          const { data } = await client.mutate({
            mutation: Conversation_DeleteDocument,
            variables: { id },
            optimisticResponse: { deleteComment: { __typename: 'Done', ok: true } },
            update: (cache, { data: answer }) => {
              if (answer?.deleteComment.__typename !== 'Done') return;
              const gone = cache.identify({ __typename: 'Comment', id });
              changeComments(cache, errorId, -1, (refs) => refs.filter(({ __ref }) => __ref !== gone));
            },
          });
          resultOf(data?.deleteComment);
        }),
    };
  }, [client, errorId, me]);
}

type Ref = { __ref: string };

function changeComments(cache: ApolloCache, errorId: string, by: number, change: (refs: readonly Ref[]) => readonly Ref[]): void {
  const id = cache.identify({ __typename: 'ErrorGroup', id: errorId });
  if (id === undefined) return;
  cache.modify({
    id,
    fields: {
      comments: (refs) => change(refs as readonly Ref[]) as never,
      commentCount: (count: number) => Math.max(0, count + by),
    },
  });
}
