import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BesideServer, startBesideServer } from '../../../../test/beside-server.ts';
import { envelopeOf, KEYS, SMALL_EVENT } from '../../../../test/ingest-server.ts';

let server: BesideServer;
beforeEach(async () => {
  server = await startBesideServer();
});
afterEach(() => server.close());

const ID = SMALL_EVENT.event_id;
const TRACE = 'c'.repeat(32);
const container = (type: string, items: object[], count = items.length) =>
  envelopeOf({}, [
    { type, item_count: count, content_type: `application/vnd.sentry.items.${type}+json` },
    JSON.stringify({ items }),
  ]);
const side = (index = 0) => server.sides()[index]!.data as unknown as Record<string, unknown>;

describe('logs', () => {
  const log = (level: string, body: string, attributes: object = {}) => ({
    timestamp: 1_795_348_800,
    trace_id: TRACE,
    level,
    body,
    severity_number: 9,
    attributes,
  });
  const text = (value: string) => ({ value, type: 'string' });

  it('of errors become events, with the template they were made from', async () => {
    const attributes = {
      'sentry.message.template': text('User %s not found'),
      'sentry.message.parameter.0': text('ann'),
      'sentry.release': text('shop@3'),
      'sentry.environment': text('live'),
      'sentry.sdk.name': text('sentry.javascript.node'),
      'user.id': text('7'),
      password: text('hunter2'),
      attempt: { value: 3, type: 'integer' },
    };
    await server.envelope(
      container('log', [log('info', 'fine'), log('error', 'User ann not found', attributes), log('fatal', 'out of memory')]),
    );
    expect(server.events()).toMatchObject([
      {
        message: 'User ann not found',
        messageTemplate: 'User %s not found',
        level: 'error',
        platform: 'node',
        release: 'shop@3',
        environment: 'live',
        traceId: TRACE,
        user: { id: '7' },
        extra: { attempt: 3, password: '[Filtered]' },
      },
      { message: 'out of memory', level: 'fatal' },
    ]);
    expect(server.log.records.map((record) => (record.kind === 'event' ? record.item : record.kind))).toEqual(['log', 'log']);
    expect(await server.outcomes()).toEqual({ 'log accepted below_level': 1 });
  });

  it('that came as an event of the same trace before are counted, not kept twice', async () => {
    const event = (id: string, message: string) =>
      envelopeOf({ event_id: id.repeat(32) }, [
        { type: 'event' },
        JSON.stringify({
          logentry: { message: 'could not load %s', formatted: message },
          contexts: { trace: { trace_id: TRACE, span_id: 'a'.repeat(16) } },
          exception: { values: [{ type: 'KeyError', value: "'missing'" }] },
        }),
      ]);
    await server.envelope(event('1', 'could not load tea'));
    const other = { ...log('error', 'could not load tea'), trace_id: 'f'.repeat(32) };
    const twice = [log('error', 'could not load milk'), log('error', 'could not load milk')];
    await server.envelope(container('log', [log('error', 'could not load tea'), ...twice, other, log('info', 'fine')]));
    expect(server.events().map(({ message }) => message)).toEqual([
      'could not load tea',
      'could not load milk',
      'could not load milk',
      'could not load tea',
    ]);
    expect(await server.outcomes()).toEqual({ 'log duplicate same_event': 1, 'log accepted below_level': 1 });
  });

  it('in a container that lies about their number are refused as one', async () => {
    await server.envelope(container('log', [log('error', 'x')], 2));
    await server.envelope(envelopeOf({}, [{ type: 'log', item_count: 1 }, '{']));
    expect(server.events()).toEqual([]);
    expect(await server.outcomes()).toEqual({ 'log invalid item_count': 1, 'log invalid json': 1 });
  });
});

