import { LevelBadge, ToneBadge } from '../../ui/badges.tsx';
import shared from './patterns.module.css';
import classes from './test-hit.module.css';
import type { TestHit } from './use-test.ts';

const levelOf = (level: string) => level.toUpperCase() as 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR' | 'FATAL';
const linesOf = ({ first, last }: { first: number; last: number }) =>
  first === last ? `line ${first + 1}` : `lines ${first + 1}–${last + 1}`;

/** A hit: what would be shown of it, its fields, and what its lines would be without the pattern. */
export function TestHitDetail({ hit }: { hit: TestHit }) {
  return (
    <article className={classes.hit}>
      <header className={classes.hitHead}>
        {hit.ignored ? <ToneBadge tone="grey">ignored</ToneBadge> : <LevelBadge level={levelOf(hit.level)} />}
        <strong>{hit.title}</strong>
        <span className={shared.hint}>
          {linesOf(hit)} · {hit.category}
        </span>
      </header>
      {hit.fields.length > 0 && (
        <div className={classes.tableScroll}>
          <table className={classes.fieldTable}>
            <caption className="er-sr-only">Fields of {linesOf(hit)}</caption>
            <tbody>
              {hit.fields.map(({ name, value, target }) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td>
                    <code>{value}</code>
                  </td>
                  <td className={shared.hint}>{target === 'drop' ? 'dropped' : `→ ${target}`}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <p className={classes.instead}>
        <span className={shared.hint}>Without this pattern:</span>{' '}
        {hit.instead.length === 0
          ? 'no event.'
          : hit.instead.map((other) => (
              <span key={`${other.first}-${other.title}`} className={classes.other}>
                <LevelBadge level={levelOf(other.level)} /> {other.title}{' '}
                <span className={shared.hint}>
                  ({linesOf(other)}
                  {other.pattern === null ? '' : `, by “${other.pattern}”`})
                </span>
              </span>
            ))}
      </p>
    </article>
  );
}
