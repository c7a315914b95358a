import { NetworkStatus } from '@apollo/client';
import { useApolloClient, useQuery } from '@apollo/client/react';
import {
  type AssigneePicker_UserFragment,
  ErrorPage_EventDocument,
  ErrorPage_EventMarkdownDocument,
  ErrorPage_EventRawDocument,
  ErrorPage_EventsDocument,
  ErrorPage_PulseDocument,
  ErrorPage_TrendDocument,
  ErrorPageDocument,
} from '@errata/schema';
import { getRouteApi } from '@tanstack/react-router';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { ErrorAct } from '../features/errors/error-acts.ts';
import { ErrorHeader } from '../features/errors/error-header.tsx';
import { ErrorPulse } from '../features/errors/error-pulse.tsx';
import { ActivityView, type ErrorTab, ErrorTabs, EventView, type PageError } from '../features/errors/error-screen.tsx';
import { EventsTable } from '../features/errors/events-table.tsx';
import { LiveError } from '../features/errors/live-error.tsx';
import { listSearch } from '../features/errors/open-list.ts';
import { midnightBefore, type TrendRange, trendSpan } from '../features/errors/trend-range.ts';
import { useErrorActs } from '../features/errors/use-error-acts.ts';
import { useErrorShortcuts } from '../features/errors/use-error-shortcuts.ts';
import { messageOf } from '../lib/refusal.ts';
import { useViewer } from '../lib/viewer.ts';
import { ButtonLink } from '../ui/link.tsx';
import { Page, PageHeader, Panel } from '../ui/page.tsx';
import { EmptyState, FailedState, LoadingRows } from '../ui/states.tsx';
import { BesideFiles, BesideLinks, ErrorFeedback } from './error-beside.tsx';

const route = getRouteApi('/shell/errors/$errorId');
const NO_PEOPLE: readonly AssigneePicker_UserFragment[] = [];
const EVENTS_PER_PAGE = 50;
/** The chart follows the count no faster than this, in milliseconds. */
const TREND_MS = 5_000;

/** One error: what it is, how often, one of its events in full, all events, what people said. Live. */
export function ErrorPage() {
  const { errorId } = route.useParams();
  const {
    data,
    error: failure,
    refetch,
    networkStatus,
  } = useQuery(ErrorPageDocument, { variables: { id: errorId }, notifyOnNetworkStatusChange: true });
  const error = data?.error;
  if (error) return <Loaded key={errorId} error={error} people={data?.users ?? NO_PEOPLE} />;
  if (failure !== undefined) {
    return (
      <Page>
        <PageHeader title="Error" />
        <Panel>
          <FailedState
            message={messageOf(failure)}
            onRetry={() => void refetch()}
            retrying={networkStatus === NetworkStatus.refetch}
          />
        </Panel>
      </Page>
    );
  }
  if (error === null) return <Gone />;
  return (
    <Page>
      <title>Error · Errata</title>
      <Panel padded={false}>
        <LoadingRows rows={10} label="Loading the error" />
      </Panel>
    </Page>
  );
}

function Gone() {
  return (
    <Page>
      <PageHeader title="No such error" />
      <Panel>
        <EmptyState title="There is no such error" actions={<ButtonLink to="/errors">To the errors</ButtonLink>}>
          It was deleted, or it belongs to a project that you do not see.
        </EmptyState>
      </Panel>
    </Page>
  );
}

