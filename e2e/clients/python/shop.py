"""A shop that fails in many ways, reported by sentry-sdk 1 or 2 with nothing but its DSN set: `shop.py <dsn>`."""

import logging
import sys
import uuid

import sentry_sdk

MAJOR = int(getattr(sentry_sdk, "VERSION", "2").split(".")[0])

sentry_sdk.init(
    dsn=sys.argv[1],
    release="shop@1.2.3",
    environment="e2e",
    traces_sample_rate=1.0,
    **({"enable_logs": True} if MAJOR >= 2 else {}),
)
scope = sentry_sdk.get_isolation_scope() if MAJOR >= 2 else sentry_sdk.Hub.current.scope
scope.set_user({"id": "7", "email": "ada@example.org"})
scope.set_tag("plan", "gold")
scope.set_context("basket", {"items": 3, "voucher": None})
sentry_sdk.add_breadcrumb(category="cart", message="checkout pressed", level="info", data={"step": 2})
log = logging.getLogger("shop.orders")


def charge(order):
    attempts = [1, 2, 3]
    return order["card"]["number"], attempts


def checkout(order_id):
    order = {"id": order_id, "password": "hunter2"}
    try:
        charge(order)
    except KeyError as error:
        raise RuntimeError(f"order {order_id} cannot be paid") from error


def caught():
    try:
        checkout(4711)
    except RuntimeError:
        if MAJOR >= 2:
            with sentry_sdk.new_scope() as inner:
                inner.add_attachment(bytes=b"id;total\n4711;12.50\n", filename="order.csv", content_type="text/csv")
                return sentry_sdk.capture_exception()
        return sentry_sdk.capture_exception()


def grouped():
    try:
        raise ExceptionGroup("two deliveries failed", [TimeoutError("van 3"), ValueError("bad address")])
    except ExceptionGroup:
        sentry_sdk.capture_exception()


def logged():
    log.warning("stock of %s is low", "tea")  # only a breadcrumb
    try:
        {}["missing"]
    except KeyError:
        log.exception("could not load order %s", 4711)


def in_transaction():
    with sentry_sdk.start_transaction(op="task", name="nightly-report"):
        with sentry_sdk.start_span(op="db", **({"name": "select"} if MAJOR >= 2 else {"description": "select"})):
            pass
        try:
            [][3]
        except IndexError:
            sentry_sdk.capture_exception()


def jobs():
    from sentry_sdk.crons import monitor

    config = {"schedule": {"type": "crontab", "value": "0 4 * * *"}, "timezone": "Europe/Berlin", "checkin_margin": 10}
    with monitor(monitor_slug="backup", monitor_config=config):
        pass
    try:
        with monitor(monitor_slug="import", monitor_config={"schedule": {"type": "interval", "value": 1, "unit": "hour"}}):
            raise OSError("disk full")
    except OSError:
        pass


def structured_logs():
    from sentry_sdk import logger

    logger.info("order {order_id} packed", order_id=4711)
    logger.error("printer {name} is on fire", name="lp0")


def feedback(event_id):
    from sentry_sdk.envelope import Envelope, Item, PayloadRef

    said = {"message": "I could not pay", "contact_email": "ada@example.org", "associated_event_id": event_id}
    envelope = Envelope(headers={"event_id": uuid.uuid4().hex})
    envelope.add_item(Item(PayloadRef(json={"contexts": {"feedback": said}}), type="feedback"))
    sentry_sdk.get_client().transport.capture_envelope(envelope)


event_id = caught()
sentry_sdk.capture_message("stock is low", level="warning")
logged()
in_transaction()
if sys.version_info >= (3, 11) and MAJOR >= 2:
    grouped()
if MAJOR >= 2:
    jobs()
    structured_logs()
    feedback(event_id)
print("sent")
sentry_sdk.flush(10)
checkout(1)  # nobody catches it: excepthook
