"""事務局の照会: the list of inquiries, and one of them opened."""

from __future__ import annotations

import streamlit as st

from core.access.principal import Principal
from core.views.inquiries import inquiry_desk_view
from dashboard import context
from dashboard.kit.typed import escaped

INQUIRY = "inquiry"
"""Of the address: number of the inquiry that is open."""


def draw(principal: Principal) -> None:
    """What the secretariat sees."""
    for line in inquiry_desk_view(context.engine(), principal, now=context.now()):
        composition = line.inquiry.composition
        st.markdown(escaped(composition.title))
