import { useQuery } from '@apollo/client/react';
import { ProjectOutcomesDocument } from '@errata/schema';
import { SegmentedControl, Select } from '@mantine/core';
import { IconInbox } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { messageOf } from '../../lib/refusal.ts';
import { ToneBadge } from '../../ui/badges.tsx';
import { Chart } from '../../ui/chart.tsx';
import { Count } from '../../ui/count.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Figure, Figures } from '../../ui/figure.tsx';
import { formatWhole } from '../../ui/format.ts';
import { FilterRow, Panel } from '../../ui/page.tsx';
import { EmptyState, FailedState, LoadingBlock } from '../../ui/states.tsx';
import { useNow } from '../../ui/ticker.ts';
import { byHour, FATES, fateOf, grouped, type Narrowing, narrowed, type OutcomeRow, reasonWords, totals } from './outcomes.ts';
import classes from './projects.module.css';

const HOUR_MS = 3_600_000;
const SPANS = [
  { value: '24', label: '24 hours' },
  { value: '168', label: '7 days' },
  { value: '720', label: '30 days' },
];

/** What a project was sent, what was kept, what was not and why. */
export function Incoming({ slug }: { slug: string }) {
  const [hours, setHours] = useState('24');
  // Moves on with the hours, for a page that stays open.
  const to = useNow((now) => Math.ceil(now / HOUR_MS) * HOUR_MS);
  const from = to - Number(hours) * HOUR_MS;
  const { data, previousData, error, loading, refetch } = useQuery(ProjectOutcomesDocument, {
    variables: { slug, from: new Date(from).toISOString(), to: new Date(to).toISOString() },
    pollInterval: 30_000,
  });
  const rows = (data ?? previousData)?.project?.outcomes;
  const choice = <SegmentedControl size="xs" aria-label="Span" data={SPANS} value={hours} onChange={setHours} />;
  if (rows === undefined) {
    return (
      <Panel title="What came in" actions={choice} padded={error === undefined}>
        {error === undefined ? (
          <LoadingBlock height="220px" />
        ) : (
          <FailedState message={messageOf(error)} onRetry={() => void refetch()} retrying={loading} />
        )}
      </Panel>
    );
  }
  if (rows.length === 0) {
    return (
      <Panel title="What came in" actions={choice} padded={false}>
        <EmptyState icon={IconInbox} title="Nothing came in during this time">
          Every item that an SDK sends or a log brings is counted here, whether it was kept or not. If you expected some, check
          the DSN on the Set-up tab.
        </EmptyState>
      </Panel>
    );
  }
  return <Counted rows={rows} from={from} to={to} choice={choice} />;
}

function Counted({
  rows: allRows,
  from,
  to,
  choice,
}: {
  rows: readonly OutcomeRow[];
  from: number;
  to: number;
  choice: React.ReactNode;
}) {
  const [only, setOnly] = useState<Narrowing>({ item: null, outcome: null, sdk: null });
  const rows = useMemo(() => narrowed(allRows, only), [allRows, only]);
  const { all, by } = totals(rows);
  const series = useMemo(
    () => byHour(rows, from, to).map(({ kind, points }) => ({ name: fateOf(kind).name, tone: fateOf(kind).tone, points })),
    [rows, from, to],
  );
  const share = (count: number) => (all === 0 ? '' : `${((100 * count) / all).toFixed(count === all ? 0 : 1)} %`);
  return (
    <>
      <Figures>
        <Figure label="Came in" value={<Count value={all} unit="item" />} note="items, from SDKs and logs" />
        {FATES.filter(({ kind }) => by.has(kind)).map(({ kind, name, says, tone }) => (
          <Figure
            key={kind}
            label={name}
            title={says}
            value={<Count value={by.get(kind) ?? 0} unit="item" />}
            note={share(by.get(kind) ?? 0)}
            tone={kind === 'FAILED' || kind === 'RATE_LIMITED' || kind === 'INVALID' ? tone : undefined}
          />
        ))}
      </Figures>
      <Panel title="By hour" note="items" actions={choice}>
        <Chart kind="bar" stacked series={series} label="Items per hour, by outcome" height={220} from={from} to={to} />
      </Panel>
      <Panel title="By item, outcome and SDK" padded={false} actions={<Narrow rows={allRows} only={only} onChange={setOnly} />}>
        {rows.length === 0 ? (
          <EmptyState title="Nothing of this kind">Widen the choice above to see the rest.</EmptyState>
        ) : (
          <DataTable caption="Items by outcome" columns={COLUMNS} rows={grouped(rows)} rowKey={keyOf} />
        )}
      </Panel>
    </>
  );
}

/** Selects that narrow chart and table to one kind of item, one outcome, one SDK. */
function Narrow({ rows, only, onChange }: { rows: readonly OutcomeRow[]; only: Narrowing; onChange: (only: Narrowing) => void }) {
  const names = (of: (row: OutcomeRow) => string) => [...new Set(rows.map(of))].sort();
  const fates = FATES.filter(({ kind }) => rows.some((row) => row.outcome === kind));
  const chosen = { clearable: true, size: 'xs', w: 150, searchable: true } as const;
  return (
    <FilterRow>
      <Select
        {...chosen}
        aria-label="Item"
        placeholder="All items"
        data={names(({ item }) => item)}
        value={only.item}
        onChange={(item) => onChange({ ...only, item })}
      />
      <Select
        {...chosen}
        aria-label="Outcome"
        placeholder="All outcomes"
        data={fates.map(({ kind, name }) => ({ value: kind, label: name }))}
        value={only.outcome}
        onChange={(outcome) => onChange({ ...only, outcome })}
      />
      <Select
        {...chosen}
        aria-label="SDK"
        placeholder="All SDKs"
        data={names(({ sdk }) => sdk).filter((sdk) => sdk !== '')}
        value={only.sdk}
        onChange={(sdk) => onChange({ ...only, sdk })}
      />
    </FilterRow>
  );
}

type Line = Omit<OutcomeRow, 'hour'>;
const keyOf = (row: Line) => [row.item, row.outcome, row.reason, row.sdk].join('\n');
const COLUMNS: readonly Column<Line>[] = [
  { key: 'item', head: 'Item', cell: ({ item }) => <span className="er-mono">{item}</span> },
  {
    key: 'fate',
    head: 'Outcome',
    cell: ({ outcome, reason }) => (
      <>
        <ToneBadge tone={fateOf(outcome).tone} title={fateOf(outcome).says}>
          {fateOf(outcome).name}
        </ToneBadge>
        {reason !== '' && <span className={classes.whyBelow}>{reasonWords(reason)}</span>}
      </>
    ),
  },
  {
    key: 'why',
    head: 'Why',
    hide: 'phone',
    cell: ({ reason }) => (reason === '' ? <span className="er-dim">–</span> : <span title={reason}>{reasonWords(reason)}</span>),
  },
  { key: 'sdk', head: 'SDK', hide: 'tablet', cell: ({ sdk }) => <span className="er-mono">{sdk === '' ? 'unknown' : sdk}</span> },
  { key: 'count', head: 'Items', align: 'end', cell: ({ quantity }) => <span className="er-num">{formatWhole(quantity)}</span> },
];
