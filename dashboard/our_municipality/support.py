"""What わがまち draws of contracts and visits: what is due, and the way to the rest."""

from __future__ import annotations

import streamlit as st

from core.access.principal import Principal
from core.support.due import PAGE
from core.views.support import support_due_view
from dashboard import context
from dashboard.frame import navigation
from dashboard.kit import widgets
from dashboard.kit.rows import row
from dashboard.kit.typed import escaped


def draw_due(principal: Principal, lg_code: str) -> None:
    """Each thing that is due with the way to it."""
    found = context.answer(support_due_view, principal, lg_code=lg_code, as_of=context.today())
    if not found:
        widgets.empty_state("契約・支援回で、いま記録をお願いするものはありません。", "handshake")
    for number, each in enumerate(found):
        with row(f"support.{number}", horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{escaped(each.title)}** {escaped(each.text)}")
            navigation.link(PAGE, "開く", "arrow_forward", each.query)
    navigation.link(PAGE, "契約・支援回をすべて見る", "handshake")
