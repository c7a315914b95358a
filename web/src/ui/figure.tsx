import type { ReactNode } from 'react';
import classes from './figure.module.css';
import type { Tone } from './theme.ts';

/** A row of {@link Figure}s that wraps. */
export function Figures({ children }: { children: ReactNode }) {
  return <div className={classes.figures}>{children}</div>;
}

/** One number that matters, with its name, its unit and a note or small chart below. `tone` when it asks for attention. */
export function Figure({
  label,
  value,
  unit,
  note,
  tone,
  title,
}: {
  label: string;
  value: ReactNode;
  unit?: string;
  note?: ReactNode;
  tone?: Tone | undefined;
  title?: string;
}) {
  return (
    <div className={classes.figure} title={title}>
      <span className={classes.label}>{label}</span>
      <span className={classes.value} style={tone === undefined ? undefined : { color: `var(--er-${tone}-fg)` }}>
        {value}
        {unit === undefined ? null : <span className={classes.unit}>{unit}</span>}
      </span>
      {note === undefined ? null : <span className={classes.note}>{note}</span>}
    </div>
  );
}
