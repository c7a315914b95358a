import classes from './error-title.module.css';
import { HostileText } from './hostile-text.tsx';

/** `TypeError: x`, `*url.Error: x` → type and rest; a title without a type keeps everything in the rest. */
export function splitTitle(title: string): { type: string | null; rest: string } {
  const match = /^(\*?[\p{L}_$][\p{L}\p{N}_$.\\:/<>[\]`-]{0,99}?): (.+)$/su.exec(title);
  return match === null ? { type: null, rest: title } : { type: match[1]!, rest: match[2]! };
}

/** Title of an error: its type stands out, the message follows. Text of strangers, so shown as such. */
export function ErrorTitle({ title }: { title: string }) {
  const { type, rest } = splitTitle(title);
  if (type === null) return <HostileText text={rest} className={classes.type} />;
  return (
    <>
      <HostileText text={type} className={classes.type} />
      <span className="er-sr-only">: </span>
      <HostileText text={rest} className={classes.rest} />
    </>
  );
}
