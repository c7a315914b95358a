import { afterEach, describe, expect, it } from 'vitest';
import { envelopeOf, type IngestServer, SMALL_EVENT, startIngestServer } from '../../../../test/ingest-server.ts';
import { DEFAULT_INBOUND, type InboundSettings, type SamplingRule } from '../../projects/inbound-settings.ts';
import type { HourlyHistory } from './spike-guard.ts';

let server: IngestServer;
afterEach(() => server.close());

const open = async (inbound: Partial<InboundSettings>, history?: HourlyHistory) => {
  server = await startIngestServer({
    settings: { inbound: { ...DEFAULT_INBOUND, ...inbound } },
    ...(history === undefined ? {} : { history }),
  });
};
const hex = (n: number) => n.toString(16).padStart(32, '0');
/** Spread evenly over what chance looks at. */
const spread = (n: number) => ((n * 2_654_435_761) >>> 0).toString(16).padStart(32, '1');
const send = (event: object) =>
  server.envelope(envelopeOf({}, [{ type: 'event' }, JSON.stringify({ ...SMALL_EVENT, ...event })]));
const thrown = (type: string) => ({ exception: { values: [{ type, value: 'no' }] } });
const rule = (given: Partial<SamplingRule>): SamplingRule => ({
  name: 'most',
  rate: 0,
  keepFirst: 1,
  levels: [],
  environments: [],
  releases: [],
  messages: [],
  ...given,
});

describe('filters', () => {
  it('answer 200 with the id, keep nothing, and count the reason', async () => {
    await open({ filterReleases: ['old@*'] });
    const answer = await send({ release: 'old@1' });
    expect(answer).toMatchObject({ status: 200, body: `{"id":"${SMALL_EVENT.event_id}"}` });
    expect(server.events()).toEqual([]);
    expect(await server.outcomes()).toEqual({ 'event filtered release': 1 });
  });
});

describe('sampling', () => {
  it('keeps the first of every kind each hour, whatever the rate', async () => {
    await open({ sampling: [rule({ keepFirst: 2 })] });
    for (let i = 0; i < 5; i++) {
      await send({ event_id: hex(i + 1), ...thrown('A') });
      await send({ event_id: hex(i + 100), ...thrown('B') });
    }
    expect(server.events().map((event) => event.exceptions[0]?.type)).toEqual(['A', 'B', 'A', 'B']);
    expect(await server.outcomes()).toEqual({ 'event filtered sampled:most': 6 });
  });

  it('keeps about its share, and decides the same for the same event', async () => {
    await open({ sampling: [rule({ rate: 0.25 })] });
    for (let i = 1; i <= 400; i++) await send({ event_id: spread(i) });
    const kept = server.events().map((event) => event.eventId);
    expect(kept.length).toBeGreaterThan(80);
    expect(kept.length).toBeLessThan(120);
    for (const id of kept.slice(1, 6)) await send({ event_id: id });
    expect(server.events().length).toBe(kept.length + 5);
  });

  it('the first rule that matches decides', async () => {
    await open({ sampling: [rule({ name: 'all of production', rate: 1, environments: ['prod*'] }), rule({})] });
    for (let i = 1; i <= 4; i++) await send({ event_id: hex(i), environment: 'production' });
    for (let i = 5; i <= 8; i++) await send({ event_id: hex(i), environment: 'staging' });
    const kept = server.events().map((event) => event.environment);
    expect(kept).toEqual(['production', 'production', 'production', 'production', 'staging']);
  });
});

describe('a spike', () => {
  it('holds back repetitions, and lets new kinds through', async () => {
    // 6,000 an hour allow 500 in five minutes.
    await open({}, async () => new Map([[42, new Array(48).fill(1_200)]]));
    for (let i = 1; i <= 600; i++) await send({ event_id: hex(i), ...thrown('Flood') });
    await send({ event_id: hex(9_999), ...thrown('Fresh') });
    const outcomes = await server.outcomes();
    // Counting kinds begins with the spike.
    expect(outcomes).toEqual({ 'event rate_limited spike': 600 - 500 - 10 });
    expect(server.events().at(-1)?.exceptions[0]?.type).toBe('Fresh');
  });

  it('is let through where protection is off', async () => {
    await open({ spikeProtection: false }, async () => new Map([[42, new Array(48).fill(1_200)]]));
    for (let i = 1; i <= 520; i++) await send({ event_id: hex(i) });
    expect(server.events().length).toBe(520);
  });
});

describe('the tunnel', () => {
  it('takes envelopes that name their project in their own header', async () => {
    await open({});
    const dsn = `https://${'a'.repeat(32)}@errors.test/42`;
    const body = envelopeOf({ dsn }, [{ type: 'event' }, JSON.stringify(SMALL_EVENT)]);
    expect(await server.send('/tunnel', body)).toMatchObject({ status: 200 });
    expect(await server.send('/tunnel/?x=1', body)).toMatchObject({ status: 200 });
    expect(server.events().length).toBe(2);
    const other = envelopeOf({ dsn: dsn.replace('/42', '/7') }, [{ type: 'event' }, '{}']);
    expect(await server.send('/tunnel', other)).toMatchObject({ status: 403 });
    expect(await server.send('/tunnel', envelopeOf({}, [{ type: 'event' }, '{}']))).toMatchObject({ status: 401 });
    expect(await server.send('/tunnel', undefined, {}, 'OPTIONS')).toMatchObject({ status: 200 });
  });
});
