import { getRouteApi, Navigate, Outlet, useLocation } from '@tanstack/react-router';
import { platformName } from '../features/projects/platforms.ts';
import { useProject } from '../features/projects/use-project.ts';
import { type Permission, useViewer } from '../lib/viewer.ts';
import { ToneBadge } from '../ui/badges.tsx';
import { formatWhole } from '../ui/format.ts';
import { ButtonLink, TextLink } from '../ui/link.tsx';
import { Page, PageHeader, Panel } from '../ui/page.tsx';
import { FailedState, LoadingRows } from '../ui/states.tsx';
import { TabLink, TabLinks } from '../ui/tab-links.tsx';
import { NotFoundPage } from './not-found.tsx';

const route = getRouteApi('/shell/projects/$slug');

/** What comes in first, then what is rarely touched. */
const TABS = [
  { to: '/projects/$slug/setup', label: 'Set-up' },
  { to: '/projects/$slug/incoming', label: 'What came in' },
  { to: '/projects/$slug/inbound', label: 'Filters' },
  { to: '/projects/$slug/log-files', label: 'Log files' },
  { to: '/projects/$slug/patterns', label: 'Patterns' },
  { to: '/projects/$slug/source-maps', label: 'Source maps' },
  { to: '/projects/$slug/keys', label: 'Keys' },
  { to: '/projects/$slug/members', label: 'Members', permission: 'users:read' },
  { to: '/projects/$slug/settings', label: 'Settings' },
] as const satisfies readonly { to: string; label: string; permission?: Permission }[];

/** The head and tabs of a project; the tab's page stands below. */
export function ProjectPage() {
  const { slug } = route.useParams();
  const { can } = useViewer();
  const state = useProject(slug);
  const place = useLocation({ select: ({ pathname }) => pathname.split('/').at(-1) });
  const tab = TABS.find(({ to }) => to.endsWith(`/${place}`));
  if (state.kind === 'absent') return <NotFoundPage />;
  const crumbs = [
    <TextLink key="projects" to="/projects">
      Projects
    </TextLink>,
  ];
  if (state.kind !== 'ready') {
    return (
      <Page>
        <PageHeader title={slug} crumbs={crumbs} />
        <Panel padded={false}>
          {state.kind === 'loading' ? <LoadingRows rows={8} /> : <FailedState message={state.message} onRetry={state.retry} />}
        </Panel>
      </Page>
    );
  }
  const { project } = state;
  const platform = platformName(project.platform);
  return (
    <Page>
      <PageHeader
        tabTitle={tab === undefined ? project.name : `${tab.label} · ${project.name}`}
        title={
          <>
            {project.name}
            {platform !== null && <ToneBadge tone="grey">{platform}</ToneBadge>}
            {project.status === 'ARCHIVED' && <ToneBadge tone="amber">archived</ToneBadge>}
          </>
        }
        crumbs={crumbs}
        actions={
          <ButtonLink to="/errors" search={{ project: project.slug }} variant="default">
            {project.openErrorCount === 0 ? 'Its errors' : `${formatWhole(project.openErrorCount)} unresolved`}
          </ButtonLink>
        }
      />
      <TabLinks label={`Project ${project.name}`}>
        {TABS.filter((one) => !('permission' in one) || can(one.permission)).map(({ to, label }) => (
          <TabLink key={to} to={to} params={{ slug }}>
            {label}
          </TabLink>
        ))}
      </TabLinks>
      <Outlet />
    </Page>
  );
}

/** The bare address of a project: set-up while it waits for its first error, else what came in. */
export function ProjectIndex() {
  const { slug } = route.useParams();
  const state = useProject(slug);
  if (state.kind !== 'ready') return null;
  return (
    <Navigate
      to={state.project.firstEventAt === null ? '/projects/$slug/setup' : '/projects/$slug/incoming'}
      params={{ slug }}
      replace
    />
  );
}
