import type { ProjectRowFragment } from '@errata/schema';
import { ToneBadge } from '../../ui/badges.tsx';
import { Count } from '../../ui/count.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { TextLink } from '../../ui/link.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { Sparkline } from '../../ui/sparkline.tsx';
import { platformName } from './platforms.ts';
import classes from './projects.module.css';

/** When a project was last heard of. */
function LastHeard({ project }: { project: ProjectRowFragment }) {
  if (project.firstEventAt === null)
    return (
      <ToneBadge tone="amber" title="Waiting for its first event">
        waiting
      </ToneBadge>
    );
  const at = project.lastEventAt;
  return at === null ? <span className="er-dim">none is left</span> : <RelativeTime at={at} suffix />;
}

const COLUMNS: readonly Column<ProjectRowFragment>[] = [
  {
    key: 'name',
    head: 'Project',
    cell: (project) => (
      <span className={classes.name}>
        <TextLink to="/projects/$slug" params={{ slug: project.slug }} fw={600} c="inherit">
          {project.name}
        </TextLink>
        {project.status === 'ARCHIVED' && <ToneBadge tone="grey">archived</ToneBadge>}
        <small>{[project.slug, platformName(project.platform)].filter(Boolean).join(' · ')}</small>
      </span>
    ),
  },
  {
    key: 'open',
    head: 'Unresolved',
    align: 'end',
    cell: (project) => (
      <TextLink
        to="/errors"
        search={{ project: project.slug }}
        {...(project.openErrorCount > 0 ? {} : { c: 'dimmed' })}
        aria-label={`${project.openErrorCount} open errors of ${project.name}`}
      >
        <Count value={project.openErrorCount} />
      </TextLink>
    ),
  },
  {
    key: 'events',
    head: 'Events, 24 h',
    align: 'end',
    hide: 'phone',
    cell: (project) => <Count value={project.trend.points.reduce((sum, point) => sum + point.value, 0)} unit="event" />,
  },
  {
    key: 'trend',
    head: <span className="er-sr-only">Trend</span>,
    width: '120px',
    hide: 'phone',
    cell: (project) => (
      <Sparkline values={project.trend.points.map((point) => point.value)} width={110} label="events in the last 24 hours" />
    ),
  },
  { key: 'last', head: 'Last event', cell: (project) => <LastHeard project={project} /> },
];

/** The projects one may see, with how they are. */
export function ProjectsTable({ projects }: { projects: readonly ProjectRowFragment[] }) {
  return (
    <DataTable
      caption="Projects"
      lines={2}
      columns={COLUMNS}
      rows={projects}
      rowKey={(project) => String(project.id)}
      faded={(project) => project.status === 'ARCHIVED'}
    />
  );
}
