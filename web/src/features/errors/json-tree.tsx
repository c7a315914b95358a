import { IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import { HostileLink, HostileText } from './hostile-text.tsx';
import classes from './json-tree.module.css';
import { childrenOf, isBranch, type JsonPath, leafText, pathKey, pathText } from './json-view.ts';

/** Children of one branch drawn at once; more on demand. */
const CHUNK = 100;

/** What {@link JsonTree} takes. */
export interface JsonTreeProps {
  value: unknown;
  /** Keys (see `pathKey`) of the branches that are open. */
  open: ReadonlySet<string>;
  onToggle: (key: string) => void;
  /** Keys of the hits of a search, and the one that is looked at. */
  hits?: ReadonlySet<string>;
  current?: string | null;
}

/** A JSON value as a tree; only open branches exist in the document. */
export function JsonTree(props: JsonTreeProps) {
  return (
    <ul className={classes.tree}>
      <Node {...props} path={[]} name={null} />
    </ul>
  );
}

function Node({ value, path, name, ...tree }: JsonTreeProps & { path: JsonPath; name: string | number | null }) {
  const [shown, setShown] = useState(CHUNK);
  const key = pathKey(path);
  const mark = tree.current === key ? classes.current : tree.hits?.has(key) === true ? classes.hit : undefined;
  const label =
    name === null ? null : (
      <span className={classes.key} title={pathText(path)}>
        {typeof name === 'number' ? name : <HostileText text={name} />}:{' '}
      </span>
    );
  if (!isBranch(value)) {
    return (
      <li className={`${classes.leaf} ${mark ?? ''}`} data-path={key}>
        {label}
        <Leaf value={value} />
      </li>
    );
  }
  const children = childrenOf(value);
  const isOpen = tree.open.has(key);
  const [before, after] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  return (
    <li>
      <button
        type="button"
        aria-expanded={isOpen}
        className={`${classes.toggle} ${mark ?? ''}`}
        data-path={key}
        onClick={() => tree.onToggle(key)}
        disabled={children.length === 0}
      >
        <IconChevronRight size={12} className={classes.arrow} data-open={isOpen || undefined} aria-hidden />
        {label}
        <span className={classes.brace}>{isOpen ? before : `${before}${children.length === 0 ? '' : '…'}${after}`}</span>
        {isOpen || children.length === 0 ? null : <span className={classes.count}>{children.length}</span>}
      </button>
      {isOpen ? (
        <ul className={classes.children}>
          {children.slice(0, shown).map(([step, child]) => (
            <Node key={step} {...tree} value={child} path={[...path, step]} name={step} />
          ))}
          {children.length > shown ? (
            <li>
              <button type="button" className={classes.more} onClick={() => setShown(shown + 10 * CHUNK)}>
                {children.length - shown} more
              </button>
            </li>
          ) : null}
          <li className={classes.brace}>{after}</li>
        </ul>
      ) : null}
    </li>
  );
}

function Leaf({ value }: { value: unknown }) {
  if (typeof value === 'string') {
    return (
      <span className={classes.string}>
        "<HostileLink text={value} />"
      </span>
    );
  }
  return <span className={classes.other}>{leafText(value)}</span>;
}

/** A value inside a table of facts: text as it is, anything with parts as a small tree, closed unless it is short. */
export function ValueView({ value }: { value: unknown }) {
  const [open, setOpen] = useState<ReadonlySet<string>>(
    () => new Set(isBranch(value) && childrenOf(value).length <= 3 ? [''] : []),
  );
  if (typeof value === 'string') return <HostileLink text={value} />;
  if (!isBranch(value)) return <span className="er-mono">{leafText(value)}</span>;
  if (childrenOf(value).length === 0) return <span className="er-dim">empty</span>;
  return <JsonTree value={value} open={open} onToggle={(key) => setOpen((before) => toggled(before, key))} />;
}

/** A set with the key in it if it was not, without it if it was. */
export function toggled<T>(set: ReadonlySet<T>, key: T): Set<T> {
  const next = new Set(set);
  if (!next.delete(key)) next.add(key);
  return next;
}
