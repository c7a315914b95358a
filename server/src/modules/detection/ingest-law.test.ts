import { deflateSync, gunzipSync, gzipSync, inflateSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { startBesideServer } from '../../../test/beside-server.ts';
import { envelopeOf, SMALL_EVENT, startIngestServer } from '../../../test/ingest-server.ts';

/** Deterministic numbers below 1 (mulberry32): a failing run can be repeated. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const event = (values: object): [Record<string, unknown>, string] => [
  { type: 'event' },
  JSON.stringify({ ...SMALL_EVENT, ...values }),
];
type Item = [headers: Record<string, unknown>, payload: string];
const ENVELOPES: [header: object, ...items: Item[]][] = [
  [{ event_id: SMALL_EVENT.event_id, sent_at: '2026-11-22T12:00:00Z' }, event({ tags: { a: 'b' }, user: { id: 1 } })],
  [
    {},
    event({ message: 'péché 😀', breadcrumbs: [{ message: 'm' }], contexts: { os: { name: 'Linux' } } }),
    [{ type: 'attachment', filename: 'a\nb' }, 'line\nline\n'],
  ],
  [{}, [{ type: 'session' }, '{"sid":"1"}'], event({ logentry: { message: 'a %s', params: ['b'] } }), [{ type: 'unknown' }, '']],
  [
    { event_id: SMALL_EVENT.event_id },
    [
      { type: 'feedback' },
      '{"contexts":{"feedback":{"message":"It broke","associated_event_id":"9ec79c33ec9942ab8353589fcb2e04dc"}}}',
    ],
    [{ type: 'attachment', filename: 'screenshot.png' }, 'png'],
    [{ type: 'user_report' }, '{"event_id":"9ec79c33ec9942ab8353589fcb2e04dc","comments":"It broke"}'],
    [
      { type: 'raw_security' },
      '{"csp-report":{"document-uri":"https://a.example","blocked-uri":"https://b.example","effective-directive":"img-src"}}',
    ],
  ],
  [
    {},
    [{ type: 'client_report' }, '{"discarded_events":[{"reason":"r","category":"error","quantity":3}]}'],
    [{ type: 'event' }, '{}'],
  ],
  [
    {},
    [{ type: 'log', item_count: 1, content_type: 'application/vnd.sentry.items.log+json' }, '{"items":[{}]}'],
    event({
      extra: { password: 'x' },
      request: { url: 'http://a/b', headers: [['a', 'b']] },
      threads: [{ id: 1, crashed: true }],
    }),
    event({}),
  ],
];
const SEEDS = [
  ...ENVELOPES.map(([header, ...items]) => envelopeOf(header, ...items)),
  Buffer.from('{}\n{"type":"event"}\n{"message":"no length"}\n{"type":"session"}\n{}\n'),
];
const TOKENS = [
  '\n',
  '\r\n',
  '{',
  '}',
  '"',
  '[',
  ']',
  '{}',
  'null',
  '\\',
  '\0',
  '\u00ff',
  '{"type":"event"}\n{}\n',
  '{"type":"x","length":3}\n',
  '"length":5',
  '"length":0,',
  '-1',
  '1e9',
  '\\u0000',
  '\\ud800',
  'NaN',
  '"type":"integration"',
  '{"values":',
];

function mutate(bytes: Buffer, random: () => number): Buffer {
  const below = (n: number) => Math.floor(random() * n);
  let out = bytes;
  for (let i = 1 + below(4); i > 0; i--) {
    const at = below(out.length + 1);
    const to = Math.min(out.length, at + 1 + below(40));
    const kind = below(8);
    if (kind === 0) out = Buffer.concat([out.subarray(0, at), out.subarray(to)]);
    else if (kind === 1) out = out.subarray(0, at);
    else if (kind === 2) out = Buffer.concat([out.subarray(0, to), out.subarray(at)]);
    else if (kind === 3) out = Buffer.concat([out.subarray(0, at), (SEEDS[below(SEEDS.length)] as Buffer).subarray(below(200))]);
    else if (kind === 4 && at < out.length) {
      out = Buffer.from(out);
      out[at] = below(256);
    } else if (kind === 5) {
      const digits = out.toString('latin1').replace(/\d+/g, (n) => (random() < 0.1 ? String(below(400)) : n));
      out = Buffer.from(digits, 'latin1');
    } else
      out = Buffer.concat([out.subarray(0, at), Buffer.from(TOKENS[below(TOKENS.length)] as string, 'latin1'), out.subarray(at)]);
  }
  return out;
}

/** Damage to the payloads only: the framing is right, so that it reaches the stages behind. */
function mutatePayloads(run: number, random: () => number): Buffer {
  const [header, ...items] = ENVELOPES[run % ENVELOPES.length] as (typeof ENVELOPES)[number];
  const damaged = items.map(([headers, payload]): [Record<string, unknown>, Buffer] => [
    headers,
    random() < 0.7 ? damageJson(payload, random) : mutate(Buffer.from(payload), random),
  ]);
  return envelopeOf(header, ...damaged);
}

/** Another value of any type in the place of some: still JSON, but not the event it was. */
function damageJson(payload: string, random: () => number): Buffer {
  const values = [null, 1, -1.5e300, true, '', 'x', [], {}, [[1]], { values: [null, 1, {}] }, { a: { b: [{}] } }, '\ud800\0'];
  try {
    const pick = (_: string, value: unknown) => (random() < 0.15 ? values[Math.floor(random() * values.length)] : value);
    return Buffer.from(JSON.stringify(JSON.parse(payload), pick));
  } catch {
    return Buffer.from(payload);
  }
}

/**
 * How many items a body holds, by a second, simpler reading of the framing rules: item headers read before the first fault,
 * and one for a body that is at fault before its first item.
 */
function itemsIn(body: Buffer): number {
  const lines = { rest: body };
  const takeLine = (): string => {
    const end = lines.rest.indexOf(10);
    const line = lines.rest.subarray(0, end < 0 ? lines.rest.length : end);
    lines.rest = lines.rest.subarray(end < 0 ? lines.rest.length : end + 1);
    return line.toString('utf8');
  };
  const object = (line: string): Record<string, unknown> | undefined => {
    try {
      const value = JSON.parse(line.replace(/^\ufeff/, ''));
      return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
    } catch {
      return undefined;
    }
  };
  const first = takeLine();
  if (object(first) === undefined || first.split('"sent_at"').length > 2) return 1;
  let items = 0;
  while (lines.rest.length > 0) {
    const line = takeLine();
    if (line.trim() === '') continue;
    const header = line.startsWith('\ufeff') ? undefined : object(line);
    if (typeof header?.['type'] !== 'string' || header['type'] === '') return Math.max(1, items);
    items++;
    const { length } = header;
    if (length === undefined || length === null) {
      takeLine();
      continue;
    }
    if (typeof length !== 'number' || !Number.isInteger(length) || length < 0 || length > lines.rest.length) return items;
    lines.rest = lines.rest.subarray(length);
    if (lines.rest.length > 0 && lines.rest[0] !== 10) return items;
    lines.rest = lines.rest.subarray(1);
  }
  return items;
}

/** Valid Unicode without NUL; a backslash before `u0000` makes it six plain characters. */
const isSound = (json: string) => json.isWellFormed() && !/(?<!\\)(?:\\\\)*\\u0000/.test(json);

const PACKINGS = [
  { coding: '', pack: (b: Buffer) => b, unpack: (b: Buffer) => b },
  { coding: 'gzip', pack: (b: Buffer) => gzipSync(b, { level: 1 }), unpack: (b: Buffer) => gunzipSync(b) },
  { coding: 'deflate', pack: (b: Buffer) => deflateSync(b, { level: 1 }), unpack: (b: Buffer) => inflateSync(b) },
  { coding: 'zstd', pack: (b: Buffer) => zstdCompressSync(b), unpack: (b: Buffer) => zstdDecompressSync(b) },
];

it.each([
  ['no room but that of events', 12_000, startIngestServer],
  ['rooms for files, feedback, logs, reports and transactions', 3_000, startBesideServer],
] as const)(
  'law (a), with %s: over %i mutated envelopes, each is answered, and items in = outcomes counted + records kept',
  async (_, runs, start) => {
    const server = await start();
    const random = generator(20261122);
    const statuses: Record<number, number> = {};
    for (let run = 0; run < runs; run++) {
      const body = run % 2 === 0 ? mutate(SEEDS[run % SEEDS.length] as Buffer, random) : mutatePayloads(run >> 1, random);
      const packing = PACKINGS[random() < 0.7 ? 0 : Math.floor(random() * PACKINGS.length)] as (typeof PACKINGS)[number];
      let wire = packing.pack(body);
      let expected: number;
      if (packing.coding !== '' && random() < 0.5) wire = mutate(wire, random);
      try {
        expected = itemsIn(packing.unpack(wire));
      } catch {
        expected = packing.coding === 'deflate' ? -1 : 1; // without its wrapper a damaged deflate may be read as the raw kind
      }
      const { status } = await server.envelope(wire, packing.coding === '' ? {} : { 'content-encoding': packing.coding });
      statuses[status] = (statuses[status] ?? 0) + 1;
      const outcomes = await server.outcomes();
      const counted = Object.entries(outcomes).reduce((sum, [name, n]) => (name.includes(' sdk:') ? sum : sum + n), 0);
      const kept = server.log.records.filter(({ kind }) => kind !== 'outcomes').length;
      const events = server.log.records.filter((record) => record.kind === 'event' && record.item === undefined).length;
      const context = JSON.stringify({ run, status, outcomes, body: body.toString('latin1'), coding: packing.coding });
      expect([200, 400], context).toContain(status);
      expect(events <= 1 && (status === 200 || events === 0), context).toBe(true);
      if (expected >= 0) expect(counted + kept, context).toBe(expected);
      for (const kept of server.events()) expect(isSound(JSON.stringify(kept)), context).toBe(true);
      server.log.records.length = 0;
    }
    expect(statuses[200]).toBeGreaterThan(runs / 6);
    expect(statuses[400]).toBeGreaterThan(runs / 6);
    await server.close();
  },
  60_000,
);
