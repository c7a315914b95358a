import type {
  AssigneePicker_UserFragment,
  ErrorHeader_ErrorFragment,
  ErrorRow_ErrorFragment,
  EventBar_EventFragment,
  StackPanel_FrameFragment,
} from '@errata/schema';
import { type ErrorRow, RowFactory } from './error-row.ts';

// Factories for the tests of this folder: whole fragments, each field changeable.

/** An error as the list's query gives it. */
export function errorRow(change: Partial<ErrorRow_ErrorFragment> = {}): ErrorRow_ErrorFragment & { __typename: 'ErrorGroup' } {
  return {
    __typename: 'ErrorGroup',
    id: '1',
    shortId: 'SHOP-1',
    title: 'TypeError: cart is undefined',
    culprit: 'pay in src/cart.ts',
    level: 'ERROR',
    status: 'NEW',
    handled: false,
    firstSeen: '2026-01-01T10:00:00.000Z',
    lastSeen: '2026-01-01T12:00:00.000Z',
    eventCount: 12,
    userCount: 3,
    commentCount: 0,
    sparkline: [0, 1, 5, 6],
    project: typed('Project', { id: '1', slug: 'shop', name: 'Shop' }),
    assignee: null,
    ...change,
  };
}

const factory = new RowFactory();

/** A row of the list; all rows share their project, as those of one list do. */
export function rowOf(change: Partial<ErrorRow> = {}): ErrorRow {
  return { ...factory.row(errorRow()), ...change };
}

/** A person one can assign. */
export function person(change: Partial<AssigneePicker_UserFragment> = {}): AssigneePicker_UserFragment {
  return typed('User', { id: '7', name: 'Ada Lovelace', email: 'ada@example.com', disabled: false, ...change });
}

/** An error as its own page shows it. */
export function errorHeader(
  change: Partial<ErrorHeader_ErrorFragment> = {},
): ErrorHeader_ErrorFragment & { __typename: 'ErrorGroup' } {
  const { sparkline: _, ...row } = errorRow();
  return {
    ...row,
    type: 'TypeError',
    value: 'cart is undefined',
    messageTemplate: 'cart is undefined',
    platform: 'node',
    firstRelease: 'shop@1.0.0',
    lastRelease: 'shop@1.2.0',
    environments: ['production'],
    archivedUntil: null,
    resolvedAt: null,
    resolvedInRelease: null,
    resolvedBy: null,
    ...change,
  };
}

/** A frame of a stack. */
export function stackFrame(change: Partial<StackPanel_FrameFragment> = {}): StackPanel_FrameFragment {
  return typed('Frame', {
    function: 'pay',
    module: null,
    package: null,
    filename: 'src/cart.ts',
    absPath: '/app/src/cart.ts',
    line: 12,
    column: 5,
    inApp: true,
    context: '  return cart.total;',
    pre: ['function pay(cart) {'],
    post: ['}'],
    vars: null,
    debugId: null,
    minified: null,
    ...change,
  });
}

/** One event, as the bar above it shows it. */
export function eventBar(change: Partial<EventBar_EventFragment> = {}): EventBar_EventFragment {
  return typed('ErrorEvent', {
    id: '100',
    eventId: '0123456789abcdef0123456789abcdef',
    title: 'TypeError: cart is undefined',
    timestamp: '2026-01-01T12:00:00.000Z',
    receivedAt: '2026-01-01T12:00:01.000Z',
    level: 'ERROR',
    platform: 'node',
    environment: 'production',
    release: 'shop@1.2.0',
    dist: null,
    transaction: 'POST /pay',
    logger: null,
    serverName: 'web-1',
    source: 'sentry-envelope',
    traceId: null,
    culprit: 'pay in src/cart.ts',
    grouping: typed('Grouping', { version: 'v1', hash: 'abc', why: ['The stack of the application'] }),
    previous: null,
    next: null,
    ...change,
  });
}

function typed<N extends string, T extends object>(__typename: N, fields: T): T & { __typename: N } {
  return { __typename, ...fields };
}

/** The answer to the query of the list's rows. */
export function rowsAnswer(rows: readonly ErrorRow_ErrorFragment[], change: { hasNextPage?: boolean; totalCount?: number } = {}) {
  return {
    data: {
      errors: typed('ErrorGroupConnection', {
        edges: rows.map((node) => typed('ErrorGroupEdge', { cursor: node.id, node })),
        pageInfo: typed('PageInfo', { hasNextPage: change.hasNextPage ?? false, endCursor: rows.at(-1)?.id ?? null }),
        totalCount: change.totalCount ?? rows.length,
        totalCountIsExact: true,
      }),
    },
  };
}

/** The answer to a bulk mutation (`field`: its name). */
export function changeAnswer(field: string, errors: readonly ErrorRow_ErrorFragment[], undoToken: string | null = 'undo-1') {
  const full = errors.map((error) => ({
    archivedUntil: null,
    resolvedAt: null,
    resolvedInRelease: null,
    resolvedBy: null,
    ...error,
  }));
  return { data: { [field]: typed('BulkChange', { count: errors.length, undoToken, errors: full }) } };
}

/** A notice that an error changed. */
export function changed(kind: 'CREATED' | 'UPDATED' | 'DELETED', error: ErrorRow_ErrorFragment) {
  return {
    errorChanged: typed('ErrorChanged', {
      kind,
      errorId: error.id,
      projectId: error.project.id,
      error: kind === 'DELETED' ? null : error,
    }),
  };
}

/** Answers that every signed-in page needs, and those of the list's filters. */
export const PROJECTS = {
  data: { projects: [typed('Project', { id: '1', slug: 'shop', name: 'Shop', platform: 'node', status: 'ACTIVE' })] },
};

/** The answer to the list's own query. */
export const LIST_PAGE = {
  data: {
    users: [person()],
    filterValues: typed('FilterValues', { environments: ['production', 'staging'], releases: ['shop@1.2.0'] }),
  },
};
