"""共同調達への参加意向: system by system the intention, and of whoever joins lot, time and ground."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from core.inquiry.answer import Value
from core.inquiry.kinds.join_intention import BASIS, Intention
from core.values.fiscal import parse_date
from dashboard.inquiries.fields.field import Field
from dashboard.kit import written
from dashboard.kit.choice import choose
from dashboard.kit.rows import row
from dashboard.kit.typed import escaped

_DETAILED = (Intention.JOIN, Intention.INTERESTED)


def draw(field: Field) -> Value:
    """A row a system."""
    before = field.typed if isinstance(field.typed, Mapping) else {}
    return {
        programme: said
        for programme in field.question.programmes
        if (said := _draw_one(field, programme, before.get(programme) or {}))
    }


def _draw_one(field: Field, programme: str, before: Mapping[str, Any]) -> dict[str, Any]:
    key = f"{field.key}.{programme}"
    procurements = field.scope.reference.procurements
    label = procurements.programme(programme).short_label
    with row(key):
        intention = choose(
            st.segmented_control,
            f"**{escaped(label)}**",
            Intention,
            next((each for each in Intention if each.value == before.get("intention")), None),
            key=f"{key}.intention",
            disabled=field.disabled,
        )
        if intention is None:
            return {}
        said = {"intention": intention.value}
        if intention not in _DETAILED:
            return said
        lots = procurements.systems[programme].lots
        if lots:
            said["lot"] = (
                choose(
                    st.segmented_control,
                    f"{escaped(label)}の区分",
                    {lot: f"区分{lot}" for lot in lots},
                    before.get("lot") if before.get("lot") in lots else None,
                    key=f"{key}.lot",
                    disabled=field.disabled,
                )
                or ""
            )
        wanted = "(必須)" if intention is Intention.JOIN else ""
        said["when"] = written.line(
            f"{label}の参加時期{wanted}",
            key=f"{key}.when",
            read=_read_when,
            value=str(before.get("when") or ""),
            placeholder="例: 令和9年4月、令和9年度",
            disabled=field.disabled,
            width=260,
        )
        said["basis"] = written.line(
            f"{label}の参加の根拠",
            key=f"{key}.basis",
            read=_read_basis,
            value=str(before.get("basis") or ""),
            placeholder=f"例: {BASIS.example}",
            disabled=field.disabled,
        )
    return {name: value for name, value in said.items() if value}


def _read_when(text: str) -> str:
    found = parse_date(text).label
    return "" if text.strip() == found else found


def _read_basis(text: str) -> str:
    BASIS.read(text)
    return ""
