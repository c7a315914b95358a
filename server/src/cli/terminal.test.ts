import { expect, it } from 'vitest';
import { jsonLine, printable, printableLines } from './terminal.ts';

it('nothing foreign commands a terminal, and nothing of it is lost', () => {
  const hostile = 'a\u001b]0;title\u0007\u001b[2J\r\n\u009b31mred\u007f\u202egpj.exe\ttab é 😀';
  const shown = printable(hostile);
  expect(shown).toBe('a\\x1b]0;title\\x07\\x1b[2J\\x0d\\x0a\\x9b31mred\\x7f\\u202egpj.exe\ttab é 😀');
  expect(printableLines('one\ntwo\u001b')).toBe('one\ntwo\\x1b');
  const line = jsonLine({ hostile });
  expect(printable(line)).toBe(`${line.slice(0, -1)}\\x0a`);
  expect(JSON.parse(line)).toEqual({ hostile });
});
