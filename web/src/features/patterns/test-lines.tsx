import type { ReactNode } from 'react';
import classes from './test-lines.module.css';
import type { TestHit, TestLine } from './use-test.ts';

/** One line with what was found in it marked: the match, and in it the fields. */
function marked(text: string, found: TestLine): ReactNode[] {
  const parts: ReactNode[] = [text.slice(0, found.start)];
  let at = found.start;
  const spans = found.spans.toSorted((a, b) => a.start - b.start || b.end - a.end);
  for (const { name, start, end } of spans) {
    if (start < at) continue; // inside of another field
    parts.push(
      <span key={`${at}-`} className={classes.matched}>
        {text.slice(at, start)}
      </span>,
    );
    parts.push(
      <mark key={start} className={classes.field} title={name}>
        {text.slice(start, end)}
      </mark>,
    );
    at = end;
  }
  parts.push(
    <span key="rest" className={classes.matched}>
      {text.slice(at, found.end)}
    </span>,
    text.slice(found.end),
  );
  return parts;
}

/** Lines as a watcher reads them: numbered, matches marked, the lines of one hit with a bar beside them. */
export function TestLines({ text, found, hits }: { text: string; found: readonly TestLine[]; hits: readonly TestHit[] }) {
  const byLine = new Map(found.map((line) => [line.line, line]));
  const lines = text.split(/\r\n|\n|\r/);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
    <section className={classes.lines} tabIndex={0} aria-label="Lines, with what matches">
      {lines.map((line, index) => {
        const hit = hits.find(({ first, last }) => first <= index && index <= last);
        const match = byLine.get(index);
        const part =
          hit === undefined
            ? undefined
            : hit.first === hit.last
              ? 'only'
              : index === hit.first
                ? 'first'
                : index === hit.last
                  ? 'last'
                  : 'middle';
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is its number
          <div key={index} className={classes.line} data-part={part} data-ignored={hit?.ignored || undefined}>
            <span className={classes.number}>{index + 1}</span>
            <code>{match === undefined ? line || ' ' : marked(line, match)}</code>
            {match !== undefined && match.takenBy !== null && <span className={classes.taken}>has “{match.takenBy}”</span>}
          </div>
        );
      })}
    </section>
  );
}
