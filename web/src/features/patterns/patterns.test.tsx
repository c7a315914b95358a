import { screen, waitFor, within } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { type Answers, renderAt, testApi, viewerOf } from '../../../test/render.tsx';
import { EMPTY_DRAFT, inputOf } from './draft.ts';
import { freeName } from './use-patterns.ts';

// The editor is the largest form there is; on a busy machine typing into it takes a while.
vi.setConfig({ testTimeout: 20_000 });

const content = (name: string, more: object = {}) => ({
  __typename: 'PatternContent',
  ...{
    name,
    description: '',
    enabled: true,
    kind: 'GROK',
    expression: `^${name}`,
    ignoreCase: false,
    pieces: [],
    level: 'ERROR',
  },
  ...{ levelField: null, category: null, continuation: 'NONE', continuationExpression: null, maxLines: 100, fields: [] },
  ...{ tags: [], sample: '', captures: [] },
  ...more,
});
const pattern = (id: string, position: number, name: string, more: object = {}) => ({
  __typename: 'Pattern',
  ...{ id, position, updatedAt: '2026-11-22T08:00:00.000Z', content: content(name, more) },
});
const project = {
  __typename: 'Project',
  ...{ id: '7', slug: 'shop', name: 'Shop', platform: null, status: 'ACTIVE', createdAt: '2026-11-01T08:00:00.000Z' },
  ...{ firstEventAt: null, openErrorCount: 0, keys: [], quotas: [] },
  settings: {
    ...{ __typename: 'ProjectSettings', scrubIpAddresses: false, scrubEmails: false, scrubDefaults: true, sensitiveFields: [] },
    ...{ safeFields: [], eventsPerMinute: null, inAppInclude: [], inAppExclude: [] },
    ...{ attachmentMaxMegabytes: 20, attachmentQuotaMegabytes: 1024 },
    inbound: {
      ...{ __typename: 'InboundSettings', filterBrowserExtensions: false, filterCrawlers: false, filterLocalhost: false },
      ...{ filterHealthChecks: false, filterReleases: [], filterEnvironments: [], filterMessages: [], filterIpAddresses: [] },
      ...{ quotas: [], spikeProtection: false, sampling: [] },
    },
  },
};
const hit = {
  ...{ __typename: 'PatternTestHit', first: 0, last: 1, title: 'no card', level: 'error', category: 'log', ignored: false },
  fields: [{ __typename: 'PatternTestField', name: 'message', value: 'no card', target: 'message' }],
  instead: [],
};
const tried = (more: object = {}) => ({
  data: {
    testPattern: {
      __typename: 'PatternTest',
      captures: ['message'],
      pasted: {
        ...{
          __typename: 'PatternTestRun',
          lineCount: 3,
          hitCount: 1,
          matchCount: 1,
          hitLineCount: 2,
          complete: true,
          hits: [hit],
        },
        lines: [
          {
            ...{ __typename: 'PatternTestLine', line: 0, start: 0, end: 13, takenBy: null },
            spans: [{ __typename: 'PatternTestSpan', name: 'message', start: 6, end: 13 }],
          },
        ],
      },
      recorded: null,
      ...more,
    },
  },
});

function open(role: 'VIEWER' | 'ADMIN', start: object[], path = '/projects/shop/patterns', more: Answers = {}) {
  let list = [...start] as ReturnType<typeof pattern>[];
  const api = testApi({
    Me: { data: { me: viewerOf(role) } },
    ProjectNames: { data: { projects: [project] } },
    Project: { data: { project } },
    ProjectPatterns: () => ({ data: { project: { __typename: 'Project', id: '7', patterns: list } } }),
    PatternSources: {
      data: { project: { __typename: 'Project', id: '7', logSources: [{ __typename: 'LogSource', id: '3', name: 'nginx' }] } },
    },
    TestPattern: tried(),
    RecordedLines: { data: { recordedLines: ['BILL: no card', '  again', 'fine'] } },
    DeletePattern: ({ id }) => {
      const gone = list.find((one) => one.id === id)!;
      list = list.filter((one) => one !== gone);
      return { data: { deletePattern: gone } };
    },
    CreatePattern: ({ input, position }) => {
      const made = pattern('9', (position as number) ?? list.length, (input as { name: string }).name);
      list = [...list, made];
      return { data: { createPattern: made } };
    },
    ReorderPatterns: ({ ids }) => {
      list = list.map((one) => ({ ...one, position: (ids as string[]).indexOf(one.id) }));
      const patterns = list.map(({ __typename, id, position, updatedAt }) => ({ __typename, id, position, updatedAt }));
      return { data: { reorderPatterns: { __typename: 'PatternList', patterns } } };
    },
    ...more,
  });
  return { ...renderAt(path, api), api };
}
const names = async () =>
  within(await screen.findByRole('list', { name: /in the order/ }))
    .getAllByRole('listitem')
    .map((row) => row.querySelector('button:not([draggable])')?.textContent);

