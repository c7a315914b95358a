import { screen, waitFor } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import { type Answers, renderAt, type TestApi, testApi, viewerOf } from '../../../test/render.tsx';
import { inBars } from './overview-screen.tsx';
import { errorRow, PROJECTS } from './test-data.ts';

// There is no canvas to draw on here; the figures of a chart also stand in its table.
vi.mock('../../ui/chart-canvas.tsx', () => ({ ChartCanvas: () => null }));

const project = (change: object = {}) => ({
  __typename: 'Project',
  id: '1',
  slug: 'shop',
  name: 'Shop',
  firstEventAt: '2026-01-01T00:00:00.000Z',
  ...change,
});

function overview(change: object = {}, projects: object[] = [project()]) {
  const series = { __typename: 'MetricSeries', name: 'error', unit: 'events', bucketSeconds: 3600, points: [] };
  return {
    data: {
      projects,
      overview: {
        __typename: 'Overview',
        openErrorCount: 12,
        newErrorCount24h: 3,
        eventCount24h: 150,
        eventCountPrevious24h: 100,
        userCount24h: 9,
        eventsByProject: [{ __typename: 'CountByName', name: 'Shop', id: '1', count: 150 }],
        eventsByLevel: [
          { __typename: 'CountByName', name: 'error', count: 120 },
          { __typename: 'CountByName', name: 'fatal', count: 30 },
        ],
        hour: [series],
        trend: [series],
        newest: [errorRow({ id: '5', title: 'NewestError: x' })],
        busiest: [errorRow({ id: '6', title: 'BusiestError: x' })],
        ...change,
      },
    },
  };
}

function overviewApi(answers: Answers = {}): TestApi {
  return testApi({ Me: { data: { me: viewerOf('ADMIN') } }, ProjectNames: PROJECTS, OverviewPage: overview(), ...answers });
}

test('the figures are told with their change, and lead to what they count', async () => {
  renderAt('/', overviewApi());
  const figure = (await screen.findByText('Events, 24 h')).closest('a');
  expect(figure?.textContent).toContain('150+50 % against the day before');
  expect(figure?.getAttribute('href')).toBe('/errors?time=24h&status=all&sort=events');
  expect(screen.getByText('Unresolved errors').closest('a')?.getAttribute('href')).toBe('/errors');
  expect(screen.getByRole('link', { name: /NewestError/ }).getAttribute('href')).toBe('/errors/5');
  expect(screen.getByRole('link', { name: /BusiestError/ }).getAttribute('href')).toBe('/errors/6');
  expect(screen.getByRole('link', { name: /^fatal 30/ }).getAttribute('href')).toContain('level=fatal');
});

test('events that come in move the rate, and a new error brings the figures up to date', async () => {
  let now = overview();
  const api = overviewApi({ OverviewPage: () => now });
  renderAt('/', api);
  await screen.findByText('Live rate');
  expect(screen.getByText('events per minute now').previousSibling?.textContent).toBe('0');
  now = overview({ openErrorCount: 13, newest: [errorRow({ id: '7', title: 'FreshError: x' })] });
  const second = Date.now() - 2_000;
  for (let id = 1; id <= 20; id++) {
    api.push('LiveRate_Event', {
      errorEventReceived: {
        __typename: 'ErrorEventReceived',
        id: String(id),
        projectId: '1',
        level: 'ERROR',
        isNew: id === 1,
        receivedAt: new Date(second).toISOString(),
      },
    });
  }
  const rate = () => Number(screen.getByText('events per minute now').previousSibling?.textContent);
  // A little less, when a minute ends meanwhile.
  await waitFor(() => expect(rate()).toBeGreaterThan(15), { timeout: 4_000 });
  expect(rate()).toBeLessThanOrEqual(20);
  await screen.findByText('FreshError', {}, { timeout: 4_000 });
});

describe('before there is anything to see', () => {
  test('without a project, one is offered', async () => {
    renderAt('/', overviewApi({ OverviewPage: overview({}, []) }));
    expect((await screen.findByRole('link', { name: 'Create a project' })).getAttribute('href')).toBe('/projects/new');
  });

  test('without an event, the set-up is offered, and the first event changes the page by itself', async () => {
    let now = overview({}, [project({ firstEventAt: null })]);
    const api = overviewApi({ OverviewPage: () => now });
    renderAt('/', api);
    expect((await screen.findByRole('link', { name: 'Set up Shop' })).getAttribute('href')).toBe('/projects/shop/setup');
    now = overview();
    api.push('LiveRate_Event', {
      errorEventReceived: {
        __typename: 'ErrorEventReceived',
        id: '1',
        projectId: '1',
        level: 'ERROR',
        isNew: true,
        receivedAt: new Date().toISOString(),
      },
    });
    await screen.findByText('Unresolved errors', {}, { timeout: 4_000 });
  });
});

test('a failing overview says why and can be tried again', async () => {
  let down = true;
  const { user } = renderAt(
    '/',
    overviewApi({ OverviewPage: () => (down ? { errors: [{ message: 'database is away' }] } : overview()) }),
  );
  await screen.findByText('database is away');
  down = false;
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  await screen.findByText('Unresolved errors');
});

test('a refresh that fails keeps the figures and says that they are old', async () => {
  let answers = 0;
  const api = overviewApi({ OverviewPage: () => (++answers > 1 ? { errors: [{ message: 'database is away' }] } : overview()) });
  renderAt('/', api);
  await screen.findByText('Unresolved errors');
  api.push('LiveError_Changed', { errorChanged: { __typename: 'ErrorChanged', kind: 'UPDATED', errorId: '5' } });
  await screen.findByText(/could not be brought up to date: database is away/, {}, { timeout: 8_000 });
  expect(screen.getByText('Unresolved errors')).toBeTruthy();
}, 12_000);

test('hourly points are put together, the running bar whole', () => {
  const points = Array.from({ length: 50 }, (_, hour) => ({ at: new Date(Date.UTC(2026, 0, 1, hour)).toISOString(), value: 1 }));
  const bars = inBars(points, 24);
  expect(bars.map(({ value }) => value)).toEqual([2, 24, 24]);
  expect(bars[1]?.at).toBe(Date.UTC(2026, 0, 1, 2));
  expect(inBars(points, 1)).toHaveLength(50);
});
