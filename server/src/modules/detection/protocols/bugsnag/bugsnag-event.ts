import { filled, idOf, listOf, objectOf, textOf } from '../compat.ts';

type Json = Record<string, unknown>;
const MAX_LIST = 200;

/** Bugsnag's word for what threw (exception type, else notifier) → Sentry's platform. */
const PLATFORMS: Readonly<Record<string, string>> = {
  nodejs: 'node',
  browserjs: 'javascript',
  reactnativejs: 'javascript',
  electronnodejs: 'node',
  electronrendererjs: 'javascript',
  android: 'java',
  java: 'java',
  cocoa: 'cocoa',
  c: 'native',
  csharp: 'csharp',
  dart: 'dart',
  python: 'python',
  ruby: 'ruby',
  php: 'php',
  go: 'go',
};
const NOTIFIERS: readonly [RegExp, string][] = [
  [/python/i, 'python'],
  [/ruby/i, 'ruby'],
  [/php|laravel|symfony|wordpress/i, 'php'],
  [/\bgo\b/i, 'go'],
  [/java/i, 'java'],
  [/\.net|unity/i, 'csharp'],
];
/** Tabs of metadata that have a place of their own here. */
const PLACED = new Set(['app', 'device', 'user', 'request', 'session']);

/**
 * One event of Bugsnag's error reporting API (payload versions 4 and 5, https://bugsnagerrorreportingapi.docs.apiary.io) → the
 * shape of a Sentry event. Left out: severity reasons beyond their name, projectPackages, stack frames' native addresses.
 */
export function eventOfBugsnag(event: Json, notifier: Json): Json {
  const app = objectOf(event['app']);
  const device = objectOf(event['device']);
  const { platform, values } = exceptionsOf(event, notifier);
  const time = textOf(device['time']);
  const grouping = textOf(event['groupingHash']);
  return filled({
    event_id: time === undefined ? undefined : idOf(['bugsnag', event]),
    timestamp: time,
    platform,
    level: textOf(event['severity']),
    exception: { values },
    threads: threadsOf(event),
    transaction: textOf(event['context']),
    release: textOf(app['version']),
    dist: textOf(app['versionCode']) ?? textOf(app['bundleVersion']) ?? textOf(app['codeBundleId']),
    environment: textOf(app['releaseStage']) ?? textOf(event['releaseStage']), // Bugsnag's Python client puts it beside `app`
    server_name: textOf(device['hostname']),
    fingerprint: grouping === undefined ? undefined : [grouping],
    user: event['user'],
    request: requestOf(objectOf(event['request'])),
    breadcrumbs: listOf(event['breadcrumbs']).slice(-MAX_LIST).map(breadcrumbOf),
    tags: filled({
      'app.type': textOf(app['type']),
      'severity.reason': textOf(objectOf(event['severityReason'])['type']),
    }),
    contexts: contextsOf(event, app, device),
    extra: { ...objectOf(objectOf(event['metaData'])['custom']) },
    sdk: filled({ name: textOf(notifier['name']), version: textOf(notifier['version']) }),
  });
}

/** What was thrown comes first at Bugsnag, last at Sentry; so do the frames nearest to the crash. */
function exceptionsOf(event: Json, notifier: Json): { platform: string; values: Json[] } {
  const raw = listOf(event['exceptions']).slice(0, MAX_LIST).map(objectOf);
  const thrown = raw[0];
  // Where nothing at all is its own (ES modules with Bugsnag's client for Node 9), the client did not know: we find out.
  const knows = raw.some(({ stacktrace }) => listOf(stacktrace).some((frame) => objectOf(frame)['inProject'] === true));
  const unhandled = event['unhandled'] === true;
  const values = raw.map((exception, i) =>
    filled({
      type: textOf(exception['errorClass']) ?? 'Error',
      value: textOf(exception['message']) ?? textOf(exception['errorMessage']),
      stacktrace: { frames: framesOf(exception['stacktrace'], knows) },
      mechanism:
        i === 0
          ? { type: textOf(objectOf(event['severityReason'])['type']) ?? 'generic', handled: !unhandled }
          : { type: 'chained', exception_id: i, parent_id: i - 1 },
    }),
  );
  const type = textOf(thrown?.['type'])?.toLowerCase() ?? '';
  const name = textOf(notifier['name']) ?? '';
  const platform = PLATFORMS[type] ?? NOTIFIERS.find(([pattern]) => pattern.test(name))?.[1] ?? 'other';
  return { platform, values: values.reverse() };
}

