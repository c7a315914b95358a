import { describe, expect, it } from 'vitest';
import { NOW } from '../../../test/factories.ts';
import { type NormalizeSource, normalize } from './normalize.ts';
import type { NormalizedEvent } from './normalized-event.ts';

const SOURCE: NormalizeSource = { source: 'sentry-envelope', receivedAt: NOW, settings: { inAppInclude: [], inAppExclude: [] } };
const read = (raw: unknown, source: Partial<NormalizeSource> = {}): NormalizedEvent => normalize(raw, { ...SOURCE, ...source });
const fields = (event: NormalizedEvent) => event.errors.map((note) => note.field);

describe('what is always there', () => {
  it('an empty event', () => {
    expect(read({})).toEqual({
      eventId: expect.stringMatching(/^[0-9a-f]{32}$/),
      occurredAt: 0,
      timestamp: NOW,
      receivedAt: NOW,
      platform: 'other',
      level: 'error',
      source: 'sentry-envelope',
      exceptions: [],
      breadcrumbs: [],
      tags: [['level', 'error']],
      contexts: {},
      extra: {},
      errors: [],
    });
  });

  it.each([[null], ['text'], [7], [[]], [undefined]])('what is no object (%j) is an event with a note', (raw) => {
    expect(fields(read(raw))).toEqual(['event']);
  });

  it('every field of the wrong type is dropped with a note', () => {
    const names = [
      'exception',
      'message',
      'logentry',
      'tags',
      'user',
      'request',
      'contexts',
      'extra',
      'breadcrumbs',
      'sdk',
      'modules',
      'threads',
      'debug_meta',
      'level',
      'timestamp',
      'release',
      'transaction',
      'stacktrace',
    ];
    for (const wrong of [true, 17, 'x', [], [[]], { a: 1 }]) {
      const event = read(Object.fromEntries(names.map((name) => [name, wrong])));
      expect(event.exceptions.every((e) => Array.isArray(e.frames))).toBe(true);
      expect(JSON.parse(JSON.stringify(event))).toEqual(event);
    }
    expect(fields(read({ exception: 7, user: 'x', contexts: [], release: {}, level: {} }))).toEqual([
      'level',
      'exception',
      'contexts',
      'user',
      'release',
    ]);
  });

  it.each([
    ['9ec79c33-ec99-42ab-8353-589fcb2e04dc', '9ec79c33ec9942ab8353589fcb2e04dc'],
    ['9EC79C33EC9942AB8353589FCB2E04DC', '9ec79c33ec9942ab8353589fcb2e04dc'],
    ['{9ec79c33-ec99-42ab-8353-589fcb2e04dc}', '9ec79c33ec9942ab8353589fcb2e04dc'],
  ])('the id %s', (said, kept) => {
    expect(read({ event_id: said }).eventId).toBe(kept);
  });

  it.each(['short', '0'.repeat(32), 'z'.repeat(32), 7, null])('%j is no id: a new one is made', (said) => {
    expect(read({ event_id: said }).eventId).not.toBe(said);
  });
});

