"""PostgreSQL goes away and comes back: an officer at work, open walls, the server and its health."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
import streamlit
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import make_url

from core.access.principal import CONSOLE, Role
from core.commands.wishes import hand_in_wishes
from core.estimate.request import EstimateRequest, PlanChoice
from core.store.engine import reading
from core.store.estimates import kept_estimates
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
        reference=REFERENCE,
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


PLANS = "plans?fy=2027&plans=6:12,4:11"
TITLE = "停止の前に入れた案"


def told_number(told: str) -> str:
    found = re.search(r"受付番号 ([0-9a-f]{8})", told)
    assert found, told
    return found[1]


def test_an_officer_at_work_loses_nothing_while_the_database_is_away(
    open_reader: Callable[[], Reader], server: RunningServer, postgres: Any
) -> None:
    reader, other = open_reader(), open_reader()
    page = reader.page
    reader.sign_in(server.add_account("tanto", Role.OFFICER, "271403"))
    reader.open(PLANS)
    reader.press("保存")
    name = page.get_by_label("試算の名前")
    name.fill(TITLE)

    postgres.stop()
    page.get_by_role("button", name="この試算を保存").click()
    notice = page.locator(".st-key-outage")
    expect(notice).to_contain_text("データベースにつながりません")
    expect(notice).to_contain_text("入力した内容はこの画面に残っています")
    expect(notice).to_be_in_viewport()
    expect(name).to_have_value(TITLE)
    for link in ("わがまち", "研修"):
        expect(page.get_by_test_id("stSidebarNav").get_by_role("link", name=link)).to_be_visible()
    number = told_number(notice.inner_text())
    other.page.goto(f"{server.address}/procurement")
    elsewhere = other.page.locator(".st-key-outage")
    expect(elsewhere).to_contain_text(f"受付番号 {number}")
    expect(elsewhere).not_to_contain_text("入力した内容")
    with pytest.raises(HTTPError) as refused:
        urlopen(f"{server.address}/calendar.ics", timeout=PATIENCE_SECONDS)
    assert refused.value.code == 503
    assert number in refused.value.read().decode()
    name.press("End")
    name.press_sequentially("。直した")

    started(postgres)
    expect(notice).to_contain_text("使えるようになりました")
    expect(notice).not_to_contain_text("つながりません")
    expect(name).to_have_value(f"{TITLE}。直した")
    reader.press("この試算を保存")
    expect(page.get_by_text(f"試算「{TITLE}。直した」を保存しました").first).to_be_visible()
    with reading(server.engine) as session:
        kept = [each.name for each in kept_estimates(session, "271403").values()]
    assert kept == [f"{TITLE}。直した"]
    expect(other.page.get_by_role("heading", name="共同調達").first).to_be_visible()

    lines = [json.loads(line) for line in server.log.read_text("utf-8").splitlines()]
    assert sum(line.get("number") == number and "trace" in line for line in lines) == 1
    assert TITLE not in server.log.read_text("utf-8")


SCRIPTS = Path(streamlit.__file__).parent / "static" / "static" / "js"
IN_BUNDLE = (
    "Streamlit server is not responding. Are you connected to the internet?",
    "Is Streamlit still running? If you accidentally stopped Streamlit, just restart it in your terminal:",
    "Connection failed with status ",
    "Connection timed out",
    "Connection lost. Please wait for the app to reconnect, then try again.",
    "Request failed with status ",
    "Request aborted",
    "Network error",
    "Failed to process a Websocket message. ",
    "Bad message format",
    "Cannot load Streamlit frontend code.",
    "Your app is having trouble loading the ",
    "Unable to connect to Streamlit server",
    "Connecting to Streamlit server",
    "Download failed",
)
FAILURES = [
    *IN_BUNDLE,
    "Connection failed with status 502, and response:",
    "Request failed with status 413",
    "AxiosError: Request failed with status code 400",
    "Error: Network Error",
    "TypeError: Failed to fetch",
    "Failed to fetch dynamically imported module: http://127.0.0.1:8501/static/js/DataFrame.js",
    "Load failed",
    "NetworkError when attempting to fetch resource.",
]


def answering(page: Page, status: int) -> Callable[[Route], None]:
    """Stand in for a server that answers so, or for none at all."""
    return lambda route: route.fulfill(status=status, body="<p>no</p>") if status else route.abort()


def test_what_the_browser_says_of_the_connection_fits_a_closed_network(
    open_reader: Callable[[], Reader], server: RunningServer
) -> None:
    for status, words in (
        (0, "庁内のネットワーク"),
        (403, "事務局が案内したアドレス"),
        (404, "サーバーが準備中か、止まっています(応答404)"),
        (502, "サーバーが準備中か、止まっています(応答502)"),
    ):
        reader = open_reader()
        page = reader.page
        page.route("**/_stcore/h*", answering(page, status))  # health, host-config
        page.goto(server.address)
        expect(page.get_by_role("dialog")).to_contain_text(words)
        assert reader.english_left() == []
    said: list[str] = page.evaluate("texts => texts.map(text => japanese(text) ?? text)", FAILURES)
    assert [text for text in said if re.search("[A-Za-z]", text)] == []
    bundle = " ".join(path.read_text("utf-8") for path in SCRIPTS.glob("*.js"))
    assert [text for text in IN_BUNDLE if text not in bundle] == []  # else Streamlit says others
