"""What わがまち draws of kept estimates, consultations, similar municipalities and past wishes."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from core.access.principal import Principal, shown_name
from core.commands.estimates import NAME, discard_estimate, rename_estimate
from core.estimate.link import ESTIMATE_LINK
from core.store.estimates import KeptEstimate
from core.values.fiscal import FiscalYear, japan_day
from core.values.money import amount_labels, yen_text
from core.views.inquiries import our_flows_view
from core.views.our_municipality import OurMunicipalityAnswer
from dashboard import context
from dashboard.consultations.wording import heading
from dashboard.frame import navigation
from dashboard.kit import widgets, written
from dashboard.kit.act import act
from dashboard.kit.answer import answer
from dashboard.kit.confirm import confirm
from dashboard.kit.rows import row
from dashboard.kit.submit import as_shown
from dashboard.kit.tables import table
from dashboard.kit.typed import escaped


def draw_kept(kept: KeptEstimate) -> None:
    """What it says, and what can be done with it."""
    request = kept.request
    this: dict[str, Any] = {
        "lg_code": kept.lg_code,
        "estimate_id": kept.estimate_id,
        "seen_row": as_shown(f"kept.{kept.estimate_id}", kept.row_id),
    }
    plans = "、".join(f"プラン{c.plan}×{c.visits}回" for c in request.choices) or "プランなし"
    with row(f"kept.{kept.estimate_id}"):
        st.markdown(f"**{escaped(kept.name)}** 一般財源 **{yen_text(kept.net)}**")
        st.caption(
            f"{FiscalYear(request.fiscal_year).full_label}から{request.years}年・"
            f"{request.start_month}月開始・{plans}・"
            f"{escaped(_paid(kept))}"
            f"({japan_day(kept.recorded_at)}に{escaped(shown_name(kept.recorded_by))}が保存した時点の額)"
        )
        with st.container(horizontal=True, vertical_alignment="center"):
            navigation.link("plans", "開く", "open_in_new", ESTIMATE_LINK.write(request))
            box = f"kept.renaming.{kept.estimate_id}.{kept.row_id}"
            with st.popover("名前を変える", icon=":material/edit:", key=box):
                name = written.text(
                    "新しい名前",
                    value=kept.name,
                    longest=NAME.longest,
                    key=f"kept.name.{kept.estimate_id}",
                )
                act(
                    "変更する",
                    f"kept.rename.{kept.estimate_id}",
                    partial(rename_estimate, **this, name=name or ""),
                    f"試算の名前を「{name}」に変えました。",
                    primary=False,
                    answered=False,
                )
            answer(f"kept.rename.{kept.estimate_id}")
            confirm(
                "削除する",
                f"試算「{escaped(kept.name)}」を一覧から外します。記録は監査のため残ります。",
                partial(discard_estimate, **this),
                key=kept.estimate_id,
                form=f"kept.discard.{kept.estimate_id}",
                done=f"試算「{kept.name}」を削除しました。",
                icon="delete",
            )


def _paid(kept: KeptEstimate) -> str:
    """What is paid and what of it the prefecture pays; 一般財源 stands above."""
    labels = amount_labels(context.names().subsidy)
    return "・".join(
        f"{label} {yen_text(getattr(kept, each))}"
        for each, label in labels.items()
        if each != "net"
    )


def draw_consultations(answer: OurMunicipalityAnswer) -> None:
    """Those that are not over, each with the way to it."""
    if not answer.consultations:
        widgets.empty_state("進行中の相談はありません。", "forum")
    for consultation in answer.consultations:
        number = consultation.consultation_id
        with row(f"consultation.{number}", horizontal=True, vertical_alignment="center"):
            st.markdown(escaped(heading(consultation)))
            query = {"number": consultation.number.label}
            navigation.link("consultations", "開く", "arrow_forward", query)


def draw_alike(answer: OurMunicipalityAnswer) -> None:
    """Similar municipalities, and in what."""
    towns = [like.municipality for like in answer.alike]
    with st.expander(f"似た{context.names().towns}と、似ている点", icon=":material/groups:"):
        table(
            {
                context.names().towns: [town.name for town in towns],
                "区分": [town.category for town in towns],
                "地域": [town.area for town in towns],
                "人口": [f"{town.population:,}人" for town in towns],
                "似ている点": ["、".join(like.reasons) for like in answer.alike],
            },
            alt=f"似た{context.names().towns}の一覧",
        )
        st.caption(
            f"区分か地域が同じ、または人口が2倍以内(仮定)の{context.names().towns}。"
            "当てはまる数の多い順、同数なら人口の近い順。"
        )


def draw_history(principal: Principal, answer: OurMunicipalityAnswer) -> None:
    """Every step of every wish, folded, and what of it an answer to an inquiry said."""
    name = context.reference().plan_name
    flows = context.answer(our_flows_view, principal, lg_code=answer.municipality.lg_code)
    came = {number: each for each in flows for number in each.records if each.wished}
    with st.expander("参加希望の履歴", icon=":material/history:"):
        if answer.history:
            table(
                {
                    "記録日": [japan_day(event.recorded_at) for event in answer.history],
                    "年度": [event.fiscal_year.label for event in answer.history],
                    "プラン": [name(event.plan, event.fiscal_year) for event in answer.history],
                    "状態": [event.state.label for event in answer.history],
                    "回数": [f"{event.visits}回" for event in answer.history],
                    "一般財源": [yen_text(event.net) for event in answer.history],
                    "理由": [event.reason for event in answer.history],
                    "もと": [
                        came[event.event_id].told if event.event_id in came else ""
                        for event in answer.history
                    ],
                    "記録した人": [shown_name(event.recorded_by) for event in answer.history],
                },
                alt="参加希望の履歴",
            )
        else:
            st.caption("記録はまだありません。")
