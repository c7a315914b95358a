import { type FieldPolicy, InMemoryCache, type Reference } from '@apollo/client';
import { relayStylePagination } from '@apollo/client/utilities';

/** `error(id)` and the like are already in the cache when a list has shown them: no wait for the header of a page. */
const byId = (typename: string): FieldPolicy<Reference | undefined> => ({
  read: (existing, { args, toReference, canRead }) => {
    if (existing !== undefined || args?.['id'] === undefined || args['id'] === null) return existing;
    const reference = toReference({ __typename: typename, id: String(args['id']) });
    return canRead(reference) ? reference : undefined;
  },
});

/** Which concrete types an interface stands for; held equal to the schema by `cache.test.ts`. */
export const POSSIBLE_TYPES: Record<string, string[]> = {
  UserError: ['ValidationRefusal', 'NotFoundRefusal', 'ConflictRefusal', 'ThrottledRefusal', 'PatternRefusal', 'YamlRefusal'],
};

/** A new, empty cache with the merge rules of our schema. */
export function createCache(): InMemoryCache {
  return new InMemoryCache({
    possibleTypes: POSSIBLE_TYPES,
    typePolicies: {
      Query: {
        fields: {
          me: { merge: true },
          errors: relayStylePagination(['filter', 'query', 'orderBy']),
          errorEvents: relayStylePagination(['errorId', 'projectId', 'filter']),
          feedback: relayStylePagination(['filter']),
          releases: relayStylePagination(['projectIds', 'query', 'environment', 'orderBy']),
          monitors: { merge: false },
          error: byId('ErrorGroup'),
          errorEvent: byId('ErrorEvent'),
          // Lists are small and always whole: the newest answer is the truth.
          projects: { merge: false },
          users: { merge: false },
          invitations: { merge: false },
          apiTokens: { merge: false },
          sessions: { merge: false },
        },
      },
      // By project and version, which not every selection asks for.
      Release: {
        keyFields: ({ projectId, version }) =>
          projectId === undefined || version === undefined ? false : `Release:${JSON.stringify([projectId, version])}`,
      },
      Monitor: {
        fields: { runs: relayStylePagination(['environment']), latestRuns: { merge: false }, environments: { merge: false } },
      },
      ErrorGroup: { fields: { events: relayStylePagination(false) } },
      Project: {
        fields: { settings: { merge: true }, keys: { merge: false }, patterns: { merge: false }, logSources: { merge: false } },
      },
      FilterValues: { merge: true },
      Viewer: { merge: true },
      SystemStatus: { merge: true },
    },
  });
}
