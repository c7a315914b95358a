import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { renderAt, renderWith, testApi, viewerOf } from '../../../test/render.tsx';
import { checkInSnippets, checkInUrl } from './check-in-code.ts';
import { NextRun } from './next-run.tsx';
import { delayOf } from './runs-table.tsx';

const project = { __typename: 'Project', id: '7', slug: 'shop', name: 'Web shop', platform: 'node', status: 'ACTIVE' };
const run = (id: string, status: string, durationMs: number | null = 1500) => ({
  __typename: 'MonitorRun',
  id,
  checkInId: id.repeat(32),
  environment: 'production',
  status,
  startedAt: '2026-11-22T11:00:02.000Z',
  endedAt: null,
  durationMs,
  expectedAt: '2026-11-22T11:00:00.000Z',
  release: null,
  traceId: null,
});
const monitor = (id: string, name: string, status: string, more: object = {}) => ({
  __typename: 'Monitor',
  id,
  projectId: '7',
  slug: name.toLowerCase(),
  name,
  status,
  isPaused: false,
  isMuted: false,
  origin: 'HAND',
  marginMinutes: 5,
  maxRuntimeMinutes: 30,
  failureThreshold: 1,
  recoveryThreshold: 2,
  createdAt: '2026-11-01T08:00:00.000Z',
  updatedAt: '2026-11-01T08:00:00.000Z',
  schedule: {
    __typename: 'MonitorSchedule',
    type: 'CRONTAB',
    value: '0 * * * *',
    unit: null,
    timezone: 'UTC',
    text: '0 * * * * (UTC)',
  },
  environments: [
    {
      __typename: 'MonitorEnvironment',
      id,
      name: 'production',
      status,
      lastCheckInAt: '2026-11-22T11:00:02.000Z',
      lastOkAt: null,
      nextExpectedAt: '2026-11-22T12:00:00.000Z',
      failuresInRow: 0,
    },
  ],
  successRate: 0.5,
  project,
  latestRuns: [run('1', 'MISSED', null), run('2', 'OK')],
  ...more,
});
const page = { __typename: 'PageInfo', hasNextPage: false, endCursor: null };

function open(path: string, monitors: object[], role: 'VIEWER' | 'OPERATOR' = 'OPERATOR') {
  const made: Record<string, unknown>[] = [];
  const api = testApi({
    Me: { data: { me: viewerOf(role) } },
    ProjectNames: { data: { projects: [project] } },
    Monitors: { data: { monitors } },
    Monitor: ({ id }) => {
      const one = monitors.find((some) => (some as { id: string }).id === id);
      const runs = {
        __typename: 'MonitorRunConnection',
        edges: [{ __typename: 'MonitorRunEdge', cursor: 'c', node: run('2', 'OK') }],
        pageInfo: page,
      };
      return { data: { monitor: one === undefined ? null : { ...one, runs, incidents: [] } } };
    },
    MonitorDsn: {
      data: {
        project: {
          __typename: 'Project',
          id: '7',
          keys: [{ __typename: 'DsnKey', id: '1', dsn: 'https://abc@errata.example/base/7', status: 'ACTIVE' }],
        },
      },
    },
    SchedulePreview: ({ schedule }) => {
      const bad = (schedule as { value: string }).value === 'x';
      return {
        data: {
          schedulePreview: {
            __typename: 'SchedulePreview',
            runs: bad ? [] : ['2026-11-23T04:00:00.000Z'],
            problem: bad ? 'A crontab has five fields.' : null,
            field: bad ? 'value' : null,
          },
        },
      };
    },
    CreateMonitor: ({ input }) => {
      made.push(input as Record<string, unknown>);
      return { data: { createMonitor: monitor('9', 'Nightly', 'WAITING') } };
    },
    UpdateMonitor: ({ input }) => {
      made.push(input as Record<string, unknown>);
      return { data: { updateMonitor: monitor('1', 'Backup', 'PAUSED', { isPaused: true }) } };
    },
  });
  return { ...renderAt(path, api), api, made };
}

