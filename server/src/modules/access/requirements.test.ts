import { readFileSync } from 'node:fs';
import { buildSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { demandRequirement } from '../../platform/graphql/guard.ts';
import type { Actor } from './actor.ts';
import { ANONYMOUS, SYSTEM, tokenActor, userActor } from './actor-for.ts';
import { ROLES, type Role, TOKEN_SCOPES } from './permissions.ts';
import { REQUIREMENTS, ROUTE_REQUIREMENTS } from './requirements.ts';

/**
 * The truth, written out a second time on purpose: the weakest role that may use a root field, and the scope a token
 * needs. `anyone`: strangers too. `person`: everybody who is signed in himself, but no token.
 */
const TRUTH: Record<string, ['anyone'] | ['person'] | [Role, string]> = {
  'Query.me': ['anyone'],
  'Query.invitation': ['anyone'],
  'Mutation.signIn': ['anyone'],
  'Mutation.signOut': ['anyone'],
  'Mutation.acceptInvitation': ['anyone'],
  'Query.sessions': ['person'],
  'Mutation.updateProfile': ['person'],
  'Mutation.revokeSession': ['person'],
  'Mutation.createApiToken': ['person'],
  'Query.users': ['VIEWER', 'users:read'],
  'Query.invitations': ['ADMIN', 'users:write'],
  'Mutation.inviteUser': ['ADMIN', 'users:write'],
  'Mutation.revokeInvitation': ['ADMIN', 'users:write'],
  'Mutation.updateUser': ['ADMIN', 'users:write'],
  'Query.apiTokens': ['VIEWER', 'tokens:write'],
  'Mutation.revokeApiToken': ['VIEWER', 'tokens:write'],
  'Query.projects': ['VIEWER', 'projects:read'],
  'Query.project': ['VIEWER', 'projects:read'],
  'Mutation.createProject': ['ADMIN', 'projects:write'],
  'Mutation.updateProject': ['ADMIN', 'projects:write'],
  'Mutation.archiveProject': ['ADMIN', 'projects:write'],
  'Mutation.restoreProject': ['ADMIN', 'projects:write'],
  'Mutation.createDsnKey': ['ADMIN', 'projects:write'],
  'Mutation.updateDsnKey': ['ADMIN', 'projects:write'],
  'Mutation.rotateDsnKey': ['ADMIN', 'projects:write'],
  'Query.patternLibrary': ['VIEWER', 'projects:read'],
  'Query.testPattern': ['VIEWER', 'projects:read'],
  'Query.recordedLines': ['ADMIN', 'projects:write'],
  'Mutation.createPattern': ['ADMIN', 'projects:write'],
  'Mutation.updatePattern': ['ADMIN', 'projects:write'],
  'Mutation.setPatternEnabled': ['ADMIN', 'projects:write'],
  'Mutation.deletePattern': ['ADMIN', 'projects:write'],
  'Mutation.reorderPatterns': ['ADMIN', 'projects:write'],
  'Mutation.copyPatterns': ['ADMIN', 'projects:write'],
  'Mutation.importPatterns': ['ADMIN', 'projects:write'],
  'Query.logSource': ['VIEWER', 'projects:read'],
  'Query.testLogSource': ['ADMIN', 'projects:write'],
  'Mutation.createLogSource': ['ADMIN', 'projects:write'],
  'Mutation.updateLogSource': ['ADMIN', 'projects:write'],
  'Mutation.pauseLogSource': ['ADMIN', 'projects:write'],
  'Mutation.resumeLogSource': ['ADMIN', 'projects:write'],
  'Mutation.deleteLogSource': ['ADMIN', 'projects:write'],
  'Mutation.restoreLogSource': ['ADMIN', 'projects:write'],
  'Mutation.reportLogSource': ['VIEWER', 'projects:read'],
  'Mutation.deleteArtifactBundles': ['OPERATOR', 'artifacts:write'],
  'Query.errors': ['VIEWER', 'errors:read'],
  'Query.error': ['VIEWER', 'errors:read'],
  'Query.errorEvents': ['VIEWER', 'errors:read'],
  'Query.errorEvent': ['VIEWER', 'errors:read'],
  'Query.filterValues': ['VIEWER', 'errors:read'],
  'Query.overview': ['VIEWER', 'errors:read'],
  'Query.feedback': ['VIEWER', 'errors:read'],
  'Subscription.feedbackReceived': ['VIEWER', 'errors:read'],
  'Mutation.updateFeedback': ['OPERATOR', 'errors:write'],
  'Mutation.deleteAttachment': ['ADMIN', 'errors:delete'],
  'Mutation.deleteFeedback': ['ADMIN', 'errors:delete'],
  'Subscription.errorEventReceived': ['VIEWER', 'errors:read'],
  'Subscription.errorChanged': ['VIEWER', 'errors:read'],
  'Query.releases': ['VIEWER', 'errors:read'],
  'Query.release': ['VIEWER', 'errors:read'],
  'Query.monitors': ['VIEWER', 'errors:read'],
  'Query.monitor': ['VIEWER', 'errors:read'],
  'Query.schedulePreview': ['VIEWER', 'errors:read'],
  'Mutation.createMonitor': ['OPERATOR', 'errors:write'],
  'Mutation.updateMonitor': ['OPERATOR', 'errors:write'],
  'Mutation.deleteMonitor': ['OPERATOR', 'errors:write'],
  'Subscription.monitorChanged': ['VIEWER', 'errors:read'],
  'Mutation.resolveErrors': ['OPERATOR', 'errors:write'],
  'Mutation.unresolveErrors': ['OPERATOR', 'errors:write'],
  'Mutation.archiveErrors': ['OPERATOR', 'errors:write'],
  'Mutation.assignErrors': ['OPERATOR', 'errors:write'],
  'Mutation.undoErrorChange': ['OPERATOR', 'errors:write'],
  'Mutation.addComment': ['OPERATOR', 'errors:write'],
  'Mutation.editComment': ['OPERATOR', 'errors:write'],
  'Mutation.deleteComment': ['OPERATOR', 'errors:write'],
  'Mutation.deleteErrors': ['ADMIN', 'errors:delete'],
  'Mutation.reportErrors': ['VIEWER', 'events:write'],
  'Query.systemStatus': ['OPERATOR', 'system:read'],
  'Subscription.metricsSampled': ['OPERATOR', 'system:read'],
};

const sdl = readFileSync(new URL('../../../../schema/schema.graphql', import.meta.url), 'utf8');
const schema = buildSchema(sdl);
const rootFields = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap((type) =>
  Object.keys(type?.getFields() ?? {}).map((field) => `${type?.name}.${field}`),
);

const person = (role: Role) => userActor({ id: 1, name: 'Ann', role }, [7]);
const token = (role: Role, scopes: readonly string[]) =>
  tokenActor({ id: 1, name: 'Ann', role }, { id: 2, name: 'ci', scopes, projectIds: null }, [7]);

/** 'allowed', or the code of the refusal. */
function outcome(actor: Actor, field: string): string {
  try {
    demandRequirement(REQUIREMENTS[field as keyof typeof REQUIREMENTS], actor);
    return 'allowed';
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe('the table of requirements', () => {
  it('names every root field of the schema, and no other', () => {
    expect(Object.keys(REQUIREMENTS).sort()).toEqual([...rootFields].sort());
    expect(Object.keys(TRUTH).sort()).toEqual([...rootFields].sort());
  });

  describe.each(rootFields)('%s', (field) => {
    const [weakest, scope] = TRUTH[field] ?? ['anyone'];
    const isPublic = weakest === 'anyone';
    const mayRole = (role: Role) =>
      weakest === 'anyone' || weakest === 'person' || ROLES.indexOf(role) >= ROLES.indexOf(weakest as Role);
    const expected = (allowed: boolean) => (allowed ? 'allowed' : 'FORBIDDEN');

    it('for strangers', () => {
      expect(outcome(ANONYMOUS, field)).toBe(isPublic ? 'allowed' : 'UNAUTHENTICATED');
    });

    it.each(ROLES)('for a signed-in %s', (role) => {
      expect(outcome(person(role), field)).toBe(expected(mayRole(role)));
    });

    it('for a token without scopes', () => {
      expect(outcome(token('OWNER', []), field)).toBe(expected(isPublic));
    });

    it('for a token that may only send events', () => {
      expect(outcome(token('OWNER', ['events:write']), field)).toBe(expected(isPublic || field === 'Mutation.reportErrors'));
    });

    it('for a token with every scope but the one', () => {
      const others = TOKEN_SCOPES.filter((word) => word !== scope);
      expect(outcome(token('OWNER', others), field)).toBe(expected(isPublic));
    });

    it.each(ROLES)('for a token with the scope, whose user is (now) %s', (role) => {
      const allowed = isPublic || (scope !== undefined && mayRole(role));
      expect(outcome(token(role, scope === undefined ? TOKEN_SCOPES : [scope]), field)).toBe(expected(allowed));
    });

    it('for the program itself', () => {
      expect(outcome(SYSTEM, field)).toBe('allowed');
    });
  });
});

describe('the table of routes', () => {
  it('lets strangers in only where there is nothing to see, or where something else decides', () => {
    const open = Object.entries(ROUTE_REQUIREMENTS).filter(([, requirement]) => requirement === 'public');
    expect(open.map(([route]) => route).sort()).toEqual(
      ['GET /', 'GET /*', 'GET /healthz', 'GET /readyz', 'OPTIONS /api/:projectId/*', 'POST /graphql', 'WS /graphql'].sort(),
    );
  });
});
