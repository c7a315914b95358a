import type { Conversation_ErrorFragment } from '@errata/schema';

type Line = Conversation_ErrorFragment['history'][number];

/** A history line as a sentence without its subject: "resolved this in 1.2". */
export function historyText({ kind, data }: Pick<Line, 'kind' | 'data'>): string {
  const facts = typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : {};
  const text = (key: string): string | null =>
    typeof facts[key] === 'string' && facts[key] !== '' ? (facts[key] as string) : null;
  switch (kind) {
    case 'created':
      return 'saw this for the first time';
    case 'regressed':
      return text('release') === null ? 'saw this again after it was resolved' : `saw this again, in ${text('release')}`;
    case 'ongoing':
      return 'takes this for known by now';
    case 'escalating':
      return 'saw this far more often than before';
    case 'resolved':
      return text('release') === null ? 'resolved this' : `resolved this in ${text('release')}`;
    case 'unresolved':
      return 'reopened this';
    case 'archived':
      return typeof facts['until'] === 'number' ? 'archived this for a while' : 'archived this';
    case 'assigned':
      return text('assignee') === null ? 'took the assignee away' : `assigned this to ${text('assignee')}`;
    case 'mapped': {
      const where = text('to') === null ? '' : `: it happens in ${text('to')}`;
      const same = sameAs({ kind, data }) === null ? '' : '; by its original frames this is the same as';
      return `applied source maps to earlier events${where}${same}`;
    }
    case 'commented':
      return 'commented';
    case 'comment_deleted':
      return 'deleted a comment';
    case 'deleted':
      return 'deleted this';
    case 'undone':
      return text('kind') === null ? 'took the last change back' : `took back: ${text('kind')}`;
    default:
      return kind.replaceAll(/[_-]+/g, ' ');
  }
}

/** The error that a line says this one is the same as; null when it says nothing of the kind. */
export function sameAs({ data }: Pick<Line, 'kind' | 'data'>): string | null {
  const id = typeof data === 'object' && data !== null ? (data as Record<string, unknown>)['sameAs'] : undefined;
  return typeof id === 'number' ? String(id) : null;
}

/** An entry of the conversation: a comment or something that happened. `at` in milliseconds UTC. */
export type Entry = { at: number; comment: Conversation_ErrorFragment['comments'][number] } | { at: number; line: Line };

/** Comments and history in one course, oldest first. The history's own note of a comment is left out: the comment stands there. */
export function courseOf({ comments, history }: Pick<Conversation_ErrorFragment, 'comments' | 'history'>): Entry[] {
  const entries: Entry[] = comments.map((comment) => ({ at: Date.parse(comment.createdAt), comment }));
  for (const line of history) if (line.kind !== 'commented') entries.push({ at: Date.parse(line.at), line });
  return entries.toSorted((a, b) => a.at - b.at);
}
