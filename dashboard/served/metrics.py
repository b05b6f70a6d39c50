"""The operator's figures in Prometheus format, on an address of their own (NORIAI_METRICS_ADDRESS)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from time import perf_counter

from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    start_http_server,
)
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.types import Message, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from core.store.engine import data_revision, one_number
from core.values.errors import DatabaseTroubleError, SettingsError
from dashboard import context
from dashboard.served.live import FEED

disable_created_metrics()  # type: ignore[no-untyped-call]  # the moment each figure began, twice as many lines
REGISTRY = CollectorRegistry()
REQUESTS = Counter(
    "noriai_requests",
    "Answers by kind of address and status.",
    ("kind", "status"),
    registry=REGISTRY,
)
ERRORS = Counter(
    "noriai_script_errors", "Runs of a page that ended in an error.", registry=REGISTRY
)
SESSIONS = Gauge("noriai_sessions", "Open pages of this process.", registry=REGISTRY)
RERUN = Histogram(
    "noriai_rerun_seconds",
    "From a reader's act until the page has answered whole.",
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
    registry=REGISTRY,
)
LAG = Histogram(
    "noriai_event_loop_lag_seconds",
    "How much later than due the event loop came to a task.",
    buckets=(0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5),
    registry=REGISTRY,
)
_KINDS = (
    "_stcore",
    "static",
    "assets",
    "media",
    "attachments",
    "inquiry-documents",
    "live",
    "session",
    "healthz",
    "readyz",
)
_LAG_SECONDS = 1.0
_SHORT, _LONG = 64, 64 * 1024
"""Messages that begin and end a run are short; no longer one is read for these figures."""


class _Database(Collector):
    """Asked when the operator's monitoring asks, never otherwise."""

    def collect(self) -> Iterable[Metric]:
        up, revision, head = 1, 0, 0
        try:
            revision = data_revision(context.engine())
            head = one_number(context.engine(), "SELECT coalesce(max(id), 0) FROM audit")
        except DatabaseTroubleError:
            up = 0
        yield GaugeMetricFamily("noriai_database_up", "1 while the database answers.", up)
        yield GaugeMetricFamily("noriai_data_revision", "Number of the last write.", revision)
        yield GaugeMetricFamily("noriai_audit_head", "Number of the last audit entry.", head)
        yield GaugeMetricFamily("noriai_listeners", "Open walls of this process.", FEED.listeners)


REGISTRY.register(_Database())


def serve() -> None:
    """Answer the operator's monitoring, where the setting says so, in a thread of its own.

    Raises:
        SettingsError: Nobody can be answered there.
    """
    if address := context.settings().metrics_address:
        host, _, port = address.rpartition(":")
        try:
            start_http_server(int(port), host.strip("[]"), REGISTRY)
        except OSError as error:
            raise SettingsError(
                f"設定 NORIAI_METRICS_ADDRESS が使えません: {error.strerror}({address})"
            ) from None


async def watch_lag() -> None:
    """Look for as long as the server lives how late the event loop comes."""
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + _LAG_SECONDS
        await asyncio.sleep(_LAG_SECONDS)
        LAG.observe(max(loop.time() - due, 0.0))


def counted(path: str, send: Send) -> Send:
    """Counts one answer on its way out."""
    first = path.split("/")[1] if path.startswith("/") else ""
    kind = first if first in _KINDS else "other"

    async def counting(message: Message) -> None:
        if message["type"] == "http.response.start":
            REQUESTS.labels(kind, message["status"]).inc()
        await send(message)

    return counting


class Waited:
    """How long the reader of one open page waits for it."""

    def __init__(self) -> None:
        self._since: float | None = None

    def came(self, message: bytes | None) -> None:
        """A message of the browser."""
        if message and len(message) < _LONG and self._since is None:
            try:
                asked = BackMsg.FromString(message).HasField("rerun_script")
            except DecodeError:
                return  # Streamlit refuses it
            if asked:
                self._since = perf_counter()

    def went(self, message: bytes | None) -> None:
        """A message to the browser."""
        if self._since is None or not message or len(message) > _SHORT:
            return
        if ForwardMsg.FromString(message).HasField("script_finished"):
            RERUN.observe(perf_counter() - self._since)
            self._since = None
