import { crc32, gzipSync } from 'node:zlib';
import { EventStream, type LoadShape } from './events.ts';

/** A prepared report: everything of the request body but the event id. */
export interface PooledBody {
  project: number;
  /** gzip member with the item header and the payload. */
  member: Buffer;
}

/**
 * Bodies to be sent again and again, each time under a new event id: the envelope header, which holds the id, is a gzip
 * member of its own in front of the prepared one (RFC 1952 §2.2: members are simply concatenated). So every request is
 * a new event to the server and costs the load generator next to nothing.
 */
export function makePool(shape: LoadShape, size: number): PooledBody[] {
  const stream = new EventStream(shape);
  return Array.from({ length: size }, () => {
    const { project, json } = stream.next();
    const item = `{"type":"event","length":${Buffer.byteLength(json)},"content_type":"application/json"}\n${json}\n`;
    return { project, member: gzipSync(item, { level: 6 }) };
  });
}

/** `[project u8][length u32le][member]…`: read by the Lua script and by the paced generator. */
export function encodePool(pool: readonly PooledBody[]): Buffer {
  const parts: Buffer[] = [];
  for (const { project, member } of pool) {
    const head = Buffer.alloc(5);
    head.writeUInt8(project, 0);
    head.writeUInt32LE(member.length, 1);
    parts.push(head, member);
  }
  return Buffer.concat(parts);
}

/** The inverse of {@link encodePool}. */
export function decodePool(bytes: Buffer): PooledBody[] {
  const pool: PooledBody[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt32LE(at + 1);
    pool.push({ project: bytes.readUInt8(at), member: bytes.subarray(at + 5, at + 5 + length) });
    at += 5 + length;
  }
  return pool;
}

const HEADER_LENGTH = Buffer.byteLength('{"event_id":"0123456789abcdef0123456789abcdef"}\n');

/** The gzip member (stored, not compressed) of an envelope header with this event id. */
export function headerMember(eventId: string): Buffer {
  const text = Buffer.from(`{"event_id":"${eventId}"}\n`);
  const out = Buffer.allocUnsafe(15 + HEADER_LENGTH + 8);
  out.set([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, 1]);
  out.writeUInt16LE(HEADER_LENGTH, 11);
  out.writeUInt16LE(~HEADER_LENGTH & 0xffff, 13);
  text.copy(out, 15);
  out.writeUInt32LE(crc32(text), 15 + HEADER_LENGTH);
  out.writeUInt32LE(HEADER_LENGTH, 19 + HEADER_LENGTH);
  return out;
}

let counter = 0;

/** An event id that no other run and no other process uses. */
export function freshEventId(run: string): string {
  counter += 1;
  return run.slice(0, 20) + counter.toString(16).padStart(12, '0');
}
