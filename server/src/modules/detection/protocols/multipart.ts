import { Busboy, type BusboyConstructor } from '@fastify/busboy';
import type { DoorCall } from '../doors/door.ts';
import type { BodyLimits } from '../receive-body.ts';
import { refusals } from './refusal.ts';
import type { PayloadSink } from './sentry-envelope.ts';

/** A file field of a form, before its bytes. */
export interface FilePart {
  field: string;
  filename: string | undefined;
  contentType: string;
}

const FIELDS = 500;
const FILES = 60;
const FIELD_BYTES = 1024 * 1024;
const ALL_FIELDS_BYTES = 2 * 1024 * 1024;

/**
 * Reads a `multipart/form-data` body while it comes: fields are held (500, 2 MiB in all), files go where `onFile` says;
 * undefined drops one. @throws IngestRefusal `multipart` for a malformed body, and those of the body itself; what sinks
 * took is then theirs to let go of
 */
export async function readMultipart(
  call: Pick<DoorCall, 'headers' | 'stream'>,
  limits: BodyLimits,
  onFile: (part: FilePart) => PayloadSink | undefined,
): Promise<[name: string, value: string][]> {
  const contentType = call.headers['content-type'];
  if (contentType === undefined || !/^multipart\/form-data/i.test(contentType))
    throw refusals.multipart('no multipart/form-data');
  const fields: [string, string][] = [];
  let fieldBytes = 0;
  let fault: string | undefined;
  const parser = open(contentType);
  parser.on('field', (name, value) => {
    fieldBytes += (name?.length ?? 0) + value.length;
    if (name && name.length <= 1_000 && fieldBytes <= ALL_FIELDS_BYTES) fields.push([name, value]);
  });
  parser.on('file', (field, stream, filename, _encoding, mime) => {
    const sink = onFile({ field: field ?? '', filename, contentType: mime });
    stream.on('error', (error: Error) => (fault ??= error.message));
    if (sink === undefined) stream.resume();
    else stream.on('data', (chunk: Buffer) => sink.write(chunk));
  });
  const finished = new Promise<void>((resolve) => {
    parser.once('finish', resolve);
    parser.once('close', resolve);
    parser.once('error', (error: unknown) => {
      fault ??= error instanceof Error ? error.message : String(error);
      resolve();
    });
  });
  await call.stream((chunk) => {
    if (fault !== undefined) throw refusals.multipart(fault);
    parser.write(chunk);
  }, limits);
  parser.end();
  await finished;
  if (fault !== undefined) throw refusals.multipart(fault);
  return fields;
}

function open(contentType: string): InstanceType<BusboyConstructor> {
  try {
    return new Busboy({
      headers: { 'content-type': contentType },
      fileHwm: 1024 * 1024,
      limits: {
        fields: FIELDS,
        files: FILES,
        parts: FIELDS + FILES,
        fieldSize: FIELD_BYTES,
        headerPairs: 50,
        headerSize: 16_384,
      },
    });
  } catch (error) {
    throw refusals.multipart(error instanceof Error ? error.message : String(error));
  }
}
