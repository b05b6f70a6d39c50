"""アラート: what has come about, and where it is settled."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.access.principal import Principal
from core.figures.alert import Alert, AlertState
from dashboard.frame import navigation
from dashboard.kit.typed import escaped

_BOXES = {
    AlertState.RAISED: (st.warning, ":material/notification_important:"),
    AlertState.UNDECIDED: (st.info, ":material/help:"),
    AlertState.QUIET: (st.success, ":material/check_circle:"),
}


def draw_raised(principal: Principal, alerts: Sequence[Alert]) -> None:
    """Those that have come about, under a heading of their own; nothing when none has."""
    raised = [alert for alert in alerts if alert.state is AlertState.RAISED]
    if raised:
        st.subheader("アラート", anchor=False)
        draw_alerts(principal, raised, named=False)


def draw_alerts(principal: Principal, alerts: Sequence[Alert], *, named: bool) -> None:
    """One box an alert; state in words, never by colour alone.

    Args:
        principal: Who reads; only screens that open are linked.
        named: Whether whom they are about stands below.
    """
    opened = {screen.name: screen.title for screen in navigation.open_to(principal)}
    for alert in alerts:
        with st.container(border=True):
            box, icon = _BOXES[alert.state]
            box(f"**{alert.state.label}** {escaped(alert.text)}", icon=icon)
            if alert.rule.kind.screen in opened and alert.state is AlertState.RAISED:
                screen = alert.rule.kind.screen
                navigation.link(screen, escaped(f"「{opened[screen]}」を開く"), "arrow_forward")
            st.caption(
                f"条件: {alert.rule.kind.label}"
                f"(しきい値 {alert.rule.threshold:,}{alert.rule.kind.unit})"
            )
            if named and alert.named:
                with st.expander(f"該当 {len(alert.named)}件"):
                    st.markdown("、".join(map(escaped, alert.named)))
