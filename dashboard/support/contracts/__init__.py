"""契約・支援回: contracts of support plans and their visits."""

from __future__ import annotations

import streamlit as st

from core.access.principal import Principal


def draw(principal: Principal) -> None:
    """What is due first, then the contracts; of the secretariat those of everybody."""
    del principal
    st.subheader("契約", anchor=False)
