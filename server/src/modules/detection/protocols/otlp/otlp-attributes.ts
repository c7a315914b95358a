import type { Attributes } from './otlp-model.ts';
import { filled, textOf } from './otlp-resource.ts';

type Json = Record<string, unknown>;
const MAX_TAGS = 30;
const MAX_TAG = 200;

/** Attributes that have a place of their own, and those that are no property of an error. Others become tags, if short. */
const PLACED =
  /^(?:exception\.|code\.|url\.|http\.(?:url|target|host|scheme|user_agent|client_ip|request\.header\.|response\.header\.|request_content|response_content)|user_agent\.|user\.|enduser\.|net\.|server\.|client\.|network\.|thread\.id|db\.(?:statement|query)|log\.record\.|otel\.|sentry\.)/;

/** The HTTP request that was being answered. Not for client spans: there the attributes tell of a request that was made. */
export function requestOf(attributes: Attributes): Json {
  const of = (...names: string[]) => textOf(attributes, ...names);
  const headers: [string, string][] = [];
  for (const [name, value] of attributes) {
    if (!name.startsWith('http.request.header.')) continue;
    headers.push([name.slice('http.request.header.'.length), Array.isArray(value) ? value.join(', ') : String(value)]);
  }
  const agent = of('user_agent.original', 'http.user_agent');
  if (agent !== '' && !headers.some(([name]) => name.toLowerCase() === 'user-agent')) headers.push(['User-Agent', agent]);
  const method = of('http.request.method', 'http.method');
  const url = of('url.full', 'http.url') || composedUrl(attributes);
  if (method === '' && url === '') return {};
  return filled({
    method: method === '_OTHER' ? of('http.request.method_original') : method,
    url,
    query_string: of('url.query'),
    headers,
  });
}

function composedUrl(attributes: Attributes): string {
  const of = (...names: string[]) => textOf(attributes, ...names);
  const path = of('url.path', 'http.target');
  if (path === '') return '';
  const host = of('server.address', 'http.host', 'net.host.name', 'http.server_name');
  if (host === '') return path;
  const scheme = of('url.scheme', 'http.scheme') || 'http';
  const port = of('server.port', 'net.host.port');
  const standard = port === '' || host.includes(':') || port === (scheme === 'https' ? '443' : '80');
  return `${scheme}://${host}${standard ? '' : `:${port}`}${path}`;
}

/** The user by the old (`enduser.*`) and the new names. The address is that of the peer of a request that was answered. */
export function userOf(attributes: Attributes, answered: boolean): Json {
  const of = (...names: string[]) => textOf(attributes, ...names);
  return filled({
    id: of('user.id', 'enduser.id', 'user.hash', 'enduser.pseudo.id'),
    email: of('user.email'),
    username: of('user.name'),
    name: of('user.full_name'),
    ip_address: answered ? of('client.address', 'http.client_ip') : '',
  });
}

/** Where a log was written: `code.*`, as the one frame of a stack; undefined when it is not said. */
export function frameOf(attributes: Attributes): Json | undefined {
  const of = (...names: string[]) => textOf(attributes, ...names);
  const name = of('code.function.name', 'code.function');
  const file = of('code.file.path', 'code.filepath');
  if (name === '' && file === '') return undefined;
  return filled({
    function: name,
    module: of('code.namespace'),
    filename: file,
    lineno: attributes.get('code.line.number') ?? attributes.get('code.lineno'),
    colno: attributes.get('code.column.number') ?? attributes.get('code.column'),
  });
}

/** Attributes worth filtering by: short and simple ones, without those that have a place elsewhere. */
export function tagsOf(attributes: Attributes): Json {
  const tags: Json = {};
  let count = 0;
  for (const [name, value] of attributes) {
    if (count >= MAX_TAGS) break;
    if (PLACED.test(name) || name.length > MAX_TAG) continue;
    if (
      typeof value === 'string' ? value === '' || value.length > MAX_TAG : typeof value !== 'number' && typeof value !== 'boolean'
    )
      continue;
    tags[name] = value;
    count++;
  }
  return tags;
}

/** What was being done: a route, a remote call, a message, a function of a cloud; empty if none is named. */
export function operationOf(attributes: Attributes): string {
  const of = (...names: string[]) => textOf(attributes, ...names);
  const route = of('http.route');
  if (route !== '') return `${of('http.request.method', 'http.method')} ${route}`.trim();
  const method = of('rpc.method');
  if (method !== '') return of('rpc.service') === '' ? method : `${of('rpc.service')}/${method}`;
  return of('faas.name', 'graphql.operation.name');
}
