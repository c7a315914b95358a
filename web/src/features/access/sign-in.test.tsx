import { cleanup, screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { type Answer, renderAt, testApi, viewerOf } from '../../../test/render.tsx';

const refusal = (typename: string, more: object): Answer => ({
  data: { signIn: { __typename: typename, code: 'X', message: 'The e-mail address or the password is wrong.', ...more } },
});

async function signInWith(answer: Answer, at = '/sign-in') {
  let signedIn = false;
  const api = testApi({
    Me: () => ({ data: { me: signedIn ? viewerOf() : null } }),
    SignIn: () => {
      signedIn = 'data' in answer && (answer.data as { signIn: { __typename: string } }).signIn.__typename === 'Viewer';
      return answer;
    },
    ProjectNames: { data: { projects: [] } },
    ApiTokens: { data: { apiTokens: [] } },
  });
  const page = renderAt(at, api);
  await page.user.type(await screen.findByLabelText('E-mail'), ' ada@example.org ');
  await page.user.type(screen.getByLabelText('Password'), 'correct-horse-9');
  await page.user.click(screen.getByRole('button', { name: 'Sign in' }));
  return { ...page, api };
}

test('a page that needs a session sends to sign-in and remembers where one was', async () => {
  const { router } = renderAt('/tokens?project=shop', testApi({ Me: { data: { me: null } } }));
  await screen.findByRole('button', { name: 'Sign in' });
  expect(router.state.location.pathname).toBe('/sign-in');
  expect(router.state.location.search).toEqual({ next: '/tokens?project=shop' });
});

test('signing in leads back there', async () => {
  const { router, api } = await signInWith({ data: { signIn: viewerOf() } }, '/sign-in?next=/tokens%3Fproject%3Dshop');
  await screen.findByRole('heading', { name: 'API tokens' });
  expect(router.state.location.href).toBe('/tokens?project=shop');
  expect(api.asked.find(({ name }) => name === 'SignIn')?.variables['email']).toBe('ada@example.org');
});

test('an address outside the dashboard is not followed', async () => {
  const { router } = await signInWith({ data: { signIn: viewerOf() } }, '/sign-in?next=//evil.example/x');
  await waitFor(() => expect(router.state.location.pathname).toBe('/'));
});

test('wrong credentials are said, and one may try again', async () => {
  await signInWith(refusal('ValidationRefusal', { field: null }));
  expect((await screen.findByRole('alert')).textContent).toContain('password is wrong');
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Sign in' }).disabled).toBe(false);
});

test('after too many attempts the button waits as long as the server says', async () => {
  await signInWith(refusal('ThrottledRefusal', { retryAfterSeconds: 42 }));
  expect((await screen.findByRole('alert')).textContent).toMatch(/Too many attempts. Try again in 4[12] s/);
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Sign in' }).disabled).toBe(true);
  cleanup();
});

test('a server that cannot be reached is named as such', async () => {
  const api = testApi({
    Me: { data: { me: null } },
    SignIn: () => Promise.reject(new TypeError('Failed to fetch')),
  });
  const { user } = renderAt('/sign-in', api);
  await user.type(await screen.findByLabelText('E-mail'), 'ada@example.org');
  await user.type(screen.getByLabelText('Password'), 'x');
  await user.click(screen.getByRole('button', { name: 'Sign in' }));
  expect((await screen.findByRole('alert')).textContent).toContain('cannot be reached');
});
