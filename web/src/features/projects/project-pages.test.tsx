import { act, screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { renderAt, testApi, viewerOf } from '../../../test/render.tsx';

const DSN = 'http://0123456789abcdef0123456789abcdef@errors.example.org/7';
const name = { __typename: 'Project', id: '7', slug: 'shop', name: 'Web shop', platform: 'node', status: 'ACTIVE' };
const project = (firstEventAt: string | null) => ({
  ...name,
  createdAt: '2026-11-01T08:00:00.000Z',
  firstEventAt,
  openErrorCount: 0,
  settings: {
    __typename: 'ProjectSettings',
    scrubIpAddresses: false,
    scrubEmails: false,
    scrubDefaults: true,
    sensitiveFields: [],
    safeFields: [],
    eventsPerMinute: null,
    inAppInclude: [],
    inAppExclude: [],
    attachmentMaxMegabytes: 20,
    attachmentQuotaMegabytes: 1024,
    retentionDays: 0,
  },
  keys: [
    {
      __typename: 'DsnKey',
      id: '1',
      label: 'Default',
      publicKey: '0123456789abcdef0123456789abcdef',
      dsn: DSN,
      status: 'ACTIVE',
      eventsPerMinute: null,
      createdAt: '2026-11-01T08:00:00.000Z',
      lastUsedAt: null,
    },
  ],
});

function open(path: string, role: 'VIEWER' | 'ADMIN' = 'ADMIN', first: string | null = null) {
  const state = { firstEventAt: first };
  const api = testApi({
    Me: { data: { me: viewerOf(role) } },
    ProjectNames: { data: { projects: [name] } },
    Project: ({ slug }) => ({ data: { project: slug === 'shop' ? project(state.firstEventAt) : null } }),
    ProjectOutcomes: { data: { project: { __typename: 'Project', id: '7', outcomes: [] } } },
  });
  return { ...renderAt(path, api), api, state };
}

test('waits for the first error and names it the moment it comes, with a way to it', async () => {
  const { api, state } = open('/projects/shop/setup');
  await screen.findByText('Waiting for the first error…');
  await waitFor(() => expect(api.asked.some((one) => one.name === 'FirstEvent')).toBe(true));
  expect(api.asked.find((one) => one.name === 'FirstEvent')?.variables).toEqual({ projectId: '7' });

  state.firstEventAt = '2026-11-22T10:00:00.000Z';
  act(() =>
    api.push('FirstEvent', {
      errorEventReceived: {
        __typename: 'ErrorEventReceived',
        id: '1',
        errorId: '33',
        projectId: '7',
        title: 'TypeError: cart is undefined',
        level: 'ERROR',
        receivedAt: '2026-11-22T10:00:00.000Z',
      },
    }),
  );
  await screen.findByText(/TypeError: cart is undefined/);
  expect(screen.queryByText('Waiting for the first error…')).toBeNull();
  expect(screen.getByRole('link', { name: 'Open the error' }).getAttribute('href')).toBe('/errors/33');
  // The project is read again, so that its other pages know too.
  await waitFor(() => expect(api.asked.filter((one) => one.name === 'Project').length).toBeGreaterThan(1));
});

test('the snippet of the project’s platform stands open, with its DSN', async () => {
  const { user } = open('/projects/shop/setup');
  await screen.findByText('instrument.mjs');
  expect(document.body.textContent).toContain(`dsn: '${DSN}'`);
  await user.click(screen.getByRole('button', { name: 'Django' }));
  expect(document.body.textContent).toContain(`dsn="${DSN}"`);
});

test.each([
  [null, '/projects/shop/setup'],
  ['2026-11-22T10:00:00.000Z', '/projects/shop/incoming'],
])('the bare address of a project with first event %s leads to %s', async (first, path) => {
  const { router } = open('/projects/shop', 'ADMIN', first);
  await waitFor(() => expect(router.state.location.pathname).toBe(path));
});

test.each([
  ['VIEWER', false],
  ['ADMIN', true],
] as const)('a %s may write: %s', async (role, may) => {
  const { router, user } = open('/projects/shop/keys', role);
  await screen.findByText('Default');
  expect(screen.queryByRole('button', { name: 'Create a key' }) !== null).toBe(may);
  await user.click(screen.getByRole('button', { name: /[Kk]ey Default/ }));
  expect(screen.queryByRole('menuitem', { name: 'Rotate' }) !== null).toBe(may);
  expect(screen.queryByRole('menuitem', { name: 'Copy DSN' })).not.toBeNull();

  await act(() => router.navigate({ to: '/projects/$slug/settings', params: { slug: 'shop' } }));
  const field = await screen.findByLabelText<HTMLInputElement>('Name');
  expect(field.closest('fieldset')?.disabled).toBe(!may);
  expect(screen.queryByRole('button', { name: 'Save' }) !== null).toBe(may);
  expect(screen.queryByRole('button', { name: 'Archive project' }) !== null).toBe(may);
});

test('a project that is not there is said not to be there', async () => {
  open('/projects/gone/setup');
  await screen.findByText('There is nothing at this address');
});

test('a page one’s role does not include says so in place of the page', async () => {
  open('/projects/new', 'VIEWER');
  await screen.findByText('Your role does not include this page');
});
