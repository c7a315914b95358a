import type { Snippet } from './snippets.ts';

/** Key, project and address of a DSN, for what knows no DSN. `base` has no trailing slash. */
export function dsnAddress(dsn: string): { key: string; projectId: string; base: string } {
  const match = /^(https?:\/\/)([^@:/]+)(?::[^@/]*)?@(.+)\/([^/]+)\/?$/.exec(dsn);
  if (match === null) return { key: '', projectId: '', base: '' };
  return { key: match[2] as string, projectId: match[4] as string, base: `${match[1]}${match[3]}` };
}

/** Ways to report without a Sentry SDK: other products' clients, and plain HTTP. */
export const FOREIGN_SNIPPETS: readonly Snippet[] = [
  {
    id: 'opentelemetry',
    name: 'OpenTelemetry',
    platforms: ['opentelemetry', 'otlp'],
    steps: (dsn) => {
      const { key, base } = dsnAddress(dsn);
      return [
        {
          title: 'Point the exporters of any OpenTelemetry SDK here',
          file: 'environment',
          code: `export OTEL_EXPORTER_OTLP_ENDPOINT=${base}\nexport OTEL_EXPORTER_OTLP_HEADERS=x-errata-key=${key}\nexport OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf\nexport OTEL_METRICS_EXPORTER=none\nexport OTEL_SERVICE_NAME=my-service\nexport OTEL_RESOURCE_ATTRIBUTES=service.version=1.0.0,deployment.environment.name=production`,
        },
        {
          title: 'Or add an exporter to your collector, beside the others',
          file: 'collector.yaml',
          code: `exporters:\n  otlphttp/errata:\n    endpoint: ${base}\n    headers:\n      x-errata-key: ${key}\nservice:\n  pipelines:\n    traces: { receivers: [otlp], exporters: [otlphttp/errata] }\n    logs: { receivers: [otlp], exporters: [otlphttp/errata] }`,
        },
        {
          title: 'Send a first error by hand: recorded exceptions and logs from ERROR on become events',
          file: 'terminal',
          code: `curl '${base}/v1/logs' -H 'x-errata-key: ${key}' -H 'content-type: application/json' -d '{\n  "resourceLogs": [{ "resource": { "attributes": [{ "key": "service.name", "value": { "stringValue": "my-service" } }] },\n    "scopeLogs": [{ "logRecords": [{ "severityNumber": 17, "body": { "stringValue": "First error over OTLP" } }] }] }]\n}'`,
        },
      ];
    },
  },
  {
    id: 'bugsnag',
    name: 'Bugsnag client',
    platforms: ['bugsnag'],
    steps: (dsn) => {
      const { key, base } = dsnAddress(dsn);
      return [
        {
          title: 'Keep the client, change key and endpoints',
          file: 'main.js',
          code: `import Bugsnag from '@bugsnag/js';\n\nBugsnag.start({\n  apiKey: '${key}',\n  endpoints: {\n    notify: '${base}/notify',\n    sessions: '${base}/sessions',\n  },\n});`,
        },
        { title: 'Send a first error', file: 'main.js', code: `Bugsnag.notify(new Error('First error from Bugsnag'));` },
      ];
    },
  },
  {
    id: 'rollbar',
    name: 'Rollbar client',
    platforms: ['rollbar'],
    steps: (dsn) => {
      const { key, base } = dsnAddress(dsn);
      return [
        {
          title: 'Keep the client, change token and endpoint',
          file: 'main.js',
          code: `import Rollbar from 'rollbar';\n\nconst rollbar = new Rollbar({\n  accessToken: '${key}',\n  endpoint: '${base}/api/1/item/',\n  environment: 'production',\n});`,
        },
        { title: 'Send a first error', file: 'main.js', code: `rollbar.error(new Error('First error from Rollbar'));` },
      ];
    },
  },
  {
    id: 'shell',
    name: 'Shell scripts',
    platforms: ['shell', 'bash'],
    steps: (dsn) => {
      const { key, projectId, base } = dsnAddress(dsn);
      return [
        {
          title: 'Report what failed, with its stack trace',
          file: 'terminal',
          code: `export ERRATA_DSN='${dsn}'\nerrata report 'backup failed' --level fatal --tag host="$HOSTNAME"\n./job.py 2> trace.txt || errata report --stack-from-stdin < trace.txt`,
        },
        {
          title: 'Or many at once, with nothing but curl: one JSON object a line',
          file: 'terminal',
          code: `curl '${base}/api/${projectId}/bulk/' -H 'authorization: Bearer ${key}' --data-binary @- <<'END'\n{"type":"FirstError","message":"Hello from curl","level":"error","tags":{"host":"db-3"}}\n{"message":"Only words, a warning","level":"warning"}\nEND`,
        },
      ];
    },
  },
  {
    id: 'graphql',
    name: 'GraphQL',
    platforms: ['graphql'],
    steps: (dsn) => {
      const { projectId, base } = dsnAddress(dsn);
      return [
        {
          title: 'Make an API token with the scope events:write (API tokens in the menu): it can send and do nothing else',
          file: 'terminal',
          code: 'export ERRATA_TOKEN=errata_…',
        },
        {
          title: 'Report up to 1,000 errors at once; each has its own result',
          file: 'terminal',
          code: `curl '${base}/graphql' -H "authorization: Bearer $ERRATA_TOKEN" -H 'content-type: application/json' -d '{\n  "query": "mutation ($input: [ErrorReportInput!]!) { reportErrors(projectId: ${projectId}, input: $input) { ... on ReportedErrors { accepted results { eventId outcome message field } } ... on UserError { code message } } }",\n  "variables": { "input": [{ "type": "FirstError", "message": "Hello from GraphQL", "tags": { "plan": "gold" } }] }\n}'`,
        },
      ];
    },
  },
];
