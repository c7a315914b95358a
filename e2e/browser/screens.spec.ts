import { expect, test } from './fixtures.ts';

/** Every screen an administrator has; the routes' own test sees to it that none is missing there. */
const SCREENS = [
  '/',
  '/errors',
  '/feedback',
  '/releases',
  '/monitors',
  '/projects',
  '/projects/new',
  '/projects/my-project/setup',
  '/projects/my-project/incoming',
  '/projects/my-project/inbound',
  '/projects/my-project/log-files',
  '/projects/my-project/patterns',
  '/projects/my-project/patterns?edit=new',
  '/projects/my-project/source-maps',
  '/projects/my-project/keys',
  '/projects/my-project/members',
  '/projects/my-project/settings',
  '/people',
  '/tokens',
  '/system',
  '/account',
  '/account/sessions',
];

for (const width of [1440, 390]) {
  test.describe(`at ${width} px`, () => {
    test.use({ viewport: { width, height: 900 } });
    for (const colorScheme of ['light', 'dark'] as const) {
      test(`every screen opens without a fault and fits, ${colorScheme}`, async ({ signedIn: page, server }) => {
        await page.emulateMedia({ colorScheme });
        for (const screen of SCREENS) {
          await page.goto(server.url + screen);
          await expect(page.getByRole('heading', { level: 1 }), screen).toBeVisible();
          expect(
            await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth),
            `${screen} scrolls sideways`,
          ).toBeLessThanOrEqual(0);
        }
      });
    }
  });
}
