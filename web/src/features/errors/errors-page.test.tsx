import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Answers, renderAt, type TestApi, testApi, viewerOf } from '../../../test/render.tsx';
import { keepList } from './open-list.ts';
import { changeAnswer, changed, errorRow, LIST_PAGE, PROJECTS, rowsAnswer } from './test-data.ts';

// A window without layout has no height, and a virtual list without height has no rows.
beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(600);
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(1_000);
});
afterEach(() => {
  vi.restoreAllMocks();
  keepList(undefined);
});

const errors = ['Alpha', 'Beta', 'Gamma', 'Delta'].map((name, index) =>
  errorRow({ id: String(index + 1), shortId: `SHOP-${index + 1}`, title: `${name}Error: it broke`, eventCount: 10 + index }),
);

function listApi(answers: Answers = {}, role: 'VIEWER' | 'ADMIN' = 'ADMIN'): TestApi {
  return testApi({
    Me: { data: { me: viewerOf(role) } },
    ProjectNames: PROJECTS,
    ErrorsPage: LIST_PAGE,
    ErrorsPage_Rows: rowsAnswer(errors),
    ...answers,
  });
}
const names = (): string[] =>
  screen
    .queryAllByRole('link', { name: /Error/ })
    .map((link) => /\w+Error/.exec(link.textContent ?? '')?.[0] ?? '')
    .filter((name) => name !== '');
const asked = (api: TestApi, name: string) => api.asked.filter((one) => one.name === name).map(({ variables }) => variables);

async function openList(api: TestApi, path = '/errors') {
  const page = renderAt(path, api);
  await screen.findByText('AlphaError');
  return page;
}

describe('what is asked and shown', () => {
  test('the unresolved errors of all projects, latest first', async () => {
    const api = listApi();
    await openList(api);
    expect(names()).toEqual(['AlphaError', 'BetaError', 'GammaError', 'DeltaError']);
    expect(asked(api, 'ErrorsPage_Rows')[0]).toMatchObject({
      filter: { status: ['NEW', 'ONGOING', 'ESCALATING', 'REGRESSED'] },
      orderBy: { field: 'LAST_SEEN', direction: 'DESC' },
      query: null,
      after: null,
    });
    expect(screen.getByRole('heading', { level: 1 }).textContent).toContain('4 unresolved');
  });

  test('what the address names is asked, and a filter chosen here stands in the address', async () => {
    const api = listApi();
    const { user, router } = await openList(api, '/errors?project=shop&q=cart&sort=-events');
    expect(asked(api, 'ErrorsPage_Rows')[0]).toMatchObject({
      filter: { projectIds: ['1'] },
      query: 'cart',
      orderBy: { field: 'EVENT_COUNT', direction: 'ASC' },
    });
    await user.click(screen.getByRole('button', { name: 'Level: any' }));
    await user.click(await screen.findByRole('option', { name: /fatal/ }));
    await waitFor(() =>
      expect(router.state.location.search).toMatchObject({ project: 'shop', q: 'cart', sort: '-events', level: 'fatal' }),
    );
    await waitFor(() => expect(asked(api, 'ErrorsPage_Rows').at(-1)).toMatchObject({ filter: { level: ['FATAL'] } }));
  });

  test('a fault in the search is told where it is', async () => {
    const fault = {
      message: 'timesSeen: needs a number (at character 11)',
      extensions: { code: 'BAD_INPUT', field: 'query', position: 10 },
    };
    renderAt('/errors?q=timesSeen:many', listApi({ ErrorsPage_Rows: { errors: [fault] } }));
    expect((await screen.findByRole('alert')).textContent).toBe('timesSeen: needs a number');
    expect(document.querySelector('mark')?.textContent).toBe('many');
    expect(screen.getByText('This search cannot be read')).toBeTruthy();
  });

  test('a load that failed can be tried again', async () => {
    let down = true;
    const { user } = renderAt(
      '/errors',
      listApi({ ErrorsPage_Rows: () => (down ? { errors: [{ message: 'database is away' }] } : rowsAnswer(errors)) }),
    );
    await screen.findByText('database is away');
    down = false;
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    await screen.findByText('AlphaError');
  });

  test('nothing unresolved, and nothing that matches, are told apart', async () => {
    const { router } = renderAt('/errors', listApi({ ErrorsPage_Rows: rowsAnswer([]) }));
    await screen.findByText('Nothing is unresolved');
    await router.navigate({ to: '/errors', search: { level: 'fatal' } });
    await screen.findByText('No error matches');
  });
});

describe('live', () => {
  test('counts change in place; what is new waits until it is asked for while somebody points at the list', async () => {
    const fresh = errorRow({ id: '9', title: 'FreshError: x', firstSeen: new Date(Date.now() + 60_000).toISOString() });
    let now = errors;
    const api = listApi({ ErrorsPage_Rows: () => rowsAnswer(now) });
    const { user } = await openList(api);
    fireEvent.pointerMove(document.querySelector('ul li')!.closest('[tabindex="0"]')!);
    now = [fresh, { ...errors[2]!, eventCount: 99 }, errors[0]!, errors[1]!, errors[3]!];
    api.push('LiveErrors_Changed', changed('UPDATED', now[1]!));
    api.push('LiveErrors_Changed', changed('CREATED', fresh));
    const pill = await screen.findByRole('button', { name: '1 new error – show' });
    expect(names()).toEqual(['AlphaError', 'BetaError', 'GammaError', 'DeltaError']);
    expect(screen.getByTitle('99 events')).toBeTruthy();
    await user.click(pill);
    expect(names()).toEqual(['FreshError', 'GammaError', 'AlphaError', 'BetaError', 'DeltaError']);
  });

  test('at the top and with nobody near, it comes in by itself', async () => {
    const fresh = errorRow({ id: '9', title: 'FreshError: x' });
    let now = errors;
    const api = listApi({ ErrorsPage_Rows: () => rowsAnswer(now) });
    await openList(api);
    now = [fresh, ...errors];
    api.push('LiveErrors_Changed', changed('CREATED', fresh));
    await screen.findByText('FreshError');
    expect(names()[0]).toBe('FreshError');
  });

  test('an error that somebody else resolved stays in its place, marked', async () => {
    const api = listApi();
    await openList(api);
    api.push('LiveErrors_Changed', changed('UPDATED', { ...errors[1]!, status: 'RESOLVED' }));
    await screen.findByText('left this view');
    expect(names()).toEqual(['AlphaError', 'BetaError', 'GammaError', 'DeltaError']);
  });
});

