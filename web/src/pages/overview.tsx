import { Button } from '@mantine/core';
import { useState } from 'react';
import { OverviewEmpty } from '../features/errors/overview-empty.tsx';
import { OverviewScreen } from '../features/errors/overview-screen.tsx';
import { useOverview } from '../features/errors/use-overview.ts';
import { WaitForEvents } from '../features/errors/wait-for-events.tsx';
import { useProjectScope } from '../lib/project-scope.ts';
import { messageOf } from '../lib/refusal.ts';
import { useViewer } from '../lib/viewer.ts';
import { Page, PageHeader, Panel } from '../ui/page.tsx';
import { Banner, FailedState, LoadingBlock } from '../ui/states.tsx';
import classes from './overview.module.css';

/** What is new, what is frequent, how it runs: the first page. Live. */
export function OverviewPage() {
  const { projectIds } = useProjectScope();
  const { can } = useViewer();
  const [hours, setHours] = useState(24);
  const { data, stale, error, retrying, retry, follow } = useOverview(projectIds, hours);

  if (data === undefined) {
    return (
      <Page>
        <PageHeader title="Overview" />
        {error === undefined || retrying ? (
          <Loading />
        ) : (
          <Panel>
            <FailedState message={messageOf(error)} onRetry={retry} retrying={retrying} />
          </Panel>
        )}
      </Page>
    );
  }
  const scoped = projectIds === undefined ? data.projects : data.projects.filter(({ id }) => projectIds.includes(id));
  const asleep = scoped.every(({ firstEventAt }) => firstEventAt === null);
  return (
    <Page>
      <PageHeader title="Overview" />
      {error !== undefined && (
        <Banner
          tone="amber"
          action={
            <Button size="compact-xs" variant="default" onClick={retry} loading={retrying}>
              Try again
            </Button>
          }
        >
          These figures could not be brought up to date: {messageOf(error)}
        </Banner>
      )}
      {asleep ? (
        <>
          <OverviewEmpty projects={scoped} mayCreate={can('projects:write')} />
          <WaitForEvents onEvent={() => follow(true)} />
        </>
      ) : (
        <div className={classes.screen} data-stale={stale || undefined} aria-busy={stale}>
          <OverviewScreen data={data} projectIds={projectIds} hours={hours} onHours={setHours} onEvent={follow} />
        </div>
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
      {[4, 5, 6, 7].map((at) => (
        <Panel key={at} className={classes.wide}>
          <LoadingBlock height="13rem" />
        </Panel>
      ))}
    </div>
  );
}
