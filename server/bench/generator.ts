import { readFileSync } from 'node:fs';
import { HttpLane } from './http-lane.ts';
import { decodePool, freshEventId, headerMember } from './pool.ts';
import { percentile } from './report.ts';

/** Order for the generator process: the JSON text of this is its only argument. */
export interface GeneratorOrder {
  port: number;
  poolFile: string;
  /** Path and X-Sentry-Auth of each project. */
  targets: { path: string; auth: string }[];
  /** 20 hex digits that no other run uses. */
  run: string;
  /** Events per second; 0: as fast as answers come. */
  rate: number;
  connections: number;
  /** Ends after so many accepted events … */
  events?: number;
  /** … or so many seconds. */
  seconds?: number;
}

/** What it prints, as one line of JSON. */
export interface GeneratorResult {
  accepted: number;
  refused: number;
  broken: number;
  seconds: number;
  p50Ms: number;
  p95Ms: number;
  p99Ms: number;
  /** Events that were sent more than 5 ms after their time, because all connections were busy. */
  late: number;
}

/**
 * Sends events at a fixed rate, whatever the server does: the latency of a request counts from the moment it was due,
 * not from the moment a connection was free (no co-ordinated omission).
 */
async function generate(order: GeneratorOrder): Promise<GeneratorResult> {
  const pool = decodePool(readFileSync(order.poolFile));
  const heads = order.targets.map(({ path, auth }) =>
    Buffer.from(
      `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1:${order.port}\r\nContent-Type: application/x-sentry-envelope\r\nContent-Encoding: gzip\r\nX-Sentry-Auth: ${auth}\r\nContent-Length: `,
    ),
  );
  const latencies: number[] = [];
  const result: GeneratorResult = { accepted: 0, refused: 0, broken: 0, seconds: 0, p50Ms: 0, p95Ms: 0, p99Ms: 0, late: 0 };
  const free = Array.from({ length: order.connections }, () => new HttpLane(order.port));
  const lanes = [...free];
  const due: number[] = [];
  const start = performance.now();
  let started = 0;
  let pausedUntil = 0;
  let at = Math.floor(Math.random() * pool.length);
  const limit = order.events ?? Number.POSITIVE_INFINITY;
  const endAt = order.seconds === undefined ? Number.POSITIVE_INFINITY : start + order.seconds * 1000;

  const send = (lane: HttpLane, dueAt: number): void => {
    at = (at + 1) % pool.length;
    if (performance.now() - dueAt > 5) result.late += 1;
    const body = pool[at] as (typeof pool)[number];
    const member = headerMember(freshEventId(order.run));
    const head = heads[body.project % heads.length] as Buffer;
    const length = Buffer.from(`${member.length + body.member.length}\r\n\r\n`);
    lane.send(Buffer.concat([head, length, member, body.member]), (answer) => {
      if (answer.status === 200) {
        result.accepted += 1;
        latencies.push(performance.now() - dueAt);
      } else if (answer.status === 429 || answer.status === 503) {
        result.refused += 1;
        pausedUntil = performance.now() + Math.max(100, Math.min(1000, answer.retryAfterSeconds * 1000));
      } else result.broken += 1;
      free.push(lane);
    });
  };

  await new Promise<void>((resolve) => {
    const tick = () => {
      const now = performance.now();
      const over = now >= endAt || result.accepted >= limit || result.broken > 10_000;
      if (over) {
        if (free.length === lanes.length || now > endAt + 10_000) return resolve();
      } else if (order.rate === 0) {
        while (free.length > 0 && now >= pausedUntil && result.accepted + lanes.length - free.length < limit)
          send(free.pop() as HttpLane, performance.now());
      } else {
        const shouldHave = Math.min(limit, Math.floor(((now - start) / 1000) * order.rate));
        while (started < shouldHave) due.push(start + (started++ / order.rate) * 1000);
        while (free.length > 0 && due.length > 0) send(free.pop() as HttpLane, due.shift() as number);
      }
      // A rate is kept with timers; full speed goes on as soon as answers have been read.
      if (order.rate === 0 && !over && now >= pausedUntil) setImmediate(tick);
      else setTimeout(tick, 1);
    };
    tick();
  });
  for (const lane of lanes) lane.close();
  result.seconds = (performance.now() - start) / 1000;
  result.p50Ms = percentile(latencies, 0.5);
  result.p95Ms = percentile(latencies, 0.95);
  result.p99Ms = percentile(latencies, 0.99);
  return result;
}

if (process.argv[1] === import.meta.filename) {
  const result = await generate(JSON.parse(process.argv[2] as string) as GeneratorOrder);
  process.stdout.write(`${JSON.stringify(result)}\n`);
}