describe('keyboard and acts', () => {
  test('j, x and shift+x choose, e resolves at once, u takes it back to where it was', async () => {
    const resolved = errors.slice(1, 3).map((error) => ({ ...error, status: 'RESOLVED' as const }));
    const api = listApi({
      ErrorActions_Resolve: changeAnswer('resolveErrors', resolved),
      ErrorActions_Undo: changeAnswer('undoErrorChange', errors.slice(1, 3), null),
    });
    const { user } = await openList(api);
    await user.keyboard('jjxj{Shift>}x{/Shift}');
    expect(within(screen.getByRole('toolbar', { name: 'Selected errors' })).getByText('2 errors')).toBeTruthy();
    await user.keyboard('e');
    await waitFor(() => expect(names()).toEqual(['AlphaError', 'DeltaError']));
    expect(asked(api, 'ErrorActions_Resolve')).toEqual([{ selection: { ids: ['2', '3'] }, inRelease: null }]);
    await screen.findByText('2 errors resolved');
    expect(screen.getByRole('button', { name: 'Undo' })).toBeTruthy();
    await user.keyboard('u');
    await waitFor(() => expect(names()).toEqual(['AlphaError', 'BetaError', 'GammaError', 'DeltaError']));
    expect(asked(api, 'ErrorActions_Undo')).toEqual([{ undoToken: 'undo-1' }]);
    await screen.findByText('Undone: 2 errors resolved');
  });

  test('a refusal puts the row back and says why', async () => {
    const refusal = {
      data: { archiveErrors: { __typename: 'ValidationRefusal', code: 'X', message: 'This project is archived.', field: null } },
    };
    const { user } = await openList(listApi({ ErrorActions_Archive: refusal }));
    await user.keyboard('ja');
    await screen.findByText('Nothing was changed: This project is archived.');
    expect(names()).toEqual(['AlphaError', 'BetaError', 'GammaError', 'DeltaError']);
  });

  test('everything that matches is acted on by filter, not by what is loaded', async () => {
    const api = listApi({
      ErrorsPage_Rows: ({ after }) =>
        after === null ? rowsAnswer(errors, { hasNextPage: true, totalCount: 4_321 }) : new Promise<never>(() => undefined),
      ErrorActions_Archive: changeAnswer('archiveErrors', []),
    });
    const { user } = await openList(api, '/errors?q=cart');
    await user.click(screen.getByRole('checkbox', { name: 'Select all loaded errors' }));
    await user.click(screen.getByRole('button', { name: 'Select all 4,321 matching' }));
    await user.keyboard('a');
    await waitFor(() => expect(asked(api, 'ErrorActions_Archive')).toHaveLength(1));
    expect(asked(api, 'ErrorActions_Archive')[0]).toEqual({
      selection: { filter: { status: ['NEW', 'ONGOING', 'ESCALATING', 'REGRESSED'] }, query: 'cart' },
      until: null,
    });
  });

  test('m assigns to me and the row stays', async () => {
    const mine = { ...errors[0]!, assignee: { id: '1', name: 'Ada Byron', __typename: 'User' } };
    const api = listApi({ ErrorActions_Assign: changeAnswer('assignErrors', [mine]) });
    const { user } = await openList(api);
    await user.keyboard('jm');
    await screen.findByRole('img', { name: 'Assigned to Ada Byron' });
    expect(asked(api, 'ErrorActions_Assign')).toEqual([{ selection: { ids: ['1'] }, assigneeId: '1' }]);
  });

  test('Enter opens the active error; Escape clears first the ticks, then the active row', async () => {
    const { user, router } = await openList(listApi());
    await user.keyboard('jx{Escape}');
    expect(screen.queryByRole('toolbar', { name: 'Selected errors' })).toBeNull();
    await user.keyboard('{Escape}');
    expect(document.querySelector('[aria-current="true"]')).toBeNull();
    await user.keyboard('j{Enter}');
    await waitFor(() => expect(router.state.location.pathname).toBe('/errors/1'));
  });

  test('who may only read gets no acts and no keys for them', async () => {
    const api = listApi({}, 'VIEWER');
    const { user } = await openList(api);
    await user.keyboard('jxe');
    expect(screen.queryByRole('button', { name: 'Resolve' })).toBeNull();
    expect(asked(api, 'ErrorActions_Resolve')).toEqual([]);
  });

  test('keys typed into the search are text', async () => {
    const api = listApi();
    const { user } = await openList(api);
    await user.keyboard('j/');
    await user.keyboard('eagle');
    expect((screen.getByRole('combobox', { name: 'Search errors' }) as HTMLInputElement).value).toBe('eagle');
    expect(asked(api, 'ErrorActions_Resolve')).toEqual([]);
  });
});
