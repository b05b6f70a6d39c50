"""見出し: how many take part, from where it is known, and how many of them are known by name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape

import streamlit as st

from core.procurement.coverage import CoverageState
from core.procurement.headline import Headline, Origin
from core.values.figure import LEDGER_SOURCE, Status
from core.values.fiscal import PartialDate
from core.values.municipality import Municipality
from core.views.procurement import SystemAnswer
from dashboard import context
from dashboard.kit import widgets
from dashboard.kit.cards import definitions, plain
from dashboard.kit.charts.look import DARK, TEXT
from dashboard.kit.headline_bar import (
    ABSENT,
    NAMED,
    PUBLISHED,
    bar_legend,
    bar_length,
    headline_bar,
)
from dashboard.procurement.question import Question

SOFT = "#4d4d4d"
"""Small print; 8.5:1 on white."""


def draw_headline(
    system: SystemAnswer,
    question: Question,
    today: date,
    municipalities: int,
    later: Sequence[tuple[Municipality, PartialDate]],
) -> None:
    """One sentence, one bar, and what both rest on one click away.

    Args:
        later: Named in the ledger as joining 有償版 after 基準日.
    """
    found, label = system.headline(question.basis), system.procurement.label
    notes = [f"集計基準: {question.basis.label}。", *_planned(found)]
    if question.as_of > today:
        notes.append(_ahead(system, question, today))
    small = (
        f'<p style="font-size:.875rem;color:{SOFT};margin:.3rem 0 0">{plain("".join(notes))}</p>'
    )
    st.html(f"{_sentence(found, label)}{_bar(found, municipalities)}{small}")
    definitions(_grounds(found, label, later))
    if found.value is None and system.procurement.note:
        widgets.empty_state(system.procurement.note, "visibility_off")


def sentence(found: Headline, label: str) -> str:
    """チャットには**34団体**が参加(公表、令和5年6月1日)。うち名前がわかるのは**22団体**。"""
    if found.value is None or found.origin is None:
        why = "公表も、台帳の網羅の宣言もありません。"
        if found.disagree:
            values = "、".join(f"{total.value}" for total in found.published)
            why = f"公表値が食い違っています({values}団体)。"
        known = f"名前がわかるのは**{found.named}団体**。" if found.named else ""
        return f"{label}の参加団体数は**不明**。{why}{known}"
    said = f"{label}には**{found.value}団体**が参加({found.origin.label}、{found.as_of.label})。"
    if found.origin is Origin.LEDGER:
        return f"{said}全団体の名前がわかっています。"
    if found.named is None:
        return said
    if found.named > found.value:
        more = found.named - found.value
        return f"{said}台帳で名前がわかるのは**{found.named}団体**(公表より{more}多い)。"
    return f"{said}うち名前がわかるのは**{found.named}団体**。"


def _sentence(found: Headline, label: str) -> str:
    pieces = escape(sentence(found, label)).split("**")
    sizes = ("1.9rem", "1.4rem")
    large = [
        f'<b style="font-size:{sizes[place > 1]};color:{DARK};white-space:nowrap">{piece}</b>'
        if place % 2
        else piece
        for place, piece in enumerate(pieces)
    ]
    style = f"font-size:1.2rem;line-height:1.6;margin:.4rem 0 .3rem;color:{TEXT}"
    return f'<p style="{style}">{"".join(large)}</p>'


def _bar(found: Headline, municipalities: int) -> str:
    """Named in full, published beyond the names hatched, on the length of all municipalities."""
    named, value = found.named or 0, found.value or 0
    parts = {
        NAMED: named,
        PUBLISHED: max(value - named, 0) if found.origin is Origin.PUBLISHED else 0,
    }
    whole = bar_length(parts, municipalities)
    if found.coverage is CoverageState.COMPLETE:
        parts[ABSENT] = whole - sum(parts.values())
    unit = context.names().towns if whole == municipalities else "団体"
    entries = [(name, f" {number}") for name, number in parts.items() if number]
    note = f"枠全体が{whole}{unit}"
    return f"{headline_bar(parts, municipalities)}{bar_legend(entries, note)}"


def _planned(found: Headline) -> list[str]:
    return [
        f"公表された予定: {total.as_of.label}に{total.value}団体"
        f"({widgets.publisher_text(total.source)})。"
        for total in found.planned
    ]


def _ahead(system: SystemAnswer, question: Question, today: date) -> str:
    count = system.counts.on(question.basis)
    told = "" if count is None else f"記録どおりに進めば、台帳の団体は{count}団体(予定)。"
    return f"基準日は先の日({question.as_of.isoformat()})です。見出しは今日({today.isoformat()})までの数。{told}"


def _grounds(
    found: Headline, label: str, later: Sequence[tuple[Municipality, PartialDate]]
) -> dict[str, str]:
    terms = {
        "定義": f"{label}に参加している{context.names().within}{context.names().towns}の数。台帳が全団体を網羅すると事務局が宣言した日からは"
        "台帳の数、それまでは最も新しい公表値(実績)。どちらもなければ不明で、0ではありません。",
        "集計基準": f"{found.basis.label}。基準の違う数とは足しも比べもしません。",
        "台帳の網羅": f"{found.coverage.label}。",
    }
    if found.named is not None:
        terms["台帳"] = (
            f"{found.named}団体({found.counted_on.isoformat()}時点)"
            f"〔出典: {widgets.source_text(LEDGER_SOURCE)}〕"
        )
    if found.published:
        terms["公表値"] = " ".join(
            f"{total.value}団体({total.as_of.label}時点、{total.status.label})"
            f"〔出典: {widgets.source_text(total.source)}〕"
            for total in found.published
        )
    if found.unnamed:
        dated = next(t.as_of.label for t in found.published if t.status is Status.ACTUAL)
        terms["公表値−台帳"] = (
            f"{found.unnamed}団体。公表値(実績、{dated}時点)から台帳の数({found.counted_on.isoformat()}時点)を"
            "引いただけの数で、どの団体かは特定しません。団体名を推定して埋めることはしません。"
        )
    if found.unnamed and later:
        named = widgets.some_of(
            f"{municipality.name}({since.label}から)" for municipality, since in later
        )
        terms["基準日より後の参加"] = (
            "公表値に含まれていても、台帳では基準日より後から有償版に参加と"
            f"記録された団体があります: {named}。"
        )
    return terms
