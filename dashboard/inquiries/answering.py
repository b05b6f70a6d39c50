"""照会への回答: one inquiry opened by a municipality."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.access.principal import Principal, shown_name
from core.inquiry.response import ResponseStep, japan_moment
from core.inquiry.round import InquiryState
from core.values.errors import InvalidInputError
from core.views.inquiries import AnsweringAnswer, answering_view
from dashboard import context
from dashboard.inquiries.answering_confirm import (
    FILL,
    RECEIPT,
    draw_confirm,
    draw_words,
    handing_in,
)
from dashboard.inquiries.answering_desk import desk_of, may_write
from dashboard.inquiries.answering_form import CONFIRM, GO, draw_form
from dashboard.inquiries.answering_printed import draw_printed
from dashboard.inquiries.answering_receipts import draw_receipts
from dashboard.inquiries.answering_wording import badges, exact, until
from dashboard.inquiries.fields.documents import draw_document, file_address
from dashboard.kit import address, titles
from dashboard.kit.answer import answer
from dashboard.kit.typed import escaped, paragraphs
from dashboard.kit.widgets import draw_tabs, take_tab

INQUIRY = "inquiry"
"""Of the address: number of the inquiry that is open."""


def draw_answering(principal: Principal, number: str) -> None:
    """The inquiry an address names; one that is not ours is not there."""
    found = _found(principal, number)
    st.button(
        "照会の一覧に戻る",
        icon=":material/arrow_back:",
        type="tertiary",
        key="answering.back",
        on_click=_close,
    )
    if found is None:
        st.warning(
            f"リンクの照会「{escaped(number)}」は、この団体にはありません。番号を確かめてください。",
            icon=":material/link_off:",
        )
        return
    titles.title(found.inquiry.composition.title)
    with st.container(key="noriai-answering"):
        _draw_head(found)
        answer(handing_in(found))
        _draw_parts(principal, found)
    draw_printed(found)


def _close() -> None:
    """Back to the list; the tab was of the inquiry that was open."""
    address.open_detail(INQUIRY, "")
    address.open_detail(address.TAB, "")


def _found(principal: Principal, number: str) -> AnsweringAnswer | None:
    if not (number.isascii() and number.isdecimal() and len(number) < 19):
        return None
    try:
        return answering_view(
            context.engine(),
            principal,
            context.reference(),
            lg_code=str(principal.lg_code),
            inquiry_id=int(number),
            now=context.now(),
            today=context.today(),
        )
    except InvalidInputError:
        return None


def _draw_parts(principal: Principal, found: AnsweringAnswer) -> None:
    key = f"answering.tab.{found.inquiry.inquiry_id}"
    take_tab(key)
    if (go := st.session_state.pop(GO, None)) is not None:
        st.session_state[key] = go
    draw_tabs(
        key,
        {
            FILL: partial(_draw_fill, found),
            CONFIRM: partial(draw_confirm, principal, found),
            RECEIPT: partial(draw_receipts, principal, found),
        },
    )


def _draw_head(found: AnsweringAnswer) -> None:
    """What is asked, by when, why, with what files; first what came back."""
    inquiry, composition = found.inquiry, found.inquiry.composition
    st.subheader(escaped(composition.title), anchor=False)
    st.markdown(f"{badges(found)} {escaped(until(inquiry))}・{escaped(inquiry.number.label)}")
    _draw_came_back(found)
    _draw_over(found)
    if composition.why:
        st.markdown(f"**趣旨・依頼元**\n\n{paragraphs(composition.why)}")
    if composition.explanation:
        st.markdown(f"**回答のしかた**\n\n{paragraphs(composition.explanation)}")
    documents = [found.files[each] for each in composition.attachments if each in found.files]
    if documents:
        st.markdown("**資料**")
        with st.container(horizontal=True):
            for file in documents:
                draw_document(file, file_address(file, found.response.lg_code))


def _draw_came_back(found: AnsweringAnswer) -> None:
    """A reason somebody gave for giving it back stands on top."""
    response = found.response
    if (returned := response.returned) is not None and response.asked is None:
        st.error(
            f"**事務局から差し戻されました**({escaped(exact(returned.recorded_at))})  \n"
            f"理由: {paragraphs(returned.reason)}  \n直して、もう一度提出してください。",
            icon=":material/undo:",
        )
    last = response.last
    if last is not None and last.step is ResponseStep.DECLINED:
        st.warning(
            f"**確認が差し戻されました**({escaped(shown_name(last.recorded_by))})  \n"
            f"理由: {paragraphs(last.reason)}",
            icon=":material/undo:",
        )


def _draw_over(found: AnsweringAnswer) -> None:
    """What can still be done where something cannot."""
    response, closes = found.response, escaped(japan_moment(found.inquiry.closes_at))
    if found.state is InquiryState.WITHDRAWN:
        last = found.inquiry.events[-1]
        st.info(
            f"この照会は取り下げられました。回答は要りません。理由: {escaped(last.reason)}",
            icon=":material/cancel:",
        )
    elif found.state is InquiryState.ANNOUNCED:
        opens = escaped(japan_moment(found.inquiry.composition.opens_at))
        st.info(f"受付は{opens}からです。下書きはいまから書けます。", icon=":material/schedule:")
    elif found.state is InquiryState.CLOSED and response.returned is None:
        said = (
            "提出した回答を直すときは、事務局に連絡すると差し戻してもらえます。"
            if response.counted is not None
            else "提出していません。事務局に連絡してください。事務局が回答を聞き取って記録できます。"
        )
        st.warning(f"締切({closes})を過ぎています。{escaped(said)}", icon=":material/event_busy:")
    elif response.counted is not None and found.state is InquiryState.OPEN:
        st.success(
            f"提出済みです({escaped(exact(response.counted.recorded_at))})。"
            f"{closes}までは、書き換えて提出し直せます。",
            icon=":material/check_circle:",
        )


def _draw_fill(found: AnsweringAnswer) -> None:
    if may_write(found):
        draw_form(found.response.lg_code, found.inquiry.inquiry_id)
        return
    if found.response.asked is not None:
        st.info(
            "確認を依頼しているあいだは書き換えられません。書き換えるときは、"
            f"「{CONFIRM}」で依頼を取り下げるか、差し戻してもらってください。",
            icon=":material/how_to_reg:",
        )
    handed_in = found.response.handed_in
    if handed_in:
        draw_words(found, handed_in[-1].answers or {}, "提出した回答")
    draft = found.response.draft
    if draft is not None and found.response.asked is None:
        draw_words(found, desk_of(found).typed, "提出していない下書き")
