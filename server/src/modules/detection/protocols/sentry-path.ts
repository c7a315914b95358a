/** An ingestion address, taken apart (protocol reference §1.1). */
export interface IngestPath {
  endpoint: 'envelope' | 'store';
  /** As it stands in the path; undefined for `/api/store/`, where the key names the project. */
  project: string | undefined;
  /** A key as the last path segment. */
  key: string | undefined;
  /** Behind the question mark, undecoded; empty if there is none. */
  query: string;
}

/** For browsers whose ad blockers know the usual addresses; the key comes in the header of the envelope. */
const TUNNEL = /^\/tunnel\/?$/;
const PATTERN = /^\/api\/(?:([^/]{1,64})\/)?(envelope|store)(?:\/([0-9a-fA-F]{32}))?\/?$/;

/**
 * Recognises `/api/<project>/envelope/`, `/api/<project>/store/` and `/api/store/`; undefined for any other address. SDKs
 * have URL bugs: repeated slashes and a missing last one are accepted. `basePath` (the path of the public address) may be
 * there or may have been taken off by a proxy.
 */
export function matchIngestPath(url: string, basePath: string): IngestPath | undefined {
  const mark = url.indexOf('?');
  let path = mark < 0 ? url : url.slice(0, mark);
  if (!path.includes('/api/') && !path.includes('/tunnel')) return undefined;
  if (path.includes('//')) path = path.replace(/\/{2,}/g, '/');
  if (basePath !== '' && path.startsWith(`${basePath}/`)) path = path.slice(basePath.length);
  const query = mark < 0 ? '' : url.slice(mark + 1);
  if (TUNNEL.test(path)) return { endpoint: 'envelope', project: undefined, key: undefined, query };
  const match = PATTERN.exec(path);
  if (match === null) return undefined;
  return {
    endpoint: match[2] as 'envelope' | 'store',
    project: match[1],
    key: match[3],
    query,
  };
}
