import { useDisplay } from './display.tsx';
import { formatAgo, formatDateTime, toMs } from './format.ts';
import { useNow } from './ticker.ts';

/** `3h`, ticking, with the full date and time on hover. `at`: ISO text, Date or milliseconds; null shows a dash. */
export function RelativeTime({
  at,
  suffix = false,
  className,
}: {
  at: string | number | Date | null | undefined;
  suffix?: boolean;
  className?: string;
}) {
  return at === null || at === undefined ? (
    <span className={className}>–</span>
  ) : (
    <Known at={toMs(at)} suffix={suffix} className={className} />
  );
}

function Known({ at, suffix, className }: { at: number; suffix: boolean; className: string | undefined }) {
  const { timeZone } = useDisplay();
  const text = useNow((now) => {
    // Clocks differ a little, and the ticker is up to five seconds behind: the near future is now.
    const ago = formatAgo(at, at > now && at - now < 30_000 ? at : now);
    return suffix && ago !== 'now' && !ago.startsWith('in ') ? `${ago} ago` : ago;
  });
  return (
    <time dateTime={new Date(at).toISOString()} title={formatDateTime(at, timeZone)} className={className}>
      {text}
    </time>
  );
}
