import type { InboundSettingsFieldsFragment, SamplingRuleInput } from '@errata/schema';
import { ActionIcon, Button, MultiSelect, NumberInput, TagsInput, TextInput } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconPlus, IconTrash } from '@tabler/icons-react';
import { FormPair } from '../../ui/form.tsx';
import { formatWhole } from '../../ui/format.ts';
import { Panel } from '../../ui/page.tsx';
import { EmptyState } from '../../ui/states.tsx';
import classes from './sampling-rules.module.css';

type Rule = InboundSettingsFieldsFragment['sampling'][number];

/** A rule while it is edited; the share in percent. `key` tells rows apart. */
export interface RuleDraft {
  key: string;
  name: string;
  percent: number;
  keepFirst: number;
  levels: string[];
  environments: string[];
  releases: string[];
  messages: string[];
}

let drafts = 0;
const nextKey = () => `rule-${++drafts}`;

/** A stored rule, for editing. */
export function fromRule({ name, rate, keepFirst, levels, environments, releases, messages }: Rule): RuleDraft {
  const lists = { levels: [...levels], environments: [...environments], releases: [...releases], messages: [...messages] };
  return { key: nextKey(), name, percent: Math.round(rate * 10_000) / 100, keepFirst, ...lists };
}

/** An edited rule, for the server. */
export function toRule({ key: _, percent, ...rule }: RuleDraft): SamplingRuleInput {
  return { ...rule, rate: percent / 100 };
}

const LEVELS = ['debug', 'info', 'warning', 'error', 'fatal'];

/** The ordered rules that keep a share of some events. The first one that matches decides. */
export function SamplingRules({
  rules,
  onChange,
  dropped,
  environments,
  readOnly,
}: {
  rules: readonly RuleDraft[];
  onChange: (rules: RuleDraft[]) => void;
  /** Left out lately, by reason. */
  dropped: (reason: string) => number;
  environments: readonly string[];
  readOnly: boolean;
}) {
  const change = (index: number, part: Partial<RuleDraft>) =>
    onChange(rules.map((rule, at) => (at === index ? { ...rule, ...part } : rule)));
  const move = (index: number, by: number) => {
    const next = [...rules];
    const [rule] = next.splice(index, 1);
    if (rule !== undefined) next.splice(index + by, 0, rule);
    onChange(next);
  };
  const add = () =>
    onChange([
      ...rules,
      {
        key: nextKey(),
        name: `Rule ${rules.length + 1}`,
        percent: 10,
        keepFirst: 5,
        levels: [],
        environments: [],
        releases: [],
        messages: [],
      },
    ]);
  return (
    <Panel
      title="Sampling"
      note="the first of every error is always kept"
      padded={rules.length > 0}
      actions={
        !readOnly && (
          <Button size="compact-sm" variant="default" leftSection={<IconPlus size={14} />} onClick={add}>
            Add a rule
          </Button>
        )
      }
    >
      {rules.length === 0 && (
        <EmptyState title="Every event is kept">
          A rule keeps only a share of events that repeat, for example 10 % of warnings. The first of every kind of error in each
          hour is kept all the same, so nothing new is missed.
        </EmptyState>
      )}
      <ol className={classes.rules}>
        {rules.map((rule, index) => {
          const left = dropped(`sampled:${rule.name}`);
          return (
            <li key={rule.key} className={classes.rule}>
              <div className={classes.head}>
                <TextInput
                  label="Rule"
                  className={classes.name}
                  value={rule.name}
                  maxLength={60}
                  onChange={(event) => change(index, { name: event.currentTarget.value })}
                />
                <NumberInput
                  label="Keep"
                  suffix=" %"
                  min={0}
                  max={100}
                  decimalScale={2}
                  w={96}
                  value={rule.percent}
                  onChange={(value) => change(index, { percent: Number(value) || 0 })}
                />
                <NumberInput
                  label="And the first"
                  suffix=" an hour"
                  min={1}
                  max={10_000}
                  allowDecimal={false}
                  w={132}
                  value={rule.keepFirst}
                  onChange={(value) => change(index, { keepFirst: Math.max(1, Number(value) || 1) })}
                />
                {!readOnly && (
                  <span className={classes.acts}>
                    <ActionIcon
                      variant="subtle"
                      color="gray"
                      aria-label={`Move ${rule.name} up`}
                      disabled={index === 0}
                      onClick={() => move(index, -1)}
                    >
                      <IconArrowUp size={16} />
                    </ActionIcon>
                    <ActionIcon
                      variant="subtle"
                      color="gray"
                      aria-label={`Move ${rule.name} down`}
                      disabled={index === rules.length - 1}
                      onClick={() => move(index, 1)}
                    >
                      <IconArrowDown size={16} />
                    </ActionIcon>
                    <ActionIcon
                      variant="subtle"
                      color="red"
                      aria-label={`Remove ${rule.name}`}
                      onClick={() => onChange(rules.filter((_, at) => at !== index))}
                    >
                      <IconTrash size={16} />
                    </ActionIcon>
                  </span>
                )}
              </div>
              <FormPair>
                <MultiSelect
                  label="Levels"
                  placeholder={rule.levels.length === 0 ? 'all' : ''}
                  data={LEVELS}
                  value={rule.levels}
                  onChange={(levels) => change(index, { levels })}
                />
                <TagsInput
                  label="Environments"
                  placeholder={rule.environments.length === 0 ? 'all' : ''}
                  data={[...environments]}
                  value={rule.environments}
                  onChange={(values) => change(index, { environments: values })}
                />
                <TagsInput
                  label="Releases"
                  placeholder={rule.releases.length === 0 ? 'all, for example shop@1.*' : ''}
                  value={rule.releases}
                  onChange={(releases) => change(index, { releases })}
                />
                <TagsInput
                  label="Messages"
                  placeholder={rule.messages.length === 0 ? 'all, for example *timeout*' : ''}
                  splitChars={['\n']}
                  value={rule.messages}
                  onChange={(messages) => change(index, { messages })}
                />
              </FormPair>
              {left > 0 && <p className={classes.left}>Left out {formatWhole(left)} events in the last 7 days.</p>}
            </li>
          );
        })}
      </ol>
    </Panel>
  );
}
