import type { FileHandle } from 'node:fs/promises';
import type { FastifyInstance } from 'fastify';
import { Failure } from '../../../platform/errors.ts';
import type { Authenticate } from '../../../platform/graphql/context.ts';
import { readBearer, readSessionCookie } from '../../../platform/http/cookies.ts';
import type { Actor } from '../../access/actor.ts';
import type { AttachmentRow, AttachmentService } from './attachment.service.ts';
import { rasterType } from './preview.ts';

/**
 * `GET /attachments/<id>`: a file of an event, for whoever may read its project's errors (session cookie or bearer token);
 * 404 for everybody else. What strangers sent is never run: it comes as a download without a type of its own, in a sandbox.
 * With `?inline=1` raster images, known by their bytes, come as such.
 */
export function installAttachmentRoute(
  app: FastifyInstance,
  deps: { attachments: AttachmentService; authenticate: Authenticate<Actor> },
): void {
  app.get<{ Params: { id: string }; Querystring: { inline?: string } }>('/attachments/:id', async (request, reply) => {
    const { actor } = await deps.authenticate({
      cookie: readSessionCookie(request.headers.cookie),
      bearer: readBearer(request.headers.authorization),
      ip: '',
      userAgent: null,
    });
    const row = await deps.attachments.byId(actor, request.params.id);
    const file = row === null ? undefined : await deps.attachments.open(row);
    if (row === null || file === undefined) throw new Failure('NOT_FOUND');
    const image = request.query.inline === '1' ? rasterType(await headOf(file)) : undefined;
    return reply
      .headers({
        'content-type': image ?? 'application/octet-stream',
        'content-disposition': `${image === undefined ? 'attachment' : 'inline'}; ${nameFor(row)}`,
        'content-length': row.sizeBytes,
        'content-security-policy': "sandbox; default-src 'none'",
        'x-content-type-options': 'nosniff',
        // Who signs out, or loses the project, does not find it in a cache.
        'cache-control': 'private, no-store',
      })
      .send(file.createReadStream({ start: 0 }));
  });
}

async function headOf(file: FileHandle): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, 0);
  return buffer.subarray(0, bytesRead);
}

/** RFC 6266: the name in ASCII, and as UTF-8 for those who understand that. */
function nameFor({ filename }: AttachmentRow): string {
  const ascii = filename.replace(/[^\x20-\x7e]|["\\%;]/g, '_');
  const encoded = encodeURIComponent(filename).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return `filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
