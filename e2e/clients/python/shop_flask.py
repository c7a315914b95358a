"""A Flask application whose one request fails, asked in the same process: `shop_flask.py <dsn>`."""

import sys

import sentry_sdk
from flask import Flask

sentry_sdk.init(dsn=sys.argv[1], release="shop@1.2.3", environment="e2e", traces_sample_rate=1.0, send_default_pii=True)
app = Flask(__name__)


@app.route("/orders/<int:order_id>", methods=["POST"])
def order(order_id):
    total = 12.5
    return str(total / (order_id - order_id))


answer = app.test_client().post(
    "/orders/4711?coupon=tea", json={"card": {"number": "4111111111111111"}, "note": "leave at door"}
)
print(answer.status_code)
sentry_sdk.flush(10)
