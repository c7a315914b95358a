import { useMutation, useQuery } from '@apollo/client/react';
import {
  CopyPatternsDocument,
  CreatePatternDocument,
  DeletePatternDocument,
  type PatternFieldsFragment,
  ProjectPatternsDocument,
  ReorderPatternsDocument,
  SetPatternEnabledDocument,
} from '@errata/schema';
import { messageOf, resultOf } from '../../lib/refusal.ts';
import { toast } from '../../ui/toast.tsx';
import { draftOf, inputOf } from './draft.ts';

/** A project's patterns on their way, failed, or there in their order. */
export type PatternsState =
  | { kind: 'loading' }
  | { kind: 'failed'; message: string; retry: () => void }
  | { kind: 'ready'; projectId: string; patterns: readonly PatternFieldsFragment[] };

/** The patterns of a project, by slug. */
export function usePatterns(slug: string): PatternsState {
  const { data, error, refetch } = useQuery(ProjectPatternsDocument, { variables: { slug } });
  if (data?.project) {
    const patterns = data.project.patterns.toSorted((a, b) => a.position - b.position);
    return { kind: 'ready', projectId: String(data.project.id), patterns };
  }
  return error === undefined ? { kind: 'loading' } : { kind: 'failed', message: messageOf(error), retry: () => void refetch() };
}

const again = { refetchQueries: ['ProjectPatterns'], awaitRefetchQueries: true };

/** What can be done to patterns in a list; each says what it did, with a way back. */
export function usePatternActs(projectId: string) {
  const [setEnabled] = useMutation(SetPatternEnabledDocument);
  const [remove] = useMutation(DeletePatternDocument, again);
  const [create] = useMutation(CreatePatternDocument, again);
  const [reorder] = useMutation(ReorderPatternsDocument, { refetchQueries: ['ProjectPatterns'] });
  const [copy] = useMutation(CopyPatternsDocument, again);
  const failed = (error: unknown) => void toast({ message: messageOf(error), kind: 'failed' });

  const enable = async (pattern: PatternFieldsFragment, enabled: boolean): Promise<void> => {
    try {
      resultOf((await setEnabled({ variables: { id: pattern.id, enabled } })).data?.setPatternEnabled);
      const { name } = pattern.content;
      toast({
        message: enabled ? `“${name}” is on.` : `“${name}” is off: its lines are read as if it were not there.`,
        undo: () => enable(pattern, !enabled),
        id: `pattern-${pattern.id}`,
      });
    } catch (error) {
      failed(error);
    }
  };

  const drop = async (pattern: PatternFieldsFragment): Promise<void> => {
    try {
      const gone = resultOf((await remove({ variables: { id: pattern.id } })).data?.deletePattern);
      const back = async () => {
        const input = inputOf(draftOf(gone.content));
        resultOf((await create({ variables: { projectId, input, position: gone.position } })).data?.createPattern);
      };
      toast({ message: `“${gone.content.name}” was deleted.`, undo: back });
    } catch (error) {
      failed(error);
    }
  };

  const duplicate = async (pattern: PatternFieldsFragment, taken: readonly string[]): Promise<void> => {
    try {
      const input = { ...inputOf(draftOf(pattern.content)), name: freeName(pattern.content.name, taken) };
      resultOf((await create({ variables: { projectId, input, position: pattern.position + 1 } })).data?.createPattern);
      toast({ message: `“${input.name}” was made.` });
    } catch (error) {
      failed(error);
    }
  };

  /** Puts the pattern at an index of the list; the list shows it at once. */
  const move = async (patterns: readonly PatternFieldsFragment[], from: number, to: number): Promise<void> => {
    if (from === to || to < 0 || to >= patterns.length) return;
    const order = [...patterns];
    order.splice(to, 0, ...order.splice(from, 1));
    const placed = order.map(({ id, updatedAt }, position) => ({ __typename: 'Pattern' as const, id, position, updatedAt }));
    try {
      const { data } = await reorder({
        variables: { projectId, ids: order.map(({ id }) => String(id)) },
        optimisticResponse: { reorderPatterns: { __typename: 'PatternList', patterns: placed } },
      });
      resultOf(data?.reorderPatterns);
    } catch (error) {
      failed(error);
    }
  };

  const copyFromLibrary = async (keys: readonly string[]): Promise<void> => {
    const { patterns } = resultOf((await copy({ variables: { projectId, keys: [...keys] } })).data?.copyPatterns);
    const undo = async () => {
      for (const { id } of patterns) resultOf((await remove({ variables: { id } })).data?.deletePattern);
    };
    toast({
      message: patterns.length === 1 ? `“${patterns[0]!.content.name}” was copied.` : `${patterns.length} patterns were copied.`,
      undo,
    });
  };

  return { enable, drop, duplicate, move, copyFromLibrary };
}

/** `nginx copy`, `nginx copy 2`, … */
export function freeName(name: string, taken: readonly string[]): string {
  const base = `${name.replace(/ copy(?: \d+)?$/, '').slice(0, 70)} copy`;
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? base : `${base} ${n}`;
    if (!taken.includes(candidate)) return candidate;
  }
}
