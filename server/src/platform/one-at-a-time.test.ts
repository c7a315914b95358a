import { expect, it } from 'vitest';
import { OneAtATime } from './one-at-a-time.ts';

it('is done once more for everybody who asked while it was being done', async () => {
  const gates: (() => void)[] = [];
  const work = new OneAtATime(
    () => new Promise<void>((resolve) => void gates.push(resolve)),
    () => undefined,
  );
  const first = work.run();
  const [second, third] = [work.run(), work.run()];
  expect([gates.length, second === third]).toEqual([1, true]);
  gates[0]!();
  await first;
  gates[1]!();
  await Promise.all([second, work.settled()]);
  expect(gates).toHaveLength(2);
});

it('a failure is heard of, and stops neither who asked nor the next time', async () => {
  const heard: unknown[] = [];
  let times = 0;
  const work = new OneAtATime(
    async () => {
      times += 1;
      throw new Error(`time ${times}`);
    },
    (error) => void heard.push((error as Error).message),
  );
  await work.run();
  await Promise.all([work.run(), work.run()]);
  expect(heard).toEqual(['time 1', 'time 2', 'time 3']);
});
