import { piecesOf, safeHref } from './hostile.ts';
import classes from './hostile-text.module.css';

/** Text of an event: isolated from the direction of its neighbours, invisible characters shown by their code. */
export function HostileText({ text, className }: { text: string; className?: string | undefined }) {
  const pieces = piecesOf(text);
  if (pieces.length <= 1 && pieces.every((piece) => 'text' in piece)) return <bdi className={className}>{text}</bdi>;
  return (
    <bdi className={className}>
      {pieces.map((piece, index) =>
        'text' in piece ? (
          piece.text
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text have no other name
          <span key={index} className={classes.control} title="An invisible character that may mislead">
            {piece.control}
          </span>
        ),
      )}
    </bdi>
  );
}

/** Like {@link HostileText}, and a link if the whole text is a web address. */
export function HostileLink({ text }: { text: string }) {
  const href = safeHref(text);
  if (href === null) return <HostileText text={text} />;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow" referrerPolicy="no-referrer" className={classes.link}>
      <HostileText text={text} />
    </a>
  );
}
