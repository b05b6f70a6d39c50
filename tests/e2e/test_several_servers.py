"""The officer's journey through nginx, two servers and PostgreSQL, while servers are stopped."""

from __future__ import annotations

import re
import shutil
import signal
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import make_url

from core.access.principal import Role
from core.settings import PROJECT
from core.store.consultations import consultations
from core.store.engine import reading
from core.store.estimates import ESTIMATES
from core.store.wishes import wish_events
from tests.support.databases import a_postgres_server
from tests.support.reader import Reader
from tests.support.running import RunningServer
from tests.support.site import Site, running_site, status_of
from tests.support.waiting import wait_until

SAKAI = "271403"


# Notes that the browser ever showed a dialog: "connection error" goes away again by itself. A box
# that a button of the screen opened has that role, too.
_DIALOGS = """new MutationObserver(() => {
  const shown = document.querySelector("[role=dialog]:not([data-testid=stPopoverBody])")
  if (shown) sessionStorage.setItem("dialogs", shown.innerText)
}).observe(document, { subtree: true, childList: true })"""


@pytest.fixture
def size() -> str:
    return "wide"


@pytest.fixture(scope="module")
def site(
    browser: Browser,
    tmp_path_factory: pytest.TempPathFactory,
    day: date | None,
    extra: Mapping[str, str],
) -> Iterator[Site]:
    with a_postgres_server() as postgres:
        database = make_url(postgres.get_uri()).set(drivername="postgresql+psycopg")
        with running_site(tmp_path_factory.mktemp("site"), day, extra, database) as running:
            yield running


@pytest.fixture(scope="module")
def server(site: Site) -> RunningServer:
    return site.server


def route(reader: Reader) -> str:
    """The letter of the server this browser belongs to."""
    cookies = {each["name"]: each["value"] for each in reader.page.context.cookies()}
    return cookies["noriai_route"]


def moved(reader: Reader, letter: str) -> None:
    """Until another server has taken the browser up."""
    wait_until(
        lambda: reader.page.wait_for_timeout(50) or route(reader) != letter, "another server"
    )
    reader.settled()


def test_a_journey_goes_on_while_its_server_is_stopped_and_killed(
    site: Site, open_reader: Callable[[], Reader]
) -> None:
    reader = open_reader()
    page = reader.page
    page.add_init_script(_DIALOGS)
    account = site.server.add_account("tanto", Role.OFFICER, SAKAI)
    reader.sign_in_by_form(account)

    reader.open("plans?fy=2027&plans=6:12,4:11")
    reader.press("保存")
    page.get_by_label("試算の名前").fill("当初予算案")
    page.get_by_label("試算の名前").press("Tab")
    reader.settled()
    first = route(reader)
    site.end(first)  # as an upgrade does it
    moved(reader, first)
    expect(page.get_by_label("試算の名前")).to_have_value("当初予算案")
    reader.press("この試算を保存")
    expect(page.get_by_text("試算「当初予算案」を保存しました").first).to_be_visible()
    second = route(reader)
    assert {first, second} == {"a", "b"}

    site.begin(first)
    reader.open("plans?fy=2027&plans=6:12,4:11")  # whoever has a server stays there
    assert route(reader) == second
    reader.press("希望を提出")
    site.end(second, signal.SIGKILL)
    moved(reader, second)
    reader.press("2プランを「希望」として提出")
    expect(page.get_by_text("2プランを「希望」として提出しました").first).to_be_visible()
    reader.go("わがまち")
    expect(page.get_by_role("heading", name="堺市")).to_be_visible()
    assert page.evaluate("sessionStorage.getItem('dialogs')") is None
    reader.check(("tanto",))
    site.begin(second)

    with reading(site.server.engine) as session:
        kept = [each.name for each in ESTIMATES.all(session)]
        said = [(e.plan, e.state.value, e.visits) for e in wish_events(session, SAKAI)]
    assert kept == ["当初予算案"]
    assert said == [(4, "wished", 11), (6, "wished", 12)]


