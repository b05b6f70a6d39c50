"""How long the board and the tallies of an inquiry take, and a hundred answers at once.

``make bench``. 50 questions of every kind that is counted, asked of 43 and of 1,741 municipalities,
all of whom have answered; the views are asked as the screen asks them, in SQLite. Beside each: the
rows it rests on, read and their JSON parsed, and nothing more. Then 100 processes' worth of answers at
once, from as many threads as a server has; beside it the same number of bare transactions that insert
one row. Written as JSON to bench/results/.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, text

from core.access.principal import CONSOLE, Principal, Role
from core.cli.context import pack
from core.commands.inquiries import compose_inquiry, publish_inquiry
from core.commands.responses import hand_in
from core.inquiry.composition import Composition
from core.inquiry.groups import GroupBy
from core.inquiry.question import Option, Question
from core.inquiry.response import ResponseEvent, ResponseStep, Way
from core.reference.pack import Reference
from core.start import start
from core.store.engine import open_engine, reading, writing
from core.store.inquiries import RESPONSES, inquiry_of
from core.store.written import Written
from core.values.fiscal import JAPAN
from core.values.municipality import Municipality, check_digit
from core.values.succession import Succession
from core.views.inquiries import inquiry_view, tally_view

RESULTS = Path(__file__).parent / "results"
QUESTIONS, NATION, AT_ONCE, WORKERS = 50, 1_741, 100, 20
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=JAPAN)
OPTIONS = tuple(Option(key, f"選択肢{key}") for key in "abcde")


def questions() -> tuple[Question, ...]:
    """Fifty, the kinds in turn."""
    kinds = (
        {"kind": "single", "options": OPTIONS},
        {"kind": "several", "options": OPTIONS},
        {"kind": "yes_no"},
        {"kind": "number", "unit": "人"},
        {"kind": "yen"},
        {"kind": "text"},
        {"kind": "ranking", "options": OPTIONS, "points": (2, 1)},
    )
    return tuple(
        Question(key=f"q{n}", label=f"設問{n}", **kinds[n % len(kinds)])  # type: ignore[arg-type]
        for n in range(1, QUESTIONS + 1)
    )


def answer(question: Question, place: int) -> Any:
    """What a municipality says."""
    key = "abcde"[place % 5]
    return {
        "single": key,
        "several": [key, "e"] if key != "e" else ["e"],
        "yes_no": "yes" if place % 3 else "no",
        "number": str(place % 97),
        "yen": place * 1_000,
        "text": f"回答{place}",
        "ranking": [key, "abcde"[(place + 1) % 5]],
    }[question.kind]


def reference(many: int) -> Reference:
    """The pack with so many municipalities: its own, then those of a made-up nation."""
    known = pack()
    if many <= len(known.municipalities):
        return known
    pattern = known.municipalities[-1]

    def made(number: int) -> Municipality:
        five = f"{90_000 + number}"
        code = f"{five}{check_digit(five)}"
        return replace(pattern, lg_code=code, name=f"市{number}", population=5_000 + 137 * number)

    extra = tuple(made(number) for number in range(many - len(known.municipalities)))
    return replace(known, succession=Succession.of((*known.municipalities, *extra)))


def asked_of(engine: Engine, known: Reference) -> int:
    """A published inquiry that asks everybody; its number."""
    composition = Composition("調査", 2026, NOW, NOW + timedelta(days=30), questions=questions())
    given: dict[str, Any] = {"now": NOW}
    number = compose_inquiry(
        engine,
        CONSOLE,
        inquiry_id=0,
        composition=composition,
        seen_version=0,
        request_id="c",
        **given,
    )
    with reading(engine) as session:
        seen = inquiry_of(session, number).versions[-1].version_id
    publish_inquiry(
        engine,
        CONSOLE,
        inquiry_id=number,
        seen_version=seen,
        reference=known,
        request_id="p",
        **given,
    )
    return number


def fill(engine: Engine, known: Reference, number: int) -> None:
    """Everybody has answered; rows as a command writes them, without its audit entries."""
    with reading(engine) as session:
        version = inquiry_of(session, number).version.version_id
    asked = questions()
    with writing(engine) as session:
        for place, town in enumerate(known.municipalities):
            said = {each.key: answer(each, place) for each in asked}
            event = ResponseEvent(
                0, number, town.lg_code, ResponseStep.HANDED_IN, version, said, "0" * 64,
                Way.SCREEN, False, "", NOW + timedelta(minutes=place), "bench",
            )  # fmt: skip
            RESPONSES.add(session, event)
        Written.of(session).taken()


def seconds(work: Callable[[], object], times: int = 3) -> float:
    """The quickest of some runs."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return round(min(taken), 4)


