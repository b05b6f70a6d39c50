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
TAB = {"tab": "補助金"}


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


def applied(screens: Screens, title: str = "支援プランの活用") -> AppTest:
    approved(
        screens.engine, OFFICER, SAKAI, choices=((6, 3),), fiscal_year=int(YEAR),
        start_month=TODAY.month, now=japan_now(),
    )  # fmt: skip
    app = screens.open("support", **TAB)
    one(app.selectbox, "補助事業").set_value("talent")
    app = app.run()
    one(app.toggle, "申請の内容を開く").set_value(True)
    app = app.run()
    one(app.text_input, "事業の名称").set_value(title)
    return press(app, "交付申請を記録する")


def test_an_officer_applies_with_the_amount_worked_out_and_the_office_decides(
    signed_in: Make,
) -> None:
    officer = signed_in("officer")
    app = applied(officer)
    case = the_case(officer)
    assert (case.state, case.last.amount, case.title) == (
        CaseState.APPLIED, 150_000, "支援プランの活用",
    )  # fmt: skip
    shown = shown_text(app)
    assert "交付申請を記録しました" in shown
    assert "受領番号" in shown
    office = signed_in("secretariat")
    app = office.open("support", **TAB, case=case.number.label)
    assert {card.title: card.value for card in cards_of(app)}["年度末の見込み"] == "150,000円"
    one(app.text_input, "決定額").set_value("140,000")
    app = press(app, "交付決定を記録する")
    assert "減額する理由を入力してください" in shown_text(app)
    one(app.text_area, "理由(減額するとき必須)").set_value("予算の範囲")
    app = press(app, "交付決定を記録する")
    assert (the_case(officer).state, the_case(officer).decided) == (CaseState.DECIDED, 140_000)
    assert "「交付決定」を記録しました" in shown_text(app)
    app = officer.open("support", **TAB)
    app = press(app, "実績報告を記録する")
    assert the_case(officer).state is CaseState.REPORTED


def test_all_applications_are_decided_from_the_board(signed_in: Make) -> None:
    applied(signed_in("officer"))
    app = signed_in("secretariat").open("support", **TAB)
    app.session_state["subsidy.all"] = True
    app = app.run()
    assert "申請額のとおり決定します" in shown_text(app)
    app = press(app, "1件をまとめて決定する")
    assert "1件の交付決定を記録しました" in shown_text(app)
    assert the_case(signed_in("officer")).state is CaseState.DECIDED


def test_what_is_typed_stays_text_and_an_address_of_nothing_says_so(signed_in: Make) -> None:
    officer = signed_in("officer")
    shown = shown_text(applied(officer, MEAN))
    assert "**太字**" not in shown
    assert the_case(officer).title == MEAN
    app = officer.open("support", **TAB, case="R5-補助999")
    assert "この年度にありません" in shown_text(app)
    app = signed_in("secretariat").open("support", **TAB, case="<b>")
    assert "この年度・補助事業にありません" in shown_text(app)
