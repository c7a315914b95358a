import type { CategoryQuotaInput, QuotaCategory } from '@errata/schema';
import { NumberInput } from '@mantine/core';

/** Kinds of items other than events that can be limited. */
const CATEGORIES: readonly { category: QuotaCategory; label: string }[] = [
  { category: 'ATTACHMENT', label: 'Attachments' },
  { category: 'FEEDBACK', label: 'User feedback' },
  { category: 'LOG_ITEM', label: 'Log items' },
  { category: 'MONITOR', label: 'Check-ins' },
  { category: 'SESSION', label: 'Sessions' },
];

/** Limits while they are edited; empty: none. */
export type LimitDrafts = Record<QuotaCategory, number | ''>;

/** Stored limits, for editing. */
export function limitDrafts(quotas: readonly { category: QuotaCategory; perMinute: number }[]): LimitDrafts {
  const limitOf = (category: QuotaCategory) => quotas.find((quota) => quota.category === category)?.perMinute ?? '';
  return Object.fromEntries(CATEGORIES.map(({ category }) => [category, limitOf(category)])) as LimitDrafts;
}

/** Edited limits, for the server. */
export function quotasOf(drafts: LimitDrafts): CategoryQuotaInput[] {
  return CATEGORIES.flatMap(({ category }) => {
    const perMinute = drafts[category];
    return perMinute === '' ? [] : [{ category, perMinute }];
  });
}

/** A field for each kind of item. `inputProps`: what the form gives for a field, by path. */
export function CategoryLimits({ inputProps }: { inputProps: (path: string) => object }) {
  return CATEGORIES.map(({ category, label }) => (
    <NumberInput
      key={category}
      label={label}
      placeholder="no limit"
      min={0}
      allowDecimal={false}
      thousandSeparator=","
      {...inputProps(`quotas.${category}`)}
    />
  ));
}
