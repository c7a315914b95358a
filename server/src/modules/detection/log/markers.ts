import { ERROR_WORDS, WARNING_WORDS } from './marker-words.ts';

/**
 * What a line has to contain before anybody looks at it closely. The words are found in the bytes, with ASCII case ignored,
 * while the lines are split: one table look-up per byte, whatever the number of words (Aho and Corasick 1975, with the failure
 * links worked into the table). Too many is only slow, one too few is an event missed; so a word is here when a line that
 * starts an event, or the first line of its trace, may show no other.
 */
export const SUSPICIOUS = 1;
/** The line holds the end of a docker `log` text that ends with a newline. */
export const DOCKER_NEWLINE = 2;
/** The line may start a hit of one of the project's patterns, see pattern-markers.ts. */
export const PATTERN = 4;

export interface MarkerTable {
  /** `next[(state << shift) + classOf[byte]]` is the next state. */
  next: Uint16Array;
  classOf: Uint8Array;
  shift: number;
  /** States from here on mean something: see `flags`; LF and CR have states of their own. */
  special: number;
  /** What was found when a state ≥ `special` is reached, by `state - special`. */
  flags: Uint8Array;
  /** The state at the beginning of a line. */
  lineStart: number;
  lf: number;
  cr: number;
}

const BOL = 256; // the code of `^`, which no byte has

/** Bytes of a word, in lower case, and what it means; the byte 0 stands for every control that no text holds. */
export type MarkerWord = readonly [bytes: readonly number[], flag: number];

/** The table for events from errors on, or from warnings on. Built once. */
export function markersFrom(least: 'error' | 'warning'): MarkerTable {
  tables[least] ??= buildMarkers(least);
  return tables[least];
}

const tables: { error?: MarkerTable; warning?: MarkerTable } = {};

/** A table that finds more words on its way; the others are in {@link markersFrom}. Takes some milliseconds. */
export function buildMarkers(least: 'error' | 'warning', more: readonly MarkerWord[] = []): MarkerTable {
  const words = least === 'error' ? ERROR_WORDS : [...ERROR_WORDS, ...WARNING_WORDS];
  const patterns: MarkerWord[] = [...words.map((word) => [codes(word), SUSPICIOUS] as const), ...more];
  patterns.push([codes('\\n"'), DOCKER_NEWLINE]);
  const used = new Set(patterns.flatMap(([word]) => word).filter((code) => code !== BOL));
  // class 0: bytes in no word; 1: LF; 2: CR; 3: the beginning of a line
  const classes = new Map([...used].sort((a, b) => a - b).map((code, i) => [code, i + 4]));
  const classOf = new Uint8Array(256);
  for (let byte = 0; byte < 256; byte++) classOf[byte] = classes.get(fold(byte)) ?? 0;
  classOf[10] = 1;
  classOf[13] = 2;
  const width = classes.size + 4;
  const shift = Math.ceil(Math.log2(width));
  const goto: number[][] = [new Array<number>(width).fill(-1)];
  const out: number[] = [0];
  for (const [word, flag] of patterns) {
    let state = 0;
    for (const code of word) {
      const row = goto[state] as number[];
      const c = code === BOL ? 3 : (classes.get(code) as number);
      if (row[c] === -1) {
        row[c] = goto.length;
        goto.push(new Array<number>(width).fill(-1));
        out.push(0);
      }
      state = row[c] as number;
    }
    out[state] = (out[state] as number) | flag;
  }
  completeTransitions(goto, out, width);
  return renumber(goto, out, { classOf, width, shift });
}

/** Failure links, breadth first, until every row is complete. */
function completeTransitions(goto: number[][], out: number[], width: number): void {
  const fail = new Array<number>(goto.length).fill(0);
  const queue: number[] = [];
  const root = goto[0] as number[];
  for (let c = 0; c < width; c++) {
    if (root[c] === -1) root[c] = 0;
    else queue.push(root[c] as number);
  }
  for (const state of queue) {
    const row = goto[state] as number[];
    const back = goto[fail[state] as number] as number[];
    out[state] = (out[state] as number) | (out[fail[state] as number] as number);
    for (let c = 0; c < width; c++) {
      if (row[c] === -1) row[c] = back[c] as number;
      else {
        fail[row[c] as number] = back[c] as number;
        queue.push(row[c] as number);
      }
    }
  }
}

/** Plain states first, then those with flags, then LF and CR; so the loop over the bytes needs one comparison. */
function renumber(goto: number[][], out: number[], table: { classOf: Uint8Array; width: number; shift: number }): MarkerTable {
  const plain = goto.map((_, i) => i).filter((i) => out[i] === 0);
  const flagged = goto.map((_, i) => i).filter((i) => out[i] !== 0);
  const number = new Map([...plain, ...flagged].map((old, i) => [old, i]));
  const lf = goto.length;
  const cr = lf + 1;
  const next = new Uint16Array((cr + 1) << table.shift);
  const fill = (state: number, row: number[]) => {
    for (let c = 0; c < table.width; c++) next[(state << table.shift) + c] = number.get(row[c] as number) as number;
    next[(state << table.shift) + 1] = lf;
    next[(state << table.shift) + 2] = cr;
  };
  for (const [old, state] of number) fill(state, goto[old] as number[]);
  const lineStart = (goto[0] as number[])[3] as number;
  fill(lf, goto[lineStart] as number[]);
  fill(cr, goto[lineStart] as number[]);
  const flags = new Uint8Array(flagged.length + 2);
  flagged.forEach((old, i) => {
    flags[i] = out[old] as number;
  });
  return {
    next,
    classOf: table.classOf,
    shift: table.shift,
    special: plain.length,
    flags,
    lineStart: number.get(lineStart) as number,
    lf,
    cr,
  };
}

/** Capitals as small letters, and every control but tab, LF and CR as 0. */
function fold(byte: number): number {
  if (byte >= 65 && byte <= 90) return byte + 32;
  return (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13) || byte === 127 ? 0 : byte;
}

function codes(word: string): number[] {
  return [...word].map((c, i) => (c === '^' && i === 0 ? BOL : c.charCodeAt(0)));
}
