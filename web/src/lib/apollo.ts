import { ApolloClient, ApolloLink, CombinedGraphQLErrors, HttpLink } from '@apollo/client';
import { ServerError } from '@apollo/client/errors';
import { ErrorLink } from '@apollo/client/link/error';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { MeDocument } from '@errata/schema';
import { OperationTypeNode } from 'graphql';
import type { Client } from 'graphql-ws';
import { ownUrl } from './base.ts';
import { createCache } from './cache.ts';
import { sessionEnded } from './session.ts';
import { createSocket } from './socket.ts';

/** True for the errors that mean "sign in again". */
export function isUnauthenticated(error: unknown): boolean {
  if (CombinedGraphQLErrors.is(error)) return error.errors.some((one) => one.extensions?.['code'] === 'UNAUTHENTICATED');
  return ServerError.is(error) && error.statusCode === 401;
}

/** The Apollo client and the socket under it. */
export interface Api {
  client: ApolloClient;
  socket: Client;
}

/**
 * The client of the page: queries and mutations over HTTP with the session cookie, subscriptions over one WebSocket.
 * Any answer UNAUTHENTICATED ends the session (see `session.ts`).
 */
export function createApi(): Api {
  const checkSession = async () => {
    // The socket was refused: the session ended, or rights changed and what is cached may be too much or too little.
    const { data } = await client.query({ query: MeDocument, fetchPolicy: 'network-only', errorPolicy: 'all' });
    if (data !== undefined && data.me === null) sessionEnded();
  };
  const socket = createSocket(() => void checkSession().catch(() => undefined));
  const http = new HttpLink({
    uri: ownUrl('graphql'),
    credentials: 'same-origin',
    // A header no foreign page can send without asking first.
    headers: { 'x-errata-client': 'dashboard' },
  });
  const errors = new ErrorLink(({ error }) => {
    if (isUnauthenticated(error)) sessionEnded();
  });
  const link = ApolloLink.split(
    (operation) => operation.operationType === OperationTypeNode.SUBSCRIPTION,
    new GraphQLWsLink(socket),
    http,
  );
  const client: ApolloClient = new ApolloClient({
    link: ApolloLink.from([errors, link]),
    cache: createCache(),
    defaultOptions: {
      // Show what is known, then what is true.
      watchQuery: { fetchPolicy: 'cache-and-network', nextFetchPolicy: 'cache-first' },
    },
  });
  return { client, socket };
}
