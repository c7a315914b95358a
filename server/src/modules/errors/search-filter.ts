import { Failure } from '../../platform/errors.ts';
import type { Actor } from '../access/actor.ts';
import { parseQuery } from '../analysis/query-language.ts';
import type { Level } from '../detection/normalized-event.ts';
import type { ErrorStatus } from './error-group.entity.ts';
import { addQueryTerms } from './search-query.ts';
import { addText } from './search-text.ts';
import type { Conditions } from './sql-lists.ts';
import { addScope, parseIds, type Scope, scopeOf } from './visibility.ts';

/** What a list of errors is narrowed by; the parts must all hold, the values of one part are alternatives. */
export interface ErrorFilterInput {
  projectIds?: string[] | null;
  status?: ErrorStatus[] | null;
  level?: Level[] | null;
  environment?: string[] | null;
  release?: string[] | null;
  /** User ids, `me` or `none`. */
  assignee?: string[] | null;
  /** Last seen at or after. */
  seenFrom?: Date | null;
  /** First seen before. */
  seenTo?: Date | null;
  text?: string | null;
}

/** Longest text looked for, and most words of it. */
const MAX_TEXT = 500;
const MAX_WORDS = 20;
const MAX_CHOICES = 100;

/**
 * Writes the conditions of a filter and a query over `error_group g`, visibility first: what the actor may not see is
 * never counted, listed or changed. Answers the scope; `none` means that nothing can match.
 * @throws Failure BAD_INPUT for a query that cannot be read (with its position) and for senseless values
 */
export function addSearch(
  where: Conditions,
  actor: Actor,
  now: number,
  filter: ErrorFilterInput | null | undefined,
  query?: string | null,
): Scope {
  const scope = scopeOf(actor, filter?.projectIds);
  addScope(where, scope, 'g.project_id');
  where.add('g.deleted_at is null');
  if (filter) addFilter(where, actor, filter);
  if (filter?.seenFrom) where.add('g.last_seen_at >= ?', filter.seenFrom.getTime());
  if (filter?.seenTo) where.add('g.first_seen_at < ?', filter.seenTo.getTime());
  if (query) {
    const parsed = parseQuery(query);
    if (!parsed.ok) {
      const { message, position } = parsed.fault;
      throw new Failure('BAD_INPUT', `${message} (at character ${position + 1})`, { details: { field: 'query', position } });
    }
    addQueryTerms(where, parsed.terms, { userId: actor.userId, now });
  }
  return scope;
}

/** The parts of a filter that are about the error itself, not about time or project. */
export function addFilter(where: Conditions, actor: Pick<Actor, 'userId'>, filter: ErrorFilterInput): void {
  addChoice(where, 'g.status', filter.status, 'status');
  addChoice(where, 'g.level', filter.level, 'level');
  addTagChoice(where, 'environment', filter.environment);
  addTagChoice(where, 'release', filter.release);
  addAssignees(where, actor, filter.assignee);
  for (const word of wordsOf(filter.text)) addText(where, [word]);
}

/** The words of a free text. @throws Failure BAD_INPUT when it is too long. */
export function wordsOf(text: string | null | undefined): string[] {
  const words = (text ?? '').split(/\s+/).filter(Boolean);
  if ((text ?? '').length > MAX_TEXT || words.length > MAX_WORDS)
    throw new Failure('BAD_INPUT', `text: at most ${MAX_WORDS} words and ${MAX_TEXT} characters.`, {
      details: { field: 'text' },
    });
  return words;
}

function addChoice(where: Conditions, column: string, values: readonly string[] | null | undefined, field: string): void {
  if (values == null) return;
  checkChoices(values, field);
  where.add(values.length === 0 ? '1 = 0' : `${column} in (${values.map(() => '?').join(',')})`, ...values);
}

function addTagChoice(where: Conditions, key: string, values: readonly string[] | null | undefined): void {
  if (values == null) return;
  checkChoices(values, key);
  if (values.length === 0) where.add('1 = 0');
  else
    where.add(
      `g.id in (select t.group_id from error_tag t where t.key = '${key}' and t.value in (${values.map(() => '?').join(',')}))`,
      ...values,
    );
}

function addAssignees(where: Conditions, actor: Pick<Actor, 'userId'>, values: readonly string[] | null | undefined): void {
  if (values == null) return;
  checkChoices(values, 'assignee');
  const ids = parseIds(
    values.filter((value) => value !== 'me' && value !== 'none'),
    'assignee',
  );
  if (values.includes('me') && actor.userId !== null) ids.push(actor.userId);
  const parts = [
    ...(values.includes('none') ? ['g.assignee_id is null'] : []),
    ...(ids.length > 0 ? [`g.assignee_id in (${ids.map(() => '?').join(',')})`] : []),
  ];
  where.add(parts.length === 0 ? '1 = 0' : `(${parts.join(' or ')})`, ...ids);
}

function checkChoices(values: readonly string[], field: string): void {
  if (values.length > MAX_CHOICES)
    throw new Failure('BAD_INPUT', `${field}: at most ${MAX_CHOICES} values.`, { details: { field } });
}
