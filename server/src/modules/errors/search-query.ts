import type { Compare, IsWord, Pattern, QueryTerm } from '../analysis/query-language.ts';
import { addText } from './search-text.ts';
import { Conditions, escapeLike, likeAnyCase } from './sql-lists.ts';

/** What a term is read against: who asks, and when. */
interface Asking {
  userId: number | null;
  now: number;
}

const IS: Record<IsWord, string> = {
  unresolved: "g.status in ('NEW','ONGOING','ESCALATING','REGRESSED')",
  resolved: "g.status = 'RESOLVED'",
  archived: "g.status = 'ARCHIVED'",
  new: "g.status = 'NEW'",
  regressed: "g.status = 'REGRESSED'",
  escalating: "g.status = 'ESCALATING'",
  ongoing: "g.status = 'ONGOING'",
  assigned: 'g.assignee_id is not null',
  unassigned: 'g.assignee_id is null',
  handled: 'g.handled is true',
  unhandled: 'g.handled is false',
};
const NUMBER = { timesSeen: 'g.event_count', users: 'g.user_count' };
const SEEN = { firstSeen: 'g.first_seen_at', lastSeen: 'g.last_seen_at' };
/** Texts are searched for, names are compared whole. */
const CONTAINED = new Set(['title', 'value', 'culprit']);

/** Writes the conditions of parsed terms over `error_group g`; all must hold. */
export function addQueryTerms(where: Conditions, terms: readonly QueryTerm[], asking: Asking): void {
  for (const term of terms) {
    if (term.kind === 'text') {
      addText(where, term.pattern, term.negated);
      continue;
    }
    const one = new Conditions(where.dialect);
    addTerm(one, term, asking);
    // A condition over a null column is neither true nor false; "not" must mean everything else.
    where.add(term.negated ? `not coalesce((${one.sql}), false)` : one.sql, ...one.params);
  }
}

function addTerm(where: Conditions, term: Exclude<QueryTerm, { kind: 'text' }>, asking: Asking): void {
  switch (term.kind) {
    case 'is':
      where.add(`(${term.values.map((value) => IS[value]).join(' or ')})`);
      return;
    case 'level':
      where.add(`g.level in (${term.levels.map(() => '?').join(',')})`, ...term.levels);
      return;
    case 'project': {
      const { sql, params } = anyPattern(where, 'slug', term.patterns);
      where.add(`g.project_id in (select id from project where ${sql})`, ...params);
      return;
    }
    case 'tag': {
      const { sql, params } = anyPattern(where, 't.value', term.patterns, true);
      where.add(`g.id in (select t.group_id from error_tag t where t.key = ? and (${sql}))`, term.key, ...params);
      return;
    }
    case 'has':
      addHas(where, term.key);
      return;
    case 'assigned':
      addAssigned(where, term.who, asking);
      return;
    case 'column': {
      const contained = CONTAINED.has(term.column);
      const patterns = contained ? term.patterns.map((pattern) => ['', ...pattern, '']) : term.patterns;
      const { sql, params } = anyPattern(where, `coalesce(g.${term.column}, '')`, patterns);
      where.add(`(${sql})`, ...params);
      return;
    }
    case 'reference':
      where.add('(g.number = ? and g.project_id in (select id from project where slug = ?))', term.number, term.slug);
      return;
    case 'number':
      where.add(`${NUMBER[term.field]} ${term.compare} ?`, term.value);
      return;
    case 'ago':
      where.add(`${SEEN[term.field]} ${term.within ? '>=' : '<'} ?`, asking.now - term.milliseconds);
      return;
    case 'moment':
      addMoment(where, SEEN[term.field], term);
      return;
  }
}

function addHas(where: Conditions, key: string): void {
  const name = key.toLowerCase();
  if (name === 'assigned' || name === 'assignee') where.add('g.assignee_id is not null');
  else if (name === 'comment' || name === 'comments') where.add('g.comment_count > 0');
  else where.add('g.id in (select t.group_id from error_tag t where t.key = ?)', name === 'env' ? 'environment' : key);
}

function addAssigned(where: Conditions, who: readonly string[], asking: Asking): void {
  const emails = who.filter((one) => one !== 'me' && one !== 'none');
  const parts = [
    ...(who.includes('none') ? ['g.assignee_id is null'] : []),
    ...(who.includes('me') ? ['g.assignee_id = ?'] : []),
    ...(emails.length > 0
      ? [`g.assignee_id in (select id from app_user where email in (${emails.map(() => '?').join(',')}))`]
      : []),
  ];
  where.add(`(${parts.join(' or ')})`, ...(who.includes('me') ? [asking.userId] : []), ...emails);
}

function addMoment(where: Conditions, column: string, term: { compare: Compare | 'during'; at: number; until: number }): void {
  if (term.compare === 'during') where.add(`(${column} >= ? and ${column} < ?)`, term.at, term.until);
  else if (term.compare === '>') where.add(`${column} >= ?`, term.until);
  else if (term.compare === '<=') where.add(`${column} < ?`, term.until);
  else where.add(`${column} ${term.compare} ?`, term.at);
}

/**
 * `or` over patterns. With `exact` a pattern without a star is compared by `=`, which an index answers; otherwise, and
 * with stars, letters match in any case.
 */
function anyPattern(
  where: Conditions,
  expression: string,
  patterns: readonly Pattern[],
  exact = false,
): { sql: string; params: string[] } {
  const parts = patterns.map((pattern) =>
    exact && pattern.length === 1
      ? { sql: `${expression} = ?`, param: pattern[0] as string }
      : { sql: likeAnyCase(where.dialect, expression), param: pattern.map(escapeLike).join('%') },
  );
  return { sql: parts.map((part) => part.sql).join(' or '), params: parts.map((part) => part.param) };
}
