import { useQuery } from '@apollo/client/react';
import { TestPatternDocument, type TestPatternQuery } from '@errata/schema';
import { useDebouncedValue } from '@mantine/hooks';
import { messageOf } from '../../lib/refusal.ts';
import { type Draft, type Fault, inputOf } from './draft.ts';

type Answer = TestPatternQuery['testPattern'];
/** What came of trying a pattern. */
export type PatternTest = Extract<Answer, { __typename: 'PatternTest' }>;
/** A hit of it. */
export type TestHit = NonNullable<PatternTest['pasted']>['hits'][number];
/** A line in which the expression was found. */
export type TestLine = NonNullable<PatternTest['pasted']>['lines'][number];

/** A draft tried on lines as it is typed. */
export interface TestState {
  /** The last one that held; stays while the next is on its way. */
  test: PatternTest | null;
  /** The lines that `test` is about. */
  text: string;
  /** What is wrong with the draft as it is now. */
  faults: readonly Fault[];
  problem: string | null;
  busy: boolean;
}

const PAUSE_MS = 300;

/** Tries a draft on lines, and counts it over a source's last day when one is given; waits for a pause in typing. */
export function useTest(
  projectId: string,
  patternId: string | null,
  draft: Draft,
  text: string,
  sourceId: string | null,
): TestState {
  // What has no bearing on matching must not ask again.
  const { name: _, description: __, sample: ___, enabled: ____, ...rest } = draft;
  const now = JSON.stringify({ rest, text, sourceId });
  const [settled] = useDebouncedValue(now, PAUSE_MS);
  const asked = JSON.parse(settled) as { rest: typeof rest; text: string; sourceId: string | null };
  const input = inputOf({ ...asked.rest, name: 'draft', description: '', sample: '', enabled: true });
  const { data, previousData, error, loading } = useQuery(TestPatternDocument, {
    variables: { input: { projectId, patternId, text: asked.text, sourceId: asked.sourceId, pattern: input } },
    fetchPolicy: 'network-only',
    nextFetchPolicy: 'cache-first',
    skip: asked.rest.expression.trim() === '',
  });
  const answer = data?.testPattern;
  const known = answer ?? previousData?.testPattern;
  return {
    test: known?.__typename === 'PatternTest' ? known : null,
    text: asked.text,
    faults: answer?.__typename === 'PatternRefusal' ? answer.faults : [],
    problem:
      error !== undefined
        ? messageOf(error)
        : answer?.__typename === 'ValidationRefusal' || answer?.__typename === 'NotFoundRefusal'
          ? answer.message
          : null,
    busy: loading || now !== settled,
  };
}
