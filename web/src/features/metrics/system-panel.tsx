import { Figure } from '../../ui/figure.tsx';
import { formatBytes } from '../../ui/format.ts';
import { LineSpark } from '../../ui/line-spark.tsx';
import { Panel } from '../../ui/page.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { GAUGES, toneOf } from './gauges.ts';
import { PLACES, type Sample } from './system-history.ts';
import classes from './system-panel.module.css';

const GIB = 1024 ** 3;

/** The figures of the system, each with its line since the page was opened. */
export function SystemPanel({ samples }: { samples: readonly Sample[] }) {
  const now = samples.at(-1);
  if (now === undefined) return null;
  return (
    <>
      <div className={classes.gauges}>
        {GAUGES.map((gauge) => {
          const value = gauge.read(now);
          const tone = toneOf(gauge, value);
          return (
            <Figure
              key={gauge.key}
              label={gauge.label}
              title={gauge.says}
              value={gauge.format(value)}
              tone={tone}
              note={
                <LineSpark
                  values={samples.map(gauge.read)}
                  places={PLACES}
                  least={gauge.least}
                  tone={tone ?? 'blue'}
                  label={`${gauge.label}, lately`}
                />
              }
            />
          );
        })}
        <Figure label="Database" value={formatBytes(now.databaseBytes)} note="tables, indexes and write-ahead log" />
        <Figure
          label="Free on disk"
          value={formatBytes(now.diskFreeBytes)}
          note="where the data directory is"
          tone={now.diskFreeBytes < GIB ? 'red' : now.diskFreeBytes < 5 * GIB ? 'amber' : undefined}
        />
      </div>
      <Panel title="This server">
        <dl className={classes.facts}>
          <dt>Version</dt>
          <dd>{now.version}</dd>
          <dt>Started</dt>
          <dd>
            <RelativeTime at={now.startedAt} suffix />
          </dd>
          <dt>Database</dt>
          <dd>{now.database}</dd>
          <dt>Node.js</dt>
          <dd>{now.nodeVersion}</dd>
        </dl>
      </Panel>
    </>
  );
}