describe('time', () => {
  const at = (iso: string) => Date.parse(iso);
  it.each<[unknown, number]>([
    ['2026-11-22T11:59:00Z', at('2026-11-22T11:59:00Z')],
    ['2026-11-22T11:59:00.123456Z', at('2026-11-22T11:59:00.123Z')],
    ['2026-11-22T11:59:00.5', at('2026-11-22T11:59:00.500Z')],
    ['2026-11-22 11:59:00', at('2026-11-22T11:59:00Z')],
    ['2026-11-22T13:59:00+02:00', at('2026-11-22T11:59:00Z')],
    ['2026-11-22T13:59:00+0200', at('2026-11-22T11:59:00Z')],
    ['2026-11-21', at('2026-11-21T00:00:00Z')],
    [1795348740, 1795348740_000],
    [1795348740.1311643, 1795348740_131],
    ['1795348740.5', 1795348740_500],
    [1795348740123, 1795348740123],
    [1795348740123456, 1795348740123],
  ])('%j is read', (said, kept) => {
    expect(read({ timestamp: said })).toMatchObject({ occurredAt: kept, timestamp: kept, errors: [] });
  });

  it.each(['yesterday', 0, -1, Number.NaN, 1e300, '0001-01-01T00:00:00Z', {}, true, '2026-13-45T99:99:99Z'])(
    '%j is no time: the moment of arrival stands in',
    (said) => {
      expect(read({ timestamp: said })).toMatchObject({ occurredAt: 0, timestamp: NOW, errors: [{ field: 'timestamp' }] });
    },
  );

  it.each<[string, number, number | undefined, number, boolean]>([
    ['a small difference of clocks is delay', -5000, -2000, -5000, false],
    ['a clock that is behind', -3_605_000, -3_600_000, -5000, true],
    ['a clock that is ahead', 3_595_000, 3_600_000, -5000, true],
    ['an event kept offline is not moved', -86_400_000, -100, -86_400_000, false],
    ['the future is now', 1000, undefined, 0, false],
    ['the far future is now, with a note', 86_400_000, undefined, 0, true],
  ])('%s', (_, occurred, sent, kept, noted) => {
    const event = read({ timestamp: (NOW + occurred) / 1000 }, sent === undefined ? {} : { sentAt: NOW + sent });
    expect(event.timestamp - NOW).toBe(kept);
    expect(event.occurredAt).toBe(NOW + occurred);
    expect(event.errors.length > 0).toBe(noted);
  });
});

describe('level', () => {
  it.each([
    ['fatal', 'fatal'],
    ['WARNING', 'warning'],
    ['warn', 'warning'],
    ['critical', 'fatal'],
    ['log', 'info'],
    [' debug ', 'debug'],
    ['notice', 'info'],
    [50, 'fatal'],
    [40, 'error'],
    [30, 'warning'],
    [20, 'info'],
    [10, 'debug'],
    [undefined, 'error'],
    ['odd', 'error'],
  ])('%j is %s', (said, kept) => {
    expect(read({ level: said }).level).toBe(kept);
  });
});

describe('message', () => {
  it.each<[string, object, object]>([
    ['text', { message: 'hello' }, { message: 'hello' }],
    [
      'an object',
      { message: { message: 'hello %s', formatted: 'hello Bob' } },
      { message: 'hello Bob', messageTemplate: 'hello %s' },
    ],
    ['logentry', { logentry: { message: 'hello' } }, { message: 'hello' }],
    ['logentry as text', { logentry: 'hello' }, { message: 'hello' }],
    ['logentry before message', { logentry: { message: 'entry' }, message: 'plain' }, { message: 'entry' }],
    [
      'params as a list',
      { logentry: { message: 'a %s b %d', params: ['x', 7] } },
      { message: 'a x b 7', messageTemplate: 'a %s b %d' },
    ],
    [
      'params as a map',
      { logentry: { message: '%(who)s did %(what)s', params: { who: 'Bob', what: 'it' } } },
      { message: 'Bob did it', messageTemplate: '%(who)s did %(what)s' },
    ],
    [
      'params in braces',
      { logentry: { message: 'a {} b {1} c {who}', params: ['x', 'y'] } },
      { message: 'a x b y c {who}', messageTemplate: 'a {} b {1} c {who}' },
    ],
    [
      'fewer params than places',
      { logentry: { message: '%s and %s', params: ['x'] } },
      { message: 'x and %s', messageTemplate: '%s and %s' },
    ],
    ['no places for the params', { logentry: { message: '100% done', params: ['x'] } }, { message: '100% done' }],
    ['an old name', { 'sentry.interfaces.Message': { message: 'old' } }, { message: 'old' }],
  ])('%s', (_, raw, kept) => {
    const { message, messageTemplate } = read(raw);
    expect({
      ...(message === undefined ? {} : { message }),
      ...(messageTemplate === undefined ? {} : { messageTemplate }),
    }).toEqual(kept);
  });

  it('is cut at 8192 characters, with a note, and never inside a pair', () => {
    const event = read({ message: `${'x'.repeat(8190)}😀😀` });
    expect(event.message).toHaveLength(8191);
    expect(event.message?.isWellFormed()).toBe(true);
    expect(event.errors).toEqual([{ field: 'message', reason: 'cut: 8194 characters, 8192 kept' }]);
  });
});

