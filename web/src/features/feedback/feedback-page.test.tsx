import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { type Answers, renderAt, testApi, viewerOf } from '../../../test/render.tsx';
import { validateFeedbackSearch, webAddress } from './feedback-search.ts';

const PROJECT = {
  __typename: 'Project',
  id: '1',
  slug: 'shop',
  name: 'Shop',
  status: 'ACTIVE',
  firstEventAt: null,
  platform: null,
};

function feedback(change: Record<string, unknown> = {}) {
  return {
    __typename: 'Feedback',
    id: '1',
    status: 'UNREAD',
    message: 'I press Pay and nothing happens',
    name: 'Ann',
    email: 'ann@example.org',
    url: 'https://shop.example/cart',
    environment: 'live',
    release: null,
    timestamp: '2026-01-01T12:00:00.000Z',
    receivedAt: '2026-01-01T12:00:00.000Z',
    eventId: 'a'.repeat(32),
    project: { __typename: 'Project', id: '1', slug: 'shop', name: 'Shop' },
    error: { __typename: 'ErrorGroup', id: '7', shortId: 'SHOP-7', title: 'TypeError: cart is undefined' },
    attachments: [],
    ...change,
  };
}

const page = (items: object[], totalCount = items.length) => ({
  data: {
    feedback: {
      __typename: 'FeedbackConnection',
      totalCount,
      pageInfo: { __typename: 'PageInfo', hasNextPage: false, endCursor: null },
      edges: items.map((node, at) => ({ __typename: 'FeedbackEdge', cursor: String(at), node })),
    },
  },
});
const changed = (id: string, status: string, formerStatus: string) => ({
  data: {
    updateFeedback: {
      __typename: 'FeedbackChanges',
      count: 1,
      changes: [{ __typename: 'FeedbackChange', formerStatus, feedback: { __typename: 'Feedback', id, status } }],
    },
  },
});
const open = (answers: Answers, path = '/feedback', role: 'VIEWER' | 'OPERATOR' = 'OPERATOR') => {
  const api = testApi({
    Me: { data: { me: viewerOf(role) } },
    ProjectNames: { data: { projects: [PROJECT] } },
    FeedbackUnread: { data: { feedback: { __typename: 'FeedbackConnection', totalCount: 1 } } },
    FeedbackPage: page([
      feedback(),
      feedback({ id: '2', status: 'READ', name: null, email: null, error: null, url: 'javascript:alert(1)' }),
    ]),
    ...answers,
  });
  return { api, ...renderAt(path, api) };
};

describe('the page of feedback', () => {
  test('shows who wrote what, where, about which error; and how much is unread', async () => {
    open({});
    const [first, second] = within(await screen.findByRole('list', { name: 'Feedback' })).getAllByRole('listitem');
    expect(first?.textContent).toContain('Ann');
    within(first!).getByLabelText('Unread');
    expect(
      within(first!)
        .getByRole('link', { name: /SHOP-7/ })
        .getAttribute('href'),
    ).toBe('/errors/7');
    expect(within(first!).getByRole('link', { name: 'shop.example/cart' }).getAttribute('rel')).toBe(
      'noreferrer noopener nofollow',
    );
    expect(second?.textContent).toContain('Somebody');
    expect(within(second!).queryByRole('link')).toBeNull(); // an address that would run is text
    expect(second?.textContent).toContain('javascript:alert(1)');
    expect((await screen.findAllByTitle('1 unread')).length).toBeGreaterThan(0);
  });

  test('archives by a click, says so, and takes it back', async () => {
    const { api, user } = open({
      UpdateFeedback: ({ status }) => changed('1', String(status), status === 'ARCHIVED' ? 'UNREAD' : 'ARCHIVED'),
    });
    await user.click((await screen.findAllByRole('button', { name: 'Archive' }))[0]!);
    await user.click(await screen.findByRole('button', { name: 'Undo' }));
    await waitFor(() =>
      expect(api.asked.filter(({ name }) => name === 'UpdateFeedback').map(({ variables }) => variables)).toEqual([
        { ids: ['1'], status: 'ARCHIVED' },
        { ids: ['1'], status: 'UNREAD' },
      ]),
    );
  });

  test('is worked by keyboard', async () => {
    const { api, user } = open({ UpdateFeedback: ({ status }) => changed('2', String(status), 'READ') });
    await screen.findByRole('list', { name: 'Feedback' });
    await user.keyboard('jjr');
    await waitFor(() =>
      expect(api.asked.find(({ name }) => name === 'UpdateFeedback')?.variables).toEqual({ ids: ['2'], status: 'UNREAD' }),
    );
  });

  test('says what came meanwhile instead of moving what is read', async () => {
    const { api } = open({});
    await screen.findByRole('list', { name: 'Feedback' });
    api.push('FeedbackReceived', { feedbackReceived: { __typename: 'Feedback', id: '3', error: null } });
    await screen.findByText('1 new since you came here');
  });

  test('offers nothing to change to those who only read', async () => {
    open({}, '/feedback', 'VIEWER');
    await screen.findByRole('list', { name: 'Feedback' });
    expect(screen.queryByRole('button', { name: 'Archive' })).toBeNull();
  });

  test('says what would be here', async () => {
    open({ FeedbackPage: page([]) });
    await screen.findByText('No feedback yet');
  });

  test('says that nothing was found', async () => {
    const { api } = open({ FeedbackPage: page([]) }, '/feedback?q=pay&pile=spam');
    await screen.findByText('Nothing found');
    expect(api.asked.find(({ name }) => name === 'FeedbackPage')?.variables['filter']).toEqual({
      statuses: ['SPAM'],
      search: 'pay',
    });
  });

  test('says what failed, and tries again', async () => {
    let fail = true;
    const { user } = open({
      FeedbackPage: () => (fail ? { errors: [{ message: 'The database is away' }] } : page([feedback()])),
    });
    await screen.findByText('The database is away');
    fail = false;
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    await screen.findByText('I press Pay and nothing happens');
  });
});

test('addresses: only what is known, and only what may be followed', () => {
  expect(validateFeedbackSearch({ pile: 'spam', q: 'x' })).toEqual({ pile: 'spam', q: 'x' });
  expect(validateFeedbackSearch({ pile: 'inbox' })).toEqual({});
  expect(validateFeedbackSearch({ pile: 'no', q: '' })).toEqual({});
  expect(['https://a.example/', 'javascript:alert(1)', 'data:text/html,x', 'a', null].map(webAddress)).toEqual([
    'https://a.example/',
    null,
    null,
    null,
    null,
  ]);
});
