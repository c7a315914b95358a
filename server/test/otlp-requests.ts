/** OTLP requests as an instrumented program sends them, for tests. */
const TRACE = '5b8efff798038103d269b633813fc60c';
const SPAN = 'eee19b7ec3c1b174';
const text = (key: string, value: string) => ({ key, value: { stringValue: value } });
const whole = (key: string, value: number) => ({ key, value: { intValue: String(value) } });

export const STACK = `PaymentError: card refused
    at charge (/srv/shop/src/payment.js:41:11)
    at async checkout (/srv/shop/src/checkout.js:12:5)
    at processTicksAndRejections (node:internal/process/task_queues:105:5)`;

export const RESOURCE = {
  attributes: [
    text('service.name', 'shop'),
    text('service.version', '1.4.2'),
    text('deployment.environment.name', 'production'),
    text('host.name', 'web-1'),
    text('telemetry.sdk.name', 'opentelemetry'),
    text('telemetry.sdk.language', 'nodejs'),
    text('telemetry.sdk.version', '3.1.0'),
    text('process.runtime.name', 'nodejs'),
    text('process.runtime.version', '24.1.0'),
    text('os.type', 'linux'),
    text('os.version', '6.1'),
    text('k8s.pod.name', 'shop-7d9'),
    { key: 'process.command_args', value: { arrayValue: { values: [{ stringValue: 'node' }, { stringValue: 'app.js' }] } } },
  ],
};

export const exceptionAttributes = (message = 'card refused') => [
  text('exception.type', 'PaymentError'),
  text('exception.message', message),
  text('exception.stacktrace', STACK),
];

/** A server span with an exception among its events, and one without. */
export function traces(
  spans: object[] = [failedSpan(), { traceId: TRACE, spanId: '1111111111111111', name: 'GET /health', kind: 2 }],
) {
  return {
    resourceSpans: [
      { resource: RESOURCE, scopeSpans: [{ scope: { name: '@opentelemetry/instrumentation-http', version: '0.3' }, spans }] },
    ],
  };
}

export function failedSpan(more: object = {}) {
  return {
    traceId: TRACE,
    spanId: SPAN,
    parentSpanId: 'aaa19b7ec3c1b174',
    name: 'POST /checkout',
    kind: 2,
    startTimeUnixNano: '1795348800000000000',
    endTimeUnixNano: '1795348800500000000',
    attributes: [
      text('http.request.method', 'POST'),
      text('http.route', '/checkout/:id'),
      text('url.scheme', 'https'),
      text('server.address', 'shop.example.com'),
      text('url.path', '/checkout/7'),
      text('url.query', 'a=b'),
      whole('http.response.status_code', 500),
      text('user_agent.original', 'curl/8'),
      text('enduser.id', 'u-7'),
      text('client.address', '203.0.113.9'),
      { key: 'http.request.header.accept', value: { arrayValue: { values: [{ stringValue: 'text/html' }] } } },
    ],
    events: [
      { timeUnixNano: '1795348800100000000', name: 'cart loaded', attributes: [whole('items', 3)] },
      { timeUnixNano: '1795348800250000000', name: 'exception', attributes: exceptionAttributes() },
    ],
    status: { code: 2, message: 'card refused' },
    ...more,
  };
}

/** The same exception, logged; an error that is only a message; and one line that is no error. */
export function logs(records: object[] = [loggedException(), errorLog(), infoLog()]) {
  return { resourceLogs: [{ resource: RESOURCE, scopeLogs: [{ scope: { name: 'shop.payment' }, logRecords: records }] }] };
}

export const loggedException = (more: object = {}) => ({
  timeUnixNano: '1795348800260000000',
  observedTimeUnixNano: '1795348800261000000',
  severityNumber: 17,
  severityText: 'ERROR',
  body: { stringValue: 'checkout failed' },
  attributes: exceptionAttributes(),
  traceId: TRACE,
  spanId: SPAN,
  ...more,
});

export const errorLog = (more: object = {}) => ({
  timeUnixNano: '1795348801000000000',
  severityNumber: 21,
  severityText: 'FATAL',
  body: { stringValue: 'cannot reach db-3 after 5 tries' },
  attributes: [
    text('code.function.name', 'connect'),
    text('code.file.path', '/srv/shop/src/db.js'),
    whole('code.line.number', 9),
    whole('tries', 5),
  ],
  ...more,
});

export const infoLog = () => ({
  timeUnixNano: '1795348801000000000',
  severityNumber: 9,
  severityText: 'INFO',
  body: { stringValue: 'started' },
});

export const metrics = () => ({
  resourceMetrics: [
    { resource: RESOURCE, scopeMetrics: [{ scope: { name: 'm' }, metrics: [{ name: 'requests' }, { name: 'errors' }] }] },
  ],
});
