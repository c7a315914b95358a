import { NetworkStatus } from '@apollo/client';
import { useQuery } from '@apollo/client/react';
import { ErrorPage_BesideDocument, ErrorPage_FeedbackDocument, FeedbackReceivedDocument } from '@errata/schema';
import { AttachmentList, AttachmentsPanel } from '../features/attachments/attachments-panel.tsx';
import { EventLinks } from '../features/attachments/event-links.tsx';
import { FeedbackPanel } from '../features/feedback/feedback-panel.tsx';
import { useFeedbackActs } from '../features/feedback/use-feedback-acts.ts';
import { useLive } from '../lib/live.ts';
import { messageOf } from '../lib/refusal.ts';
import { useViewer } from '../lib/viewer.ts';

/** Voices shown on an error's page before one asks for more. */
const VOICES = 3;
const MORE_VOICES = 50;

/** Asks for the same event as its neighbours on the page do; the answer comes from the cache the second time. */
function useBeside(eventId: string) {
  return useQuery(ErrorPage_BesideDocument, { variables: { id: eventId } });
}

/** The transaction an event was part of, and its replay. */
export function BesideLinks({ eventId }: { eventId: string }) {
  const { data } = useBeside(eventId);
  return <EventLinks event={data?.errorEvent} />;
}

/** The files of an event. */
export function BesideFiles({ eventId }: { eventId: string }) {
  const { data, error, refetch } = useBeside(eventId);
  const { can } = useViewer();
  return (
    <AttachmentsPanel
      files={data?.errorEvent?.attachments}
      failed={error === undefined ? null : messageOf(error)}
      onRetry={() => void refetch().catch(() => undefined)}
      mayDelete={can('errors:delete')}
    />
  );
}

/** What users wrote about an error. Live. */
export function ErrorFeedback({ errorId, projectId }: { errorId: string; projectId: string }) {
  const { data, error, refetch, networkStatus } = useQuery(ErrorPage_FeedbackDocument, {
    variables: { id: errorId, first: VOICES },
    notifyOnNetworkStatusChange: true,
  });
  const acts = useFeedbackActs();
  const { can } = useViewer();
  const again = (first?: number) => void refetch(first === undefined ? {} : { first }).catch(() => undefined);
  useLive(FeedbackReceivedDocument, {
    variables: { projectIds: [projectId] },
    onData: ({ feedbackReceived }) => (feedbackReceived.error?.id === errorId ? again() : undefined),
    onCatchUp: () => again(),
  });
  const feedback = data?.error?.feedback;
  return (
    <FeedbackPanel
      items={feedback?.edges.map(({ node }) => node)}
      totalCount={feedback?.totalCount ?? 0}
      failed={error === undefined ? null : messageOf(error)}
      onRetry={() => again()}
      onMore={() => again(MORE_VOICES)}
      loadingMore={networkStatus === NetworkStatus.setVariables}
      mayWrite={can('errors:write')}
      acts={acts}
      files={(item) => <AttachmentList files={item.attachments} mayDelete={can('errors:delete')} />}
    />
  );
}
