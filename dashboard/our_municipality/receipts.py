"""受領の記録: what of ours arrived, and what arrived last."""

from __future__ import annotations

import streamlit as st

from core.access.principal import Principal
from core.store.audit import AuditEntry
from core.views.receipts import MOST, receipts_view
from dashboard import context
from dashboard.administration.audit import action_text, actor_text, detail_text, moments
from dashboard.frame import navigation
from dashboard.kit import widgets
from dashboard.kit.tables import table
from dashboard.kit.typed import escaped


def draw_last(principal: Principal, lg_code: str) -> None:
    """What arrived last, in one line, and the way to the rest."""
    entries = receipts_view(context.engine(), principal, lg_code=lg_code, most=1)
    with st.container(horizontal=True, vertical_alignment="center"):
        told = escaped(_told(entries[0])) if entries else "まだありません。"
        st.caption(f"最後に届いた記録: {told}", width="content")
        navigation.link("our_municipality", "受領の記録", "receipt_long")


def draw_receipts(principal: Principal, lg_code: str) -> None:
    """Every record of ours with its number, newest first; one is found by its number."""
    entries = receipts_view(context.engine(), principal, lg_code=lg_code)
    if not entries:
        widgets.empty_state("記録はまだ届いていません。", "receipt_long")
        return
    st.markdown(f"最後に届いた記録: {escaped(_told(entries[0]))}")
    wanted = st.text_input("受領番号で探す", key="receipts.number", width=260).strip()
    if wanted:
        number = int(wanted) if wanted.isdecimal() else 0
        entries = receipts_view(context.engine(), principal, lg_code=lg_code, number=number)
        if not entries:
            st.info(
                f"受領番号「{escaped(wanted)}」の記録は届いていません。番号を確かめてください。",
                icon=":material/search_off:",
            )
            return
    table(
        {
            "受領番号": [each.number for each in entries],
            "日時": moments(entries),
            "記録した人": map(actor_text, entries),
            "操作": map(action_text, entries),
            "内容": map(detail_text, entries),
            "控えの要約値": [each.digest for each in entries],
        },
        "受領の記録、新しい番号から",
    )
    st.caption(
        f"この一覧にあるものは、確かに届いて記録されています。番号の新しい順に{MOST}件まで。"
        "古いものは番号で探せます。控えの要約値は、記録した内容から計算した値です。"
    )


def _told(entry: AuditEntry) -> str:
    (moment,) = moments([entry])
    return f"受領番号 {entry.number}・{moment}・{action_text(entry)}({actor_text(entry)})"
