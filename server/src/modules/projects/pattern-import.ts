import type { PatternDefinition } from '../analysis/patterns/definition.ts';
import { changedParts } from './pattern-definition.ts';

/** MERGE keeps what the file does not name; REPLACE makes the project's set that of the file, in its order. */
export type ImportMode = 'MERGE' | 'REPLACE';

/** What an import does to one pattern, told by its name. */
export interface ImportChange {
  readonly action: 'ADD' | 'CHANGE' | 'REMOVE' | 'KEEP';
  readonly name: string;
  /** Parts that become different; of a change only. */
  readonly parts: readonly string[];
}

/** What an import would do, and the set there would be then; those that stay have the id of what they were. */
export interface ImportPlan {
  readonly changes: readonly ImportChange[];
  readonly result: readonly PatternDefinition[];
  /** The order of those that stay becomes another. */
  readonly reordered: boolean;
}

/** Works out an import, without doing it. Both sets are in their order. */
export function planImport(
  present: readonly PatternDefinition[],
  incoming: readonly PatternDefinition[],
  mode: ImportMode,
): ImportPlan {
  const byName = new Map(present.map((definition) => [definition.name, definition]));
  const taken = new Map(incoming.map((definition) => [definition.name, definition]));
  const changes: ImportChange[] = incoming.map((definition) => {
    const before = byName.get(definition.name);
    if (before === undefined) return { action: 'ADD', name: definition.name, parts: [] };
    const parts = changedParts(before, definition);
    return { action: parts.length === 0 ? 'KEEP' : 'CHANGE', name: definition.name, parts };
  });
  for (const { name } of present)
    if (!taken.has(name)) changes.push({ action: mode === 'REPLACE' ? 'REMOVE' : 'KEEP', name, parts: [] });
  const withId = (definition: PatternDefinition) => ({ ...definition, id: byName.get(definition.name)?.id ?? '' });
  const result =
    mode === 'REPLACE'
      ? incoming.map(withId)
      : [
          ...present.map((definition) => withId(taken.get(definition.name) ?? definition)),
          ...incoming.filter(({ name }) => !byName.has(name)).map(withId),
        ];
  const staying = result.filter(({ id }) => id !== '').map(({ id }) => id);
  const kept = new Set(staying);
  const before = present.filter(({ id }) => kept.has(id)).map(({ id }) => id);
  return { changes, result, reordered: staying.some((id, i) => id !== before[i]) };
}
