import type { MonitorRunFieldsFragment } from '@errata/schema';
import { useDisplay } from '../../ui/display.tsx';
import { formatDateTime, formatDuration, toMs } from '../../ui/format.ts';
import { RUN_STATUSES } from './monitor-words.ts';
import classes from './monitors.module.css';

/** The latest runs as a row of marks, oldest at the left. Places without a run are hollow, so that rows line up. */
export function RunStrip({ runs, places = 30 }: { runs: readonly MonitorRunFieldsFragment[]; places?: number }) {
  const { timeZone } = useDisplay();
  const shown = runs.slice(-places);
  const counts = Map.groupBy(shown, (run) => run.status);
  const says = [...counts].map(([status, some]) => `${some.length} ${RUN_STATUSES[status].word.toLowerCase()}`).join(', ');
  return (
    <span
      className={classes.strip}
      role="img"
      aria-label={shown.length === 0 ? 'No runs yet' : `Last ${shown.length} runs: ${says}`}
    >
      {Array.from({ length: places - shown.length }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: hollow places
        <i key={i} className={classes.hollow} />
      ))}
      {shown.map((run) => {
        const { word, tone } = RUN_STATUSES[run.status];
        const took = run.durationMs === null ? '' : `, took ${formatDuration(run.durationMs)}`;
        return (
          <i
            key={run.id}
            className={classes.mark}
            data-status={run.status}
            style={{ background: `var(--er-${tone}-solid)` }}
            title={`${word} · ${formatDateTime(toMs(run.startedAt), timeZone)}${took} · ${run.environment}`}
          />
        );
      })}
    </span>
  );
}
