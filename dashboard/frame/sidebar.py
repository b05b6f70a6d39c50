"""The side: the product's name, who is signed in, the way out."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from core.access.principal import Principal, Role
from dashboard import context
from dashboard.frame import provider, return_place, sign_in
from dashboard.kit.typed import escaped

_ASSETS = Path(__file__).resolve().parents[1] / "assets"
ICON = str(_ASSETS / "icon.svg")


def draw(principal: Principal) -> None:
    """Logo, and for the signed-in their name, municipality and the button that signs out."""
    st.logo(str(_ASSETS / "logo.svg"), size="large", icon_image=ICON)
    if principal.role is Role.PUBLIC:
        return
    with st.sidebar.container(border=True):
        place = principal.role.label
        if principal.lg_code is not None:
            place = f"{context.reference().called(principal.lg_code)}・{place}"
        st.markdown(f"**{escaped(principal.display_name)}**")
        st.caption(escaped(place))
        if principal.lg_code and (
            gone := context.reference().succession.absence(principal.lg_code, context.today())
        ):
            st.warning(
                escaped(
                    f"{gone}アカウントの所属を移すよう、{context.names().secretariat}に頼んでください。"
                ),
                icon=":material/merge:",
            )
        st.button(
            "サインアウト",
            icon=":material/logout:",
            on_click=_leave,
            help="このアカウントのすべての画面でサインアウトします。",
            width="stretch",
        )


def _leave() -> None:
    sign_in.leave()
    provider.leave()


def ended_notice() -> None:
    """A sign-in that held until now does not any more; what was typed waits for its owner."""
    with st.container(border=True):
        st.warning(
            "サインインが終了しました(期限切れ、他の画面でのサインアウト、パスワードの変更、"
            "アカウントの停止のいずれか)。サインインし直すと、この画面に戻り、入力した内容も戻ります"
            "(選んだファイルは選び直してください)。",
            icon=":material/lock_clock:",
        )
        with st.container(horizontal=True):
            st.button(
                "サインインし直す",
                icon=":material/login:",
                type="primary",
                on_click=_sign_in_again,
            )
            st.button("サインインせずに続ける", on_click=sign_in.leave_here)


def _sign_in_again() -> None:
    sign_in.leave_here(return_place.KEPT)
    return_place.ask_next()
