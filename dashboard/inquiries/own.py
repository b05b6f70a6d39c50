"""自団体の照会: what is asked of us, and one of it opened to be answered."""

from __future__ import annotations

import streamlit as st

from core.access.principal import Principal
from core.views.inquiries import our_inquiries_view
from dashboard import context
from dashboard.kit.typed import escaped


def draw(principal: Principal) -> None:
    """What an officer sees."""
    lg_code = principal.lg_code or ""
    found = our_inquiries_view(context.engine(), principal, lg_code=lg_code, now=context.now())
    for each in found:
        composition = each.inquiry.composition
        st.markdown(escaped(composition.title))