function Loaded({ error, people }: { error: PageError; people: readonly AssigneePicker_UserFragment[] }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const client = useApolloClient();
  const acts = useErrorActs();
  const { viewer, can } = useViewer();
  const viewerId = viewer?.user.id;
  const viewerName = viewer?.user.name ?? '';
  const me = useMemo(() => (viewerId === undefined ? null : { id: viewerId, name: viewerName }), [viewerId, viewerName]);
  const tab: ErrorTab = search.tab === 'events' || search.tab === 'activity' ? search.tab : 'event';
  const field = useRef<HTMLTextAreaElement>(null);

  // "Latest" stays the event it was when one came here; a newer one is announced, not put under the reader's eyes.
  const latestId = error.latestEvent?.id ?? null;
  const [pinnedId, setPinnedId] = useState(latestId);
  const eventId = search.event ?? pinnedId;
  const go = useCallback(
    (id: string | null) => {
      if (id === null) setPinnedId(latestId);
      void navigate({
        search: (before) => ({ ...(before.tab === undefined ? {} : { tab: before.tab }), ...(id === null ? {} : { event: id }) }),
        replace: true,
      });
    },
    [navigate, latestId],
  );
  const shown = useQuery(ErrorPage_EventDocument, { variables: { id: eventId ?? '' }, skip: eventId === null });
  const event =
    eventId === null
      ? null
      : (shown.data?.errorEvent ?? (shown.loading ? shown.previousData?.errorEvent : shown.data?.errorEvent));

  const [rawFor, setRawFor] = useState<string | null>(null);
  const rawWanted = rawFor !== null;
  const raw = useQuery(ErrorPage_EventRawDocument, { variables: { id: eventId ?? '' }, skip: !rawWanted || eventId === null });

  const markdown = useCallback(async () => {
    if (eventId === null) return `${error.shortId}: ${error.title}`;
    const { data } = await client.query({
      query: ErrorPage_EventMarkdownDocument,
      variables: { id: eventId },
      fetchPolicy: 'network-only',
    });
    return data?.errorEvent?.markdown ?? `${error.shortId}: ${error.title}`;
  }, [client, eventId, error.shortId, error.title]);

  const onAct = useCallback(
    async (act: ErrorAct) => {
      if (act.kind === 'delete') void navigate({ to: '/errors', search: listSearch() });
      await acts.perform(act, { ids: [error.id] });
    },
    [acts, error.id, navigate],
  );
  const setTab = (next: ErrorTab) =>
    void navigate({
      search: (before) => ({
        ...(before.event === undefined ? {} : { event: before.event }),
        ...(next === 'event' ? {} : { tab: next }),
      }),
      replace: true,
    });
  useErrorShortcuts({
    errorId: error.id,
    status: error.status,
    me,
    mayWrite: can('errors:write'),
    previous: event?.previous?.id ?? null,
    next: event?.next?.id ?? null,
    onAct: (act) => void onAct(act),
    onUndo: () => void acts.undoLast(),
    onGo: go,
    onError: (id) => void navigate({ to: '/errors/$errorId', params: { errorId: id }, search: {} }),
    onList: () => void navigate({ to: '/errors', search: listSearch() }),
    onComment: () => {
      setTab('activity');
      setTimeout(() => field.current?.focus(), 50);
    },
  });

  const refresh = useCallback(
    () =>
      void client
        .query({ query: ErrorPage_PulseDocument, variables: { id: error.id }, fetchPolicy: 'network-only' })
        .catch(() => undefined),
    [client, error.id],
  );
  return (
    <Page>
      <ErrorHeader
        error={error}
        people={people}
        me={me}
        mayWrite={can('errors:write')}
        mayDelete={can('errors:delete')}
        onAct={(act) => void onAct(act)}
        markdown={markdown}
      />
      <Pulse error={error} />
      <ErrorTabs tab={tab} error={error} onTab={setTab}>
        {tab === 'event' ? (
          <EventView
            error={error}
            event={event}
            failed={shown.error === undefined ? null : messageOf(shown.error)}
            onRetry={() => void shown.refetch()}
            nav={{
              oldestId: error.oldestEvent?.id ?? null,
              latestId: pinnedId,
              newer: search.event === undefined && latestId !== pinnedId,
              onGo: go,
            }}
            raw={{
              raw: raw.data?.errorEvent?.raw,
              failed: raw.error === undefined ? null : messageOf(raw.error),
              wanted: rawWanted,
              onWant: () => (rawWanted ? void raw.refetch() : setRawFor(eventId)),
            }}
            links={event == null ? null : <BesideLinks eventId={event.id} />}
            beside={
              event == null ? null : (
                <>
                  <BesideFiles eventId={event.id} />
                  <ErrorFeedback errorId={error.id} projectId={error.project.id} />
                </>
              )
            }
          />
        ) : null}
        {tab === 'events' ? <Events errorId={error.id} /> : null}
        {tab === 'activity' ? <ActivityView error={error} me={me} mayWrite={can('errors:write')} fieldRef={field} /> : null}
      </ErrorTabs>
      <LiveError
        errorId={error.id}
        projectId={error.project.id}
        onChange={refresh}
        onDeleted={() => void navigate({ to: '/errors', search: listSearch() })}
      />
    </Page>
  );
}

function Pulse({ error }: { error: PageError }) {
  const [range, setRange] = useState<TrendRange>('24h');
  const [asked, setAsked] = useState(() => Date.now());
  const { eventCount } = error;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a count that changed is why the chart is asked for anew
  useEffect(() => {
    const wait = Math.max(0, asked + TREND_MS - Date.now());
    const timer = setTimeout(() => setAsked(Date.now()), wait);
    return () => clearTimeout(timer);
  }, [eventCount]);
  const span = trendSpan(range, asked, midnightBefore(asked));
  const variables = {
    id: error.id,
    from: new Date(span.from).toISOString(),
    to: new Date(span.to).toISOString(),
    bucketSeconds: span.bucketSeconds,
  };
  const { data, previousData, refetch } = useQuery(ErrorPage_TrendDocument, { variables, fetchPolicy: 'cache-and-network' });
  const first = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new moment asks once more, also for the same span
  useEffect(() => {
    if (first.current) first.current = false;
    else void refetch().catch(() => undefined);
  }, [asked]);
  return <ErrorPulse error={error} trend={(data ?? previousData)?.error?.trend} range={range} onRange={setRange} />;
}

function Events({ errorId }: { errorId: string }) {
  const { data, error, fetchMore, refetch, networkStatus } = useQuery(ErrorPage_EventsDocument, {
    variables: { id: errorId, first: EVENTS_PER_PAGE },
    notifyOnNetworkStatusChange: true,
    fetchPolicy: 'cache-and-network',
  });
  const [failed, setFailed] = useState<string | null>(null);
  const events = data?.error?.events;
  const nodes = useMemo(() => events?.edges.map(({ node }) => node), [events]);
  const more = () => {
    setFailed(null);
    fetchMore({ variables: { after: events?.pageInfo.endCursor } }).catch((reason: unknown) => setFailed(messageOf(reason)));
  };
  return (
    <EventsTable
      errorId={errorId}
      events={nodes}
      totalCount={events?.totalCount ?? 0}
      hasMore={events?.pageInfo.hasNextPage ?? false}
      loadingMore={networkStatus === NetworkStatus.fetchMore}
      failed={failed ?? (error === undefined ? null : messageOf(error))}
      onMore={more}
      onRetry={() => void refetch()}
    />
  );
}
