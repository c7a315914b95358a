import { NetworkStatus } from '@apollo/client';
import { useQuery } from '@apollo/client/react';
import { FeedbackPageDocument, FeedbackReceivedDocument } from '@errata/schema';
import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { IconMessageCircle, IconSearch } from '@tabler/icons-react';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { AttachmentList } from '../features/attachments/attachments-panel.tsx';
import classes from '../features/feedback/feedback.module.css';
import { FeedbackItem } from '../features/feedback/feedback-item.tsx';
import { ON_PILE, PILES, type Pile } from '../features/feedback/feedback-search.ts';
import { type FeedbackStatus, useFeedbackActs } from '../features/feedback/use-feedback-acts.ts';
import { useLive } from '../lib/live.ts';
import { useProjectScope } from '../lib/project-scope.ts';
import { messageOf } from '../lib/refusal.ts';
import { useShortcuts } from '../lib/shortcuts.ts';
import { useViewer } from '../lib/viewer.ts';
import { ButtonLink } from '../ui/link.tsx';
import { MoreRows } from '../ui/more-rows.tsx';
import { FilterRow, Page, PageHeader, Panel } from '../ui/page.tsx';
import { Banner, EmptyState, FailedState, LoadingRows } from '../ui/states.tsx';

const route = getRouteApi('/shell/feedback');
const PER_PAGE = 50;
const WORDS: Record<Pile, string> = { inbox: 'Inbox', archived: 'Archived', spam: 'Spam' };
/** Typing rests this long before the search runs, ms. */
const REST_MS = 250;

/** What users wrote, of all projects in scope: to be read, followed to its error, put aside. Live. */
export function FeedbackPage() {
  const { pile = 'inbox', q = '' } = route.useSearch();
  const navigate = route.useNavigate();
  const { projectIds } = useProjectScope();
  const { can } = useViewer();
  const acts = useFeedbackActs();
  const mayWrite = can('errors:write');
  const filter = {
    statuses: ON_PILE[pile],
    ...(projectIds === undefined ? {} : { projectIds }),
    ...(q === '' ? {} : { search: q }),
  };
  const { data, error, refetch, fetchMore, networkStatus } = useQuery(FeedbackPageDocument, {
    variables: { filter, first: PER_PAGE },
    notifyOnNetworkStatusChange: true,
    fetchPolicy: 'cache-and-network',
  });
  const [fresh, setFresh] = useState(0);
  const [moreFailed, setMoreFailed] = useState<string | null>(null);
  const [active, setActive] = useState<string | null>(null);
  const question = JSON.stringify(filter);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another question begins afresh
  useEffect(() => {
    setFresh(0);
    setActive(null);
  }, [question]);

  const items = data?.feedback.edges.map(({ node }) => node);
  const again = () => {
    setFresh(0);
    void refetch().catch(() => undefined);
  };
  // An empty inbox fills by itself; one that is being read is not moved under the reader's eyes.
  useLive(FeedbackReceivedDocument, {
    variables: projectIds === undefined ? {} : { projectIds },
    onData: () => (pile === 'inbox' && q === '' ? (items?.length ? setFresh((count) => count + 1) : again()) : undefined),
    onCatchUp: again,
  });

  const field = useRef<HTMLInputElement>(null);
  const move = (by: number) => {
    if (items === undefined || items.length === 0) return;
    const at = items.findIndex(({ id }) => id === active);
    const next = items[Math.max(0, Math.min(items.length - 1, at < 0 ? (by > 0 ? 0 : items.length - 1) : at + by))];
    if (next === undefined) return;
    setActive(next.id);
    document.querySelector(`[data-feedback="${CSS.escape(next.id)}"]`)?.scrollIntoView({ block: 'nearest' });
  };
  const current = items?.find(({ id }) => id === active);
  const act = (status: FeedbackStatus) => () => {
    if (current !== undefined) void acts.set([current.id], status);
  };
  useShortcuts('Feedback', [
    { keys: 'j', label: 'Next feedback', run: () => move(1) },
    { keys: 'k', label: 'Previous feedback', run: () => move(-1) },
    {
      keys: 'Enter',
      label: 'Open its error',
      run: () => {
        const errorId = current?.error?.id;
        if (errorId !== undefined) void navigate({ to: '/errors/$errorId', params: { errorId }, search: {} });
      },
    },
    ...(mayWrite
      ? [
          { keys: 'r', label: 'Read, or unread', run: () => act(current?.status === 'UNREAD' ? 'READ' : 'UNREAD')() },
          { keys: 'a', label: 'Archive', run: act('ARCHIVED') },
          { keys: '!', label: 'Spam', run: act('SPAM') },
          { keys: 'u', label: 'Undo the last change', run: () => void acts.undo() },
        ]
      : []),
    { keys: '/', label: 'Search', run: () => field.current?.focus() },
  ]);

  const unread = items?.filter(({ status }) => status === 'UNREAD').map(({ id }) => id) ?? [];
  const more = () => {
    setMoreFailed(null);
    fetchMore({ variables: { after: data?.feedback.pageInfo.endCursor } }).catch((reason: unknown) =>
      setMoreFailed(messageOf(reason)),
    );
  };
  return (
    <Page>
      <PageHeader
        title="Feedback"
        actions={
          mayWrite && pile === 'inbox' && unread.length > 1 ? (
            <Button variant="default" onClick={() => void acts.set(unread, 'READ')}>
              Mark {unread.length} as read
            </Button>
          ) : undefined
        }
      />
      <FilterRow>
        <SegmentedControl
          aria-label="Which feedback"
          value={pile}
          onChange={(next) =>
            void navigate({
              search: (before) => ({
                ...(before.q === undefined ? {} : { q: before.q }),
                ...(next === 'inbox' ? {} : { pile: next as Pile }),
              }),
              replace: true,
            })
          }
          data={PILES.map((value) => ({ value, label: WORDS[value] }))}
        />
        <Search
          key={q === '' ? 'empty' : 'search'}
          value={q}
          fieldRef={field}
          onChange={(text) =>
            void navigate({
              search: (before) => ({
                ...(before.pile === undefined ? {} : { pile: before.pile }),
                ...(text === '' ? {} : { q: text }),
              }),
              replace: true,
            })
          }
        />
      </FilterRow>
      {fresh === 0 ? null : (
        <Banner
          tone="blue"
          action={
            <Button size="compact-xs" variant="default" onClick={again}>
              Show
            </Button>
          }
        >
          {fresh} new since you came here
        </Banner>
      )}
      <Panel padded={false}>
        {items === undefined ? (
          error === undefined ? (
            <LoadingRows rows={5} height="5.5rem" label="Loading the feedback" />
          ) : (
            <FailedState message={messageOf(error)} onRetry={again} retrying={networkStatus === NetworkStatus.refetch} />
          )
        ) : items.length === 0 ? (
          <Nothing pile={pile} searched={q !== ''} />
        ) : (
          <ul className={classes.list} aria-label="Feedback">
            {items.map((item) => (
              <FeedbackItem
                key={item.id}
                item={item}
                active={item.id === active}
                mayWrite={mayWrite}
                onSet={(status, quiet) => void acts.set([item.id], status, quiet)}
                onDelete={can('errors:delete') ? () => acts.remove(item.id) : undefined}
                files={<AttachmentList files={item.attachments} mayDelete={can('errors:delete')} />}
              />
            ))}
          </ul>
        )}
        {data?.feedback.pageInfo.hasNextPage === true ? (
          <MoreRows loading={networkStatus === NetworkStatus.fetchMore} failed={moreFailed} onMore={more} />
        ) : null}
      </Panel>
    </Page>
  );
}

