import { Fragment } from 'react';
import classes from './key-hint.module.css';

const isMac = typeof navigator !== 'undefined' && /mac|iphone|ipad/i.test(navigator.userAgent);
const NAMES: Record<string, string> = {
  mod: isMac ? '⌘' : 'Ctrl',
  shift: '⇧',
  alt: isMac ? '⌥' : 'Alt',
  escape: 'Esc',
  enter: '↵',
  arrowup: '↑',
  arrowdown: '↓',
  arrowleft: '←',
  arrowright: '→',
};
const nameOf = (key: string) => NAMES[key.toLowerCase()] ?? (key.length === 1 ? key.toUpperCase() : key);

/** Keys as caps: `mod+K`, `j`, `g e` (a sequence). */
export function KeyHint({ keys }: { keys: string }) {
  return (
    <span className={classes.keys}>
      {keys.split(' ').map((chord, at) => (
        <Fragment key={chord}>
          {at > 0 && <span className={classes.then}>then</span>}
          {chord.split(/(?<=.)\+/).map((key) => (
            <kbd key={key} className={classes.key}>
              {nameOf(key)}
            </kbd>
          ))}
        </Fragment>
      ))}
    </span>
  );
}
