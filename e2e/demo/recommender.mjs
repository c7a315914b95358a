// A service that knows only OpenTelemetry: what fails is recorded in its span and, as often, in a log as well.
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { at, pastTimes, playedNow, SHAPES } from './past.mjs';
import { below, chance, customers, endWithParent, pick, sleep, weighted } from './people.mjs';

const dsn = new URL(process.env.SENTRY_DSN);
const options = { headers: { 'x-errata-key': dsn.username } };
const resource = resourceFromAttributes({
  'service.name': 'recommender',
  'service.version': '0.9.3',
  'deployment.environment.name': 'production',
  'host.name': `recommender-${below(2)}`,
  'telemetry.sdk.language': 'nodejs',
  'telemetry.sdk.name': 'opentelemetry',
  'telemetry.sdk.version': '3.1.0',
  'process.runtime.name': 'nodejs',
  'process.runtime.version': process.versions.node,
});
const traces = new TracerProvider({
  resource,
  spanProcessors: [
    new BatchSpanProcessor({
      exporter: new OTLPTraceExporter({ ...options, url: `${process.env.DEMO_URL}/v1/traces` }),
      maxQueueSize: 4000,
    }),
  ],
});
const logs = new LoggerProvider({
  resource,
  processors: [
    new BatchLogRecordProcessor({
      exporter: new OTLPLogExporter({ ...options, url: `${process.env.DEMO_URL}/v1/logs` }),
      maxQueueSize: 4000,
    }),
  ],
});
const tracer = traces.getTracer('recommender', '0.9.3');
const logger = logs.getLogger('recommender.model');

class ModelError extends Error {
  name = 'ModelError';
}

function scoreItems(items) {
  const scores = items.map((item) => item.embedding.reduce((sum, part) => sum + part, 0));
  if (scores.some(Number.isNaN)) throw new ModelError(`score of item ${items[0].id} is not a number`);
  return scores;
}

function loadModel(region) {
  throw new Error(`cannot load model for ${region}`, { cause: new RangeError(`shard ${below(9)} is out of range`) });
}

/** What a visit may go wrong with, and how often. */
const visit = () =>
  weighted([
    [60, () => undefined],
    [5, () => scoreItems([{ id: 1000 + below(9000) }])],
    [3, () => scoreItems([{ id: 1000 + below(9000), embedding: [Number.NaN] }])],
    [2, () => loadModel(pick(['eu-west-1', 'us-east-1']))],
  ])();

function serve() {
  const when = playedNow();
  const customer = pick(customers);
  const span = tracer.startSpan('GET /recommendations/:customer', {
    kind: SpanKind.SERVER,
    startTime: when,
    attributes: {
      'http.request.method': 'GET',
      'http.route': '/recommendations/:customer',
      'url.scheme': 'https',
      'url.path': `/recommendations/${customer.id}`,
      'server.address': 'recommender.example.com',
      'enduser.id': customer.id,
      'client.address': customer.ip_address,
    },
  });
  span.addEvent('features loaded', { count: below(200) }, when + 3);
  let wentWell = true;
  try {
    visit();
  } catch (error) {
    wentWell = false;
    span.recordException(error, when + 8);
    span.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
    if (chance(0.5)) logFailure(error, span.spanContext(), when + 9);
  }
  span.end(when + 12);
  if (chance(0.02))
    note(when, 17, 'ERROR', `cache of ${pick(['popular', 'similar', 'recent'])} items is older than ${10 + below(50)} minutes`);
  if (chance(0.2)) note(when, 9, 'INFO', 'model refreshed');
  return wentWell;
}

function logFailure(error, spanContext, timestamp) {
  logger.emit({
    timestamp,
    severityNumber: 17,
    severityText: 'ERROR',
    body: 'no recommendations, answered with the popular ones',
    attributes: { 'exception.type': error.name, 'exception.message': error.message, 'exception.stacktrace': error.stack },
    context: trace.setSpanContext(ROOT_CONTEXT, spanContext),
  });
}

function note(timestamp, severityNumber, severityText, body) {
  logger.emit({ timestamp, severityNumber, severityText, body });
}

endWithParent();
if (process.env.DEMO_LOOK_BACK) {
  const times = [...pastTimes(3000), ...pastTimes(500, SHAPES.growing)].sort((a, b) => a - b);
  for (const [i, ms] of times.entries()) {
    at.run(ms, serve);
    if (i % 500 === 499) await Promise.all([traces.forceFlush(), logs.forceFlush()]);
  }
  await Promise.all([traces.forceFlush(), logs.forceFlush()]);
}
process.send?.('ready');

while (serve()); // until the first failure: whoever opens the project finds one
for (;;) {
  serve();
  await sleep(600 + below(1500));
}
