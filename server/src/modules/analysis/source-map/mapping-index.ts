/**
 * The `mappings` of a source map (ECMA-426 §"Mappings structure"): base64 VLQ deltas, segments separated by `,`, lines by `;`.
 */

import { MAP_BOUNDS } from './bounds.ts';

/** A segment: zero-based positions; `source` and `name` are indexes, -1 if there is none. */
export interface Segment {
  source: number;
  line: number;
  column: number;
  name: number;
}

/** Segments between two remembered places: a look-up decodes at most so many. */
const STRIDE = 256;
/** Numbers of a remembered place: see {@link Cursor}. */
const WIDTH = 8;
const COMMA = 44;
const SEMICOLON = 59;

const VALUES = new Int8Array(128).fill(-1);
for (const [value, char] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].entries())
  VALUES[char.charCodeAt(0)] = value;

/** Reads segment after segment. Fields hold the last one. */
class Cursor {
  readonly #text: string;
  at = 0;
  line = 0;
  column = 0;
  source = 0;
  sourceLine = 0;
  sourceColumn = 0;
  name = 0;
  /** Fields the segment has: 1 (maps to nothing), 4, or 5 (with a name). */
  fields = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /**
   * @param until ends at the first place with nothing on it beyond this line
   * @throws TypeError for a character that is no digit
   */
  next(until = Number.POSITIVE_INFINITY): boolean {
    const text = this.#text;
    // Only a look-up ends early, and only it must be short: the first reading passes every place once.
    const end = until === Number.POSITIVE_INFINITY ? text.length : Math.min(text.length, this.at + MAP_BOUNDS.emptyPlaces);
    for (; this.at < end && this.line <= until; this.at++) {
      const char = text.charCodeAt(this.at);
      if (char === SEMICOLON) {
        this.line += 1;
        this.column = 0;
      } else if (char !== COMMA) break;
    }
    if (this.at >= end || this.line > until) return false;
    this.column += this.#number();
    this.fields = 1;
    if (this.#ended()) return true;
    this.source += this.#number();
    this.sourceLine += this.#number();
    this.sourceColumn += this.#number();
    this.fields = 4;
    if (this.#ended()) return true;
    this.name += this.#number();
    this.fields = 5;
    for (let more = 5; !this.#ended(); more++) {
      if (more >= MAP_BOUNDS.segmentFields) throw new TypeError(`the mappings are broken at ${this.at}`);
      this.#number(); // fields of a later standard
    }
    return true;
  }

  #ended(): boolean {
    if (this.at >= this.#text.length) return true;
    const char = this.#text.charCodeAt(this.at);
    return char === COMMA || char === SEMICOLON;
  }

  #number(): number {
    let result = 0;
    for (let shift = 0; ; shift += 5) {
      const char = this.#text.charCodeAt(this.at);
      const digit = char < 128 ? VALUES[char]! : -1; // NaN at the end compares false
      if (digit < 0 || shift > 30) throw new TypeError(`the mappings are broken at ${this.at}`);
      this.at += 1;
      result |= (digit & 31) << shift;
      if (digit < 32) break;
    }
    const value = result >>> 1;
    return (result & 1) === 0 ? value : -value;
  }
}

/**
 * Finds segments without unpacking them all: every 256th is remembered, the ones between are decoded when asked for. A
 * bundle of a million segments takes 130 KB that way; as lists of numbers, which libraries make of them, about 80 MB.
 */
export class MappingIndex {
  readonly #text: string;
  readonly #places: Int32Array;
  readonly #count: number;
  /** Some line is not in order of columns; then a look-up goes through the whole line. */
  readonly #unsorted: boolean;

  /** Reads the text once. @throws TypeError when it is no list of mappings */
  constructor(text: string) {
    this.#text = text;
    const cursor = new Cursor(text);
    let places = new Int32Array(64 * WIDTH);
    let count = 0;
    let unsorted = false;
    let line = -1;
    let column = 0;
    for (let i = 0; cursor.next(); i++) {
      if (cursor.line === line && cursor.column < column) unsorted = true;
      line = cursor.line;
      column = cursor.column;
      if (i % STRIDE !== 0) continue;
      if ((count + 1) * WIDTH > places.length) {
        const larger = new Int32Array(places.length * 2);
        larger.set(places);
        places = larger;
      }
      const { at, source, sourceLine, sourceColumn, name, fields } = cursor;
      places.set([at, line, column, source, sourceLine, sourceColumn, name, fields], count * WIDTH);
      count += 1;
    }
    this.#places = places.slice(0, count * WIDTH);
    this.#count = count;
    this.#unsorted = unsorted;
  }

  get bytes(): number {
    return this.#text.length + this.#places.byteLength;
  }

  /**
   * The segment a generated position falls into: the one with the greatest column that is not beyond it, the first of
   * several at that column. Undefined when the line has none, or when it maps to nothing. Zero-based.
   * @throws RangeError when the line is out of order and too long to be gone through
   */
  find(line: number, column: number): Segment | undefined {
    const cursor = this.#before(line, this.#unsorted ? -1 : column);
    let best: Segment | undefined;
    let bestColumn = -1;
    let found = false;
    let read = 0;
    for (let more = cursor.fields !== 0 || cursor.next(line); more; more = cursor.next(line)) {
      if (cursor.line > line) break;
      read += 1;
      if (read > MAP_BOUNDS.unsortedSegments) throw new RangeError(`line ${line + 1} is out of order and too long`);
      if (cursor.line < line) continue;
      if (cursor.column > column) {
        if (this.#unsorted) continue;
        break;
      }
      if (cursor.column <= bestColumn && found) continue;
      found = true;
      bestColumn = cursor.column;
      best =
        cursor.fields === 1
          ? undefined
          : {
              source: cursor.source,
              line: cursor.sourceLine,
              column: cursor.sourceColumn,
              name: cursor.fields === 5 ? cursor.name : -1,
            };
    }
    return best;
  }

  /** A cursor at the last remembered segment that stands before a position; at the beginning if there is none. */
  #before(line: number, column: number): Cursor {
    const places = this.#places;
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >> 1;
      const at = middle * WIDTH;
      if (places[at + 1]! < line || (places[at + 1] === line && places[at + 2]! < column)) low = middle + 1;
      else high = middle;
    }
    const cursor = new Cursor(this.#text);
    if (low === 0) return cursor;
    const at = (low - 1) * WIDTH;
    cursor.at = places[at]!;
    cursor.line = places[at + 1]!;
    cursor.column = places[at + 2]!;
    cursor.source = places[at + 3]!;
    cursor.sourceLine = places[at + 4]!;
    cursor.sourceColumn = places[at + 5]!;
    cursor.name = places[at + 6]!;
    cursor.fields = places[at + 7]!;
    return cursor;
  }
}
