import type { DoorAnswer } from '../../doors/door.ts';
import type { IngestRefusal } from '../refusal.ts';

/** The two encodings of a request; its answer has the same (OTLP 1.x, "OTLP/HTTP Response"). */
export type Encoding = 'json' | 'protobuf';
const TYPES: Record<Encoding, string> = { json: 'application/json', protobuf: 'application/x-protobuf' };

/** By `Content-Type`; undefined for anything else. Browsers send JSON as text to avoid a preflight. */
export function encodingOf(contentType: string | undefined): Encoding | undefined {
  const type = (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase();
  if (type === 'application/json' || type === 'text/plain') return 'json';
  return type === 'application/x-protobuf' || type === 'application/protobuf' ? 'protobuf' : undefined;
}

/** What was not taken of a request that was. */
export interface Rejected {
  count: number;
  message: string;
}

/** 200 with an Export…ServiceResponse: empty, or with `partial_success`. `counted`: its field for how many were rejected. */
export function answerExported(encoding: Encoding, counted: string, rejected: Rejected): DoorAnswer {
  const partial = rejected.count > 0;
  if (encoding === 'json') {
    const partialSuccess = { [counted]: String(rejected.count), errorMessage: rejected.message };
    return { status: 200, type: TYPES.json, body: JSON.stringify(partial ? { partialSuccess } : {}) };
  }
  const inner = Buffer.concat([varintField(1, rejected.count), textField(2, rejected.message)]);
  return { status: 200, type: TYPES.protobuf, body: partial ? bytesField(1, inner) : Buffer.alloc(0) };
}

/** google.rpc.Code by HTTP status (https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto). */
const CODES: Readonly<Record<number, number>> = { 400: 3, 401: 16, 403: 7, 408: 4, 413: 3, 415: 3, 429: 8, 503: 14 };
const INTERNAL = 13;

/** A refusal as google.rpc.Status. Exporters try again after 429, 502, 503 and 504, and when they are told (`Retry-After`). */
export function answerStatus(
  encoding: Encoding,
  { status, message, retryAfterSeconds }: Pick<IngestRefusal, 'status' | 'message' | 'retryAfterSeconds'>,
): DoorAnswer {
  const code = CODES[status] ?? INTERNAL;
  const body =
    encoding === 'json' ? JSON.stringify({ code, message }) : Buffer.concat([varintField(1, code), textField(2, message)]);
  const headers = {
    ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
    ...(status === 408 ? { connection: 'close' } : {}),
  };
  return { status, type: TYPES[encoding], body, headers };
}

function varintField(field: number, value: number): Buffer {
  return Buffer.from([field * 8, ...varint(value)]);
}

function textField(field: number, text: string): Buffer {
  return bytesField(field, Buffer.from(text));
}

function bytesField(field: number, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([field * 8 + 2, ...varint(bytes.length)]), bytes]);
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  bytes.push(rest);
  return bytes;
}
