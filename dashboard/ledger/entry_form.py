"""The fields of one record, for recording and for correcting; what is typed is read at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from core.procurement.event import EventKind, LedgerEvent
from core.procurement.layout import date_text
from core.procurement.recording import MAX_NOTE, MAX_SOURCE, Entry, doubts
from core.values.fiscal import PartialDate, Precision
from core.values.written_date import read_date
from dashboard import context
from dashboard.kit import written
from dashboard.kit.choice import choose
from dashboard.kit.typed import escaped

_AIMING = (EventKind.PLANNED, EventKind.MANDATE)
_PRECISION = {
    Precision.DAY: "日まで",
    Precision.MONTH: "月まで",
    Precision.MONTH_OR_LATER: "その月以降",
    Precision.FISCAL_YEAR: "年度まで",
}


@dataclass(frozen=True)
class Subject:
    """Whom (団体コード) and what (key of the joint procurement) a record is about."""

    participant: str
    programme: str


def draw_entry(
    prefix: str,
    subject: Subject,
    kinds: Sequence[EventKind],
    before: LedgerEvent | None = None,
) -> Entry | None:
    """The fields; None while no kind is chosen, a date cannot be read, or a doubt about it stands.

    Args:
        prefix: Of the widgets' keys; another one is another form.
        kinds: What fits after the last record, first in the list.
        before: The record whose content stands in the fields at first.
    """
    lots = context.reference().procurements.systems[subject.programme].lots
    left, right = st.columns(2)
    with left:
        kind = _draw_kind(prefix, kinds, before)
    with right:
        effective = _draw_date(prefix, "effective", "適用日", before.effective if before else None)
    lot = target = None
    with left:
        if lots:
            lot = _draw_lot(prefix, lots, before)
    with right:
        if kind in _AIMING:
            target = _draw_date(
                prefix,
                "target",
                "開始予定(わかれば)",
                before.target if before else None,
                needed=False,
            )
    source = written.text(
        "出典",
        key=f"ledger.{prefix}.source",
        longest=MAX_SOURCE,
        value=before.source if before else "",
        required=True,
        placeholder="例: 令和8年11月20日付け 参加申込書",
    )
    note = written.text(
        "備考",
        key=f"ledger.{prefix}.note",
        longest=MAX_NOTE,
        lines=True,
        value=before.note if before else "",
        height=80,
    )
    if source is None or note is None:
        return None
    if effective is None or (target is None and _typed(prefix, "target") and kind in _AIMING):
        return None
    if kind is None or not _sure(prefix, subject, effective, target):
        return None
    return Entry(
        participant=subject.participant,
        programme=subject.programme,
        kind=kind,
        effective=effective,
        source=source,
        lot=lot,
        target=target,
        note=note,
    )


def _draw_kind(
    prefix: str, kinds: Sequence[EventKind], before: LedgerEvent | None
) -> EventKind | None:
    rest = [k for k in EventKind if k not in kinds and k is not EventKind.CORRECTION]
    unfit = "" if before else "(いまの状態には続かない)"
    labels = {kind.value: kind.label for kind in kinds}
    labels |= {kind.value: f"{kind.label}{unfit}" for kind in rest}
    found = choose(
        st.selectbox,
        "種類(必須)",
        labels,
        before.kind.value if before else None,
        key=f"ledger.{prefix}.kind",
        placeholder="選んでください",
    )
    return EventKind(found) if found else None


def _draw_lot(prefix: str, lots: Sequence[str], before: LedgerEvent | None) -> str | None:
    usual = before.lot if before and before.lot in lots else ""
    labels = {"": "区分なし・不明", **{lot: lot for lot in lots}}
    return choose(st.selectbox, "区分", labels, usual, key=f"ledger.{prefix}.lot") or None


def _draw_date(
    prefix: str, field: str, label: str, before: PartialDate | None, *, needed: bool = True
) -> PartialDate | None:
    text = st.text_input(
        escaped(label),
        date_text(before) if before else "",
        key=f"ledger.{prefix}.{field}",
        placeholder="例: R5.6.1、令和5年6月",
    )
    if not text.strip():
        if needed:
            st.caption("わかる精度で。例: 2023-06-01、令和5年6月、2023年7月以降、令和5年度")
        return None
    try:
        found = read_date(text)
    except ValueError as error:
        st.error(escaped(str(error)), icon=":material/error:")
        return None
    st.caption(f"{found.label}と読みました(精度: {escaped(_PRECISION[found.precision])})。")
    return found


def _sure(
    prefix: str, subject: Subject, effective: PartialDate, target: PartialDate | None
) -> bool:
    """Whether a day that is most likely a slip was said to be meant."""
    system = context.reference().procurements.systems[subject.programme]
    asked = doubts(system, effective, target, context.today())
    if not asked:
        return True
    st.warning(escaped("".join(asked)), icon=":material/help:")
    days = f"{date_text(effective)}.{date_text(target) if target else ''}"
    return st.checkbox("この日で間違いない", key=f"ledger.{prefix}.sure.{days}")


def _typed(prefix: str, field: str) -> bool:
    return bool(str(st.session_state.get(f"ledger.{prefix}.{field}", "")).strip())
