"""自団体の照会: what is asked of us, and one of it opened to be answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from core.access.principal import Principal
from core.inquiry.response import Receipt
from core.views.inquiries import OurInquiry, our_inquiries_view
from dashboard import context
from dashboard.inquiries.answering import INQUIRY, draw_answering
from dashboard.inquiries.answering_receipts import draw_check, receipts_of
from dashboard.inquiries.answering_wording import badges, exact, hand, until
from dashboard.kit import address, widgets
from dashboard.kit.rows import row
from dashboard.kit.typed import escaped


def draw(principal: Principal) -> None:
    """What an officer sees."""
    if number := address.opened(INQUIRY):
        draw_answering(principal, number)
        return
    found = our_inquiries_view(
        context.engine(), principal, lg_code=str(principal.lg_code), now=context.now()
    )
    due = [each for each in found if each.due]
    others = [each for each in found if not each.due]
    st.subheader(f"回答する照会({len(due)})", anchor=False)
    if not due:
        words = "いま回答を待っている照会はありません。"
        widgets.empty_state(words, "task_alt")
    for each in due:
        _draw_due(each)
    if others:
        _draw_others(others, receipts_of(principal))
    draw_check(principal)


def _draw_due(each: OurInquiry) -> None:
    response, number = each.response, each.inquiry.inquiry_id
    with row(f"inquiry.{number}"):
        st.markdown(
            f"**{escaped(each.inquiry.composition.title)}**  \n{badges(each)} "
            f"{escaped(until(each.inquiry))}・{escaped(each.inquiry.number.label)}"
        )
        if response.returned is not None:
            st.caption(f"差戻しの理由: {escaped(response.returned.reason)}")
        if response.draft is not None:
            st.caption(f"{escaped(hand(response.draft))}しています。")
        words = "確認する" if response.asked else "続きを書く" if response.draft else "回答する"
        _draw_open(number, words, primary=True)


def _draw_open(number: int, words: str, *, primary: bool) -> None:
    st.button(
        escaped(words),
        type="primary" if primary else "secondary",
        icon=":material/arrow_forward:",
        key=f"inquiry.open.{number}",
        on_click=address.open_detail,
        args=(INQUIRY, str(number)),
    )


def _draw_others(others: Sequence[OurInquiry], receipts: Mapping[int, Receipt]) -> None:
    st.subheader("回答した照会・終わった照会", anchor=False)
    for each in others:
        number, handed_in = each.inquiry.inquiry_id, each.response.handed_in
        with row(f"inquiry.{number}"):
            st.markdown(
                f"**{escaped(each.inquiry.composition.title)}**  \n{badges(each)} "
                f"{escaped(until(each.inquiry))}・{escaped(each.inquiry.number.label)}"
            )
            if handed_in and (receipt := receipts.get(handed_in[-1].event_id)):
                st.caption(
                    f"受領番号 {receipt.number}・{escaped(exact(receipt.recorded_at))}・"
                    f"SHA-256 {escaped(receipt.digest[:8])}…"
                )
            _draw_open(number, "開く", primary=False)
