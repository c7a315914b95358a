import { Busboy, type BusboyConstructor } from '@fastify/busboy';
import type { DoorCall } from '../doors/door.ts';
import type { BodyLimits } from '../receive-body.ts';
import { IngestRefusal, refusals } from './refusal.ts';
import type { PayloadSink } from './sentry-envelope.ts';

/** A file field of a form, before its bytes. */
export interface FilePart {
  field: string;
  filename: string | undefined;
  contentType: string;
}

/** What a form holds besides the files that went where they were told to. */
export interface Form {
  fields: [name: string, value: string][];
  /** Fields that were cut or dropped, because there are too many of them or they are too large. */
  lostFields: number;
  /** Parts that are neither field nor file, because they have no name or no headers. */
  strayParts: number;
}

const FIELDS = 500;
const FIELD_BYTES = 1024 * 1024;
const ALL_FIELDS_BYTES = 2 * 1024 * 1024;
/** Fields and files together. What a door takes of them is less; a form of more is refused, since each costs time. */
const PARTS = 5_000;

/**
 * Reads a `multipart/form-data` body while it comes: fields are held (500, 2 MiB in all), each file goes where `onFile`
 * says. Nothing is passed over unsaid (law a).
 * @throws IngestRefusal `multipart` for a malformed body, 413 `too_many`, and those of the body itself; what sinks took is
 *   then theirs to let go of
 */
export async function readMultipart(
  call: Pick<DoorCall, 'headers' | 'stream'>,
  limits: BodyLimits,
  onFile: (part: FilePart) => PayloadSink,
): Promise<Form> {
  const contentType = call.headers['content-type'];
  if (contentType === undefined || !/^multipart\/form-data/i.test(contentType))
    throw refusals.multipart('no multipart/form-data');
  const form: Form = { fields: [], lostFields: 0, strayParts: 0 };
  let fieldBytes = 0;
  let refusal: IngestRefusal | undefined;
  const fail = (error: unknown) => {
    refusal ??=
      error instanceof IngestRefusal ? error : refusals.multipart(error instanceof Error ? error.message : String(error));
  };
  const parser = open(contentType);
  onEachPart(parser, () => {
    form.strayParts += 1; // until it shows what it is
  });
  parser.on('partsLimit', () => fail(refusals.tooMany('parts in a form', PARTS)));
  parser.on('field', (name, value, _nameCut, valueCut) => {
    form.strayParts -= 1;
    fieldBytes += (name?.length ?? 0) + value.length;
    const fits = form.fields.length < FIELDS && fieldBytes <= ALL_FIELDS_BYTES;
    if (name && name.length <= 1_000 && fits) form.fields.push([name, value]);
    if (!name || name.length > 1_000 || !fits || valueCut) form.lostFields += 1;
  });
  parser.on('file', (field, stream, filename, _encoding, mime) => {
    form.strayParts -= 1;
    const sink = onFile({ field: field ?? '', filename, contentType: mime });
    stream.on('error', fail);
    stream.on('data', (chunk: Buffer) => sink.write(chunk));
  });
  const finished = new Promise<void>((resolve) => {
    parser.once('finish', resolve);
    parser.once('close', resolve);
    parser.once('error', (error: unknown) => {
      fail(error);
      resolve();
    });
  });
  await call.stream((chunk) => {
    if (refusal !== undefined) throw refusal;
    parser.write(chunk);
  }, limits);
  parser.end();
  await finished;
  if (refusal !== undefined) throw refusal;
  return form;
}

function open(contentType: string): InstanceType<BusboyConstructor> {
  try {
    return new Busboy({
      headers: { 'content-type': contentType },
      fileHwm: 1024 * 1024,
      limits: { parts: PARTS, fieldSize: FIELD_BYTES, headerPairs: 50, headerSize: 16_384 },
    });
  } catch (error) {
    throw refusals.multipart(error instanceof Error ? error.message : String(error));
  }
}

/** The parser tells of fields and files only; what is neither it skips in silence. Its own parser tells of every part. */
function onEachPart(parser: object, listener: () => void): void {
  const inner = (parser as { _parser?: { parser?: { on(event: 'part', listener: () => void): void } } })._parser?.parser;
  if (inner === undefined) throw new Error('the parser of forms is not the one this was written for');
  inner.on('part', listener);
}
