import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { renderAt, testApi, viewerOf } from '../../../test/render.tsx';

const name = { __typename: 'Project', id: '7', slug: 'shop', name: 'Web shop', platform: 'node', status: 'ACTIVE' };
const project = {
  ...name,
  createdAt: '2026-11-01T08:00:00.000Z',
  firstEventAt: null,
  openErrorCount: 0,
  settings: null,
  keys: [],
};
const settings = {
  __typename: 'LogSource',
  id: '3',
  name: 'Nginx',
  globs: ['/var/log/nginx/error.log'],
  exclusions: [],
  startAt: 'END',
  startLines: 1000,
  encoding: 'auto',
  wrapper: 'auto',
  timeZone: null,
  patternsEnabled: true,
  minLevel: 'error',
  errorLines: true,
  environment: null,
  release: null,
  tags: [],
  polling: 'AUTO',
  pollIntervalMs: 500,
  flushAfterMs: 1000,
  enabled: true,
  watcher: 'SERVER',
};
const source = {
  ...settings,
  lastError: {
    __typename: 'ErrorGroup',
    id: '5',
    shortId: 'SHOP-5',
    title: 'upstream timed out',
    level: 'ERROR',
    lastSeen: '2026-11-22T10:00:00.000Z',
  },
  status: {
    __typename: 'LogSourceStatus',
    state: 'CATCHING_UP',
    summary: 'Reading what was written before in 1 file.',
    fileCount: 1,
    sizeBytes: 1000,
    lagBytes: 250,
    linesPerSecond: 12,
    lines: 40,
    events: 2,
    lastLineAt: null,
    lastEventAt: null,
    host: null,
    heardAt: '2026-11-22T10:00:00.000Z',
    problems: [
      { __typename: 'LogProblem', code: 'permission', message: 'No permission to read /var/log/nginx/x.log.', path: null },
    ],
    files: [
      {
        __typename: 'LogFileStatus',
        path: '/var/log/nginx/error.log',
        state: 'CATCHING_UP',
        positionBytes: 750,
        sizeBytes: 1000,
        lagBytes: 250,
        events: 2,
        lastLineAt: null,
        problem: null,
      },
    ],
  },
};
const found = {
  __typename: 'LogSourceTest',
  fileCount: 2,
  files: [
    {
      __typename: 'LogSourceTestFile',
      path: '/var/log/app/a.log',
      sizeBytes: 2048,
      wrapper: 'logger',
      encoding: 'utf8',
      problem: null,
    },
    {
      __typename: 'LogSourceTestFile',
      path: '/var/log/app/b.log',
      sizeBytes: 0,
      wrapper: null,
      encoding: null,
      problem: 'no permission to read it',
    },
  ],
  sample: ['INFO fine'],
  lines: 30,
  eventCount: 1,
  events: [
    {
      __typename: 'LogSourceTestEvent',
      path: '/var/log/app/a.log',
      line: 4,
      title: 'KeyError: 5',
      level: 'error',
      category: 'exception',
      pattern: null,
      timestamp: null,
      frameCount: 2,
    },
  ],
  problems: [],
};

function open(sources: object[], role: 'VIEWER' | 'ADMIN' = 'ADMIN') {
  const state = { sources };
  const refused = { __typename: 'ValidationRefusal', code: 'INVALID_PATH', message: 'outside the folders', field: 'globs' };
  const done = (input: { name?: string }) => ({ ...settings, ...input, tags: [], id: '9' });
  const api = testApi({
    Me: { data: { me: viewerOf(role) } },
    ProjectNames: { data: { projects: [name] } },
    Project: { data: { project: { ...project, settings: null } } },
    ProjectLogSources: () => ({ data: { project: { ...name, logSources: state.sources } } }),
    TestLogSource: ({ input }) => ({
      data: { testLogSource: (input as { globs: string[] }).globs[0]?.startsWith('/etc') ? refused : found },
    }),
    CreateLogSource: ({ input }) => ({
      data: { createLogSource: (input as { globs: string[] }).globs[0]?.startsWith('/etc') ? refused : done(input as object) },
    }),
    PauseLogSource: { data: { pauseLogSource: { ...settings, enabled: false } } },
    DeleteLogSource: { data: { deleteLogSource: { __typename: 'Done', ok: true } } },
    RestoreLogSource: { data: { restoreLogSource: settings } },
  });
  return { ...renderAt('/projects/shop/log-files', api), api, state, user: userEvent.setup() };
}
const askedFor = (api: ReturnType<typeof testApi>, operation: string) => api.asked.filter((one) => one.name === operation);

