"""The secretariat opens the next year by itself, and an officer computes with what it offers."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from core.access.principal import Role
from core.values.fiscal import FiscalYear
from tests.support.reader import Reader
from tests.support.running import RunningServer

YEAR = FiscalYear(2027)
ENGLISH = ("office", "wide", "jirei", "genai", "url")


def confirmed(reader: Reader, name: str | re.Pattern[str]) -> None:
    """A button that asks in a dialog, and the answer that does it."""
    reader.page.get_by_role("button", name=name).first.click()
    reader.settled()
    box = reader.page.get_by_role("dialog")
    box.get_by_role("button", name=name).click()
    expect(box).to_have_count(0)
    reader.settled()


def test_the_secretariat_opens_the_next_year_and_an_officer_computes_with_it(
    open_reader: Callable[[], Reader], server: RunningServer
) -> None:
    office, public = open_reader(), open_reader()
    office.sign_in(server.add_account(f"office-{office.size}", Role.SECRETARIAT))
    office.open("catalogue")
    office.shot("catalogue", allowed=ENGLISH)
    office.press("次の年度をひらく")
    office.press("下書きをつくる")
    expect(office.page.get_by_text(f"{YEAR.label}は下書きです")).to_be_visible()
    expect(office.page.get_by_role("button", name="公開する")).to_be_disabled()

    office.press("支援プランを加える")
    for label, text in (
        ("プラン番号(必須)", "8"),
        ("名称(必須)", "生成AI活用支援プラン"),
        ("短い呼び名(12字まで、図表の見出しに使う)(必須)", "生成AI"),
        ("支援の内容(必須)", "生成AIの使い方の支援"),
        ("1回あたりの費用(円)", "12.5"),
    ):
        office.type(label, text)
    source = office.page.get_by_role("combobox", name="出典(必須)", exact=False)
    source.click()
    source.fill("参考事例集")
    office.page.get_by_role("option").first.click()
    office.settled()
    office.press("この年度のものとして記録する")
    expect(office.page.get_by_text(re.compile("円に満たない"))).to_be_visible()
    office.type("1回あたりの費用(円)", "12万")
    office.press("この年度のものとして記録する")
    expect(office.page.get_by_text("支援プランを記録しました")).to_be_visible()
    office.shot("catalogue-draft", allowed=ENGLISH)

    public.open(f"plans?fy={int(YEAR)}")
    expect(public.page.get_by_text("生成AI活用支援プラン")).to_have_count(0)
    confirmed(office, re.compile("すべて引き継ぐ"))
    confirmed(office, "公開する")
    expect(office.page.get_by_text(f"{YEAR.label}のカタログを公開しました")).to_be_visible()

    public.open(f"plans?fy={int(YEAR)}&plans=8:6")
    expect(public.page.get_by_text("生成AI活用支援プラン").first).to_be_visible()
    expect(public.page.get_by_text(re.compile("720,000円")).first).to_be_visible()
    public.shot("plans-next-year", allowed=ENGLISH)
    public.open("plans?fy=2023")
    expect(public.page.get_by_text("生成AI活用支援プラン")).to_have_count(0)
