import type { AnyRoute } from '@tanstack/react-router';
import { expect, test } from 'vitest';
import { testApi } from '../test/render.tsx';
import { createDashboardRouter } from './routes.tsx';

const router = createDashboardRouter({ client: testApi({}).client });
const pages = Object.entries(router.routesById as Record<string, AnyRoute>).filter(
  ([, route]) => Object.keys(route.children ?? {}).length === 0,
);

test('there are routes to check', () => expect(pages.length).toBeGreaterThan(15));

test.each(pages)('%s has an example address that leads to it', (id, route) => {
  const example = route.options.staticData?.exampleUrl;
  expect(example, 'staticData.exampleUrl').toBeTypeOf('string');
  const [path = '', query = ''] = String(example).split('?');
  const matches = router.matchRoutes(path, Object.fromEntries(new URLSearchParams(query)));
  expect(matches.at(-1)?.routeId).toBe(id);
});
