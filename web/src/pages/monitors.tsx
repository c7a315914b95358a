import { useQuery } from '@apollo/client/react';
import { LiveMonitors_ChangedDocument, MonitorsDocument } from '@errata/schema';
import { Button } from '@mantine/core';
import { IconClockCheck, IconPlus } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { MonitorDialog } from '../features/monitors/monitor-dialog.tsx';
import { byUrgency, isFailing } from '../features/monitors/monitor-words.ts';
import { MonitorsTable } from '../features/monitors/monitors-table.tsx';
import { useLive } from '../lib/live.ts';
import { useProjectScope } from '../lib/project-scope.ts';
import { messageOf } from '../lib/refusal.ts';
import { useViewer } from '../lib/viewer.ts';
import { CodeBlock } from '../ui/code-block.tsx';
import { Page, PageHeader, Panel } from '../ui/page.tsx';
import { EmptyState, FailedState, LoadingRows } from '../ui/states.tsx';

const BY_CODE = `await Sentry.withMonitor('nightly-backup', () => backUp(), {
  schedule: { type: 'crontab', value: '0 4 * * *' },
  timezone: 'Europe/Berlin',
});`;

/** Jobs that are meant to run by a schedule, what asks for attention first. Live. */
export function MonitorsPage() {
  const { projectIds } = useProjectScope();
  const { can } = useViewer();
  const navigate = useNavigate();
  const [making, setMaking] = useState(false);
  const { data, previousData, error, loading, refetch } = useQuery(MonitorsDocument, {
    variables: { projectIds: projectIds ?? null },
    pollInterval: 60_000,
  });
  useLive(LiveMonitors_ChangedDocument, {
    variables: { projectIds: projectIds ?? null },
    onData: ({ monitorChanged }) => {
      const known = data?.monitors.some(({ id }) => id === monitorChanged.monitorId) ?? false;
      // A known one was just brought up to date in the cache.
      if (monitorChanged.kind !== 'UPDATED' || !known) void refetch();
    },
    onCatchUp: () => void refetch(),
  });
  const monitors = (data ?? previousData)?.monitors;
  const failing = monitors?.filter(isFailing).length ?? 0;
  const create = can('errors:write') ? (
    <Button leftSection={<IconPlus size={15} />} onClick={() => setMaking(true)}>
      New monitor
    </Button>
  ) : null;
  return (
    <Page>
      <PageHeader
        title="Monitors"
        description="Jobs that are meant to run by a schedule. One that does not run, fails or hangs becomes an error, and is resolved when it is well again."
        actions={monitors?.length === 0 ? undefined : create}
      />
      <Panel
        padded={false}
        {...(monitors !== undefined && monitors.length > 0
          ? {
              title: `${monitors.length} ${monitors.length === 1 ? 'monitor' : 'monitors'}`,
              note: failing === 0 ? 'none is failing' : `${failing} ${failing === 1 ? 'is' : 'are'} failing`,
            }
          : {})}
      >
        {monitors === undefined ? (
          error === undefined ? (
            <LoadingRows rows={6} lines={2} head />
          ) : (
            <FailedState message={messageOf(error)} onRetry={() => void refetch()} retrying={loading} />
          )
        ) : monitors.length === 0 ? (
          <>
            <EmptyState icon={IconClockCheck} title="No monitors yet" actions={create}>
              A backup that stops running makes no error: nothing is the hardest thing to notice. Tell a job to check in, by one
              line of code or of curl, and Errata notices when it does not.
            </EmptyState>
            <div style={{ maxWidth: '32rem', margin: '0 auto 1rem', padding: '0 1rem' }}>
              <CodeBlock title="A monitor that makes itself" code={BY_CODE} />
            </div>
          </>
        ) : (
          <MonitorsTable monitors={byUrgency(monitors)} />
        )}
      </Panel>
      <MonitorDialog
        subject={making ? 'new' : null}
        onClose={() => setMaking(false)}
        onMade={(id) => void navigate({ to: '/monitors/$monitorId', params: { monitorId: id } })}
      />
    </Page>
  );
}
