import { useQuery } from '@apollo/client/react';
import { PatternLibraryDocument, type PatternLibraryQuery } from '@errata/schema';
import { Button, Checkbox, Drawer, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useAction } from '../../lib/action.ts';
import { messageOf } from '../../lib/refusal.ts';
import { FormProblem } from '../../ui/form.tsx';
import { EmptyState, FailedState, LoadingRows } from '../../ui/states.tsx';
import classes from './library-drawer.module.css';
import { PatternLevel } from './pattern-level.tsx';
import shared from './patterns.module.css';

type LibraryPattern = PatternLibraryQuery['patternLibrary'][number];

/** The ready-made patterns, to be picked and copied. `present`: names the project has. */
export function LibraryDrawer({
  opened,
  present,
  onCopy,
  onClose,
}: {
  opened: boolean;
  present: readonly string[];
  onCopy: (keys: readonly string[]) => Promise<void>;
  onClose: () => void;
}) {
  return (
    <Drawer opened={opened} onClose={onClose} position="right" size="lg" title="Ready-made patterns">
      {opened && <Library present={present} onCopy={onCopy} onClose={onClose} />}
    </Drawer>
  );
}

function Library({
  present,
  onCopy,
  onClose,
}: {
  present: readonly string[];
  onCopy: (keys: readonly string[]) => Promise<void>;
  onClose: () => void;
}) {
  const { data, error, refetch } = useQuery(PatternLibraryDocument, { fetchPolicy: 'cache-first' });
  const [words, setWords] = useState('');
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const action = useAction();
  if (data === undefined) {
    return error === undefined ? (
      <LoadingRows rows={8} lines={2} />
    ) : (
      <FailedState message={messageOf(error)} onRetry={() => void refetch()} />
    );
  }
  const sought = words.trim().toLowerCase();
  const shown = data.patternLibrary.filter(({ key, content }) =>
    `${key} ${content.name} ${content.description}`.toLowerCase().includes(sought),
  );
  const groups = [...Map.groupBy(shown, ({ group }) => group)];
  const toggle = (key: string) =>
    setPicked((before) => new Set(before.has(key) ? [...before].filter((one) => one !== key) : [...before, key]));
  const copy = () =>
    action.run(async () => {
      await onCopy([...picked]);
      onClose();
    });
  return (
    <div className={classes.library}>
      <TextInput
        aria-label="Search the library"
        placeholder="nginx, out of memory, …"
        leftSection={<IconSearch size={15} />}
        value={words}
        onChange={(event) => setWords(event.currentTarget.value)}
        data-autofocus
      />
      {shown.length === 0 && (
        <EmptyState compact title="Nothing by that name">
          Write one of your own: paste a few lines, and let the editor show what matches.
        </EmptyState>
      )}
      {groups.map(([group, entries]) => (
        <section key={group}>
          <h3 className={classes.groupTitle}>{group}</h3>
          {entries.map((entry) => (
            <LibraryEntry
              key={entry.key}
              entry={entry}
              checked={picked.has(entry.key)}
              present={present.includes(entry.content.name)}
              onToggle={() => toggle(entry.key)}
            />
          ))}
        </section>
      ))}
      <div className={classes.libraryFoot}>
        <FormProblem>{action.problem}</FormProblem>
        <span className={classes.footNote}>Copies are yours: change them, the library stays as it is.</span>
        <Button disabled={picked.size === 0} loading={action.busy} onClick={copy}>
          {picked.size < 2 ? 'Copy to the project' : `Copy ${picked.size} patterns`}
        </Button>
      </div>
    </div>
  );
}

function LibraryEntry({
  entry,
  checked,
  present,
  onToggle,
}: {
  entry: LibraryPattern;
  checked: boolean;
  present: boolean;
  onToggle: () => void;
}) {
  const { content } = entry;
  return (
    <div className={classes.entry}>
      <Checkbox
        checked={checked}
        onChange={onToggle}
        label={
          <span className={classes.entryHead}>
            {content.name} <PatternLevel level={content.level} />
            {present && <span className={shared.hint}>in the project</span>}
          </span>
        }
        description={content.description}
      />
      <details className={classes.entryMore}>
        <summary>Sample and expression</summary>
        <pre className={classes.sample}>{content.sample}</pre>
        <pre className={classes.sample}>{content.expression}</pre>
      </details>
    </div>
  );
}
