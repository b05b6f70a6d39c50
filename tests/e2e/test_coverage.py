"""The secretariat says that the ledger names everyone, and takes it back; every reader sees it."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from core.access.principal import Role
from tests.support.reader import Reader
from tests.support.running import RunningServer

SYSTEMS = ("hokihosting", "prs", "aplus")
NAMES = ("office", "wide", *SYSTEMS)


def choose(reader: Reader, label: str, option: str) -> None:
    box = reader.page.get_by_role("combobox", name=label, exact=False).first
    box.click()
    box.fill(option)
    reader.page.get_by_role("option", name=option, exact=True).first.click()
    reader.settled()


def fill(reader: Reader, label: str, words: str) -> None:
    field = reader.page.get_by_label(label, exact=True)
    field.fill(words)
    field.press("Tab")
    reader.settled()


def headline(reader: Reader, key: str, shown: str, state: str) -> None:
    """The public's screen: the sentence above, what a municipality without a record is below."""
    reader.open(f"procurement?programme={key}")
    expect(reader.page.get_by_text(re.compile(shown))).to_be_visible()
    expect(reader.page.get_by_role("heading", name=re.compile(f"{state} 43"))).to_be_visible()
    other = {"不明": "不参加", "不参加": "不明"}[state]
    expect(reader.page.get_by_role("heading", name=re.compile(f" {other} "))).to_have_count(0)


def test_coverage_turns_the_published_headline_into_the_ledgers_and_back(
    open_reader: Callable[[], Reader], server: RunningServer
) -> None:
    office, public = open_reader(), open_reader()
    key, name, published, number = "eapply", "電子申請システム", "35団体", "35"
    headline(public, key, f"{published}が参加\\(公表、令和5年6月1日\\)", "不明")
    public.shot("coverage-published", allowed=SYSTEMS)
    hatched = public.page.locator(".noriai-map path[fill='url(#noriai-map-unknown)']")
    expect(hatched).to_have_count(43)
    assert public.page.locator("pattern#noriai-map-unknown").count() == 1

    office.sign_in(server.add_account(f"office-{office.size}", Role.SECRETARIAT))
    office.open("ledger")
    office.choose_tab("網羅")
    choose(office, "共同調達と版", f"{name}(有償版)")
    expect(office.page.get_by_text(re.compile(f"いまは{published}"))).to_be_visible()
    fill(office, "出典", "令和8年11月20日付け 全市町村への照会の回答")
    declare = office.page.get_by_role("button", name="網羅を宣言する")
    declare.click()
    expect(office.page.get_by_role("alert").filter(has_text=f"公表値は{published}")).to_be_visible()
    headline(public, key, f"{published}が参加", "不明")  # a refusal changed nothing

    fill(office, "備考", f"公表の{number}団体は廃止した見積りによる")
    office.shot("coverage-declare", allowed=NAMES)
    declare.click()
    expect(office.page.get_by_text("網羅を宣言しました")).to_be_visible()
    office.settled()
    office.shot("coverage-declared", allowed=NAMES)
    headline(public, key, r"0団体が参加\(台帳、令和8年11月24日\)", "不参加")
    public.shot("coverage-complete", allowed=SYSTEMS)
    expect(hatched).to_have_count(0)
    public.choose_tab("推移")
    told = public.page.get_by_role("paragraph").filter(has_text="最も新しい公表値")
    expect(told).to_be_visible()

    fill(office, "出典", "一部の回答が届いていないため")
    office.page.get_by_role("button", name="宣言を取り下げる").click()
    expect(office.page.get_by_text("宣言を取り下げました")).to_be_visible()
    office.settled()
    history = office.page.locator(".noriai-table").last
    expect(history.get_by_text("宣言を取下げ")).to_be_visible()
    expect(history.get_by_text("網羅を宣言", exact=True)).to_be_visible()
    headline(public, key, f"{published}が参加\\(公表", "不明")
