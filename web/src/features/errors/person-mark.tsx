import classes from './person-mark.module.css';

/** First letters of the first and the last name. */
function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = words.length > 1 ? `${words[0]?.[0] ?? ''}${words.at(-1)?.[0] ?? ''}` : (words[0] ?? '?').slice(0, 2);
  return letters.toUpperCase();
}

/** Who has it: initials in a circle, the name on hover; an empty circle for nobody. */
export function PersonMark({ name }: { name: string | null }) {
  if (name === null)
    return <span className={`${classes.mark} ${classes.nobody}`} role="img" aria-label="Not assigned" title="Not assigned" />;
  return (
    <span className={classes.mark} role="img" aria-label={`Assigned to ${name}`} title={name}>
      {initials(name)}
    </span>
  );
}
