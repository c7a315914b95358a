import { expect, it } from 'vitest';
import { HOUR, NOW } from '../../../test/factories.ts';
import { MemoryLog } from '../../../test/ingest-server.ts';
import { fixedClock } from '../../platform/clock.ts';
import { silentLog } from '../../platform/log.ts';
import { type Fate, OutcomeLedger } from './outcome-ledger.ts';

const FATE: Fate = { projectId: 1, keyId: 2, item: 'session', outcome: 'unsupported', reason: 'no_room', sdk: 'a/1' };

function open() {
  const log = new MemoryLog();
  const clock = fixedClock(NOW + 1234);
  const ledger = new OutcomeLedger({ log, clock, logger: silentLog });
  const rows = () => log.records.flatMap((record) => (record.kind === 'outcomes' ? record.outcomes : []));
  return { log, clock, ledger, rows };
}

it('sums like fates into one row of the hour', async () => {
  const { ledger, rows, log } = open();
  for (let i = 0; i < 100; i++) ledger.count(FATE);
  ledger.count(FATE, 11);
  ledger.count({ ...FATE, sdk: 'b/1' });
  ledger.count(FATE, 0);
  await ledger.flush();
  await ledger.flush();
  expect(log.records).toHaveLength(1);
  expect(rows()).toEqual([
    { ...FATE, hour: NOW, quantity: 111 },
    { ...FATE, sdk: 'b/1', hour: NOW, quantity: 1 },
  ]);
});

it('writes within a second by itself', async () => {
  const { ledger, rows } = open();
  ledger.count(FATE);
  await expect.poll(rows, { timeout: 3000 }).toHaveLength(1);
});

it('keeps what the disk refuses, and what is counted meanwhile', async () => {
  const { ledger, rows, log } = open();
  log.failing = true;
  ledger.count(FATE);
  await ledger.flush();
  ledger.count(FATE);
  await ledger.flush();
  log.failing = false;
  await ledger.close();
  expect(rows()).toEqual([{ ...FATE, hour: NOW, quantity: 2 }]);
});

it('a flood of names is folded together: no count is lost', async () => {
  const { ledger, rows, clock } = open();
  for (let i = 0; i < 5000; i++) ledger.count({ ...FATE, item: `item ${i}` });
  for (let i = 0; i < 5000; i++) ledger.count({ ...FATE, item: `item ${i}` });
  await ledger.flush();
  expect(rows().length).toBe(501);
  expect(rows().reduce((sum, row) => sum + row.quantity, 0)).toBe(10_000);
  expect(rows().find((row) => row.item === '(other)')).toMatchObject({
    quantity: 9000,
    reason: '',
    sdk: '',
    outcome: 'unsupported',
  });
  ledger.count({ ...FATE, item: 'item 3' });
  ledger.count({ ...FATE, projectId: 9, item: 'another project' });
  clock.advance(HOUR);
  ledger.count({ ...FATE, item: 'another hour' });
  await ledger.flush();
  expect(
    rows()
      .slice(501)
      .map((row) => row.item),
  ).toEqual(['item 3', 'another project', 'another hour']);
});
