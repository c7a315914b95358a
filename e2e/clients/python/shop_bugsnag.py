"""The bugsnag package with only its key and endpoints changed: `shop_bugsnag.py <url> <key>`."""

import sys

import bugsnag

url, key = sys.argv[1:3]
bugsnag.configure(
    api_key=key,
    endpoint=f"{url}/notify",
    session_endpoint=f"{url}/sessions",
    release_stage="e2e",
    app_version="1.2.3",
    asynchronous=False,
    project_root=sys.path[0],
)
bugsnag.leave_breadcrumb("checkout pressed", {"step": 2})


def charge(order):
    return order["card"]["number"]


def checkout(order_id):
    try:
        charge({"id": order_id})
    except KeyError as error:
        raise RuntimeError(f"order {order_id} cannot be paid") from error


bugsnag.start_session()
try:
    checkout(4711)
except RuntimeError as error:
    bugsnag.notify(error, context="checkout", user={"id": "7", "email": "ada@example.org"}, metadata={"basket": {"items": 3}})
print("sent")
checkout(1)  # nobody catches it: excepthook
