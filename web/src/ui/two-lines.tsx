import type { ReactNode } from 'react';
import classes from './two-lines.module.css';

/** The first cell of a row of two lines: what it is, and below it, smaller, what tells it from others. */
export function TwoLines({ children, below }: { children: ReactNode; below: ReactNode }) {
  return (
    <span className={classes.lines}>
      <span>{children}</span>
      <small>{below}</small>
    </span>
  );
}
