"""研修 as readers and calendar programs meet it: 19 trainings against 20,000 sessions.

Two servers of our own settings, each on a fresh SQLite database: one with the 19 trainings
(23 sessions) every start brings, one with the 20,000 of bench/trainings.py beside them. Asked in
turn, round after round. *First* is a new session asking what nobody asked before (another month,
year or word each round), so no answer comes from the cache; *again* is the same session run once
more. ``/calendar.ics`` is fetched whole after a change, then once more with its ETag. Figures are
seconds on the wall, the median of the rounds with the least and the most in brackets.

    python -m bench.trainings_pages
"""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from sqlalchemy import make_url

from bench.servers import Server, noriai_server
from bench.session_client import HOST, Session
from bench.trainings import fill
from core.access.principal import CONSOLE
from core.cli.context import pack
from core.commands.trainings import create_training, publish_training
from core.store.engine import open_engine
from core.training.training import TrainingContent, TrainingSession
from core.training.vocabulary import TrainingKind
from dashboard import context

PAGE, ROUNDS = "trainings", 7
PAGES: dict[str, Callable[[int], tuple[str, str]]] = {
    # what is asked in round n, and a word the answer shows
    "list": lambda n: (f"q=第{n}" if n else "", "これまでの研修"),
    "month": lambda n: (f"view=month&month=2022-{n + 4:02d}", "2022年"),
    "year": lambda n: (f"view=year&fy={2016 + n}", "年度"),
}


def page_seconds(server: Server, query: str, text: str) -> tuple[float, float]:
    """A first sight and the same once more."""
    with Session(server.port, PAGE, query) as session:
        first, again = session.rerun(), session.rerun()
    if not (first.shows(text) and again.shows(text)):
        raise SystemExit(f"{query}: the page does not show {text}")
    return first.seconds, again.seconds


def fetched(server: Server, etag: str = "") -> tuple[float, str, int]:
    """Seconds, ETag and size of the feed."""
    request = Request(
        f"http://{HOST}:{server.port}/calendar.ics", headers={"If-None-Match": etag} if etag else {}
    )
    began = time.perf_counter()
    try:
        with urlopen(request) as answer:  # noqa: S310  our own server
            body, found = answer.read(), answer.headers["ETag"]
    except HTTPError as error:
        if error.code != 304:
            raise
        return time.perf_counter() - began, etag, 0
    return time.perf_counter() - began, found, len(body)


def publish_one(server: Server, number: int) -> None:
    """A change, so that the feed is another one."""
    engine = open_engine(make_url(server.database))
    now = context.now()
    content = TrainingContent(
        TrainingKind.SEMINAR, f"追加{number}", "学ぶ", "ai",
        (TrainingSession("", now.date()),), "大阪府",
    )  # fmt: skip
    made = create_training(
        engine, CONSOLE, content=content, reference=pack(), request_id=f"b{number}", now=now
    )
    publish_training(engine, CONSOLE, training_id=made, seen_version=1, reference=pack(), now=now)
    engine.dispose()


def cell(times: list[float]) -> str:
    """Median with least and most, in milliseconds."""
    values = [each * 1000 for each in times]
    return f"{median(values):.0f} ({min(values):.0f}-{max(values):.0f})"


def run() -> None:
    """Start both, fill one, ask in turn, print."""
    with noriai_server() as small, noriai_server() as large:
        engine = open_engine(make_url(large.database))
        fill(engine)
        engine.dispose()
        found: dict[str, list[list[float]]] = {}

        def note(name: str, place: int, seconds: float) -> None:
            found.setdefault(name, [[], []])[place].append(seconds)

        sizes = []
        for place, server in enumerate((small, large)):
            seconds, _, size = fetched(server)
            note(".ics, first after the start", place, seconds)
            sizes.append(size)
        for number in range(ROUNDS):
            for place, server in enumerate((small, large)):
                for name, ask in PAGES.items():
                    first, again = page_seconds(server, *ask(number))
                    note(f"{name}, first", place, first)
                    note(f"{name}, again", place, again)
                publish_one(server, number)
                seconds, etag, _ = fetched(server)
                note(".ics, after a change", place, seconds)
                note(".ics, not changed (304)", place, fetched(server, etag)[0])
        print(
            f"milliseconds, median of {ROUNDS} (least-most); .ics {sizes[0]:,} and {sizes[1]:,} bytes"
        )
        print(f"{'':30}{'19 trainings':>22}{'20,000 sessions':>24}{'ratio':>8}")
        for name, (few, many) in found.items():
            print(f"{name:30}{cell(few):>22}{cell(many):>24}{median(many) / median(few):>8.1f}")


if __name__ == "__main__":
    run()
