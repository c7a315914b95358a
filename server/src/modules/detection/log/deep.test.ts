import { expect, it } from 'vitest';
import { LogDetector } from './log-detector.ts';

it.each(['['.repeat(20_000) + ']'.repeat(20_000), `${'{"a":'.repeat(8_000)}1${'}'.repeat(8_000)}`])(
  'a structured line that nests without end comes to an event that can be passed on',
  (deep) => {
    const detector = new LogDetector({});
    detector.write(Buffer.from(`{"level":"error","message":"broken","x":${deep},"y":{"a":[1,{"b":null}]}}\n`));
    detector.flush();
    const events = detector.take();
    expect(events).toHaveLength(1);
    expect(structuredClone(events)).toEqual(events);
    expect(JSON.stringify(events).length).toBeLessThan(200_000);
    expect(events[0]!.event['extra']).toMatchObject({ y: { a: [1, { b: null }] } });
  },
);
