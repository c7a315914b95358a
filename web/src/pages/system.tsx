import { useSystemHistory } from '../features/metrics/system-history.ts';
import { SystemPanel } from '../features/metrics/system-panel.tsx';
import { Page, PageHeader, Panel } from '../ui/page.tsx';
import { FailedState, LoadingRows } from '../ui/states.tsx';

/** How the server is doing, live. */
export function SystemPage() {
  const { samples, failure, retry } = useSystemHistory();
  return (
    <Page>
      <PageHeader
        title="System"
        description="How this server is doing, live. The same figures stand at /metrics for Prometheus."
      />
      {failure !== null ? (
        <Panel>
          <FailedState message={failure} onRetry={retry} />
        </Panel>
      ) : samples.length === 0 ? (
        <Panel padded={false}>
          <LoadingRows rows={6} />
        </Panel>
      ) : (
        <SystemPanel samples={samples} />
      )}
    </Page>
  );
}
