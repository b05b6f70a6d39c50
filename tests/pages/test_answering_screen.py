"""照会への回答: drafts kept by themselves, a second hand, confirmation by a colleague, receipts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from core.commands import responses
from core.commands.inquiries import take_inquiry_step
from core.inquiry.question import Question
from core.inquiry.round import InquiryStep
from core.store.engine import reading
from core.store.inquiries import inquiry_of, response_of
from dashboard import context
from tests.support.cards import tables_of
from tests.support.inquiries import (
    FULL,
    OFFICE,
    TITLE,
    colleague,
    does,
    handed_in,
    officer,
    published,
)
from tests.support.reference import REFERENCE
from tests.support.screens import HIRAKATA, SAKAI, Screens, as_read, japan_now, shown_text

Make = Callable[[str], Screens]


def opened(screens: Screens, app: AppTest, number: int, tab: str = "") -> AppTest:
    query = f"inquiry={number}" + (f"&tab={tab}" if tab else "")
    found = screens.open(app, "inquiries", query)
    assert not found.exception
    return found


def said(app: AppTest) -> str:
    return as_read(shown_text(app).replace("\\\\", "\\"))


def response(number: int, code: str = SAKAI):
    with reading(context.engine()) as session:
        return response_of(session, inquiry_of(session, number), code)


def type_in(app: AppTest, question: str, words: str) -> None:
    fields = [*app.text_area, *app.text_input]
    next(e for e in fields if (e.key or "").endswith(f".{question}")).set_value(words).run()
    assert not app.exception


def choose(app: AppTest, question: str, option: str) -> None:
    [found] = [e for e in app.get("button_group") if (e.key or "").endswith(f".{question}")]
    found.set_value(option).run()
    assert not app.exception


def press(app: AppTest, key: str) -> None:
    app.button(key=key).click().run()
    assert not app.exception


def colleagues_app(screens: Screens, token: str) -> AppTest:
    app = screens.signed_in("public")
    app.session_state[context.TOKEN] = token
    app.session_state[context._BROWSER] = context._browser()
    return app.run()


@pytest.fixture
def screens(screens_on: Make) -> Screens:
    return screens_on("empty")


def test_what_is_due_stands_first_with_the_way_there(screens: Screens) -> None:
    late = published(screens.engine, title="あとの照会", closes=japan_now() + timedelta(days=20))
    soon = published(screens.engine)
    done = published(screens.engine, title="済んだ照会")
    receipt = handed_in(screens.engine, done)
    app = screens.open(screens.signed_in("officer"), "inquiries")
    shown = said(app)
    assert "回答する照会(2)" in shown
    assert shown.index(TITLE) < shown.index("あとの照会") < shown.index("済んだ照会")
    assert f"受領番号 {receipt.number}" in shown
    assert "あと5日" in shown
    press(app, f"inquiry.open.{soon}")
    assert app.query_params["inquiry"] in (str(soon), [str(soon)])
    assert "総務省の<照会>による" in said(app)
    home = screens.open(screens.signed_in("officer"), "home")
    assert f"照会「{TITLE}」" in said(home)
    ours = said(screens.open(screens.signed_in("officer"), "our_municipality"))
    assert ours.index(TITLE) < ours.index("あとの照会")
    assert "済んだ照会" not in ours[: ours.index("受領の記録")]
    assert late != soon


def test_every_change_is_kept_and_comes_back_after_signing_in_again(screens: Screens) -> None:
    number = published(screens.engine)
    app = opened(screens, screens.signed_in("officer"), number)
    assert response(number).draft is None  # looking is not answering
    assert "3問のうち0問に回答" in said(app)
    type_in(app, "why", "書きかけ <b>")
    choose(app, "ai", "yes")
    assert "4問のうち2問に回答" in said(app)  # the question about money has come
    type_in(app, "cost", "およそ百万")
    assert "下書きを保存しました" in said(app)
    assert response(number).draft.typed["cost"] == "およそ百万"
    again = opened(screens, screens.signed_in("officer"), number)
    values = {
        (e.key or "").rpartition(".")[2]: e.value for e in [*again.text_area, *again.text_input]
    }
    assert values["why"] == "書きかけ <b>"
    assert values["cost"] == "およそ百万"
    choose(again, "ai", "no")
    assert not [e for e in again.text_input if (e.key or "").endswith(".cost")]


def test_what_is_missing_is_listed_with_the_way_to_its_field(screens: Screens) -> None:
    number = published(screens.engine)
    app = opened(screens, screens.signed_in("officer"), number)
    type_in(app, "why", "応募がない")
    press(app, "answering.next")
    assert "設問2「生成AIを使っていますか」に回答してください。" in said(app)
    assert app.button(key=f"answering.hand_in.{number}").disabled
    press(app, f"answering.{number}.fix.ai")
    assert [e for e in app.text_area if (e.key or "").endswith(".why")]


def test_handing_in_gives_a_receipt_that_is_checked_later(screens: Screens) -> None:
    number = published(screens.engine)
    app = opened(screens, screens.signed_in("officer"), number)
    type_in(app, "why", "応募がない")
    choose(app, "ai", "no")
    press(app, "answering.next")
    press(app, f"answering.hand_in.{number}")
    counted = response(number).counted
    assert counted.answers == {"why": "応募がない", "ai": "no"}
    assert "回答を提出しました" in said(app)
    assert "受領票" in said(app)
    assert counted.digest in said(app)
    opened(screens, app, number, "内容の確認・提出")
    assert "提出し直す必要はありません" in said(app)
    assert app.button(key=f"answering.hand_in.{number}").disabled
    assert app.button(key=f"answering.ask.{number}").disabled
    opened(screens, app, number, "回答")
    choose(app, "ai", "yes")
    type_in(app, "cost", "120万")
    press(app, "answering.next")
    assert "前回の提出" in said(app)
    assert "1,200,000円" in said(app)
    press(app, f"answering.hand_in.{number}")
    assert len(response(number).handed_in) == 2
    assert "提出した版を比べる(2回)" in said(app)
    first = response(number).handed_in[0]
    given = tables_of(app)
    assert given
    numbers = [e.number for e in _receipts()]
    for row, (which, words) in enumerate(
        [(numbers[0], "その後に提出し直した回答が有効です"), (numbers[1], "一致しました")]
    ):
        app.text_input(key="answering.check.number").set_value(str(which))
        app.text_input(key="answering.check.digest").set_value(
            response(number).handed_in[row].digest
        )
        press(app, "answering.check.go")
        assert words in said(app)
    app.text_input(key="answering.check.digest").set_value(first.digest[::-1])
    press(app, "answering.check.go")
    assert "SHA-256と一致しません" in said(app)


def _receipts() -> list:
    from core.views.response_receipts import response_receipts_view

    found = response_receipts_view(context.engine(), officer(), lg_code=SAKAI)
    return sorted(found.values(), key=lambda each: each.number)


def test_a_second_hand_is_shown_what_differs_and_either_is_taken(screens: Screens) -> None:
    number = published(screens.engine)
    token = colleague(screens.engine)
    one = opened(screens, screens.signed_in("officer"), number)
    two = opened(screens, colleagues_app(screens, token), number)
    type_in(one, "why", "一人目の文")
    type_in(two, "why", "二人目の文")
    assert "保存していません" in said(two)
    assert "相手: 一人目の文" in said(two)
    assert response(number).draft.typed["why"] == "一人目の文"  # nothing is lost in silence
    choose_side(two, "why", "theirs")
    press(two, f"answering.{number}.merge")
    assert response(number).draft.typed["why"] == "一人目の文"
    assert next(e for e in two.text_area if e.key.endswith(".why")).value == "一人目の文"
    type_in(two, "why", "二人で直した文")
    assert response(number).draft.saved_by == "kacho"
    choose(one, "ai", "no")
    assert "保存していません" in said(one)
    press(one, f"answering.{number}.merge")
    kept = response(number).draft.typed
    assert (kept["why"], kept["ai"]) == ("二人で直した文", "no")


def choose_side(app: AppTest, question: str, side: str) -> None:
    [found] = [e for e in app.get("button_group") if (e.key or "").endswith(f".side.{question}")]
    found.set_value(side).run()
    assert not app.exception


def test_a_colleague_confirms_or_gives_back_and_nobody_confirms_alone(screens: Screens) -> None:
    number = published(screens.engine)
    token = colleague(screens.engine)
    does(screens.engine, responses.set_approval_rule, officer(), lg_code=SAKAI, required=True)
    responses.save_draft(
        screens.engine, officer(), lg_code=SAKAI, inquiry_id=number, typed=FULL,
        seen_revision=0, reference=REFERENCE, now=japan_now(),
    )  # fmt: skip
    one = opened(screens, screens.signed_in("officer"), number, "内容の確認・提出")
    assert f"answering.hand_in.{number}" not in [e.key for e in one.button]
    press(one, f"answering.ask.{number}")
    assert "依頼した本人は確認できません" in said(one)
    assert f"answering.hand_in.{number}" not in [e.key for e in one.button]
    two = opened(screens, colleagues_app(screens, token), number, "内容の確認・提出")
    form = f"answering.decline.{number}"
    event = response(number).last.event_id
    press(two, f"{form}.{event}.open")
    two.text_area(key=f"{form}.{event}.reason").set_value("金額を*確かめて*ください")
    press(two, form)
    opened(screens, one, number, "内容の確認・提出")
    assert "確認が差し戻されました" in said(one)
    assert "金額を*確かめて*ください" in said(one)
    press(one, f"answering.ask.{number}")
    opened(screens, two, number, "内容の確認・提出")
    press(two, f"answering.hand_in.{number}")
    assert response(number).counted.recorded_by == "kacho"
    assert response(number).counted.answers["cost"] == 1_200_000


def test_a_returned_answer_says_why_and_after_the_deadline_what_can_be_done(
    screens: Screens,
) -> None:
    number = published(screens.engine)
    handed_in(screens.engine, number)
    does(
        screens.engine, responses.return_answer, OFFICE, lg_code=SAKAI, inquiry_id=number,
        reason="単位が<違い>ます", seen_event=response(number).last.event_id,
        clock=lambda _: japan_now(),
    )  # fmt: skip
    app = opened(screens, screens.signed_in("officer"), number)
    assert "事務局から差し戻されました" in said(app)
    assert "単位が<違い>ます" in said(app)
    assert next(e for e in app.text_area if e.key.endswith(".why")).value == "応募がない"
    other = published(screens.engine, title="閉じた照会")
    with reading(context.engine()) as session:
        seen = inquiry_of(session, other).events[-1].event_id
    does(
        screens.engine, take_inquiry_step, OFFICE, inquiry_id=other, step=InquiryStep.CLOSED,
        closes_at=None, reason="", seen_event=seen, reference=REFERENCE, clock=lambda _: japan_now(),
    )  # fmt: skip
    app = opened(screens, screens.signed_in("officer"), other)
    assert "締切" in said(app)
    assert "事務局に連絡してください" in said(app)
    assert not [e for e in app.text_area if e.key.endswith(".why")]


def test_last_year_is_taken_over_at_once(screens: Screens) -> None:
    before = published(screens.engine, title="前年")
    handed_in(screens.engine, before)
    number = published(screens.engine, copied_from=before)
    app = opened(screens, screens.signed_in("officer"), number)
    assert "前年の回答: 1,200,000円" not in said(app)  # its condition does not hold yet
    press(app, f"answering.{number}.same")
    kept = response(number).draft.typed
    assert (kept["why"], kept["ai"], kept["cost"]) == ("応募がない", "yes", "1,200,000")


def test_nothing_of_another_municipality_is_reached_by_address(screens: Screens) -> None:
    number = published(screens.engine)
    secret = {"why": "枚方だけの秘密", "ai": "no"}
    handed_in(screens.engine, number, HIRAKATA, secret)
    foreign = published(
        screens.engine,
        title="堺市に聞かない照会",
        questions=(Question("q", "text", "堺市に聞かない設問"),),
    )
    app = screens.signed_in("officer")
    for tab in ("回答", "内容の確認・提出", "受領・経過"):
        assert "枚方だけの秘密" not in said(opened(screens, app, number, tab))
    for wrong in (str(foreign + 7), "0", "-1", "9" * 30, "１", "<b>"):
        found = screens.open(app, "inquiries", f"inquiry={wrong}")
        assert not found.exception
        assert "はありません" in said(found) or "ありません" in said(found)
