"""Boarding late, end to end: a window opens, an officer decides and states it, the office confirms."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import count
from pathlib import Path

import openpyxl
from playwright.sync_api import Locator, expect

from core.access.principal import CONSOLE, Role
from core.commands.boarding import close_boarding_window
from core.procurement.event import EventKind
from core.store.boarding import WINDOWS
from core.store.engine import reading
from core.store.ledger import events_of
from tests.support.reader import Reader
from tests.support.running import RunningServer

NAMES = ("office", "town", "wide", "hokihosting", "prs", "aplus")
HIRAKATA, OSAKA = "272108", "271004"

SHORT = "文書決裁"
MOST_ACTS = 3
"""From ホーム to 「記録しました」: the way in, an intention, a click."""
_NOTE = """() => {
  for (const kind of ["click", "change"])
    addEventListener(kind, event => {
      if (event.isTrusted) window.noteAct(`${kind} ${event.target.textContent || event.target.id}`)
    }, true)
}"""

_numbers = count(1)


def signed_in(
    open_reader: Callable[[], Reader], server: RunningServer, role: Role, lg_code: str | None = None
) -> Reader:
    reader = open_reader()
    name = "town" if lg_code else "office"
    reader.sign_in(server.add_account(f"{name}-{next(_numbers)}", role, lg_code))
    return reader


def windows(office: Reader) -> None:
    office.open("ledger")
    office.choose_tab("後乗り募集")


def boarding(town: Reader, programme: str, query: str = "") -> None:
    town.open(f"boarding?programme={programme}{query}")


def open_window(office: Reader, label: str) -> None:
    windows(office)
    office.page.get_by_text("新しい募集を登録する").click()
    office.choose("共同調達", label)
    office.page.get_by_label("出典(通知の日付・番号など)").fill("令和8年11月2日付け 府通知第88号")
    office.press("募集を始める")
    expect(told(office, f"{label}の令和9年度利用開始分の募集")).to_be_visible()
    office.settled()


def told(reader: Reader, words: str) -> Locator:
    """An answer to a click, as it is seen; it is read aloud elsewhere as well."""
    return reader.page.get_by_test_id("stAlertContentSuccess").filter(has_text=words)


def step(town: Reader, name: str) -> Locator:
    """A card of the six."""
    heading = town.page.get_by_role("heading", name=re.compile(rf"^\d\. {name}"))
    return town.page.locator("article").filter(has=heading)


def kinds(server: RunningServer, lg_code: str, programme: str) -> list[EventKind]:
    with reading(server.engine) as session:
        return [event.kind for event in events_of(session, lg_code, programme)]


@contextmanager
def acts(reader: Reader) -> Iterator[list[str]]:
    """What a hand did on the page meanwhile: every click and every field that was left changed."""
    done: list[str] = []
    reader.page.expose_function("noteAct", lambda act: done.append(act))
    reader.page.evaluate(_NOTE)
    yield done


def test_an_officer_boards_late_from_the_quotation_to_the_next_step(
    open_reader: Callable[[], Reader], server: RunningServer, tmp_path: Path
) -> None:
    programme, label = "docs", "文書管理・電子決裁システム"
    town = signed_in(open_reader, server, Role.OFFICER, HIRAKATA)
    boarding(town, programme)
    expect(town.page.get_by_text("後乗り募集はまだ登録されていません")).to_be_visible()
    expect(town.page.get_by_role("button", name=re.compile("と記録する"))).to_have_count(0)
    town.shot("boarding-0-no-window", allowed=NAMES)

    office = signed_in(open_reader, server, Role.SECRETARIAT)
    open_window(office, label)
    office.shot("boarding-1-window", allowed=NAMES)

    boarding(town, programme)
    expect(town.page.get_by_text(re.compile("令和9年度.*利用開始分を募集中"))).to_be_visible()
    town.type("標準価格の初期費用(円)", "1234567")
    town.type("標準価格の月額(円/月)", "98765")
    town.type("契約月数(必須)", "17")
    town.choose("利用開始月", "令和9年10月")
    saved = town.page.get_by_role("article").filter(has_text="共同調達で減る額")
    expect(saved).to_contain_text("874,063円")
    asked = town.page.locator("p").filter(has_text="令和9年度の要求額").first
    expect(asked).to_contain_text("1,280千円")
    town.shot("boarding-2-comparison", allowed=NAMES)
    for number, tab in enumerate(("累計", "待つ費用", "計算の過程", "前提・出典")):
        town.choose_tab(tab)
        town.shot(f"boarding-2-tab-{number}", allowed=NAMES)

    with town.page.expect_download() as download:
        town.page.get_by_role("button", name="予算要求書(Excel)を作る").click()
    path = tmp_path / "request.xlsx"
    download.value.save_as(path)
    assert "枚方市" in download.value.suggested_filename
    book = openpyxl.load_workbook(path, data_only=True)
    written = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}
    sections = re.findall(r"節\d+ [^、)]+ ([\d,]+)", asked.inner_text())
    shown = [int(number.replace(",", "")) for number in (*sections, "1,280", "874,063")]
    assert len(sections) >= 1
    assert sum(shown[: len(sections)]) == 1280
    assert set(shown) <= written
    [link] = {
        text
        for text in map(str, written)
        if re.fullmatch(r"http://127\S+boarding\S+monthly\S+", text)
    }
    another = open_reader()
    another.open(link)
    again = another.page.get_by_role("article").filter(has_text="共同調達で減る額")
    expect(again).to_contain_text("874,063円")

    town.open()
    with acts(town) as done:
        row = town.page.get_by_role("article").filter(has_text=f"{SHORT} 後乗りの募集")
        row.get_by_role("link", name="考える").click()
        town.settled()
        town.press("「予定」と記録する")
        expect(told(town, "後乗りに「予定」と記録しました")).to_be_in_viewport()
    assert len(done) <= MOST_ACTS, done
    town.settled()
    assert kinds(server, HIRAKATA, programme)[-1] is EventKind.PLANNED
    expect(step(town, "意向")).to_contain_text("済み")
    expect(step(town, "予算要求")).to_contain_text("▶ 次")
    town.press("「予算要求」を記録する")
    expect(step(town, "議決")).to_contain_text("▶ 次")
    town.shot("boarding-3-stated", allowed=NAMES)

    windows(office)
    expect(office.page.get_by_role("combobox", name="確認する市町村")).to_be_visible()
    who = office.page.get_by_role("combobox", name="確認する市町村")
    who.click()
    who.fill(f"枚方市 {label}")
    office.page.get_by_role("option", name=f"枚方市 {label}").click()
    office.settled()
    office.page.get_by_role("radio", name="委任状").click()
    office.settled()
    office.page.get_by_label("出典(文書の名称・日付など)").fill("令和8年11月24日付け 委任状")
    office.press("台帳に記録する")
    expect(told(office, f"枚方市の{label}に「委任状」")).to_be_visible()
    office.shot("boarding-4-confirmed", allowed=NAMES)

    boarding(town, programme)
    expect(step(town, "委任状")).to_contain_text("済み")
    expect(step(town, "契約")).to_contain_text("▶ 次")
    expect(town.page.get_by_role("button", name=re.compile("と記録する"))).to_have_count(0)
    town.shot("boarding-5-next", allowed=NAMES)
    assert kinds(server, HIRAKATA, programme)[-2:] == [EventKind.PLANNED, EventKind.MANDATE]


def test_what_is_stated_after_the_window_was_closed_is_refused_and_nothing_written(
    open_reader: Callable[[], Reader], server: RunningServer
) -> None:
    programme, label = "chat", "自治体専用チャットツール"
    office = signed_in(open_reader, server, Role.SECRETARIAT)
    open_window(office, label)
    town = signed_in(open_reader, server, Role.OFFICER, OSAKA)
    boarding(town, programme)
    expect(town.page.get_by_role("button", name=re.compile("と記録する"))).to_be_visible()
    before = kinds(server, OSAKA, programme)

    with reading(server.engine) as session:
        number = max(event.event_id for event in WINDOWS.all(session))
    close_boarding_window(
        server.engine,
        CONSOLE,
        window_id=number,
        last_day=date(2026, 11, 23),
        note="定員に達したため",
        request_id=f"close-{number}",
        now=server.now(),
    )
    town.press("と記録する")
    expect(town.page.get_by_text("記録していません。")).to_be_visible()
    expect(town.page.get_by_text("利用開始分の募集は中止になりました")).to_be_visible()
    assert kinds(server, OSAKA, programme) == before
    town.shot("boarding-6-refused", allowed=NAMES)
