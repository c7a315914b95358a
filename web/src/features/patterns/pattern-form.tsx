import { NumberInput, SegmentedControl, Select, Switch, Textarea, TextInput } from '@mantine/core';
import { FormPair } from '../../ui/form.tsx';
import { CONTINUATIONS, type Draft, type Fault, faultOf, LEVELS } from './draft.ts';
import { EntryList } from './entry-list.tsx';
import { FaultMark } from './fault-mark.tsx';
import { FieldTargets } from './field-targets.tsx';
import classes from './pattern-form.module.css';
import shared from './patterns.module.css';

/** The fields of a pattern; holds nothing itself. */
export function PatternForm({
  draft,
  captures,
  usual,
  faults,
  readOnly,
  onChange,
}: {
  draft: Draft;
  /** Names of the fields that the expression has, as far as known. */
  captures: readonly string[];
  usual: ReadonlyMap<string, string>;
  faults: readonly Fault[];
  readOnly: boolean;
  onChange: (change: Partial<Draft>) => void;
}) {
  const said = (field: string) => faultOf(faults, field)?.message;
  const marked = (field: string, text: string) => {
    const fault = faultOf(faults, field);
    return fault === undefined ? undefined : <FaultMark fault={fault} text={text} />;
  };
  const withExpression = draft.continuation === 'WHILE' || draft.continuation === 'UNTIL';
  return (
    <fieldset disabled={readOnly} className={classes.form}>
      <TextInput
        label="Name"
        placeholder="Billing: refused cards"
        value={draft.name}
        onChange={(event) => onChange({ name: event.currentTarget.value })}
        error={said('name')}
        data-autofocus={draft.name === '' || undefined}
      />
      <div>
        <div className={classes.expressionHead}>
          <label htmlFor="pattern-expression" className={classes.label}>
            Expression
          </label>
          <Switch
            size="xs"
            label="Any case"
            checked={draft.ignoreCase}
            onChange={(event) => onChange({ ignoreCase: event.currentTarget.checked })}
          />
          <SegmentedControl
            size="xs"
            aria-label="How it is written"
            value={draft.kind}
            onChange={(kind) => onChange({ kind: kind as Draft['kind'] })}
            data={[
              { value: 'GROK', label: 'Grok' },
              { value: 'REGEX', label: 'Regular expression' },
            ]}
          />
        </div>
        <Textarea
          id="pattern-expression"
          autosize
          minRows={2}
          maxRows={8}
          spellCheck={false}
          classNames={{ input: shared.mono ?? '' }}
          placeholder={
            draft.kind === 'GROK' ? '^%{TIMESTAMP_ISO8601:timestamp} billing: %{GREEDYDATA:message}' : '^billing: (?P<message>.*)'
          }
          value={draft.expression}
          onChange={(event) => onChange({ expression: event.currentTarget.value.replace(/[\r\n]+/g, '') })}
          error={marked('expression', draft.expression)}
          description={
            draft.kind === 'GROK'
              ? '%{NAME:field} takes a field out; the rest is a regular expression in RE2 syntax.'
              : 'RE2 syntax; (?P<field>…) takes a field out. No look-around: it is linear in time.'
          }
        />
      </div>
      <FormPair>
        <Select
          label="A hit is"
          data={LEVELS}
          allowDeselect={false}
          value={draft.level}
          onChange={(level) => level !== null && onChange({ level: level as Draft['level'] })}
          error={said('level')}
        />
        <Select
          label="Level from a field"
          placeholder="always the same"
          data={[...new Set([...captures, draft.levelField])].filter(Boolean)}
          clearable
          disabled={draft.level === 'IGNORE'}
          value={draft.levelField || null}
          onChange={(levelField) => onChange({ levelField: levelField ?? '' })}
          error={said('levelField')}
        />
      </FormPair>
      <FormPair>
        <TextInput
          label="Category"
          placeholder="none"
          value={draft.category}
          onChange={(event) => onChange({ category: event.currentTarget.value })}
          error={said('category')}
        />
        <Select
          label="Lines that follow"
          data={Object.entries(CONTINUATIONS).map(([value, label]) => ({ value, label }))}
          allowDeselect={false}
          value={draft.continuation}
          onChange={(continuation) => continuation !== null && onChange({ continuation: continuation as Draft['continuation'] })}
        />
        {draft.continuation !== 'NONE' && (
          <NumberInput
            label="Lines at most"
            min={1}
            max={1000}
            allowDecimal={false}
            value={draft.maxLines}
            onChange={(maxLines) => onChange({ maxLines: typeof maxLines === 'number' ? maxLines : '' })}
            error={said('maxLines')}
          />
        )}
      </FormPair>
      {withExpression && (
        <TextInput
          label={draft.continuation === 'WHILE' ? 'They match' : 'The last one matches'}
          classNames={{ input: shared.mono ?? '' }}
          spellCheck={false}
          value={draft.continuationExpression}
          onChange={(event) => onChange({ continuationExpression: event.currentTarget.value })}
          error={marked('continuation.expression', draft.continuationExpression)}
        />
      )}
      <FieldTargets
        captures={captures}
        usual={usual}
        fields={draft.fields}
        faults={faults}
        onChange={(fields) => onChange({ fields })}
      />
      <EntryList
        label="Tags"
        description="Every hit gets them."
        add="Add a tag"
        names="team"
        values="payments"
        entries={draft.tags}
        onChange={(tags) => onChange({ tags })}
        faultOf={(name) => said(`tags.${name}`)}
      />
      {draft.kind === 'GROK' && (
        <EntryList
          label="Own pieces"
          description="%{ORDER} then stands for its expression."
          add="Add a piece"
          names="ORDER"
          values="ORD-\d+"
          entries={draft.pieces}
          onChange={(pieces) => onChange({ pieces })}
          faultOf={(name) => said(`pieces.${name}`)}
        />
      )}
      <Textarea
        label="Note"
        autosize
        minRows={1}
        maxRows={6}
        placeholder="What it is for"
        value={draft.description}
        onChange={(event) => onChange({ description: event.currentTarget.value })}
        error={said('description')}
      />
      <Switch label="On" checked={draft.enabled} onChange={(event) => onChange({ enabled: event.currentTarget.checked })} />
    </fieldset>
  );
}
