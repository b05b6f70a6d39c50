"""Words of the tab 補助金."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from core.reference.pack import Reference
from core.subsidy.case import Case
from core.subsidy.due import TRACK, Due, Turn, track
from core.subsidy.money import Outcome
from core.subsidy.programme import GrantProgramme
from core.subsidy.step import CaseState
from core.values.fiscal import FiscalYear, era_date
from core.values.money import Yen, yen_text
from dashboard.kit.tables import table
from dashboard.kit.typed import Markdown, escaped

CASE = "case"
TOWN = "applicant"
"""Of the address: the number of the case that is open; the municipality applied for on paper."""
_STOPPED = (CaseState.REFUSED, CaseState.WITHDRAWN, CaseState.CANCELLED)


def money(amount: Yen | None, unknown: str = "—") -> str:
    """An amount; a dash for none."""
    return unknown if amount is None else yen_text(amount)


def track_line(case: Case) -> Markdown:
    """申請 → 決定 → … with the day of each; told by mark and word."""
    days = track(case)
    words = []
    for step in TRACK:
        day = days[step]
        words.append(
            Markdown(f"○ {step.label}")
            if day is None
            else Markdown(f"✓ {step.label}({era_date(day)})")
        )
    state = f"**● いま: {case.state.label}**"
    if case.state in _STOPPED:
        state = f":red[**● {case.state.label}**({era_date(case.last.day)})]"
    return Markdown(f"{' → '.join(words)}  \n{state}")


def due_line(due: Due, today_late: int) -> Markdown:
    """Whose turn it is, what for, by when and what is missing."""
    if due.turn is Turn.NOBODY or due.step is None:
        return Markdown("次の手続はありません。")
    by = f"、期限 {era_date(due.deadline)}" if due.deadline else ""
    late = f" :red[**{today_late}日遅れ**]" if today_late else ""
    lacks = f"  \nまだ記録がないもの: {escaped('、'.join(due.missing))}" if due.missing else ""
    return Markdown(f"**次:** {due.turn.label}の「{due.step.label}」{by}{late}{lacks}")


def item_name(item: str, programme: GrantProgramme, reference: Reference, year: FiscalYear) -> str:
    """費目 as a reader knows it: of support plans the plan's name."""
    if programme.from_contracts and item.isdigit():
        return reference.plan_name(int(item), year)
    return item


def terms_line(programme: GrantProgramme) -> str:
    """The terms of a programme in a line."""
    terms = programme.terms
    if terms is None:
        said = "補助率は公表されていないため、申請する団体が額を示し、事務局が決定します"
    else:
        cap = f"、上限{yen_text(terms.cap)}" if terms.cap is not None else ""
        rounding = f"{terms.rounding.unit:,}円未満{terms.rounding.direction.label}"
        said = f"補助率{terms.rate}、{rounding}({terms.scope.label}){cap}"
    more = ["共同申請あり"] if programme.joint else []
    more += ["概算払あり"] if programme.advance else []
    more += ["仮の値を含む"] if programme.assumed else []
    return "。".join([said, *(["・".join(more)] if more else [])]) + "。"


def draw_lines(
    outcome: Outcome,
    programme: GrantProgramme,
    reference: Reference,
    year: FiscalYear,
    alt: str,
) -> None:
    """Costs and shares, a row each, with their sum."""
    lines = outcome.lines
    if not lines:
        return
    several = len({line.lg_code for line in lines}) > 1
    columns: dict[str, list[object]] = {}
    if several:
        columns["団体"] = [*(reference.called(line.lg_code) for line in lines), "合計"]
        columns["費目"] = [*(item_name(x.item, programme, reference, year) for x in lines), ""]
    else:
        columns["費目"] = [*(item_name(x.item, programme, reference, year) for x in lines), "合計"]
    eligible = sum((line.eligible for line in lines), Yen(0))
    columns["補助対象経費"] = [*(yen_text(x.eligible) for x in lines), yen_text(eligible)]
    columns["補助金"] = [*(yen_text(x.amount) for x in lines), money(outcome.amount)]
    table(columns, alt)


def draw_working(outcome: Outcome, reference: Reference, key: str) -> None:
    """計算過程, folded."""
    if not outcome.workings:
        return
    with st.expander("計算過程", icon=":material/calculate:", key=f"subsidy.working.{key}"):
        for working in outcome.workings:
            if working.lg_code and len(outcome.workings) > 1:
                st.markdown(f"**{escaped(reference.called(working.lg_code))}**")
            for step in working.steps:
                after = "" if step.amount is None else f" = **{yen_text(step.amount)}**"
                said = "" if yen_text(step.amount or 0) == step.expression else step.expression
                st.markdown(f"- {escaped(step.label)}: {escaped(said)}{after}")


def named(codes: Iterable[str], reference: Reference) -> str:
    """Municipalities by name."""
    return "、".join(map(reference.called, codes))
