import type { OperationVariables, TypedDocumentNode } from '@apollo/client';
import { useApolloClient } from '@apollo/client/react';
import { useEffect, useRef } from 'react';
import { useConnection } from './connection.ts';

/** A subscription is not confirmed: after so long the server surely listens, milliseconds. */
const SETTLE_MS = 1_000;

/** What {@link useLive} takes. */
export interface LiveOptions<TData, TVariables extends OperationVariables> {
  variables: TVariables;
  /** Called for every message, in order. */
  onData: (data: TData, meta: { missed: number }) => void;
  /**
   * Position of a message, for subscriptions with an `after` variable: after a cut the subscription goes on behind the
   * last position, and the server replays what came between.
   */
  position?: (data: TData) => string;
  /**
   * Called when something may have been missed: refetch what has no replay. After a cut, when the line is back, and once
   * the server surely listens: the page's own query may have been answered a moment before.
   */
  onCatchUp?: () => void;
  /** True: do not listen. */
  skip?: boolean;
}

/**
 * Listens to a subscription as long as the component lives. Reconnects by itself, without a gap where the subscription
 * can replay. `missed` counts the messages that the server had to drop because this page read too slowly.
 */
export function useLive<TData, TVariables extends OperationVariables>(
  document: TypedDocumentNode<TData, TVariables>,
  options: LiveOptions<TData, TVariables>,
): void {
  const client = useApolloClient();
  const { epoch } = useConnection();
  const latest = useRef(options);
  latest.current = options;
  const last = useRef<string | undefined>(undefined);
  const heardEpoch = useRef(epoch);
  const key = JSON.stringify(options.variables);
  const skip = options.skip === true;

  // A new question starts from now, not from the position in the old one.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the variables
  useEffect(() => {
    last.current = undefined;
  }, [key, document]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the variables, the ref for the callbacks
  useEffect(() => {
    if (skip) return;
    if (heardEpoch.current !== epoch) {
      heardEpoch.current = epoch;
      latest.current.onCatchUp?.();
    }
    const after = last.current;
    const variables = (after === undefined ? latest.current.variables : { ...latest.current.variables, after }) as TVariables;
    const subscription = client.subscribe<TData>({ query: document, variables: variables as OperationVariables }).subscribe({
      next: (result) => {
        const missed = Number(result.extensions?.['missed'] ?? 0);
        if (result.data === undefined || result.data === null) return;
        const data = result.data as TData;
        const place = latest.current.position?.(data);
        if (place !== undefined) last.current = place;
        latest.current.onData(data, { missed });
      },
      // The socket retries by itself; what reaches us here is a refusal, shown by the page's own query.
      error: () => undefined,
    });
    const settled = setTimeout(() => latest.current.onCatchUp?.(), SETTLE_MS);
    return () => {
      clearTimeout(settled);
      subscription.unsubscribe();
    };
  }, [client, document, key, skip, epoch]);
}
