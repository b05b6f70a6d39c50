"""The secretariat reads its numbers, asks where one comes from, sets an alert, takes files along."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from core.access.principal import CONSOLE, Role
from core.commands.kpi import set_target
from core.commands.wishes import hand_in_wishes
from core.estimate.request import EstimateRequest, PlanChoice
from core.figures.alert import AlertKind
from core.support.wish import WishState
from core.values.fiscal import JAPAN
from tests.support.reader import Reader
from tests.support.reference import REFERENCE
from tests.support.running import RunningServer

SAKAI = "271403"
JUNE = "as_of=2023-06-30"


@pytest.fixture(scope="module")
def day() -> date:
    return date(2023, 6, 30)


def query(reader: Reader) -> dict[str, list[str]]:
    return parse_qs(urlsplit(reader.page.url).query)


def wished(server: RunningServer) -> None:
    hand_in_wishes(
        server.engine,
        CONSOLE,
        lg_code=SAKAI,
        request=EstimateRequest(2023, (PlanChoice(6, 12), PlanChoice(4, 11))),
        state=WishState.WISHED,
        reference=REFERENCE,
        seen={},
        request_id="wish",
        now=datetime(2023, 6, 20, 10, tzinfo=JAPAN),
    )


def allowed(reader: Reader) -> tuple[str, ...]:
    return ("office", "viewer", "sakai", "console", reader.size)


def test_cards_lead_to_the_history_and_the_rows_behind_a_number(
    reader: Reader, server: RunningServer
) -> None:
    wished(server)
    reader.sign_in(server.add_account(f"office-{reader.size}", Role.SECRETARIAT))
    reader.open("kpi?compared_with=2023-02-28")
    expect(reader.page.get_by_role("heading", name="事務局KPI")).to_be_visible()
    reader.shot("kpi-cards", allowed=allowed(reader))
    reader.page.get_by_role("button", name="推移・内訳").first.click()  # チャット
    reader.settled()
    expect(reader.page.get_by_role("heading", name="チャット: 参加", exact=True)).to_be_visible()
    assert query(reader)["indicator"] == ["chat_paid"]
    # 22 by name, and what was published beyond them
    expect(reader.page.get_by_text("23行の合計が上の数字 34団体 です。")).to_be_visible()
    reader.shot("kpi-detail", allowed=(*allowed(reader), "prs", "lis", "jlis"))
    expect(reader.page.get_by_text("参加していないことを示す")).to_have_count(0)


def test_the_week_names_whom_it_is_about_and_leads_to_where_it_is_settled(
    reader: Reader, server: RunningServer
) -> None:
    reader.sign_in(server.add_account(f"office-week-{reader.size}", Role.SECRETARIAT))
    reader.open("kpi")
    expect(reader.page.get_by_role("tab", name="今週")).to_have_attribute("aria-selected", "true")
    expect(reader.page.get_by_text("意向あり・委任状未着")).to_be_visible()
    reader.shot("kpi-week", allowed=allowed(reader))
    row = reader.page.locator("[data-key=mandate_missing]")
    row.get_by_text("名前と定義").click()
    expect(row.locator("dl").get_by_text("富田林市", exact=False).first).to_be_visible()
    reader.page.keyboard.press("Escape")
    row.get_by_role("link", name="委任状を記録する").click()
    expect(reader.page.get_by_role("heading", name="参加台帳")).to_be_visible()


def test_a_link_reproduces_the_question_and_a_wrong_one_is_explained(
    open_reader: Callable[[], Reader], server: RunningServer
) -> None:
    first = open_reader()
    first.sign_in(server.add_account(f"office-link-{first.size}", Role.SECRETARIAT))
    set_target(
        server.engine,
        CONSOLE,
        indicator="chat_paid",
        day=date(2024, 3, 31),
        value=33,
        note="令和5年2月の計画",
        seen_row=0,
        reference=REFERENCE,
        request_id=f"target-{first.size}",
        now=server.now(),
    )
    first.open("kpi?indicator=talent_subsidy&area=泉北&span=year")
    expect(first.page.get_by_role("heading", name="希望の府補助金", exact=True)).to_be_visible()
    assert query(first)["area"] == ["泉北"]
    first.shot("kpi-link", allowed=(*allowed(first), "link"))
    first.open("kpi?indicator=chat_paid")
    expect(first.page.get_by_role("heading", name="チャット: 参加", exact=True)).to_be_visible()
    first.shot("kpi-published", allowed=(*allowed(first), "link", "prs", "lis", "jlis"))
    first.open("kpi?indicator=fax&area=東京")
    expect(first.page.get_by_role("alert").filter(has_text="リンクの指標")).to_have_count(1)
    assert "indicator" not in query(first)


def test_an_alert_is_set_shown_and_on_the_home_screen(
    reader: Reader, server: RunningServer
) -> None:
    reader.sign_in(server.add_account(f"office-alert-{reader.size}", Role.SECRETARIAT))
    reader.open("kpi")
    reader.choose_tab("アラート・目標")
    reader.page.get_by_text("アラートを設定する").click()
    reader.page.get_by_role("button", name="この条件で監視する").click()
    reader.settled()
    expect(reader.page.get_by_text("アラートを設定しました。", exact=True)).to_be_in_viewport()
    expect(reader.page.get_by_text("参加の記録がない団体は21団体です。")).to_be_visible()
    reader.shot("kpi-alerts", allowed=(*allowed(reader), "alert"))
    reader.open("home")
    expect(reader.page.get_by_text("参加の記録がない団体は21団体です。")).to_be_visible()
    assert AlertKind.BUDGET_SHARE.label not in reader.page.get_by_test_id("stMain").inner_text()


def test_files_are_made_for_the_day_on_screen(reader: Reader, server: RunningServer) -> None:
    reader.sign_in(server.add_account(f"office-files-{reader.size}", Role.SECRETARIAT))
    reader.open("kpi")
    reader.choose_tab("資料の書き出し")
    for label, name in (
        ("Excel", "KPI_2023-06-30.xlsx"),
        ("会議資料", "会議資料_2023-06-30.pptx"),
        ("訪問用の1枚", "訪問_大阪市_2023-06-30.pdf"),
    ):
        with reader.page.expect_download() as download:
            reader.page.get_by_role("button", name=label, exact=True).click()
        assert download.value.suggested_filename == name
        assert download.value.path().stat().st_size > 5_000
    reader.shot("kpi-files", allowed=(*allowed(reader), "files"))


def test_a_viewer_reads_but_sets_nothing(reader: Reader, server: RunningServer) -> None:
    reader.sign_in(server.add_account(f"viewer-{reader.size}", Role.VIEWER))
    reader.open("kpi")
    reader.choose_tab("アラート・目標")
    expect(reader.page.get_by_text("アラートを設定する")).to_have_count(0)
    reader.choose_tab("資料の書き出し")
    expect(reader.page.get_by_text("訪問用の1枚")).to_have_count(0)


def test_an_officer_sees_the_like_ones_beside_the_own_municipality(
    reader: Reader, server: RunningServer
) -> None:
    reader.sign_in(server.add_account(f"sakai-{reader.size}", Role.OFFICER, SAKAI))
    reader.open("our_municipality")
    expect(reader.page.get_by_role("heading", name="似た市町村との比較")).to_be_visible()
    reader.shot("kpi-peers", allowed=allowed(reader))
    reader.open("kpi")
    expect(reader.page.get_by_role("heading", name="この画面は開けません")).to_be_visible()
