import { LiveError_ChangedDocument } from '@errata/schema';
import { useEffect, useRef, useState } from 'react';
import { useLive } from '../../lib/live.ts';
import { Pace } from './pace.ts';

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
  const latest = useRef({ onChange, onDeleted });
  latest.current = { onChange, onDeleted };
  const [pace] = useState(() => new Pace(() => latest.current.onChange(), ASK_MS));
  useLive(LiveError_ChangedDocument, {
    variables: { projectIds: [projectId] },
    onData: ({ errorChanged }) => {
      if (errorChanged.errorId !== errorId) return;
      if (errorChanged.kind === 'DELETED') latest.current.onDeleted();
      else pace.ask();
    },
    onCatchUp: () => pace.ask(),
  });
  useEffect(() => () => pace.stop(), [pace]);
  return null;
}
