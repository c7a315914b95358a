/**
 * What of a source map is read: it is foreign text, and nothing in it may take time or memory without end. Bounds are counts
 * and not clocks, so that a map is read the same everywhere; real maps stay below a tenth of each.
 */
export const MAP_BOUNDS = {
  /** Values of its JSON: names, sources, contents, sections. */
  values: 4_000_000,
  /** Sections of an index map. */
  sections: 100_000,
  /** Segments of a line that is out of order, and has to be gone through whole. */
  unsortedSegments: 200_000,
  /** Separators without a segment between them that one look-up passes over. */
  emptyPlaces: 2_000_000,
  /** Fields of a segment: 5, and some of a later standard. */
  segmentFields: 16,
  /** Characters of an original file whose lines and functions are shown. */
  contentLength: 8_000_000,
} as const;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const OPEN_OBJECT = 0x7b;

/**
 * Whether a JSON text holds more values than are read. Counted before it is parsed: a list of empty lists takes twenty times
 * its size in memory. What is in quotes is jumped over.
 */
export function holdsTooMuch(json: Uint8Array, max: number = MAP_BOUNDS.values): boolean {
  let values = 0;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at];
    if (byte === COMMA || byte === OPEN_LIST || byte === OPEN_OBJECT) {
      values += 1;
      if (values > max) return true;
    } else if (byte === QUOTE) {
      at = closingQuote(json, at + 1);
      if (at < 0) return false; // no JSON: parsing says so
    }
  }
  return false;
}

function closingQuote(json: Uint8Array, from: number): number {
  for (let at = json.indexOf(QUOTE, from); at >= 0; at = json.indexOf(QUOTE, at + 1)) {
    let slashes = 0;
    while (at - slashes > from && json[at - slashes - 1] === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return at;
  }
  return -1;
}
