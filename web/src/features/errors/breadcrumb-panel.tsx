import type { BreadcrumbPanel_EventFragment, Level } from '@errata/schema';
import { Button, TextInput } from '@mantine/core';
import {
  IconAlertTriangle,
  IconArrowsRightLeft,
  IconClick,
  IconDatabase,
  IconPointFilled,
  IconRoute,
  IconSearch,
  IconSettings,
  IconTerminal2,
} from '@tabler/icons-react';
import { type ComponentType, type CSSProperties, useMemo, useState } from 'react';
import { LEVEL_TONES, LevelBadge } from '../../ui/badges.tsx';
import { useDisplay } from '../../ui/display.tsx';
import { formatDateTime } from '../../ui/format.ts';
import { Panel } from '../../ui/page.tsx';
import type { Tone } from '../../ui/theme.ts';
import classes from './breadcrumb-panel.module.css';
import {
  beforeEvent,
  type CrumbFilter,
  type CrumbKind,
  EVERY_CRUMB,
  filterCrumbs,
  type PlacedCrumb,
  placeCrumbs,
  summaryOf,
} from './breadcrumbs.ts';
import { allFactsOf, FactTable } from './fact-table.tsx';
import { HostileText } from './hostile-text.tsx';
import { toggled } from './json-tree.tsx';

const LOOK: Record<CrumbKind, { icon: ComponentType<{ size?: number; stroke?: number }>; tone: Tone; label: string }> = {
  error: { icon: IconAlertTriangle, tone: 'red', label: 'Errors' },
  http: { icon: IconArrowsRightLeft, tone: 'green', label: 'Requests' },
  navigation: { icon: IconRoute, tone: 'violet', label: 'Navigation' },
  ui: { icon: IconClick, tone: 'blue', label: 'User' },
  query: { icon: IconDatabase, tone: 'orange', label: 'Queries' },
  console: { icon: IconTerminal2, tone: 'grey', label: 'Console' },
  system: { icon: IconSettings, tone: 'grey', label: 'System' },
  other: { icon: IconPointFilled, tone: 'grey', label: 'Other' },
};

/** A longer trail is collapsed to its end: that is where the cause usually stands. */
const SHOWN_AT_FIRST = 12;
/** A message longer than this is cut until its row is opened. */
const LONG = 240;
const LOUD: readonly Level[] = ['WARNING', 'ERROR', 'FATAL'];

/** What happened before the event, latest first, to be searched and narrowed. */
export function BreadcrumbPanel({ event }: { event: BreadcrumbPanel_EventFragment }) {
  const [filter, setFilter] = useState<CrumbFilter>(EVERY_CRUMB);
  const [all, setAll] = useState(false);
  const trail = useMemo(() => placeCrumbs(event.breadcrumbs).toReversed(), [event.breadcrumbs]);
  const counts = useMemo(() => countKinds(trail), [trail]);
  if (trail.length === 0) return null;
  const found = filterCrumbs(trail, filter);
  const narrowed = filter !== EVERY_CRUMB && (filter.text !== '' || filter.kinds.size > 0 || filter.levels.size > 0);
  const shown = all || narrowed ? found : found.slice(0, SHOWN_AT_FIRST);
  const loud = filter.levels.size > 0;
  return (
    <Panel
      title="Breadcrumbs"
      note={narrowed ? `${found.length} of ${trail.length}` : `${trail.length}, latest first`}
      padded={false}
      actions={
        trail.length > 5 ? (
          <TextInput
            size="xs"
            className={classes.search ?? ''}
            placeholder="Search breadcrumbs"
            aria-label="Search breadcrumbs"
            leftSection={<IconSearch size={13} />}
            value={filter.text}
            onChange={(change) => setFilter({ ...filter, text: change.currentTarget.value })}
          />
        ) : undefined
      }
    >
      {counts.length > 1 ? (
        <div className={classes.kinds} role="toolbar" aria-label="Kinds of breadcrumbs">
          {counts.map(([kind, count]) => (
            <button
              key={kind}
              type="button"
              className={classes.kind}
              aria-pressed={filter.kinds.has(kind)}
              onClick={() => setFilter({ ...filter, kinds: toggled(filter.kinds, kind) })}
            >
              {LOOK[kind].label} <span className="er-dim">{count}</span>
            </button>
          ))}
          <button
            type="button"
            className={classes.kind}
            aria-pressed={loud}
            onClick={() => setFilter({ ...filter, levels: new Set(loud ? [] : LOUD) })}
          >
            Warnings and worse
          </button>
        </div>
      ) : null}
      <ol className={classes.trail}>
        {shown.map((placed) => (
          <CrumbRow key={placed.index} placed={placed} eventAt={event.timestamp} />
        ))}
      </ol>
      {found.length === 0 ? <p className={classes.none}>No breadcrumb matches.</p> : null}
      {shown.length < found.length ? (
        <Button variant="subtle" color="gray" fullWidth radius={0} onClick={() => setAll(true)}>
          Show {found.length - shown.length} earlier
        </Button>
      ) : null}
    </Panel>
  );
}

function countKinds(trail: readonly PlacedCrumb[]): [CrumbKind, number][] {
  const counts = new Map<CrumbKind, number>();
  for (const { kind } of trail) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].toSorted((a, b) => b[1] - a[1]);
}

function CrumbRow({ placed, eventAt }: { placed: PlacedCrumb; eventAt: string }) {
  const [open, setOpen] = useState(false);
  const { timeZone } = useDisplay();
  const { crumb, kind } = placed;
  const { icon: Shape, tone } = LOOK[kind];
  const facts = allFactsOf(crumb.data);
  const summary = summaryOf(placed);
  const opens = facts.length > 0 || summary.length > LONG || summary.split('\n', 4).length > 3;
  const at = crumb.timestamp === null ? Number.NaN : Date.parse(crumb.timestamp);
  const loud = crumb.level !== null && LOUD.includes(crumb.level);
  const shade = loud && crumb.level !== null ? LEVEL_TONES[crumb.level] : tone;
  const line = (
    <>
      <span
        className={classes.icon}
        style={{ '--fg': `var(--er-${shade}-fg)`, '--bg': `var(--er-${shade}-bg)` } as CSSProperties}
        aria-hidden
      >
        <Shape size={13} stroke={2} />
      </span>
      <span className={classes.category}>
        <HostileText text={crumb.category ?? crumb.type ?? LOOK[kind].label.toLowerCase()} />
      </span>
      <span className={classes.message} data-open={open || undefined}>
        {loud && crumb.level !== null ? (
          <>
            <LevelBadge level={crumb.level} />{' '}
          </>
        ) : null}
        <HostileText text={summary} />
      </span>
      <span className={classes.time} title={Number.isNaN(at) ? undefined : formatDateTime(at, timeZone)}>
        {beforeEvent(crumb.timestamp, eventAt) ?? ''}
      </span>
    </>
  );
  return (
    <li className={classes.crumb}>
      {!opens ? (
        <div className={classes.line}>{line}</div>
      ) : (
        <button type="button" className={classes.line} aria-expanded={open} onClick={() => setOpen(!open)}>
          {line}
        </button>
      )}
      {open && facts.length > 0 ? (
        <div className={classes.data}>
          <FactTable facts={facts} />
        </div>
      ) : null}
    </li>
  );
}
