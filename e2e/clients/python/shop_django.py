"""A Django application in one file whose one request fails: `shop_django.py <dsn>`."""

import sys

import django
import sentry_sdk
from django.conf import settings
from django.http import HttpResponse
from django.urls import path

sentry_sdk.init(dsn=sys.argv[1], release="shop@1.2.3", environment="e2e")


def stock(request, item):
    left = {}
    return HttpResponse(left[item])


urlpatterns = [path("stock/<str:item>/", stock)]
settings.configure(ROOT_URLCONF=__name__, SECRET_KEY="for-nothing", ALLOWED_HOSTS=["*"])
django.setup()

from django.test import Client  # noqa: E402  (after the settings)

print(Client(raise_request_exception=False).get("/stock/tea/").status_code)
sentry_sdk.flush(10)
