import { fullDefinition, type PatternDefinition } from '../analysis/patterns/definition.ts';
import type { Pattern, PatternBody } from './pattern.entity.ts';

/** The definition of a stored pattern, with the defaults for what a later version added. */
export function definitionOf(pattern: Pick<Pattern, 'id' | 'name' | 'enabled' | 'body'>): PatternDefinition {
  return fullDefinition({ ...pattern.body, id: String(pattern.id), name: pattern.name, enabled: pattern.enabled });
}

/** What goes into the JSON column. */
export function bodyOf({ id: _, name: __, enabled: ___, ...body }: PatternDefinition): PatternBody {
  return body;
}

/** Names of the parts in which two definitions differ; their ids are not looked at. */
export function changedParts(before: PatternDefinition, after: PatternDefinition): string[] {
  return (Object.keys(after) as (keyof PatternDefinition)[]).filter(
    (key) => key !== 'id' && canonical(before[key]) !== canonical(after[key]),
  );
}

/** JSON with the keys in order: PostgreSQL gives them back in its own. */
function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