/** The search runs when typing rests. */
function Search({
  value,
  onChange,
  fieldRef,
}: {
  value: string;
  onChange: (text: string) => void;
  fieldRef: React.Ref<HTMLInputElement>;
}) {
  const [text, setText] = useState(value);
  const told = useRef(onChange);
  told.current = onChange;
  useEffect(() => {
    if (text.trim() === value) return;
    const timer = setTimeout(() => told.current(text.trim()), REST_MS);
    return () => clearTimeout(timer);
  }, [text, value]);
  return (
    <TextInput
      ref={fieldRef}
      className={classes.search ?? ''}
      aria-label="Search feedback"
      placeholder="Search text, name or e-mail"
      leftSection={<IconSearch size={15} />}
      value={text}
      maxLength={200}
      onChange={(event) => setText(event.currentTarget.value)}
    />
  );
}

function Nothing({ pile, searched }: { pile: Pile; searched: boolean }) {
  if (searched) return <EmptyState title="Nothing found">No feedback here has these words.</EmptyState>;
  if (pile !== 'inbox') return <EmptyState title={pile === 'spam' ? 'No spam' : 'Nothing is archived'} />;
  return (
    <EmptyState
      icon={IconMessageCircle}
      title="No feedback yet"
      actions={<ButtonLink to="/projects">To the set-up of a project</ButtonLink>}
    >
      Let users tell you what went wrong: <code>Sentry.captureFeedback</code>, the feedback widget, or{' '}
      <code>showReportDialog</code> of the browser SDK. What they write stands here, beside the error it is about.
    </EmptyState>
  );
}
