import { type ApolloCache, ApolloClient, ApolloLink, Observable } from '@apollo/client';
import { ApolloProvider } from '@apollo/client/react';
import { createMemoryHistory, RouterProvider } from '@tanstack/react-router';
import { type RenderResult, render } from '@testing-library/react';
import userEvent, { type UserEvent } from '@testing-library/user-event';
import type { GraphQLFormattedError } from 'graphql';
import type { ReactNode } from 'react';
import { createCache } from '../src/lib/cache.ts';
import { createDashboardRouter } from '../src/routes.tsx';
import { ThemeProvider } from '../src/ui/theme-provider.tsx';

/** What the test's server answers to one operation: data, or errors, or a function of the variables. */
export type Answer = { data?: unknown; errors?: GraphQLFormattedError[] };
/** Answers by operation name. A subscription's answer is the list of its messages so far; more come by `push`. */
export type Answers = Record<string, Answer | ((variables: Record<string, unknown>) => Answer | Promise<Answer>)>;

/** A client whose server is a table of answers. An operation without an answer fails the test by an error state. */
export interface TestApi {
  client: ApolloClient;
  /** Every operation that was asked, in order. */
  asked: { name: string; variables: Record<string, unknown> }[];
  /** Sends a message to everybody who listens to a subscription. */
  push: (name: string, data: unknown) => void;
}

/** Makes a client over `answers`. Add to the object to change later answers. */
export function testApi(answers: Answers, cache: ApolloCache = createCache()): TestApi {
  const asked: TestApi['asked'] = [];
  const listeners = new Map<string, Set<(message: Answer) => void>>();
  const link = new ApolloLink((operation) => {
    const name = operation.operationName ?? '';
    const variables = operation.variables as Record<string, unknown>;
    asked.push({ name, variables });
    return new Observable((observer) => {
      if (operation.operationType === 'subscription') {
        const set = listeners.get(name) ?? new Set();
        const listener = (message: Answer) => observer.next(message as never);
        listeners.set(name, set.add(listener));
        return () => set.delete(listener);
      }
      const answer = answers[name];
      if (answer === undefined) {
        observer.error(new TypeError(`No answer for ${name}`));
        return;
      }
      void Promise.resolve(typeof answer === 'function' ? answer(variables) : answer).then(
        (value) => {
          observer.next(value as never);
          observer.complete();
        },
        (error: unknown) => observer.error(error),
      );
      return;
    });
  });
  const client = new ApolloClient({
    link,
    cache,
    defaultOptions: { watchQuery: { fetchPolicy: 'cache-and-network', nextFetchPolicy: 'cache-first' } },
  });
  const push = (name: string, data: unknown) => {
    for (const listener of listeners.get(name) ?? []) listener({ data });
  };
  return { client, asked, push };
}

/** Renders one component with theme and client. */
export function renderWith(ui: ReactNode, api: TestApi = testApi({})): RenderResult & { user: UserEvent } {
  const result = render(
    <ThemeProvider env="test">
      <ApolloProvider client={api.client}>{ui}</ApolloProvider>
    </ThemeProvider>,
  );
  return { ...result, user: userEvent.setup() };
}

/** Renders the whole dashboard at an address. */
export function renderAt(
  path: string,
  api: TestApi,
): RenderResult & { user: UserEvent; router: ReturnType<typeof createDashboardRouter> } {
  const router = createDashboardRouter({ client: api.client }, { history: createMemoryHistory({ initialEntries: [path] }) });
  return { ...renderWith(<RouterProvider router={router} />, api), router };
}

/** A signed-in person with a role's permissions. */
export function viewerOf(role: 'VIEWER' | 'OPERATOR' | 'ADMIN' | 'OWNER' = 'ADMIN', permissions: string[] = PERMISSIONS[role]) {
  return {
    __typename: 'Viewer',
    user: {
      __typename: 'User',
      id: '1',
      email: 'ada@example.org',
      name: 'Ada Byron',
      role,
      disabled: false,
      createdAt: '2026-11-01T08:00:00.000Z',
      lastSeenAt: '2026-11-22T08:00:00.000Z',
    },
    permissions,
    sessionExpiresAt: null,
    preferences: {},
  };
}

const READ = ['errors:read', 'projects:read', 'users:read', 'tokens:write'];
const WORK = [...READ, 'errors:write', 'system:read'];
const MANAGE = [...WORK, 'errors:delete', 'projects:write', 'users:write', 'settings:write'];
const PERMISSIONS = { VIEWER: READ, OPERATOR: WORK, ADMIN: MANAGE, OWNER: [...MANAGE, 'owners:write'] };
