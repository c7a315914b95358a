import { describe, expect, it } from 'vitest';
import { type Envelope, EnvelopeParser } from './sentry-envelope.ts';

/** Parses in one piece, then cut at every byte, and expects the same. `open` types are kept to 20 bytes. */
function parse(text: string | Buffer, open = ['event']): Envelope {
  const bytes = Buffer.from(text as string);
  const once = (pieces: Buffer[]) => {
    const parser = new EnvelopeParser(
      (type) => (open.includes(type) ? 20 : 0),
      () => undefined,
    );
    for (const piece of pieces) parser.feed(piece);
    return parser.end();
  };
  const whole = once([bytes]);
  for (let cut = 1; cut < bytes.length; cut++) expect(once([bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual(whole);
  expect(once(Array.from(bytes, (byte) => Buffer.from([byte])))).toEqual(whole);
  return whole;
}

function fault(text: string | Buffer): string {
  const bytes = Buffer.from(text as string);
  const messages = new Set<string>();
  for (let cut = 0; cut < bytes.length; cut++) {
    const parser = new EnvelopeParser(
      () => 20,
      () => undefined,
    );
    try {
      parser.feed(bytes.subarray(0, cut));
      parser.feed(bytes.subarray(cut));
      parser.end();
      messages.add('none');
    } catch (error) {
      messages.add((error as Error).message.replace('malformed envelope: ', ''));
    }
  }
  expect([...messages]).toHaveLength(1);
  return [...messages][0] as string;
}

const items = (envelope: Envelope) => envelope.opened.map(({ type, payload, bytes }) => [type, payload?.toString(), bytes]);

describe('a well-formed envelope', () => {
  it.each<[string, string, unknown[]]>([
    ['header alone', '{}', []],
    ['header and newline', '{}\n', []],
    ['an item of given length', '{}\n{"type":"event","length":3}\nabc\n', [['event', 'abc', 3]]],
    ['no final newline', '{}\n{"type":"event","length":3}\nabc', [['event', 'abc', 3]]],
    ['a length that spans newlines', '{}\n{"type":"event","length":5}\na\nb\nc\n', [['event', 'a\nb\nc', 5]]],
    ['length 0', '{}\n{"type":"event","length":0}\n\n', [['event', '', 0]]],
    ['length 0 at the end', '{}\n{"type":"event","length":0}\n', [['event', '', 0]]],
    ['length 0 right at the end of the header', '{}\n{"type":"event","length":0}', [['event', '', 0]]],
    [
      'two items of length 0',
      '{}\n{"type":"event","length":0}\n\n{"type":"event","length":0}\n',
      [
        ['event', '', 0],
        ['event', '', 0],
      ],
    ],
    [
      'no length: up to the newline',
      '{}\n{"type":"event"}\nabc\n{"type":"event"}\nde',
      [
        ['event', 'abc', 3],
        ['event', 'de', 2],
      ],
    ],
    ['no length: a carriage return belongs to the payload', '{}\n{"type":"event"}\nabc\r\n', [['event', 'abc\r', 4]]],
    ['no length, nothing after the header', '{}\n{"type":"event"}', [['event', '', 0]]],
    ['no length, an empty line', '{}\n{"type":"event"}\n\n', [['event', '', 0]]],
    ['length null stands for none', '{}\n{"type":"event","length":null}\nabc\n', [['event', 'abc', 3]]],
    ['length counts bytes, not characters', '{}\n{"type":"event","length":6}\näöü\n', [['event', 'äöü', 6]]],
    ['headers with carriage returns', '{}\r\n{"type":"event","length":3}\r\nabc\n', [['event', 'abc', 3]]],
    [
      'blank lines between items',
      '{}\n{"type":"event","length":1}\na\n\n\n{"type":"event","length":1}\nb\n\n',
      [
        ['event', 'a', 1],
        ['event', 'b', 1],
      ],
    ],
    ['unknown attributes', '{"new":[1]}\n{"type":"event","length":1,"new":{}}\na', [['event', 'a', 1]]],
    ['more than is kept of the type', `{}\n{"type":"event"}\n${'x'.repeat(21)}\n`, [['event', undefined, 21]]],
    ['a byte order mark', '\ufeff{}\n{"type":"event"}\na', [['event', 'a', 1]]],
  ])('%s', (_, text, expected) => {
    expect(items(parse(text))).toEqual(expected);
  });

  it('unknown types are counted by name and never break the rest', () => {
    const { opened, counted } = parse(
      '{}\n{"type":"cosmic_ray"}\n?\n{"type":"event"}\nabc\n{"type":"cosmic_ray","length":2}\n\n\n\n{"type":"log"}\n[]',
    );
    expect(opened.map((item) => item.type)).toEqual(['event']);
    expect(Object.fromEntries(counted)).toEqual({ cosmic_ray: 2, log: 1 });
  });

  it('payload bytes arrive as they were sent, whatever they are', () => {
    const payload = Buffer.from(Array.from({ length: 18 }, (_, i) => (i * 37) & 0xff));
    const bytes = Buffer.concat([Buffer.from(`{}\n{"type":"event","length":${payload.length}}\n`), payload, Buffer.from('\n')]);
    expect(parse(bytes).opened[0]?.payload).toEqual(payload);
  });

  it('header attributes are given on; a malformed trace is ignored', () => {
    const header = '{"event_id":"e","dsn":"d","sent_at":"s","sdk":{"name":"n"},"trace":17}';
    expect(parse(header).header).toEqual({ eventId: 'e', dsn: 'd', sentAt: 's', sdk: { name: 'n' }, traceId: undefined });
    expect(parse('{"trace":{"trace_id":"t"}}').header.traceId).toBe('t');
  });

  it('sent_at may stand inside other values too', () => {
    expect(parse('{"sent_at":"1","sdk":{"sent_at":"2"},"x":"\\"sent_at\\":3"}').header.sentAt).toBe('1');
  });
});

describe('a malformed envelope', () => {
  it.each([
    ['header that is no JSON', 'nonsense\n', 'the envelope header is no JSON'],
    ['header that is no object', '[]\n', 'the envelope header is no object'],
    ['empty header line', '\n{"type":"event"}\nabc', 'the envelope header is missing'],
    ['repeated sent_at', '{"sent_at":"a","sent_at":"b"}\n', 'sent_at is repeated'],
    ['item header that is no JSON', '{}\n{"type"\nabc', 'an item header is no JSON'],
    ['item header that is no object', '{}\n"event"\nabc', 'an item header is no object'],
    ['item without type', '{}\n{"length":1}\na', 'an item has no type'],
    ['item whose type is no text', '{}\n{"type":7}\na', 'an item has no type'],
    ['end before the length', '{}\n{"type":"event","length":10}\nabc', 'the body ends before an item does'],
    ['end right after a header that promises more', '{}\n{"type":"event","length":1}', 'the body ends before an item does'],
    ['more than the length', '{}\n{"type":"event","length":2}\nabc\n', 'an item is longer than its length says'],
    ['length 0 with a payload', '{}\n{"type":"event","length":0}\nabc\n', 'an item is longer than its length says'],
    ['negative length', '{}\n{"type":"event","length":-1}\na', 'an item has a bad length'],
    ['broken length', '{}\n{"type":"event","length":1.5}\na', 'an item has a bad length'],
    ['length as text', '{}\n{"type":"event","length":"3"}\nabc', 'an item has a bad length'],
    ['length beyond all bounds', '{}\n{"type":"event","length":1e300}\nabc', 'an item has a bad length'],
    ['header line without end', `{"a":"${'x'.repeat(30_000)}`, 'a header line is too long'],
    ['item header line without end', `{}\n{"a":"${'x'.repeat(30_000)}`, 'a header line is too long'],
  ])('%s', (_, text, message) => {
    if (text.length < 1000) expect(fault(text)).toBe(message);
    else expect(() => parse(text.slice(0, 26_000))).toThrow(message);
  });

  it('nothing at all', () => {
    expect(() =>
      new EnvelopeParser(
        () => 0,
        () => undefined,
      ).end(),
    ).toThrow('empty request body');
  });
});

describe('what a stranger may make us hold', () => {
  it('a million items are a few counters', () => {
    const parser = new EnvelopeParser(
      () => 0,
      () => undefined,
    );
    parser.feed(Buffer.from('{}\n'));
    const lines = Buffer.from('{"type":"a"}\n\n'.repeat(10_000));
    for (let i = 0; i < 100; i++) parser.feed(lines);
    expect(Object.fromEntries(parser.end().counted)).toEqual({ a: 1_000_000 });
  });

  it('a flood of type names is told apart a hundred times at most, each cut', () => {
    const parser = new EnvelopeParser(
      () => 0,
      () => undefined,
    );
    parser.feed(Buffer.from('{}\n'));
    for (let i = 0; i < 5000; i++) parser.feed(Buffer.from(`{"type":"${i}${'n'.repeat(200)}"}\n\n`));
    const { counted } = parser.end();
    expect(counted.size).toBe(101);
    expect(counted.get('(other)')).toBe(4900);
    expect(Math.max(...[...counted.keys()].map((name) => name.length))).toBe(64);
  });

  it('a payload that outgrows its cap is let go of', () => {
    const parser = new EnvelopeParser(
      () => 1000,
      () => undefined,
    );
    parser.feed(Buffer.from('{}\n{"type":"event"}\n'));
    for (let i = 0; i < 1000; i++) parser.feed(Buffer.alloc(10_000, 65));
    expect(parser.end().opened).toEqual([{ type: 'event', headers: { type: 'event' }, payload: null, bytes: 10_000_000 }]);
  });
});
