import classes from './code-block.module.css';
import { CopyButton } from './copy-button.tsx';

/** Text in a fixed-width face, to be read and copied. `title`: a file name or what it is. `wrap` for one long line. */
export function CodeBlock({
  code,
  title,
  wrap = false,
  maxHeight,
  copyWhat = 'Copy',
}: {
  code: string;
  title?: string;
  wrap?: boolean;
  maxHeight?: string;
  copyWhat?: string;
}) {
  return (
    <div className={`${classes.block} ${title === undefined ? '' : classes.titled}`}>
      {title === undefined ? null : <div className={classes.title}>{title}</div>}
      <pre
        className={`${classes.code} ${wrap ? classes.wrap : ''}`}
        style={maxHeight === undefined ? undefined : { maxHeight }}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
        tabIndex={0}
      >
        <code>{code}</code>
      </pre>
      <span className={classes.copy}>
        <CopyButton value={code} what={copyWhat} />
      </span>
    </div>
  );
}
