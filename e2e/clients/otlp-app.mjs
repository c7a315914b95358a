// A program with OpenTelemetry set up as its documentation says; only address and key are ours.
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPLogExporter as LogJson } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPLogExporter as LogProto } from '@opentelemetry/exporter-logs-otlp-proto';
import { OTLPTraceExporter as TraceJson } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as TraceProto } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';

const [url, key, encoding, compression] = process.argv.slice(2);
const options = { headers: { 'x-errata-key': key }, compression };
const resource = resourceFromAttributes({
  'service.name': `shop-${encoding}`,
  'service.version': '1.4.2',
  'deployment.environment.name': 'staging',
  'telemetry.sdk.language': 'nodejs',
});
const TraceExporter = encoding === 'json' ? TraceJson : TraceProto;
const LogExporter = encoding === 'json' ? LogJson : LogProto;
const answers = [];
const told = (exporter) => {
  const send = exporter.export.bind(exporter);
  exporter.export = (items, done) =>
    send(items, (result) => {
      answers.push(result);
      done(result);
    });
  return exporter;
};
const spanProcessor = new BatchSpanProcessor({ exporter: told(new TraceExporter({ ...options, url: `${url}/v1/traces` })) });
const provider = new TracerProvider({ resource, spanProcessors: [spanProcessor] });
const logProcessor = new BatchLogRecordProcessor({ exporter: told(new LogExporter({ ...options, url: `${url}/v1/logs` })) });
const loggerProvider = new LoggerProvider({ resource, processors: [logProcessor] });
const logger = loggerProvider.getLogger('shop.payment');

class PaymentError extends Error {
  name = 'PaymentError';
}
function charge() {
  throw new PaymentError(`card refused by ${encoding}`);
}

const span = provider
  .getTracer('shop')
  .startSpan('POST /checkout', { kind: SpanKind.SERVER, attributes: { 'http.route': '/checkout' } });
span.addEvent('cart loaded', { items: 3 });
try {
  charge();
} catch (error) {
  span.recordException(error);
  span.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
  const { traceId, spanId, traceFlags } = span.spanContext();
  // The same failure, logged as well: one event.
  logger.emit({
    severityNumber: 17,
    severityText: 'ERROR',
    body: 'checkout failed',
    attributes: { 'exception.type': error.name, 'exception.message': error.message, 'exception.stacktrace': error.stack },
    context: trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags }),
  });
}
span.end();
provider.getTracer('shop').startSpan('GET /health').end();
await provider.forceFlush();
logger.emit({ severityNumber: 17, severityText: 'ERROR', body: `queue ${encoding} is full after 7 tries` });
logger.emit({ severityNumber: 9, severityText: 'INFO', body: 'all is well' });
await loggerProvider.forceFlush();
await Promise.all([provider.shutdown(), loggerProvider.shutdown()]);
process.stdout.write(JSON.stringify(answers.map(({ code, error }) => ({ code, error: error?.message }))));
