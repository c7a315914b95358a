import type { ErrorList, RowPage } from './error-list.ts';

/** Where rows come from: one page of at most `first` rows behind `after` (null: from the top). Rejects when it cannot. */
export type PageSource = (after: string | null, first: number) => Promise<RowPage>;

/** What the loader is doing; `failed` and `failedMore` keep the reason. */
export type LoaderState =
  | { phase: 'idle' }
  | { phase: 'loading' }
  | { phase: 'more' }
  | { phase: 'failed'; error: unknown }
  | { phase: 'failedMore'; error: unknown };

/** Rows of the first page: what a screen shows and a little more, so that the first paint is quick. */
export const FIRST_PAGE = 50;
/** Rows of the following pages; the server gives at most 250. */
export const NEXT_PAGE = 200;

/**
 * Fills an {@link ErrorList}: first page, following pages, and a look at the top when something changed. Answers of a
 * question that is no longer asked are dropped.
 */
export class ListLoader {
  readonly #list: ErrorList;
  readonly #source: PageSource;
  readonly #now: () => number;
  readonly #listeners = new Set<() => void>();
  #state: LoaderState = { phase: 'idle' };
  #round = 0;
  #peeking: Promise<void> | undefined;

  constructor(list: ErrorList, source: PageSource, now: () => number) {
    this.#list = list;
    this.#source = source;
    this.#now = now;
  }

  /** For `useSyncExternalStore`. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  get state(): LoaderState {
    return this.#state;
  }

  /** Loads from the top and replaces everything shown. */
  async load(): Promise<void> {
    const round = ++this.#round;
    this.#set({ phase: 'loading' });
    try {
      const page = await this.#source(null, FIRST_PAGE);
      if (round !== this.#round) return;
      this.#list.reset(page, this.#now());
      this.#set({ phase: 'idle' });
    } catch (error) {
      if (round === this.#round) this.#set({ phase: 'failed', error });
    }
  }

  /** Loads the next page, unless that is under way already or there is none. */
  async more(): Promise<void> {
    const { hasNextPage, endCursor, loaded } = this.#list.shape;
    if (!loaded || !hasNextPage || this.#state.phase === 'loading' || this.#state.phase === 'more') return;
    const round = this.#round;
    this.#set({ phase: 'more' });
    try {
      const page = await this.#source(endCursor, NEXT_PAGE);
      if (round !== this.#round) return;
      this.#list.append(page);
      this.#set({ phase: 'idle' });
    } catch (error) {
      if (round === this.#round) this.#set({ phase: 'failedMore', error });
    }
  }

  /**
   * Looks at the top as it is now: known rows change in place, new ones wait, or come in when `mayInsert` says so at that
   * moment. Only one look at a time; a failing one is silent, since the connection state tells about that.
   */
  peek(mayInsert: () => boolean): Promise<void> {
    this.#peeking ??= this.#peek(mayInsert).finally(() => {
      this.#peeking = undefined;
    });
    return this.#peeking;
  }

  async #peek(mayInsert: () => boolean): Promise<void> {
    if (!this.#list.shape.loaded) return;
    const round = this.#round;
    try {
      const page = await this.#source(null, FIRST_PAGE);
      if (round !== this.#round) return;
      const insert = mayInsert();
      this.#list.mergeTop(page, { insert });
      // Nobody is looking at a row, and the old ones would stand behind a gap.
      if (insert && this.#list.shape.pendingOverflow) this.#list.reset(page, this.#now());
    } catch {
      // What is shown stays; the next change looks again.
    }
  }

  #set(state: LoaderState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
