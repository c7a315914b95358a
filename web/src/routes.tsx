import type { ApolloClient } from '@apollo/client';
import { MeDocument } from '@errata/schema';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
  retainSearchParams,
} from '@tanstack/react-router';
import { validateErrorsSearch } from './features/errors/errors-search.ts';
import { validateFeedbackSearch } from './features/feedback/feedback-search.ts';
import { validateReleasesSearch } from './features/releases/releases-search.ts';
import { BASE_PATH } from './lib/base.ts';
import { parseSearch, stringifySearch, textParam } from './lib/search-params.ts';
import type { Permission } from './lib/viewer.ts';
import { NotFoundPage } from './pages/not-found.tsx';
import { PageFailed, PagePending } from './pages/page-states.tsx';
import { Shell } from './pages/shell/shell.tsx';

declare module '@tanstack/react-router' {
  interface StaticDataRouteOption {
    /** An address of this route that works, for tests and screenshots; every route with a page has one. */
    exampleUrl?: string;
    /** Who lacks it sees a refusal instead of the page. The server decides; this only spares a round trip. */
    permission?: Permission;
  }
  interface Register {
    router: ReturnType<typeof createDashboardRouter>;
  }
}

/** What every route can reach. */
export interface RouterContext {
  client: ApolloClient;
}

/** Addresses inside the dashboard only: a `next` from outside must not lead elsewhere. */
function ownPath(value: unknown): string | undefined {
  const path = textParam(value);
  return path?.startsWith('/') && !/^\/[/\\]/.test(path) ? path : undefined;
}

const root = createRootRouteWithContext<RouterContext>()({ component: Outlet, notFoundComponent: NotFoundPage });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  staticData: { exampleUrl: '/sign-in' },
  validateSearch: (raw: Record<string, unknown>): { next?: string } => {
    const next = ownPath(raw['next']);
    return next === undefined ? {} : { next };
  },
  component: lazyRouteComponent(() => import('./pages/sign-in.tsx'), 'SignInPage'),
});

const join = createRoute({
  getParentRoute: () => root,
  path: '/join',
  staticData: { exampleUrl: '/join?token=abc' },
  validateSearch: (raw: Record<string, unknown>): { token?: string } => {
    const token = textParam(raw['token']);
    return token === undefined ? {} : { token };
  },
  component: lazyRouteComponent(() => import('./pages/join.tsx'), 'JoinPage'),
});

/** Everything that needs a signed-in person: navigation around, the project filter in the address. */
const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  validateSearch: (raw: Record<string, unknown>): { project?: string } => {
    const project = textParam(raw['project']);
    return project === undefined ? {} : { project };
  },
  search: { middlewares: [retainSearchParams(['project'])] },
  beforeLoad: async ({ context, location }) => {
    const { data } = await context.client.query({ query: MeDocument, fetchPolicy: 'cache-first' });
    if (data?.me === null || data?.me === undefined) {
      throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { next: location.href } });
    }
  },
  component: Shell,
});

const overview = createRoute({
  getParentRoute: () => shell,
  path: '/',
  staticData: { exampleUrl: '/', permission: 'errors:read' },
  component: lazyRouteComponent(() => import('./pages/overview.tsx'), 'OverviewPage'),
});

const errors = createRoute({
  getParentRoute: () => shell,
  path: '/errors',
  staticData: { exampleUrl: '/errors', permission: 'errors:read' },
  validateSearch: validateErrorsSearch,
  component: lazyRouteComponent(() => import('./pages/errors.tsx'), 'ErrorsPage'),
});

const error = createRoute({
  getParentRoute: () => shell,
  path: '/errors/$errorId',
  staticData: { exampleUrl: '/errors/1', permission: 'errors:read' },
  validateSearch: (raw: Record<string, unknown>): { event?: string; tab?: string } => {
    const event = textParam(raw['event']);
    const tab = textParam(raw['tab']);
    return { ...(event === undefined ? {} : { event }), ...(tab === undefined ? {} : { tab }) };
  },
  component: lazyRouteComponent(() => import('./pages/error.tsx'), 'ErrorPage'),
});

