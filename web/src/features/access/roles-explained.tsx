import { ToneBadge } from '../../ui/badges.tsx';
import { Panel } from '../../ui/page.tsx';
import classes from './access.module.css';
import { ROLES } from './roles.ts';

/** What each role may do, for those who give them. */
export function RolesExplained() {
  return (
    <Panel title="Roles">
      <dl className={classes.roles}>
        {ROLES.map((one) => [
          <dt key={`${one.role}-name`}>
            <ToneBadge tone={one.tone}>{one.name}</ToneBadge>
          </dt>,
          <dd key={`${one.role}-can`}>{one.can}</dd>,
        ])}
      </dl>
    </Panel>
  );
}
