"""回答状況: who has answered an inquiry, and who has not."""

from __future__ import annotations

import streamlit as st

from core.access.principal import Principal
from core.views.inquiries import InquiryAnswer


def draw(principal: Principal, found: InquiryAnswer) -> None:  # noqa: ARG001
    """The board of a published inquiry."""
    if found.board is None:
        st.info("公開すると、回答状況をここに表示します。")
        return
    st.write(f"提出 {found.board.are_in}/{len(found.board.rows)}団体")
