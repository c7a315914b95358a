import type { ErrorList } from './error-list.ts';
import type { RowFactory } from './error-row.ts';
import { type ErrorsSearch, type ErrorsView, searchOf } from './errors-search.ts';
import type { ListLoader } from './list-loader.ts';

/** A list with everything that belongs to it. */
export interface OpenList {
  /** Says which question the list answers; another key is another list. */
  key: string;
  view: ErrorsView;
  list: ErrorList;
  loader: ListLoader;
  rows: RowFactory;
  /** Where the reader had scrolled to, in pixels. */
  scrollTop: number;
}

/**
 * The last list of the page is kept when the reader opens an error, so that Back shows it as it was: same place, same
 * ticks. One is enough; an older one is dropped.
 */
let kept: OpenList | undefined;

/** The list kept for a key, or undefined. */
export function keptList(key: string): OpenList | undefined {
  return kept?.key === key ? kept : undefined;
}

/** The list kept, whichever it is: acts on an error page change its row too. */
export function currentList(): OpenList | undefined {
  return kept;
}

/** Keeps a list in the place of the former. */
export function keepList(open: OpenList | undefined): void {
  kept = open;
}

/** The address of the list that one came from, or of the list without filters. */
export function listSearch(): ErrorsSearch {
  return kept === undefined ? {} : searchOf(kept.view);
}
