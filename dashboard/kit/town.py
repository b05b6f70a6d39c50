"""The municipality a reader works for: an officer's own, for others the one they chose, on all pages."""

from __future__ import annotations

import streamlit as st

from core.access.principal import Principal, Role
from core.values.municipality import Municipality
from dashboard import context
from dashboard.kit.choice import choose

_CHOSEN = "noriai.town"


def codes(_reader: Principal) -> list[str]:
    """Those that can be chosen, as a question's field takes them."""
    return [each.lg_code for each in context.reference().municipalities]


def town(reader: Principal) -> Municipality | None:
    """Whom this reader works for; None while nobody said."""
    code = reader.lg_code if _is_fixed(reader) else st.session_state.get(_CHOSEN)
    return context.reference().by_code.get(code) if code else None


def arrived(reader: Principal, code: str | None) -> None:
    """A link named a municipality; one that names none leaves what was chosen."""
    if code and not _is_fixed(reader):
        st.session_state[_CHOSEN] = code


def draw_town(page: str, reader: Principal) -> None:
    """The choice, or for an officer their own in the same place."""
    key = f"{page}.town"
    ours = town(reader)
    names = {each.lg_code: each.name for each in context.reference().municipalities}
    if _is_fixed(reader) and ours is not None:
        names = {ours.lg_code: ours.name}
    st.session_state[key] = ours.lg_code if ours else None
    choose(
        st.selectbox,
        "団体",
        names,
        None,
        key=key,
        on_change=_remember,
        args=(key,),
        placeholder="選ぶ(任意)",
        disabled=_is_fixed(reader),
    )


def _remember(key: str) -> None:
    st.session_state[_CHOSEN] = st.session_state[key]


def _is_fixed(reader: Principal) -> bool:
    return reader.role is Role.OFFICER and reader.lg_code is not None