const feedback = createRoute({
  getParentRoute: () => shell,
  path: '/feedback',
  staticData: { exampleUrl: '/feedback', permission: 'errors:read' },
  validateSearch: validateFeedbackSearch,
  component: lazyRouteComponent(() => import('./pages/feedback.tsx'), 'FeedbackPage'),
});

const releases = createRoute({
  getParentRoute: () => shell,
  path: '/releases',
  staticData: { exampleUrl: '/releases', permission: 'errors:read' },
  validateSearch: validateReleasesSearch,
  component: lazyRouteComponent(() => import('./pages/releases.tsx'), 'ReleasesPage'),
});

const release = createRoute({
  getParentRoute: () => shell,
  path: '/releases/$slug/$version',
  staticData: { exampleUrl: '/releases/shop/shop%401.4.0', permission: 'errors:read' },
  validateSearch: validateReleasesSearch,
  component: lazyRouteComponent(() => import('./pages/release.tsx'), 'ReleasePage'),
});

const monitors = createRoute({
  getParentRoute: () => shell,
  path: '/monitors',
  staticData: { exampleUrl: '/monitors', permission: 'errors:read' },
  component: lazyRouteComponent(() => import('./pages/monitors.tsx'), 'MonitorsPage'),
});

const monitor = createRoute({
  getParentRoute: () => shell,
  path: '/monitors/$monitorId',
  staticData: { exampleUrl: '/monitors/1', permission: 'errors:read' },
  component: lazyRouteComponent(() => import('./pages/monitor.tsx'), 'MonitorPage'),
});

const projects = createRoute({
  getParentRoute: () => shell,
  path: '/projects',
  staticData: { exampleUrl: '/projects', permission: 'projects:read' },
  component: lazyRouteComponent(() => import('./pages/projects.tsx'), 'ProjectsPage'),
});

const newProject = createRoute({
  getParentRoute: () => shell,
  path: '/projects/new',
  staticData: { exampleUrl: '/projects/new', permission: 'projects:write' },
  component: lazyRouteComponent(() => import('./pages/new-project.tsx'), 'NewProjectPage'),
});

const project = createRoute({
  getParentRoute: () => shell,
  path: '/projects/$slug',
  component: lazyRouteComponent(() => import('./pages/project.tsx'), 'ProjectPage'),
});

const projectIndex = createRoute({
  getParentRoute: () => project,
  path: '/',
  staticData: { exampleUrl: '/projects/shop', permission: 'projects:read' },
  component: lazyRouteComponent(() => import('./pages/project.tsx'), 'ProjectIndex'),
});

const projectSetup = createRoute({
  getParentRoute: () => project,
  path: '/setup',
  staticData: { exampleUrl: '/projects/shop/setup', permission: 'projects:read' },
  component: lazyRouteComponent(() => import('./pages/project-setup.tsx'), 'ProjectSetupPage'),
});

const projectIncoming = createRoute({
  getParentRoute: () => project,
  path: '/incoming',
  staticData: { exampleUrl: '/projects/shop/incoming', permission: 'projects:read' },
  component: lazyRouteComponent(() => import('./pages/project-incoming.tsx'), 'ProjectIncomingPage'),
});

const projectInbound = createRoute({
  getParentRoute: () => project,
  path: '/inbound',
  staticData: { exampleUrl: '/projects/shop/inbound', permission: 'projects:read' },
  component: lazyRouteComponent(() => import('./pages/project-inbound.tsx'), 'ProjectInboundPage'),
});

const projectLogSources = createRoute({
  getParentRoute: () => project,
  path: '/log-files',
  staticData: { exampleUrl: '/projects/shop/log-files', permission: 'projects:read' },
  component: lazyRouteComponent(() => import('./pages/project-log-sources.tsx'), 'ProjectLogSourcesPage'),
});

const projectPatterns = createRoute({
  getParentRoute: () => project,
  path: '/patterns',
  staticData: { exampleUrl: '/projects/shop/patterns', permission: 'projects:read' },
  validateSearch: (raw: Record<string, unknown>): { edit?: string } => {
    const edit = textParam(raw['edit']);
    return edit === undefined ? {} : { edit };
  },
  component: lazyRouteComponent(() => import('./pages/project-patterns.tsx'), 'ProjectPatternsPage'),
});

