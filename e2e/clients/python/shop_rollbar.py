"""The rollbar package with only its token and endpoint changed: `shop_rollbar.py <url> <key>`."""

import sys

import rollbar

url, key = sys.argv[1:3]
rollbar.init(key, "e2e", endpoint=f"{url}/api/1/", handler="blocking", code_version="1.2.3", root=sys.path[0])


def charge(order):
    return order["card"]["number"]


def checkout(order_id):
    try:
        charge({"id": order_id})
    except KeyError as error:
        raise RuntimeError(f"order {order_id} cannot be paid") from error


try:
    checkout(4711)
except RuntimeError:
    rollbar.report_exc_info(extra_data={"items": 3}, payload_data={"person": {"id": "7", "email": "ada@example.org"}})
rollbar.report_message("stock is low", "warning", extra_data={"item": "tea"})
print("sent")
