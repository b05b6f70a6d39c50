"""アラート: what has come about, and where it is settled."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.access.principal import Principal
from core.figures.alert import Alert, AlertState
from core.figures.indicator import EVERYBODY, KpiFilter
from dashboard import context
from dashboard.frame import navigation
from dashboard.kit.cards import Action, Badge, Card, Tone, cards
from dashboard.kit.typed import escaped

_TONES = {AlertState.RAISED: Tone.BAD, AlertState.UNDECIDED: Tone.OPEN, AlertState.QUIET: Tone.GOOD}


def draw_raised(
    principal: Principal, alerts: Sequence[Alert], chosen: KpiFilter = EVERYBODY
) -> None:
    """Those that have come about, under a heading of their own; nothing when none has."""
    raised = [alert for alert in alerts if alert.state is AlertState.RAISED]
    if raised:
        st.subheader(f"アラート({len(raised)})", anchor=False)
        draw_alerts(principal, raised, chosen)


def draw_alerts(principal: Principal, alerts: Sequence[Alert], chosen: KpiFilter) -> None:
    """One row an alert; state in words, never by colour alone.

    Args:
        principal: Who reads; only screens that open are linked.
        chosen: Which municipalities they are about, where a filter means anything.
    """
    opened = {screen.name: screen.title for screen in navigation.open_to(principal)}
    cards(
        [_row(alert, opened, chosen) for alert in alerts],
        key="kpi.alerts",
        rows=True,
    )
    if chosen != EVERYBODY:
        st.caption(
            escaped(
                f"{chosen.label(context.reference().everybody)}だけを数えています。「全体」のものは絞り込みの対象外です。"
            )
        )


def _row(alert: Alert, opened: dict[str, str], chosen: KpiFilter) -> Card:
    kind = alert.rule.kind
    whole = "(全体)" if chosen != EVERYBODY and not kind.filterable else ""
    raised = alert.state is AlertState.RAISED
    acts: tuple[Action, ...] = ()
    if raised and kind.screen in opened and kind.screen != "kpi":
        acts = (Action(f"「{opened[kind.screen]}」を開く", page=kind.screen),)
    return Card(
        key=kind.value,
        title=f"{alert.text}{whole}",
        badges=(Badge(alert.state.label, _TONES[alert.state]),),
        lines=(f"条件: {kind.label}(しきい値 {alert.rule.threshold:,}{kind.unit})",),
        terms={f"該当 {len(alert.named)}件": "、".join(alert.named)} if alert.named else {},
        terms_label=f"該当 {len(alert.named)}件",
        actions=acts,
    )
