import type { Requirement } from './permissions.ts';

/**
 * What every root field of the API asks for, whichever room it is in. A field that is missing here fails the start. The
 * guard asks for the permission as such; whether it holds for a *project* is decided by the services, which also know
 * the finer rules (own comment, last owner, …).
 */
export const REQUIREMENTS = {
  // access
  'Query.me': 'public', // null for strangers
  'Query.users': 'users:read',
  'Query.invitations': 'users:write',
  'Query.invitation': 'public', // the token is the proof
  'Query.sessions': 'signed-in',
  'Query.apiTokens': 'tokens:write',
  'Mutation.signIn': 'public',
  'Mutation.signOut': 'public', // clears a stale cookie too
  'Mutation.updateProfile': 'signed-in',
  'Mutation.revokeSession': 'signed-in',
  'Mutation.inviteUser': 'users:write',
  'Mutation.acceptInvitation': 'public',
  'Mutation.revokeInvitation': 'users:write',
  'Mutation.updateUser': 'users:write',
  'Mutation.createApiToken': 'signed-in', // tokens do not make tokens
  'Mutation.revokeApiToken': 'tokens:write',
  // projects
  'Query.projects': 'projects:read',
  'Query.project': 'projects:read',
  'Mutation.createProject': 'projects:write',
  'Mutation.updateProject': 'projects:write',
  'Mutation.archiveProject': 'projects:write',
  'Mutation.restoreProject': 'projects:write',
  'Mutation.createDsnKey': 'projects:write',
  'Mutation.updateDsnKey': 'projects:write',
  'Mutation.rotateDsnKey': 'projects:write',
  'Query.patternLibrary': 'projects:read',
  'Query.testPattern': 'projects:read', // recorded lines: projects:write
  'Query.recordedLines': 'projects:write',
  'Mutation.createPattern': 'projects:write',
  'Mutation.updatePattern': 'projects:write',
  'Mutation.setPatternEnabled': 'projects:write',
  'Mutation.deletePattern': 'projects:write',
  'Mutation.reorderPatterns': 'projects:write',
  'Mutation.copyPatterns': 'projects:write',
  'Mutation.importPatterns': 'projects:write',
  'Query.logSource': 'projects:read',
  'Query.testLogSource': 'projects:write', // shows lines of files
  'Mutation.createLogSource': 'projects:write',
  'Mutation.updateLogSource': 'projects:write',
  'Mutation.pauseLogSource': 'projects:write',
  'Mutation.resumeLogSource': 'projects:write',
  'Mutation.deleteLogSource': 'projects:write',
  'Mutation.restoreLogSource': 'projects:write',
  'Mutation.reportLogSource': 'projects:read', // and events:write: an agent's token reads its source, tells how it goes
  'Mutation.deleteArtifactBundles': 'artifacts:write',
  // errors
  'Query.errors': 'errors:read',
  'Query.error': 'errors:read',
  'Query.errorEvents': 'errors:read',
  'Query.errorEvent': 'errors:read',
  'Query.filterValues': 'errors:read',
  'Query.overview': 'errors:read',
  'Mutation.resolveErrors': 'errors:write',
  'Mutation.unresolveErrors': 'errors:write',
  'Mutation.archiveErrors': 'errors:write',
  'Mutation.assignErrors': 'errors:write',
  'Mutation.deleteErrors': 'errors:delete',
  'Mutation.undoErrorChange': 'errors:write',
  'Mutation.addComment': 'errors:write',
  'Mutation.editComment': 'errors:write',
  'Mutation.deleteComment': 'errors:write',
  'Mutation.deleteAttachment': 'errors:delete',
  'Query.feedback': 'errors:read',
  'Mutation.updateFeedback': 'errors:write',
  'Mutation.deleteFeedback': 'errors:delete',
  'Subscription.feedbackReceived': 'errors:read',
  'Subscription.errorEventReceived': 'errors:read',
  'Subscription.errorChanged': 'errors:read',
  'Query.releases': 'errors:read',
  'Query.release': 'errors:read',
  'Query.monitors': 'errors:read',
  'Query.monitor': 'errors:read',
  'Query.schedulePreview': 'errors:read',
  'Mutation.createMonitor': 'errors:write',
  'Mutation.updateMonitor': 'errors:write',
  'Mutation.deleteMonitor': 'errors:write',
  'Subscription.monitorChanged': 'errors:read',
  // detection
  'Mutation.reportErrors': 'events:write',
  // metrics
  'Query.systemStatus': 'system:read',
  'Subscription.metricsSampled': 'system:read',
} as const satisfies Record<string, Requirement>;

/** What an HTTP route asks for: besides the above a DSN key (ingestion only), or the token of `/metrics`. */
export type RouteRequirement = Requirement | 'dsn-key' | 'metrics-token';

/** Every HTTP route. `*` stands for the rest of the path, `:name` for one segment. */
export const ROUTE_REQUIREMENTS = {
  'GET /': 'public', // the dashboard's files say nothing; every byte of data comes through /graphql
  'GET /*': 'public',
  'POST /graphql': 'public', // each root field asks for its own
  'WS /graphql': 'public',
  'GET /attachments/:id': 'errors:read', // and to see the project, else 404
  'GET /healthz': 'public',
  'GET /readyz': 'public',
  'GET /metrics': 'metrics-token',
  'POST /api/:projectId/envelope/': 'dsn-key',
  'POST /api/:projectId/store/': 'dsn-key',
  'POST /api/:projectId/events/:eventId/attachments/': 'dsn-key',
  'POST /api/:projectId/minidump/': 'dsn-key',
  'POST /api/:projectId/unreal/:key/': 'dsn-key',
  'POST /api/:projectId/security/': 'dsn-key',
  'POST /api/:projectId/csp-report/': 'dsn-key',
  'POST /api/:projectId/nel/': 'dsn-key',
  'POST /api/0/projects/:organization/:project/user-feedback/': 'dsn-key',
  'GET /api/embed/error-page/': 'dsn-key',
  'POST /api/embed/error-page/': 'dsn-key',
  'POST /api/:projectId/bulk/': 'dsn-key',
  'POST /v1/:signal': 'dsn-key', // OTLP: traces, logs, metrics
  'POST /api/:projectId/otlp/v1/:signal': 'dsn-key',
  'POST /api/:projectId/integration/otlp/v1/:signal': 'dsn-key',
  'POST /notify': 'dsn-key', // Bugsnag
  'POST /sessions': 'dsn-key', // Bugsnag
  'POST /api/1/item/': 'dsn-key', // Rollbar
  // Sentry's upload API: whoever uploads source maps, by API token only
  'GET /api/0/*': 'artifacts:write',
  'POST /api/0/*': 'artifacts:write',
  'PUT /api/0/*': 'artifacts:write',
  'DELETE /api/0/*': 'artifacts:write',
  'GET /api/:projectId/cron/:monitor/:key': 'dsn-key',
  'POST /api/:projectId/cron/:monitor/:key': 'dsn-key',
  'PUT /api/:projectId/cron/:monitor/:key': 'dsn-key',
  'OPTIONS /api/:projectId/*': 'public', // CORS preflight
} as const satisfies Record<string, RouteRequirement>;
