import { IconArchive, IconArrowBackUp, IconCheck, IconMessage } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { type CSSProperties, type MouseEvent, memo, useSyncExternalStore } from 'react';
import { LEVEL_TONES, StatusBadge, ToneBadge } from '../../ui/badges.tsx';
import { Count } from '../../ui/count.tsx';
import { formatAgo } from '../../ui/format.ts';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { Sparkline } from '../../ui/sparkline.tsx';
import { useNow } from '../../ui/ticker.ts';
import type { ErrorAct } from './error-acts.ts';
import type { ErrorList } from './error-list.ts';
import type { ErrorRow } from './error-row.ts';
import classes from './error-row-view.module.css';
import { ErrorTitle } from './error-title.tsx';
import { HostileText } from './hostile-text.tsx';
import { PersonMark } from './person-mark.tsx';
import { isUnresolved, wordOf } from './words.ts';

/** What {@link ErrorRowView} takes. Everything but `id`, `index` and `top` stays the same for a list. */
export interface ErrorRowViewProps {
  id: string;
  /** Place in the list, from 0. */
  index: number;
  /** How many there are, -1 if that is not known. */
  setSize: number;
  /** Distance from the top of the list in pixels. */
  top: number;
  height: number;
  list: ErrorList;
  /** Cards for narrow screens. */
  card: boolean;
  /** Names the project of each row. */
  showProject: boolean;
  mayWrite: boolean;
  onAct: (act: ErrorAct, id: string) => void;
}

/** One error of the list. Draws itself anew only when its own row, tick or activity changes. */
export const ErrorRowView = memo(function ErrorRowView(props: ErrorRowViewProps) {
  const { id, list, index, setSize, top, height, card } = props;
  const row = useSyncExternalStore(list.subscribe, () => list.row(id));
  const ticked = useSyncExternalStore(list.subscribe, () => list.selection.has(id));
  const active = useSyncExternalStore(list.subscribe, () => list.selection.active === id);
  const gone = useSyncExternalStore(list.subscribe, () => list.isGone(id));
  if (row === undefined) return null;
  const look = [classes.row, card && classes.card, ticked && classes.ticked, active && classes.active, gone && classes.gone];
  const style = {
    transform: `translateY(${top}px)`,
    height,
    '--level': `var(--er-${row.level === 'FATAL' ? 'pink' : LEVEL_TONES[row.level]}-solid)`,
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard works on the list as a whole (j, k, Enter)
    <li
      aria-setsize={setSize}
      aria-posinset={index + 1}
      aria-current={active ? 'true' : undefined}
      className={look.filter(Boolean).join(' ')}
      style={style as CSSProperties}
      onClick={openUnless}
    >
      <span className={classes.tick}>
        <input
          type="checkbox"
          checked={ticked}
          aria-label={`Select ${row.shortId}`}
          onChange={() => undefined}
          onClick={(event) => (event.shiftKey ? list.selection.range(id) : list.selection.toggle(id))}
        />
      </span>
      {card ? <CardCells row={row} gone={gone} {...props} /> : <TableCells row={row} gone={gone} {...props} />}
    </li>
  );
});

/** A click beside the controls of a row goes where its link goes; selecting text does not. */
function openUnless(event: MouseEvent<HTMLLIElement>): void {
  if (event.target instanceof Element && event.target.closest('a, button, input, label') !== null) return;
  if ((window.getSelection()?.toString() ?? '') !== '') return;
  event.currentTarget.querySelector<HTMLAnchorElement>('a')?.click();
}

type CellsProps = ErrorRowViewProps & { row: ErrorRow; gone: boolean };

