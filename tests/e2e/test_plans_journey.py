"""The officer's first quarter of an hour: choose plans, see what they cost, take it to 財政課."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Locator, expect

from core.access.principal import Role
from core.store.engine import reading
from core.store.wishes import wish_events
from tests.support.actions import Actions
from tests.support.reader import BOTH, Reader
from tests.support.running import RunningServer

WORKBOOK = "予算要求書(Excel)を作る"
TOWNS = {"wide": ("271403", "堺市"), "narrow": ("272108", "枚方市")}


def bar(reader: Reader) -> Locator:
    """What is in sight at the foot, wherever one is."""
    return reader.page.get_by_role("region", name="試算の結果")


def net(reader: Reader) -> Locator:
    """The figure everything is about."""
    return bar(reader).locator(".big b")


def amounts(reader: Reader) -> dict[str, list[str]]:
    """The rows of the breakdown on screen."""
    rows = reader.page.get_by_role("table").first.get_by_role("row").all()
    cells = [[cell.inner_text().strip() for cell in row.locator("th, td").all()] for row in rows]
    return {row[0]: row[1:] for row in cells}


@pytest.mark.parametrize("size", BOTH)
def test_from_the_landing_page_to_a_workbook_in_four_actions_without_an_account(
    reader: Reader, tmp_path: Path
) -> None:
    page = reader.page
    reader.open()
    actions = Actions(reader)
    actions.click(page.get_by_role("link", name="予算要求書をつくる"))
    row = page.get_by_test_id("stCheckbox").filter(has_text="6. BPR支援プラン")
    expect(row).to_contain_text("年額 1,200,000円")
    expect(row).to_contain_text("団体の負担 600,000円")
    expect(page.get_by_role("button", name=WORKBOOK)).to_be_disabled()
    actions.choose("団体", "能勢町")
    actions.tick("6. BPR支援プラン")
    actions.sees(net(reader))
    actions.sees(bar(reader).get_by_text("令和5年度の値を準用した"))
    actions.sees(bar(reader).get_by_text("仮", exact=True))
    actions.sees(page.get_by_role("button", name=WORKBOOK))
    with page.expect_download() as download:
        actions.press(WORKBOOK)
    assert actions.done <= 4
    path = tmp_path / "request.xlsx"
    download.value.save_as(path)
    assert "能勢町" in download.value.suggested_filename
    book = openpyxl.load_workbook(path, data_only=True)
    assert "能勢町" in {cell.value for row in book["予算要求書"].iter_rows() for cell in row}


@pytest.mark.parametrize("size", BOTH)
def test_a_wish_is_handed_in_with_its_receipt_in_sight(
    server: RunningServer, reader: Reader
) -> None:
    page = reader.page
    lg_code, name = TOWNS[reader.size]
    reader.sign_in(server.add_account(f"kibo-{reader.size}", Role.OFFICER, lg_code))
    reader.open("plans")
    actions = Actions(reader)
    actions.tick("7. システム関連費用精査")
    expect(bar(reader)).to_contain_text(f"{name}の負担")
    actions.press("希望を提出")
    actions.sees(page.get_by_text("現在 未回答"))
    actions.press("1プランを「希望」として提出")
    receipt = page.get_by_test_id("stAlertContentSuccess")
    expect(receipt).to_have_text(re.compile(r"1プランを「希望」として提出しました.*受領番号 \d+"))
    actions.sees(receipt)
    actions.sees(page.get_by_role("link", name="わがまちで状態を見る"))
    assert actions.done <= 3
    expect(page.get_by_role("button", name="希望を提出")).to_have_count(0)
    expect(page.get_by_role("button", name="提出を変更")).to_be_visible()
    reader.shot("plans-handed-in", whole=False)
    with reading(server.engine) as session:
        assert [(e.plan, e.visits) for e in wish_events(session, lg_code)] == [(7, 12)]


def test_a_stranger_gets_from_plans_to_a_budget_request(
    open_reader: Callable[[], Reader], tmp_path: Path
) -> None:
    reader = open_reader()
    page = reader.page
    reader.open("plans")
    reader.shot("plans-0-nothing-chosen")

    reader.tick("6. BPR")
    reader.tick("4. セキュリティポリシー改定等支援プラン")
    expect(net(reader)).to_have_text("1,200,000円")
    expect(net(reader)).to_be_in_viewport(ratio=1)
    expect(page.get_by_text("毎月同じで、2回")).to_be_attached()
    expect(page.get_by_test_id("stVegaLiteChart")).to_have_count(0)
    reader.shot("plans-1-first-sight", whole=False)

    reader.type("プラン4の年間回数", "13")
    expect(bar(reader)).to_contain_text("直す前")
    expect(page.get_by_role("button", name=WORKBOOK)).to_be_disabled()
    expect(page.get_by_text("「13」は使えません。1回から12回まで")).to_be_visible()
    reader.shot("plans-3-wrong", whole=False)
    reader.choose("開始月", "10月")
    reader.type("プラン4の年間回数", "十一回")
    expect(net(reader)).to_have_text("1,150,000円")
    shown = amounts(reader)
    assert shown["合計"] == ["", "2,300,000円", "1,150,000円", "1,150,000円"]
    assert shown["千円(予算書の単位)"] == ["", "2,300", "1,150", "1,150"]
    expect(page.get_by_text("令和9年度は6か月で23回")).to_be_visible()
    expect(page.get_by_role("rowheader", name="2028年3月")).to_be_attached()

    for number, title in enumerate(("計算の過程", "条件を変えて試す", "上限から選ぶ")):
        reader.choose_tab(title)
        expect(net(reader)).to_be_in_viewport(ratio=1)
        reader.shot(f"plans-tab-{number}")
    reader.type("一般財源の上限(円)", "60万")
    expect(page.get_by_text("60万 = 600,000円")).to_be_visible()
    expect(page.get_by_text("最も多いのは1プラン")).to_be_visible()
    reader.type("一般財源の上限(円)", "50万")
    expect(page.get_by_text("プラン4だけなら")).to_have_count(0)
    reader.type("一般財源の上限(円)", "1万")
    expect(page.get_by_text("1回分も収まりません")).to_be_visible()
    reader.page.reload()  # the tab has an address
    reader.settled()
    expect(page.get_by_role("tab", name="上限から選ぶ")).to_have_attribute("aria-selected", "true")
    reader.choose_tab("内訳")
    shown = amounts(reader)

    with page.expect_download() as download:
        page.get_by_role("button", name=WORKBOOK).click()
    path = tmp_path / "request.xlsx"
    download.value.save_as(path)
    assert re.fullmatch(r"予算要求書_.*\.xlsx", download.value.suggested_filename)
    book = openpyxl.load_workbook(path, data_only=True)
    written = {cell.value for row in book["予算要求書"].iter_rows() for cell in row}
    for amount in (*shown["合計"][1:], *shown["千円(予算書の単位)"][1:]):
        assert int(amount.strip("円").replace(",", "")) in written
    texts = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row]
    [link] = {text for text in texts if re.fullmatch(r"http://127\.0\.0\.1:\d+/plans\?\S+", text)}

    page.emulate_media(media="print")
    expect(page.locator(".noriai-printed")).to_be_visible()
    expect(page.locator(".noriai-printed")).to_contain_text("一般財源 1,150,000円")
    for hidden in (
        page.get_by_test_id("stSidebar"),
        bar(reader),
        page.get_by_test_id("stCheckbox"),
    ):
        expect(hidden.first).not_to_be_visible()

    another = open_reader()
    another.open(link)
    expect(net(another)).to_have_text("1,150,000円")
    assert amounts(another) == shown
    expect(another.page.get_by_role("combobox", name="開始月")).to_have_value("10月")


def test_a_link_that_makes_no_sense_is_explained_and_computes_nothing_wrong(
    reader: Reader,
) -> None:
    reader.open("plans?fy=2027&plans=6:99,42:1&start=13")
    expect(reader.page.get_by_text("プラン42はありません")).to_be_visible()
    expect(reader.page.get_by_text("回数99は使えません")).to_be_visible()
    expect(net(reader)).to_have_text("600,000円")
    expect(reader.page.get_by_text("9,900,000")).to_have_count(0)
    reader.shot("plans-5-broken-link")
