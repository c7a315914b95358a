/** A row of a list and its place there. */
interface Edge<Row> {
  readonly node: Row;
  readonly cursor: string;
}

/** One page of a list, Relay's shape. */
export interface Page<Row> {
  edges: Edge<Row>[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
}

/** Makes its cursor when somebody asks for it. */
class PageEdge<Row> implements Edge<Row> {
  readonly node: Row;
  readonly #cursorOf: (row: Row) => string;

  constructor(node: Row, cursorOf: (row: Row) => string) {
    this.node = node;
    this.#cursorOf = cursorOf;
  }

  get cursor(): string {
    return this.#cursorOf(this.node);
  }
}

/** A page that can say how many rows the whole list has. */
export interface CountedPage<Row> extends Page<Row> {
  /** Counts once, however often it is called. */
  countAll(): Promise<number>;
}

/** How a page was read. */
interface PageShape<Row> {
  /** Most rows of it. */
  size: number;
  /** The place that it begins after; undefined: it is the first. */
  after: unknown;
  cursorOf(row: Row): string;
}

/** @param rows in order, one more than the page holds if there are more */
export function pageOf<Row>(rows: readonly Row[], { size, after, cursorOf }: PageShape<Row>): Page<Row> {
  const edges = rows.slice(0, size).map((row) => new PageEdge(row, cursorOf));
  return {
    edges,
    pageInfo: {
      hasNextPage: rows.length > size,
      hasPreviousPage: after !== undefined,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

/** @param count asked only when the page is not the whole list */
export function countedPageOf<Row>(rows: readonly Row[], shape: PageShape<Row>, count: () => Promise<number>): CountedPage<Row> {
  const isWhole = shape.after === undefined && rows.length <= shape.size;
  let counting = isWhole ? Promise.resolve(rows.length) : undefined;
  return {
    ...pageOf(rows, shape),
    countAll() {
      counting ??= count();
      return counting;
    },
  };
}

/** Of a list in which nothing is in sight. */
export const EMPTY_PAGE: CountedPage<never> = countedPageOf([], { size: 0, after: undefined, cursorOf: () => '' }, async () => 0);
