import { createServer } from 'node:http';
import Database from 'better-sqlite3';

/*
 * Bare ceiling (b): the same 50 rows × 15 fields as the errors list, from the product's own database, by one prepared
 * statement, as plain JSON over node:http. usage: node list.ts PORT DATABASE_FILE
 */
const db = new Database(process.argv[3] as string, { readonly: true });
db.pragma('busy_timeout = 10000');
db.pragma('cache_size = -32768');
const list = db.prepare(`
  select g.id, p.slug || '-' || g.number as shortId, g.title, g.type, g.culprit, g.level, g.status, g.platform, g.handled,
         g.first_seen_at as firstSeen, g.last_seen_at as lastSeen, g.event_count as eventCount, g.user_count as userCount,
         g.last_release as lastRelease, g.comment_count as commentCount
  from error_group g join project p on p.id = g.project_id
  where g.deleted_at is null order by g.last_seen_at desc, g.id desc limit 50`);

createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    const rows = list.all() as { firstSeen: number; lastSeen: number }[];
    const text = JSON.stringify({
      rows: rows.map((row) => ({
        ...row,
        firstSeen: new Date(row.firstSeen).toISOString(),
        lastSeen: new Date(row.lastSeen).toISOString(),
      })),
    });
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) });
    response.end(text);
  });
}).listen(Number(process.argv[2]), '127.0.0.1');
