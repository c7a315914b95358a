import { ActionIcon, Button, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import type { Entry } from './draft.ts';
import classes from './entries.module.css';
import shared from './patterns.module.css';

/** Names with texts, to be added, changed and removed: tags, pieces of grok. */
export function EntryList({
  label,
  description,
  entries,
  onChange,
  add,
  names,
  values,
  faultOf,
}: {
  label: string;
  description: string;
  entries: readonly Entry[];
  onChange: (entries: Entry[]) => void;
  /** Word on the button: "Add a tag". */
  add: string;
  /** Placeholders. */
  names: string;
  values: string;
  faultOf: (name: string) => string | undefined;
}) {
  const set = (index: number, change: Partial<Entry>) =>
    onChange(entries.map((entry, i) => (i === index ? { ...entry, ...change } : entry)));
  return (
    <fieldset className={classes.entries}>
      <legend>{label}</legend>
      {entries.map((entry, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: entries have no name of their own while they are typed
        <div key={index} className={classes.entryRow}>
          <TextInput
            aria-label={`${label}: name ${index + 1}`}
            placeholder={names}
            value={entry.name}
            onChange={(event) => set(index, { name: event.currentTarget.value })}
            error={faultOf(entry.name)}
          />
          <TextInput
            aria-label={`${label}: value of ${entry.name || index + 1}`}
            placeholder={values}
            value={entry.value}
            onChange={(event) => set(index, { value: event.currentTarget.value })}
          />
          <ActionIcon aria-label={`Remove ${entry.name || 'it'}`} onClick={() => onChange(entries.filter((_, i) => i !== index))}>
            <IconX size={15} />
          </ActionIcon>
        </div>
      ))}
      <div className={classes.entriesFoot}>
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<IconPlus size={13} />}
          onClick={() => onChange([...entries, { name: '', value: '' }])}
        >
          {add}
        </Button>
        <span className={shared.hint}>{description}</span>
      </div>
    </fieldset>
  );
}
