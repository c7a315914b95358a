import { type ErrorRow, sameRow } from './error-row.ts';
import { Selection } from './list-selection.ts';

/** One page of rows in the server's order. */
export interface RowPage {
  rows: readonly ErrorRow[];
  endCursor: string | null;
  hasNextPage: boolean;
  totalCount: number;
  totalCountIsExact: boolean;
}

/** What the list as a whole looks like; replaced (never changed) when any of it changes. */
export interface ListShape {
  /** Ids in the order shown. The array is replaced when the order changes. */
  readonly ids: readonly string[];
  readonly totalCount: number;
  readonly totalCountIsExact: boolean;
  readonly hasNextPage: boolean;
  readonly endCursor: string | null;
  /** Ids that belong at the top and wait until the reader asks for them. */
  readonly pending: readonly string[];
  /** How many of the waiting ones were seen for the first time after the list was loaded. */
  readonly pendingNew: number;
  /** More came than one page holds: showing them takes a new load. */
  readonly pendingOverflow: boolean;
  readonly loaded: boolean;
}

/** Where removed rows stood, so that an undo puts them back there. */
export interface Removed {
  readonly places: readonly { row: ErrorRow; index: number }[];
  /** The active row before, if it was among them. */
  readonly active: string | null;
}

const EMPTY: ListShape = {
  ids: [],
  totalCount: 0,
  totalCountIsExact: true,
  hasNextPage: false,
  endCursor: null,
  pending: [],
  pendingNew: 0,
  pendingOverflow: false,
  loaded: false,
};

/**
 * The errors list without React and without network: order, rows, what waits to be shown, active row and selection.
 * A mutable store with cheap snapshots (`shape`, `row(id)`, `selection.*`), because immutable copies of a hundred
 * thousand rows at every live change would be felt.
 *
 * The law of live change: rows on screen never move unless the reader asked (`showPending`, `reset`) or is known to be
 * idle at the top (`mergeTop` with `insert`).
 */
export class ErrorList {
  #shape: ListShape = EMPTY;
  readonly #rows = new Map<string, ErrorRow>();
  /** Rows that left this view by somebody else's act; they stay in place, dimmed, until the list is loaded again. */
  readonly #gone = new Set<string>();
  /** Rows taken out by the reader while the server may still list them. */
  readonly #leaving = new Set<string>();
  readonly #listeners = new Set<() => void>();
  /** Latest known order of the top, for `showPending`. */
  #top: readonly string[] = [];
  /** New errors that were told of but are not among the top any more: under a flood the top changes faster than it is looked at. */
  #offered: readonly string[] = [];
  #loadedAt = 0;
  readonly selection = new Selection(
    () => this.#shape.ids,
    () => this.#emit(),
  );

  /** For `useSyncExternalStore`. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  get shape(): ListShape {
    return this.#shape;
  }

  /** The row now, or undefined if it was never loaded. The object changes only if what is drawn changes. */
  row(id: string): ErrorRow | undefined {
    return this.#rows.get(id);
  }

  /** Whether the row no longer belongs into this view (deleted or changed by somebody else). */
  isGone(id: string): boolean {
    return this.#gone.has(id);
  }

  /** Starts over with a first page. `now` tells new errors from old ones later. */
  reset(page: RowPage, now: number): void {
    this.#rows.clear();
    this.#gone.clear();
    this.#top = [];
    this.#offered = [];
    this.#leaving.clear();
    this.#loadedAt = now;
    for (const row of page.rows) this.#rows.set(row.id, row);
    this.#shape = {
      ...EMPTY,
      ids: page.rows.map((row) => row.id),
      totalCount: page.totalCount,
      totalCountIsExact: page.totalCountIsExact,
      hasNextPage: page.hasNextPage,
      endCursor: page.endCursor,
      loaded: true,
    };
    this.selection.keepOnly(this.#rows);
    this.#emit();
  }