describe('transactions and spans', () => {
  const event = JSON.stringify({ ...SMALL_EVENT, contexts: { trace: { trace_id: TRACE, span_id: 'd'.repeat(16) } } });
  const transaction = (trace = TRACE) =>
    JSON.stringify({
      type: 'transaction',
      transaction: 'POST /checkout',
      start_timestamp: 1_795_348_800.1,
      timestamp: 1_795_348_800.412,
      contexts: { trace: { trace_id: trace, op: 'http.server', status: 'internal_error' } },
    });
  const LINK = {
    projectId: 42,
    traceId: TRACE,
    transaction: 'POST /checkout',
    op: 'http.server',
    status: 'internal_error',
    durationMs: 312,
  };

  it('are counted, and tell what an error was part of, whichever came first', async () => {
    await server.envelope(envelopeOf({}, [{ type: 'transaction' }, transaction()]));
    await server.envelope(envelopeOf({}, [{ type: 'transaction' }, transaction('e'.repeat(32))]));
    expect(server.written).toEqual([]);
    await server.envelope(envelopeOf({}, [{ type: 'event' }, event]));
    expect(server.written).toMatchObject([LINK]);
    await server.envelope(envelopeOf({}, [{ type: 'transaction' }, transaction()]));
    expect(server.written).toMatchObject([LINK, LINK]);
    expect(await server.outcomes()).toEqual({ 'transaction accepted': 3 });
  });

  it('of another project say nothing about it', async () => {
    await server.envelope(envelopeOf({}, [{ type: 'event' }, event]));
    await server.send(
      `/api/7/envelope/?sentry_key=${KEYS.otherProject}`,
      envelopeOf({}, [{ type: 'transaction' }, transaction()]),
    );
    expect(server.written).toEqual([]);
  });

  it('of less than a millisecond, told in two ways, is one nevertheless', async () => {
    const times = { start_timestamp: 1795396315.7708, timestamp: '2026-11-23T01:11:55.770873113Z' };
    const value = { type: 'transaction', transaction: 'job', contexts: { trace: { trace_id: TRACE, op: 'task' } }, ...times };
    await server.envelope(envelopeOf({ event_id: '7'.repeat(32) }, [{ type: 'event' }, event]));
    await server.envelope(envelopeOf({}, [{ type: 'transaction' }, JSON.stringify(value)]));
    expect(server.written).toMatchObject([{ transaction: 'job', durationMs: 0 }]);
  });

  it('spans count each for itself; a segment is what a transaction was', async () => {
    await server.envelope(envelopeOf({}, [{ type: 'event' }, event]));
    const span = { trace_id: TRACE, start_timestamp: 1_795_348_800, end_timestamp: 1_795_348_801 };
    await server.envelope(
      container('span', [
        { ...span, name: 'GET /', is_segment: true, status: 'ok' },
        { ...span, name: 'db' },
      ]),
    );
    expect(server.written).toMatchObject([{ transaction: 'GET /', durationMs: 1000 }]);
    expect(await server.outcomes()).toEqual({ 'span accepted counted': 2 });
  });

  it('that make no sense are counted all the same', async () => {
    for (const value of ['{}', '{"contexts":{"trace":{"trace_id":5}},"timestamp":{}}', '[]', 'x'])
      await server.envelope(envelopeOf({}, [{ type: 'transaction' }, value]));
    expect(await server.outcomes()).toEqual({ 'transaction accepted': 2, 'transaction invalid json': 2 });
  });
});

