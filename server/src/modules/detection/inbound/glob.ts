/**
 * Patterns with `*` for any text, whatever the case of letters. Matching is linear in the text: after each star the
 * leftmost place of the next piece is always good enough, so nothing is ever tried twice.
 */
export class GlobSet {
  readonly #patterns: readonly string[][];

  constructor(patterns: readonly string[]) {
    this.#patterns = patterns.map((pattern) => pattern.toLowerCase().split('*'));
  }

  get isEmpty(): boolean {
    return this.#patterns.length === 0;
  }

  matches(text: string): boolean {
    if (this.#patterns.length === 0) return false;
    const lower = text.toLowerCase();
    return this.#patterns.some((pieces) => matchesPieces(lower, pieces));
  }
}

function matchesPieces(text: string, pieces: readonly string[]): boolean {
  const first = pieces[0] as string;
  if (pieces.length === 1) return text === first;
  const last = pieces.at(-1) as string;
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  let at = first.length;
  const end = text.length - last.length;
  for (let i = 1; i < pieces.length - 1; i++) {
    const piece = pieces[i] as string;
    const found = text.indexOf(piece, at);
    if (found < 0 || found + piece.length > end) return false;
    at = found + piece.length;
  }
  return true;
}
