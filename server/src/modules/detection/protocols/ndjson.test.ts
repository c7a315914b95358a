import { expect, it } from 'vitest';
import { LineCutter } from './ndjson.ts';

function lines(pieces: Buffer[], maxBytes = 8): (string | undefined)[] {
  const found: (string | undefined)[] = [];
  const cutter = new LineCutter(maxBytes, (line) => found.push(line?.toString()));
  for (const piece of pieces) cutter.feed(piece);
  cutter.end();
  return found;
}

it.each([
  ['', []],
  ['a', ['a']],
  ['a\n', ['a']],
  ['a\r\nb', ['a', 'b']],
  ['\n \n\t\r\na\n\n', ['a']],
  ['12345678\n123456789\n1', ['12345678', undefined, '1']],
  ['12345678\r\n123456789\r\n', ['12345678', undefined]],
  ['1234567890123456789', [undefined]],
  ['a\rb\n', ['a\rb']],
])('%j, wherever the pieces end', (text, expected) => {
  const bytes = Buffer.from(text);
  expect(lines([bytes])).toEqual(expected);
  for (let cut = 1; cut < bytes.length; cut++) expect(lines([bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual(expected);
  expect(lines(Array.from(bytes, (byte) => Buffer.from([byte])))).toEqual(expected);
});