describe('feedback', () => {
  it('is taken with everything that may be said, scrubbed as events are', async () => {
    const value = {
      timestamp: 1_795_348_800,
      environment: 'live',
      release: 'shop@1',
      contexts: {
        feedback: {
          message: 'Paying with 4111 1111 1111 1111 fails',
          contact_email: 'ann@example.com',
          name: 'Ann',
          url: 'https://shop.example/cart?token=abcdef123456',
          associated_event_id: ID,
        },
      },
    };
    await server.envelope(envelopeOf({ event_id: 'f'.repeat(32) }, [{ type: 'feedback' }, JSON.stringify(value)]));
    expect(side()).toMatchObject({
      feedbackId: 'f'.repeat(32),
      eventId: ID,
      message: 'Paying with [Filtered] fails',
      email: 'ann@example.com',
      name: 'Ann',
      environment: 'live',
      release: 'shop@1',
      source: 'feedback',
      timestamp: 1_795_348_800_000,
    });
    expect(side()['url']).not.toContain('abcdef123456');
  });

  it('of the old kind has an id that is the same when it comes again', async () => {
    const report = (comments: string) => JSON.stringify({ event_id: ID, name: 'Ann', email: 'ann@example.com', comments });
    for (const comments of ['It broke', 'It broke', 'It broke again'])
      await server.envelope(envelopeOf({ event_id: ID }, [{ type: 'user_report' }, report(comments)]));
    const ids = server.sides().map(({ data }) => (data as { feedbackId: string }).feedbackId);
    expect(ids[0]).toBe(ids[1]);
    expect(new Set(ids).size).toBe(2);
    expect(side()).toMatchObject({ eventId: ID, name: 'Ann', message: 'It broke', source: 'user_report' });
  });

  it('that says nothing is refused', async () => {
    for (const value of ['{}', '{"contexts":{"feedback":{"message":"  "}}}', '[]', 'x'])
      await server.envelope(envelopeOf({}, [{ type: 'feedback' }, value]));
    expect(await server.outcomes()).toEqual({ 'feedback invalid feedback': 4 });
  });

  it('may be handed in by the old address, with the DSN', async () => {
    const path = '/api/0/projects/acme/shop/user-feedback/';
    const headers = { authorization: `DSN http://${KEYS.active}@localhost/42`, 'content-type': 'application/json' };
    const body = { event_id: ID, name: 'Ann', email: 'ann@example.com', comments: 'It broke' };
    const answer = await server.send(path, JSON.stringify(body), headers);
    expect([answer.status, JSON.parse(answer.body)]).toEqual([
      200,
      { eventID: ID, name: 'Ann', email: 'ann@example.com', comments: 'It broke' },
    ]);
    expect(side()).toMatchObject({ message: 'It broke', eventId: ID });
    expect((await server.send(path, JSON.stringify(body))).status).toBe(401);
    expect((await server.send(path, '{"comments":"x"}', headers)).status).toBe(400);
    expect((await server.send(path, '{', headers)).status).toBe(400);
  });
});

describe('the crash dialog', () => {
  const dsn = encodeURIComponent(`http://${KEYS.active}@localhost/42`);
  const path = `/api/embed/error-page/?dsn=${dsn}&eventId=${ID}`;

  it('is a script that cannot be turned against the page', async () => {
    const evil = '</script><img src=x onerror=alert(1)>';
    const answer = await server.send(
      `${path}&title=${encodeURIComponent(evil)}&name=${encodeURIComponent(evil)}`,
      undefined,
      {},
      'GET',
    );
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(answer.body).not.toContain('</script');
    expect(answer.body).not.toContain('<img');
    expect(() => new Function(answer.body)).not.toThrow();
  });

  it('sends what the user wrote', async () => {
    const form = new URLSearchParams({ name: 'Ann', email: 'ann@example.com', comments: 'It broke & stayed so' });
    const answer = await server.send(path, form.toString(), { 'content-type': 'application/x-www-form-urlencoded' });
    expect([answer.status, answer.headers['access-control-allow-origin']]).toEqual([200, '*']);
    expect(side()).toMatchObject({ eventId: ID, name: 'Ann', message: 'It broke & stayed so' });
  });

  it('asks for a DSN that is known and an event id', async () => {
    expect((await server.send('/api/embed/error-page/', undefined, {}, 'GET')).status).toBe(400);
    expect((await server.send(`/api/embed/error-page/?dsn=${dsn}`, undefined, {}, 'GET')).status).toBe(400);
    expect((await server.send(path.replace(KEYS.active, KEYS.unknown), undefined, {}, 'GET')).status).toBe(403);
  });
});