def test_what_was_typed_stays_and_a_file_the_new_server_does_not_have_is_asked_for(
    site: Site, open_reader: Callable[[], Reader]
) -> None:
    reader = open_reader()
    page = reader.page
    reader.sign_in_by_form(site.server.add_account("sodan", Role.OFFICER, SAKAI))
    reader.open("consultations")

    def attach() -> None:
        with page.expect_response("**/upload_file/**") as uploaded:
            page.locator("input[type=file]").first.set_input_files(
                [{"name": "見積.txt", "mimeType": "text/plain", "buffer": "一式 100円".encode()}]
            )
        assert uploaded.value.ok
        expect(page.get_by_text("見積.txt", exact=True).first).to_be_visible()

    question = page.get_by_label("相談内容", exact=False).first
    question.fill("導入事例を知りたい。")
    page.get_by_label("件名", exact=False).first.fill("公衆無線LAN")
    page.get_by_label("担当課(必須)").fill("DX推進課")
    page.get_by_label("担当者名(必須)").fill("山田")
    page.get_by_label("メールアドレス(必須)").fill("dx@city.example.lg.jp")
    theme = page.get_by_role("combobox", name="テーマ").first
    theme.press_sequentially("日常業務")
    page.get_by_role("option", name=re.compile("日常業務")).first.click()
    reader.settled()
    day = page.get_by_role("group", name="第1希望日")
    for part, digits in zip(("年", "月", "日"), ("2026", "12", "03"), strict=True):
        day.get_by_role("spinbutton", name=f"第1希望日の{part}").press_sequentially(digits)
    attach()
    gone = route(reader)
    site.end(gone, signal.SIGKILL)
    moved(reader, gone)
    expect(question).to_have_value("導入事例を知りたい。")

    expect(page.get_by_text("選んだファイルは届いていません")).to_be_visible()
    reader.settled()
    # As long as a hand holds a button: the day, whose field was off when it lost the focus, is taken
    # as the hand comes down, and a click in the same moment would send two runs, of which one counts.
    page.get_by_role("button", name="相談を申し込む").click(delay=100)
    expect(page.get_by_text("ファイルが届いていません。もう一度選ぶか")).to_be_visible()
    with reading(site.server.engine) as session:
        assert consultations(session, SAKAI) == []  # never without what was attached
    expect(question).to_have_value("導入事例を知りたい。")
    attach()  # on the server that holds the session now: an upload follows it
    reader.press("相談を申し込む")
    expect(page.get_by_text("相談を受け付けました")).to_be_visible()
    with reading(site.server.engine) as session:
        [kept] = consultations(session, SAKAI)
    assert [each.name for each in kept.attachments] == ["見積.txt"]
    assert kept.request.wished == (date(2026, 12, 3),)  # typed last, in the field when it went
    site.begin(gone)


def test_a_page_of_another_release_asks_to_be_loaded_anew(
    site: Site, open_reader: Callable[[], Reader], tmp_path: Path
) -> None:
    for folder in ("core", "dashboard", "pages", "data", ".streamlit"):
        shutil.copytree(PROJECT / folder, tmp_path / folder)
    with (tmp_path / "dashboard" / "assets" / "page.css").open("a", encoding="utf-8") as newer:
        newer.write("/* newer */")
    reader = open_reader()
    page = reader.page
    reader.open()
    older = route(reader)
    newer_letter = {"a": "b", "b": "a"}[older]
    site.end(newer_letter)
    site.begin(newer_letter, tmp_path)
    reader.open()
    assert route(reader) == older  # beside a newer server, the old page stays with the old one
    expect(page.get_by_text("新しい版に切り替わりました")).to_have_count(0)

    site.end(older)
    moved(reader, older)
    expect(page.get_by_text("新しい版に切り替わりました")).to_be_visible()
    page.get_by_role("button", name="再読み込み").click()
    expect(page.get_by_text("新しい版に切り替わりました")).to_have_count(0)
    reader.settled()
    expect(page.locator("meta[name='noriai-release']")).to_have_count(1)
    site.begin(older)
    site.end(newer_letter)
    site.begin(newer_letter)


def test_what_is_for_the_operator_is_not_there_and_plain_http_is_sent_on(site: Site) -> None:
    for path in ("healthz", "readyz", "metrics", "_stcore/metrics"):
        assert status_of(f"{site.server.address}/{path}") == 404


def test_without_any_server_the_page_says_so_in_japanese(
    site: Site, open_reader: Callable[[], Reader]
) -> None:
    for letter in ("a", "b"):
        site.end(letter)
    reader = open_reader()
    answer = reader.page.goto(site.server.address)
    assert answer is not None
    assert answer.status == 502
    expect(reader.page.get_by_role("heading", name="ただいま画面を表示できません")).to_be_visible()
    for letter in ("a", "b"):
        site.begin(letter)
    reader.open()
    expect(reader.page.get_by_role("heading", name="GovTech大阪 乗合")).to_be_visible()
    assert urlsplit(reader.page.url).scheme == "https"
