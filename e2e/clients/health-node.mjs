// What a program sends of its own health with the official SDK: `node health-node.mjs <dsn> <crash|well>`. One process is one
// session; requests to its server are sessions that the SDK counts.
import { createServer, get } from 'node:http';
import * as Sentry from '@sentry/node';

const [dsn, end] = process.argv.slice(2);
Sentry.init({ dsn, release: 'jobs@2.0.0', environment: 'e2e', initialScope: { user: { id: `user-${end}` } } });

// What nobody catches ends the session as crashed.
if (end === 'crash') throw new RangeError('nobody catches this');

const server = createServer((_req, res) => res.end('fine'));
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
for (let n = 0; n < 3; n += 1)
  await new Promise((resolve) => get(`http://127.0.0.1:${server.address().port}/`, (res) => res.resume().on('end', resolve)));
server.close();

const config = { schedule: { type: 'crontab', value: '0 4 * * *' }, timezone: 'Europe/Berlin', checkinMargin: 10, maxRuntime: 5 };
await Sentry.withMonitor('nightly-backup', async () => 'done', config);
await Sentry.withMonitor('import', () => Promise.reject(new Error('no such file')), {
  schedule: { type: 'interval', value: 1, unit: 'hour' },
}).catch(() => undefined);
if (end === 'mended') Sentry.captureCheckIn({ monitorSlug: 'import', status: 'ok', duration: 3 });
await Sentry.flush(5_000);