function framesOf(stacktrace: unknown, knows: boolean): Json[] {
  return listOf(stacktrace)
    .slice(0, MAX_LIST)
    .map((frame) => frameOf(objectOf(frame), knows))
    .reverse();
}

function frameOf(frame: Json, knows: boolean): Json {
  const line = frame['lineNumber'];
  const own = frame['inProject'];
  return filled({
    function: textOf(frame['method']),
    filename: textOf(frame['file'])?.replace(/^async /, ''),
    lineno: line,
    colno: frame['columnNumber'],
    in_app: knows && typeof own === 'boolean' ? own : undefined,
    ...sourceOf(objectOf(frame['code']), Number(line)),
  });
}

/** `code`: lines by their number. */
function sourceOf(code: Json, line: number): Json {
  const lines = Object.entries(code)
    .map(([number, text]) => [Number(number), String(text)] as const)
    .filter(([number]) => Number.isInteger(number))
    .sort(([a], [b]) => a - b);
  const at = lines.findIndex(([number]) => number === line);
  if (at < 0) return {};
  return {
    context_line: lines[at]?.[1],
    pre_context: lines.slice(0, at).map(([, text]) => text),
    post_context: lines.slice(at + 1).map(([, text]) => text),
  };
}

function threadsOf(event: Json): Json | undefined {
  const threads = listOf(event['threads']).slice(0, MAX_LIST).map(objectOf);
  if (threads.length === 0) return undefined;
  return {
    values: threads.map((thread) => ({
      id: thread['id'],
      name: thread['name'],
      current: thread['errorReportingThread'] === true,
      crashed: thread['errorReportingThread'] === true && event['unhandled'] === true,
      stacktrace: { frames: framesOf(thread['stacktrace'], true) },
    })),
  };
}

function requestOf(request: Json): Json {
  const { url, httpMethod, method, headers, body, params, query, clientIp, ...rest } = request;
  return filled({
    url,
    method: httpMethod ?? method,
    headers,
    query_string: query,
    data: body ?? params,
    env: filled({ REMOTE_ADDR: clientIp, ...rest }),
  });
}

function breadcrumbOf(value: unknown): Json {
  const crumb = objectOf(value);
  const type = textOf(crumb['type']);
  return filled({
    timestamp: crumb['timestamp'],
    category: type,
    type: type === 'error' ? 'error' : type === 'request' ? 'http' : type === 'navigation' ? 'navigation' : undefined,
    message: crumb['name'] ?? crumb['message'],
    data: crumb['metaData'],
  });
}

function contextsOf(event: Json, app: Json, device: Json): Json {
  const { custom: _, ...metadata } = objectOf(event['metaData']);
  const versions = objectOf(device['runtimeVersions']);
  const [runtime] = Object.entries(versions).filter(([name]) => name !== 'osBuild' && name !== 'androidApiLevel');
  const { traceId, spanId } = objectOf(event['correlation']);
  const own = Object.entries(metadata).map(([tab, value]): [string, unknown] => [
    PLACED.has(tab) ? `${tab} metadata` : tab,
    value,
  ]);
  const flags = listOf(event['featureFlags']).slice(0, MAX_LIST).map(objectOf);
  return filled({
    ...Object.fromEntries(own.map(([tab, value]) => [tab, typeof value === 'object' ? value : { value }])),
    app: filled({
      app_name: app['name'],
      app_identifier: app['id'],
      app_version: app['version'],
      app_duration_ms: app['duration'],
      type: app['type'],
    }),
    os: filled({ name: device['osName'], version: device['osVersion'], build: versions['osBuild'] }),
    runtime: runtime === undefined ? {} : { name: runtime[0], version: String(runtime[1]) },
    device: filled({
      model: device['model'] ?? device['modelNumber'],
      manufacturer: device['manufacturer'],
      arch: device['cpuAbi'] === undefined ? undefined : listOf(device['cpuAbi']).join(', '),
      memory_size: device['totalMemory'],
      free_memory: device['freeMemory'],
      orientation: device['orientation'],
      locale: device['locale'],
    }),
    browser: filled({ name: device['browserName'], version: device['browserVersion'] }),
    trace: filled({ trace_id: traceId, span_id: spanId }),
    flags:
      flags.length === 0
        ? {}
        : { values: flags.map(({ featureFlag, variant }) => ({ flag: featureFlag, result: variant ?? true })) },
    // Not `session`: what is called so is scrubbed, and here it holds no secret.
    'app run': objectOf(event['session']),
  });
}
