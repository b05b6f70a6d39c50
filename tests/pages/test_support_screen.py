"""支援の実施 as each side sees it: concluding, planning, holding, paying; what is typed stays text."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.access.principal import Principal, Role
from core.store.engine import reading
from core.store.support import contracts, visits
from core.support.contract import ContractLine, ContractTerms
from core.support.visit import VisitState
from core.values.fiscal import FiscalYear
from core.values.money import Yen
from tests.support.cards import cards_of
from tests.support.contracts import TERMS, approved, concluded
from tests.support.screens import HIRAKATA, SAKAI, TODAY, Screens, japan_now, shown_text

Make = Callable[[str], Screens]
YEAR = FiscalYear.of(TODAY)
OFFICER = Principal("test-officer", "担当", Role.OFFICER, SAKAI)
NEXT_DOOR = Principal("hirakata", "担当", Role.OFFICER, HIRAKATA)
ROW = ContractTerms(
    signed_on=TODAY,
    first_day=TODAY,
    last_day=YEAR.last_day,
    kind=TERMS.kind,
    lines=(ContractLine(6, 3, Yen(300_000)),),
)
MEAN = "**太字** [x](https://e.example) =1+1 <b>"


def one(widgets: Iterable[Any], label: str) -> Any:
    [found] = [each for each in widgets if each.label.startswith(label)]
    return found


def press(app: AppTest, label: str) -> AppTest:
    one(app.button, label).click()
    return app.run()


def under_contract(screens: Screens, who: Principal = OFFICER, **changed: Any) -> int:
    return concluded(
        screens.engine,
        who,
        str(who.lg_code),
        terms=replace(ROW, **changed),
        now=japan_now(),
        fiscal_year=int(YEAR),
    )


def kept(screens: Screens) -> list[Any]:
    with reading(screens.engine) as session:
        return visits(session)


def test_approved_wishes_become_a_contract_and_the_year_is_planned(screens_on: Make) -> None:
    screens = screens_on("empty")
    approved(
        screens.engine,
        OFFICER,
        SAKAI,
        choices=((6, 3),),
        fiscal_year=int(YEAR),
        start_month=TODAY.month,
        now=japan_now(),
    )
    app = screens.open(screens.signed_in("officer"), "support")
    assert "プラン6 BPRは議決されています" in app.info[0].value
    app = press(app, "契約を記録する")
    assert any("事業者名を入力してください" in each.value for each in app.error)
    one(app.text_input, "事業者名").set_value(MEAN)
    app = press(app, "契約を記録する")
    assert not app.exception
    assert f"{YEAR.short}-契約001 を記録し" in app.success[0].value
    with reading(screens.engine) as session:
        [made] = contracts(session, SAKAI)
    assert (made.terms.visits, made.terms.amount, made.vendor.name) == (3, 300_000, MEAN)
    app = press(app, "予定をまとめて立てる")
    assert not app.exception
    assert "3回の支援回を予定しました" in app.success[0].value
    assert [v.state for v in kept(screens)] == [VisitState.PLANNED] * 3
    assert "<b>" not in shown_text(app).replace(MEAN, "")


def test_a_visit_is_held_from_its_row_and_rated(screens_on: Make) -> None:
    screens = screens_on("empty")
    key = under_contract(screens)
    app = screens.open(screens.signed_in("officer"), "support", f"contract={key}")
    boxes = [each for each in app.text_input if each.label.startswith("議題")]
    boxes[0].set_value(MEAN)
    one(app.text_area, "実施した内容").set_value("# 見出し\n- 一覧")
    app = press(app, "実施を記録する")
    assert not app.exception
    assert "第1回の実施を記録しました" in app.success[0].value
    [visit] = kept(screens)
    assert (visit.state, visit.held.topic, visit.held.satisfaction) == (
        VisitState.HELD,
        MEAN,
        None,
    )
    app = screens.open(app, "support", f"contract={key}&visit={visit.visit_id}")
    assert not app.exception
    one(app.radio, "満足度(必須)").set_value(5)
    app = press(app, "満足度を記入する")
    assert not app.exception
    assert kept(screens)[0].held.satisfaction == 5
    assert "1/3回" in str(cards_of(app))


def test_a_payment_over_the_contract_is_refused_at_its_field(screens_on: Make) -> None:
    screens = screens_on("empty")
    key = under_contract(screens)
    app = screens.open(screens.signed_in("officer"), "support", f"contract={key}")
    one(app.text_input, "プラン6 BPR の支払額").set_value("30万1円")
    app = press(app, "支払を記録する")
    assert any("契約額300,000円を超えます" in each.value for each in app.error)
    one(app.text_input, "プラン6 BPR の支払額").set_value("30万")
    app = press(app, "支払を記録する")
    assert not app.exception
    assert "支払済の合計は300,000円です" in app.success[0].value


def test_a_change_lowers_the_visits_and_says_what_was_cancelled(screens_on: Make) -> None:
    screens = screens_on("empty")
    key = under_contract(screens)
    app = screens.open(screens.signed_in("officer"), "support", f"contract={key}")
    app = press(app, "予定をまとめて立てる")
    many = [each for each in app.text_input if each.label.startswith("支援回数")]
    much = [each for each in app.text_input if each.label.startswith("契約額")]
    many[0].set_value("2")
    much[0].set_value("20万")
    one(app.text_area, "変更契約の理由").set_value("担当者の異動")
    app = press(app, "変更契約を記録する")
    assert not app.exception
    said = " ".join(each.value for each in app.success)
    assert "変更契約を記録しました。支援回の予定1回を中止にしました" in said


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("contract=99", "リンクの契約「99」はありません"),
        ("contract=abc", "リンクの契約「abc」はありません"),
        ("visit=99", "支援回「99」はありません"),
    ],
)
def test_an_address_that_names_nothing_of_ours_says_so(
    screens_on: Make, query: str, words: str
) -> None:
    screens = screens_on("empty")
    under_contract(screens)
    theirs = under_contract(screens, NEXT_DOOR)
    app = screens.open(
        screens.signed_in("officer"), "support", query.replace("99", str(theirs + 7))
    )
    assert not app.exception
    said = " ".join(each.value for each in app.warning)
    assert words.replace("99", str(theirs + 7)) in said


def test_the_neighbours_contract_is_as_unknown_as_none(screens_on: Make) -> None:
    screens = screens_on("empty")
    under_contract(screens)
    theirs = under_contract(screens, NEXT_DOOR)
    app = screens.open(
        screens.signed_in("officer"), "support", f"contract={theirs}&town={HIRAKATA}"
    )
    assert any(f"リンクの契約「{theirs}」はありません" in each.value for each in app.warning)
    assert "枚方" not in shown_text(app)


def test_the_secretariat_sees_all_opens_one_and_acts_for_it(screens_on: Make) -> None:
    screens = screens_on("empty")
    under_contract(screens)
    key = under_contract(screens, NEXT_DOOR)
    app = screens.open(
        screens.signed_in("secretariat"), "support", f"town={HIRAKATA}&contract={key}"
    )
    assert not app.exception
    text = shown_text(app)
    assert "堺市" in text
    assert "枚方市の支援" in text
    app = press(app, "予定をまとめて立てる")
    assert not app.exception
    assert {v.lg_code for v in kept(screens)} == {HIRAKATA}
    app.segmented_control[0].set_value("on_pace").run()
    assert not app.exception
    screens.open(app, "support", "town=999999")
    assert any("リンクの団体「999999」" in each.value for each in app.warning)


def test_what_is_due_stands_at_home_and_in_our_municipality(screens_on: Make) -> None:
    screens = screens_on("empty")
    key = under_contract(screens)
    app = screens.open(screens.signed_in("officer"), "support", f"contract={key}")
    approved(
        screens.engine,
        OFFICER,
        SAKAI,
        choices=((1, 2),),
        fiscal_year=int(YEAR),
        start_month=TODAY.month,
        now=japan_now() + timedelta(seconds=1),
    )
    for page in ("home", "our_municipality"):
        screens.open(app, page)
        assert not app.exception
        assert "契約したら、契約の内容を記録してください" in shown_text(app), page
    # 契約 is said by the record of the contract, never by itself.
    [state] = [each for each in app.button_group if (each.key or "").startswith("wish.state.")]
    assert state.options == ["辞退"]
