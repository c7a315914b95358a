import type { ReleaseRowFragment } from '@errata/schema';
import { Count } from '../../ui/count.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { TextLink } from '../../ui/link.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { Sparkline } from '../../ui/sparkline.tsx';
import { TwoLines } from '../../ui/two-lines.tsx';
import { CrashFree } from './crash-free.tsx';
import { formatShare, valuesOf } from './rates.ts';
import classes from './releases.module.css';

/** `release:"version"` for the errors list. */
export const releaseQuery = (version: string) => `firstRelease:"${version.replaceAll(/(["\\])/g, '\\$1')}"`;

const COLUMNS: readonly Column<ReleaseRowFragment>[] = [
  {
    key: 'version',
    head: 'Release',
    cell: (release) => (
      <TwoLines
        below={[release.project?.name, release.package, release.environments.join(', ')].filter((text) => text).join(' · ')}
      >
        <TextLink
          to="/releases/$slug/$version"
          params={{ slug: release.project?.slug ?? '', version: release.version }}
          fw={600}
          c="inherit"
          title={release.version}
        >
          {release.shortVersion}
        </TextLink>
      </TwoLines>
    ),
  },
  {
    key: 'crash-free',
    head: (
      <span title="Share of sessions that did not crash">
        Crash-free<span className={classes.wide}> sessions</span>
      </span>
    ),
    align: 'end',
    cell: (release) => (
      <CrashFree
        rate={release.health.crashFreeSessions}
        before={release.previous?.health.crashFreeSessions ?? null}
        previous={release.previous?.shortVersion ?? null}
      />
    ),
  },
  {
    key: 'users',
    head: <span title="Share of users none of whose sessions crashed">Crash-free users</span>,
    align: 'end',
    hide: 'tablet',
    cell: (release) => <CrashFree rate={release.health.crashFreeUsers} />,
  },
  {
    key: 'sessions',
    head: 'Sessions',
    width: '120px',
    hide: 'phone',
    cell: (release) =>
      release.health.sessionCount === 0 ? (
        <span className="er-dim">none</span>
      ) : (
        <Sparkline values={valuesOf(release.health.series, 'sessions')} width={110} label="sessions" />
      ),
  },
  {
    key: 'adoption',
    head: <span title="Share of its project’s sessions within the last 24 hours">Adoption</span>,
    align: 'end',
    hide: 'phone',
    cell: (release) => (
      <span className="er-num">{release.health.sessionCount === 0 ? '–' : formatShare(release.health.adoption)}</span>
    ),
  },
  {
    key: 'new',
    head: 'New errors',
    align: 'end',
    cell: (release) => (
      <TextLink
        to="/errors"
        search={{ project: release.project?.slug ?? '', q: releaseQuery(release.version), status: 'all' }}
        {...(release.newErrorCount > 0 ? {} : { c: 'dimmed' })}
        aria-label={`${release.newErrorCount} errors first seen in ${release.shortVersion}`}
      >
        <Count value={release.newErrorCount} />
      </TextLink>
    ),
  },
  {
    key: 'events',
    head: 'Events',
    align: 'end',
    hide: 'tablet',
    cell: (release) => <Count value={release.eventCount} unit="event" />,
  },
  { key: 'first', head: 'First seen', hide: 'tablet', cell: (release) => <RelativeTime at={release.firstSeen} suffix /> },
  { key: 'last', head: 'Last seen', hide: 'phone', cell: (release) => <RelativeTime at={release.lastSeen} suffix /> },
];

/** Releases, with how each does. */
export function ReleasesTable({ releases }: { releases: readonly ReleaseRowFragment[] }) {
  return (
    <DataTable
      caption="Releases"
      lines={2}
      columns={COLUMNS}
      rows={releases}
      rowKey={(release) => `${release.projectId} ${release.version}`}
    />
  );
}
