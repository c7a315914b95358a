import { screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type Answers, renderAt, type TestApi, testApi, viewerOf } from '../../../test/render.tsx';
import { keepList } from './open-list.ts';
import {
  changeAnswer,
  errorHeader,
  errorRow,
  eventBar,
  LIST_PAGE,
  PROJECTS,
  person,
  rowsAnswer,
  stackFrame,
} from './test-data.ts';

// There is no canvas to draw on here; the figures of a chart also stand in its table.
vi.mock('../../ui/chart-canvas.tsx', () => ({ ChartCanvas: () => null }));

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  keepList(undefined);
});

const system = (name: string) =>
  stackFrame({
    function: name,
    filename: `node:internal/${name}`,
    absPath: `node:internal/${name}`,
    inApp: false,
    context: null,
    pre: [],
    post: [],
  });

function event(change: Record<string, unknown> = {}) {
  return {
    ...eventBar(),
    message: null,
    exceptions: [
      {
        __typename: 'ExceptionValue',
        type: 'TypeError',
        value: 'cart is undefined',
        module: null,
        handled: false,
        mechanism: 'onerror',
        relation: 'THROWN' as const,
        frames: [system('run'), system('emit'), stackFrame({ vars: { cart: null } })],
      },
    ],
    threads: [],
    breadcrumbs: [],
    tags: [{ __typename: 'Tag', key: 'region', value: 'eu' }],
    contexts: {},
    extra: {},
    request: null,
    user: null,
    sdk: null,
    modules: null,
    notes: [],
    ...change,
  };
}

function pageError(change: Record<string, unknown> = {}) {
  return {
    ...errorHeader(),
    groupings: [{ __typename: 'Grouping', version: 'v1', hash: 'abc', why: ['The in-app frames'] }],
    tags: [
      {
        __typename: 'TagDistribution',
        key: 'browser',
        total: 4,
        values: [
          { __typename: 'TagValue', value: 'Firefox', count: 3, lastSeen: '2026-01-01T12:00:00.000Z' },
          { __typename: 'TagValue', value: 'Chrome', count: 1, lastSeen: '2026-01-01T12:00:00.000Z' },
        ],
      },
    ],
    comments: [] as object[],
    history: [
      { __typename: 'Activity', id: '1', kind: 'created', actor: 'system', data: {}, at: '2026-01-01T10:00:00.000Z', user: null },
    ],
    latestEvent: { __typename: 'ErrorEvent', id: '100' },
    oldestEvent: { __typename: 'ErrorEvent', id: '98' },
    ...change,
  };
}

function errorApi(answers: Answers = {}): TestApi {
  return testApi({
    Me: { data: { me: viewerOf('ADMIN') } },
    ProjectNames: PROJECTS,
    ErrorPage: { data: { users: [person()], error: pageError() } },
    ErrorPage_Event: ({ id }) => ({ data: { errorEvent: event({ id, previous: { __typename: 'ErrorEvent', id: '99' } }) } }),
    ErrorPage_Trend: {
      data: {
        error: {
          __typename: 'ErrorGroup',
          id: '1',
          trend: { __typename: 'MetricSeries', name: 'events', unit: 'events', bucketSeconds: 3600, points: [] },
        },
      },
    },
    ErrorsPage_Rows: rowsAnswer([errorRow()]),
    ...answers,
  });
}
const asked = (api: TestApi, name: string) => api.asked.filter((one) => one.name === name).map(({ variables }) => variables);

async function openError(api: TestApi, path = '/errors/1') {
  const page = renderAt(path, api);
  await screen.findByText('thrown here');
  return page;
}

describe('stack', () => {
  test('own frames stand open with source and variables, system frames are folded until asked for', async () => {
    const { user } = await openError(errorApi());
    expect(screen.getByText('return cart.total;', { exact: false }).closest('[class*="crash"]')?.textContent).toContain('12');
    expect(screen.getByText('Local variables')).toBeTruthy();
    expect(screen.queryByText('emit')).toBeNull();
    await user.click(screen.getByRole('button', { name: /2 frames of node:internal hidden/ }));
    expect(screen.getByText('emit')).toBeTruthy();
  });

  test('the order can be turned and the raw text shown', async () => {
    const { user } = await openError(errorApi());
    await user.click(screen.getByRole('button', { name: 'Raw' }));
    expect(document.querySelector('pre')?.textContent).toContain(
      'TypeError: cart is undefined\n    at pay (src/cart.ts:12:5)\n    at emit',
    );
    await user.click(screen.getByRole('radio', { name: 'Oldest first' }));
    expect(document.querySelector('pre')?.textContent).toContain('TypeError: cart is undefined\n    at run');
    await user.click(screen.getByRole('radio', { name: 'Most recent first' }));
  });
});

