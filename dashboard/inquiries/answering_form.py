"""回答の記入: the questions with their fields; every change is kept on the server at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.access.principal import Principal, Role, shown_name
from core.commands.responses import add_response_files
from core.inquiry.answer import Answers, Value, is_blank
from core.inquiry.reading import asked, differences, read_answer
from core.values.errors import DatabaseTroubleError
from core.views.inquiries import AnsweringAnswer, answering_view
from dashboard import context
from dashboard.inquiries import answering_desk as desks
from dashboard.inquiries.answering_desk import Desk
from dashboard.inquiries.answering_wording import clock_words, hand
from dashboard.inquiries.fields.documents import file_address
from dashboard.inquiries.fields.field import Attaching
from dashboard.inquiries.fields.registry import draw_field, take
from dashboard.kit import outage
from dashboard.kit.choice import choose
from dashboard.kit.rows import row
from dashboard.kit.sight import opened_mark
from dashboard.kit.sticky import result_bar
from dashboard.kit.typed import escaped
from dashboard.kit.widgets import refusals_shown

FOCUS = "answering.focus"
"""Key of the question to be brought into view, once."""
GO = "answering.go"
"""Heading of the tab to open on the next run, once."""
CONFIRM = "内容の確認・提出"
_TOLD = "answering.told"


@st.fragment  # a change draws the questions anew, not the page around them
def draw_form(lg_code: str, inquiry_id: int) -> None:
    """Every question that is asked of who answers so, and the line that says it is kept."""
    try:
        principal = context.who()
        if principal.role is not Role.OFFICER:  # the sign-in is over: the page says so
            st.rerun()
        with refusals_shown():
            found = answering_view(
                context.engine(),
                principal,
                context.reference(),
                lg_code=lg_code,
                inquiry_id=inquiry_id,
                now=context.now(),
                today=context.today(),
            )
            if not desks.may_write(found):
                st.rerun()
            _draw_found(principal, found)
    except DatabaseTroubleError:  # the page around waits until it can be read again
        st.rerun()


def _draw_found(principal: Principal, found: AnsweringAnswer) -> None:
    desk, draft = desks.desk_of(found), found.response.draft
    _draw_whose(found, desk)
    above = st.container()
    typed, answers = _draw_questions(found, desk)
    _draw_progress(above, found, answers)
    saved_at = draft.saved_at if draft else None
    if desks.changed(found, desk.saved, typed):
        try:
            kept = desks.keep(principal, found, desk, typed)
        except DatabaseTroubleError as error:
            outage.say_here(error)
            return
        if kept is None:
            with above:
                _draw_other_hand(found, desk, typed)
            return
        saved_at = context.now()
    elif desks.saved_elsewhere(found, desk):
        desks.taken_over(found)
        st.session_state[_TOLD] = "ほかの画面で保存された内容を読み込みました。"
        st.rerun()
    _draw_foot(saved_at)


def _draw_whose(found: AnsweringAnswer, desk: Desk) -> None:
    """Who is at it and since when, and what was read in from them."""
    if told := st.session_state.pop(_TOLD, ""):
        st.info(escaped(told), icon=":material/sync:")
    draft = found.response.draft
    if draft is not None and draft.saved_by != context.who().username:
        st.info(
            f"{escaped(hand(draft))}しています。続きを書けます。同じ設問を同時に直すと、"
            "どちらの内容を残すかを選ぶ画面になります。",
            icon=":material/group:",
        )
    if found.earlier and not desk.typed:
        st.button(
            "すべての設問を前年と同じにする",
            icon=":material/content_copy:",
            key=f"answering.{found.inquiry.inquiry_id}.same",
            on_click=_take_all,
            args=(found, desk),
        )


def _take_all(found: AnsweringAnswer, desk: Desk) -> None:
    """Have every question hold what was answered the year before; those without an answer stay."""
    for each in found.inquiry.composition.questions:
        if not is_blank(value := found.earlier.get(each.key)):
            take(_key(found, desk, each.key), value)


def _key(found: AnsweringAnswer, desk: Desk, question: str) -> str:
    return f"answering.{found.inquiry.inquiry_id}.{desk.epoch}.{question}"


def _draw_questions(
    found: AnsweringAnswer, desk: Desk
) -> tuple[dict[str, Value], dict[str, Value]]:
    """The fields; says what stands in them and what of it can be read."""
    composition, focus = found.inquiry.composition, st.session_state.get(FOCUS, "")
    typed: dict[str, Value] = dict(desk.typed)
    answers: dict[str, Value] = {}
    for question in asked(composition, answers):
        where = f"answering.{found.inquiry.inquiry_id}.{question.key}"
        with opened_mark(f"{where}.{focus}") if focus == question.key else row(where):
            typed[question.key] = draw_field(
                question,
                desk.typed.get(question.key),
                found.scope,
                key=_key(found, desk, question.key),
                earlier=found.earlier.get(question.key),
                place=composition.number_of(question.key),
                attaching=_attaching(found, question.key),
            )
        if not is_blank(typed[question.key]):
            try:
                answers[question.key] = read_answer(question, typed[question.key], found.scope)
            except ValueError:
                continue  # the field says why
    return typed, answers


def _attaching(found: AnsweringAnswer, question: str) -> Attaching:
    lg_code = found.response.lg_code
    return Attaching(
        found.files,
        partial(
            add_response_files,
            lg_code=lg_code,
            inquiry_id=found.inquiry.inquiry_id,
            question=question,
        ),
        partial(file_address, lg_code=lg_code),
        lg_code,
        found.inquiry.inquiry_id,
    )


def _draw_progress(above: DeltaGenerator, found: AnsweringAnswer, answers: Answers) -> None:
    wanted = list(asked(found.inquiry.composition, answers))
    done = sum(each.key in answers for each in wanted)
    must = sum(each.required and each.key not in answers for each in wanted)
    with above:
        st.progress(
            done / max(1, len(wanted)),
            f"{len(wanted)}問のうち{done}問に回答"
            + (f"(必須の残り{must}問)" if must else "(必須はすべて回答)"),
        )


def _draw_foot(saved_at: datetime | None) -> None:
    """When the draft was kept last, and the way on."""
    with result_bar("answering"), st.container(horizontal=True, vertical_alignment="center"):
        if saved_at is not None:
            st.caption(f"下書きを保存しました {escaped(clock_words(saved_at))}")
        else:
            st.caption("記入すると、下書きとしてサーバーに保存されます。保存ボタンはありません。")
        if st.button(
            "内容を確認する", type="primary", icon=":material/arrow_forward:", key="answering.next"
        ):
            st.session_state[GO] = CONFIRM
            st.rerun()


def _draw_other_hand(found: AnsweringAnswer, desk: Desk, typed: Mapping[str, Value]) -> None:
    """A second hand was there first: what differs, and either may be taken, question by question."""
    draft, number = found.response.draft, found.inquiry.inquiry_id
    composition = found.inquiry.composition
    theirs: Answers = draft.typed if draft else {}
    differ = differences(composition, theirs, typed, found.scope)
    who = hand(draft) if draft else "この下書きは、ほかの画面で破棄"
    st.error(
        f"保存していません。{escaped(who)}しています。違うところを確かめて、残す方を選んでください。",
        icon=":material/merge:",
    )
    sides = {"theirs": "相手の内容", "ours": "こちらの内容"}
    merged = {**theirs, **{k: v for k, v in typed.items() if k not in composition.by_key}}
    for each in differ:
        key = each.question.key
        with row(f"answering.differ.{key}"):
            st.markdown(
                f"**設問{composition.number_of(key)} {escaped(each.question.label)}**  \n"
                f"相手: {escaped(each.before or '無記入')}  \n"
                f"こちら: {escaped(each.after or '無記入')}"
            )
            untouched = typed.get(key) == desk.saved.get(key)
            side = choose(
                st.segmented_control,
                f"設問{composition.number_of(key)}に残す内容",
                sides,
                "theirs" if untouched else "ours",
                key=f"answering.{number}.{desk.epoch}.{desk.revision}.side.{key}",
                required=True,
            )
            merged[key] = theirs.get(key) if side == "theirs" else typed.get(key)
    name = shown_name(draft.saved_by) if draft else ""
    if st.button("選んだ内容で保存する", type="primary", key=f"answering.{number}.merge"):
        begun = desks.taken_over(found, {k: v for k, v in merged.items() if not is_blank(v)})
        kept = desks.keep(context.who(), found, begun, begun.typed)
        st.session_state[_TOLD] = (
            f"{name}の内容と合わせて保存しました。" if kept else "また別の保存がありました。"
        )
        st.rerun()
