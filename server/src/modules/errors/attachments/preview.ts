import type { AttachmentRow } from './attachment.service.ts';

/** How the dashboard may show a file. */
export const PREVIEWS = ['IMAGE', 'TEXT', 'JSON', 'VIEW_HIERARCHY', 'NONE'] as const;
export type Preview = (typeof PREVIEWS)[number];

const TEXT_NAME = /\.(?:txt|log|csv|tsv|md|xml|ya?ml|ini|conf|html?|js|ts|css|sql|sh|py|java|rb|go|rs)$/i;

/** What a client says a file is decides how it may be shown, never how it is served. */
export function previewOf({ type, contentType, filename }: Pick<AttachmentRow, 'type' | 'contentType' | 'filename'>): Preview {
  if (type === 'event.view_hierarchy') return 'VIEW_HIERARCHY';
  if (type === 'event.minidump') return 'NONE';
  if (/^image\/(?:png|jpeg|gif|webp)$/.test(contentType) || /\.(?:png|jpe?g|gif|webp)$/i.test(filename)) return 'IMAGE';
  if (/[/+]json$/.test(contentType) || /\.json$/i.test(filename)) return 'JSON';
  if (contentType.startsWith('text/') || TEXT_NAME.test(filename)) return 'TEXT';
  return 'NONE';
}

/** Content type of a raster image by its first bytes; undefined for everything else, SVG included. */
export function rasterType(head: Buffer): string | undefined {
  if (head.length >= 8 && head.readUInt32BE(0) === 0x89504e47 && head.readUInt32BE(4) === 0x0d0a1a0a) return 'image/png';
  if (head.length >= 3 && head.readUIntBE(0, 3) === 0xffd8ff) return 'image/jpeg';
  const text = head.toString('latin1', 0, 12);
  if (text.startsWith('GIF87a') || text.startsWith('GIF89a')) return 'image/gif';
  if (text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP') return 'image/webp';
  return undefined;
}
