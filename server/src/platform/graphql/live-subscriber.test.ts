import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BoundedQueue } from './bounded-queue.ts';
import { type FrameSink, LiveSubscriber, type Replayed } from './live-subscriber.ts';

describe('BoundedQueue', () => {
  it('drops the oldest by number and by length, but never the only one', () => {
    const queue = new BoundedQueue(3, 10);
    expect(queue.push({ seq: 1, text: 'aaaa' })).toEqual([]);
    expect(queue.push({ seq: 2, text: 'bbbb' })).toEqual([]);
    expect(queue.push({ seq: 3, text: 'cccc' }).map((frame) => frame.seq)).toEqual([1]);
    expect(queue.push({ seq: 4, text: 'x'.repeat(50) }).map((frame) => frame.seq)).toEqual([2, 3]);
    expect(queue.size).toBe(1);
    expect(queue.shift()?.seq).toBe(4);
    expect(queue.shift()).toBeUndefined();
    for (let seq = 5; seq <= 7; seq++) queue.push({ seq, text: '' });
    expect(queue.push({ seq: 8, text: '' }).map((frame) => frame.seq)).toEqual([5]);
    expect(queue.peek()?.seq).toBe(6);
    queue.clear();
    expect(queue.size).toBe(0);
  });

  it('keeps its order over many pushes and shifts', () => {
    const queue = new BoundedQueue(5000, Number.POSITIVE_INFINITY);
    let next = 0;
    let expected = 0;
    for (let round = 0; round < 50; round++) {
      for (let i = 0; i < 60; i++) queue.push({ seq: next++, text: 'x' });
      for (let i = 0; i < 55; i++) expect(queue.shift()?.seq).toBe(expected++);
    }
    expect(queue.size).toBe(next - expected);
  });
});

class TestSink implements FrameSink {
  congested = false;
  sent: { seq: number; missed: number }[] = [];
  #waiting: (() => void)[] = [];

  send(message: string): void {
    const { id, type, payload } = JSON.parse(message);
    expect([id, type]).toEqual(['i', 'next']);
    this.sent.push({ seq: payload.data.seq, missed: payload.extensions?.missed ?? 0 });
  }
  writable(): Promise<void> {
    return this.congested ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve();
  }
  clear(subscriber: LiveSubscriber): void {
    this.congested = false;
    for (const resolve of this.#waiting.splice(0)) resolve();
    subscriber.flush();
  }
}

const text = (seq: number) => `{"data":{"seq":${seq}}}`;

describe('LiveSubscriber', () => {
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.constant('publish' as const) },
    { weight: 1, arbitrary: fc.constant('burst' as const) },
    { weight: 2, arbitrary: fc.constant('congest' as const) },
    { weight: 2, arbitrary: fc.constant('clear' as const) },
    { weight: 4, arbitrary: fc.constant('yield' as const) },
  );

  it('shows every fact once and in order, or counts it as missed; with catch-up nothing is missed before it is live', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 120 }),
        fc.nat(30),
        fc.option(fc.nat(30), { nil: undefined }),
        fc.integer({ min: 1, max: 8 }),
        async (steps, recorded, after, maxQueuedFrames) => {
          const rows = Array.from({ length: recorded }, (_, i) => i + 1);
          const sink = new TestSink();
          let missed = 0;
          const begin = Math.min(after ?? recorded, recorded);
          const subscriber = new LiveSubscriber({
            id: 'i',
            sink,
            maxQueuedFrames,
            maxQueuedLength: Number.POSITIVE_INFINITY,
            ...(after === undefined
              ? {}
              : {
                  replay: {
                    after: begin,
                    async *from(seq: number): AsyncIterable<Replayed> {
                      for (const row of rows.filter((r) => r > seq)) {
                        await Promise.resolve();
                        yield { seq: row, text: text(row) };
                      }
                    },
                  },
                }),
            onDelivered: () => undefined,
            onMissed: (count) => {
              missed += count;
            },
          });
          const started = subscriber.start();
          const publish = () => {
            const seq = rows.length + 1;
            rows.push(seq);
            subscriber.push(seq, text(seq));
          };
          for (const what of steps) {
            if (what === 'publish') publish();
            else if (what === 'burst') for (let i = 0; i < 2 * maxQueuedFrames; i++) publish();
            else if (what === 'congest') sink.congested = true;
            else if (what === 'clear') sink.clear(subscriber);
            else await Promise.resolve();
          }
          sink.clear(subscriber);
          await started;
          sink.clear(subscriber);
          publish(); // carries what was missed at last
          let expected = begin;
          for (const { seq, missed: gap } of sink.sent) {
            expected += gap + 1;
            expect(seq).toBe(expected);
          }
          expect(expected).toBe(rows.length);
          expect(sink.sent.reduce((sum, one) => sum + one.missed, 0)).toBe(missed);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('is silent after its end', async () => {
    const sink = new TestSink();
    const subscriber = new LiveSubscriber({
      id: 'i',
      sink,
      maxQueuedFrames: 5,
      maxQueuedLength: 100,
      onDelivered: () => undefined,
      onMissed: () => undefined,
    });
    await subscriber.start();
    subscriber.push(1, text(1));
    subscriber.end();
    subscriber.push(2, text(2));
    subscriber.flush();
    expect(sink.sent).toEqual([{ seq: 1, missed: 0 }]);
  });

  it('gives up on what is gone from the database too, instead of asking for ever', async () => {
    const sink = new TestSink();
    let reads = 0;
    const subscriber: LiveSubscriber = new LiveSubscriber({
      id: 'i',
      sink,
      maxQueuedFrames: 1,
      maxQueuedLength: 100,
      replay: {
        after: 0,
        async *from() {
          reads += 1;
          if (reads === 1) for (const seq of [10, 11]) subscriber.push(seq, text(seq)); // 10 falls out of the queue
          yield* [];
        },
      },
      onDelivered: () => undefined,
      onMissed: () => undefined,
    });
    await subscriber.start();
    expect(reads).toBe(2);
    expect(sink.sent.map((one) => one.seq)).toEqual([11]);
  });
});