test('what asks for attention stands first, with its runs in words', async () => {
  open('/monitors', [monitor('1', 'Backup', 'OK'), monitor('2', 'Import', 'FAILED'), monitor('3', 'Audit', 'LATE')]);
  await screen.findByText('1 is failing');
  const rows = screen.getAllByRole('row').slice(1);
  expect(rows.map((row) => within(row).getByRole('link').textContent)).toEqual(['Import', 'Audit', 'Backup']);
  expect(screen.getAllByRole('img', { name: 'Last 2 runs: 1 missed, 1 ok' })).toHaveLength(3);
});

test('an empty list teaches, and a monitor is made by hand', async () => {
  const { user, made, router } = open('/monitors', []);
  await screen.findByText('No monitors yet');
  await user.click(screen.getAllByRole('button', { name: 'New monitor' })[0] as HTMLElement);
  const write = (field: HTMLElement, value: string) => fireEvent.change(field, { target: { value } });
  write(await screen.findByRole('textbox', { name: 'Name' }), 'Nightly');
  const crontab = screen.getByRole('textbox', { name: 'Crontab' });
  write(crontab, 'x');
  await screen.findByText('A crontab has five fields.');
  write(crontab, '0 4 * * *');
  await screen.findByText(/Next: 23 Nov 2026/);
  await user.click(screen.getByRole('button', { name: 'Create monitor' }));
  await waitFor(() => expect(made).toHaveLength(1));
  expect(made[0]).toMatchObject({
    projectId: '7',
    name: 'Nightly',
    slug: null,
    schedule: { type: 'CRONTAB', value: '0 4 * * *' },
  });
  await waitFor(() => expect(router.state.location.pathname).toBe('/monitors/9'));
});

test.each([
  ['VIEWER', false],
  ['OPERATOR', true],
] as const)('a %s may change a monitor: %s', async (role, may) => {
  open('/monitors/1', [monitor('1', 'Backup', 'OK')], role);
  await screen.findByText('How the job reports');
  expect(screen.queryByRole('button', { name: 'Delete' }) !== null).toBe(may);
  await screen.findByText(/errata\.example\/base\/api\/7\/cron\/backup\/abc\/\?status=ok/);
});

test('pausing can be taken back', async () => {
  const { user, made } = open('/monitors/1', [monitor('1', 'Backup', 'OK')]);
  await user.click(await screen.findByRole('button', { name: 'Act on Backup' }));
  await user.click(await screen.findByRole('menuitem', { name: /^Pause/ }));
  await user.click(await screen.findByRole('button', { name: 'Undo' }));
  await waitFor(() => expect(made).toEqual([{ isPaused: true }, { isPaused: false }]));
});

test('a monitor that is not there is said not to be there', async () => {
  open('/monitors/5', []);
  await screen.findByText('There is nothing at this address');
});

test('addresses and lines to copy', () => {
  expect(checkInUrl('https://abc@host/7', 'a')).toBe('https://host/api/7/cron/a/abc/');
  expect(checkInUrl('no', 'a')).toBeNull();
  const schedule = {
    __typename: 'MonitorSchedule',
    type: 'INTERVAL',
    value: '5',
    unit: 'MINUTE',
    timezone: 'UTC',
    text: '',
  } as const;
  expect(checkInSnippets('https://abc@host/7', { slug: 'a', schedule })[2]?.code).toContain(
    "{ type: 'interval', value: 5, unit: 'minute' }",
  );
  expect(delayOf({ expectedAt: '2026-11-22T11:00:00Z', startedAt: '2026-11-22T11:00:30Z', status: 'OK' })).toBe(30_000);
  expect(delayOf({ expectedAt: '2026-11-22T11:00:00Z', startedAt: '2026-11-22T11:00:00Z', status: 'MISSED' })).toBeNull();
});

test('a run that should have begun is due', () => {
  const at = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
  const texts = [at(-7), at(7), null].map((time) => renderWith(<NextRun at={time} />).container.textContent);
  expect(texts).toEqual(['due 7m ago', expect.stringMatching(/^in [67]m$/), '–']);
});
