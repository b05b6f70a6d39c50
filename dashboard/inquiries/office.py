"""事務局の照会: the list of inquiries, and one of them opened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import streamlit as st
from sqlalchemy import Engine

from core.access.principal import Principal
from core.commands.inquiries import compose_inquiry, copy_inquiry
from core.inquiry.board import Board
from core.inquiry.response import ResponseState, japan_moment
from core.inquiry.round import Inquiry, InquiryState
from core.inquiry.typed import begun
from core.values.fiscal import FiscalYear
from core.views.inquiries import DeskLine, InquiryAnswer, inquiry_desk_view, inquiry_view
from dashboard import context
from dashboard.inquiries import board, composing, course, form_merging, preview, reflection, tally
from dashboard.inquiries.publishing import GO
from dashboard.inquiries.question_form import years
from dashboard.inquiries.working import QUESTION, is_begun, later, take_along
from dashboard.kit import address, titles, widgets
from dashboard.kit.answer import answer
from dashboard.kit.cards import Action, Badge, Card, Tone, badges, cards
from dashboard.kit.choice import choose
from dashboard.kit.confirm import confirm
from dashboard.kit.form import Place
from dashboard.kit.submit import submit
from dashboard.kit.typed import escaped

INQUIRY = "inquiry"
"""Of the address: number of the inquiry that is open."""
PAGE, _TAB = "inquiries", "inquiries.tab"
_MADE, _COPIED, _COPY = "inquiry.make", "inquiry.copy", "inquiries.copy"
_TONES = {InquiryState.OPEN: Tone.GOOD, InquiryState.DRAFT: Tone.OPEN}
_AT_IT = (ResponseState.DRAFT, ResponseState.AT_APPROVAL, ResponseState.RETURNED)
_FEW = 3


@dataclass(frozen=True)
class Question(address.Question):
    """Which inquiries are listed.

    Attributes:
        state: 照会の状態; empty for all.
        year: 年度; None for all.
    """

    state: str = address.choice("状態", InquiryState, "")
    year: int | None = address.year("年度")


def draw(principal: Principal) -> None:
    """What the secretariat sees."""
    opened = address.opened(INQUIRY)
    if not opened:
        _draw_list(principal)
        return
    st.button("照会の一覧へ", icon=":material/arrow_back:", on_click=_close, key="inquiries.back")
    with widgets.refusals_shown():
        found = inquiry_view(
            context.engine(),
            principal,
            context.reference(),
            inquiry_id=int(opened) if opened.isdecimal() else 0,
            now=context.now(),
            today=context.today(),
        )
        _draw_opened(principal, found)


def _draw_opened(principal: Principal, found: InquiryAnswer) -> None:
    inquiry = found.inquiry
    title = f"{inquiry.number.label} {inquiry.composition.title}"
    titles.title(title)
    st.subheader(escaped(title), anchor=False)
    badges(_badges(inquiry, found.state, found.board))
    answer(_MADE)
    answer(_COPIED)
    if (go := st.session_state.pop(GO, "")) or not inquiry.published:
        widgets.take_tab(_TAB)
    if go:
        st.session_state[_TAB] = go
    if not inquiry.published:
        widgets.draw_tabs(
            _TAB,
            {
                "設問": partial(_draw_questions, principal, found),
                "経過": partial(course.draw, principal, found),
            },
        )
        return
    widgets.draw_tabs(
        _TAB,
        {
            "回答状況": partial(board.draw, principal, found),
            "集計": partial(tally.draw, principal, found),
            **(
                {"様式": partial(form_merging.draw, principal, found)}
                if form_merging.has_forms(found)
                else {}
            ),
            "反映": partial(reflection.draw, principal, found),
            "設問": partial(_draw_questions, principal, found),
            "経過": partial(course.draw, principal, found),
        },
    )


def _draw_questions(principal: Principal, found: InquiryAnswer) -> None:
    """The form of a draft; of a published one how it is seen, until somebody changes it."""
    inquiry = found.inquiry
    take_along(inquiry.inquiry_id)
    if not inquiry.published or is_begun(inquiry.inquiry_id):
        composing.draw(principal, found)
        return
    if found.state in (InquiryState.OPEN, InquiryState.ANNOUNCED):
        st.button(
            "設問を変える",
            icon=":material/edit:",
            key="inquiries.change",
            on_click=later(inquiry, lambda _: None),
        )
    preview.draw(inquiry.composition, found, key=f"inquiries.seen.{inquiry.inquiry_id}")


def _badges(inquiry: Inquiry, state: InquiryState, answers: Board | None) -> list[Badge]:
    found = [Badge(state.label, _TONES.get(state, Tone.PLAIN))]
    if inquiry.published:
        found.append(Badge(_deadline(inquiry, state, answers)))
        found.append(Badge(f"照会先 {len(inquiry.audience)}団体"))
    if inquiry.composition.hidden:
        found.append(Badge("結果は伏せています" if not inquiry.revealed else "結果を公開済み"))
    return found


def _deadline(inquiry: Inquiry, state: InquiryState, answers: Board | None) -> str:
    said = f"締切 {japan_moment(inquiry.closes_at)}"
    if answers is None or state not in (InquiryState.OPEN, InquiryState.ANNOUNCED):
        return said
    return f"{said}({f'あと{answers.days_left}日' if answers.days_left else '今日'})"


# ── the list ──────────────────────────────────────────────────────────────────────────────────


def _draw_list(principal: Principal) -> None:
    address.take(Question, PAGE, principal)
    lines = inquiry_desk_view(context.engine(), principal, now=context.now())
    if copied := st.session_state.pop(_COPY, None):
        submit(
            _COPIED,
            partial(copy_inquiry, inquiry_id=int(copied)),
            lambda made: _opened(
                made, "写しをつくりました。年度・締切・設問を確かめて公開してください。"
            ),
        )
    _draw_make()
    answer(_COPIED)
    if not lines:
        widgets.empty_state("照会はまだありません。「照会をつくる」から始めます。", "forum")
        return
    _draw_filters(lines)
    asked = address.current(Question, PAGE, principal)
    listed = [
        line
        for line in lines
        if (not asked.state or line.state == asked.state)
        and (asked.year is None or line.inquiry.composition.fiscal_year == asked.year)
    ]
    if not listed:
        widgets.empty_state("この条件の照会はありません。", "filter_alt_off")
    cards([_card(line) for line in listed], key="inquiries.list", rows=True)
    address.write(PAGE, asked)


def _draw_filters(lines: Sequence[DeskLine]) -> None:
    counts = {state: sum(line.state is state for line in lines) for state in InquiryState}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        choose(
            st.segmented_control,
            "状態",
            {"": f"すべて({len(lines)})"}
            | {state.value: f"{state.label}({count})" for state, count in counts.items() if count},
            key=f"{PAGE}.state",
            persist_state="session",
            **({} if f"{PAGE}.state" in st.session_state else {"default": ""}),
        )
        held = {line.inquiry.composition.fiscal_year for line in lines}
        labels = {0: "すべて"} | {
            year: FiscalYear(year).label for year in sorted(held, reverse=True)
        }
        choose(
            st.selectbox,
            "年度",
            labels,
            key=f"{PAGE}.year",
            persist_state="session",
            width=180,
        )


def _card(line: DeskLine) -> Card:
    inquiry, answers = line.inquiry, line.board
    number = inquiry.inquiry_id
    year = FiscalYear(inquiry.composition.fiscal_year).label
    said = [inquiry.number.label, year]
    said.append(
        _deadline(inquiry, line.state, answers)
        if inquiry.published
        else f"設問 {len(inquiry.composition.questions)}・締切 {japan_moment(inquiry.closes_at)}"
    )
    if not inquiry.published and is_begun(number):
        said.append("保存していない入力があります")
    asked = len(answers.rows) if answers else 0
    return Card(
        str(number),
        inquiry.composition.title,
        value=f"{answers.are_in}/{asked}団体" if answers else "",
        badges=(Badge(line.state.label, _TONES.get(line.state, Tone.PLAIN)),),
        share=(answers.are_in, asked) if answers else None,
        lines=("・".join(said),),
        text=_at_it(answers) if answers else "",
        actions=(
            Action("開く", on_press=partial(_open, number), first=line.state is InquiryState.OPEN),
            Action("写しをつくる", on_press=partial(_ask_copy, number)),
        ),
    )


def _at_it(answers: Board) -> str:
    """Who is at it: how many, and the first of them by name."""
    towns, said = context.reference().ever, []
    for state in _AT_IT:
        names = [towns[row.lg_code].name for row in answers.rows if row.state is state]
        if names:
            said.append(f"{state.label} {len(names)}({widgets.some_of(names, _FEW)})")
    again = sum(row.look_again for row in answers.rows)
    if again:
        said.append(f"見直し待ち {again}団体")
    return "・".join(said)


def _draw_make() -> None:
    """A new draft: what it is called and of which year; the rest is composed."""
    title, year = f"{_MADE}.title", f"{_MADE}.year"

    def fields() -> Mapping[str, Place]:
        st.text_input("件名(必須)", key=title)
        place = Place(f"{title}.place")
        labels = {each: FiscalYear(each).full_label for each in years()}
        choose(st.selectbox, "年度", labels, int(context.this_fiscal_year()), key=year)
        return {"title": place}

    def make(engine: Engine, principal: Principal, *, request_id: str, now: datetime) -> int:
        return compose_inquiry(
            engine,
            principal,
            inquiry_id=0,
            composition=begun(
                str(st.session_state[title]), int(st.session_state[year]), context.today()
            ),
            seen_version=0,
            request_id=request_id,
            now=now,
        )

    confirm(
        "照会をつくる",
        "件名と年度を決めると、下書きができます。締切・照会先・設問は次の画面で組み立てます。",
        make,
        key="new",
        form=_MADE,
        done=lambda made: _opened(made, "下書きをつくりました。"),
        danger=False,
        go="下書きをつくる",
        icon="add",
        fields=fields,
        type="primary",
    )


def _opened(made: int, said: str) -> str:
    _open(made)
    return said


def _open(number: int) -> None:
    address.open_detail(INQUIRY, str(number))
    _leave_tabs()


def _close() -> None:
    address.open_detail(INQUIRY, "")
    _leave_tabs()


def _leave_tabs() -> None:
    """Another inquiry begins with its first tab, no question open."""
    for part in (address.TAB, QUESTION):
        address.open_detail(part, "")
    address.note(_TAB, {})
    st.session_state.pop(_TAB, None)


def _ask_copy(number: int) -> None:
    st.session_state[_COPY] = number
