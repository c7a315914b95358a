import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Count } from '../../ui/count.tsx';
import type { Tone } from '../../ui/theme.ts';
import classes from './share-bars.module.css';
import { percent } from './tag-panel.tsx';

/** A part of a whole, drawn as a bar that leads to it. */
export interface Share {
  name: string;
  shown?: ReactNode;
  count: number;
  tone: Tone;
  search: { project?: string; level?: string; status?: string; time?: string };
}

/** Parts of a whole, largest first, as bars on one scale. */
export function ShareBars({ shares, unit }: { shares: readonly Share[]; unit: string }) {
  const whole = shares.reduce((sum, { count }) => sum + count, 0);
  const most = Math.max(1, ...shares.map(({ count }) => count));
  return (
    <ul className={classes.bars}>
      {shares.map(({ name, shown, count, tone, search }) => (
        <li key={name}>
          <Link to="/errors" search={search} className={classes.row}>
            <span className={classes.name} title={name}>
              {shown ?? name}
            </span>
            <span className={classes.track}>
              <span
                className={classes.bar}
                style={{ width: `${(count / most) * 100}%`, background: `var(--er-${tone}-solid)` }}
              />
            </span>
            <span className={classes.count}>
              <Count value={count} unit={unit} />
            </span>
            <span className={classes.share}>{percent(count, whole)}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
