import classes from './fact-table.module.css';
import { HostileText } from './hostile-text.tsx';
import { ValueView } from './json-tree.tsx';

/** Names and values under each other. Both are text of strangers. */
export function FactTable({ facts }: { facts: readonly (readonly [name: string, value: unknown])[] }) {
  return (
    <dl className={classes.facts}>
      {facts.map(([name, value], index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: headers may repeat their name
        <div key={`${name} ${index}`} className={classes.fact}>
          <dt>
            <HostileText text={name} />
          </dt>
          <dd>
            <ValueView value={value} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** All fields of an object as facts, also those that are null: of a variable that is the news. */
export function allFactsOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

/** The filled fields of an object as facts; anything else gives none. */
export function factsOf(value: unknown, leaveOut: readonly string[] = []): [string, unknown][] {
  return allFactsOf(value).filter(
    ([name, each]) => each !== null && each !== undefined && each !== '' && !leaveOut.includes(name),
  );
}
