import { Button } from '@mantine/core';
import { IconAlertTriangle, IconInbox, IconRefresh } from '@tabler/icons-react';
import type { ComponentType, CSSProperties, ReactNode } from 'react';
import classes from './states.module.css';
import type { Tone } from './theme.ts';

type Icon = ComponentType<{ size?: number | string; stroke?: number | string }>;

/**
 * Nothing to show, and that is fine: says what would be here and offers the next step. `compact` for a small part of a
 * page, where it should not be the loudest thing.
 */
export function EmptyState({
  title,
  children,
  actions,
  icon: Shape = IconInbox,
  compact = false,
}: {
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
  icon?: Icon;
  compact?: boolean;
}) {
  return (
    <div className={`${classes.state} ${compact ? classes.compact : ''}`}>
      <span className={classes.icon} aria-hidden>
        <Shape size={20} stroke={1.6} />
      </span>
      <p className={classes.title}>{title}</p>
      {children === undefined ? null : <p className={classes.text}>{children}</p>}
      {actions === undefined ? null : <div className={classes.actions}>{actions}</div>}
    </div>
  );
}

/** Something failed: says what, in the words of `message`, and offers to try again. */
export function FailedState({
  title = 'This could not be loaded',
  message,
  onRetry,
  retrying = false,
  actions,
}: {
  title?: string;
  message: string;
  onRetry?: () => void;
  retrying?: boolean;
  actions?: ReactNode;
}) {
  return (
    <div className={`${classes.state} ${classes.failed}`} role="alert">
      <span className={classes.icon} aria-hidden>
        <IconAlertTriangle size={20} stroke={1.6} />
      </span>
      <p className={classes.title}>{title}</p>
      <p className={classes.text}>{message}</p>
      <div className={classes.actions}>
        {onRetry === undefined ? null : (
          <Button variant="default" leftSection={<IconRefresh size={14} />} onClick={onRetry} loading={retrying}>
            Try again
          </Button>
        )}
        {actions}
      </div>
    </div>
  );
}

const WIDTHS = [62, 48, 71, 55, 66, 43, 58, 69];

/**
 * Grey bars where rows will be. Give the number and kind of the rows that will come, so that nothing jumps: `lines` as
 * in `DataTable`, `head` for a table with a head, `height` (any CSS length) for anything else.
 */
export function LoadingRows({
  rows = 6,
  height,
  lines = 1,
  head = false,
  label = 'Loading…',
}: {
  rows?: number;
  height?: string;
  lines?: 1 | 2;
  head?: boolean;
  label?: string;
}) {
  const row = height ?? (lines === 2 ? 'var(--er-row-two)' : undefined);
  return (
    <div
      className={classes.rows}
      role="status"
      aria-label={label}
      style={row === undefined ? undefined : ({ '--er-loading-row': row } as CSSProperties)}
    >
      {head && <div className={classes.head} />}
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: identical bars
        <div key={index} className={classes.row} aria-hidden>
          <span className={classes.bar} style={{ width: `${WIDTHS[index % WIDTHS.length]}%` }} />
          <span className={classes.bar} style={{ width: '12%', marginLeft: 'auto' }} />
        </div>
      ))}
    </div>
  );
}

/** One grey block of a fixed height, for charts and figures that are on their way. */
export function LoadingBlock({ height, width = '100%' }: { height: string; width?: string }) {
  return <span className={classes.bar} role="status" aria-label="Loading…" style={{ display: 'block', height, width }} />;
}

/** A line across the page that says something about everything below it. */
export function Banner({
  tone,
  icon: Shape,
  children,
  action,
}: {
  tone: Tone;
  icon?: Icon;
  children: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div
      className={classes.banner}
      role="status"
      style={{ color: `var(--er-${tone}-fg)`, background: `var(--er-${tone}-bg)`, borderColor: `var(--er-${tone}-border)` }}
    >
      {Shape === undefined ? null : <Shape size={16} stroke={1.8} />}
      <span className="grow">{children}</span>
      {action}
    </div>
  );
}
