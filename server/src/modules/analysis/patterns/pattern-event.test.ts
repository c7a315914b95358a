import { expect, it } from 'vitest';
import { aPattern } from '../../../../test/patterns.ts';
import { compilePatterns } from './compile.ts';
import type { PatternDefinition } from './definition.ts';
import { applyFields } from './pattern-event.ts';

const event = (
  given: Partial<PatternDefinition> & { expression: string },
  text: string,
  before: Record<string, unknown> = {},
) => {
  const hit = compilePatterns([aPattern(given)]).start(text.split('\n')[0]!)!;
  applyFields(before, hit, text);
  return before;
};

it('names that mean a part of the event fill it; others become tags, or extra data when they would differ on every line', () => {
  expect(
    event(
      {
        expression:
          '^%{TIMESTAMP_ISO8601:timestamp} %{HOSTNAME:host} %{WORD:logger} %{USER:user} pid=%{INT:pid} shard=%{INT:shard} %{JAVACLASS:type}: %{GREEDYDATA:message}',
        level: 'fatal',
        category: 'shop',
        tags: { team: 'a' },
      },
      '2026-11-22T10:00:00Z web1 cart ann pid=12 shard=3 shop.Broken: it is empty',
    ),
  ).toEqual({
    timestamp: Date.UTC(2026, 10, 22, 10) / 1000,
    server_name: 'web1',
    logger: 'cart',
    user: { username: 'ann' },
    level: 'fatal',
    tags: { team: 'a', pattern: 'p', category: 'shop', shard: '3' },
    extra: { pid: '12' },
    exception: { values: [{ type: 'shop.Broken', value: 'it is empty' }] },
    logentry: { formatted: 'it is empty' },
  });
});

it('the definition has the last word', () => {
  const fields = { a: 'extra:alpha', b: 'tag:beta', c: 'drop', d: 'fingerprint', e: 'transaction' };
  const made = event({ expression: '(?P<a>1)(?P<b>2)(?P<c>3)(?P<d>4)(?P<e>5)', fields }, '12345\nmore');
  expect(made).toMatchObject({
    extra: { alpha: '1' },
    fingerprint: ['4'],
    transaction: '5',
    logentry: { formatted: '12345\nmore' },
  });
  expect(made['tags']).toEqual({ pattern: 'p', beta: '2' });
});

it('leaves what it says nothing about, and names the exception that a trace has given', () => {
  const before = {
    logentry: { formatted: 'whole' },
    platform: 'java',
    exception: { values: [{ type: 'Outer' }, { type: 'Inner', value: 'v', stacktrace: { frames: [] } }] },
  };
  expect(event({ expression: '^(?P<type>\\w+)!' }, 'Better!', before)).toMatchObject({
    platform: 'java',
    logentry: { formatted: 'whole' },
    exception: { values: [{ type: 'Outer' }, { type: 'Better', value: 'v', stacktrace: { frames: [] } }] },
  });
});

it('a field called like a property of every object is only a field', () => {
  const hit = compilePatterns([aPattern({ expression: '(?P<constructor>x)(?P<__proto__>y)' })]).start('xy')!;
  const event: Record<string, unknown> = {};
  applyFields(event, hit, 'xy');
  expect(event['tags']).toMatchObject({ constructor: 'x' });
  expect(({} as Record<string, unknown>)['y']).toBeUndefined();
});
