import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { freshConfig } from '../../../test/databases.ts';
import type { Config } from '../config.ts';
import { silentLog } from '../log.ts';
import { claimDatabase } from './claim.ts';

describe.skipIf(inject('postgresUrl') === '')('one server for a PostgreSQL database', () => {
  let config: Config;
  let dispose: () => Promise<void>;
  beforeAll(async () => {
    ({ config, dispose } = await freshConfig('postgres'));
  });
  afterAll(() => dispose());

  it('a second one is refused, and may come when the first has gone', async () => {
    const first = await claimDatabase(config, silentLog);
    await expect(claimDatabase(config, silentLog, 50)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('Another server is running on this PostgreSQL database'),
    });
    const waiting = claimDatabase(config, silentLog);
    await first.release();
    await (await waiting).release();
  });

  it('a database that is not there is said, and not made', async () => {
    const elsewhere = { databaseUrl: `${config.databaseUrl}_missing` };
    for (let n = 0; n < 2; n++) await expect(claimDatabase(elsewhere, silentLog)).rejects.toMatchObject({ code: '3D000' });
  });

  it('SQLite needs none', async () => {
    await (await claimDatabase({ databaseUrl: undefined }, silentLog)).release();
  });
});
