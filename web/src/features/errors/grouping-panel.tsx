import type { EventBar_EventFragment, GroupingPanel_ErrorFragment } from '@errata/schema';
import { Panel } from '../../ui/page.tsx';
import classes from './grouping-panel.module.css';
import { HostileText } from './hostile-text.tsx';

/** Why these events stand together: the reasons of the grouping that chose this error. */
export function GroupingPanel({ error, event }: { error: GroupingPanel_ErrorFragment; event: EventBar_EventFragment | null }) {
  const own = event?.grouping ?? error.groupings[0];
  if (own === undefined) return null;
  const others = error.groupings.filter(({ hash }) => hash !== own.hash);
  return (
    <Panel title="Why grouped" note={`grouping ${own.version}`}>
      <ul className={classes.why}>
        {own.why.map((reason) => (
          <li key={reason}>
            <HostileText text={reason} />
          </li>
        ))}
      </ul>
      {error.messageTemplate === null ? null : (
        <p className={classes.template}>
          <span className="er-dim">Message without its variables</span>
          <code>
            <HostileText text={error.messageTemplate} />
          </code>
        </p>
      )}
      {others.length === 0 ? null : (
        <details className={classes.others}>
          <summary>{others.length === 1 ? 'One more fingerprint leads' : `${others.length} more fingerprints lead`} here</summary>
          {others.slice(0, 20).map(({ version, hash, why }) => (
            <p key={hash} className={classes.other}>
              <code title={hash}>
                {version} {hash.slice(0, 12)}
              </code>{' '}
              <HostileText text={why.join(' ')} />
            </p>
          ))}
        </details>
      )}
      <p className={classes.hash} title="Fingerprint of this event">
        {own.hash}
      </p>
    </Panel>
  );
}
