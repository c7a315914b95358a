import type { Fault } from './draft.ts';
import classes from './fault-mark.module.css';

const AROUND = 28;

/** What is wrong with an expression, with the place marked in it. */
export function FaultMark({ fault, text }: { fault: Fault; text: string }) {
  const { position, message } = fault;
  if (position === null || position === undefined || position >= text.length) return <span>{message}</span>;
  const end = Math.min(position + Math.max(fault.length ?? 1, 1), text.length);
  const from = Math.max(0, position - AROUND);
  const to = Math.min(text.length, end + AROUND);
  return (
    <span>
      {message}
      <code className={classes.faultMark}>
        {from > 0 && '…'}
        {text.slice(from, position)}
        <mark>{text.slice(position, end)}</mark>
        {text.slice(end, to)}
        {to < text.length && '…'}
      </code>
    </span>
  );
}
