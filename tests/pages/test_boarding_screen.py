"""後乗り as readers use it: the quotation in the address, statements, steps, windows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from core.access.principal import CONSOLE, PUBLIC
from core.boarding.request import BudgetSection, MeritScope, Present
from core.commands.boarding import close_boarding_window, open_boarding_window
from core.procurement.event import EventKind
from core.store.boarding import STEPS, WINDOWS
from core.store.engine import reading
from core.store.ledger import events_of
from core.values.fiscal import JAPAN
from dashboard.boarding.question import Question
from dashboard.kit import address
from tests.support.cards import ShownCard, cards_of
from tests.support.reference import REFERENCE
from tests.support.screens import HIRAKATA, SAKAI, TODAY, Screens, as_read, shown_text

Make = Callable[[str], Screens]
QUOTATION = "start=2027-10&initial=1234567&monthly=98765&months=17"


QUESTIONS = st.builds(
    Question,
    programme=st.sampled_from([p.key for p in REFERENCE.procurements.programmes]),
    start=st.none() | st.builds(date, st.integers(2026, 2028), st.integers(1, 12), st.just(1)),
    initial=st.none() | st.integers(1, 10**10),
    monthly=st.none() | st.integers(1, 10**10),
    fee=st.none() | st.integers(1, 10**10),
    months=st.integers(1, 120),
    merit=st.sampled_from(["", "1/4", "25%"]),
    scope=st.sampled_from(MeritScope),
    present=st.sampled_from(Present),
    initial_section=st.sampled_from(BudgetSection),
    monthly_section=st.sampled_from(BudgetSection),
)


@given(QUESTIONS)
def test_a_link_reproduces_the_comparison(question: Question) -> None:
    assert address.parsed(Question, question.query(), PUBLIC) == (question, [])


def announce(screens: Screens, programme: str = "docs", last: date = date(2026, 12, 18)) -> None:
    open_boarding_window(
        screens.engine,
        CONSOLE,
        programme=programme,
        fiscal_year=2027,
        first_day=date(2026, 10, 1),
        last_day=last,
        source="令和8年9月1日付け 府通知第45号",
        note="",
        reference=REFERENCE,
        request_id=f"open-{programme}",
        now=datetime(2026, 9, 1, tzinfo=JAPAN),
    )


def boarding(screens: Screens, reader: str, query: str = QUOTATION) -> AppTest:
    app = screens.open(screens.signed_in(reader), "boarding", f"programme=docs&{query}")
    assert not app.exception
    return app


def saving(app: AppTest) -> ShownCard:
    """What boarding saves, as the page says it first."""
    return next(card for card in cards_of(app) if card.title.startswith("共同調達で減る額"))


def ledger_of(screens: Screens, lg_code: str, programme: str = "docs") -> list[EventKind]:
    with reading(screens.engine) as session:
        return [event.kind for event in events_of(session, lg_code, programme)]


def test_a_link_opens_the_comparison_it_was_copied_from(screens_on: Make) -> None:
    app = boarding(screens_on("filled"), "public")
    saved = saving(app)
    assert (saved.value, saved.badges) == ("874,063円", ["仮"])
    assert "仮定による試算(実績ではない)" in saved.terms["定義"]
    text = shown_text(app)
    assert "1,280千円" in text
    assert app.session_state["boarding.months"] == "17"
    assert dict(app.query_params)["monthly"] == "98765"


def test_changing_the_quotation_changes_figures_and_address(screens_on: Make) -> None:
    app = boarding(screens_on("filled"), "public")
    app.text_input(key="boarding.fee").set_value("333,333").run()
    app.text_input(key="boarding.monthly").set_value("10万").run()
    assert not app.exception
    query = dict(app.query_params)
    assert (query["fee"], query["monthly"]) == ("333333", "100000")
    assert query["programme"] == "docs"
    again = boarding(screens_on("filled"), "public", "&".join(f"{k}={v}" for k, v in query.items()))
    assert saving(again) == saving(app)


def test_a_statement_pressed_after_the_window_was_called_off_is_refused_in_words(
    screens_on: Make,
) -> None:
    screens = screens_on("filled")
    announce(screens, "eapply")
    app = screens.open(screens.signed_in("officer"), "boarding", "programme=eapply&months=9")
    button = app.button(key="boarding.state.eapply.go")
    with reading(screens.engine) as session:
        [opened] = WINDOWS.all(session)
    close_boarding_window(
        screens.engine,
        CONSOLE,
        window_id=opened.event_id,
        last_day=date(2026, 9, 30),
        note="見送り",
        request_id="close",
        now=datetime(2026, 11, 24, tzinfo=JAPAN),
    )
    button.click().run()
    assert not app.exception
    assert [e.value for e in app.error if e.value.startswith("記録していません")]
    assert "利用開始分の募集は中止になりました" in shown_text(app)
    assert ledger_of(screens, SAKAI, "eapply") == []
    app.run()
    assert not [e.value for e in app.error if e.value.startswith("記録していません")]


def test_a_merit_that_makes_no_sense_is_said_and_the_published_one_used(screens_on: Make) -> None:
    app = boarding(screens_on("filled"), "public")
    for text, words in (("150%", "0以上1以下"), ("たくさん", "率として読めません")):
        app.text_input(key="boarding.merit").set_value(text).run()
        assert [e.value for e in app.error if words in e.value]
        assert saving(app).value == "874,063円"


def test_what_a_link_cannot_mean_is_said(screens_on: Make) -> None:
    app = boarding(screens_on("filled"), "public", "months=60&monthly=abc&start=2027-10")
    assert [w.value for w in app.warning if "標準価格の月額" in w.value]
    app = boarding(screens_on("filled"), "public", "months=999&monthly=5&start=2027-10")
    assert [w.value for w in app.warning if "リンクの契約月数" in w.value]
    assert app.session_state["boarding.months"] == "60"
    assert app.session_state["boarding.monthly"] == "5"


def test_without_a_quotation_nothing_is_computed(screens_on: Make) -> None:
    app = boarding(screens_on("filled"), "public", "start=2027-04")
    assert [i.value for i in app.info if "見積書の初期費用と月額を入れると" in i.value]
    assert not [card for card in cards_of(app) if card.title.startswith("共同調達で")]


@pytest.mark.parametrize("tab", ["年度別", "累計", "待つ費用", "計算の過程", "前提・出典"])
def test_every_part_of_the_comparison_draws(screens_on: Make, tab: str) -> None:
    app = boarding(screens_on("filled"), "public")
    app.session_state["boarding.tab"] = tab
    app.run()
    assert not app.exception


def test_an_officer_states_a_plan_and_records_a_step(screens_on: Make) -> None:
    screens = screens_on("filled")
    announce(screens)
    app = boarding(screens, "officer")
    assert "募集中" in shown_text(app)
    app.selectbox(key="boarding.state.docs.month").set_value(7).run()
    app.button(key="boarding.state.docs.go").click().run()
    assert not app.exception
    assert [s.value for s in app.success if "「予定」と記録しました" in s.value.replace("\\", "")]
    assert ledger_of(screens, SAKAI) == [EventKind.PLANNED]
    assert ledger_of(screens, HIRAKATA) == []
    press(app, "「予算要求」を記録する")
    with reading(screens.engine) as session:
        (record,) = STEPS.all(session, lg_code=SAKAI)
    assert (record.done_on, record.taken_back) == (TODAY, False)
    press(app, "「予算要求」(令和8年11月24日)を取り消す")
    app.button(key="boarding.back.docs.budget").click().run()
    with reading(screens.engine) as session:
        assert [r.taken_back for r in STEPS.all(session, lg_code=SAKAI)] == [False, True]


def press(app: AppTest, label: str) -> None:
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception


def test_outside_a_window_there_is_nothing_to_press(screens_on: Make) -> None:
    screens = screens_on("filled")
    announce(screens, last=date(2026, 11, 23))
    app = boarding(screens, "officer")
    assert "募集は終わっています" in shown_text(app)
    assert not [b for b in app.button if b.key == "boarding.state.docs.go"]


def test_a_field_that_cannot_be_read_greys_the_result_and_keeps_the_address(
    screens_on: Make,
) -> None:
    app = boarding(screens_on("filled"), "public")
    app.text_input(key="boarding.monthly").set_value("9万くらい").run()
    assert not app.exception
    assert "下は直す前の入力での結果です" in shown_text(app)
    assert saving(app).value == "874,063円"
    assert dict(app.query_params)["monthly"] == "98765"
    [made] = [b for b in app.get("download_button") if "予算要求書" in b.proto.label]
    assert made.proto.disabled


@pytest.mark.parametrize("reader", ["public", "viewer", "secretariat"])
def test_nobody_else_is_offered_a_statement(screens_on: Make, reader: str) -> None:
    screens = screens_on("filled")
    announce(screens)
    app = boarding(screens, reader)
    assert not [b for b in app.button if (b.key or "").startswith("boarding.state")]
    assert "団体が募集期間内に" in shown_text(app)


def test_the_secretariat_opens_a_window_and_confirms_a_join(screens_on: Make) -> None:
    screens = screens_on("filled")
    announce(screens)
    officer = boarding(screens, "officer")
    officer.button(key="boarding.state.docs.go").click().run()
    app = screens.signed_in("secretariat")
    app.session_state["ledger.tab"] = "後乗り募集"
    screens.open(app, "ledger")
    app.session_state["ledger.tab"] = "後乗り募集"
    app.run()
    press(app, "募集を始める")
    assert [e.value for e in app.error if "出典" in e.value]
    app.selectbox(key="boarding.open.system").set_value("chat")
    app.text_input(key="boarding.open.source").set_value("令和8年11月24日付け 通知")
    press(app, "募集を始める")
    with reading(screens.engine) as session:
        opened = WINDOWS.all(session)
    assert [event.programme for event in opened] == ["docs", "chat"]
    app.selectbox(key="boarding.confirm.who").set_value((SAKAI, "docs")).run()
    prefix = f"boarding.confirm.{SAKAI}.docs"
    assert app.button(key=f"{prefix}.go").disabled
    app.button_group(key=f"{prefix}.kind").set_value(EventKind.MANDATE.value).run()
    app.text_input(key=f"{prefix}.source").set_value("委任状(令和8年11月24日受理)")
    press(app, "台帳に記録する")
    assert ledger_of(screens, SAKAI) == [EventKind.PLANNED, EventKind.MANDATE]


def test_our_own_page_lists_every_system_with_what_is_next(screens_on: Make) -> None:
    screens = screens_on("filled")
    announce(screens)
    app = screens.open(screens.signed_in("officer"), "our_municipality")
    assert not app.exception
    text = as_read(shown_text(app))
    assert "意向: 令和8年12月18日まで" in text
    assert "募集中(令和8年10月1日から令和8年12月18日まで)" in text
