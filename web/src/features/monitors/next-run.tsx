import { toMs } from '../../ui/format.ts';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { useNow } from '../../ui/ticker.ts';

/** When a job runs next; one that should have run by now is due. `at`: ISO text, null when no run is waited for. */
export function NextRun({ at }: { at: string | null }) {
  const due = useNow((now) => at !== null && now - toMs(at) >= 5_000);
  if (at === null) return <span className="er-dim">–</span>;
  return (
    <>
      {due && 'due '}
      <RelativeTime at={at} suffix />
    </>
  );
}
