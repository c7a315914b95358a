import { useQuery } from '@apollo/client/react';
import { PatternSourcesDocument, RecordedLinesDocument } from '@errata/schema';
import { Button, Select, Textarea } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { messageOf } from '../../lib/refusal.ts';
import { FormProblem } from '../../ui/form.tsx';
import { formatWhole } from '../../ui/format.ts';
import { Panel } from '../../ui/page.tsx';
import { EmptyState } from '../../ui/states.tsx';
import shared from './patterns.module.css';
import { TestHitDetail } from './test-hit.tsx';
import { TestLines } from './test-lines.tsx';
import classes from './try-panel.module.css';
import type { TestState } from './use-test.ts';

const SHOWN_HITS = 20;

/** The lines to try on: those kept with the pattern, or the latest of a log source. */
export function LinesPanel({
  slug,
  projectId,
  sample,
  sourceId,
  mayRead,
  readOnly,
  onSample,
  onSource,
}: {
  slug: string;
  projectId: string;
  sample: string;
  sourceId: string | null;
  /** Recorded lines are not scrubbed: only for those who may write. */
  mayRead: boolean;
  readOnly: boolean;
  onSample: (text: string) => void;
  onSource: (id: string | null) => void;
}) {
  const { data } = useQuery(PatternSourcesDocument, { variables: { slug }, skip: !mayRead });
  const recorded = useQuery(RecordedLinesDocument, {
    variables: { projectId, sourceId: sourceId ?? '' },
    skip: sourceId === null,
    fetchPolicy: 'no-cache',
  });
  const sources = data?.project?.logSources ?? [];
  const lines = recorded.data?.recordedLines;
  return (
    <Panel
      title="Sample"
      note="kept with the pattern"
      actions={
        sources.length > 0 && (
          <Select
            size="xs"
            aria-label="Count over the last day of a log source"
            placeholder="Count over a log source"
            clearable
            data={sources.map(({ id, name }) => ({ value: String(id), label: name }))}
            value={sourceId}
            onChange={onSource}
          />
        )
      }
    >
      <Textarea
        aria-label="Sample lines"
        autosize
        minRows={4}
        maxRows={10}
        spellCheck={false}
        readOnly={readOnly}
        classNames={{ input: shared.mono ?? '' }}
        placeholder="Paste some lines of the log: those that should match, and some that should not."
        value={sample}
        onChange={(event) => onSample(event.currentTarget.value)}
      />
      {sourceId !== null && (
        <div className={classes.recorded}>
          <FormProblem>{recorded.error === undefined ? null : messageOf(recorded.error)}</FormProblem>
          {lines?.length === 0 && <span className={shared.hint}>This source has had no lines in the last day.</span>}
          {lines !== undefined && lines.length > 0 && !readOnly && (
            <Button
              size="compact-xs"
              variant="default"
              leftSection={<IconRefresh size={13} />}
              onClick={() => onSample(lastOf(lines))}
            >
              Use its latest lines as the sample
            </Button>
          )}
        </div>
      )}
    </Panel>
  );
}

/** As many of the last lines as a sample holds. */
function lastOf(lines: readonly string[]): string {
  let text = '';
  for (const line of lines.slice(-60).toReversed()) {
    if (text.length + line.length > 7_500) break;
    text = text === '' ? line : `${line}\n${text}`;
  }
  return text;
}

/** What a try has shown. */
export function ResultPanel({ state, expression }: { state: TestState; expression: string }) {
  const { test, faults, problem, busy } = state;
  const run = test?.pasted ?? null;
  const stale = busy || faults.length > 0;
  return (
    <Panel title="What it finds" note={<Summary state={state} />}>
      <FormProblem>{problem}</FormProblem>
      {expression.trim() === '' || run === null ? (
        <EmptyState compact title={expression.trim() === '' ? 'No expression yet' : faults.length > 0 ? 'Not yet' : 'Trying…'}>
          {faults.length > 0 ? faults[0]?.message : 'What matches is shown here as you type.'}
        </EmptyState>
      ) : (
        <div className={classes.result} data-stale={stale || undefined} aria-busy={busy}>
          <TestLines text={state.text} found={run.lines} hits={run.hits} />
          {run.hits.slice(0, SHOWN_HITS).map((hit) => (
            <TestHitDetail key={hit.first} hit={hit} />
          ))}
          {run.hitCount > SHOWN_HITS && <p className={shared.hint}>and {formatWhole(run.hitCount - SHOWN_HITS)} more.</p>}
        </div>
      )}
    </Panel>
  );
}

function Summary({ state: { test } }: { state: TestState }) {
  if (test === null) return null;
  const { pasted, recorded } = test;
  const parts: string[] = [];
  if (pasted !== null)
    parts.push(
      pasted.hitCount === 0
        ? 'no hit in the sample'
        : `${formatWhole(pasted.hitCount)} ${pasted.hitCount === 1 ? 'hit' : 'hits'} in the sample`,
    );
  if (recorded !== null)
    parts.push(
      `${formatWhole(recorded.hitCount)} in ${formatWhole(recorded.lineCount)} lines of the last day${recorded.complete ? '' : ', as far as was looked'}`,
    );
  if (recorded !== null && recorded.matchCount > recorded.hitCount)
    parts.push(`${formatWhole(recorded.matchCount - recorded.hitCount)} more match, but belong to another pattern or hit`);
  return <span role="status">{parts.join(' · ')}</span>;
}
