import { screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { renderAt, testApi, viewerOf } from '../../../test/render.tsx';

const SECRET = 'errata_7Qm2yq0b3Jd1xkW9sVtRr8uLz5fPnHcE';
const token = (id: string, name: string, userId = '1') => ({
  __typename: 'ApiToken',
  id,
  name,
  prefix: 'errata_7Qm2',
  scopes: ['errors:read'],
  createdAt: '2026-11-01T08:00:00.000Z',
  expiresAt: null,
  lastUsedAt: null,
  projects: null,
  user: { __typename: 'User', id: userId, name: userId === '1' ? 'Ada Byron' : 'Grace Hopper', email: 'x@example.org' },
});

function open(role: 'VIEWER' | 'ADMIN', tokens: object[] = []) {
  const list = [...tokens];
  const api = testApi({
    Me: { data: { me: viewerOf(role) } },
    ProjectNames: { data: { projects: [] } },
    ApiTokens: () => ({ data: { apiTokens: [...list] } }),
    CreateApiToken: ({ input }) => {
      const made = token('9', (input as { name: string }).name);
      list.push(made);
      return { data: { createApiToken: { __typename: 'CreatedApiToken', secret: SECRET, token: made } } };
    },
  });
  return { ...renderAt('/tokens', api), api };
}

test('the secret is shown once: after the dialog is closed nothing of it remains', async () => {
  const { user, api } = open('ADMIN');
  await user.click(await screen.findByRole('button', { name: 'Create a token' }));
  const dialog = await screen.findByRole('dialog');
  await user.type(within(dialog).getByLabelText('Name'), 'Nightly');
  await user.click(within(dialog).getByRole('button', { name: 'Create token' }));
  await screen.findByText(SECRET);
  expect(api.asked.find(({ name }) => name === 'CreateApiToken')?.variables['input']).toMatchObject({
    name: 'Nightly',
    scopes: ['errors:read', 'projects:read'],
  });
  // Escape must not throw it away.
  await user.keyboard('{Escape}');
  expect(screen.queryByText(SECRET)).not.toBeNull();

  await user.click(screen.getByRole('button', { name: 'I have stored it' }));
  await screen.findByText('Nightly');
  await waitFor(() => expect(document.body.textContent).not.toContain(SECRET));
  expect(JSON.stringify(api.client.extract())).not.toContain(SECRET);
});

test('scopes beyond one’s own role are not offered', async () => {
  const { user } = open('VIEWER');
  await user.click(await screen.findByRole('button', { name: 'Create a token' }));
  const dialog = await screen.findByRole('dialog');
  expect(within(dialog).queryByText('errors:read')).not.toBeNull();
  expect(within(dialog).queryByText('errors:write')).toBeNull();
  expect(within(dialog).queryByText('users:write')).toBeNull();
});

test.each([
  ['VIEWER', 1],
  ['ADMIN', 2],
] as const)('a %s sees %d buttons to revoke: of their own tokens, or of everybody’s', async (role, buttons) => {
  open(role, [token('1', 'Mine'), token('2', 'Hers', '2')]);
  await screen.findByText('Mine');
  expect(screen.getAllByRole('button', { name: 'Revoke' })).toHaveLength(buttons);
});
