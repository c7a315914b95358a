import { getRouteApi, Navigate, Outlet } from '@tanstack/react-router';
import { platformName } from '../features/projects/platforms.ts';
import { useProject } from '../features/projects/use-project.ts';
import { useViewer } from '../lib/viewer.ts';
import { ToneBadge } from '../ui/badges.tsx';
import { formatWhole } from '../ui/format.ts';
import { ButtonLink, TextLink } from '../ui/link.tsx';
import { Page, PageHeader, Panel } from '../ui/page.tsx';
import { FailedState, LoadingRows } from '../ui/states.tsx';
import { TabLink, TabLinks } from '../ui/tab-links.tsx';
import { NotFoundPage } from './not-found.tsx';

const route = getRouteApi('/shell/projects/$slug');

/** The head and tabs of a project; the tab's page stands below. */
export function ProjectPage() {
  const { slug } = route.useParams();
  const { can } = useViewer();
  const state = useProject(slug);
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
        tabTitle={project.name}
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
            {project.openErrorCount === 0
              ? 'Its errors'
              : `${formatWhole(project.openErrorCount)} open ${project.openErrorCount === 1 ? 'error' : 'errors'}`}
          </ButtonLink>
        }
      />
      <TabLinks label={`Project ${project.name}`}>
        <TabLink to="/projects/$slug/setup" params={{ slug }}>
          Set-up
        </TabLink>
        <TabLink to="/projects/$slug/incoming" params={{ slug }}>
          What came in
        </TabLink>
        <TabLink to="/projects/$slug/inbound" params={{ slug }}>
          Filters
        </TabLink>
        <TabLink to="/projects/$slug/log-files" params={{ slug }}>
          Log files
        </TabLink>
        <TabLink to="/projects/$slug/patterns" params={{ slug }}>
          Patterns
        </TabLink>
        <TabLink to="/projects/$slug/keys" params={{ slug }}>
          Keys
        </TabLink>
        <TabLink to="/projects/$slug/source-maps" params={{ slug }}>
          Source maps
        </TabLink>
        {can('users:read') && (
          <TabLink to="/projects/$slug/members" params={{ slug }}>
            Members
          </TabLink>
        )}
        <TabLink to="/projects/$slug/settings" params={{ slug }}>
          Settings
        </TabLink>
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
