"""The secretariat keeps the ledger: records, corrects, takes a file over, hands one out."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import expect

from core.access.principal import CONSOLE, Role
from core.commands.ledger import record_participation
from core.procurement.event import EventKind
from core.procurement.recording import Entry
from core.store.engine import reading
from core.store.ledger import ledger_events
from core.values.fiscal import parse_date
from tests.support.actions import Actions
from tests.support.reader import BOTH, Reader
from tests.support.reference import REFERENCE
from tests.support.running import RunningServer

NAMES = ("office", "wide", "narrow", "jimukyoku", "data", "hodo", "prs", "aplus", "xlsx")
CSV = (
    "団体名,共同調達,種類,適用日,出典\r\n"
    "四条畷市,docs,予定,令和8年度,回答書\r\n"
    "幻市,docs,予定,令和8年度,回答書\r\n"
)

_numbers = count(1)


def recorded(server: RunningServer) -> int:
    with reading(server.engine) as session:
        return len(list(ledger_events(session)))


def opened(reader: Reader, server: RunningServer) -> Reader:
    number = next(_numbers)
    reader.sign_in(server.add_account(f"office-{number}", Role.SECRETARIAT))
    reader.open("ledger")
    return reader


def choose(reader: Reader, label: str, option: str) -> None:
    box = reader.page.get_by_role("combobox", name=label, exact=False).first
    box.click()
    box.fill(option)
    reader.page.get_by_role("option", name=option, exact=True).first.click()
    reader.settled()


def test_a_record_goes_in_is_corrected_and_leaves_its_history(
    reader: Reader, server: RunningServer
) -> None:
    opened(reader, server)
    town = "能勢町"
    reader.choose_tab("記録する")
    choose(reader, "共同調達", "自治体専用チャットツール")
    choose(reader, "団体", town)
    choose(reader, "種類", "予定")
    before = recorded(server)
    day = reader.page.get_by_label("適用日")
    day.fill("きのう")
    day.press("Enter")
    expect(reader.page.get_by_text("日付として読めません")).to_be_visible()
    expect(reader.page.get_by_role("button", name="記録する")).to_be_disabled()
    day.fill("R8.11")
    day.press("Enter")
    expect(reader.page.get_by_text("令和8年11月と読みました(精度: 月まで)。")).to_be_visible()
    reader.page.get_by_label("出典").fill("令和8年11月20日付け 回答書")
    reader.page.get_by_label("出典").press("Enter")
    reader.settled()
    reader.shot("ledger-record", allowed=NAMES)
    reader.page.get_by_role("button", name="記録する").click()
    expect(
        reader.page.get_by_text(f"{town}の「予定」(令和8年11月)を記録番号").first
    ).to_be_visible()
    reader.settled()
    assert recorded(server) == before + 1

    reader.choose_tab("一覧・訂正")
    reader.page.locator(".stDataFrameGlideDataEditor").first.click(position={"x": 15, "y": 52})
    expect(reader.page.get_by_text("元の記録は消えません。")).to_be_visible()
    correcting = reader.page.get_by_label("適用日")
    correcting.fill("R8.12.1")
    correcting.press("Enter")
    expect(reader.page.get_by_text("適用日: 令和8年11月 → 令和8年12月1日")).to_be_visible()
    reader.shot("ledger-correct", allowed=NAMES)
    reader.page.get_by_role("button", name="訂正する").click()
    expect(reader.page.get_by_text("で訂正しました。").first).to_be_visible()
    reader.settled()
    expect(reader.page.locator(".noriai-table").get_by_text("で訂正済み")).to_be_visible()
    assert recorded(server) == before + 2
    reader.shot("ledger-corrected", allowed=NAMES)


MOST_ACTIONS = 6


@pytest.mark.parametrize("size", BOTH)
def test_eleven_overdue_plans_are_confirmed_in_six_actions_with_the_answer_in_view(
    reader: Reader, server: RunningServer
) -> None:
    programme = {"wide": "docs", "narrow": "eapply"}[reader.size]
    towns = [each for each in REFERENCE.municipalities if each.category == "一般市"][:11]
    now = server.now()
    foreseen, said_on = parse_date(f"{now:%Y-%m}"), parse_date(f"{now.year - 1}-04")
    for town in towns:
        record_participation(
            server.engine,
            CONSOLE,
            reference=REFERENCE,
            entry=Entry(
                town.lg_code, programme, EventKind.PLANNED, said_on, "回答書",
                target=foreseen,
            ),
            seen_event=0,
            request_id=f"plan-{programme}-{town.lg_code}",
            now=now,
        )  # fmt: skip
    before = recorded(server)
    reader.sign_in(server.add_account(f"office-{next(_numbers)}", Role.SECRETARIAT))
    reader.open()
    act = Actions(reader)
    duty = reader.page.locator(".noriai-card").filter(has_text="開始予定を過ぎて")
    act.click(duty.get_by_role("link", name="確認する"))
    act.press("すべて選ぶ")
    act.click(reader.page.get_by_role("radio", name="後乗り"))
    reader.type("出典(必須)", "参加状況の照会の回答")
    act.done += 1
    act.press("件を後乗りとして記録する")
    answer = reader.page.get_by_test_id("stAlertContentSuccess")
    said = answer.get_by_text("件を「後乗り」として記録しました")
    act.sees(said)
    assert act.done <= MOST_ACTIONS
    for town in towns:
        expect(said).to_contain_text(town.name)
    assert recorded(server) >= before + len(towns)
    reader.shot("ledger-overdue-done", allowed=NAMES)


def test_a_file_is_looked_at_row_by_row_before_anything_is_written(
    reader: Reader, server: RunningServer, tmp_path: Path
) -> None:
    opened(reader, server)
    before = recorded(server)
    reader.choose_tab("取り込み")
    reader.shot("ledger-import-empty", allowed=NAMES)
    file = tmp_path / "台帳.csv"
    file.write_bytes(CSV.encode("cp932"))
    reader.page.locator("input[type=file]").set_input_files(file)
    expect(reader.page.get_by_text("2行は、このままでは取り込めません")).to_be_visible()
    reader.shot("ledger-import", allowed=NAMES)
    assert recorded(server) == before

    town = "豊能町"
    mended = tmp_path / "台帳(直したもの).csv"
    mended.write_bytes(CSV.replace("幻市", town).encode())
    reader.page.locator("input[type=file]").set_input_files(mended)
    expect(reader.page.get_by_text("1行は、このままでは取り込めません")).to_be_visible()
    reader.settled()
    reader.page.get_by_text("団体名を読み替える").click()
    reader.settled()
    take = reader.page.get_by_role("button", name="行を取り込む")
    expect(take).to_be_enabled()
    take.click()
    expect(reader.page.get_by_text("行を取り込みました").first).to_be_visible()
    reader.settled()
    assert recorded(server) > before
    reader.shot("ledger-imported", allowed=NAMES)


def test_the_ledger_leaves_as_a_workbook(
    reader: Reader, server: RunningServer, tmp_path: Path
) -> None:
    opened(reader, server)
    reader.choose_tab("書き出し")
    with reader.page.expect_download() as waiting:
        reader.page.get_by_role("button", name="Excelで書き出す").click()
    path = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(path)
    book = openpyxl.load_workbook(path)
    assert book["参加台帳"].max_row == recorded(server) + 1
    reader.shot("ledger-export", allowed=NAMES)
    reader.choose_tab("後乗り募集")
    reader.shot("ledger-windows", allowed=NAMES)


def test_an_officer_finds_the_ledger_closed(reader: Reader, server: RunningServer) -> None:
    account = server.add_account(f"closed-{reader.size}", Role.OFFICER, "271403")
    reader.sign_in(account)
    reader.open("ledger")
    expect(reader.page.get_by_text("このアカウントの権限では見られない画面です")).to_be_visible()
    expect(reader.page.get_by_role("tab")).to_have_count(0)
