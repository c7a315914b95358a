import { NetworkStatus } from '@apollo/client';
import { useQuery } from '@apollo/client/react';
import { LiveError_ChangedDocument, OverviewPageDocument, type OverviewPageQuery } from '@errata/schema';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useConnection } from '../../lib/connection.ts';
import { useLive } from '../../lib/live.ts';
import { Pace } from './pace.ts';

/** The figures are asked for again at most this often, however much comes in. Milliseconds. */
const GAP_MS = 10_000;
/** In a quiet hour this often: what is 24 hours old leaves the figures without any event. */
const QUIET_MS = 60_000;
/** What comes together is answered together; a new error sooner than more of the same. */
const NEW_MS = 1_200;
const MORE_MS = 5_000;

/** The figures of the landing page and how fresh they are. */
export interface OverviewState {
  data: OverviewPageQuery | undefined;
  /** Shown are the figures of the choice before this one, until its own arrive. */
  stale: boolean;
  error: Error | undefined;
  retrying: boolean;
  retry: () => void;
  /** Something came in. */
  follow: (isNew: boolean) => void;
}

/** Asks for the overview and keeps it up to date: after events and changes by others, after a cut, and by the clock. */
export function useOverview(projectIds: readonly string[] | undefined, hours: number): OverviewState {
  const ids = projectIds === undefined ? null : [...projectIds];
  const { epoch } = useConnection();
  const { data, previousData, error, refetch, networkStatus } = useQuery(OverviewPageDocument, {
    variables: { projectIds: ids, hours },
    fetchPolicy: 'cache-and-network',
    notifyOnNetworkStatusChange: true,
  });
  const latest = useRef(refetch);
  latest.current = refetch;
  const [pace] = useState(() => new Pace(() => void latest.current().catch(() => undefined), GAP_MS));
  const follow = useCallback((isNew: boolean) => pace.ask(isNew ? NEW_MS : MORE_MS), [pace]);
  useLive(LiveError_ChangedDocument, { variables: { projectIds: ids }, onData: () => follow(false) });
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') pace.ask();
    }, QUIET_MS);
    return () => {
      clearInterval(timer);
      pace.stop();
    };
  }, [pace]);
  useEffect(() => {
    // After a cut everything may have changed.
    if (epoch > 0) pace.ask(NEW_MS);
  }, [epoch, pace]);
  return {
    data: data ?? previousData,
    stale: data === undefined && previousData !== undefined,
    error,
    retrying: networkStatus === NetworkStatus.refetch,
    retry: () => void refetch().catch(() => undefined),
    follow,
  };
}
