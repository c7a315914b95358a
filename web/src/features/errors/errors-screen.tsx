import type { AssigneePicker_UserFragment, ErrorOrderField } from '@errata/schema';
import { useMediaQuery } from '@mantine/hooks';
import { IconZoomExclamation } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useCallback, useRef, useSyncExternalStore } from 'react';
import { messageOf } from '../../lib/refusal.ts';
import { useViewer } from '../../lib/viewer.ts';
import { PageHeader } from '../../ui/page.tsx';
import { EmptyState, FailedState, LoadingRows } from '../../ui/states.tsx';
import { BulkBar } from './bulk-bar.tsx';
import type { ErrorAct, ErrorTarget } from './error-acts.ts';
import { ErrorListView } from './error-list-view.tsx';
import { ErrorsEmpty } from './errors-empty.tsx';
import classes from './errors-screen.module.css';
import { type ErrorsView, filterOf } from './errors-search.ts';
import { FilterBar, statusSummary } from './filter-bar.tsx';
import { ListHead } from './list-head.tsx';
import { LiveErrorList } from './live-error-list.tsx';
import type { OpenList } from './open-list.ts';
import type { QueryValues } from './query-language.ts';
import { useCalm } from './use-calm.ts';
import { useErrorActs } from './use-error-acts.ts';
import { useListShortcuts } from './use-list-shortcuts.ts';
import { queryFaultOf, type ShownList, useLoaderState } from './use-open-list.ts';

/** What {@link ErrorsScreen} takes. */
export interface ErrorsScreenProps {
  shown: ShownList;
  view: ErrorsView;
  projectIds: readonly string[] | undefined;
  /** How many projects the viewer can see. */
  projectCount: number;
  values: QueryValues;
  people: readonly AssigneePicker_UserFragment[];
  onChange: (view: ErrorsView) => void;
}

/** Search, filters, rows and bulk acts of one {@link ShownList}. */
export function ErrorsScreen({ shown, view, projectIds, projectCount, values, people, onChange }: ErrorsScreenProps) {
  const { open, outdated } = shown;
  const { list } = open;
  const { viewer, can } = useViewer();
  const me = viewer === undefined ? null : { id: viewer.user.id, name: viewer.user.name };
  const mayWrite = can('errors:write');
  const acts = useErrorActs();
  const navigate = useNavigate();
  const state = useLoaderState(open);
  const card = useMediaQuery('(max-width: 48em)') ?? false;
  const scroller = useRef<HTMLDivElement>(null);
  const searchField = useRef<HTMLInputElement>(null);
  const ticked = useSyncExternalStore(list.subscribe, () => list.selection.size);
  const loaded = useSyncExternalStore(list.subscribe, () => list.shape.ids.length);
  const fault = outdated ? null : queryFaultOf(state, view.text);
  const mayInsert = useCalm(scroller, open.key, () => list.selection.size > 0);

  const onAct = useCallback(
    (act: ErrorAct) => {
      const { selection } = list;
      const target: ErrorTarget = selection.allMatching
        ? { filter: filterOf(open.view, Date.now(), projectIds), query: open.view.text === '' ? null : open.view.text }
        : { ids: selection.target() };
      if ('ids' in target && target.ids.length === 0) return;
      void acts.perform(act, target);
    },
    [list, open, projectIds, acts],
  );
  const onActOne = useCallback((act: ErrorAct, id: string) => void acts.perform(act, { ids: [id] }), [acts]);
  useListShortcuts({
    open,
    me,
    mayWrite,
    search: searchField,
    onAct,
    onOpen: (errorId) => void navigate({ to: '/errors/$errorId', params: { errorId }, search: {} }),
    onUndo: () => void acts.undoLast(),
  });

  const bulk = (
    <BulkBar
      open={open}
      people={people}
      releases={values.releases}
      me={me}
      mayWrite={mayWrite}
      mayDelete={can('errors:delete')}
      onAct={onAct}
    />
  );
  const sort = (field: ErrorOrderField, ascending: boolean) => onChange({ ...view, sort: field, ascending });
  const tickAll = () => (ticked > 0 ? list.selection.clear() : list.selection.selectLoaded());
  const head = card ? null : (
    <ListHead
      sort={view.sort}
      ascending={view.ascending}
      onSort={sort}
      ticked={ticked === 0 ? 'none' : ticked === loaded ? 'all' : 'some'}
      onTickAll={tickAll}
    />
  );
  return (
    <>
      <PageHeader
        tabTitle="Errors"
        title={
          <>
            Errors <Total open={open} />
          </>
        }
      />
      <FilterBar view={view} values={values} people={people} fault={fault} onChange={onChange} searchRef={searchField} />
      <section className={classes.panel} data-outdated={outdated || undefined} aria-busy={outdated || state.phase === 'loading'}>
        <ErrorListView
          key={open.key}
          open={open}
          scroller={scroller}
          card={card}
          showProject={projectCount > 1 && projectIds?.length !== 1}
          mayWrite={mayWrite}
          onAct={onActOne}
          head={ticked > 0 ? bulk : head}
          empty={
            fault !== null ? (
              <EmptyState icon={IconZoomExclamation} title="This search cannot be read">
                What is not understood is underlined above.
              </EmptyState>
            ) : state.phase === 'failed' ? (
              <FailedState
                title="The errors could not be loaded"
                message={messageOf(state.error)}
                onRetry={() => void open.loader.load()}
              />
            ) : list.shape.loaded ? (
              <ErrorsEmpty view={view} anyProject={projectCount > 0} onChange={onChange} />
            ) : (
              <LoadingRows rows={12} height={card ? '104px' : '54px'} label="Loading errors" />
            )
          }
        />
      </section>
      <LiveErrorList open={open} projectIds={projectIds} me={me?.id ?? null} mayInsert={mayInsert} />
    </>
  );
}

function Total({ open: { list, view } }: { open: OpenList }) {
  const { loaded, totalCount, totalCountIsExact } = useSyncExternalStore(list.subscribe, () => list.shape);
  if (!loaded) return null;
  const what = view.text === '' ? statusSummary(view.statuses).toLowerCase() : 'matching';
  return (
    <span className={classes.total}>
      {totalCount.toLocaleString('en')}
      {totalCountIsExact ? '' : '+'} {what === 'any status' ? 'in any status' : what}
    </span>
  );
}
