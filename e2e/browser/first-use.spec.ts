import { ADMIN } from '../server.ts';
import { expect, test, watchForFaults } from './fixtures.ts';

test('signing in, setting a project up and receiving its first error', async ({ page, server }) => {
  const faults = watchForFaults(page);
  await page.goto(server.url);
  await page.getByLabel('E-mail').fill(ADMIN.email);
  await page.getByLabel('Password', { exact: true }).fill('wrong-password-1');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert').first()).toBeVisible();
  await page.getByLabel('Password', { exact: true }).fill(ADMIN.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('link', { name: 'Projects' }).first()).toBeVisible();

  await page.goto(`${server.url}/projects/new`);
  await page.getByLabel('Name').fill('Corner shop');
  await page.getByRole('button', { name: /create/i }).click();
  await page.waitForURL(/\/projects\/corner-shop/);
  await page.goto(`${server.url}/projects/corner-shop/setup`);
  await expect(page.getByText(/waiting for the first error/i)).toBeVisible();

  const { project } = await server.graphql<{ project: { keys: { dsn: string }[] } }>(
    '{ project(slug: "corner-shop") { keys { dsn } } }',
  );
  const dsn = new URL(project.keys[0]!.dsn);
  await expect(page.getByText(project.keys[0]!.dsn).first()).toBeVisible();
  const response = await fetch(`${server.url}/api${dsn.pathname}/store/?sentry_key=${dsn.username}`, {
    method: 'POST',
    body: JSON.stringify({ message: 'the first of many', level: 'error' }),
  });
  expect(response.status).toBe(200);
  await expect(page.getByText(/waiting for the first error/i)).toBeHidden();
  expect(faults()).toEqual([]);
});

test('signing out ends the session', async ({ page, server, context }) => {
  await page.goto(`${server.url}/errors`);
  await page.getByLabel('E-mail').fill(ADMIN.email);
  await page.getByLabel('Password', { exact: true }).fill(ADMIN.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Errors' })).toBeVisible();
  const cookies = await context.cookies();
  expect(cookies).toContainEqual(expect.objectContaining({ name: 'errata_session', httpOnly: true, sameSite: 'Lax' }));
  await page.getByRole('button', { name: /administrator/i }).click();
  await page.getByRole('menuitem', { name: 'Sign out', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
  const me = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      origin: server.url,
      cookie: cookies.map((c) => `${c.name}=${c.value}`).join('; '),
    },
    body: JSON.stringify({ query: '{ me { user { email } } }' }),
  });
  expect(await me.json()).toEqual({ data: { me: null } });
});
