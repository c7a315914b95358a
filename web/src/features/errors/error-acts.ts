import type { ApolloClient } from '@apollo/client';
import {
  ErrorActions_ArchiveDocument,
  ErrorActions_AssignDocument,
  type ErrorActions_ChangeFragment,
  ErrorActions_DeleteDocument,
  ErrorActions_ResolveDocument,
  ErrorActions_UndoDocument,
  ErrorActions_UnresolveDocument,
  type ErrorFilter,
} from '@errata/schema';
import { resultOf } from '../../lib/refusal.ts';
import type { ErrorRow, RowPerson } from './error-row.ts';
import { counted } from './words.ts';

/** What can be done to errors. Times in milliseconds UTC. */
export type ErrorAct =
  | { kind: 'resolve'; inRelease?: string }
  | { kind: 'unresolve' }
  | { kind: 'archive'; until?: number }
  | { kind: 'assign'; to: RowPerson | null }
  | { kind: 'delete' };

/** Which errors are meant: by id, or everything that matches now (also what is not loaded). */
export type ErrorTarget = { ids: readonly string[] } | { filter: ErrorFilter; query: string | null };

/** What was done; `undoToken` is null when nothing changed. */
export type ErrorChange = ErrorActions_ChangeFragment;

/** Asks the server to do it. Rejects with a message fit to be shown when it refuses. */
export async function sendAct(client: ApolloClient, act: ErrorAct, target: ErrorTarget): Promise<ErrorChange> {
  const selection =
    'ids' in target
      ? { ids: [...target.ids] }
      : { filter: target.filter, ...(target.query === null ? {} : { query: target.query }) };
  switch (act.kind) {
    case 'resolve': {
      const inRelease = act.inRelease ?? null;
      const { data } = await client.mutate({ mutation: ErrorActions_ResolveDocument, variables: { selection, inRelease } });
      return resultOf(data?.resolveErrors);
    }
    case 'unresolve': {
      const { data } = await client.mutate({ mutation: ErrorActions_UnresolveDocument, variables: { selection } });
      return resultOf(data?.unresolveErrors);
    }
    case 'archive': {
      const until = act.until === undefined ? null : new Date(act.until).toISOString();
      const { data } = await client.mutate({ mutation: ErrorActions_ArchiveDocument, variables: { selection, until } });
      return resultOf(data?.archiveErrors);
    }
    case 'assign': {
      const { data } = await client.mutate({
        mutation: ErrorActions_AssignDocument,
        variables: { selection, assigneeId: act.to?.id ?? null },
      });
      return resultOf(data?.assignErrors);
    }
    case 'delete': {
      const { data } = await client.mutate({ mutation: ErrorActions_DeleteDocument, variables: { selection } });
      return resultOf(data?.deleteErrors);
    }
  }
}

/** Takes an act back by its token. Rejects when it is too late or somebody else changed the errors since. */
export async function sendUndo(client: ApolloClient, undoToken: string): Promise<ErrorChange> {
  const { data } = await client.mutate({ mutation: ErrorActions_UndoDocument, variables: { undoToken } });
  return resultOf(data?.undoErrorChange);
}

/** The row as it will be, for showing it at once; null when it will be gone. */
export function rowAfter(row: ErrorRow, act: ErrorAct): ErrorRow | null {
  switch (act.kind) {
    case 'resolve':
      return { ...row, status: 'RESOLVED' };
    case 'unresolve':
      return { ...row, status: row.status === 'RESOLVED' || row.status === 'ARCHIVED' ? 'ONGOING' : row.status };
    case 'archive':
      return { ...row, status: 'ARCHIVED' };
    case 'assign':
      return { ...row, assignee: act.to };
    case 'delete':
      return null;
  }
}

/** `3 errors resolved`: what to say when it is done. */
export function saidOf(act: ErrorAct, count: number): string {
  const errors = counted(count, 'error');
  switch (act.kind) {
    case 'resolve':
      return act.inRelease === undefined ? `${errors} resolved` : `${errors} resolved in ${act.inRelease}`;
    case 'unresolve':
      return `${errors} reopened`;
    case 'archive':
      return `${errors} archived`;
    case 'assign':
      return act.to === null ? `${errors} no longer assigned` : `${errors} assigned to ${act.to.name}`;
    case 'delete':
      return `${errors} deleted`;
  }
}
