import { Autocomplete } from '@mantine/core';
import type { Entry, Fault } from './draft.ts';
import { faultOf } from './draft.ts';
import classes from './entries.module.css';
import shared from './patterns.module.css';

const PARTS = [
  'message',
  'type',
  'value',
  'timestamp',
  'level',
  'logger',
  'user',
  'server_name',
  'transaction',
  'release',
  'environment',
  'fingerprint',
  'drop',
];

/** Where each field of the expression goes. An empty place: where its name says, shown in grey. */
export function FieldTargets({
  captures,
  usual,
  fields,
  faults,
  onChange,
}: {
  captures: readonly string[];
  /** Where a field goes by its name, as far as the last try has shown. */
  usual: ReadonlyMap<string, string>;
  fields: readonly Entry[];
  faults: readonly Fault[];
  onChange: (fields: Entry[]) => void;
}) {
  if (captures.length === 0) return null;
  const set = (name: string, value: string) => {
    const others = fields.filter((field) => field.name !== name);
    onChange(value === '' ? others : [...others, { name, value }]);
  };
  return (
    <fieldset className={classes.entries}>
      <legend>Fields</legend>
      {captures.map((name) => (
        <div key={name} className={classes.fieldRow}>
          <code>{name}</code>
          <span aria-hidden>→</span>
          <Autocomplete
            size="xs"
            aria-label={`Where ${name} goes`}
            placeholder={usual.get(name) ?? 'as its name says'}
            data={[`tag:${name}`, `extra:${name}`, ...PARTS]}
            value={fields.find((field) => field.name === name)?.value ?? ''}
            onChange={(value) => set(name, value)}
            error={faultOf(faults, `fields.${name}`)?.message}
            comboboxProps={{ width: 220, position: 'bottom-start' }}
          />
        </div>
      ))}
      <span className={shared.hint}>A part of the event, tag:name, extra:name, or drop. Empty: where the name says.</span>
    </fieldset>
  );
}
