import type { ErrorPage_EventQuery, ErrorPageQuery } from '@errata/schema';
import { Tabs } from '@mantine/core';
import type { ReactNode, Ref } from 'react';
import { Panel } from '../../ui/page.tsx';
import { EmptyState, FailedState, LoadingRows } from '../../ui/states.tsx';
import { BreadcrumbPanel } from './breadcrumb-panel.tsx';
import { Conversation } from './conversation.tsx';
import type { RowPerson } from './error-row.ts';
import classes from './error-screen.module.css';
import { EventBar, type EventBarProps } from './event-bar.tsx';
import { EventDetails } from './event-details.tsx';
import { GroupingPanel } from './grouping-panel.tsx';
import { RawPanel, type RawPanelProps } from './raw-panel.tsx';
import { StackPanel } from './stack-panel.tsx';
import { TagPanel } from './tag-panel.tsx';

/** Parts of an error's page. */
export type ErrorTab = 'event' | 'events' | 'activity';

/** An error as its page knows it. */
export type PageError = NonNullable<ErrorPageQuery['error']>;
/** An event as the page knows it. */
export type PageEvent = NonNullable<ErrorPage_EventQuery['errorEvent']>;

/** The tabs under the figures of an error. */
export function ErrorTabs({
  tab,
  error,
  onTab,
  children,
}: {
  tab: ErrorTab;
  error: PageError;
  onTab: (tab: ErrorTab) => void;
  children: ReactNode;
}) {
  const said = error.comments.length;
  return (
    <Tabs value={tab} onChange={(value) => onTab((value ?? 'event') as ErrorTab)}>
      <Tabs.List className={classes.tabs ?? ''}>
        <Tabs.Tab value="event">Event</Tabs.Tab>
        <Tabs.Tab value="events">
          All events <span className="er-dim er-num">{error.eventCount.toLocaleString('en')}</span>
        </Tabs.Tab>
        <Tabs.Tab value="activity">Activity {said === 0 ? null : <span className="er-dim er-num">{said}</span>}</Tabs.Tab>
      </Tabs.List>
      <div className={classes.tab}>{children}</div>
    </Tabs>
  );
}

/** What {@link EventView} takes. */
export interface EventViewProps {
  error: PageError;
  /** Undefined while it loads, null when there is none (any more). */
  event: PageEvent | null | undefined;
  failed: string | null;
  onRetry: () => void;
  nav: Omit<EventBarProps, 'event'>;
  raw: Omit<RawPanelProps, 'eventId'>;
  /** What else stands beside the event (files, feedback), made by the page: under its head, and after its breadcrumbs. */
  links?: ReactNode;
  beside?: ReactNode;
}

/** One event in full, and beside it what holds for all events of its error. */
export function EventView({ error, event, failed, onRetry, nav, raw, links, beside }: EventViewProps) {
  return (
    <div className={classes.columns}>
      <div className={classes.column}>
        {failed !== null && !event ? (
          <Panel>
            <FailedState title="The event could not be loaded" message={failed} onRetry={onRetry} />
          </Panel>
        ) : event === undefined ? (
          <Panel padded={false}>
            <LoadingRows rows={12} height="28px" label="Loading the event" />
          </Panel>
        ) : event === null ? (
          <Panel>
            <EmptyState title="No event is kept">Retention has removed the events of this error; its figures stay.</EmptyState>
          </Panel>
        ) : (
          <>
            <EventBar event={event} {...nav} />
            {links}
            <StackPanel key={`stack ${event.id}`} event={event} />
            <BreadcrumbPanel key={`crumbs ${event.id}`} event={event} />
            {beside}
            <EventDetails event={event} />
            <RawPanel eventId={event.eventId} {...raw} />
          </>
        )}
      </div>
      <aside className={classes.rail} aria-label="About all its events">
        <TagPanel error={error} />
        <GroupingPanel error={error} event={event ?? null} />
      </aside>
    </div>
  );
}

/** Comments and history on their own. */
export function ActivityView({
  error,
  me,
  mayWrite,
  fieldRef,
}: {
  error: PageError;
  me: RowPerson | null;
  mayWrite: boolean;
  fieldRef: Ref<HTMLTextAreaElement>;
}) {
  return (
    <div className={classes.activity}>
      <Conversation error={error} me={me} mayWrite={mayWrite} fieldRef={fieldRef} />
    </div>
  );
}