const projectKeys = createRoute({
  getParentRoute: () => project,
  path: '/keys',
  staticData: { exampleUrl: '/projects/shop/keys', permission: 'projects:read' },
  component: lazyRouteComponent(() => import('./pages/project-keys.tsx'), 'ProjectKeysPage'),
});

const projectMembers = createRoute({
  getParentRoute: () => project,
  path: '/members',
  staticData: { exampleUrl: '/projects/shop/members', permission: 'users:read' },
  component: lazyRouteComponent(() => import('./pages/project-members.tsx'), 'ProjectMembersPage'),
});

const projectSettings = createRoute({
  getParentRoute: () => project,
  path: '/settings',
  staticData: { exampleUrl: '/projects/shop/settings', permission: 'projects:read' },
  component: lazyRouteComponent(() => import('./pages/project-settings.tsx'), 'ProjectSettingsPage'),
});

const projectSourceMaps = createRoute({
  getParentRoute: () => project,
  path: '/source-maps',
  staticData: { exampleUrl: '/projects/shop/source-maps', permission: 'projects:read' },
  component: lazyRouteComponent(() => import('./pages/project-source-maps.tsx'), 'ProjectSourceMapsPage'),
});

const people = createRoute({
  getParentRoute: () => shell,
  path: '/people',
  staticData: { exampleUrl: '/people', permission: 'users:read' },
  validateSearch: (raw: Record<string, unknown>): { invite?: boolean } =>
    raw['invite'] === 'true' || raw['invite'] === true ? { invite: true } : {},
  component: lazyRouteComponent(() => import('./pages/people.tsx'), 'PeoplePage'),
});

const tokens = createRoute({
  getParentRoute: () => shell,
  path: '/tokens',
  staticData: { exampleUrl: '/tokens', permission: 'tokens:write' },
  component: lazyRouteComponent(() => import('./pages/tokens.tsx'), 'TokensPage'),
});

const system = createRoute({
  getParentRoute: () => shell,
  path: '/system',
  staticData: { exampleUrl: '/system', permission: 'system:read' },
  component: lazyRouteComponent(() => import('./pages/system.tsx'), 'SystemPage'),
});

const account = createRoute({
  getParentRoute: () => shell,
  path: '/account',
  staticData: { exampleUrl: '/account' },
  component: lazyRouteComponent(() => import('./pages/account.tsx'), 'AccountPage'),
});

const sessions = createRoute({
  getParentRoute: () => shell,
  path: '/account/sessions',
  staticData: { exampleUrl: '/account/sessions' },
  component: lazyRouteComponent(() => import('./pages/sessions.tsx'), 'SessionsPage'),
});

const notFound = createRoute({
  getParentRoute: () => shell,
  path: '$',
  staticData: { exampleUrl: '/no/such/page' },
  component: NotFoundPage,
});

/** All routes of the dashboard. */
export const routeTree = root.addChildren([
  signIn,
  join,
  shell.addChildren([
    overview,
    errors,
    error,
    releases,
    release,
    monitors,
    monitor,
    feedback,
    projects,
    newProject,
    project.addChildren([
      projectIndex,
      projectSetup,
      projectIncoming,
      projectInbound,
      projectLogSources,
      projectPatterns,
      projectKeys,
      projectMembers,
      projectSourceMaps,
      projectSettings,
    ]),
    people,
    tokens,
    system,
    account,
    sessions,
    notFound,
  ]),
]);

/** The router of the page; `history` only in tests. */
export function createDashboardRouter(
  context: RouterContext,
  options: { history?: Parameters<typeof createRouter>[0]['history'] } = {},
) {
  return createRouter({
    routeTree,
    context,
    basepath: BASE_PATH === '/' ? '/' : BASE_PATH.slice(0, -1),
    parseSearch,
    stringifySearch,
    // What no route asked for is dropped: otherwise a rejected value (a foreign `next`) would come through unread.
    search: { strict: true },
    defaultPreload: 'intent',
    defaultPreloadDelay: 40,
    defaultErrorComponent: PageFailed,
    defaultPendingComponent: PagePending,
    defaultPendingMs: 250,
    defaultNotFoundComponent: NotFoundPage,
    scrollRestoration: true,
    scrollToTopSelectors: ['#main'],
    ...(options.history === undefined ? {} : { history: options.history }),
  });
}
