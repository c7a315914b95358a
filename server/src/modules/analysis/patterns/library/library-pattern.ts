import { fullDefinition, type PatternDefinition } from '../definition.ts';

/** A ready-made pattern, to be copied into a project and changed there. */
export interface LibraryPattern {
  /** Stable name for the API and the command line, `nginx-error`. */
  readonly key: string;
  /** What it goes with, for grouping a long list. */
  readonly group: 'Web servers' | 'Databases' | 'Queues' | 'System' | 'Containers' | 'Runtimes' | 'Delivery' | 'Noise';
  /** `id` is empty, `sample` a hit. */
  readonly definition: PatternDefinition;
}

/** What a library pattern says of itself; `sample` as lines. */
export type LibraryEntry = Partial<Omit<PatternDefinition, 'id' | 'sample' | 'continuation'>> &
  Pick<PatternDefinition, 'name' | 'expression' | 'description'> & {
    readonly key: string;
    readonly sample: readonly string[];
    readonly next?: PatternDefinition['continuation']['mode'];
    readonly nextMatching?: string;
  };

/** Fills up the entries of one group. */
export function group(name: LibraryPattern['group'], entries: readonly LibraryEntry[]): LibraryPattern[] {
  return entries.map(({ key, sample, next, nextMatching, ...rest }) => ({
    key,
    group: name,
    definition: fullDefinition({
      ...rest,
      sample: sample.join('\n'),
      continuation: { mode: next ?? 'none', expression: nextMatching ?? null },
    }),
  }));
}
