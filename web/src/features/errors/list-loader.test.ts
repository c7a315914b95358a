import { expect, test, vi } from 'vitest';
import { ErrorList, type RowPage } from './error-list.ts';
import { FIRST_PAGE, ListLoader, NEXT_PAGE, type PageSource } from './list-loader.ts';
import { rowOf } from './test-data.ts';

const page = (ids: string[], hasNextPage = true): RowPage => ({
  rows: ids.map((id) => rowOf({ id })),
  endCursor: `after-${ids.at(-1)}`,
  hasNextPage,
  totalCount: 9,
  totalCountIsExact: true,
});

function held(): {
  source: PageSource;
  answers: { resolve: (page: RowPage) => void; reject: (error: unknown) => void; asked: unknown[] }[];
} {
  const answers: { resolve: (page: RowPage) => void; reject: (error: unknown) => void; asked: unknown[] }[] = [];
  const source: PageSource = (...asked) => new Promise((resolve, reject) => answers.push({ resolve, reject, asked }));
  return { source, answers };
}

test('pages follow each other by cursor, one at a time, until there is none', async () => {
  const list = new ErrorList();
  const source = vi
    .fn<PageSource>()
    .mockResolvedValueOnce(page(['a', 'b']))
    .mockResolvedValueOnce(page(['c'], false));
  const loader = new ListLoader(list, source, () => 1);
  await loader.load();
  await Promise.all([loader.more(), loader.more()]);
  await loader.more();
  expect(source.mock.calls).toEqual([
    [null, FIRST_PAGE],
    ['after-b', NEXT_PAGE],
  ]);
  expect(list.shape.ids).toEqual(['a', 'b', 'c']);
});

test('an answer to an older question is dropped', async () => {
  const list = new ErrorList();
  const { source, answers } = held();
  const loader = new ListLoader(list, source, () => 1);
  const first = loader.load();
  const second = loader.load();
  answers[1]!.resolve(page(['new']));
  answers[0]!.resolve(page(['old']));
  await Promise.all([first, second]);
  expect(list.shape.ids).toEqual(['new']);
  expect(loader.state.phase).toBe('idle');
});

test('a failing first page and a failing next page are told apart, and both can be tried again', async () => {
  const list = new ErrorList();
  const source = vi.fn<PageSource>().mockRejectedValueOnce(new TypeError('down'));
  const loader = new ListLoader(list, source, () => 1);
  await loader.load();
  expect(loader.state).toMatchObject({ phase: 'failed', error: { message: 'down' } });
  source
    .mockResolvedValueOnce(page(['a']))
    .mockRejectedValueOnce(new TypeError('down'))
    .mockResolvedValueOnce(page(['b']));
  await loader.load();
  await loader.more();
  expect(loader.state.phase).toBe('failedMore');
  await loader.more();
  expect(list.shape.ids).toEqual(['a', 'b']);
});

test('a look at the top asks at that moment whether rows may come in', async () => {
  const list = new ErrorList();
  const { source, answers } = held();
  const loader = new ListLoader(list, source, () => 1);
  const load = loader.load();
  answers[0]!.resolve(page(['a']));
  await load;
  let idle = true;
  const peek = loader.peek(() => idle);
  void loader.peek(() => idle);
  idle = false;
  expect(answers.length).toBe(2);
  answers[1]!.resolve(page(['x', 'a']));
  await peek;
  expect(list.shape).toMatchObject({ ids: ['a'], pending: ['x'] });
});

test('while nobody looks, a flood replaces the list instead of leaving a gap', async () => {
  const list = new ErrorList();
  const source = vi
    .fn<PageSource>()
    .mockResolvedValueOnce(page(['a', 'b']))
    .mockResolvedValue(page(['x', 'y']));
  const loader = new ListLoader(list, source, () => 1);
  await loader.load();
  await loader.peek(() => false);
  expect(list.shape).toMatchObject({ ids: ['a', 'b'], pendingOverflow: true });
  await loader.peek(() => true);
  expect(list.shape).toMatchObject({ ids: ['x', 'y'], pending: [], pendingOverflow: false });
});
