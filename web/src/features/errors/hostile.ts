/**
 * Everything that comes from an event is text of somebody we do not know. React keeps it from being markup; these keep
 * it from misleading: characters that reorder or hide other text are shown by their code, and only web addresses become
 * links.
 */

/** A piece of text: to be shown as it is, or one invisible character to be shown by its name. */
export type TextPiece = { text: string } | { control: string };

// Bidirectional controls (Unicode UAX #9, table 4), zero-width and other invisible characters, C0 and C1 controls except
// tab and line breaks. U+200C and U+200D stay: Persian and joined emoji need them.
const INVISIBLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]/gu;

/** Cuts text into plain pieces and invisible characters (`U+202E`). */
export function piecesOf(text: string): TextPiece[] {
  const pieces: TextPiece[] = [];
  let from = 0;
  for (const match of text.matchAll(INVISIBLE)) {
    if (match.index > from) pieces.push({ text: text.slice(from, match.index) });
    pieces.push({ control: `U+${match[0].codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}` });
    from = match.index + match[0].length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from) });
  return pieces;
}

/** True when {@link piecesOf} would show something that is not plainly there. */
export function hasInvisible(text: string): boolean {
  return text.search(INVISIBLE) !== -1;
}

/** The address if it is a plain web address (http or https, no name and password in it), else null: show it as text. */
export function safeHref(value: string): string | null {
  if (!/^https?:\/\//i.test(value) || hasInvisible(value) || /\s/.test(value)) return null;
  try {
    const url = new URL(value);
    return url.username === '' && url.password === '' ? url.href : null;
  } catch {
    return null;
  }
}