test('without patterns the page says what they are for', async () => {
  open('ADMIN', []);
  await screen.findByText('No patterns');
  expect(screen.getByRole('button', { name: 'New pattern' })).toBeDefined();
});

test('somebody who only reads can look, not change', async () => {
  const { user } = open('VIEWER', [pattern('1', 0, 'Billing')]);
  await user.click(await screen.findByRole('button', { name: 'Billing' }));
  expect(await screen.findByLabelText('Name')).toHaveProperty('disabled', false);
  expect(screen.getByLabelText('Name').closest('fieldset')).toHaveProperty('disabled', true);
  expect(screen.queryByRole('button', { name: 'Save' })).toBeNull();
});

test('the order changes by keyboard', async () => {
  const { user, api } = open('ADMIN', [pattern('1', 0, 'A'), pattern('2', 1, 'B')]);
  (await screen.findByRole('button', { name: 'Move A, place 1' })).focus();
  await user.keyboard('{ArrowDown}');
  await waitFor(async () => expect(await names()).toEqual(['B', 'A']));
  expect(api.asked.find(({ name }) => name === 'ReorderPatterns')?.variables).toMatchObject({ ids: ['2', '1'] });
});

test('a deleted pattern comes back where it was', async () => {
  const { user, api } = open('ADMIN', [pattern('1', 0, 'A'), pattern('2', 1, 'B')]);
  await user.click(await screen.findByRole('button', { name: 'Change A' }));
  await user.click(await screen.findByRole('menuitem', { name: 'Delete' }));
  await waitFor(async () => expect(await names()).toEqual(['B']));
  await user.click(await screen.findByRole('button', { name: 'Undo' }));
  await waitFor(() =>
    expect(api.asked.find(({ name }) => name === 'CreatePattern')?.variables).toMatchObject({
      position: 0,
      input: { name: 'A', expression: '^A' },
    }),
  );
});

test('a new one shows what it finds while it is typed, and is saved', async () => {
  const { user, api } = open('ADMIN', [], '/projects/shop/patterns?edit=new');
  await user.type(await screen.findByLabelText('Name'), 'Billing');
  await user.type(screen.getByLabelText('Expression'), '^BILL');
  await user.click(screen.getByLabelText('Sample lines'));
  await user.paste('BILL: no card\n  again\nfine');
  await screen.findByText('1 hit in the sample');
  const lines = screen.getByRole('region', { name: 'Lines, with what matches' });
  await waitFor(() => expect(within(lines).getByTitle('message').textContent).toBe('no card'));
  expect(screen.getByText('Without this pattern:').parentElement?.textContent).toContain('no event');
  expect(screen.getAllByLabelText('Where message goes').length).toBeGreaterThan(0);
  await user.click(screen.getByRole('button', { name: 'Save' }));
  await screen.findByText(/was saved/);
  const sent = api.asked.find(({ name }) => name === 'CreatePattern')?.variables;
  expect(sent).toMatchObject({
    projectId: '7',
    input: { name: 'Billing', expression: '^BILL', sample: 'BILL: no card\n  again\nfine' },
  });
});

test('what is wrong stands at its field, with the place', async () => {
  const fault = {
    __typename: 'PatternFault',
    field: 'expression',
    code: 'INVALID_EXPRESSION',
    message: 'This ( is never closed.',
    position: 1,
    length: 1,
  };
  const refusal = { __typename: 'PatternRefusal', code: 'INVALID_PATTERN', message: fault.message, faults: [fault] };
  const { user } = open('ADMIN', [pattern('1', 0, 'A')], '/projects/shop/patterns?edit=1', {
    TestPattern: { data: { testPattern: refusal } },
  });
  await user.clear(await screen.findByLabelText('Expression'));
  await user.type(screen.getByLabelText('Expression'), 'a(b');
  await waitFor(() => expect(document.querySelector('mark')?.textContent).toBe('('));
});

test('somebody else’s change is not lost without a word', async () => {
  const conflict = { __typename: 'ConflictRefusal', code: 'CHANGED_SINCE', message: 'Somebody changed the patterns meanwhile.' };
  const { user, api } = open('ADMIN', [pattern('1', 0, 'A')], '/projects/shop/patterns?edit=1', {
    UpdatePattern: ({ basedOn }) => ({ data: { updatePattern: basedOn === null ? pattern('1', 0, 'B') : conflict } }),
  });
  const name = await screen.findByLabelText('Name');
  await user.clear(name);
  await user.type(name, 'B');
  await user.keyboard('{Control>}{Enter}{/Control}');
  await screen.findByText(/meanwhile/);
  await user.click(screen.getByRole('button', { name: 'Save over it' }));
  await screen.findByText(/was saved/);
  expect(api.asked.filter(({ name: asked }) => asked === 'UpdatePattern').map(({ variables }) => variables['basedOn'])).toEqual([
    '2026-11-22T08:00:00.000Z',
    null,
  ]);
});

