"""The log: every line JSON, one traceback an incident, nothing that anybody typed."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core import log
from core.access.principal import CONSOLE, Role
from core.commands.accounts import add_account
from core.incidents import INCIDENTS, Incidents
from core.settings import PROJECT
from core.store.accounts import AccountRow
from core.store.engine import writing
from core.values.errors import DatabaseTroubleError, Trouble
from dashboard import context
from dashboard.served.answers import Answers
from tests.served.test_server import ask

NAME, MAIL = "山田 花子", "hanako@city.example.lg.jp"


class Lines:
    """What the program's own logger wrote so far, read back."""

    def __init__(self) -> None:
        self._stream = io.StringIO()
        self.handler = logging.StreamHandler(self._stream)
        self.handler.setFormatter(log.JsonLines())

    def read(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self._stream.getvalue().splitlines()]


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch, now: datetime) -> Iterator[Lines]:
    monkeypatch.setattr(context, "now", lambda: now)
    found, logger = Lines(), logging.getLogger("noriai")
    logger.addHandler(found.handler)
    yield found
    logger.removeHandler(found.handler)
    log.about(request="", user="", page="")


def test_a_line_says_when_who_where_and_what(lines: Lines) -> None:
    log.about(request="r1", user="tanto", page="plans")
    logging.getLogger("noriai").warning("two\nlines", extra={"number": "abcd"})
    (line,) = lines.read()
    assert datetime.fromisoformat(line.pop("time")).utcoffset() is not None
    assert line == {
        "level": "warning",
        "logger": "noriai",
        "request": "r1",
        "user": "tanto",
        "page": "plans",
        "message": "two\nlines",
        "number": "abcd",
    }


def failing(engine: Engine) -> list[BaseException]:
    """Errors that carry what somebody typed."""

    def twice() -> None:
        with writing(engine) as session:
            session.add(AccountRow(username="tanto", display_name=NAME))

    def typed() -> None:
        try:
            raise KeyError(NAME)
        except KeyError as error:
            raise ValueError(f"{NAME} <{MAIL}>") from error

    found: list[BaseException] = []
    for act in (twice, typed):
        try:
            act()
        except (IntegrityError, ValueError) as error:
            found.append(error)
    assert len(found) == 2
    return found


def test_nothing_that_was_typed_is_in_a_line(engine: Engine, now: datetime, lines: Lines) -> None:
    add_account(
        engine, CONSOLE, username="tanto", display_name=NAME, role=Role.VIEWER, lg_code=None,
        known_codes=frozenset(), now=now,
    )  # fmt: skip
    for error in failing(engine):
        Incidents().met(error, now)
    written = lines.read()
    assert len(written) == 2
    assert NAME not in json.dumps(written, ensure_ascii=False)
    assert MAIL not in json.dumps(written)
    assert written[1]["error"] == ["builtins.ValueError", "builtins.KeyError"]
    assert written[1]["trace"][-1].endswith(" typed")


def test_an_incident_is_one_number_and_one_traceback_then_counted(
    now: datetime, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    incidents = Incidents()
    away = DatabaseTroubleError(Trouble.AWAY, "connection refused")
    numbers = {incidents.met(away, now).number for _ in range(120)}
    other = incidents.met(DatabaseTroubleError(Trouble.FULL), now).number
    incidents.over(Trouble.AWAY)
    after = incidents.met(away, now).number
    (number,) = numbers
    assert len({number, other, after}) == 3
    ours = [line for line in lines.read() if line["number"] == number]
    assert [line["message"] for line in ours] == [
        "incident", "met 10 times", "met 100 times", "over, met 120 times",
    ]  # fmt: skip
    assert [("error" in line) for line in ours] == [True, False, False, False]
    assert "away: connection refused" in ours[0]["error"][0]
    monkeypatch.setattr("core.incidents.monotonic", lambda: 10**9)  # long after
    assert incidents.met(away, now).number != after


def app_that(error: Exception) -> Starlette:
    async def fails(_request: Request) -> Response:
        raise error

    routes = [Route("/calendar/{token}.ics", fails)]
    return Starlette(routes=routes, middleware=[Middleware(Answers)])


def test_an_address_that_fails_says_so_in_words_with_the_number_of_the_incident(
    lines: Lines,
) -> None:
    INCIDENTS.over(Trouble.AWAY)
    away = app_that(DatabaseTroubleError(Trouble.AWAY, "host db1 refused"))
    first, second = (ask(away, "/calendar/secret.ics") for _ in range(2))
    assert (first.status, first.header("retry-after")) == (503, "10")
    words = first.body.decode()
    assert "データベースにつながりません" in words
    assert "db1" not in words
    assert second.body == first.body
    wrong = ask(app_that(ValueError(MAIL)), "/calendar/secret.ics")
    assert wrong.status == 500
    assert "予期しないエラー" in wrong.body.decode()
    written = lines.read()
    assert [line["number"] in words for line in written] == [True, False]
    assert written[1]["number"] in wrong.body.decode()
    assert written[0]["request"] == first.header("x-request-id") != second.header("x-request-id")
    assert "secret" not in json.dumps(written)
    assert written[0]["page"] == "calendar"


EVERYBODY = f"""
import asyncio, logging, threading, warnings
import streamlit
from core.values.errors import PermissionDeniedError
from dashboard.kit.making import NoLongerWantedError
from streamlit.logger import get_logger
from streamlit.proto.BackMsg_pb2 import BackendOperationRequest
from streamlit.runtime.backend_operation_handler import DeferredFileHandler
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage
from dashboard.frame.failures import log_in_json
early = get_logger("streamlit.early")
logging.getLogger("uvicorn.error").addHandler(logging.StreamHandler())
log_in_json()
early.warning("early")
get_logger("streamlit.late").warning("late")
logging.getLogger("uvicorn.error").error("served")
logging.getLogger("sqlalchemy.pool").error("pool")
logging.getLogger("asyncio").error("loop")
get_logger("streamlit.error_util").error("Uncaught app execution", exc_info=ValueError("{NAME}"))
def made(error):
    raise error
files = MediaFileManager(MemoryMediaFileStorage("/media"))
handler = DeferredFileHandler(lambda: files)
for error in (NoLongerWantedError(), PermissionDeniedError("{NAME}"), ValueError("{NAME}")):
    asked = BackendOperationRequest()
    asked.deferred_file.file_id = files.add_deferred(lambda: made(error), None, "1", None)
    asyncio.run(handler.handle(asked, ""))
warnings.warn("careful")
def fall():
    raise ValueError("{NAME}")
thread = threading.Thread(target=fall)
thread.start()
thread.join()
raise ValueError("{NAME}")
"""


def test_whoever_logs_in_the_server_logs_in_json() -> None:
    done = subprocess.run(
        [sys.executable, "-c", EVERYBODY], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    said = [json.loads(line) for line in done.stderr.splitlines()]
    told = [line["message"] for line in said if line["logger"] != "py.warnings"]
    assert [words.partition(" for file_id")[0] for words in told] == [
        "early", "late", "served", "pool", "loop", "a file was not made: NoLongerWantedError",
        "a file was not made: PermissionDeniedError", "Error executing deferred callable",
        "a thread ended", "the program ends",
    ]  # fmt: skip
    assert sum("careful" in line["message"] for line in said) == 1
    assert NAME not in done.stderr
    assert done.returncode == 1