test('what an exception is to the one that was thrown is said in words', async () => {
  const [thrown] = event().exceptions;
  const named = (type: string, relation: string) => ({ ...thrown, type, relation, frames: [] });
  const chain = [named('CloseError', 'SUPPRESSED'), named('KeyError', 'CAUSE'), { ...thrown, relation: 'THROWN' }];
  const { user } = await openError(errorApi({ ErrorPage_Event: { data: { errorEvent: event({ exceptions: chain }) } } }));
  const said = () => [...document.querySelectorAll('main section[aria-label] > p[class*="chain"]')].map((one) => one.textContent);
  expect(said()).toEqual(['Caused by', 'Suppressed meanwhile']);
  await user.click(screen.getByRole('radio', { name: 'Oldest first' }));
  expect(said()).toEqual(['was put aside; meanwhile', 'which led to']);
  await user.click(screen.getByRole('radio', { name: 'Most recent first' }));
});

test('text of an event is never markup, and only web addresses are links', async () => {
  const evil = event({
    exceptions: [
      {
        __typename: 'ExceptionValue',
        type: '<script>x</script>',
        value: '<img src=x onerror=alert(1)> \u202Etxt',
        module: null,
        handled: null,
        mechanism: null,
        relation: 'THROWN' as const,
        frames: [stackFrame({ context: '</pre><b>no</b>' })],
      },
    ],
    extra: { bad: 'javascript:alert(1)', good: 'https://example.com/a' },
    request: { method: 'GET', url: 'javascript:alert(2)', headers: [['X', '<i>']] },
  });
  await openError(errorApi({ ErrorPage_Event: { data: { errorEvent: evil } } }));
  expect(document.querySelector('main script, main img, main b:not([class]) > i')).toBeNull();
  expect(
    [...document.querySelectorAll('main a')].filter((link) => !/^(https?:|\/)/.test(link.getAttribute('href') ?? '')),
  ).toEqual([]);
  expect(screen.getAllByText('U+202E').length).toBeGreaterThan(0);
  const good = screen.getByRole('link', { name: 'https://example.com/a' });
  expect([good.getAttribute('rel'), good.getAttribute('target')]).toEqual(['noopener noreferrer nofollow', '_blank']);
});

test('breadcrumbs are narrowed by text and kind; a long trail shows its end first', async () => {
  const crumb = (index: number, change: object) => ({
    __typename: 'Breadcrumb',
    timestamp: null,
    type: null,
    level: 'INFO',
    data: null,
    message: `step ${index}`,
    ...change,
  });
  const breadcrumbs = Array.from({ length: 30 }, (_, index) => crumb(index, { category: index % 3 === 0 ? 'fetch' : 'console' }));
  const { user } = await openError(errorApi({ ErrorPage_Event: { data: { errorEvent: event({ breadcrumbs }) } } }));
  const trail = () => screen.getAllByText(/^step \d+$/).map((each) => each.textContent);
  expect([trail()[0], trail().length]).toEqual(['step 29', 12]);
  await user.click(screen.getByRole('button', { name: 'Show 18 earlier' }));
  expect(trail().length).toBe(30);
  await user.click(screen.getByRole('button', { name: /Requests/ }));
  expect(trail().length).toBe(10);
  await user.type(screen.getByRole('textbox', { name: 'Search breadcrumbs' }), '27');
  expect(trail()).toEqual(['step 27']);
});

test('the shown event is copied as Markdown', async () => {
  const api = errorApi({
    ErrorPage_EventMarkdown: ({ id }) => ({
      data: { errorEvent: { __typename: 'ErrorEvent', id, markdown: '# TypeError of 100' } },
    }),
  });
  const { user } = await openError(api);
  vi.stubGlobal('isSecureContext', true);
  await user.click(screen.getByRole('button', { name: 'Copy as Markdown' }));
  await screen.findByRole('button', { name: 'Copied' });
  expect(await navigator.clipboard.readText()).toBe('# TypeError of 100');
  expect(asked(api, 'ErrorPage_EventMarkdown')).toEqual([{ id: '100' }]);
});

describe('going from event to event', () => {
  test('[ leads to the previous one, and the address says so', async () => {
    const api = errorApi();
    const { user, router } = await openError(api);
    await user.keyboard('[[');
    await waitFor(() => expect(router.state.location.search).toEqual({ event: '99' }));
    expect(asked(api, 'ErrorPage_Event').at(-1)).toEqual({ id: '99' });
    await user.click(screen.getByRole('button', { name: 'Oldest event' }));
    await waitFor(() => expect(router.state.location.search).toEqual({ event: '98' }));
    await user.click(screen.getByRole('button', { name: 'Latest event' }));
    await waitFor(() => expect(router.state.location.search).toEqual({}));
  });

  test('counts follow live; a newer event is announced, not put under the reader’s eyes', async () => {
    const pulse = pageError({ eventCount: 4_321, latestEvent: { __typename: 'ErrorEvent', id: '101' } });
    const api = errorApi({ ErrorPage_Pulse: { data: { error: pulse } } });
    const { user } = await openError(api);
    api.push('LiveError_Changed', { errorChanged: { __typename: 'ErrorChanged', kind: 'UPDATED', errorId: '2' } });
    api.push('LiveError_Changed', { errorChanged: { __typename: 'ErrorChanged', kind: 'UPDATED', errorId: '1' } });
    const show = await screen.findByRole('button', { name: 'A newer event came – show' });
    expect(screen.getByTitle('4,321 events')).toBeTruthy();
    expect(asked(api, 'ErrorPage_Event')).toEqual([{ id: '100' }]);
    expect(asked(api, 'ErrorPage_Pulse').length).toBe(1);
    await user.click(show);
    await waitFor(() => expect(asked(api, 'ErrorPage_Event').at(-1)).toEqual({ id: '101' }));
  });
});

