import { IconChevronRight } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { allFactsOf, FactTable } from './fact-table.tsx';
import { type FrameOrder, foldFrames, hasDetails, placeOf, type StackFrame, type StackItem, sourceLines } from './frames.ts';
import { HostileText } from './hostile-text.tsx';
import classes from './stack-frames.module.css';

/** The frames of one stack. `all` shows also what is folded. */
export function StackFrames({ frames, order, all }: { frames: readonly StackFrame[]; order: FrameOrder; all: boolean }) {
  const items = useMemo(() => foldFrames(frames, order), [frames, order]);
  const [unfolded, setUnfolded] = useState<ReadonlySet<number>>(new Set());
  return (
    <ol className={classes.frames}>
      {items.map((item) => {
        if (item.kind === 'frame') return <Frame key={item.index} item={item} />;
        if (all || unfolded.has(item.index)) {
          const inside = order === 'recent' ? item.frames.toReversed() : item.frames;
          return inside.map(({ frame, index }) => (
            <Frame key={index} item={{ kind: 'frame', frame, index, crashing: false, open: false, repeats: 1 }} />
          ));
        }
        return (
          <li key={item.index}>
            <button type="button" className={classes.fold} onClick={() => setUnfolded(new Set([...unfolded, item.index]))}>
              <HostileText text={item.label} /> – <span className={classes.show}>show</span>
            </button>
          </li>
        );
      })}
    </ol>
  );
}

function Frame({ item: { frame, crashing, open: openAtFirst, repeats } }: { item: Extract<StackItem, { kind: 'frame' }> }) {
  const [open, setOpen] = useState(openAtFirst);
  const details = hasDetails(frame);
  const place = placeOf(frame);
  const line = (
    <>
      <IconChevronRight
        size={13}
        className={classes.arrow}
        data-open={(open && details) || undefined}
        data-none={!details || undefined}
        aria-hidden
      />
      <span className={classes.call}>
        <HostileText text={frame.function ?? '<anonymous>'} className={classes.function} />
        {place === null ? null : (
          <span className={classes.place} title={frame.absPath ?? undefined}>
            <HostileText text={place} />
          </span>
        )}
      </span>
      {repeats > 1 ? <span className={classes.repeats}>{repeats} times in a row</span> : null}
      {crashing ? <span className={classes.crash}>thrown here</span> : null}
      {frame.inApp ? <span className={classes.inApp}>in app</span> : null}
    </>
  );
  return (
    <li className={`${classes.frame} ${frame.inApp ? '' : classes.system}`}>
      {details ? (
        <button type="button" className={classes.line} aria-expanded={open} onClick={() => setOpen(!open)}>
          {line}
        </button>
      ) : (
        <div className={classes.line}>{line}</div>
      )}
      {open && details ? <FrameDetails frame={frame} /> : null}
    </li>
  );
}

function FrameDetails({ frame }: { frame: StackFrame }) {
  const lines = sourceLines(frame);
  const vars = allFactsOf(frame.vars);
  return (
    <div className={classes.details}>
      {lines.length === 0 ? null : (
        <pre className={classes.source}>
          <code>
            {lines.map(({ number, text, crashing }, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: lines of a source stay where they are
              <span key={index} className={crashing ? classes.crashLine : classes.codeLine}>
                <span className={classes.number} aria-hidden={number === null}>
                  {number ?? ''}
                </span>
                <HostileText text={text === '' ? ' ' : text} />
              </span>
            ))}
          </code>
        </pre>
      )}
      {vars.length === 0 ? null : (
        <div className={classes.vars}>
          <h4 className={classes.varsTitle}>Local variables</h4>
          <FactTable facts={vars} />
        </div>
      )}
    </div>
  );
}
