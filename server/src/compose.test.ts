import 'reflect-metadata';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startApplication } from './compose.ts';
import { parseConfig } from './platform/config.ts';
import { silentLog } from './platform/log.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'errata-compose-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const start = (port = 0) => startApplication(parseConfig({ PORT: String(port), ERRATA_DATA_DIR: dataDir }), silentLog);
/** What keeps a process alive: threads, sockets, files that are watched; not what ends by itself. */
const held = () => process.getActiveResourcesInfo().filter((name) => !/^(Timeout|Immediate|PipeWrap|FSReq\w*)$/.test(name));

it('a start that fails at its last step leaves nothing behind, and nothing in the way of the next', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const before = held();
  await expect(start((other.address() as AddressInfo).port)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  expect(held()).toEqual(before);
  await new Promise((resolve) => other.close(resolve));

  const application = await start();
  expect(application.firstStart.administrator?.password).toBeTypeOf('string');
  expect((await fetch(`${application.url}/readyz`)).status).toBe(200);
  expect(await application.stop()).toBe(true);
});