describe('identity', () => {
  it('names are trimmed, cut, and may stand in tags', () => {
    const event = read({
      release: ' app@1.0 ',
      tags: { environment: 'prod', server_name: 'web-1' },
      transaction: 't'.repeat(300),
      fingerprint: ['a', 7, null],
    });
    expect(event).toMatchObject({ release: 'app@1.0', environment: 'prod', serverName: 'web-1', fingerprint: ['a', '7'] });
    expect(event.transaction).toHaveLength(200);
  });

  it('the SDK of the event wins over the envelope', () => {
    const sdk = { name: 'envelope', version: '2' };
    expect(read({ sdk: { name: 'own', version: '1', packages: [] } }, { sdk }).sdk).toEqual({ name: 'own', version: '1' });
    expect(read({}, { sdk }).sdk).toEqual(sdk);
  });
});

describe('tags', () => {
  const tagsOf = (raw: object, source?: Partial<NormalizeSource>) => Object.fromEntries(read(raw, source).tags);
  it.each<[string, unknown]>([
    ['a map', { a: 'x', n: 7, t: true, o: {}, z: null, '': 'y' }],
    ['pairs', [['a', 'x'], ['n', 7], ['t', true], ['o', {}], ['z', null], [null, 'y'], 'nonsense']],
    [
      'objects',
      [
        { key: 'a', value: 'x' },
        { key: 'n', value: 7 },
        { key: 't', value: true },
      ],
    ],
  ])('as %s', (_, tags) => {
    expect(tagsOf({ tags })).toEqual({ level: 'error', a: 'x', n: '7', t: 'true' });
  });

  it('derived ones tell about the event', () => {
    const tags = tagsOf({
      platform: 'javascript',
      environment: 'prod',
      release: 'app@1',
      server_name: 's',
      transaction: '/t',
      logger: 'l',
      dist: 'd',
      request: {
        url: 'https://x/y?token=1#z',
        headers: {
          'User-Agent':
            'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
        },
      },
      exception: [
        { type: 'A', mechanism: { type: 'generic', handled: true } },
        { type: 'B', mechanism: { type: 'onerror', handled: false } },
      ],
    });
    expect(tags).toEqual({
      level: 'error',
      environment: 'prod',
      release: 'app@1',
      server_name: 's',
      transaction: '/t',
      logger: 'l',
      dist: 'd',
      url: 'https://x/y',
      handled: 'no',
      mechanism: 'onerror',
      browser: 'Chrome 126.0.0.0',
      'browser.name': 'Chrome',
      os: 'Windows 10',
      'os.name': 'Windows',
    });
  });

  it('come from contexts too', () => {
    expect(
      tagsOf({
        contexts: { runtime: { name: 'CPython', version: '3.12' }, os: { name: 'Linux' }, device: { model: 'Pixel 9' } },
      }),
    ).toEqual({
      level: 'error',
      runtime: 'CPython 3.12',
      'runtime.name': 'CPython',
      os: 'Linux',
      'os.name': 'Linux',
      device: 'Pixel 9',
    });
  });

  it('the fields of the event win over tags of the same name, the client wins over what is derived', () => {
    expect(
      tagsOf({ level: 'info', release: 'right', logger: 'derived', tags: { level: 'x', release: 'wrong', logger: 'own' } }),
    ).toEqual({ level: 'info', release: 'right', logger: 'own' });
  });

  it('a flood of tags does not push out the derived ones', () => {
    const event = read({
      environment: 'prod',
      tags: Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`t${i}`, 'x'.repeat(300)])),
    });
    expect(event.tags).toHaveLength(100);
    expect(event.tags.slice(0, 2)).toEqual([
      ['level', 'error'],
      ['environment', 'prod'],
    ]);
    expect(event.tags.every(([key, value]) => key.length <= 200 && value.length <= 200)).toBe(true);
  });

  it('the User-Agent of the request itself counts for browsers only', () => {
    const userAgent = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0';
    expect(tagsOf({ platform: 'javascript' }, { userAgent })).toMatchObject({ browser: 'Firefox 128.0', os: 'Linux' });
    expect(tagsOf({ platform: 'python' }, { userAgent })).toEqual({ level: 'error' });
  });
});
