"""The officer's first quarter of an hour: choose plans, see what they cost, take it to 財政課."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
from playwright.sync_api import Locator, expect

from tests.support.reader import Reader

NET = "一般財源(実質の負担)"


def net(reader: Reader) -> Locator:
    """The figure everything is about."""
    return reader.page.get_by_test_id("stMetric").filter(has_text=NET)


def amounts(reader: Reader) -> dict[str, list[str]]:
    """The amounts table on screen: 円 and 千円 by row."""
    rows = reader.page.get_by_role("table").first.get_by_role("row").all()
    cells = [[cell.inner_text().strip() for cell in row.locator("th, td").all()] for row in rows]
    return {row[0]: row[1:] for row in cells}


def test_a_stranger_gets_from_plans_to_a_budget_request(
    open_reader: Callable[[], Reader], tmp_path: Path
) -> None:
    reader = open_reader()
    page = reader.page
    reader.open("plans")
    expect(page.get_by_role("button", name="予算要求書(Excel)を作る")).to_be_disabled()
    reader.shot("plans-0-nothing-chosen")

    reader.tick("6. BPR支援プラン")
    reader.tick("4. セキュリティポリシー改定等支援プラン")
    expect(net(reader)).to_contain_text("1,200,000円")
    expect(page.get_by_text("100,000円 × 12回 × 2プラン = 2,400,000円")).to_be_visible()
    assert amounts(reader)["＝ 一般財源"] == ["1,200,000", "1,200"]
    reader.shot("plans-1-first-sight", whole=False)
    if reader.size == "wide":  # the answer stands beside the choice, without scrolling
        expect(net(reader)).to_be_in_viewport(ratio=1)
        expect(page.get_by_role("button", name="予算要求書(Excel)を作る")).to_be_in_viewport()
    reader.shot("plans-2-chosen")

    reader.choose("開始月", "10月")
    reader.press("プランごとに変える")
    reader.type("プラン4 ポリシー改定(回/年)", "11")
    expect(net(reader)).to_contain_text("1,150,000円")
    page.keyboard.press("Escape")
    assert amounts(reader) == {
        "": ["円", "千円"],
        "歳出": ["2,300,000", "2,300"],
        "− 府補助金": ["1,150,000", "1,150"],
        "＝ 一般財源": ["1,150,000", "1,150"],
    }

    reader.press("前提と出典")
    expect(page.get_by_text("公表(検討中)").last).to_be_visible()
    reader.shot("plans-3-premises", whole=False)
    page.keyboard.press("Escape")

    for number, title in enumerate(
        ("三つの場合", "月別", "年度別", "上限から選ぶ", "条件を変えて試す", "保存・希望の提出")
    ):
        reader.choose_tab(title)
        reader.shot(f"plans-tab-{number}")
    expect(page.get_by_role("link", name="サインインへ進む")).to_be_visible()

    reader.choose_tab("三つの場合")
    cases = page.get_by_role("table").filter(has_text="補助なし").inner_text()
    assert "2,300,000" in cases
    reader.choose_tab("月別")
    expect(page.get_by_text("令和9年度は6か月で23回")).to_be_visible()
    page.get_by_text("月別の表").click()
    expect(page.get_by_role("rowheader", name="2028年3月")).to_be_visible()
    reader.shot("plans-4-months-table")
    reader.choose_tab("上限から選ぶ")
    reader.type("一般財源の上限(円)", "600000")
    expect(page.get_by_text("最も多いのは1プラン")).to_be_visible()
    reader.type("一般財源の上限(円)", "100")
    expect(page.get_by_text("この上限に収まる組合せはありません")).to_be_visible()

    with page.expect_download() as download:
        page.get_by_role("button", name="予算要求書(Excel)を作る").click()
    path = tmp_path / "request.xlsx"
    download.value.save_as(path)
    assert re.fullmatch(r"予算要求書_.*\.xlsx", download.value.suggested_filename)
    book = openpyxl.load_workbook(path, data_only=True)
    written = {cell.value for row in book["予算要求書"].iter_rows() for cell in row}
    for row in ("歳出", "− 府補助金", "＝ 一般財源"):
        for shown in amounts(reader)[row]:
            assert int(shown.replace(",", "")) in written
    texts = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row]
    [link] = {text for text in texts if re.fullmatch(r"http://127\.0\.0\.1:\d+/plans\?\S+", text)}

    another = open_reader()
    another.open(link)
    expect(net(another)).to_contain_text("1,150,000円")
    assert amounts(another) == amounts(reader)
    expect(another.page.get_by_role("combobox", name="開始月")).to_have_value("10月")


def test_a_link_that_makes_no_sense_is_explained_and_computes_nothing_wrong(
    reader: Reader,
) -> None:
    reader.open("plans?fy=2027&plans=6:99,42:1&start=13")
    expect(reader.page.get_by_text("プラン42はありません")).to_be_visible()
    expect(reader.page.get_by_text("回数99は使えません")).to_be_visible()
    expect(net(reader)).to_contain_text("600,000円")
    expect(reader.page.get_by_text("9,900,000")).to_have_count(0)
    reader.shot("plans-5-broken-link")
