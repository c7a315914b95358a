"""A nightly-report job in plain Python: no SDK, the standard library only.

It really raises, and sends what a Sentry SDK would: an envelope made of its real traceback, with the lines around each
frame and the local variables. Ends when its standard input ends, that is when the fleet does.
"""

import json
import linecache
import os
import platform
import random
import signal
import sys
import threading
import time
import urllib.request
import uuid
from datetime import datetime, timezone
from urllib.parse import urlsplit

signal.signal(signal.SIGINT, signal.SIG_DFL)
threading.Thread(target=lambda: (sys.stdin.buffer.read(), os._exit(0)), daemon=True).start()

DSN = urlsplit(os.environ["SENTRY_DSN"])
CONTEXT_LINES = 5
TENANTS = ["acme", "globex", "initech", "umbrella", "hooli", "Łódź-retail"]
RELEASES = [(200, "reports@1.8.0"), (70, "reports@1.9.0"), (12, "reports@1.9.1")]


class ReportError(Exception):
    """A report could not be made."""


def parse_amount(text):
    """'1.234,50' -> 1234.5"""
    return float(text.replace(".", "").replace(",", "."))


def load_rows(tenant):
    rows = [{"sku": f"SKU-{random.randrange(1000, 1400)}", "amount": f"{random.randrange(1, 900)},{random.randrange(100):02d}"} for _ in range(6)]
    if random.random() < 0.25:
        rows[random.randrange(len(rows))]["amount"] = random.choice(["", "n/a", "--"])
    if random.random() < 0.15:
        del rows[random.randrange(len(rows))]["amount"]
    return rows


def revenue(tenant):
    total = 0.0
    for number, row in enumerate(load_rows(tenant), start=1):
        try:
            total += parse_amount(row["amount"])
        except ValueError as error:
            raise ReportError(f"line {number} of {tenant}.csv cannot be read") from error
    return total


def conversion_rate(tenant):
    visits, orders = random.choice([(1200, 31), (0, 0), (88, 4)]), random.randrange(5)
    return orders / visits[0] if visits[0] else visits[1] / visits[0]


def read_names(tenant):
    raw = "Kraków;Gdańsk;Łódź".encode(random.choice(["utf-8", "iso-8859-2"]))
    return raw.decode("utf-8").split(";")


def upload(tenant):
    try:
        with open(f"/var/lib/reports/{tenant}/{datetime.now(timezone.utc):%Y-%m}.pdf", "rb") as file:
            return file.read()
    except FileNotFoundError:
        cache = {}
        return cache[tenant]  # a second failure while the first is handled


def depth(tree):
    return 1 + max((depth(child) for child in tree["children"]), default=0)


def org_chart(tenant):
    boss = {"name": "boss", "children": []}
    boss["children"].append({"name": "assistant", "children": [boss] if random.random() < 0.5 else []})
    return depth(boss)


REPORTS = [revenue, revenue, revenue, conversion_rate, read_names, upload, org_chart]


def frames_of(traceback):
    frames = []
    while traceback is not None:
        code, line = traceback.tb_frame.f_code, traceback.tb_lineno
        around = [linecache.getline(code.co_filename, n).rstrip("\n") for n in range(line - CONTEXT_LINES, line + CONTEXT_LINES + 1)]
        frames.append(
            {
                "filename": os.path.basename(code.co_filename),
                "module": traceback.tb_frame.f_globals.get("__name__"),
                "function": code.co_name,
                "lineno": line,
                "pre_context": around[:CONTEXT_LINES],
                "context_line": around[CONTEXT_LINES],
                "post_context": around[CONTEXT_LINES + 1 :],
                "vars": {name: repr(value)[:200] for name, value in list(traceback.tb_frame.f_locals.items())[:12] if not name.startswith("__")},
                "in_app": os.path.dirname(os.path.abspath(code.co_filename)) == os.path.dirname(os.path.abspath(__file__)),
            }
        )
        traceback = traceback.tb_next
    return frames[:40] + frames[-40:] if len(frames) > 80 else frames


def exceptions_of(error):
    """The chain, as Sentry wants it: the first cause first."""
    chain = []
    while error is not None:
        mechanism = {"type": "chained" if chain else "generic", "handled": True}
        chain.append({"type": type(error).__name__, "module": type(error).__module__, "value": str(error), "mechanism": mechanism, "stacktrace": {"frames": frames_of(error.__traceback__)}})
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return chain[::-1]


def send(error, report, tenant, when):
    hours_ago = (time.time() - when) / 3600
    event = {
        "event_id": uuid.uuid4().hex,
        "timestamp": when,
        "platform": "python",
        "level": "warning" if isinstance(error, FileNotFoundError) else "error",
        "logger": "reports.nightly",
        "transaction": f"reports.{report}",
        "release": [name for since, name in RELEASES if since >= hours_ago][-1],
        "environment": "production",
        "server_name": "reports-0",
        "exception": {"values": exceptions_of(error)},
        "tags": {"tenant": tenant, "report": report, "trigger": random.choice(["cron", "cron", "manual"])},
        "user": {"id": f"tenant:{tenant}"},
        "extra": {"argv": ["reports", "--tenant", tenant], "api_key": "not-to-be-seen-in-errata"},
        "contexts": {"runtime": {"name": "CPython", "version": platform.python_version()}, "os": {"name": platform.system(), "version": platform.release()}},
        "breadcrumbs": {"values": [{"timestamp": when - 2, "category": "reports", "message": f"begin {report} for {tenant}", "level": "info"}]},
        "sdk": {"name": "errata.demo.python", "version": "1.0.0"},
    }
    envelope = "\n".join([json.dumps({"event_id": event["event_id"]}), json.dumps({"type": "event"}), json.dumps(event)])
    key, host = DSN.username, DSN.netloc.rpartition("@")[2]
    request = urllib.request.Request(f"{DSN.scheme}://{host}/api/{DSN.path.strip('/')}/envelope/", envelope.encode(), {"X-Sentry-Auth": f"Sentry sentry_version=7, sentry_key={key}, sentry_client=errata.demo.python/1.0.0"})
    try:
        urllib.request.urlopen(request, timeout=10).close()
    except OSError:
        pass  # the server is away: an SDK would drop the event, too


def run(when):
    report, tenant = random.choice(REPORTS), random.choice(TENANTS)
    try:
        report(tenant)
        return True
    except Exception as error:  # what a job runner does
        send(error, report.__name__, tenant, when)
        return False


def nights():
    """Three busy hours of each of the last seven nights."""
    midnight = time.time() // 86400 * 86400
    for day in range(7, -1, -1):
        for _ in range(40):
            when = midnight - day * 86400 + 3600 + random.random() ** 2 * 3 * 3600
            if time.time() - 7 * 86400 < when < time.time():
                yield when


if os.environ.get("DEMO_LOOK_BACK"):
    for when in sorted(nights()):
        run(when)
        time.sleep(0.01)
while run(time.time()):  # until the first report fails: whoever opens the project finds one
    pass
while True:
    run(time.time())
    time.sleep(random.uniform(8, 24))
