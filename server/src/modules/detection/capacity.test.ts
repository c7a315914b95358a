import { afterEach, expect, it, vi } from 'vitest';
import { IngestCapacity } from './capacity.ts';

let capacity: IngestCapacity | undefined;
afterEach(() => capacity?.close());

it('says in the log that the disk is nearly full, and that it is no longer, once each', async () => {
  const logger = { warn: vi.fn(), info: vi.fn() };
  let free: number | undefined = 1_000_000_000;
  capacity = new IngestCapacity({
    log: { backlogBytes: 0 },
    maxBacklogBytes: 1,
    directory: '/data',
    logger,
    freeBytes: async () => free,
  });
  await capacity.check();
  expect(capacity.limit()).toBeUndefined();
  free = 1_000_000;
  for (let n = 0; n < 3; n++) await capacity.check();
  expect(capacity.limit()?.reason).toBe('disk_low');
  expect(logger.warn.mock.calls).toEqual([
    [{ directory: '/data', freeBytes: 1_000_000, neededBytes: 268_435_456 }, expect.stringContaining('nearly full')],
  ]);
  free = undefined; // cannot be told: nobody is turned away for that
  for (let n = 0; n < 3; n++) await capacity.check();
  expect(capacity.limit()).toBeUndefined();
  expect(logger.info).toHaveBeenCalledTimes(1);
});
