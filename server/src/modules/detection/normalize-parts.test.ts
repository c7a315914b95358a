import { describe, expect, it } from 'vitest';
import { NOW } from '../../../test/factories.ts';
import { type NormalizeSource, normalize } from './normalize.ts';
import type { NormalizedEvent } from './normalized-event.ts';

const SOURCE: NormalizeSource = { source: 'sentry-envelope', receivedAt: NOW, settings: { inAppInclude: [], inAppExclude: [] } };
const read = (raw: unknown, source: Partial<NormalizeSource> = {}): NormalizedEvent => normalize(raw, { ...SOURCE, ...source });
const fields = (event: NormalizedEvent) => event.errors.map((note) => note.field);

describe('exceptions', () => {
  const thrown = { type: 'TypeError', value: 'x', module: 'm', mechanism: { type: 'onerror', handled: false } };
  it.each([
    ['{values}', { values: [thrown] }],
    ['a list', [thrown]],
    ['one object', thrown],
  ])('as %s', (_, exception) => {
    expect(read({ exception }).exceptions).toEqual([
      { type: 'TypeError', value: 'x', module: 'm', mechanism: 'onerror', handled: false, frames: [] },
    ]);
  });

  it('a thrown object becomes text; null entries and empty ones are dropped', () => {
    const { exceptions } = read({ exception: [null, {}, { value: { code: 7 } }, { type: 'E', value: null }, 'x'] });
    expect(exceptions).toEqual([
      { value: '{"code":7}', frames: [] },
      { type: 'E', frames: [] },
    ]);
  });

  it('groups keep their ids', () => {
    const group = { type: 'G', mechanism: { type: 'chained', is_exception_group: true, exception_id: 0 } };
    const child = { type: 'C', mechanism: { type: 'chained', exception_id: 1, parent_id: 0, synthetic: true } };
    expect(read({ exception: [child, group] }).exceptions).toMatchObject([
      { exceptionId: 1, parentId: 0, synthetic: true },
      { isGroup: true, exceptionId: 0 },
    ]);
  });

  it('more than 50 frames are cut from the middle', () => {
    const frames = Array.from({ length: 120 }, (_, i) => ({ function: `f${i}` }));
    const event = read({ exception: [{ type: 'E', stacktrace: { frames } }] });
    const names = event.exceptions[0]?.frames.map((frame) => frame.function);
    expect(names).toHaveLength(50);
    expect([names?.[0], names?.[24], names?.[25], names?.[49]]).toEqual(['f0', 'f24', 'f95', 'f119']);
    expect(event.errors).toEqual([{ field: 'exception.values.0.stacktrace.frames', reason: 'cut: 120 frames, 50 kept' }]);
  });

  it('a frame, field by field', () => {
    const frame = {
      function: 'f',
      module: 'm',
      package: 'p',
      filename: 'a.js',
      abs_path: '/srv/a.js',
      lineno: '12',
      colno: 7,
      in_app: true,
      context_line: '',
      pre_context: ['a', null, 'b'],
      post_context: [],
      vars: { x: 1 },
      instruction_addr: '0x1',
      symbol_addr: '0x0',
      trust: 'scan',
    };
    expect(read({ exception: [{ stacktrace: { frames: [frame] } }] }).exceptions[0]?.frames).toEqual([
      {
        function: 'f',
        module: 'm',
        package: 'p',
        filename: 'a.js',
        absPath: '/srv/a.js',
        line: 12,
        column: 7,
        context: '',
        pre: ['a', '', 'b'],
        vars: { x: 1 },
        instructionAddr: '0x1',
        symbolAddr: '0x0',
        inApp: true,
      },
    ]);
  });

  it('the crashed thread lends its stack to an event without one', () => {
    const threads = {
      values: [
        { id: 1, stacktrace: { frames: [{ function: 'a' }] } },
        { id: 2, name: 'main', crashed: true, stacktrace: { frames: [{ function: 'b' }] } },
      ],
    };
    expect(read({ threads })).toMatchObject({
      stacktrace: [{ function: 'b' }],
      threads: [{ id: '1' }, { id: '2', name: 'main', crashed: true }],
    });
    expect(read({ threads, exception: [{ type: 'E', stacktrace: { frames: [{ function: 'c' }] } }] }).stacktrace).toBeUndefined();
  });

  it('debug ids of source files reach their frames', () => {
    const debug_meta = { images: [{ type: 'sourcemap', code_file: 'http://x/a.js', debug_id: 'd-1' }] };
    const named = [{ abs_path: 'http://x/a.js', lineno: 1 }, { abs_path: 'http://x/b.js' }];
    // Browsers name the file only.
    const event = read({
      debug_meta,
      exception: [{ stacktrace: { frames: [...named, { filename: 'http://x/a.js', lineno: 1 }] } }],
    });
    expect(event.exceptions[0]?.frames.map((frame) => frame.debugId)).toEqual(['d-1', undefined, 'd-1']);
  });
});

