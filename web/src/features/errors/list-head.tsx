import type { ErrorOrderField } from '@errata/schema';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './list-head.module.css';

/** What {@link ListHead} takes. */
export interface ListHeadProps {
  sort: ErrorOrderField;
  ascending: boolean;
  onSort: (sort: ErrorOrderField, ascending: boolean) => void;
  /** All loaded rows are ticked / some are. */
  ticked: 'all' | 'some' | 'none';
  onTickAll: () => void;
}

/** The heads of the columns; those that the server can order by are buttons. */
export function ListHead({ ticked, onTickAll, ...order }: ListHeadProps) {
  return (
    <div className={classes.head}>
      <span className={classes.tick}>
        <input
          type="checkbox"
          aria-label="Select all loaded errors"
          checked={ticked === 'all'}
          ref={(box) => {
            if (box !== null) box.indeterminate = ticked === 'some';
          }}
          onChange={onTickAll}
        />
      </span>
      <span>Error</span>
      <span className={classes.wideOnly}>24 hours</span>
      <SortHead field="EVENT_COUNT" right {...order}>
        Events
      </SortHead>
      <SortHead field="USER_COUNT" right {...order}>
        Users
      </SortHead>
      <span className={classes.pair}>
        <SortHead field="LAST_SEEN" {...order}>
          Last seen
        </SortHead>
        <span aria-hidden className="er-dim">
          /
        </span>
        <SortHead field="FIRST_SEEN" {...order}>
          age
        </SortHead>
      </span>
      <span title="Assignee" className={classes.who}>
        Who
      </span>
      <span>Status</span>
    </div>
  );
}

function SortHead({
  field,
  sort,
  ascending,
  onSort,
  right = false,
  children,
}: Omit<ListHeadProps, 'ticked' | 'onTickAll'> & { field: ErrorOrderField; right?: boolean; children: ReactNode }) {
  const here = sort === field;
  const Arrow = ascending ? IconArrowUp : IconArrowDown;
  return (
    <span className={right ? classes.right : undefined}>
      <button
        type="button"
        className={classes.sort}
        data-here={here || undefined}
        aria-pressed={here}
        title={here ? `${ascending ? 'Lowest' : 'Highest'} first; click to turn round` : 'Order by this'}
        onClick={() => onSort(field, here && !ascending)}
      >
        {here && right ? <Arrow size={12} aria-hidden /> : null}
        {children}
        {here && !right ? <Arrow size={12} aria-hidden /> : null}
      </button>
    </span>
  );
}
