import { ActionIcon, Button, TextInput } from '@mantine/core';
import { IconChevronDown, IconChevronUp, IconDownload, IconSearch } from '@tabler/icons-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Panel } from '../../ui/page.tsx';
import { FailedState, LoadingRows } from '../../ui/states.tsx';
import { JsonTree, toggled } from './json-tree.tsx';
import { branchesAbove, branchesTo, pathKey, searchJson } from './json-view.ts';
import classes from './raw-panel.module.css';

/** What {@link RawPanel} takes: the load state of the raw event, which is fetched only when it is wanted. */
export interface RawPanelProps {
  eventId: string;
  /** Undefined: not there yet. */
  raw: unknown;
  failed: string | null;
  wanted: boolean;
  onWant: () => void;
}

/** The whole event as stored, scrubbed: a tree to open, search and download. */
export function RawPanel({ eventId, raw, failed, wanted, onWant }: RawPanelProps) {
  return (
    <Panel
      title="Raw event"
      note="as stored, scrubbed"
      padded={false}
      actions={wanted && raw !== undefined ? <RawActions eventId={eventId} raw={raw} /> : undefined}
    >
      {wanted ? (
        failed !== null ? (
          <FailedState message={failed} onRetry={onWant} />
        ) : raw === undefined ? (
          <LoadingRows rows={4} height="28px" />
        ) : (
          <RawTree raw={raw} />
        )
      ) : (
        <Button variant="subtle" color="gray" fullWidth radius={0} onClick={onWant}>
          Show the JSON
        </Button>
      )}
    </Panel>
  );
}

function RawActions({ eventId, raw }: { eventId: string; raw: unknown }) {
  const text = () => JSON.stringify(raw, null, 2);
  const download = () => {
    const url = URL.createObjectURL(new Blob([text()], { type: 'application/json' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = `event-${eventId.replaceAll(/[^0-9a-f]/gi, '').slice(0, 32)}.json`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  };
  return (
    <span className={classes.actions}>
      <CopyButton value={text} what="Copy the JSON" />
      <ActionIcon size="sm" aria-label="Download the JSON" title="Download" onClick={download}>
        <IconDownload size={14} />
      </ActionIcon>
    </span>
  );
}

function RawTree({ raw }: { raw: unknown }) {
  const [open, setOpen] = useState<ReadonlySet<string>>(() => branchesTo(raw, 0));
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const box = useRef<HTMLDivElement>(null);
  const found = useMemo(() => searchJson(raw, text.trim()), [raw, text]);
  const hits = useMemo(() => new Set(found.map(pathKey)), [found]);
  const above = useMemo(() => branchesAbove(found), [found]);
  const current = found[at] === undefined ? null : pathKey(found[at]);
  const shown = useMemo(() => (found.length === 0 ? open : new Set([...open, ...above])), [open, above, found.length]);
  useEffect(() => {
    if (current === null) return;
    const rows = box.current?.querySelectorAll('[data-path]') ?? [];
    for (const row of rows) if (row.getAttribute('data-path') === current) row.scrollIntoView({ block: 'nearest' });
  }, [current]);
  const step = (by: number) => setAt(found.length === 0 ? 0 : (at + by + found.length) % found.length);
  return (
    <>
      <div className={classes.bar}>
        <TextInput
          size="xs"
          className={classes.search ?? ''}
          leftSection={<IconSearch size={13} />}
          placeholder="Search keys and values"
          aria-label="Search in the JSON"
          value={text}
          onChange={(change) => {
            setText(change.currentTarget.value);
            setAt(0);
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter') step(event.shiftKey ? -1 : 1);
          }}
        />
        {text.trim() === '' ? null : (
          <>
            <span className={classes.count} aria-live="polite">
              {found.length === 0 ? 'nothing found' : `${at + 1} of ${found.length}${found.length === 500 ? '+' : ''}`}
            </span>
            <ActionIcon size="sm" aria-label="Previous hit" disabled={found.length === 0} onClick={() => step(-1)}>
              <IconChevronUp size={14} />
            </ActionIcon>
            <ActionIcon size="sm" aria-label="Next hit" disabled={found.length === 0} onClick={() => step(1)}>
              <IconChevronDown size={14} />
            </ActionIcon>
          </>
        )}
        <span className={classes.space} />
        <Button variant="subtle" color="gray" size="compact-xs" onClick={() => setOpen(branchesTo(raw, 20))}>
          Open all
        </Button>
        <Button variant="subtle" color="gray" size="compact-xs" onClick={() => setOpen(branchesTo(raw, 0))}>
          Close all
        </Button>
      </div>
      <div ref={box} className={classes.tree}>
        <JsonTree value={raw} open={shown} hits={hits} current={current} onToggle={(key) => setOpen(toggled(shown, key))} />
      </div>
    </>
  );
}
