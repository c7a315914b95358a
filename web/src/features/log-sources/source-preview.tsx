import { useQuery } from '@apollo/client/react';
import { type LogSourceInput, TestLogSourceDocument, type TestLogSourceQuery } from '@errata/schema';
import { useDebouncedValue } from '@mantine/hooks';
import { isRefusal, messageOf } from '../../lib/refusal.ts';
import { ToneBadge } from '../../ui/badges.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { formatBytes, formatWhole } from '../../ui/format.ts';
import classes from './log-sources.module.css';

const some = (count: number, what: string) => `${formatWhole(count)} ${what}${count === 1 ? '' : 's'}`;

/** What the settings would do now: matching files, their last lines, the events these would make. Nothing is kept. */
export function SourcePreview({ projectId, input }: { projectId: string; input: LogSourceInput }) {
  const [settled] = useDebouncedValue(JSON.stringify(input), 400);
  const asked = JSON.parse(settled) as LogSourceInput;
  const isEmpty = asked.globs?.length === 0;
  const isElsewhere = asked.watcher === 'AGENT';
  const { data, previousData, error, loading } = useQuery(TestLogSourceDocument, {
    variables: { projectId, input: asked },
    skip: isEmpty || isElsewhere,
    fetchPolicy: 'no-cache',
  });
  return (
    <section className={classes.preview} aria-label="Preview" aria-busy={loading}>
      <h3>What this would find</h3>
      {isElsewhere ? (
        <p className="er-dim">
          An agent reads these files on another machine. Try it out there:{' '}
          <code>errata tail --once --from 1000 {asked.globs?.[0] ?? '<files>'}</code>
        </p>
      ) : isEmpty ? (
        <p className="er-dim">Name files, and you see here what is in them before anything is saved.</p>
      ) : error !== undefined ? (
        <p className={classes.warn} role="alert">
          {messageOf(error)}
        </p>
      ) : (
        <Found test={(data ?? previousData)?.testLogSource} />
      )}
    </section>
  );
}

type Answer = TestLogSourceQuery['testLogSource'];

function Found({ test }: { test: Answer | undefined }) {
  if (test === undefined) return <p className="er-dim">Looking…</p>;
  if (isRefusal(test)) {
    return (
      <p className={classes.warn} role="alert">
        {test.message}
      </p>
    );
  }
  const { fileCount, files, sample, lines, eventCount, events, problems } = test;
  return (
    <>
      <p aria-live="polite">
        <strong>{some(fileCount, 'file')}</strong>
        {lines > 0 && (
          <>
            {' '}
            and in {fileCount === 1 ? 'its' : 'their'} last {some(lines, 'line')} <strong>{some(eventCount, 'event')}</strong>
          </>
        )}
        .
      </p>
      {problems.length > 0 && (
        <ul className={`${classes.list} ${classes.warn}`}>
          {problems.map(({ code, message, path }) => (
            <li key={`${code} ${path}`}>{message}</li>
          ))}
        </ul>
      )}
      {files.length > 0 && (
        <ul className={classes.list}>
          {files.slice(0, 6).map(({ path, sizeBytes, wrapper, encoding, problem }) => (
            <li key={path}>
              <span className={classes.path}>{path}</span>{' '}
              <span className={problem === null || problem === undefined ? 'er-dim' : classes.warn}>
                {problem ?? [formatBytes(sizeBytes), wrapper, encoding].filter(Boolean).join(' · ')}
              </span>
            </li>
          ))}
          {fileCount > 6 && <li className="er-dim">and {some(fileCount - 6, 'more file')}</li>}
        </ul>
      )}
      {events.length > 0 && (
        <ul className={classes.list} aria-label="Events">
          {events.slice(0, 8).map(({ path, line, title, level, frameCount, pattern }) => (
            <li key={`${path} ${line} ${title}`}>
              <ToneBadge tone={level === 'fatal' || level === 'error' ? 'red' : 'amber'}>{level}</ToneBadge> {title}{' '}
              <span className="er-dim">
                {frameCount > 0 ? some(frameCount, 'frame') : 'one line'}
                {pattern !== null && pattern !== undefined && ', by a pattern'}
              </span>
            </li>
          ))}
        </ul>
      )}
      {sample.length > 0 && <CodeBlock title="Last lines of the newest file" code={sample.join('\n')} maxHeight="14rem" />}
    </>
  );
}
