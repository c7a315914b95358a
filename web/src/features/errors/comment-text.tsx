import { Fragment } from 'react';
import classes from './comment-text.module.css';
import { safeHref } from './hostile.ts';
import { HostileText } from './hostile-text.tsx';

/** A piece of a comment. */
export type CommentPiece = { kind: 'text' | 'code' | 'link'; text: string } | { kind: 'block'; text: string };

/**
 * Takes a comment apart: fenced blocks, `code` and web addresses. The rest of Markdown reads well enough as it is
 * written, and what is not interpreted cannot mislead.
 */
export function piecesOfComment(body: string): CommentPiece[] {
  const pieces: CommentPiece[] = [];
  const add = (kind: CommentPiece['kind'], text: string) => {
    if (text !== '') pieces.push({ kind, text });
  };
  const pattern = /```[^\n]*\n([\s\S]*?)(?:\n?```|$)\n?|`([^`\n]+)`|(https?:\/\/[^\s<>"'`]+)/g;
  let from = 0;
  for (const match of body.matchAll(pattern)) {
    const [whole, block, code, url] = match;
    add('text', body.slice(from, match.index));
    from = match.index + whole.length;
    if (block !== undefined) add('block', block);
    else if (code !== undefined) add('code', code);
    else if (url !== undefined) {
      const plain = url.replace(/[.,;:!?)\]]+$/, '');
      from -= url.length - plain.length;
      add(safeHref(plain) === null ? 'text' : 'link', plain);
    }
  }
  add('text', body.slice(from));
  return pieces;
}

/** The body of a comment. */
export function CommentText({ body }: { body: string }) {
  return (
    <div className={classes.body}>
      {piecesOfComment(body).map((piece, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text
        <Fragment key={index}>
          <Piece piece={piece} />
        </Fragment>
      ))}
    </div>
  );
}

function Piece({ piece: { kind, text } }: { piece: CommentPiece }) {
  if (kind === 'block') {
    return (
      <pre className={classes.block}>
        <HostileText text={text} />
      </pre>
    );
  }
  if (kind === 'code') {
    return (
      <code className={classes.code}>
        <HostileText text={text} />
      </code>
    );
  }
  const href = kind === 'link' ? safeHref(text) : null;
  if (href === null) return <HostileText text={text} />;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow" referrerPolicy="no-referrer" className={classes.link}>
      <HostileText text={text} />
    </a>
  );
}
