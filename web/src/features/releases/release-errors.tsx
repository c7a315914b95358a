import type { ReleaseErrorFragment } from '@errata/schema';
import { LevelBadge, StatusBadge } from '../../ui/badges.tsx';
import { Count } from '../../ui/count.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { TextLink } from '../../ui/link.tsx';
import { Panel } from '../../ui/page.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { EmptyState } from '../../ui/states.tsx';
import classes from './releases.module.css';

const COLUMNS: readonly Column<ReleaseErrorFragment>[] = [
  {
    key: 'title',
    head: 'Error',
    cell: (error) => (
      <span className={classes.error}>
        <LevelBadge level={error.level} mark />
        <TextLink to="/errors/$errorId" params={{ errorId: String(error.id) }} c="inherit" title={error.title}>
          <bdi>{error.title}</bdi>
        </TextLink>
      </span>
    ),
  },
  { key: 'status', head: 'Status', width: '9rem', hide: 'phone', cell: (error) => <StatusBadge status={error.status} /> },
  {
    key: 'events',
    head: 'Events',
    width: '6rem',
    align: 'end',
    cell: (error) => <Count value={error.eventCount} unit="event" />,
  },
  {
    key: 'users',
    head: 'Users',
    width: '6rem',
    align: 'end',
    hide: 'phone',
    cell: (error) => <Count value={error.userCount} unit="user" />,
  },
  { key: 'last', head: 'Last seen', width: '8rem', hide: 'phone', cell: (error) => <RelativeTime at={error.lastSeen} suffix /> },
];

/** Errors that have to do with a release. */
export function ReleaseErrors({
  title,
  note,
  errors,
  empty,
}: {
  title: string;
  note: string;
  errors: readonly ReleaseErrorFragment[];
  empty: string;
}) {
  return (
    <Panel title={title} note={note} padded={false}>
      {errors.length === 0 ? (
        <EmptyState title={empty} compact />
      ) : (
        <DataTable caption={title} columns={COLUMNS} rows={errors} rowKey={(error) => String(error.id)} />
      )}
    </Panel>
  );
}
