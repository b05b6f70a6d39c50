"""PostgreSQL goes away and comes back while a wall is open: the wall, the server and its health."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import make_url

from core.access.principal import CONSOLE, Role
from core.commands.wishes import hand_in_wishes
from core.estimate.request import EstimateRequest, PlanChoice
from core.support.wish import WishState
from tests.support.databases import a_postgres_server, started
from tests.support.reader import Reader
from tests.support.reference import REFERENCE
from tests.support.running import RunningServer, running_server
from tests.support.waiting import PATIENCE_SECONDS, wait_until


@pytest.fixture
def size() -> str:
    return "hall"


@pytest.fixture(scope="module")
def postgres() -> Iterator[Any]:
    """A PostgreSQL of this file alone, which may be stopped and started."""
    with a_postgres_server() as running:
        yield running


@pytest.fixture(scope="module")
def server(
    browser: Browser,
    postgres: Any,
    tmp_path_factory: pytest.TempPathFactory,
    day: date | None,
    extra: Mapping[str, str],
) -> Iterator[RunningServer]:
    database = make_url(postgres.get_uri()).set(drivername="postgresql+psycopg")
    folder = tmp_path_factory.mktemp("server")
    with running_server(folder, day, extra, database) as running:
        yield running


def asked(server: RunningServer, path: str) -> int:
    try:
        with urlopen(f"{server.address}/{path}", timeout=PATIENCE_SECONDS) as answer:
            return int(answer.status)
    except HTTPError as error:
        return error.code


def comes_to(server: RunningServer, status: int) -> None:
    wait_until(lambda: asked(server, "readyz") == status, f"/readyz answers {status}")


def wish(server: RunningServer, lg_code: str) -> None:
    hand_in_wishes(
        server.engine,
        CONSOLE,
        lg_code=lg_code,
        request=EstimateRequest(2027, (PlanChoice(1, 12),)),
        state=WishState.WISHED,
        plans=[plan.number for plan in REFERENCE.plans],
        seen={},
        request_id=f"{lg_code}-1",
        now=server.now(),
    )


def test_a_restarted_database_costs_the_wall_and_the_server_nothing(
    open_reader: Callable[[], Reader], server: RunningServer, postgres: Any
) -> None:
    reader = open_reader()
    reader.sign_in(server.add_account("etsuran", Role.VIEWER))
    wall = reader.page
    wall.goto(f"{server.address}/meeting")
    number = wall.locator(".wall .number").first
    mark = wall.locator(".mark")
    expect(mark).to_contain_text("現在")
    wall.get_by_role("button", name="自動を止める").click()
    title, then = wall.locator(".wall h2").inner_text(), number.inner_text()
    assert asked(server, "readyz") == 200

    postgres.stop()
    expect(mark).to_contain_text("データベースが応答していません・最後の更新")
    expect(number).to_have_text(then)
    comes_to(server, 503)
    assert asked(server, "healthz") == 200  # nothing that a new start would mend
    wall.keyboard.press("ArrowRight")
    expect(wall.locator(".wall h2")).not_to_have_text(title)  # keys still work
    wall.keyboard.press("ArrowLeft")

    started(postgres)
    comes_to(server, 200)
    expect(mark).to_contain_text("現在")
    expect(number).to_have_text(then)
    wish(server, "271403")  # and what is written from now on is heard
    expect(number).to_have_text(str(int(then) + 1))

    postgres.stop()  # in one blink, between two looks: nothing is left of the old connections
    started(postgres)
    comes_to(server, 200)
    wish(server, "272051")
    expect(number).to_have_text(str(int(then) + 2))
    assert asked(server, "readyz") == 200