describe('acts', () => {
  test('e resolves, and the page says so', async () => {
    const done = {
      ...errorRow(),
      status: 'RESOLVED' as const,
      resolvedAt: '2026-01-02T10:00:00.000Z',
      resolvedInRelease: null,
      archivedUntil: null,
      resolvedBy: { __typename: 'User', id: '1', name: 'Ada Byron' },
    };
    const { user } = await openError(errorApi({ ErrorActions_Resolve: changeAnswer('resolveErrors', [done]) }));
    await user.keyboard('e');
    await screen.findByText(/Resolved by Ada Byron/);
    expect(screen.getByRole('button', { name: 'Reopen' })).toBeTruthy();
  });

  test('deleting asks first, then leads back to the list', async () => {
    const api = errorApi({ ErrorActions_Delete: changeAnswer('deleteErrors', [errorRow()]) });
    const { user, router } = await openError(api);
    await user.click(screen.getByRole('button', { name: 'Delete' }));
    expect(asked(api, 'ErrorActions_Delete')).toEqual([]);
    await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Delete' }));
    await waitFor(() => expect(router.state.location.pathname).toBe('/errors'));
    expect(asked(api, 'ErrorActions_Delete')).toEqual([{ selection: { ids: ['1'] } }]);
    await screen.findByText('1 error deleted');
  });
});

test('Escape leads back to the list as it was narrowed', async () => {
  const { user, router } = renderAt('/errors?level=error&sort=events', errorApi({ ErrorsPage: LIST_PAGE }));
  await screen.findByRole('heading', { name: /Errors/ });
  await router.navigate({ to: '/errors/$errorId', params: { errorId: '1' }, search: {} });
  await screen.findByText('thrown here');
  await user.keyboard('{Escape}');
  await waitFor(() => expect(router.state.location.href).toBe('/errors?level=error&sort=events'));
});

describe('comments', () => {
  test('a comment stands there at once and stays when the server has it', async () => {
    let answer: (value: { data: unknown }) => void = () => undefined;
    const api = errorApi({
      Conversation_Add: () =>
        new Promise<{ data: unknown }>((resolve) => {
          answer = resolve;
        }),
    });
    const { user } = renderAt('/errors/1?tab=activity', api);
    await user.type(await screen.findByRole('textbox', { name: 'Add a comment' }), 'Seen `twice`.');
    await user.click(screen.getByRole('button', { name: 'Comment' }));
    await screen.findByText('twice');
    expect(screen.queryByRole('button', { name: 'Edit' })).toBeNull();
    answer({
      data: {
        addComment: {
          __typename: 'Comment',
          id: '5',
          body: 'Seen `twice`.',
          createdAt: '2026-01-02T10:00:00.000Z',
          editedAt: null,
          author: { __typename: 'User', id: '1', name: 'Ada Byron' },
        },
      },
    });
    await screen.findByRole('button', { name: 'Edit' });
    expect(screen.getAllByText('twice').length).toBe(1);
  });

  test('a refused one goes back into the field', async () => {
    const refusal = {
      data: { addComment: { __typename: 'ValidationRefusal', code: 'TOO_LONG', message: 'Too long.', field: 'body' } },
    };
    const { user } = renderAt('/errors/1?tab=activity', errorApi({ Conversation_Add: refusal }));
    const field = (await screen.findByRole('textbox', { name: 'Add a comment' })) as HTMLTextAreaElement;
    await user.type(field, 'words');
    await user.click(screen.getByRole('button', { name: 'Comment' }));
    await screen.findByText('The comment was not kept: Too long.');
    expect(field.value).toBe('words');
    expect(document.querySelector('ol')?.textContent).not.toContain('words');
  });
});

test('an error that is not there is told, and leads back', async () => {
  renderAt('/errors/77', errorApi({ ErrorPage: { data: { users: [], error: null } } }));
  await screen.findByText('There is no such error');
  expect(screen.getByRole('link', { name: 'To the errors' }).getAttribute('href')).toBe('/errors');
});
