import { hash } from 'node:crypto';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { constants, gunzipSync, zstdCompressSync } from 'node:zlib';
import Database from 'better-sqlite3';

/*
 * The digest of the bare pipeline: gunzip, parse, a fingerprint of type and last frame, and one transaction per batch into
 * the product's table layout: events with their two indexes and the unique one, payloads as zstd blocks, counters summed
 * per batch.
 */
const db = new Database(join((workerData as { directory: string }).directory, 'bare.db'));
for (const pragma of [
  'journal_mode = WAL',
  'synchronous = FULL',
  'cache_size = -65536',
  'wal_autocheckpoint = 4000',
  'temp_store = MEMORY',
])
  db.pragma(pragma);
db.exec(`
  create table error_group (id integer primary key, project_id int, hash text, title text, culprit text, level text, first_seen_at int, last_seen_at int, event_count int);
  create index g1 on error_group (project_id, last_seen_at, id);
  create table error_event (id integer primary key, project_id int, group_id int, event_id blob, occurred_at int, timestamp int, received_at int, level text, environment text, release text, hash text, block_id int, block_index int);
  create index e1 on error_event (group_id, timestamp, id);
  create index e2 on error_event (block_id);
  create unique index e3 on error_event (project_id, occurred_at, event_id);
  create table event_block (id integer primary key, project_id int, event_count int, created_at int, data blob);
  create table error_hour (group_id int, hour int, event_count int, primary key (group_id, hour)) without rowid;
  create table project_minute (minute int, project_id int, level text, event_count int, primary key (minute, project_id, level)) without rowid;
`);
const addGroup = db.prepare('insert into error_group values (?, ?, ?, ?, ?, ?, ?, ?, 0)');
const countGroup = db.prepare(
  'update error_group set event_count = event_count + ?, last_seen_at = max(last_seen_at, ?) where id = ?',
);
const addEvent = db.prepare('insert into error_event values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
const addBlock = db.prepare('insert into event_block values (?, ?, ?, ?, ?)');
const addHour = db.prepare(
  'insert into error_hour values (?, ?, ?) on conflict do update set event_count = event_count + excluded.event_count',
);
const addMinute = db.prepare(
  'insert into project_minute values (?, ?, ?, ?) on conflict do update set event_count = event_count + excluded.event_count',
);

interface Payload {
  timestamp: number;
  level: string;
  environment: string;
  release: string;
  transaction: string;
  exception: { values: { type: string; value: string; stacktrace: { frames: { function: string }[] } }[] };
}
interface Parsed {
  id: Buffer;
  project: number;
  line: string;
  payload: Payload;
}

const groups = new Map<string, number>();
let eventId = 0;
let blockId = 0;
let queue: Parsed[] = [];
let waiting = false;
const BATCH = 1000;

parentPort?.on('message', (bytes: ArrayBuffer) => {
  const all = Buffer.from(bytes);
  for (let at = 0; at < all.length; ) {
    const length = all.readUInt32LE(at);
    queue.push(parse(all.subarray(at + 4, at + 4 + length)));
    at += 4 + length;
    if (queue.length >= BATCH) digest();
  }
  // What is left waits for more, but not for long.
  if (queue.length > 0 && !waiting) {
    waiting = true;
    setTimeout(() => {
      waiting = false;
      if (queue.length > 0) digest();
    }, 20);
  }
});

function parse(body: Buffer): Parsed {
  const text = gunzipSync(body).toString('utf8');
  const first = text.indexOf('\n');
  const second = text.indexOf('\n', first + 1);
  const header = JSON.parse(text.slice(0, first)) as { event_id: string };
  const line = text.slice(second + 1).trimEnd();
  const payload = JSON.parse(line) as Payload;
  return { id: Buffer.from(header.event_id, 'hex'), project: payload.transaction.length % 20, line, payload };
}

function digest(): void {
  const batch = queue;
  queue = [];
  const counts = new Map<number, { n: number; last: number }>();
  const hours = new Map<string, [number, number, number]>();
  const minutes = new Map<string, [number, number, string, number]>();
  const blocks = new Map<number, { id: number; lines: string[] }>();
  const now = Date.now();
  db.exec('begin immediate');
  for (const { id, project, line, payload } of batch) {
    const exception = payload.exception.values.at(-1);
    const key = hash('sha1', `${exception?.type}\n${exception?.stacktrace.frames.at(-1)?.function}`, 'hex');
    const at = Math.round(payload.timestamp * 1000);
    let group = groups.get(`${project} ${key}`);
    if (group === undefined) {
      group = groups.size + 1;
      groups.set(`${project} ${key}`, group);
      addGroup.run(group, project, key, `${exception?.type}: ${exception?.value}`, payload.transaction, payload.level, at, at);
    }
    let block = blocks.get(project);
    if (block === undefined) {
      blockId += 1;
      block = { id: blockId, lines: [] };
      blocks.set(project, block);
    }
    eventId += 1;
    addEvent.run(
      eventId,
      project,
      group,
      id,
      at,
      at,
      now,
      payload.level,
      payload.environment,
      payload.release,
      key,
      block.id,
      block.lines.length,
    );
    block.lines.push(line);
    const count = counts.get(group) ?? { n: 0, last: 0 };
    counts.set(group, { n: count.n + 1, last: Math.max(count.last, at) });
    const hour = at - (at % 3_600_000);
    const hourly = hours.get(`${group} ${hour}`) ?? [group, hour, 0];
    hourly[2] += 1;
    hours.set(`${group} ${hour}`, hourly);
    const minute = at - (at % 60_000);
    const minutely = minutes.get(`${minute} ${project} ${payload.level}`) ?? [minute, project, payload.level, 0];
    minutely[3] += 1;
    minutes.set(`${minute} ${project} ${payload.level}`, minutely);
  }
  for (const [project, { id, lines }] of blocks) {
    const data = zstdCompressSync(Buffer.from(lines.join('\n')), { params: { [constants.ZSTD_c_compressionLevel]: 3 } });
    addBlock.run(id, project, lines.length, now, data);
  }
  for (const [group, { n, last }] of counts) countGroup.run(n, last, group);
  for (const row of hours.values()) addHour.run(...row);
  for (const row of minutes.values()) addMinute.run(...row);
  db.exec('commit');
  parentPort?.postMessage(batch.length);
}
