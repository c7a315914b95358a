import { LiveError_ChangedDocument } from '@errata/schema';
import { useEffect, useRef } from 'react';
import { useLive } from '../../lib/live.ts';

/** An error is asked for no more often than this, in milliseconds. */
const ASK_MS = 1_000;

/**
 * Keeps one error live; draws nothing. Listens to small notices of its project and asks for the error itself only when it
 * is meant.
 */
export function LiveError({
  errorId,
  projectId,
  onChange,
  onDeleted,
}: {
  errorId: string;
  projectId: string;
  onChange: () => void;
  onDeleted: () => void;
}) {
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const latest = useRef({ onChange, onDeleted });
  latest.current = { onChange, onDeleted };
  useLive(LiveError_ChangedDocument, {
    variables: { projectIds: [projectId] },
    onData: ({ errorChanged }) => {
      if (errorChanged.errorId !== errorId) return;
      if (errorChanged.kind === 'DELETED') {
        latest.current.onDeleted();
        return;
      }
      timer.current ??= setTimeout(() => {
        timer.current = undefined;
        latest.current.onChange();
      }, ASK_MS);
    },
    onReconnect: () => latest.current.onChange(),
  });
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    },
    [],
  );
  return null;
}
