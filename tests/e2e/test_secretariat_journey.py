"""The secretariat's morning: the count, a new account, an account that must go, a new fee."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from core.access.principal import CONSOLE, Principal, Role
from core.commands.wishes import hand_in_wishes
from core.estimate.request import EstimateRequest, PlanChoice
from core.support.wish import WishState
from core.views.administration import accounts_view
from tests.support.reader import Reader
from tests.support.reference import REFERENCE
from tests.support.running import RunningServer

SAKAI = "271403"
TABS = ("アカウント", "制度値", "監査記録")


def a_wish(server: RunningServer) -> None:
    hand_in_wishes(
        server.engine,
        Principal("sakai", "堺市 担当", Role.OFFICER, SAKAI),
        lg_code=SAKAI,
        request=EstimateRequest(2027, (PlanChoice(6, 12),)),
        state=WishState.WISHED,
        reference=REFERENCE,
        seen={},
        request_id="one wish",
        now=server.now(),
    )


def test_the_secretariat_sees_the_count_and_keeps_the_accounts(
    server: RunningServer, open_reader: Callable[[], Reader]
) -> None:
    office = open_reader()
    page = office.page
    a_wish(server)
    leaving = server.add_account(f"taishoku-{office.size}", Role.OFFICER, SAKAI)
    office.sign_in_by_form(server.add_account(f"jimu-{office.size}", Role.SECRETARIAT))
    office.open()
    expect(page.get_by_role("article").filter(has_text="希望以上の団体")).to_contain_text("1団体")
    office.shot("home-secretariat")

    officer = open_reader()
    officer.sign_in(leaving)
    officer.open("our_municipality")
    expect(officer.page.get_by_role("heading", name="堺市")).to_be_visible()

    office.go("管理")
    known = accounts_view(server.engine, CONSOLE, now=server.now()).accounts
    names = re.findall("[a-z]+", " ".join(["sakai", *(each.username for each in known)]))
    for number, title in enumerate(TABS):
        office.choose_tab(title)
        office.shot(f"administration-{number}", allowed=names)
    office.choose_tab("アカウント")
    page.get_by_label("ユーザー名(必須)", exact=True).fill(f"suita-{office.size}")
    page.get_by_label("表示名(必須)", exact=True).fill("吹田市 DX推進室")
    office.choose("市町村(市町村職員のとき)", "吹田市")
    office.press("追加する")
    expect(page.get_by_text("この表示は一度だけです").first).to_be_visible()
    shown_once = page.get_by_label("最初のパスワード", exact=True).input_value()
    assert len(shown_once) >= 12
    office.shot("administration-added", allowed=("suita", *names))

    office.choose("対象のアカウント", f"{leaving.username}(担当 花子)")
    expect(page.get_by_text(shown_once)).to_have_count(0)
    office.press("停止する")
    asked = page.get_by_role("dialog")
    expect(asked).to_contain_text(leaving.username)
    asked.get_by_role("button", name="停止する").click()
    expect(page.get_by_role("button", name="再開する")).to_be_visible()

    officer.page.get_by_role("paragraph").filter(has_text="参加希望の履歴").click()
    officer.go("プラン選択・費用試算")
    expect(officer.page.get_by_text("サインインが終了しました")).to_be_visible()
    officer.shot("signed-out-elsewhere")
    officer.open("our_municipality")
    expect(officer.page.get_by_role("heading", name="堺市")).to_have_count(0)


def test_what_the_secretariat_records_counts_from_its_day_and_nothing_before(
    server: RunningServer, reader: Reader
) -> None:
    page = reader.page
    fee = "120000"
    reader.sign_in(server.add_account(f"seido-{reader.size}", Role.SECRETARIAT))
    reader.open("administration")
    reader.choose_tab("制度値")
    expect(page.get_by_label("値(円/回)")).to_be_visible()  # the fee comes first
    page.get_by_label(re.compile("^値")).fill(fee)
    page.get_by_label(re.compile("^出典")).fill("令和9年度 府通知")
    reader.press("登録する")
    expect(page.get_by_text("登録しました").first).to_be_visible()
    reader.shot("administration-recorded", allowed=("seido", "wide"))
    for year, net in ((2027, int(fee) * 12 // 2), (2026, 600_000)):
        reader.open(f"plans?fy={year}&plans=6:12")
        expect(page.get_by_role("region", name="試算の結果")).to_contain_text(f"{net:,}円")


def test_a_viewer_reads_the_count_and_reaches_no_administration(
    server: RunningServer, reader: Reader
) -> None:
    reader.sign_in(server.add_account(f"etsuran-{reader.size}", Role.VIEWER))
    reader.open()
    reader.shot("home-viewer")
    for screen in ("administration", "our_municipality"):
        reader.open(screen)
        expect(
            reader.page.get_by_text("このアカウントの権限では見られない画面です")
        ).to_be_visible()
        expect(reader.page.get_by_test_id("stDataFrame")).to_have_count(0)
    reader.shot("closed-viewer")