  /** Adds the next page at the end; rows that stand above already (they moved meanwhile) are only brought up to date. */
  append(page: RowPage): void {
    const fresh: string[] = [];
    const pending = new Set(this.#shape.pending);
    for (const row of page.rows) {
      if (this.#leaving.has(row.id)) continue;
      if (!this.#rows.has(row.id) || pending.delete(row.id)) fresh.push(row.id);
      this.#put(row);
    }
    if (pending.size < this.#shape.pending.length) this.#setPending([...pending]);
    this.#shape = {
      ...this.#shape,
      ids: fresh.length === 0 ? this.#shape.ids : this.#shape.ids.concat(fresh),
      totalCount: page.totalCount,
      totalCountIsExact: page.totalCountIsExact,
      // The same place again would be asked for without end.
      hasNextPage: page.hasNextPage && page.endCursor !== this.#shape.endCursor,
      endCursor: page.endCursor,
    };
    this.#emit();
  }

  /** Brings rows up to date in place. Returns the ids that the list does not hold. */
  patch(rows: readonly ErrorRow[], belongs: (row: ErrorRow) => boolean = () => true): string[] {
    const unknown: string[] = [];
    let changed = false;
    for (const row of rows) {
      if (!this.#rows.has(row.id)) {
        unknown.push(row.id);
        continue;
      }
      changed = this.#put(row) || changed;
      const gone = !belongs(row);
      if (gone !== this.#gone.has(row.id)) {
        if (gone) this.#gone.add(row.id);
        else this.#gone.delete(row.id);
        changed = true;
      }
    }
    if (changed) this.#emit();
    return unknown;
  }

  /** Announces errors that belong near the top though a look at it may miss them. Known ones are left alone. */
  offer(rows: readonly ErrorRow[]): void {
    const fresh = rows.filter((row) => !this.#rows.has(row.id) && !this.#leaving.has(row.id));
    if (fresh.length === 0) return;
    for (const row of fresh) this.#rows.set(row.id, row);
    const ids = fresh.map((row) => row.id);
    this.#offered = [...ids, ...this.#offered];
    this.#setPending([...ids, ...this.#shape.pending]);
    this.#emit();
  }

  /** Marks rows that were deleted elsewhere; they stay where they are until the next load. */
  markGone(ids: readonly string[]): void {
    const known = ids.filter((id) => this.#rows.has(id) && !this.#gone.has(id));
    if (known.length === 0 && !ids.some((id) => this.#shape.pending.includes(id))) return;
    for (const id of known) this.#gone.add(id);
    this.#offered = this.#offered.filter((id) => !ids.includes(id));
    this.#setPending(this.#shape.pending.filter((id) => !ids.includes(id)));
    this.#emit();
  }

  /**
   * Takes the server's present first page. Known rows change in place. Rows not yet in the list wait (`pending`), or,
   * with `insert` or in an empty list, come in at once, in the server's order.
   */
  mergeTop(page: RowPage, options: { insert: boolean }): void {
    const wasEmpty = this.#shape.ids.length === 0;
    const rows = page.rows.filter((row) => !this.#leaving.has(row.id));
    for (const row of rows) {
      this.#put(row);
      this.#gone.delete(row.id);
    }
    this.#top = rows.map((row) => row.id);
    const shown = new Set(this.#shape.ids);
    const unseen = this.#top.filter((id) => !shown.has(id));
    this.#offered = this.#offered.filter((id) => !shown.has(id) && !unseen.includes(id));
    this.#setPending([...unseen, ...this.#offered]);
    this.#shape = {
      ...this.#shape,
      totalCount: page.totalCount,
      totalCountIsExact: page.totalCountIsExact,
      pendingOverflow: !wasEmpty && page.hasNextPage && unseen.length >= rows.length,
      ...(wasEmpty ? { hasNextPage: page.hasNextPage, endCursor: page.endCursor } : {}),
    };
    if (wasEmpty || (options.insert && !this.#shape.pendingOverflow)) this.showPending();
    else this.#emit();
  }

  /** Brings in what waits, with the top in the server's order and what left this view taken out. */
  showPending(): void {
    const top = [...new Set([...this.#top, ...this.#offered])].filter((id) => this.#rows.has(id));
    this.#offered = [];
    const first = new Set(top);
    const rest = this.#shape.ids.filter((id) => !first.has(id) && !this.#gone.has(id));
    for (const id of this.#gone) this.#rows.delete(id);
    this.#gone.clear();
    const ids = [...top, ...rest];
    const same = ids.length === this.#shape.ids.length && ids.every((id, index) => id === this.#shape.ids[index]);
    this.#shape = { ...this.#shape, ids: same ? this.#shape.ids : ids, pending: [], pendingNew: 0, pendingOverflow: false };
    this.selection.keepOnly(this.#rows);
    this.#emit();
  }

  /**
   * Takes rows out because of the reader's own act. The active row passes to the next one that stays. Until `settle` or
   * `restore` they do not come back by themselves, though the server may still list them.
   * @returns where they stood
   */
  remove(ids: readonly string[]): Removed {
    const leaving = new Set(ids);
    const places: { row: ErrorRow; index: number }[] = [];
    this.#shape.ids.forEach((id, index) => {
      const row = leaving.has(id) ? this.#rows.get(id) : undefined;
      if (row !== undefined) places.push({ row, index });
    });
    const before = this.selection.active;
    const active = before !== null && leaving.has(before) ? before : null;
    if (places.length === 0) return { places, active: null };
    this.selection.leave(leaving);
    for (const { row } of places) {
      this.#rows.delete(row.id);
      this.#gone.delete(row.id);
      this.#leaving.add(row.id);
    }
    this.#shape = {
      ...this.#shape,
      ids: this.#shape.ids.filter((id) => !leaving.has(id)),
      totalCount: Math.max(0, this.#shape.totalCount - places.length),
    };
    this.#emit();
    return { places, active };
  }

  /** The server has done what took the rows out: if it lists one again, it really is back. */
  settle(removed: Removed): void {
    for (const { row } of removed.places) this.#leaving.delete(row.id);
  }

  /** Puts rows back where {@link remove} took them from (as near as the list has stayed the same). */
  restore(removed: Removed): void {
    this.settle(removed);
    const back = removed.places.filter(({ row }) => !this.#rows.has(row.id));
    if (back.length === 0) return;
    const ids = [...this.#shape.ids];
    for (const { row, index } of back) {
      ids.splice(Math.min(index, ids.length), 0, row.id);
      this.#rows.set(row.id, row);
    }
    this.#shape = { ...this.#shape, ids, totalCount: this.#shape.totalCount + back.length };
    if (removed.active !== null) this.selection.setActive(removed.active);
    this.#emit();
  }

  #put(row: ErrorRow): boolean {
    const before = this.#rows.get(row.id);
    if (before !== undefined && sameRow(before, row)) return false;
    this.#rows.set(row.id, row);
    return true;
  }

  #setPending(pending: readonly string[]): void {
    const pendingNew = pending.filter((id) => (this.#rows.get(id)?.firstSeen ?? 0) > this.#loadedAt).length;
    this.#shape = { ...this.#shape, pending, pendingNew };
  }

  #emit(): void {
    for (const listener of this.#listeners) listener();
  }
}