def rows_alone(engine: Engine, number: int) -> int:
    """The rows of the answers, their JSON parsed: what every tally has to read."""
    query = text("SELECT answers FROM response_event WHERE inquiry_id = :number")
    with engine.connect() as connection:
        return sum(len(json.loads(row[0])) for row in connection.execute(query, {"number": number}))


def views(many: int) -> dict[str, float]:
    """Board and tallies at a size, beside the rows they rest on."""
    known = reference(many)
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(URL.create("sqlite", database=f"{folder}/noriai.db"))
        start(engine, pack(), NOW)
        number = asked_of(engine, known)
        fill(engine, known, number)
        ask = partial(tally_view, engine, CONSOLE, known, inquiry_id=number, today=NOW.date())
        board = partial(
            inquiry_view, engine, CONSOLE, known, inquiry_id=number, now=NOW, today=NOW.date()
        )
        found = {
            "reference_rows_seconds": seconds(lambda: rows_alone(engine, number)),
            "board_seconds": seconds(board),
            "tally_seconds": seconds(ask),
            "tally_by_area_seconds": seconds(partial(ask, by=GroupBy.AREA)),
        }
        _all_in(ask().are_in, many)
        engine.dispose()
    return found


def at_once() -> dict[str, float]:
    """A hundred answers from threads that all begin together; beside it bare insertions."""
    known = reference(AT_ONCE)
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(URL.create("sqlite", database=f"{folder}/noriai.db"))
        start(engine, pack(), NOW)
        number = asked_of(engine, known)
        asked = questions()

        def hands_in(place: int) -> float:
            code = known.municipalities[place].lg_code
            began = time.perf_counter()
            hand_in(
                engine, Principal(f"tanto-{code}", "担当", Role.OFFICER, code), lg_code=code,
                inquiry_id=number, typed={each.key: answer(each, place) for each in asked},
                seen_revision=0, seen_event=0, reference=known, clock=lambda _: NOW,
                request_id=f"r{place}", now=NOW,
            )  # fmt: skip
            return time.perf_counter() - began

        began = time.perf_counter()
        with ThreadPoolExecutor(WORKERS) as workers:
            each = sorted(workers.map(hands_in, range(AT_ONCE)))
        everybody = time.perf_counter() - began
        found = tally_view(engine, CONSOLE, known, inquiry_id=number, today=NOW.date())
        _all_in(found.are_in, AT_ONCE)
        return {
            "reference_bare_insertions_seconds": round(_bare(engine), 4),
            "hundred_answers_seconds": round(everybody, 4),
            "slowest_answer_seconds": round(each[-1], 4),
            "median_answer_seconds": round(each[len(each) // 2], 4),
        }


def _all_in(found: int, wanted: int) -> None:
    if found != wanted:
        raise RuntimeError(f"{found} of {wanted} answers are in: nothing was measured")


def _bare(engine: Engine) -> float:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE bare (id INTEGER PRIMARY KEY, words TEXT)"))

    def insert(place: int) -> None:
        with engine.begin() as connection:
            connection.execute(text("INSERT INTO bare (words) VALUES (:w)"), {"w": "回答" * place})

    began = time.perf_counter()
    with ThreadPoolExecutor(WORKERS) as workers:
        list(workers.map(insert, range(AT_ONCE)))
    return time.perf_counter() - began


def main(sizes: Sequence[int] = (43, NATION)) -> None:
    """Measure, print, keep."""
    found = {f"{many}x{QUESTIONS}": views(many) for many in sizes} | {"at_once": at_once()}
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "inquiries.json").write_text(json.dumps(found, indent=1), encoding="utf-8")
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
