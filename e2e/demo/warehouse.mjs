// A program without any SDK: it writes a log file and rotates it, as programs have always done. Several languages speak in
// it, for behind one warehouse stand several machines. Started by fleet.mjs; DEMO_LOGS is the folder.
import { appendFileSync, existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { endWithParent } from './people.mjs';

const path = join(process.env.DEMO_LOGS, 'warehouse.log');
const ROTATE_BYTES = 256 * 1024;
const KEPT = 3;

endWithParent();
process.on('disconnect', () => process.exit(0));
process.send?.('ready');

const pick = (list) => list[Math.floor(Math.random() * list.length)];
const shelf = () => `${pick(['A', 'B', 'C', 'D'])}-${100 + Math.floor(Math.random() * 40)}`;
const stamp = () => new Date().toISOString();

const QUIET = [
  () => `${stamp()} INFO  [conveyor] box moved to ${shelf()} in ${20 + Math.floor(Math.random() * 300)} ms`,
  () => `${stamp()} INFO  [scanner] 0 errors in the last 1000 scans`,
  () => `${stamp()} WARN  [battery] cart 7 at ${10 + Math.floor(Math.random() * 9)} %`,
];
const LOUD = [
  () => `${stamp()} ERROR [picker] could not plan the way to ${shelf()}
Traceback (most recent call last):
  File "/opt/picker/main.py", line 61, in run
    route = plan(order, floor)
  File "/opt/picker/routes.py", line 118, in plan
    raise NoRouteError(f"no way to {target}")
picker.routes.NoRouteError: no way to ${shelf()}`,
  () => `${stamp()} ERROR [stock-sync] update failed
java.sql.SQLTransientConnectionException: HikariPool-1 - Connection is not available, request timed out after ${30_000 + Math.floor(Math.random() * 99)}ms.
	at com.zaxxer.hikari.pool.HikariPool.createTimeoutException(HikariPool.java:696)
	at example.warehouse.stock.StockSync.update(StockSync.java:84)
	at example.warehouse.stock.StockSync.run(StockSync.java:41)
Caused by: java.net.ConnectException: Connection refused
	at java.base/sun.nio.ch.Net.pollConnect(Native Method)
	... 4 more`,
  () => `${stamp()} ERROR [labels] printer ${pick(['north', 'south'])} is out of paper`,
];

function rotate() {
  if (!existsSync(path) || statSync(path).size < ROTATE_BYTES) return;
  rmSync(`${path}.${KEPT}`, { force: true });
  for (let n = KEPT - 1; n >= 1; n -= 1) if (existsSync(`${path}.${n}`)) renameSync(`${path}.${n}`, `${path}.${n + 1}`);
  renameSync(path, `${path}.1`);
}

for (;;) {
  rotate();
  const lines = Array.from({ length: 1 + Math.floor(Math.random() * 6) }, () => pick(QUIET)());
  if (Math.random() < 0.12) lines.push(pick(LOUD)());
  appendFileSync(path, `${lines.join('\n')}\n`);
  await delay(700 + Math.random() * 900);
}
