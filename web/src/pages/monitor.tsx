import { NetworkStatus } from '@apollo/client';
import { useQuery } from '@apollo/client/react';
import { LiveMonitors_ChangedDocument, MonitorDocument, MonitorRunsDocument } from '@errata/schema';
import { Button, Menu } from '@mantine/core';
import { IconBell, IconBellOff, IconDots, IconPencil, IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { MonitorBadge } from '../features/monitors/monitor-badge.tsx';
import { DurationChart, MonitorEnvironments, MonitorFacts, MonitorIncidents } from '../features/monitors/monitor-detail.tsx';
import { MonitorDialog } from '../features/monitors/monitor-dialog.tsx';
import { MonitorSetup } from '../features/monitors/monitor-setup.tsx';
import classes from '../features/monitors/monitors.module.css';
import { RunsTable } from '../features/monitors/runs-table.tsx';
import { useMonitorActs } from '../features/monitors/use-monitor-acts.ts';
import { useLive } from '../lib/live.ts';
import { messageOf } from '../lib/refusal.ts';
import { useViewer } from '../lib/viewer.ts';
import { ToneBadge } from '../ui/badges.tsx';
import { ConfirmButton } from '../ui/confirm-button.tsx';
import { ButtonLink, TextLink } from '../ui/link.tsx';
import { MoreRows } from '../ui/more-rows.tsx';
import { Page, PageHeader, Panel } from '../ui/page.tsx';
import { EmptyState } from '../ui/states.tsx';
import { NotFoundPage } from './not-found.tsx';
import { PageWaiting } from './page-states.tsx';

const route = getRouteApi('/shell/monitors/$monitorId');

/** One monitor: how it stands, its runs, what is expected of it and how it reports. Live. */
export function MonitorPage() {
  const { monitorId } = route.useParams();
  const { can } = useViewer();
  const navigate = useNavigate();
  const acts = useMonitorActs();
  const [editing, setEditing] = useState(false);
  const [moreFailed, setMoreFailed] = useState<string | null>(null);
  const { data, previousData, error, networkStatus, refetch, fetchMore } = useQuery(MonitorDocument, {
    variables: { id: monitorId },
    notifyOnNetworkStatusChange: true,
  });
  useLive(LiveMonitors_ChangedDocument, {
    variables: {},
    onData: ({ monitorChanged }) => {
      if (String(monitorChanged.monitorId) === monitorId) void refetch();
    },
    onCatchUp: () => void refetch(),
  });
  const shown = data ?? previousData;
  if (shown !== undefined && shown.monitor === null) return <NotFoundPage />;
  const monitor = shown?.monitor;
  const crumbs = [
    <TextLink key="monitors" to="/monitors">
      Monitors
    </TextLink>,
  ];
  if (monitor === null || monitor === undefined) {
    return (
      <PageWaiting
        title="Monitor"
        crumbs={crumbs}
        problem={error === undefined ? null : messageOf(error)}
        retrying={networkStatus === NetworkStatus.refetch}
        onRetry={() => void refetch()}
      />
    );
  }
  const { edges, pageInfo } = monitor.runs;
  const more = () => {
    setMoreFailed(null);
    fetchMore({
      query: MonitorRunsDocument,
      variables: { id: monitorId, after: pageInfo.endCursor },
    }).catch((reason: unknown) => setMoreFailed(messageOf(reason)));
  };
  return (
    <Page>
      <PageHeader
        tabTitle={monitor.name}
        title={
          <>
            {monitor.name}
            <MonitorBadge status={monitor.status} />
            {monitor.isMuted && <ToneBadge tone="grey">muted</ToneBadge>}
          </>
        }
        crumbs={crumbs}
        description={
          <>
            {monitor.project?.name} · <span className={`er-mono ${classes.schedule}`}>{monitor.schedule.text}</span>
          </>
        }
        actions={
          <>
            <ButtonLink
              to="/errors"
              search={{ project: monitor.project?.slug ?? '', q: `monitor.slug:${monitor.slug}`, status: 'all' }}
              variant="default"
            >
              Its errors
            </ButtonLink>
            {can('errors:write') && (
              <>
                <Menu position="bottom-end" withinPortal>
                  <Menu.Target>
                    <Button variant="default" aria-label={`Act on ${monitor.name}`} px="xs">
                      <IconDots size={15} />
                    </Button>
                  </Menu.Target>
                  <Menu.Dropdown>
                    <Menu.Item leftSection={<IconPencil size={14} />} onClick={() => setEditing(true)}>
                      Change
                    </Menu.Item>
                    <Menu.Item
                      leftSection={monitor.isMuted ? <IconBell size={14} /> : <IconBellOff size={14} />}
                      onClick={() => void acts.mute(monitor)}
                    >
                      {monitor.isMuted ? 'Unmute' : 'Mute: judge, but make no errors'}
                    </Menu.Item>
                    <Menu.Item
                      leftSection={monitor.isPaused ? <IconPlayerPlay size={14} /> : <IconPlayerPause size={14} />}
                      onClick={() => void acts.pause(monitor)}
                    >
                      {monitor.isPaused ? 'Resume' : 'Pause: expect nothing'}
                    </Menu.Item>
                  </Menu.Dropdown>
                </Menu>
                <ConfirmButton
                  question={`“${monitor.name}” and its runs are removed. The errors it made stay. A job that still describes itself makes it anew.`}
                  confirm="Delete"
                  onConfirm={async () => {
                    if (await acts.delete(monitor)) await navigate({ to: '/monitors' });
                  }}
                >
                  Delete
                </ConfirmButton>
              </>
            )}
          </>
        }
      />
      {monitor.environments.length > 0 && <MonitorEnvironments monitor={monitor} />}
      {edges.length === 0 ? (
        <Panel>
          <EmptyState title="Waiting for its first check-in">
            Nothing is held against it until then. This page follows by itself.
          </EmptyState>
        </Panel>
      ) : (
        <div className={`${classes.halves} ${classes.even}`}>
          <DurationChart monitor={monitor} />
          <MonitorIncidents incidents={monitor.incidents} />
        </div>
      )}
      {edges.length > 0 && (
        <Panel title="Runs" note="kept for 30 days" padded={false}>
          <RunsTable runs={edges.map(({ node }) => node)} />
          {pageInfo.hasNextPage && (
            <MoreRows loading={networkStatus === NetworkStatus.fetchMore} failed={moreFailed} onMore={more} />
          )}
        </Panel>
      )}
      <div className={classes.halves}>
        <MonitorFacts monitor={monitor} />
        <MonitorSetup monitor={monitor} />
      </div>
      <MonitorDialog subject={editing ? monitor : null} onClose={() => setEditing(false)} />
    </Page>
  );
}