function TitleLines({ row, showProject, gone }: CellsProps) {
  return (
    <>
      <span className={classes.titleLine}>
        <Link
          to="/errors/$errorId"
          params={{ errorId: row.id }}
          search={{}}
          className={classes.title}
          title={row.title}
          tabIndex={-1}
          preload={false}
        >
          <ErrorTitle title={row.title} />
        </Link>
      </span>
      <span className={classes.meta}>
        <span className="er-sr-only">{wordOf(row.level)}</span>
        <span className={classes.reference}>{row.shortId}</span>
        {showProject ? <span className={classes.project}>{row.project.name}</span> : null}
        {row.handled === false ? (
          <span className={classes.unhandled} title="Nobody caught it">
            unhandled
          </span>
        ) : null}
        {row.commentCount > 0 ? (
          <span className={classes.comments} title={`${row.commentCount} comments`}>
            <IconMessage size={12} aria-hidden />
            {row.commentCount}
          </span>
        ) : null}
        {gone ? <ToneBadge tone="grey">left this view</ToneBadge> : null}
        {row.culprit === null ? null : <HostileText text={row.culprit} className={classes.culprit} />}
      </span>
    </>
  );
}

function TableCells(props: CellsProps) {
  const { row, mayWrite, onAct } = props;
  return (
    <>
      <span className={classes.main}>
        <TitleLines {...props} />
      </span>
      <span className={classes.spark}>
        <Sparkline values={row.sparkline} width={104} height={24} label="events in 24 hours" tone="grey" />
      </span>
      <span className={classes.number}>
        <span key={row.eventCount} className={classes.tickUp}>
          <Count value={row.eventCount} unit="event" />
        </span>
      </span>
      <span className={classes.number}>
        {row.userCount === 0 ? <span className="er-dim">–</span> : <Count value={row.userCount} unit="user" />}
      </span>
      <span className={classes.times}>
        <RelativeTime at={row.lastSeen} suffix />
        <Age since={row.firstSeen} />
      </span>
      <span className={classes.person}>
        <PersonMark name={row.assignee?.name ?? null} />
      </span>
      <span className={classes.status}>
        <span className={mayWrite ? classes.badge : undefined}>
          <StatusBadge status={row.status} />
        </span>
        {mayWrite ? <QuickActs row={row} onAct={onAct} /> : null}
      </span>
    </>
  );
}

/** How long an error is known: `3d old`. */
function Age({ since }: { since: number }) {
  const ago = useNow((now) => formatAgo(since, Math.max(now, since)));
  return <span className="er-dim">{ago === 'now' ? 'brand new' : `${ago} old`}</span>;
}

function QuickActs({ row, onAct }: { row: ErrorRow; onAct: ErrorRowViewProps['onAct'] }) {
  const settled = !isUnresolved(row.status);
  return (
    <span className={classes.quick}>
      {settled ? (
        <button
          type="button"
          className={classes.quickAct}
          tabIndex={-1}
          aria-label={`Reopen ${row.shortId}`}
          title="Reopen"
          onClick={() => onAct({ kind: 'unresolve' }, row.id)}
        >
          <IconArrowBackUp size={16} />
        </button>
      ) : (
        <>
          <button
            type="button"
            className={classes.quickAct}
            tabIndex={-1}
            aria-label={`Resolve ${row.shortId}`}
            title="Resolve (e)"
            onClick={() => onAct({ kind: 'resolve' }, row.id)}
          >
            <IconCheck size={16} />
          </button>
          <button
            type="button"
            className={classes.quickAct}
            tabIndex={-1}
            aria-label={`Archive ${row.shortId}`}
            title="Archive (a)"
            onClick={() => onAct({ kind: 'archive' }, row.id)}
          >
            <IconArchive size={16} />
          </button>
        </>
      )}
    </span>
  );
}

function CardCells(props: CellsProps) {
  const { row } = props;
  return (
    <>
      <span className={classes.main}>
        <TitleLines {...props} />
      </span>
      <span className={classes.figures}>
        <StatusBadge status={row.status} />
        <span key={row.eventCount} className={classes.tickUp}>
          <Count value={row.eventCount} unit="event" /> {row.eventCount === 1 ? 'event' : 'events'}
        </span>
        {row.userCount === 0 ? null : (
          <span>
            <Count value={row.userCount} unit="user" /> {row.userCount === 1 ? 'user' : 'users'}
          </span>
        )}
        <RelativeTime at={row.lastSeen} suffix className={classes.cardTime ?? ''} />
        {row.assignee === null ? null : <PersonMark name={row.assignee.name} />}
      </span>
    </>
  );
}
