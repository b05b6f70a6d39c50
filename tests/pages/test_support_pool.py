"""人材プール, 担当する人材, 成果・事例 and an adviser's visits, pressed as their readers press them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from core.consultation.theme import MeetingForm
from core.store.engine import reading
from core.store.experts import experts, proposals
from core.store.support import visits
from core.support.proposal import ProposalStep
from core.support.visit import Visit, VisitState
from tests.support.cards import tables_of
from tests.support.pool import a_contract, a_visit
from tests.support.screens import SAKAI, TODAY, VENDOR, Screens, japan_now, shown_text

FIRST = TODAY + timedelta(days=20)


@pytest.fixture
def screens(screens_on) -> Screens:
    """堺市's contract with the adviser's vendor, one visit planned; another vendor's beside it."""
    found = screens_on("filled")
    now = japan_now()
    year = (date(2026, 4, 1), date(2027, 3, 31))
    for vendor in (VENDOR, "合同会社べつ"):
        contract = a_contract(found.engine, vendor, SAKAI, now, term=year)
        a_visit(found.engine, contract, SAKAI, FIRST, now)
    return found


def field(app: AppTest, kind: str, label: str):
    return next(each for each in getattr(app, kind) if each.label == label)


def press(app: AppTest, label: str, nth: int = 0) -> None:
    [each for each in app.button if each.label == label][nth].click().run()
    assert not app.exception


def the_visit(screens: Screens) -> Visit:
    with reading(screens.engine) as session:
        return visits(session)[0]


def open_tab(screens: Screens, reader: str, tab: str) -> AppTest:
    app = screens.signed_in(reader)
    app.session_state["support.tab"] = tab
    screens.open(app, "support")
    assert not app.exception
    return app


def add_somebody(screens: Screens, *plans: int) -> None:
    app = open_tab(screens, "secretariat", "人材プール")
    field(app, "selectbox", "事業者名(必須)").set_value(VENDOR)
    field(app, "text_input", "氏名(必須)").set_value("山田 *花子*")
    field(app, "multiselect", "専門分野(必須)").set_value(["data"])
    field(app, "multiselect", "担当できるプラン(必須)").set_value([*plans])
    field(app, "text_area", "行政経験・実績").set_value("市で5年")
    press(app, "追加する")
    assert "を追加しました。" in shown_text(app)


def test_the_secretariat_adds_an_expert_and_assigns_the_visits(screens: Screens) -> None:
    app = open_tab(screens, "secretariat", "人材プール")
    assert "担当できる人がいないプラン: プラン1" in shown_text(app)
    press(app, "追加する")
    problems = " ".join(error.value for error in app.error)
    for words in ("氏名を入力", "専門分野を1つ以上", "プランを1つ以上", "事業者名を入力"):
        assert words in problems
    add_somebody(screens, 1)
    with reading(screens.engine) as session:
        (expert,) = experts(session)
    app = open_tab(screens, "secretariat", "人材プール")
    assert "予定の支援回のうち2回に、担当が割り当てられていません" in shown_text(app)
    plans = next(t for t in tables_of(app) if "担当できる人" in t.columns)
    assert next(iter(plans["担当できる人"])) == "山田 *花子*"
    chosen = [each for each in app.selectbox if each.label == "担当"]
    mine = next(n for n, each in enumerate(chosen) if expert.name in each.options)
    press(app, "割り当てる", mine)
    assert "1回の担当を山田" in shown_text(app)
    assert the_visit(screens).planned.expert_id == expert.expert_id
    assert "山田" in shown_text(open_tab(screens, "officer", "担当する人材"))


def test_a_municipality_names_only_who_came_before_the_secretariat_anybody_of_the_vendor(
    screens: Screens,
) -> None:
    add_somebody(screens, 1)
    contract = the_visit(screens).contract_id
    officer, office = f"contract={contract}", f"contract={contract}&town={SAKAI}"
    assert not able(screens, "officer", officer)
    assert able(screens, "secretariat", office) == {"未定", "山田 *花子*"}
    app = screens.open(screens.signed_in("secretariat"), "support", office)
    next(s for s in app.selectbox if s.label == "担当の専門人材").set_value(1)
    field(app, "date_input", "日(必須)").set_value(FIRST + timedelta(days=7))
    press(app, "予定を加える")
    with reading(screens.engine) as session:
        assert [each.planned.expert_id for each in visits(session)].count(1) == 1
    assert able(screens, "officer", officer) == {"未定", "山田 *花子*"}


def able(screens: Screens, reader: str, query: str) -> set[str]:
    app = screens.open(screens.signed_in(reader), "support", query)
    found = [each for each in app.selectbox if each.label == "担当の専門人材"]
    return {name for each in found for name in each.options}


