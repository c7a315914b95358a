import { createHash } from 'node:crypto';

/** A script with its debug id in it, and its map with the same one, in step with it. */
export interface Injected {
  debugId: string;
  script: string;
  map: string | undefined;
}

/** Comment by which tools find a script's debug id (TC39 proposal "source map debug ids"). */
const DEBUG_ID = /\n\/\/# debugId=([0-9a-fA-F-]{36})\s*$/;
const DIRECTIVES = /^(?:\s*(?:"use [a-z ]{1,30}"|'use [a-z ]{1,30}');?)+/;

/**
 * Gives a script a debug id: a line at its head by which SDKs learn the id of the file a frame is in, and a comment at its
 * end for tools. The map is moved by that line and gets the same id. The id is made of the content: the same build has the
 * same ids. What has one already is left alone.
 * @param map the text of its source map, if it has one
 * @throws SyntaxError when the map is not JSON
 */
export function injectDebugId(script: string, map: string | undefined): Injected {
  const known = DEBUG_ID.exec(script)?.[1]?.toLowerCase();
  if (known !== undefined) return { debugId: known, script, map: map === undefined ? undefined : markMap(map, known, undefined) };
  const debugId = uuidOf(`${script}\n${map ?? ''}`);
  const hashbang = /^#![^\n]*\n/.exec(script)?.[0] ?? '';
  const body = script.slice(hashbang.length);
  // Directives count only at the head: they are said again before the line, and become mere strings behind it.
  const directives = DIRECTIVES.exec(body)?.[0].trim() ?? '';
  const head = directives === '' ? '' : directives.endsWith(';') ? directives : `${directives};`;
  const line = `${head}!function(){try{var e=globalThis,n=(new e.Error).stack;n&&((e._sentryDebugIds=e._sentryDebugIds||{})[n]="${debugId}")}catch(e){}}();\n`;
  const end = body.endsWith('\n') || body === '' ? '' : '\n';
  return {
    debugId,
    script: `${hashbang}${line}${body}${end}\n//# debugId=${debugId}\n`,
    map: map === undefined ? undefined : markMap(map, debugId, hashbang === '' ? 0 : 1),
  };
}

/** @param insertedAt line of the script before which one was put; undefined: none was */
function markMap(text: string, debugId: string, insertedAt: number | undefined): string {
  const map = JSON.parse(text.startsWith(")]}'") ? text.slice(text.indexOf('\n') + 1) : text) as Record<string, unknown>;
  if (insertedAt !== undefined) moveDown(map, insertedAt);
  return JSON.stringify({ ...map, debug_id: debugId, debugId });
}

function moveDown(map: Record<string, unknown>, insertedAt: number): void {
  if (Array.isArray(map['sections'])) {
    for (const section of map['sections'] as { offset: { line: number } }[])
      if (section.offset.line >= insertedAt) section.offset.line += 1;
    // A section that begins above reaches over the new line: its own mappings move.
    const over = (map['sections'] as { offset: { line: number }; map?: Record<string, unknown> }[]).findLast(
      (section) => section.offset.line < insertedAt,
    );
    if (over?.map !== undefined) moveDown(over.map, insertedAt - over.offset.line);
    return;
  }
  if (typeof map['mappings'] !== 'string') return;
  const lines = map['mappings'].split(';');
  lines.splice(Math.min(insertedAt, lines.length), 0, '');
  map['mappings'] = lines.join(';');
}

/** A UUID (version 8, RFC 9562 §5.8) made of a text. */
function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
