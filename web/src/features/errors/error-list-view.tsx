import { Button } from '@mantine/core';
import { IconArrowUp } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, type RefObject, useEffect, useLayoutEffect, useSyncExternalStore } from 'react';
import { messageOf } from '../../lib/refusal.ts';
import { useDisplay } from '../../ui/display.tsx';
import { LoadingRows } from '../../ui/states.tsx';
import type { ErrorAct } from './error-acts.ts';
import type { ListShape } from './error-list.ts';
import classes from './error-list-view.module.css';
import { ErrorRowView } from './error-row-view.tsx';
import type { OpenList } from './open-list.ts';
import { counted } from './words.ts';

/** Rows are asked for when the reader is this many away from the end of what is loaded. */
const AHEAD = 80;
const CARD_HEIGHT = 104;

/** What {@link ErrorListView} takes. */
export interface ErrorListViewProps {
  open: OpenList;
  /** The element that scrolls. */
  scroller: RefObject<HTMLDivElement | null>;
  card: boolean;
  showProject: boolean;
  mayWrite: boolean;
  onAct: (act: ErrorAct, id: string) => void;
  /** The head of the columns, above the part that scrolls. */
  head: ReactNode;
  /** Instead of the rows when there are none. */
  empty: ReactNode;
}

/** The rows of an {@link OpenList}: only those near the window exist in the document. */
export function ErrorListView({ open, scroller, card, showProject, mayWrite, onAct, head, empty }: ErrorListViewProps) {
  const { list, loader } = open;
  const { density } = useDisplay();
  const shape = useSyncExternalStore(list.subscribe, () => list.shape);
  const loading = useSyncExternalStore(loader.subscribe, () => loader.state);
  const height = card ? CARD_HEIGHT : density === 'comfortable' ? 64 : 54;
  const { ids } = shape;
  const virtual = useVirtualizer({
    count: ids.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 10,
    initialOffset: open.scrollTop,
  });
  const items = virtual.getVirtualItems();
  open.scrollTop = virtual.scrollOffset ?? open.scrollTop;
  const last = items.at(-1)?.index ?? 0;
  const wanting = shape.hasNextPage && last >= ids.length - AHEAD && loading.phase === 'idle';

  // biome-ignore lint/correctness/useExhaustiveDependencies: another height is why one measures anew
  useLayoutEffect(() => virtual.measure(), [virtual, height]);
  useEffect(() => {
    if (wanting) void loader.more();
  }, [wanting, loader]);
  useFollowActive(open, scroller, height);

  return (
    <section className={classes.list} aria-label="Errors">
      {head}
      <ActiveAnnouncer open={open} />
      <NewRowsPill open={open} shape={shape} scroller={scroller} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <div ref={scroller} className={classes.scroller} tabIndex={0}>
        {ids.length === 0 ? (
          empty
        ) : (
          <ul className={classes.rows} style={{ height: virtual.getTotalSize() }}>
            {items.map(({ index, start }) => {
              const id = ids[index];
              return id === undefined ? null : (
                <ErrorRowView
                  key={id}
                  id={id}
                  index={index}
                  setSize={shape.totalCountIsExact ? shape.totalCount : -1}
                  top={start}
                  height={height}
                  list={list}
                  card={card}
                  showProject={showProject}
                  mayWrite={mayWrite}
                  onAct={onAct}
                />
              );
            })}
          </ul>
        )}
        {ids.length > 0 && shape.hasNextPage && loading.phase !== 'failedMore' ? (
          <LoadingRows rows={3} height={`${height}px`} label="Loading more errors" />
        ) : null}
        {loading.phase === 'failedMore' ? (
          <p className={classes.end} role="alert">
            More errors could not be loaded. {messageOf(loading.error)}{' '}
            <Button variant="subtle" onClick={() => void loader.more()}>
              Try again
            </Button>
          </p>
        ) : null}
        {ids.length > 8 && !shape.hasNextPage ? (
          <p className={classes.end}>That is all: {counted(ids.length, 'error')}.</p>
        ) : null}
      </div>
    </section>
  );
}

/** `3 new errors – show`: what came since, waiting above the rows. */
function NewRowsPill({
  open,
  shape,
  scroller,
}: {
  open: OpenList;
  shape: ListShape;
  scroller: RefObject<HTMLDivElement | null>;
}) {
  const { pending, pendingNew, pendingOverflow } = shape;
  if (pending.length === 0) return null;
  const show = () => {
    scroller.current?.scrollTo({ top: 0 });
    if (pendingOverflow) void open.loader.load();
    else open.list.showPending();
  };
  return (
    <div className={classes.pillPlace} aria-live="polite">
      <button type="button" className={classes.pill} onClick={show}>
        <IconArrowUp size={14} aria-hidden />
        {`${pillText(pending.length, pendingNew, pendingOverflow)} – show`}
      </button>
    </div>
  );
}

/** What the pill says of `all` waiting errors, `fresh` of them never seen before. */
export function pillText(all: number, fresh: number, more: boolean): string {
  if (more) return `More than ${all} new or changed errors`;
  if (fresh === all) return counted(all, 'new error');
  return fresh === 0 ? counted(all, 'changed error') : `${fresh} new, ${all - fresh} changed`;
}

/** Says the active row aloud when the keyboard moves it. */
function ActiveAnnouncer({ open: { list } }: { open: OpenList }) {
  const title = useSyncExternalStore(list.subscribe, () =>
    list.selection.active === null ? '' : (list.row(list.selection.active)?.title ?? ''),
  );
  return (
    <p className="er-sr-only" aria-live="polite">
      {title}
    </p>
  );
}

/** Keeps the active row in sight when the keyboard moves it; a row that only stands elsewhere now does not scroll. */
function useFollowActive({ list }: OpenList, scroller: RefObject<HTMLDivElement | null>, height: number): void {
  useEffect(() => {
    let before = list.selection.active;
    return list.subscribe(() => {
      const { active } = list.selection;
      if (active === before) return;
      before = active;
      const element = scroller.current;
      const at = active === null ? -1 : list.shape.ids.indexOf(active);
      if (element === null || at === -1) return;
      const top = at * height;
      if (top < element.scrollTop) element.scrollTop = top;
      else if (top + height > element.scrollTop + element.clientHeight) element.scrollTop = top + height - element.clientHeight;
    });
  }, [list, scroller, height]);
}
