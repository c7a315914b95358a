import fc from 'fast-check';
import type { NormalizedEvent, NormalizedException, NormalizedFrame } from '../detection/normalized-event.ts';

/** An event for tests: a Python exception in own code, changed by `change`. */
export function testEvent(change: Partial<NormalizedEvent> = {}): NormalizedEvent {
  return {
    eventId: '0123456789abcdef0123456789abcdef',
    occurredAt: 1_700_000_000_000,
    timestamp: 1_700_000_000_000,
    receivedAt: 1_700_000_000_500,
    platform: 'python',
    level: 'error',
    source: 'sentry-envelope',
    exceptions: [testException()],
    breadcrumbs: [],
    tags: [],
    contexts: {},
    extra: {},
    errors: [],
    ...change,
  };
}

/** `ZeroDivisionError` thrown in `shop.checkout charge`, called by a library. */
export function testException(change: Partial<NormalizedException> = {}): NormalizedException {
  return {
    type: 'ZeroDivisionError',
    value: 'division by zero',
    frames: [
      frame('dispatch', 'flask.app', false),
      frame('checkout', 'shop.views', true),
      frame('charge', 'shop.checkout', true),
    ],
    ...change,
  };
}

/** A frame of module and function. */
export function frame(name: string, module: string, inApp: boolean, change: Partial<NormalizedFrame> = {}): NormalizedFrame {
  return { function: name, module, filename: `${module.replaceAll('.', '/')}.py`, line: 10, inApp, ...change };
}

const text = fc.oneof(
  fc.string({ maxLength: 80 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('', '<anonymous>', 'MoveNext', 'a/b.min.js', '{{ default }}', 'https://x/y?z#'),
);
const frames = fc.array(
  fc.record(
    {
      function: text,
      module: text,
      package: text,
      filename: text,
      absPath: text,
      line: fc.nat(),
      inApp: fc.boolean(),
      native: fc.boolean(),
      context: text,
      pre: fc.array(text, { maxLength: 3 }),
    },
    { requiredKeys: [] },
  ),
  { maxLength: 60 },
);
const exception = fc.record(
  { type: text, value: text, module: text, handled: fc.boolean(), synthetic: fc.boolean(), isGroup: fc.boolean(), frames },
  { requiredKeys: ['frames'] },
);

/** Any event of the right shape, with the strangest contents. */
export const anyEvent: fc.Arbitrary<NormalizedEvent> = fc
  .record(
    {
      platform: fc.oneof(fc.constantFrom('javascript', 'node', 'python', 'java', 'native', 'csharp', 'php'), text),
      exceptions: fc.array(exception, { maxLength: 12 }),
      message: text,
      messageTemplate: text,
      transaction: text,
      logger: text,
      stacktrace: frames,
      fingerprint: fc.array(text, { maxLength: 4 }),
      tags: fc.array(fc.tuple(text, text), { maxLength: 6 }),
    },
    { requiredKeys: ['platform', 'exceptions', 'tags'] },
  )
  .map((change) => testEvent(change as Partial<NormalizedEvent>));
