"""支援の実施・補助金 as each side sees it: applying, deciding one and all, reporting; text stays text."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from streamlit.testing.v1 import AppTest

from core.access.principal import Principal, Role
from core.store.engine import reading
from core.store.subsidy import cases
from core.subsidy.step import CaseState
from core.values.fiscal import FiscalYear
from tests.support.cards import cards_of
from tests.support.contracts import approved
from tests.support.screens import SAKAI, TODAY, Screens, japan_now, shown_text

Make = Callable[[str], Screens]
YEAR = FiscalYear.of(TODAY)
OFFICER = Principal("test-officer", "担当", Role.OFFICER, SAKAI)
MEAN = "**太字** [x](https://e.example) =1+1 <b>"


def one(widgets: Iterable[Any], label: str) -> Any:
    [found] = [each for each in widgets if each.label.startswith(label)]
    return found


def press(app: AppTest, label: str) -> AppTest:
    one(app.button, label).click()
    return app.run()


def the_case(screens: Screens) -> Any:
    with reading(screens.engine) as session:
        [found] = cases(session)
    return found


def opened(screens: Screens, reader: str, more: str = "") -> AppTest:
    return screens.open(screens.signed_in(reader), "support", f"tab=補助金{more}")


def applied(screens: Screens, title: str = "支援プランの活用") -> AppTest:
    approved(
        screens.engine,
        OFFICER,
        SAKAI,
        choices=((6, 3),),
        fiscal_year=int(YEAR),
        start_month=TODAY.month,
        now=japan_now(),
    )
    app = opened(screens, "officer")
    assert not app.exception
    one(app.toggle, "申請の内容を開く").set_value(True)
    app = app.run()
    one(app.text_input, "事業の名称").set_value(title)
    return press(app, "交付申請を記録する")


def test_an_officer_applies_with_the_amount_worked_out_and_the_office_decides(
    screens_on: Make,
) -> None:
    screens = screens_on("empty")
    app = applied(screens)
    assert not app.exception
    case = the_case(screens)
    assert (case.state, case.last.amount) == (CaseState.APPLIED, 150_000)
    assert "交付申請を記録しました" in app.success[0].value
    app = opened(screens, "secretariat", f"&case={case.number.label}")
    assert {card.title: card.value for card in cards_of(app)}["年度末の見込み"] == "150,000円"
    one(app.text_input, "決定額").set_value("14万")
    app = press(app, "交付決定を記録する")
    assert any("減額する理由を入力してください" in each.value for each in app.error)
    one(app.text_area, "理由(減額するとき必須)").set_value(MEAN)
    app = press(app, "交付決定を記録する")
    assert not app.exception
    assert "「交付決定」を記録しました" in app.success[0].value
    case = the_case(screens)
    assert (case.state, case.decided, case.last.reason) == (CaseState.DECIDED, 140_000, MEAN)
    app = opened(screens, "officer")
    assert any("契約の記録がないため報告できません" in each.value for each in app.info)


def test_all_applications_are_decided_from_the_board(screens_on: Make) -> None:
    screens = screens_on("empty")
    applied(screens)
    app = screens.signed_in("secretariat")
    app.session_state["subsidy.all"] = True
    app = screens.open(app, "support", "tab=補助金")
    assert not app.exception
    app = press(app, "1件をまとめて決定する")
    assert not app.exception
    assert "1件の交付決定を記録しました" in app.success[0].value
    assert the_case(screens).state is CaseState.DECIDED


def test_year_and_programme_of_the_board_stand_in_the_address(screens_on: Make) -> None:
    screens = screens_on("empty")
    last = FiscalYear(int(YEAR) - 1)
    app = opened(screens, "secretariat", f"&granted_year={int(last)}&programme=nothing")
    assert one(app.selectbox, "年度").value == int(last)
    assert any("リンクの補助事業「nothing」" in each.value for each in app.warning)
    app = one(app.selectbox, "年度").set_value(int(YEAR)).run()
    assert app.query_params["granted_year"] == str(int(YEAR))
    assert app.query_params["programme"] == one(app.selectbox, "補助事業").value
    app = opened(screens, "secretariat", f"&case={last.short}-補助001")
    assert one(app.selectbox, "年度").value == int(last)


def test_what_is_typed_stays_text_and_an_address_of_nothing_says_so(screens_on: Make) -> None:
    screens = screens_on("empty")
    app = applied(screens, MEAN)
    assert the_case(screens).title == MEAN
    assert "<b>" not in shown_text(app).replace(MEAN, "")
    app = screens.open(app, "support", "tab=補助金&case=R5-補助999")
    assert any("この年度にありません" in each.value for each in app.warning)
    app = opened(screens, "secretariat", "&case=<b>")
    assert any("この年度・補助事業にありません" in each.value for each in app.warning)