test('explains itself while nothing is watched, and offers nothing to those who may not', async () => {
  open([], 'VIEWER');
  await screen.findByText('No log files are watched');
  expect(screen.queryByRole('button', { name: 'Watch files' })).toBeNull();
});

test('shows how the reading goes, and of one source its files and what is in the way', async () => {
  const { user } = open([source]);
  const table = await screen.findByRole('table', { name: 'Log sources' });
  within(table).getByText('catching up');
  within(table).getByText(/75 %/);
  expect(within(table).getByRole('link', { name: 'upstream timed out' }).getAttribute('href')).toContain('/errors/5');
  await user.click(within(table).getByRole('button', { name: 'Nginx' }));
  const files = await screen.findByRole('table', { name: 'Files of Nginx' });
  within(files).getByText('/var/log/nginx/error.log');
  screen.getByText('No permission to read /var/log/nginx/x.log.');
});

test('shows what the settings would find before anything is saved, and refusals at their field', async () => {
  const { user, api } = open([]);
  await user.click(await screen.findByRole('button', { name: 'Watch files' }));
  await user.type(await screen.findByRole('textbox', { name: 'Name' }), 'App');
  const files = screen.getByRole('textbox', { name: 'Files' });
  await user.type(files, '/var/log/app/*.log');
  await screen.findByText('KeyError: 5', { exact: false });
  screen.getByText('no permission to read it');
  await user.clear(files);
  await user.type(files, '/etc/passwd');
  await waitFor(() => expect(screen.getByRole('region', { name: 'Preview' }).textContent).toContain('outside the folders'));
  await user.click(screen.getByRole('button', { name: 'Watch' }));
  await waitFor(() => expect(files.getAttribute('aria-invalid')).toBe('true'));
  await user.clear(files);
  await user.type(files, '/var/log/app/*.log');
  await user.click(screen.getByRole('button', { name: 'More settings' }));
  await user.click(screen.getByRole('combobox', { name: 'Around each line' }));
  await user.click(await screen.findByRole('option', { name: 'Kubernetes (CRI)' }));
  await user.click(screen.getByRole('button', { name: 'Watch' }));
  await waitFor(() => expect(screen.queryByRole('textbox', { name: 'Name' })).toBeNull());
  const [, made] = askedFor(api, 'CreateLogSource');
  expect(made?.variables).toMatchObject({
    projectId: '7',
    input: { name: 'App', globs: ['/var/log/app/*.log'], startAt: 'END', encoding: 'auto', wrapper: 'cri' },
  });
});

test('pauses and deletes with a way back', async () => {
  const { user, api } = open([source]);
  await user.click(await screen.findByRole('button', { name: 'Change Nginx' }));
  await user.click(await screen.findByRole('menuitem', { name: 'Pause' }));
  await screen.findByText('“Nginx” is paused.');
  await user.click(await screen.findByRole('button', { name: 'Change Nginx' }));
  await user.click(await screen.findByRole('menuitem', { name: 'Delete' }));
  await screen.findByText(/is no longer watched/);
  await user.click(await screen.findByRole('button', { name: 'Undo' }));
  await waitFor(() => expect(askedFor(api, 'RestoreLogSource')).toHaveLength(1));
});