test('hits are counted over a day of a log source', async () => {
  const recorded = {
    __typename: 'PatternTestCount',
    sinceAt: '2026-11-21T08:00:00.000Z',
    lineCount: 12000,
    hitCount: 34,
    matchCount: 40,
    complete: true,
  };
  const { user } = open('ADMIN', [pattern('1', 0, 'A')], '/projects/shop/patterns?edit=1', {
    TestPattern: ({ input }) => tried((input as { sourceId: string | null }).sourceId === null ? {} : { recorded }),
  });
  await user.click(
    await screen
      .findByRole('combobox', { name: /Count over/ })
      .catch(() => screen.getByPlaceholderText('Count over a log source')),
  );
  await user.click(await screen.findByRole('option', { name: 'nginx' }));
  await screen.findByText(/34 in 12,000 lines of the last day · 6 more match/);
  await user.click(await screen.findByRole('button', { name: /latest lines/ }));
  expect(screen.getByLabelText('Sample lines')).toHaveProperty('value', 'BILL: no card\n  again\nfine');
});

test('an import says first what it would do, and errors by lines', async () => {
  const yamlFault = { __typename: 'YamlFault', line: 3, column: 5, message: '"colour" is not known here' };
  const { user, api } = open('ADMIN', [pattern('1', 0, 'A')], '/projects/shop/patterns', {
    ProjectPatternsYaml: { data: { project: { __typename: 'Project', id: '7', patternsYaml: 'patterns: [old]' } } },
    ImportPatterns: ({ yaml, dryRun }) => ({
      data: {
        importPatterns: String(yaml).includes('colour')
          ? { __typename: 'YamlRefusal', code: 'INVALID_YAML', message: 'x', faults: [yamlFault] }
          : {
              ...{ __typename: 'PatternImport', applied: dryRun !== true, reordered: false },
              changes: [{ __typename: 'PatternImportChange', action: 'ADD', name: 'C', parts: [] }],
            },
      },
    }),
  });
  await user.click(await screen.findByRole('button', { name: /^YAML/ }));
  await user.click(await screen.findByRole('menuitem', { name: 'Import' }));
  const dialog = await screen.findByRole('dialog');
  await user.click(within(dialog).getByLabelText('YAML'));
  await user.paste('colour: red');
  await within(dialog).findByText('Line 3');
  expect(within(dialog).getByRole('button', { name: 'Import' })).toHaveProperty('disabled', true);
  await user.clear(within(dialog).getByLabelText('YAML'));
  await user.paste('patterns: []');
  await within(dialog).findByText('new');
  await user.click(within(dialog).getByRole('button', { name: 'Import' }));
  await user.click(await screen.findByRole('button', { name: 'Undo' }));
  await waitFor(() =>
    expect(api.asked.filter(({ name }) => name === 'ImportPatterns').at(-1)?.variables).toMatchObject({
      mode: 'REPLACE',
      yaml: 'patterns: [old]',
    }),
  );
});

test('ready-made ones are found, picked and copied', async () => {
  const entry = (key: string, name: string) => ({
    __typename: 'LibraryPatternType',
    key,
    group: 'Databases',
    content: content(name),
  });
  const { user, api } = open('ADMIN', [], '/projects/shop/patterns', {
    PatternLibrary: { data: { patternLibrary: [entry('redis', 'Redis'), entry('mysql', 'MySQL')] } },
    CopyPatterns: { data: { copyPatterns: { __typename: 'PatternList', patterns: [pattern('3', 0, 'Redis')] } } },
  });
  await user.click(await screen.findByRole('button', { name: 'Library' }));
  const drawer = await screen.findByRole('dialog');
  await user.type(await within(drawer).findByLabelText('Search the library'), 'redis');
  expect(within(drawer).queryByText('MySQL')).toBeNull();
  await user.click(within(drawer).getByRole('checkbox'));
  await user.click(within(drawer).getByRole('button', { name: 'Copy to the project' }));
  await screen.findByText('“Redis” was copied.');
  expect(api.asked.find(({ name }) => name === 'CopyPatterns')?.variables).toMatchObject({ keys: ['redis'] });
});

test('names and what is sent', () => {
  expect(freeName('A', [])).toBe('A copy');
  expect(freeName('A copy', ['A copy', 'A copy 2'])).toBe('A copy 3');
  const fields = [
    { name: 'gone', value: 'drop' },
    { name: 'here', value: 'drop' },
  ];
  expect(inputOf({ ...EMPTY_DRAFT, fields, levelField: 'gone', maxLines: '' }, ['here'])).toMatchObject({
    fields: [fields[1]],
    levelField: null,
    maxLines: 0,
  });
});
