"""Many writers at once, and one that is killed: nothing lost, nothing doubled, nothing by halves."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import URL, Engine, event, make_url

from core.access.principal import CONSOLE, PUBLIC, Principal, Role
from core.commands.ledger import record_participation
from core.commands.ledger_import import import_ledger
from core.procurement.event import EventKind
from core.procurement.recording import Entry
from core.store.engine import data_revision, open_engine, reading
from core.store.ledger import ledger_events
from core.values.errors import DashboardError
from core.values.fiscal import JAPAN, PartialDate, Precision
from core.views.administration import audit_check_view
from core.views.procurement import procurement_view
from tests.support.reference import REFERENCE
from tests.support.waiting import PATIENCE_SECONDS

CODES = [municipality.lg_code for municipality in REFERENCE.municipalities]
NOW = datetime(2023, 10, 2, 9, 30, tzinfo=JAPAN)
WORKERS = 8
ROWS = 10_000


def record_for(
    address: str,
    meet: Any,
    code: str,
    kind: EventKind,
    day: date,
    who: str,
    request: str,
    seen: int,
) -> tuple[str, str]:
    """In a server of its own."""
    engine = open_engine(make_url(address))
    try:
        if meet is not None:
            meet.wait(60)
        number = record_participation(
            engine,
            Principal(who, who, Role.SECRETARIAT),
            entry=Entry(code, "chat", kind, PartialDate(day, Precision.DAY), "試験"),
            seen_event=seen,
            reference=REFERENCE,
            request_id=request,
            now=NOW,
        )
        return "done", str(number)
    except DashboardError as error:
        return type(error).__name__, str(error)
    finally:
        engine.dispose()


@pytest.fixture(scope="module")
def servers() -> Iterator[tuple[ProcessPoolExecutor, Any]]:
    spawn = multiprocessing.get_context("spawn")
    with spawn.Manager() as manager, ProcessPoolExecutor(WORKERS, mp_context=spawn) as pool:
        yield pool, manager


@pytest.fixture
def address(database_url: URL) -> str:
    return database_url.render_as_string(hide_password=False)


def test_forty_three_writers_at_once_lose_and_double_nothing(
    servers: tuple[ProcessPoolExecutor, Any], address: str, engine: Engine
) -> None:
    pool, _ = servers
    day = date(2023, 4, 1)
    given = [
        (code, EventKind.JOINED_LATE, day + timedelta(days=n), f"w{n}", f"r{n}", 0)
        for n, code in enumerate(CODES)
    ]
    pending = [pool.submit(record_for, address, None, *each) for each in [*given, *given[:10]]]
    answers = [each.result(timeout=PATIENCE_SECONDS) for each in pending]
    assert {kind for kind, _ in answers} == {"done"}
    assert [n for _, n in answers[43:]] == [n for _, n in answers[:10]]  # double clicks
    with reading(engine) as session:
        events = list(ledger_events(session))
    assert Counter((e.participant, e.recorded_by) for e in events) == {
        (code, f"w{n}"): 1 for n, code in enumerate(CODES)
    }
    assert data_revision(engine) == 43
    assert audit_check_view(engine, CONSOLE).findings == []
    for n in (0, 20, 42):
        answer = procurement_view(engine, PUBLIC, REFERENCE, as_of=day + timedelta(days=n))
        assert answer.systems[0].counts.late == n + 1


def test_of_writers_that_saw_the_same_one_wins_and_the_others_are_told(
    servers: tuple[ProcessPoolExecutor, Any], address: str, engine: Engine
) -> None:
    pool, manager = servers
    for number in range(3):
        meet = manager.Barrier(4)
        kinds = [EventKind.JOINED, EventKind.JOINED_LATE, EventKind.PLANNED, EventKind.INTEREST]
        pending = [
            pool.submit(
                record_for,
                address,
                meet,
                CODES[number],
                kind,
                date(2023, 4, 1),
                f"w{n}",
                f"r{number}{n}",
                0,
            )
            for n, kind in enumerate(kinds)
        ]
        answers = [each.result(timeout=PATIENCE_SECONDS) for each in pending]
        assert sorted(kind for kind, _ in answers) == ["ConflictError"] * 3 + ["done"]
        winner = next(n for n, (kind, _) in enumerate(answers) if kind == "done")
        for kind, words in answers:
            if kind != "done":
                assert f"w{winner}が「{kinds[winner].label}」" in words
                assert "画面を更新" in words
    with reading(engine) as session:
        assert len(list(ledger_events(session))) == 3


def big_file() -> bytes:
    """Ten thousand rows that can all be recorded."""
    lines = ["団体コード,共同調達,種類,適用日,出典"]
    for n in range(ROWS):
        day = date(2015, 4, 1) + timedelta(days=n // 215)
        programme = ("chat", "eapply", "docs", "econtract", "talent")[n % 5]
        lines.append(f"{CODES[n // 5 % 43]},{programme},関心,{day.isoformat()},試験{n}")
    return "\n".join(lines).encode()


def import_for(address: str, reached: Any, table: str, times: int) -> None:
    """In a server of its own: stops for good once so many INSERTs into a table were executed."""
    engine = open_engine(make_url(address))
    done = itertools.count(1)

    @event.listens_for(engine, "after_cursor_execute")
    def _stop(_c: object, _k: object, statement: str, *_more: object) -> None:
        if statement.startswith(f"INSERT INTO {table} ") and next(done) == times:
            reached.set()
            time.sleep(600)

    import_ledger(
        engine,
        CONSOLE,
        name="大きなファイル.csv",
        content=big_file(),
        accept_names=False,
        seen_event=0,
        reference=REFERENCE,
        request_id="big",
        now=NOW,
    )
    engine.dispose()


def recorded(engine: Engine) -> int:
    with reading(engine) as session:
        return sum(1 for _ in ledger_events(session))


@pytest.mark.parametrize(
    ("table", "times"), [("ledger_event", 1), ("ledger_event", 6), ("audit", 1)]
)
def test_an_import_that_is_killed_on_the_way_leaves_nothing(
    address: str, engine: Engine, table: str, times: int
) -> None:
    spawn = multiprocessing.get_context("spawn")
    reached = spawn.Event()
    process = spawn.Process(target=import_for, args=(address, reached, table, times))
    process.start()
    assert reached.wait(120)
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join(60)
    assert recorded(engine) == 0
    assert data_revision(engine) == 0
    assert audit_check_view(engine, CONSOLE).findings == []
    if table == "audit":  # the next one, by whoever comes after, takes all of it
        import_for(address, None, "nothing", 0)
        assert recorded(engine) == ROWS
        assert data_revision(engine) == 1
