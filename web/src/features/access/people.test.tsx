import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { renderAt, testApi, viewerOf } from '../../../test/render.tsx';

const person = (id: string, name: string, role: string) => ({
  __typename: 'User',
  id,
  name,
  email: `${id}@example.org`,
  role,
  disabled: false,
  createdAt: '2026-11-01T08:00:00.000Z',
  lastSeenAt: null,
  projects: [],
});

function open(role: 'VIEWER' | 'ADMIN' | 'OWNER') {
  const api = testApi({
    Me: { data: { me: viewerOf(role) } },
    ProjectNames: { data: { projects: [] } },
    Users: {
      data: { users: [person('1', 'Ada Byron', role), person('2', 'Olga Owner', 'OWNER'), person('3', 'Vic Viewer', 'VIEWER')] },
    },
    Invitations: { data: { invitations: [] } },
    InviteUser: {
      data: {
        inviteUser: {
          __typename: 'CreatedInvitation',
          url: 'https://errors.example.org/join?token=abc',
          invitation: {
            __typename: 'Invitation',
            id: '1',
            email: null,
            role: 'OPERATOR',
            createdAt: '2026-11-01T08:00:00.000Z',
            expiresAt: '2099-11-08T08:00:00.000Z',
            acceptedAt: null,
            projects: [],
            createdBy: null,
          },
        },
      },
    },
  });
  return { ...renderAt('/people', api), api };
}

const menus = () => screen.queryAllByRole('button', { name: /^Change / }).map((button) => button.getAttribute('aria-label'));

test('a viewer sees who is here and nothing to change', async () => {
  const { api } = open('VIEWER');
  await screen.findByText('Vic Viewer');
  expect(menus()).toEqual([]);
  expect(screen.queryByRole('button', { name: 'Invite somebody' })).toBeNull();
  expect(screen.queryByText('Open invitations')).toBeNull();
  expect(api.asked.map(({ name }) => name)).not.toContain('Invitations');
});

test('an administrator changes everybody but owners', async () => {
  open('ADMIN');
  await screen.findByText('Vic Viewer');
  expect(menus()).toEqual(['Change Ada Byron', 'Change Vic Viewer']);
});

test('an owner changes owners too', async () => {
  open('OWNER');
  await screen.findByText('Vic Viewer');
  expect(menus()).toHaveLength(3);
});

test('an administrator cannot invite owners, and sees the link once', async () => {
  const { user } = open('ADMIN');
  await user.click(await screen.findByRole('button', { name: 'Invite somebody' }));
  const dialog = await screen.findByRole('dialog');
  expect(within(dialog).queryByRole('radio', { name: 'Owner' })).toBeNull();
  await user.click(within(dialog).getByRole('button', { name: 'Make the link' }));
  await screen.findByText('https://errors.example.org/join?token=abc');
  await user.click(screen.getByRole('button', { name: 'Done' }));
  expect(screen.queryByText('https://errors.example.org/join?token=abc')).toBeNull();
});
