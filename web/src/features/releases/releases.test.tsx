import { screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { renderAt, testApi, viewerOf } from '../../../test/render.tsx';
import { crashRate, formatRate, formatShare, rateChange, rateTone } from './rates.ts';
import { releaseQuery } from './releases-table.tsx';

const project = { __typename: 'Project', id: '7', slug: 'shop', name: 'Web shop', platform: 'node', status: 'ACTIVE' };
const health = (sessionCount: number, crashFreeSessions: number | null) => ({
  __typename: 'ReleaseHealth',
  sessionCount,
  erroredCount: 0,
  abnormalCount: 0,
  crashedCount: 1,
  crashFreeSessions,
  userCount: 0,
  crashedUserCount: 0,
  crashFreeUsers: null,
  adoption: 0.42,
  series: ['sessions', 'errored', 'abnormal', 'crashed'].map((name) => ({
    __typename: 'MetricSeries',
    name,
    unit: 'sessions',
    bucketSeconds: 3600,
    points: [{ __typename: 'MetricPoint', at: '2026-11-22T11:00:00.000Z', value: sessionCount }],
  })),
});
const release = (sessions: number) => ({
  __typename: 'Release',
  projectId: '7',
  version: 'shop@1.1.0',
  shortVersion: '1.1.0',
  package: 'shop',
  firstSeen: '2026-11-21T11:00:00.000Z',
  lastSeen: '2026-11-22T11:00:00.000Z',
  eventCount: 12,
  newErrorCount: 3,
  environments: ['production'],
  project,
  health: health(sessions, sessions === 0 ? null : 0.985),
  previous: {
    __typename: 'Release',
    projectId: '7',
    version: 'shop@1.0.0',
    shortVersion: '1.0.0',
    health: { __typename: 'ReleaseHealth', crashFreeSessions: 0.999, sessionCount: 10 },
  },
});

function open(path: string, sessions = 200, found = true) {
  const node = release(sessions);
  const api = testApi({
    Me: { data: { me: viewerOf('VIEWER') } },
    ProjectNames: { data: { projects: [project] } },
    Releases: {
      data: {
        releases: {
          __typename: 'ReleaseConnection',
          edges: found ? [{ __typename: 'ReleaseEdge', cursor: 'c', node }] : [],
          pageInfo: { __typename: 'PageInfo', hasNextPage: false, endCursor: null },
          totalCount: found ? 1 : 0,
        },
        filterValues: { __typename: 'FilterValues', environments: ['', 'production', 'qa'] },
      },
    },
    Release: ({ version }) => ({
      data: {
        release:
          version === 'shop@1.1.0' ? { ...node, newErrors: [], regressedErrors: [], resolvedErrors: [], deploys: [] } : null,
      },
    }),
  });
  return { ...renderAt(path, api), api };
}

test('a release with its rate, against the one before, and ways to what it brought', async () => {
  const { api, user } = open('/releases');
  const link = await screen.findByRole('link', { name: '1.1.0' });
  expect(link.getAttribute('href')).toBe('/releases/shop/shop%401.1.0');
  expect(screen.getByText('98.5 %')).toBeTruthy();
  expect(screen.getByText('−1.40')).toBeTruthy();
  expect(screen.getByRole('link', { name: '3 errors first seen in 1.1.0' }).getAttribute('href')).toContain('firstRelease');
  await user.type(screen.getByLabelText('Find a version'), 'shop@1');
  await waitFor(() =>
    expect(api.asked.some(({ name, variables }) => name === 'Releases' && variables['query'] === 'shop@1')).toBe(true),
  );
});

test('the filter offers every environment of the projects, also those that no release on the page names', async () => {
  const { user, api } = open('/releases');
  await user.click(await screen.findByRole('combobox', { name: 'Environment' }));
  const offered = (await screen.findAllByRole('option', { hidden: true })).map(({ textContent }) => textContent);
  expect(offered.slice(0, 2)).toEqual(['production', 'qa']);
  await user.click(screen.getByRole('option', { name: 'qa', hidden: true }));
  await waitFor(() =>
    expect(api.asked.some(({ name, variables }) => name === 'Releases' && variables['environment'] === 'qa')).toBe(true),
  );
});

test('no releases: how to name one; nothing found: a way back', async () => {
  open('/releases', 0, false);
  await screen.findByText('No releases yet');
  document.body.innerHTML = '';
  open('/releases?q=9', 0, false);
  await screen.findByText('No release like that');
});

test('a release without sessions says how they would come', async () => {
  open('/releases/shop/shop%401.1.0', 0);
  await screen.findByText('No sessions in 7 days');
  await screen.findByText('This release brought no error that was not there before');
});

test('without the projects there is a reason and a way to try again, not a page that loads for ever', async () => {
  const answers: Parameters<typeof testApi>[0] = {
    Me: { data: { me: viewerOf('VIEWER') } },
    ProjectNames: { errors: [{ message: 'Out of order' }] },
  };
  const { user } = renderAt('/releases/shop/shop%401.1.0', testApi(answers));
  await screen.findByText('Out of order');
  answers['ProjectNames'] = { data: { projects: [] } };
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  await screen.findByText('There is nothing at this address');
});

test('a release that is not there is said not to be there', async () => {
  open('/releases/shop/gone');
  await screen.findByText('There is nothing at this address');
});

test('where no session was, none is said not to have crashed', () => {
  const series = (name: string, values: number[]) => ({
    ...{ __typename: 'MetricSeries' as const, name, unit: 'sessions', bucketSeconds: 3600 },
    points: values.map((value, hour) => ({
      ...{ __typename: 'MetricPoint' as const, at: `2026-11-22T0${hour}:00:00.000Z`, value },
    })),
  });
  const { points } = crashRate([series('sessions', [0, 4, 0, 2]), series('crashed', [0, 1, 0, 0])]);
  expect(points.map(({ at, value }) => [new Date(at).getUTCHours(), value])).toEqual([
    [1, 25],
    [3, 0],
  ]);
});

test('rates never round up to nothing crashed', () => {
  expect([null, 1, 0.99996, 0.9999, 0.985, 0.05].map(formatRate)).toEqual([
    '–',
    '100 %',
    '99.99 %',
    '99.99 %',
    '98.5 %',
    '5.00 %',
  ]);
  expect([null, 0, 0.004, 0.376].map(formatShare)).toEqual(['–', '0 %', '< 1 %', '38 %']);
  expect([null, 0.999, 0.99, 0.9].map(rateTone)).toEqual([undefined, undefined, 'amber', 'red']);
  expect(rateChange(0.9, 0.99)).toEqual({ text: '−9.00', better: false });
  expect([rateChange(null, 1), rateChange(1, null), rateChange(0.5, 0.5)]).toEqual([null, null, null]);
  expect(releaseQuery('a"b\\')).toBe('firstRelease:"a\\"b\\\\"');
});
