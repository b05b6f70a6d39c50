"""集計: what was answered to an inquiry, question by question."""

from __future__ import annotations

import streamlit as st

from core.access.principal import Principal
from core.views.inquiries import InquiryAnswer, tally_view
from dashboard import context
from dashboard.kit.typed import escaped


def draw(principal: Principal, found: InquiryAnswer) -> None:
    """Every question counted; of a hidden one only how many answered."""
    inquiry_id = found.inquiry.inquiry_id
    answer = context.answer(tally_view, principal, inquiry_id=inquiry_id, today=context.today())
    for each in answer.questions:
        st.markdown(escaped(each.question.label))
