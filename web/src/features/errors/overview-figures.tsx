import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Count } from '../../ui/count.tsx';
import classes from './overview-figures.module.css';
import { changeText } from './rate.ts';

/** What {@link OverviewFigures} takes. */
export interface OverviewFiguresProps {
  openErrorCount: number;
  newErrorCount24h: number;
  eventCount24h: number;
  eventCountPrevious24h: number;
  userCount24h: number;
}

/** The four numbers one looks at first; each leads to what it counts. */
export function OverviewFigures(props: OverviewFiguresProps) {
  const change = changeText(props.eventCount24h, props.eventCountPrevious24h);
  return (
    <ul className={classes.figures}>
      <Figure name="Unresolved errors" value={props.openErrorCount} unit="error" search={{}}>
        need somebody
      </Figure>
      <Figure
        name="New errors, 24 h"
        value={props.newErrorCount24h}
        unit="error"
        search={{ q: 'age:-24h', status: 'all', sort: 'first-seen' }}
      >
        seen for the first time
      </Figure>
      <Figure
        name="Events, 24 h"
        value={props.eventCount24h}
        unit="event"
        search={{ time: '24h', status: 'all', sort: 'events' }}
      >
        {change === null ? (
          'none the day before'
        ) : (
          <span title={`${props.eventCountPrevious24h.toLocaleString('en')} in the 24 hours before`}>
            <span data-change={props.eventCount24h > props.eventCountPrevious24h ? 'more' : 'less'} className={classes.change}>
              {change}
            </span>{' '}
            against the day before
          </span>
        )}
      </Figure>
      <Figure
        name="Users affected, 24 h"
        value={props.userCount24h}
        unit="user"
        search={{ time: '24h', status: 'all', sort: 'users' }}
      >
        as far as SDKs name them
      </Figure>
    </ul>
  );
}

function Figure({
  name,
  value,
  unit,
  search,
  children,
}: {
  name: string;
  value: number;
  unit: string;
  search: { q?: string; status?: string; sort?: string; time?: string };
  children: ReactNode;
}) {
  return (
    <li>
      <Link to="/errors" search={search} className={classes.figure}>
        <span className={classes.name}>{name}</span>
        <span className={classes.value}>
          <Count value={value} unit={unit} />
        </span>
        <span className={classes.note}>{children}</span>
      </Link>
    </li>
  );
}
