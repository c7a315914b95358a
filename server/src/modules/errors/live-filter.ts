import { Failure } from '../../platform/errors.ts';
import type { Actor } from '../access/actor.ts';
import { type Pattern, parseQuery, type QueryTerm } from '../analysis/query-language.ts';
import type { EventFact } from './facts.ts';
import { type ErrorFilterInput, wordsOf } from './search-filter.ts';
import { parseIds } from './visibility.ts';

/** Decides whether an arriving event is shown; cheap, without reads. */
export type FactFilter = (fact: EventFact) => boolean;

/**
 * Which events a subscription shows: those of projects in sight that the filter's projects, level, environment, release,
 * time and text let through, and that satisfy the query. The filter's status and assignee belong to the error, not to an
 * arriving event, and are ignored; such terms of a query are refused.
 * @param slugs of all projects, for `project:` terms
 * @throws Failure BAD_INPUT
 */
export function factFilter(
  actor: Actor,
  filter: ErrorFilterInput | null | undefined,
  query?: string | null,
  slugs: ReadonlyMap<number, string> = new Map(),
): FactFilter {
  const tests: FactFilter[] = [(fact) => actor.can('errors:read', fact.projectId)];
  if (filter?.projectIds != null) {
    const ids = new Set(parseIds(filter.projectIds, 'projectIds'));
    tests.push((fact) => ids.has(fact.projectId));
  }
  addChoice(tests, filter?.level, (fact) => fact.level);
  addChoice(tests, filter?.environment, (fact) => fact.environment);
  addChoice(tests, filter?.release, (fact) => fact.release);
  const from = filter?.seenFrom?.getTime();
  const until = filter?.seenTo?.getTime();
  if (from !== undefined) tests.push((fact) => fact.timestamp >= from);
  if (until !== undefined) tests.push((fact) => fact.timestamp < until);
  for (const word of wordsOf(filter?.text)) tests.push(contains([word]));
  if (query) {
    const parsed = parseQuery(query);
    if (!parsed.ok) throw badQuery(parsed.fault.message, parsed.fault.position);
    for (const term of parsed.terms) {
      const test = testOf(term, slugs);
      tests.push(term.negated ? (fact) => !test(fact) : test);
    }
  }
  return (fact) => tests.every((test) => test(fact));
}

function addChoice(
  tests: FactFilter[],
  values: readonly string[] | null | undefined,
  of: (fact: EventFact) => string | null,
): void {
  if (values == null) return;
  const wanted = new Set<string | null>(values);
  tests.push((fact) => wanted.has(of(fact)));
}

function testOf(term: QueryTerm, slugs: ReadonlyMap<number, string>): FactFilter {
  switch (term.kind) {
    case 'text':
      return contains(term.pattern);
    case 'level':
      return (fact) => term.levels.includes(fact.level);
    case 'project':
      return matches(term.patterns, (fact) => slugs.get(fact.projectId) ?? '');
    case 'is':
      if (!term.values.every((value) => value === 'new' || value === 'regressed')) break;
      return (fact) => (term.values.includes('new') && fact.isNew) || (term.values.includes('regressed') && fact.isRegression);
    case 'tag':
      if (term.key === 'environment') return matches(term.patterns, (fact) => fact.environment ?? '', true);
      if (term.key === 'release') return matches(term.patterns, (fact) => fact.release ?? '', true);
      break;
    case 'has':
      if (term.key === 'environment' || term.key === 'env') return (fact) => fact.environment !== null;
      if (term.key === 'release') return (fact) => fact.release !== null;
      break;
    case 'column':
      if (term.column === 'culprit')
        return either(term.patterns.map((pattern) => contains(pattern, (fact) => fact.culprit ?? '')));
      // The title holds type and message, as much of them as arrives with the event.
      if (term.column === 'title' || term.column === 'value')
        return either(term.patterns.map((pattern) => contains(pattern, (fact) => fact.title)));
      break;
    default:
  }
  throw badQuery('A live stream of events cannot be asked this', term.position);
}

const either =
  (tests: readonly FactFilter[]): FactFilter =>
  (fact) =>
    tests.some((test) => test(fact));

const titleAndCulprit = (fact: EventFact): string => `${fact.title}\n${fact.culprit ?? ''}`;

/** Whether the pieces stand in the text in their order, in any case of letters. */
function contains(pattern: Pattern, of: (fact: EventFact) => string = titleAndCulprit): FactFilter {
  const pieces = pattern.map((piece) => piece.toLowerCase());
  return (fact) => {
    const text = of(fact).toLowerCase();
    let at = 0;
    for (const piece of pieces) {
      const found = text.indexOf(piece, at);
      if (found < 0) return false;
      at = found + piece.length;
    }
    return true;
  };
}

/** Whether the whole text matches one of the patterns; letters in any case, unless `exact` and without a star. */
function matches(patterns: readonly Pattern[], of: (fact: EventFact) => string, exact = false): FactFilter {
  const tests = patterns.map((pattern) => {
    if (exact && pattern.length === 1) return (text: string) => text === pattern[0];
    const expression = new RegExp(`^${pattern.map(escapeRegExp).join('[^]*')}$`, 'i');
    return (text: string) => expression.test(text);
  });
  return (fact) => {
    const text = of(fact);
    return tests.some((test) => test(text));
  };
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function badQuery(message: string, position: number): Failure {
  return new Failure('BAD_INPUT', `${message} (at character ${position + 1})`, { details: { field: 'query', position } });
}
