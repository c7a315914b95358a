import type { Clock } from '../../platform/clock.ts';
import type { Sql, SqlValue } from '../../platform/db/sql.ts';
import type { Actor } from '../access/actor.ts';
import { decodeCursor, encodeCursor, pageSize } from './cursor.ts';
import type { ErrorOrderField, OrderDirection } from './enums.types.ts';
import { GROUP_COLUMNS, type GroupRow } from './group-row.ts';
import { type CountedPage, countedPageOf, EMPTY_PAGE, type Page } from './page.ts';
import { addSearch, type ErrorFilterInput } from './search-filter.ts';
import { Conditions, countUpTo } from './sql-lists.ts';

/** What a list of errors is asked for. */
export interface ListQuery {
  filter?: ErrorFilterInput | null | undefined;
  /** In the search language of `analysis/query-language.ts`. */
  query?: string | null | undefined;
  orderBy?: { field: ErrorOrderField; direction: OrderDirection } | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}

type OrderedField = 'lastSeen' | 'firstSeen' | 'eventCount' | 'userCount';

/** One page of errors; its count is exact up to {@link COUNT_LIMIT}. */
export interface GroupPage extends Page<GroupRow> {
  countAll(): Promise<{ count: number; exact: boolean }>;
}

/** Lists are counted exactly up to here. */
const COUNT_LIMIT = 10_000;

const ORDERS: Record<ErrorOrderField, { column: string; field: OrderedField }> = {
  'last-seen': { column: 'last_seen_at', field: 'lastSeen' },
  'first-seen': { column: 'first_seen_at', field: 'firstSeen' },
  'event-count': { column: 'event_count', field: 'eventCount' },
  'user-count': { column: 'user_count', field: 'userCount' },
};

/** The errors list: filtered, ordered, paged by key (never by offset), straight from prepared SQL. */
export class ErrorListService {
  readonly #read: Sql;
  readonly #clock: Clock;

  constructor(deps: { read: Sql; clock: Clock }) {
    this.#read = deps.read;
    this.#clock = deps.clock;
  }

  /**
   * @throws Failure FORBIDDEN without errors:read; BAD_INPUT for a query, cursor or page size that cannot be.
   */
  async list(actor: Actor, asked: ListQuery): Promise<GroupPage> {
    actor.demand('errors:read');
    const size = pageSize(asked.first);
    const { field, direction } = asked.orderBy ?? { field: 'last-seen', direction: 'desc' };
    const order = ORDERS[field];
    const kind = `${field}-${direction}`;
    const after = asked.after ? decodeCursor(kind, asked.after) : undefined;
    const matching = new Conditions(this.#read.dialect);
    const scope = addSearch(matching, actor, this.#clock.now(), asked.filter, asked.query);
    if (scope.kind === 'none') return withExactness(EMPTY_PAGE);

    const params: SqlValue[] = [...matching.params];
    let where = matching.sql;
    if (after) {
      where += ` and (g.${order.column}, g.id) ${direction === 'desc' ? '<' : '>'} (?, ?)`;
      params.push(after.value, after.id);
    }
    params.push(size + 1);
    // The page is found over narrow rows first: a sort then never carries the texts of all that match.
    const rows = await this.#read.all<GroupRow>(
      `select ${GROUP_COLUMNS} from (
         select g.id as page_id from error_group g where ${where}
         order by g.${order.column} ${direction}, g.id ${direction} limit ?) as page
       cross join error_group g cross join project p where g.id = page.page_id and p.id = g.project_id`,
      params,
    );
    // Nothing promises the outer rows the order of the inner ones, though they mostly have it.
    const sign = direction === 'desc' ? -1 : 1;
    rows.sort((a, b) => sign * (a[order.field] - b[order.field] || a.id - b.id));
    const cursorOf = (row: GroupRow) => encodeCursor(kind, row[order.field], row.id);
    const count = () => countUpTo(this.#read, COUNT_LIMIT + 1, `error_group g where ${matching.sql}`, matching.params);
    return withExactness(countedPageOf(rows, { size, after, cursorOf }, count));
  }
}

function withExactness(page: CountedPage<GroupRow>): GroupPage {
  return {
    ...page,
    async countAll() {
      const n = await page.countAll();
      return { count: Math.min(n, COUNT_LIMIT), exact: n <= COUNT_LIMIT };
    },
  };
}
