import { useQuery } from '@apollo/client/react';
import { ProjectInboundDocument } from '@errata/schema';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { InboundForm } from '../features/projects/inbound-form.tsx';
import { messageOf } from '../lib/refusal.ts';
import { useViewer } from '../lib/viewer.ts';
import { Panel } from '../ui/page.tsx';
import { FailedState, LoadingBlock } from '../ui/states.tsx';

const route = getRouteApi('/shell/projects/$slug');
const WEEK_MS = 7 * 24 * 3_600_000;
const HOUR_MS = 3_600_000;

/** What a project lets in, and what it left out lately. */
export function ProjectInboundPage() {
  const { slug } = route.useParams();
  const { can } = useViewer();
  const [from] = useState(() => new Date(Math.floor((Date.now() - WEEK_MS) / HOUR_MS) * HOUR_MS).toISOString());
  const { data, error, loading, refetch } = useQuery(ProjectInboundDocument, { variables: { slug, from }, pollInterval: 60_000 });
  if (data?.project == null) {
    return (
      <Panel title="Noise that is not yours" padded={error === undefined}>
        {error === undefined ? (
          <LoadingBlock height="160px" />
        ) : (
          <FailedState message={messageOf(error)} onRetry={() => void refetch()} retrying={loading} />
        )}
      </Panel>
    );
  }
  return <InboundForm key={data.project.id} project={data.project} readOnly={!can('projects:write')} />;
}
