"""Anybody looks up who takes part: by map, by day, by system, and who resembles whom."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Locator, expect

from core.access.principal import Role
from tests.support.reader import Reader
from tests.support.running import RunningServer

SYSTEMS = ("hokihosting", "prs", "aplus")
SAKAI = "271403"


def shapes(reader: Reader) -> Locator:
    return reader.page.locator(".noriai-map path")


def query(reader: Reader) -> dict[str, list[str]]:
    return parse_qs(urlsplit(reader.page.url).query)


def test_the_public_reads_the_map_and_opens_a_municipality(reader: Reader) -> None:
    reader.open("procurement?as_of=2023-06-30")
    expect(shapes(reader)).to_have_count(43)
    reader.shot("procurement", allowed=SYSTEMS)
    shapes(reader).filter(has_text="堺市:").click(force=True)
    expect(reader.page.get_by_role("heading", name="堺市の履歴")).to_be_visible()
    reader.settled()
    assert query(reader)["municipality"] == [SAKAI]
    reader.shot("procurement-history", allowed=SYSTEMS)


def test_a_link_reproduces_the_screen_and_a_wrong_one_is_explained(
    open_reader: Callable[[], Reader],
) -> None:
    first = open_reader()
    first.open(f"procurement?programme=econtract&as_of=2023-09-30&municipality={SAKAI}&area=泉北")
    expect(first.page.get_by_role("heading", name="堺市の履歴")).to_be_visible()
    first.page.get_by_text("この画面のリンク").click()
    link = first.page.get_by_label("アドレス", exact=True).input_value()
    second = open_reader()
    second.open(link)
    expect(second.page.get_by_role("heading", name="堺市の履歴")).to_be_visible()
    assert query(second) == query(first)
    third = open_reader()
    third.open("procurement?programme=fax&as_of=2020-01-01")
    expect(third.page.get_by_role("alert").filter(has_text="リンクの")).to_have_count(1)
    third.shot("procurement-wrong-link", allowed=("fax", *SYSTEMS), whole=False)


def test_every_tab_is_japanese_and_fits(reader: Reader) -> None:
    reader.open(f"procurement?as_of=2023-06-30&municipality={SAKAI}")
    for number, tab in enumerate(("推移", "全システムの一覧", "内訳", "似た市町村"), start=1):
        reader.choose_tab(tab)
        reader.shot(f"procurement-{number}", allowed=SYSTEMS)
        assert "似た市町村" in reader.page.get_by_role("tablist").first.inner_text()


def test_before_the_first_participation_nothing_is_claimed(reader: Reader) -> None:
    reader.open("procurement?as_of=2021-04-30")
    expect(reader.page.get_by_role("heading", name=re.compile("不明 43"))).to_be_visible()
    reader.shot("procurement-before", allowed=SYSTEMS)
    reader.open("procurement?programme=docs&as_of=2023-06-30")
    expect(reader.page.get_by_text(re.compile("うち名前がわかるのは0団体"))).to_be_visible()
    expect(reader.page.get_by_role("heading", name=re.compile("参加 43"))).to_have_count(0)
    reader.shot("procurement-unnamed", allowed=SYSTEMS)


def test_an_officer_sees_the_likes_of_the_own_municipality(
    reader: Reader, server: RunningServer
) -> None:
    reader.sign_in(server.add_account(f"sakai-{reader.size}", Role.OFFICER, SAKAI))
    reader.open("procurement")
    reader.choose_tab("似た市町村")
    expect(
        reader.page.get_by_role("heading", name="堺市に似た市町村と自治体専用チャットツール")
    ).to_be_visible()
    expect(reader.page.get_by_label("記録の時点")).to_have_count(0)
    reader.shot("procurement-officer", allowed=(*SYSTEMS, "sakai", "wide"))
