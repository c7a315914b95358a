import type { EventTable_EventFragment } from '@errata/schema';
import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { columnVisibilityFeature, createColumnHelper, tableFeatures, useTable } from '@tanstack/react-table';
import { useMemo } from 'react';
import { LevelBadge } from '../../ui/badges.tsx';
import { useDisplay } from '../../ui/display.tsx';
import { formatDateTime } from '../../ui/format.ts';
import { Panel } from '../../ui/page.tsx';
import { EmptyState, FailedState, LoadingRows } from '../../ui/states.tsx';
import classes from './events-table.module.css';
import { HostileText } from './hostile-text.tsx';

/** What {@link EventsTable} takes. */
export interface EventsTableProps {
  errorId: string;
  /** Undefined: not there yet. */
  events: readonly EventTable_EventFragment[] | undefined;
  totalCount: number;
  hasMore: boolean;
  loadingMore: boolean;
  failed: string | null;
  onMore: () => void;
  onRetry: () => void;
}

const features = tableFeatures({ columnVisibilityFeature });
const helper = createColumnHelper<typeof features, EventTable_EventFragment>();
const NONE: EventTable_EventFragment[] = [];

function When({ event }: { event: EventTable_EventFragment }) {
  const { timeZone } = useDisplay();
  return <time dateTime={event.timestamp}>{formatDateTime(Date.parse(event.timestamp), timeZone)}</time>;
}

/** Whom an event concerned, by the first name that the SDK gave. */
export function userOf({ user }: Pick<EventTable_EventFragment, 'user'>): string | null {
  const fields = typeof user === 'object' && user !== null ? (user as Record<string, unknown>) : {};
  for (const name of ['email', 'username', 'name', 'id', 'ipAddress']) {
    const value = fields[name];
    if ((typeof value === 'string' && value !== '') || typeof value === 'number') return String(value);
  }
  return null;
}

const columns = helper.columns([
  helper.accessor('timestamp', { header: 'Time', cell: ({ row }) => <When event={row.original} /> }),
  helper.accessor('level', { header: 'Level', cell: ({ getValue }) => <LevelBadge level={getValue()} /> }),
  helper.accessor('title', { header: 'Title', cell: ({ getValue }) => <HostileText text={getValue()} /> }),
  helper.accessor('environment', { header: 'Environment', cell: ({ getValue }) => <Maybe text={getValue()} /> }),
  helper.accessor('release', { header: 'Release', cell: ({ getValue }) => <Maybe text={getValue()} /> }),
  helper.accessor('transaction', { header: 'Transaction', cell: ({ getValue }) => <Maybe text={getValue()} /> }),
  helper.accessor('serverName', { header: 'Server', cell: ({ getValue }) => <Maybe text={getValue()} /> }),
  helper.accessor(userOf, { id: 'user', header: 'User', cell: ({ getValue }) => <Maybe text={getValue()} /> }),
  helper.accessor('eventId', {
    header: 'Event id',
    cell: ({ getValue }) => <code title={getValue()}>{getValue().slice(0, 8)}</code>,
  }),
]);

function Maybe({ text }: { text: string | null }) {
  return text === null || text === '' ? <span className="er-dim">–</span> : <HostileText text={text} />;
}

/** Columns that say something for at least one event; an empty column is only width. */
function usefulColumns(events: readonly EventTable_EventFragment[]): Record<string, boolean> {
  const any = (pick: (event: EventTable_EventFragment) => string | null): boolean =>
    events.some((event) => (pick(event) ?? '') !== '');
  return {
    environment: any(({ environment }) => environment),
    release: any(({ release }) => release),
    transaction: any(({ transaction }) => transaction),
    serverName: any(({ serverName }) => serverName),
    user: any(userOf),
    title: new Set(events.map(({ title }) => title)).size > 1,
  };
}

/** All events of an error, newest first, page by page. */
export function EventsTable({ errorId, events, totalCount, hasMore, loadingMore, failed, onMore, onRetry }: EventsTableProps) {
  const data = useMemo(() => (events === undefined ? NONE : [...events]), [events]);
  const columnVisibility = useMemo(() => usefulColumns(data), [data]);
  const table = useTable({ features, columns, data, getRowId: (event) => event.id, state: { columnVisibility } });
  if (failed !== null && data.length === 0) {
    return (
      <Panel>
        <FailedState title="The events could not be loaded" message={failed} onRetry={onRetry} />
      </Panel>
    );
  }
  if (events === undefined) {
    return (
      <Panel padded={false}>
        <LoadingRows rows={10} label="Loading events" />
      </Panel>
    );
  }
  if (data.length === 0) {
    return (
      <Panel>
        <EmptyState title="No event is kept any more">
          Retention has removed the events of this error; its figures stay.
        </EmptyState>
      </Panel>
    );
  }
  return (
    <Panel
      title="Events"
      note={`${data.length.toLocaleString('en')} of ${totalCount.toLocaleString('en')}, newest first`}
      padded={false}
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <div className={classes.scroller} tabIndex={0}>
        <table className={classes.table}>
          <thead>
            {table.getHeaderGroups().map((group) => (
              <tr key={group.id}>
                {group.headers.map((header) => (
                  <th key={header.id} scope="col">
                    {header.isPlaceholder ? null : <table.FlexRender header={header} />}
                  </th>
                ))}
              </tr>
            ))}
          </thead>
          <tbody>
            {table.getRowModel().rows.map((row) => (
              <tr key={row.id}>
                {row.getVisibleCells().map((cell, index) => (
                  <td key={cell.id}>
                    {index === 0 ? (
                      <Link
                        to="/errors/$errorId"
                        params={{ errorId }}
                        search={{ event: row.original.id }}
                        className={classes.link}
                      >
                        <table.FlexRender cell={cell} />
                      </Link>
                    ) : (
                      <table.FlexRender cell={cell} />
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {hasMore ? (
        <Button variant="subtle" color="gray" fullWidth radius={0} loading={loadingMore} onClick={onMore}>
          {failed === null ? 'Show more' : `Could not be loaded (${failed}). Try again`}
        </Button>
      ) : null}
    </Panel>
  );
}
