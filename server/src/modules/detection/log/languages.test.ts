import { describe, expect, it } from 'vitest';
import { type DetectedEvent, LogDetector } from './log-detector.ts';
import { type Sample, TRACES } from './samples.ts';

const BENIGN = Array.from(
  { length: 6 },
  (_, i) => `2026-03-14 09:00:0${i},120 INFO [worker-${i % 2}] shop.http - GET /error/${i} 200 0 errors`,
);

function detect(lines: readonly string[]): DetectedEvent[] {
  const detector = new LogDetector();
  detector.write(Buffer.from(lines.map((line) => `${line}\n`).join('')));
  detector.flush();
  return detector.take();
}

const pad = (n: number) => String(n % 60).padStart(2, '0');
/** Around each line of a trace, as the writers between a program and a file put it; noise is written to the other stream. */
const WRAPPERS: Record<string, { trace: (line: string, i: number) => string; noise: (line: string, i: number) => string }> = {
  plain: { trace: (line) => line, noise: (line) => line },
  coloured: { trace: (line) => `\u001b[31m${line}\u001b[39m`, noise: (line) => `\u001b[2m${line}\u001b[0m` },
  docker: {
    trace: (line, i) => JSON.stringify({ log: `${line}\n`, stream: 'stderr', time: `2026-03-14T09:00:${pad(i)}.5Z` }),
    noise: (line, i) => JSON.stringify({ log: `${line}\n`, stream: 'stdout', time: `2026-03-14T09:00:${pad(i)}.5Z` }),
  },
  CRI: {
    trace: (line, i) => `2026-03-14T09:00:${pad(i)}.000000001Z stderr F ${line}`,
    noise: (line, i) => `2026-03-14T09:00:${pad(i)}.000000001Z stdout F ${line}`,
  },
  syslog: {
    trace: (line, i) => `Mar 14 09:00:${pad(i)} web3 shop[4711]: ${line}`,
    noise: (line, i) => `Mar 14 09:00:${pad(i)} web3 shop[4711]: ${line}`,
  },
  'RFC 5424': {
    trace: (line, i) => `<14>1 2026-03-14T09:00:${pad(i)}.003Z web3 shop 4711 - [origin ip="10.0.0.1"] ${line}`,
    noise: (line, i) => `<14>1 2026-03-14T09:00:${pad(i)}.003Z web3 shop 4711 - - ${line}`,
  },
  compose: { trace: (line) => `web-1  | ${line}`, noise: (line, i) => `${i % 2 === 0 ? 'db-1 ' : 'web-1'}  | ${line}` },
  'docker around syslog': {
    trace: (line, i) =>
      JSON.stringify({ log: `Mar 14 09:00:${pad(i)} web3 shop[1]: ${line}\n`, stream: 'stdout', time: '2026-03-14T09:00:00Z' }),
    noise: (line, i) =>
      JSON.stringify({ log: `Mar 14 09:00:${pad(i)} web3 cron[2]: ${line}\n`, stream: 'stdout', time: '2026-03-14T09:00:00Z' }),
  },
};

function expectSample(event: DetectedEvent, sample: Sample): void {
  const text = JSON.stringify(event.event);
  if (sample.says !== undefined) expect(text).toContain(JSON.stringify(sample.says).slice(1, -1));
  if (sample.type !== undefined) {
    const { values } = event.event['exception'] as { values: { type?: string }[] };
    expect(values.map(({ type = '' }) => /\w+(?=$| \[)/.exec(type)?.[0])).toContain(sample.type);
  }
  if (sample.platform !== undefined) expect(event.event['platform']).toBe(sample.platform);
}

describe.each(Object.keys(WRAPPERS))('traces in %s lines are one event each', (name) => {
  const { trace, noise } = WRAPPERS[name] as (typeof WRAPPERS)[string];
  it.each(TRACES.map((sample) => [sample.name, sample] as const))('%s', (_, sample) => {
    const lines = sample.text.split('\n').map(trace);
    const around = BENIGN.map(noise);
    const [event, ...more] = detect([...around, ...lines, ...around]);
    expect(more).toEqual([]);
    expect(event).toBeDefined();
    expectSample(event as DetectedEvent, sample);
  });
});

describe('around a trace', () => {
  it.each(TRACES.map((sample) => [sample.name, sample] as const))(
    "the logger's own sentence and %s are one event",
    (_, sample) => {
      const events = detect([
        ...BENIGN,
        '2026-03-14 09:00:07,001 ERROR [worker-1] shop.pay - payment failed',
        ...sample.text.split('\n'),
        ...BENIGN,
      ]);
      expect(events).toHaveLength(1);
      const { event } = events[0] as DetectedEvent;
      expectSample(events[0] as DetectedEvent, sample);
      expect(event).toMatchObject({
        logger: 'shop.pay',
        timestamp: Date.UTC(2026, 2, 14, 9, 0, 7, 1) / 1000,
        tags: { thread: 'worker-1' },
      });
      expect(JSON.stringify(event['logentry'])).toContain('payment failed');
    },
  );

  it.each(TRACES.map((sample) => [sample.name, sample] as const))('%s twice is two events', (_, sample) => {
    const lines = sample.text.split('\n');
    expect(detect([...BENIGN, ...lines, ...lines, ...BENIGN])).toHaveLength(2);
  });

  it.each(TRACES.map((sample) => [sample.name, sample] as const))('%s as a field of a JSON line', (_, sample) => {
    const events = detect([
      ...BENIGN,
      JSON.stringify({ level: 'error', time: '2026-03-14T09:00:07Z', msg: 'payment failed', stack: sample.text }),
      ...BENIGN,
    ]);
    expect(events).toHaveLength(1);
    expectSample(events[0] as DetectedEvent, sample);
    expect(events[0]?.event).toMatchObject({ logentry: { formatted: 'payment failed' } });
  });
});
