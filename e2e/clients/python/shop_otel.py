"""OpenTelemetry's SDK for Python, configured by its environment variables alone."""

import logging

from opentelemetry import trace
from opentelemetry._logs import set_logger_provider
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk._logs import LoggerProvider, LoggingHandler
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

traces = TracerProvider()
traces.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
trace.set_tracer_provider(traces)
logs = LoggerProvider()
logs.add_log_record_processor(BatchLogRecordProcessor(OTLPLogExporter()))
set_logger_provider(logs)
logging.getLogger().addHandler(LoggingHandler(level=logging.INFO, logger_provider=logs))
log = logging.getLogger("shop.orders")
log.setLevel(logging.INFO)


def charge(order):
    return order["card"]["number"]


def checkout(order_id):
    try:
        charge({"id": order_id})
    except KeyError as error:
        raise RuntimeError(f"order {order_id} cannot be paid") from error


tracer = trace.get_tracer("shop")
try:
    with tracer.start_as_current_span("POST /checkout") as span:
        span.set_attribute("http.request.method", "POST")
        span.set_attribute("user.id", "7")
        span.add_event("cart loaded", {"items": 3})
        checkout(4711)
except RuntimeError:
    pass
try:
    with tracer.start_as_current_span("POST /refund"):
        try:
            charge({"id": 4712})
        except KeyError:
            log.exception("could not refund %s", 4712)
            raise
except KeyError:
    pass
log.info("stock of %s is low", "tea")
log.error("printer %s is on fire", "lp0")
traces.shutdown()
logs.shutdown()
print("sent")
