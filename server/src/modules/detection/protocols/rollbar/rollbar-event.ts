import { readEventId } from '../../normalize.ts';
import { filled, idOf, listOf, objectOf, textOf } from '../compat.ts';
import { exceptionOfText } from '../stack-text.ts';

type Json = Record<string, unknown>;
const MAX_LIST = 200;

/** Rollbar's `platform`, then `language` → Sentry's platform. */
const PLATFORMS: Readonly<Record<string, string>> = {
  browser: 'javascript',
  client: 'javascript',
  'node-js': 'node',
  node: 'node',
  python: 'python',
  ruby: 'ruby',
  php: 'php',
  java: 'java',
  kotlin: 'java',
  android: 'java',
  go: 'go',
  'c#': 'csharp',
  dotnet: 'csharp',
  ios: 'cocoa',
  swift: 'cocoa',
  dart: 'dart',
  flutter: 'dart',
  javascript: 'javascript',
};

/**
 * One item of Rollbar's API (https://docs.rollbar.com/reference/create-item) → the shape of a Sentry event; undefined when its
 * body is none of trace, trace_chain, message and crash_report.
 */
export function eventOfRollbar(data: Json): Json | undefined {
  const body = objectOf(data['body']);
  const platform = platformOf(data);
  const server = objectOf(data['server']);
  const said = saidBy(body, platform, textOf(server['root']));
  if (said === undefined) return undefined;
  const client = objectOf(data['client']);
  const javascript = objectOf(client['javascript']);
  const { extra, ...rest } = said;
  const custom = objectOf(data['custom'] ?? body['custom']);
  const time = textOf(data['timestamp']);
  const fingerprint = textOf(data['fingerprint']);
  return filled({
    platform,
    ...rest,
    event_id: readEventId(data['uuid']) ?? (time === undefined ? undefined : idOf(['rollbar', data])),
    timestamp: typeof data['timestamp'] === 'number' ? data['timestamp'] : time,
    level: textOf(data['level']),
    environment: textOf(data['environment']),
    release: textOf(data['code_version']) ?? textOf(server['code_version']) ?? textOf(javascript['code_version']),
    server_name: textOf(server['host']),
    transaction: textOf(data['context']),
    fingerprint: fingerprint === undefined ? undefined : [fingerprint],
    user: userOf(data),
    request: requestOf(objectOf(data['request'])),
    breadcrumbs: listOf(body['telemetry']).slice(-MAX_LIST).map(breadcrumbOf),
    tags: filled({
      title: textOf(data['title']),
      framework: textOf(data['framework']),
      'server.branch': textOf(server['branch']),
    }),
    extra: { ...(extra as Json | undefined), ...custom },
    contexts: contextsOf(server, client, javascript),
    sdk: filled({ name: textOf(objectOf(data['notifier'])['name']), version: textOf(objectOf(data['notifier'])['version']) }),
  });
}

function platformOf(data: Json): string {
  const words = [data['platform'], data['framework'], data['language']].map((word) => textOf(word)?.toLowerCase() ?? '');
  // Some clients add the version: `python 3.11.7`.
  for (const word of words.flatMap((one) => [one, one.split(' ')[0] as string]))
    if (PLATFORMS[word] !== undefined) return PLATFORMS[word];
  return 'other';
}

function saidBy(body: Json, platform: string, root: string | undefined): Json | undefined {
  const chain = listOf(body['trace_chain']).slice(0, MAX_LIST).map(objectOf);
  const traces = chain.length > 0 ? chain : body['trace'] === undefined ? [] : [objectOf(body['trace'])];
  // What was thrown comes first at Rollbar, last at Sentry.
  if (traces.length > 0) return { exception: { values: traces.map((trace, i) => exceptionOf(trace, i, root)).reverse() } };
  if (body['message'] !== undefined) {
    const { body: text, ...extra } = objectOf(body['message']);
    return { message: textOf(text) ?? textOf(body['message']), extra };
  }
  const report = textOf(objectOf(body['crash_report'])['raw']);
  if (report === undefined) return undefined;
  const parsed = exceptionOfText(report, platform);
  return parsed === undefined ? { message: report } : { ...parsed };
}

function exceptionOf(trace: Json, i: number, root: string | undefined): Json {
  const exception = objectOf(trace['exception']);
  const description = textOf(exception['description']);
  const message = textOf(exception['message']);
  return filled({
    type: textOf(exception['class']) ?? 'Error',
    value: message ?? description,
    stacktrace: {
      frames: listOf(trace['frames'])
        .slice(-MAX_LIST)
        .map((frame) => frameOf(frame, root)),
    },
    mechanism: i === 0 ? { type: 'generic' } : { type: 'chained', exception_id: i, parent_id: i - 1 },
  });
}

/** Frames stand as at Sentry: what was called last comes last. */
function frameOf(value: unknown, root: string | undefined): Json {
  const frame = objectOf(value);
  const context = objectOf(frame['context']);
  const path = textOf(frame['filename']);
  return filled({
    function: textOf(frame['method']),
    module: textOf(frame['class_name']),
    filename: path === undefined ? undefined : belowRoot(path, root),
    abs_path: path,
    lineno: frame['lineno'],
    colno: frame['colno'],
    context_line: textOf(frame['code']),
    pre_context: context['pre'],
    post_context: context['post'],
    vars: frame['locals'],
  });
}

/** File names of servers are whole paths; where the server says what it runs from, the rest names the file on any machine. */
function belowRoot(path: string, root: string | undefined): string {
  const folder = root === undefined || /[/\\]$/.test(root) ? root : `${root}${root.includes('\\') ? '\\' : '/'}`;
  return folder !== undefined && folder.length > 1 && path.startsWith(folder) ? path.slice(folder.length) : path;
}

function userOf(data: Json): Json {
  const { id, username, email, ...rest } = objectOf(data['person']);
  const address = textOf(objectOf(data['request'])['user_ip']);
  return filled({ id, username, email, ip_address: address === '$remote_ip' ? '{{auto}}' : address, data: rest });
}

function requestOf(request: Json): Json {
  const { url, method, headers, body, query_string, GET, POST, params, user_ip: _, ...rest } = request;
  return filled({
    url,
    method,
    headers,
    query_string: query_string ?? GET,
    data: body ?? POST,
    env: filled({ params, ...rest }),
  });
}

/** Telemetry: what a client noted before. Times are milliseconds. */
function breadcrumbOf(value: unknown): Json {
  const crumb = objectOf(value);
  const body = objectOf(crumb['body']);
  const type = textOf(crumb['type']);
  const { message, ...data } = body;
  return filled({
    timestamp: crumb['timestamp_ms'],
    category: type,
    type: type === 'network' ? 'http' : type === 'navigation' ? 'navigation' : type === 'error' ? 'error' : undefined,
    level: crumb['level'],
    message: textOf(message) ?? [body['method'], body['url'], body['status_code']].filter(Boolean).join(' '),
    data,
  });
}

function contextsOf(server: Json, client: Json, javascript: Json): Json {
  const { host: _, branch: __, code_version: ___, ...restOfServer } = server;
  const { javascript: ____, ...restOfClient } = client;
  return filled({
    server: restOfServer,
    client: restOfClient,
    'client javascript': javascript,
  });
}