def test_what_is_thought_of_promising_is_told_before_it_is(screens: Screens) -> None:
    add_somebody(screens, 1)
    app = open_tab(screens, "secretariat", "人材プール")
    field(app, "selectbox", "プラン").set_value(7).run()
    assert "担当できる専門人材がいません" in shown_text(app)
    field(app, "selectbox", "プラン").set_value(1).run()
    assert "回に出られる人がいません" in shown_text(app)


def test_a_proposed_day_is_taken_by_the_adviser_and_the_visit_is_moved(screens: Screens) -> None:
    app = open_tab(screens, "officer", "担当する人材")
    day = FIRST + timedelta(days=3)
    field(app, "date_input", "第1候補(必須)").set_value(day)
    press(app, "提案する")
    assert "返事を待っています" in shown_text(app)
    adviser = screens.open(screens.signed_in("adviser"), "support")
    text = shown_text(adviser)
    assert "堺市から日程の提案があります" in text
    assert "合同会社べつ" not in text
    press(adviser, f"{day.month}月{day.day}日(木)に決める")
    assert the_visit(screens).when.first == day
    with reading(screens.engine) as session:
        assert proposals(session, [1])[1][-1].step is ProposalStep.ACCEPTED


def test_the_secretariat_answers_a_proposal_where_no_adviser_does(screens: Screens) -> None:
    officer = open_tab(screens, "officer", "担当する人材")
    field(officer, "date_input", "第1候補(必須)").set_value(FIRST + timedelta(days=3))
    press(officer, "提案する")
    app = open_tab(screens, "secretariat", "人材プール")
    assert any("日程の提案への返事(1件)" in each.value for each in app.subheader)
    press(app, "見送りを伝える")
    assert any("理由を入力" in each.value for each in app.error)
    field(app, "text_area", "理由(必須)").set_value("どの日も講師が出られません。")
    press(app, "見送りを伝える")
    assert "堺市に見送りを伝えました。" in shown_text(app)
    with reading(screens.engine) as session:
        assert proposals(session, [1])[1][-1].step is ProposalStep.DECLINED
    assert "日程の提案への返事" not in shown_text(open_tab(screens, "secretariat", "人材プール"))
    assert "どの日も講師が出られません。" in shown_text(
        open_tab(screens, "officer", "担当する人材")
    )


def test_an_adviser_records_what_was_done(screens: Screens) -> None:
    app = screens.open(screens.signed_in("adviser"), "support")
    held = next(b for b in app.button if b.label == "実施を記録する")
    held.click().run()
    assert "議題を入力してください。" in shown_text(app)
    field(app, "date_input", "実施日(必須)").set_value(TODAY)
    field(app, "text_input", "議題(必須)").set_value("棚卸し")
    field(app, "text_area", "実施した内容(必須)").set_value("一覧にした。")
    press(app, "実施を記録する")
    visit = the_visit(screens)
    assert (visit.state, visit.held.meeting) == (VisitState.HELD, MeetingForm.ON_SITE)
    assert visit.held.satisfaction is None
    assert "実施を記録しました。" in shown_text(app)


def test_an_outcome_goes_from_consent_to_the_list(screens: Screens) -> None:
    test_an_adviser_records_what_was_done(screens)
    officer = open_tab(screens, "officer", "成果・事例")
    press(officer, "紹介に同意する")
    press(officer, "同意する")
    receipts = shown_text(screens.open(screens.signed_in("officer"), "our_municipality"))
    assert "成果の公開の同意" in receipts
    assert "consented" not in receipts
    office = open_tab(screens, "secretariat", "成果・事例")
    values = {
        "題名": "棚卸しの進め方",
        "課題と取組": "堺市の業務を一覧にした。",
        "成果": "決まった。",
    }
    for words, value in values.items():
        kind = "text_input" if words == "題名" else "text_area"
        next(f for f in getattr(office, kind) if f.label.startswith(f"{words}(必須")).set_value(
            value
        )
    press(office, "公開する")
    assert "「堺市」が入っています" in shown_text(office)
    next(f for f in office.text_area if f.label.startswith("課題")).set_value("業務を一覧にした。")
    press(office, "公開する")
    assert "棚卸しの進め方" in shown_text(open_tab(screens, "officer", "成果・事例"))


def test_an_adviser_makes_a_calendar_address_shown_once(screens: Screens) -> None:
    app = screens.open(screens.signed_in("adviser"), "support")
    field(app, "text_input", "アドレスの名前(必須)").set_value("支援チーム")
    press(app, "アドレスを作る")
    assert "/calendar/" in shown_text(app) + " ".join(code.value for code in app.code)
    app.run()
    assert "/calendar/" not in shown_text(app) + " ".join(code.value for code in app.code)
    assert "支援チーム" in shown_text(app)
