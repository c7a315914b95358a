/**
 * Path the dashboard is served under, with a leading and a trailing slash: `/`, or `/errata/` behind a sub-path. The
 * server writes it into `<base href>`.
 */
export const BASE_PATH: string = new URL('.', document.baseURI).pathname;

/** Absolute address of something of ours: `ownUrl('graphql')`. `protocol: 'ws'` gives the WebSocket form. */
export function ownUrl(path: string, protocol: 'http' | 'ws' = 'http'): string {
  const url = new URL(`${BASE_PATH}${path}`, window.location.origin);
  if (protocol === 'ws') url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return url.toString();
}
