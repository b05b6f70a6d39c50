"""One kept estimate: open, rename, discard, on わがまち."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.commands.estimates import NAME, discard_estimate, rename_estimate
from core.estimate.link import ESTIMATE_LINK
from core.store.estimates import KeptEstimate
from core.values.fiscal import FiscalYear, japan_day
from core.values.money import yen_text
from dashboard.frame import navigation
from dashboard.kit import widgets
from dashboard.kit.submit import as_shown, submit


def draw_kept(kept: KeptEstimate) -> None:
    """What it says, and what can be done with it."""
    request = kept.request
    seen = as_shown(f"kept.{kept.estimate_id}", kept.row_id)
    plans = "、".join(f"プラン{c.plan}×{c.visits}回" for c in request.choices) or "プランなし"
    with st.container(border=True):
        st.markdown(f"**{widgets.escaped(kept.name)}**")
        st.caption(
            f"{FiscalYear(request.fiscal_year).full_label}から{request.years}年・"
            f"{request.start_month}月開始・{plans}  \n"
            f"歳出 {yen_text(kept.gross)}・府補助金 {yen_text(kept.subsidy)}・"
            f"一般財源 **{yen_text(kept.net)}**"
            f"(保存時点の額、{japan_day(kept.recorded_at)} {widgets.escaped(kept.recorded_by)})"
        )
        with st.container(horizontal=True, vertical_alignment="center"):
            st.page_link(
                navigation.page_file("plans"),
                label="開く",
                icon=":material/open_in_new:",
                query_params=ESTIMATE_LINK.write(request),
            )
            box = f"{kept.estimate_id}.{kept.row_id}"
            with st.popover("名前を変える", icon=":material/edit:", key=f"kept.renaming.{box}"):
                _draw_rename(kept, seen)
            with st.popover("削除する", icon=":material/delete:", key=f"kept.discarding.{box}"):
                _draw_discard(kept, seen)


def _draw_rename(kept: KeptEstimate, seen: int) -> None:
    name = st.text_input(
        "新しい名前", kept.name, max_chars=NAME.longest, key=f"kept.name.{kept.estimate_id}"
    )
    if st.button("変更する", key=f"kept.rename.{kept.estimate_id}"):
        submit(
            f"kept.rename.{kept.estimate_id}",
            partial(
                rename_estimate,
                lg_code=kept.lg_code,
                estimate_id=kept.estimate_id,
                name=name,
                seen_row=seen,
            ),
            f"試算の名前を「{name}」に変えました。",
        )


def _draw_discard(kept: KeptEstimate, seen: int) -> None:
    st.markdown("一覧から外します。記録は監査のため残ります。")
    if st.button("削除する", type="primary", key=f"kept.discard.{kept.estimate_id}"):
        submit(
            f"kept.discard.{kept.estimate_id}",
            partial(
                discard_estimate, lg_code=kept.lg_code, estimate_id=kept.estimate_id, seen_row=seen
            ),
            f"試算「{kept.name}」を削除しました。",
        )
