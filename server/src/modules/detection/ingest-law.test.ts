import { deflateSync, gunzipSync, gzipSync, inflateSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { Random } from '../../../bench/random.ts';
import { startBesideServer } from '../../../test/beside-server.ts';
import { damaged, type Mutation, mutated, TOKENS } from '../../../test/fuzz.ts';
import { envelopeOf, SMALL_EVENT, startIngestServer } from '../../../test/ingest-server.ts';

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
const OWN_TOKENS = [
  ...TOKENS,
  '\r\n',
  '{}',
  '{"type":"event"}\n{}\n',
  '{"type":"x","length":3}\n',
  '"length":5',
  '"length":0,',
  '-1',
  '1e9',
  '\\u0000',
  '"type":"integration"',
  '{"values":',
];

/** Another envelope goes on from here; numbers (lengths above all) are others. */
const OWN_MUTATIONS: Mutation[] = [
  (bytes, at, random) => Buffer.concat([bytes.subarray(0, at), random.pick(SEEDS).subarray(random.below(200))]),
  (bytes, _, random) => {
    const other = (n: string) => (random.next() < 0.1 ? String(random.below(400)) : n);
    return Buffer.from(bytes.toString('latin1').replace(/\d+/g, other), 'latin1');
  },
];
const mutate = (bytes: Buffer, random: Random) => mutated(bytes, random, OWN_TOKENS, OWN_MUTATIONS);

/** Damage to the payloads only: the framing is right, so that it reaches the stages behind. */
function mutatePayloads(run: number, random: Random): Buffer {
  const [header, ...items] = ENVELOPES[run % ENVELOPES.length] as (typeof ENVELOPES)[number];
  const others = items.map(([headers, payload]): [Record<string, unknown>, Buffer] => [
    headers,
    random.next() < 0.7 ? damagedJson(payload, random) : mutate(Buffer.from(payload), random),
  ]);
  return envelopeOf(header, ...others);
}

function damagedJson(payload: string, random: Random): Buffer {
  let value: unknown;
  try {
    value = JSON.parse(payload);
  } catch {
    return Buffer.from(payload);
  }
  return Buffer.from(JSON.stringify(damaged(value, random, 0.15)));
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
    const random = new Random(20261122);
    const statuses: Record<number, number> = {};
    for (let run = 0; run < runs; run++) {
      const body = run % 2 === 0 ? mutate(SEEDS[run % SEEDS.length] as Buffer, random) : mutatePayloads(run >> 1, random);
      const packing = PACKINGS[random.next() < 0.7 ? 0 : random.below(PACKINGS.length)] as (typeof PACKINGS)[number];
      let wire = packing.pack(body);
      let expected: number;
      if (packing.coding !== '' && random.next() < 0.5) wire = mutate(wire, random);
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
