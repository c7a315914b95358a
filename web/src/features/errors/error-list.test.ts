import { beforeEach, describe, expect, test, vi } from 'vitest';
import { ErrorList, type RowPage } from './error-list.ts';
import type { ErrorRow } from './error-row.ts';
import { rowOf } from './test-data.ts';

const row = (id: string, change: Partial<ErrorRow> = {}): ErrorRow =>
  rowOf({ id, eventCount: 1, firstSeen: 100, lastSeen: 200, ...change });

function page(ids: string[], change: Partial<RowPage> = {}): RowPage {
  return {
    rows: ids.map((id) => row(id)),
    endCursor: 'end',
    hasNextPage: true,
    totalCount: 500,
    totalCountIsExact: true,
    ...change,
  };
}

let list: ErrorList;
beforeEach(() => {
  list = new ErrorList();
  list.reset(page(['a', 'b', 'c', 'd']), 1_000);
});

describe('paging', () => {
  test('the next page goes to the end; a row that moved up meanwhile is not shown twice', () => {
    list.append({ ...page(['d', 'e']), rows: [row('d', { eventCount: 9 }), row('e')], hasNextPage: false, endCursor: null });
    expect(list.shape.ids).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(list.row('d')?.eventCount).toBe(9);
    expect(list.shape.hasNextPage).toBe(false);
  });

  test('a server that gives the same place again ends the list instead of being asked for ever', () => {
    list.append(page(['e'], { endCursor: 'place' }));
    list.append(page(['e'], { endCursor: 'place' }));
    expect(list.shape.hasNextPage).toBe(false);
  });

  test('a waiting row that also comes with a page is shown there and no longer waits', () => {
    list.mergeTop(page(['x', 'a']), { insert: false });
    list.append(page(['x', 'e']));
    expect(list.shape.ids).toEqual(['a', 'b', 'c', 'd', 'x', 'e']);
    expect(list.shape.pending).toEqual([]);
  });

  test('a hundred thousand rows are taken in under two seconds', () => {
    const started = performance.now();
    for (let at = 0; at < 1_000; at++) list.append(page(Array.from({ length: 100 }, (_, n) => `row-${at * 100 + n}`)));
    expect(list.shape.ids.length).toBe(100_004);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

describe('live change', () => {
  test('counts change in place and nothing moves', () => {
    const order = list.shape.ids;
    const unknown = list.patch([row('c', { eventCount: 7, lastSeen: 900 }), row('z')]);
    expect(list.row('c')?.eventCount).toBe(7);
    expect(list.shape.ids).toBe(order);
    expect(unknown).toEqual(['z']);
  });

  test('the same state again wakes nobody', () => {
    const listener = vi.fn();
    list.subscribe(listener);
    list.patch([row('a'), row('b')]);
    expect(listener).not.toHaveBeenCalled();
  });

  test('new rows wait; the order on screen stays, also for rows that would have moved', () => {
    list.mergeTop(
      { ...page(['x', 'c', 'a']), rows: [row('x', { firstSeen: 2_000 }), row('c', { eventCount: 5 }), row('a')] },
      { insert: false },
    );
    expect(list.shape.ids).toEqual(['a', 'b', 'c', 'd']);
    expect(list.shape.pending).toEqual(['x']);
    expect(list.shape.pendingNew).toBe(1);
    expect(list.row('c')?.eventCount).toBe(5);
  });

  test('an error known before the list was loaded waits too, but is not called new', () => {
    list.mergeTop(page(['y', 'a']), { insert: false });
    expect(list.shape).toMatchObject({ pending: ['y'], pendingNew: 0 });
  });

  test('shown on demand in the order of the server', () => {
    list.mergeTop(page(['x', 'c', 'a']), { insert: false });
    list.showPending();
    expect(list.shape.ids).toEqual(['x', 'c', 'a', 'b', 'd']);
    expect(list.shape.pending).toEqual([]);
  });

  test('at the top and idle they come in at once, and the active row keeps its identity', () => {
    list.selection.setActive('b');
    list.mergeTop(page(['x', 'a']), { insert: true });
    expect(list.shape.ids).toEqual(['x', 'a', 'b', 'c', 'd']);
    expect(list.selection.active).toBe('b');
  });

  test('a new error that a flood has pushed off the top is announced all the same', () => {
    list.offer([row('n', { firstSeen: 2_000 }), row('a')]);
    expect(list.shape).toMatchObject({ pending: ['n'], pendingNew: 1, ids: ['a', 'b', 'c', 'd'] });
    list.mergeTop(page(['c', 'a']), { insert: false });
    expect(list.shape.pending).toEqual(['n']);
    list.showPending();
    expect(list.shape.ids).toEqual(['c', 'a', 'n', 'b', 'd']);
  });

  test('an empty list has nothing that could jump', () => {
    list.reset(page([], { hasNextPage: false, totalCount: 0 }), 1_000);
    list.mergeTop(page(['x']), { insert: false });
    expect(list.shape.ids).toEqual(['x']);
  });

  test('more than a page of unknown rows asks for a new load instead of leaving a gap', () => {
    list.mergeTop(page(['p', 'q', 'r']), { insert: true });
    expect(list.shape.pendingOverflow).toBe(true);
    expect(list.shape.ids).toEqual(['a', 'b', 'c', 'd']);
  });

  test('a row changed by somebody else so that it no longer belongs stays, marked, until the top is shown anew', () => {
    list.patch([row('b', { status: 'RESOLVED' })], (each) => each.status !== 'RESOLVED');
    expect(list.isGone('b')).toBe(true);
    expect(list.shape.ids).toEqual(['a', 'b', 'c', 'd']);
    list.patch([row('b', { status: 'REGRESSED' })], (each) => each.status !== 'RESOLVED');
    expect(list.isGone('b')).toBe(false);
    list.markGone(['c']);
    list.showPending();
    expect(list.shape.ids).toEqual(['a', 'b', 'd']);
  });

  test('a waiting row that was deleted waits no longer', () => {
    list.mergeTop(page(['x', 'a']), { insert: false });
    list.markGone(['x']);
    expect(list.shape.pending).toEqual([]);
  });
});

describe("the reader's own act", () => {
  test('takes rows out, passes the active row on, and an undo puts them back in their places', () => {
    list.selection.setActive('b');
    const removed = list.remove(['b', 'c']);
    expect(list.shape).toMatchObject({ ids: ['a', 'd'], totalCount: 498 });
    expect(list.selection.active).toBe('d');
    list.restore(removed);
    expect(list.shape).toMatchObject({ ids: ['a', 'b', 'c', 'd'], totalCount: 500 });
    expect(list.selection.active).toBe('b');
  });

  test('what the server still lists while the act is under way does not come back', () => {
    const removed = list.remove(['a']);
    list.mergeTop(page(['a', 'b']), { insert: true });
    expect(list.shape.ids).toEqual(['b', 'c', 'd']);
    list.settle(removed);
    list.mergeTop(page(['a', 'b']), { insert: false });
    expect(list.shape.pending).toEqual(['a']);
  });

  test('the last row passes the active row upwards', () => {
    list.selection.setActive('d');
    list.remove(['d']);
    expect(list.selection.active).toBe('c');
  });
});

describe('selection', () => {
  test('j and k stop at both ends', () => {
    const { selection } = list;
    expect([selection.move(1), selection.move(1), selection.move(-1), selection.move(-1)]).toEqual([0, 1, 0, 0]);
    selection.setActive('d');
    expect(selection.move(1)).toBe(3);
  });

  test('a range goes both ways from the last ticked row', () => {
    const { selection } = list;
    selection.toggle('c');
    selection.range('a');
    expect(selection.list()).toEqual(['a', 'b', 'c']);
    selection.range('b');
    expect(selection.size).toBe(3);
  });

  test('a range without a start begins at the active row', () => {
    list.selection.setActive('b');
    list.selection.range('d');
    expect(list.selection.list()).toEqual(['b', 'c', 'd']);
  });

  test('rows that come in above do not change what is ticked', () => {
    list.selection.toggle('a');
    list.mergeTop(page(['x', 'a']), { insert: true });
    expect(list.selection.list()).toEqual(['a']);
  });

  test('all matching means every row; unticking one leaves the loaded others', () => {
    list.selection.selectMatching();
    expect(list.selection.has('d')).toBe(true);
    list.selection.toggle('d');
    expect(list.selection.allMatching).toBe(false);
    expect(list.selection.list()).toEqual(['a', 'b', 'c']);
  });

  test('an action means the ticked rows, else the active one, else nothing', () => {
    expect(list.selection.target()).toEqual([]);
    list.selection.setActive('b');
    expect(list.selection.target()).toEqual(['b']);
    list.selection.toggle('d');
    expect(list.selection.target()).toEqual(['d']);
  });

  test('a new load forgets ticks of rows that are no longer there', () => {
    list.selection.toggle('a');
    list.selection.toggle('d');
    list.reset(page(['a', 'z']), 2_000);
    expect(list.selection.list()).toEqual(['a']);
    expect(list.selection.active).toBeNull();
  });
});
