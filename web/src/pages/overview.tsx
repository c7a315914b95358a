import { NetworkStatus } from '@apollo/client';
import { useQuery } from '@apollo/client/react';
import { OverviewPageDocument } from '@errata/schema';
import { useCallback, useEffect, useRef, useState } from 'react';
import { OverviewEmpty } from '../features/errors/overview-empty.tsx';
import { OverviewScreen } from '../features/errors/overview-screen.tsx';
import { WaitForEvents } from '../features/errors/wait-for-events.tsx';
import { useConnection } from '../lib/connection.ts';
import { useProjectScope } from '../lib/project-scope.ts';
import { messageOf } from '../lib/refusal.ts';
import { useViewer } from '../lib/viewer.ts';
import { Page, PageHeader, Panel } from '../ui/page.tsx';
import { FailedState, LoadingBlock } from '../ui/states.tsx';
import classes from './overview.module.css';

/** The figures follow events no faster than this, in milliseconds; a new error comes sooner. */
const FOLLOW_MS = 5_000;
const NEW_MS = 1_200;

/** What is new, what is frequent, how it runs: the first page. Live. */
export function OverviewPage() {
  const { projectIds } = useProjectScope();
  const { can } = useViewer();
  const [hours, setHours] = useState(24);
  const { epoch } = useConnection();
  const {
    data: fresh,
    previousData,
    error,
    refetch,
    networkStatus,
  } = useQuery(OverviewPageDocument, {
    variables: { projectIds: projectIds ?? null, hours },
    fetchPolicy: 'cache-and-network',
  });
  const data = fresh ?? previousData;
  const due = useRef<{ timer: ReturnType<typeof setTimeout>; at: number } | undefined>(undefined);
  const follow = useCallback(
    (isNew: boolean) => {
      const at = Date.now() + (isNew ? NEW_MS : FOLLOW_MS);
      if (due.current !== undefined && due.current.at <= at) return;
      clearTimeout(due.current?.timer);
      const timer = setTimeout(() => {
        due.current = undefined;
        void refetch().catch(() => undefined);
      }, at - Date.now());
      due.current = { timer, at };
    },
    [refetch],
  );
  useEffect(() => () => clearTimeout(due.current?.timer), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: after a cut everything may have changed
  useEffect(() => {
    if (epoch > 0) follow(true);
  }, [epoch]);

  if (data === undefined) {
    return (
      <Page>
        <PageHeader title="Overview" />
        {error === undefined ? (
          <Loading />
        ) : (
          <Panel>
            <FailedState
              message={messageOf(error)}
              onRetry={() => void refetch()}
              retrying={networkStatus === NetworkStatus.refetch}
            />
          </Panel>
        )}
      </Page>
    );
  }
  const asleep = data.projects.every(({ firstEventAt }) => firstEventAt === null);
  return (
    <Page>
      <PageHeader title="Overview" />
      {asleep ? (
        <>
          <OverviewEmpty projects={data.projects} mayCreate={can('projects:write')} />
          <WaitForEvents onEvent={() => follow(true)} />
        </>
      ) : (
        <OverviewScreen data={data} projectIds={projectIds} hours={hours} onHours={setHours} onEvent={follow} />
      )}
    </Page>
  );
}

function Loading() {
  return (
    <div className={classes.loading} role="status" aria-label="Loading the overview">
      {[0, 1, 2, 3].map((at) => (
        <Panel key={at}>
          <LoadingBlock height="3.75rem" />
        </Panel>
      ))}
      {[4, 5].map((at) => (
        <Panel key={at} className={classes.wide}>
          <LoadingBlock height="13rem" />
        </Panel>
      ))}
    </div>
  );
}
