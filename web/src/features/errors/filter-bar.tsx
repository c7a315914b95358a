import type { AssigneePicker_UserFragment, ErrorOrderField, ErrorStatus, Level } from '@errata/schema';
import { Button, Drawer } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { IconAdjustmentsHorizontal } from '@tabler/icons-react';
import type { Ref } from 'react';
import { LevelBadge, StatusBadge } from '../../ui/badges.tsx';
import { DEFAULT_VIEW, type ErrorsView, filterCount, searchOf, statusBySearch, TIME_CHOICES } from './errors-search.ts';
import classes from './filter-bar.module.css';
import { FilterMenu } from './filter-menu.tsx';
import { QueryBox } from './query-box.tsx';
import type { QueryFault, QueryValues } from './query-language.ts';
import { TimeFilter } from './time-filter.tsx';
import { LEVELS, STATUSES, UNRESOLVED, wordOf } from './words.ts';

/** What {@link FilterBar} takes. */
export interface FilterBarProps {
  view: ErrorsView;
  values: QueryValues;
  people: readonly AssigneePicker_UserFragment[];
  fault: QueryFault | null;
  onChange: (view: ErrorsView) => void;
  searchRef: Ref<HTMLInputElement>;
}

/** Search and filters of the list; on a narrow screen the filters are in a drawer. */
export function FilterBar({ view, values, people, fault, onChange, searchRef }: FilterBarProps) {
  const narrow = useMediaQuery('(max-width: 62em)') ?? false;
  const [drawer, { open, close }] = useDisclosure(false);
  const count = filterCount({ ...view, projects: [] });
  const clear =
    count === 0 ? null : (
      <Button
        variant="subtle"
        color="gray"
        onClick={() =>
          onChange({ ...DEFAULT_VIEW, projects: view.projects, text: view.text, sort: view.sort, ascending: view.ascending })
        }
      >
        Clear
      </Button>
    );
  const menus = <Menus view={view} values={values} people={people} onChange={onChange} wide={narrow} />;
  return (
    <div className={classes.bar}>
      <QueryBox
        text={view.text}
        values={values}
        fault={fault}
        onSearch={(text) => onChange({ ...view, text })}
        inputRef={searchRef}
        placeholder={narrow ? 'Search' : 'Search: words, level:error, release:1.2, tag:value…'}
      />
      {narrow ? (
        <>
          <Button
            variant="default"
            size="sm"
            leftSection={<IconAdjustmentsHorizontal size={15} />}
            onClick={open}
            data-chosen={count > 0 || undefined}
          >
            {count === 0 ? 'Filters' : `Filters (${count})`}
          </Button>
          <Drawer opened={drawer} onClose={close} position="bottom" size={516} title="Filters">
            <div className={classes.stack}>
              {menus}
              <Button size="sm" onClick={close}>
                Show errors
              </Button>
              {clear}
            </div>
          </Drawer>
        </>
      ) : (
        <>
          {menus}
          {clear}
        </>
      )}
    </div>
  );
}

function Menus({ view, values, people, onChange, wide }: Omit<FilterBarProps, 'fault' | 'searchRef'> & { wide: boolean }) {
  const set = (change: Partial<ErrorsView>) => onChange({ ...view, ...change });
  const statuses = view.statuses === 'all' ? [] : view.statuses;
  return (
    <>
      <FilterMenu
        name="Status"
        wide={wide}
        options={STATUSES.map((status) => ({ value: status, label: wordOf(status), shown: <StatusBadge status={status} /> }))}
        chosen={statuses}
        narrows={searchOf(view).status !== undefined}
        summary={statusBySearch(view) ? 'Status: by search' : statusSummary(view.statuses)}
        onChange={(chosen) => set({ statuses: chosen.length === 0 ? 'all' : (chosen as ErrorStatus[]) })}
      />
      <FilterMenu
        name="Level"
        wide={wide}
        options={LEVELS.map((level) => ({ value: level, label: wordOf(level), shown: <LevelBadge level={level} /> }))}
        chosen={view.levels}
        onChange={(chosen) => set({ levels: LEVELS.filter((level) => chosen.includes(level)) as Level[] })}
      />
      <FilterMenu
        name="Environment"
        wide={wide}
        options={values.environments.map((value) => ({ value, label: value === '' ? '(none)' : value }))}
        chosen={view.environments}
        onChange={(environments) => set({ environments })}
      />
      <FilterMenu
        name="Release"
        wide={wide}
        options={values.releases.map((value) => ({ value, label: value }))}
        chosen={view.releases}
        onChange={(releases) => set({ releases })}
      />
      <FilterMenu
        name="Assignee"
        wide={wide}
        options={[
          { value: 'me', label: 'Me' },
          { value: 'none', label: 'Nobody' },
          ...people.map(({ id, name, email }) => ({ value: id, label: name === '' ? email : name })),
        ]}
        chosen={view.assignees}
        onChange={(assignees) => set({ assignees })}
      />
      {wide ? (
        <FilterMenu
          name="Order"
          wide
          single
          narrows={false}
          options={ORDERS}
          chosen={[view.sort]}
          onChange={([sort]) => set({ sort: (sort ?? view.sort) as ErrorOrderField, ascending: false })}
        />
      ) : null}
      <TimeFilter range={view.time} choices={TIME_CHOICES} onChange={(time) => set({ time })} wide={wide} />
    </>
  );
}

/** Where there are no column heads to press. */
const ORDERS: readonly { value: ErrorOrderField; label: string }[] = [
  { value: 'LAST_SEEN', label: 'Last seen first' },
  { value: 'FIRST_SEEN', label: 'Newest first' },
  { value: 'EVENT_COUNT', label: 'Most events first' },
  { value: 'USER_COUNT', label: 'Most users first' },
];

/** What the status button says: the usual sets have names. */
export function statusSummary(statuses: ErrorsView['statuses']): string {
  if (statuses === 'all') return 'Any status';
  if (statuses.length === UNRESOLVED.length && UNRESOLVED.every((status) => statuses.includes(status))) return 'Unresolved';
  const [first = 'NEW'] = statuses;
  return statuses.length === 1 ? wordOf(first) : `${wordOf(first)} +${statuses.length - 1}`;
}