describe('surroundings', () => {
  it.each<[string, unknown]>([
    ['a map', { Host: 'x', 'X-A': ['1', '2'], N: 7 }],
    ['pairs', [['Host', 'x'], ['X-A', ['1', '2']], ['N', 7], 'nonsense']],
  ])('request headers as %s (PHP sends lists)', (_, headers) => {
    expect(read({ request: { headers } }).request?.headers).toEqual([
      ['Host', 'x'],
      ['X-A', '1, 2'],
      ['N', '7'],
    ]);
  });

  it('query strings and cookies as text, map or pairs', () => {
    const kept = (request: object) => read({ request }).request;
    expect(kept({ query_string: '?a=1&b=2' })).toEqual({ queryString: 'a=1&b=2' });
    expect(kept({ query_string: { a: 1, b: ['x', 'y'] } })).toEqual({ queryString: 'a=1&b=x&b=y' });
    expect(kept({ query_string: [['a', '1']] })).toEqual({ queryString: 'a=1' });
    expect(kept({ cookies: { sid: 'x', b: 'y' } })).toEqual({ headers: [['Cookie', 'sid=x; b=y']] });
    expect(kept({ method: 'post', url: 'http://x/', data: '{"a":1}', env: { A: 'b' } })).toEqual({
      method: 'POST',
      url: 'http://x/',
      data: { a: 1 },
      env: { A: 'b' },
    });
  });

  it.each<[object, string | undefined, object | undefined]>([
    [
      { id: 7, email: 'a@b.c', username: 'u', name: 'N', ip_address: '::1', segment: 's', data: { x: 1 } },
      undefined,
      { id: '7', email: 'a@b.c', username: 'u', name: 'N', ipAddress: '::1', data: { segment: 's', x: 1 } },
    ],
    [{ ip_address: '{{auto}}' }, '203.0.113.9', { ipAddress: '203.0.113.9' }],
    [{ ip_address: '{{auto}}' }, undefined, undefined],
    [{ id: 'x', ip_address: 'nonsense' }, '203.0.113.9', { id: 'x' }],
    [{}, '203.0.113.9', undefined],
  ])('the user %j from %s', (user, clientIp, kept) => {
    expect(read({ user }, clientIp === undefined ? {} : { clientIp }).user).toEqual(kept);
  });

  it('an SDK may ask for the address in its settings', () => {
    expect(read({ sdk: { name: 's', settings: { infer_ip: 'auto' } } }, { clientIp: '203.0.113.9' }).user).toEqual({
      ipAddress: '203.0.113.9',
    });
  });

  it('contexts are capped one by one; what is no object is dropped; feature flags have caps of their own', () => {
    const event = read({
      contexts: {
        big: { text: 'x'.repeat(10_000), after: 1 },
        os: { name: 'Linux' },
        odd: 'text',
        flags: {
          values: [
            { flag: 'f'.repeat(50), result: true },
            { flag: 'g', result: 'r'.repeat(300) },
          ],
        },
      },
    });
    expect(JSON.stringify(event.contexts['big']).length).toBeLessThan(8300);
    expect(event.contexts['os']).toEqual({ name: 'Linux' });
    expect(event.contexts['odd']).toBeUndefined();
    const flags = event.contexts['flags']?.['values'] as { flag: string; result: unknown }[];
    expect(flags.map((f) => [f.flag.length, String(f.result).length])).toEqual([
      [32, 4],
      [1, 200],
    ]);
    expect(fields(event)).toEqual(['contexts.big', 'contexts.odd', 'contexts.flags', 'contexts.flags']);
  });

  it('extra is capped per item and in total', () => {
    const event = read({ extra: Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`k${i}`, 'x'.repeat(20_000)])) });
    expect(Object.keys(event.extra).length).toBe(16);
    expect(JSON.stringify(event.extra).length).toBeLessThan(265_000);
  });

  it('nesting ends at ten levels', () => {
    let deep: unknown = 1;
    for (let i = 0; i < 30; i++) deep = { a: deep };
    expect(JSON.stringify(read({ extra: { deep } }).extra)).toMatch(/^\{"deep":(\{"a":){10}"\[object\]"\}+$/);
  });

  it('the last 100 breadcrumbs stay', () => {
    const event = read({
      breadcrumbs: {
        values: Array.from({ length: 150 }, (_, i) => ({ message: `m${i}`, level: 'warn', timestamp: NOW / 1000, data: { i } })),
      },
    });
    expect(event.breadcrumbs).toHaveLength(100);
    expect(event.breadcrumbs.at(-1)).toEqual({ message: 'm149', level: 'warning', timestamp: NOW, data: { i: 149 } });
    expect(event.breadcrumbs[0]?.message).toBe('m50');
  });

  it('trace and span come from the trace context, else from the envelope', () => {
    const trace = { trace_id: 'A'.repeat(32), span_id: 'b'.repeat(16) };
    expect(read({ contexts: { trace } })).toMatchObject({ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) });
    expect(read({}, { traceId: 'c'.repeat(32) }).traceId).toBe('c'.repeat(32));
    expect(read({ contexts: { trace: { trace_id: 'nonsense' } } }).traceId).toBeUndefined();
  });

  it('what the SDK itself could not do is noted', () => {
    expect(read({ errors: [{ type: 'js_no_source', name: 'frames' }] }).errors).toEqual([
      { field: 'frames', reason: 'the SDK says: js_no_source' },
    ]);
  });
});
