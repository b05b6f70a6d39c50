"""システム別: what each joint procurement is, how it is procured, its numbers and their basis."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd
import streamlit as st

from core.procurement.counting import CountBasis, Counts
from core.procurement.standing import State
from core.reference.comparison import Beside, Comparison
from core.reference.corrections import corrections_text
from core.reference.procurements import Procurement, Scheme
from core.values.figure import LEDGER_SOURCE, Figure, Status, day_label
from core.values.fiscal import PartialDate
from core.values.municipality import Municipality
from core.views.procurement import ProcurementAnswer, SystemAnswer
from dashboard.kit import widgets
from dashboard.kit.charts.standing import legend_label
from dashboard.kit.widgets import escaped
from dashboard.procurement import wording
from dashboard.procurement.filters import Filters

_UNKNOWN = "数えられない"
_NAMED = 8
"""Municipalities named in a sentence."""


def draw_figures(system: SystemAnswer, filters: Filters, today: date) -> None:
    """台帳, 公表値 and their difference, of one system on one basis."""
    widgets.figure_row(figures(system, filters, today), narrowest=165)
    comparison = comparison_on(system, filters.basis)
    if not comparison.published:
        st.caption(
            f"「{filters.basis.label}」の公表値は、{filters.as_of.isoformat()}までにありません。"
        )
    elif not comparison.ledger:
        st.info(
            f"{filters.as_of.isoformat()}時点の台帳に、この基準で数える記録はありません(公表値だけがあります)。"
            f"{escaped(system.procurement.note)}公表値との差を、団体名を推定して埋めることはしません。",
            icon=":material/visibility_off:",
        )


def draw_difference(
    system: SystemAnswer, filters: Filters, later: Sequence[tuple[Municipality, PartialDate]]
) -> None:
    """What the difference is and is not: some of it may be named, with a later day.

    Args:
        system: With a difference.
        filters: The question.
        later: Named in the ledger as joining 有償版 after 基準日.
    """
    dated = "、".join(
        dict.fromkeys(
            beside.total.as_of.label
            for beside in comparison_on(system, filters.basis).published
            if beside.total.status is Status.ACTUAL
        )
    )
    text = (
        f"「公表値−台帳」は、最も新しい公表値(実績、{dated}時点)から{filters.as_of.isoformat()}時点の"
        "台帳を引いただけの数です。どの団体かは特定しません。"
    )
    if later:
        named = "、".join(
            f"{escaped(municipality.name)}({since.label}から)"
            for municipality, since in later[:_NAMED]
        )
        more = f"、ほか{len(later) - _NAMED}団体" if len(later) > _NAMED else ""
        text += (
            f"公表値に含まれていても台帳では基準日より後から有償版に参加と記録され、名前の分かっている"
            f"団体があります: {named}{more}。"
        )
    st.caption(text)


def figures(system: SystemAnswer, filters: Filters, today: date) -> tuple[Figure, ...]:
    """The figures of one system on one basis; 公表値 stay themselves, one figure each."""
    basis, as_of = filters.basis, filters.as_of
    known = f"、{filters.known_on.isoformat()}までの記録による" if filters.known_on else ""
    label, comparison = system.procurement.label, comparison_on(system, basis)
    ahead = filters.as_of > today
    foreseen = ahead or basis is CountBasis.PAID_FREE_OR_PLANNED
    ledger = Figure(
        label="台帳(予定)" if ahead else "台帳",
        value=comparison.ledger,
        unit="団体",
        definition=(
            f"{label}に参加していると、名前のわかる形で台帳に記録された府内市町村の数。"
            + (f"今日({today.isoformat()})より後の日付の記録を含む予定の数。" if ahead else "")
        ),
        basis=f"集計基準: {basis.label}{known}",
        as_of=day_label(as_of),
        source=LEDGER_SOURCE,
        status=Status.PLANNED if foreseen else Status.ACTUAL,
    )
    published = [
        Figure(
            label="公表値",
            value=beside.total.value,
            unit="団体",
            definition=f"{label}に参加した市町村の数として公表された値。",
            basis=f"集計基準: {basis.label}",
            as_of=f"{beside.total.as_of.label}時点",
            source=beside.total.source,
            status=beside.total.status,
        )
        for beside in comparison.published
    ]
    unnamed = Figure(
        label="公表値−台帳",
        value=comparison.unnamed,
        unit="団体",
        definition=(
            "最も新しい公表値(実績)から台帳の数を引いただけの数。名前の分からない団体のほか、"
            "台帳では基準日より後に参加した団体も入る。団体名を推定して埋めることはしない。"
        ),
        basis=f"集計基準: {basis.label}。公表値がない、または食い違うときは不明。負の数は台帳のほうが多い。",
        as_of=day_label(as_of),
        source=LEDGER_SOURCE,
        status=Status.PLANNED if foreseen else Status.ACTUAL,
    )
    return (ledger, *published, *([unnamed] if comparison.published else []))


def comparison_on(system: SystemAnswer, basis: CountBasis) -> Comparison:
    """Published beside ledger on one basis; an empty one where nothing was published on it."""
    for comparison in system.comparisons:
        if comparison.basis is basis:
            return comparison
    return Comparison(basis, system.counts.on(basis), (), None, disagree=False)


def draw_cards(answer: ProcurementAnswer, today: date) -> None:
    """One card a system."""
    for system, prefecture in zip(answer.systems, answer.prefecture.states, strict=True):
        with st.container(border=True):
            _draw_card(system, prefecture, answer, today)


def _draw_card(
    system: SystemAnswer, prefecture: State, answer: ProcurementAnswer, today: date
) -> None:
    procurement = system.procurement
    st.subheader(procurement.label, anchor=False)
    left, right = st.columns([45, 55], gap="medium")
    with left:
        st.markdown(escaped(procurement.what))
        for heading, texts in (("効果", procurement.effects), ("特徴", procurement.features)):
            if texts:
                lines = "\n".join(f"- {escaped(text)}" for text in texts)
                st.markdown(f"**{heading}**\n\n{lines}")
        for lot in procurement.lots:
            st.markdown(f"**区分{lot.key} {escaped(lot.label)}** {escaped(lot.description)}")
            if lot.note:
                st.caption(escaped(lot.note))
        if procurement.note:
            st.info(escaped(procurement.note), icon=":material/info:")
        st.caption(
            f"{procurement.fiscal_year.full_label}に調達〔出典: "
            f"{escaped(widgets.source_text(procurement.source))}〕"
        )
    with right:
        st.markdown(f"**参加団体数** {answer.as_of.isoformat()}時点")
        _draw_numbers(system, "台帳(予定)" if answer.as_of > today else "台帳")
        st.caption(_standings(system.seen, prefecture, answer.population))
    with st.expander("調達の進め方(スキーム)", icon=":material/account_tree:"):
        _draw_scheme(procurement)


def _draw_numbers(system: SystemAnswer, ledger: str) -> None:
    rows = [row for c in system.comparisons for row in _rows(c, "")]
    rows += [row for lot in system.lots for row in _rows(lot.comparison, f"区分{lot.lot.key}、")]
    columns = ("集計基準", ledger, "公表値", "差", "公表値の時点と出典")
    st.table(
        pd.DataFrame([dict(zip(columns, row, strict=True)) for row in rows]).set_index(columns[0]),
        alt=f"{system.procurement.label}の参加団体数、集計基準ごとの台帳と公表値",
    )
    if any(c.disagree for c in system.comparisons):
        st.caption("同じ時点の公表値が食い違っています。どちらも公表のまま示します。")


def _rows(comparison: Comparison, what: str) -> list[tuple[str, ...]]:
    ledger = _UNKNOWN if comparison.ledger is None else str(comparison.ledger or "記録なし")
    label = f"{what}{comparison.basis.label}"
    if not comparison.published:
        return [(label, ledger, "公表なし", "－", "－")]
    return [(label, ledger, *_published(beside)) for beside in comparison.published]


def _published(beside: Beside) -> tuple[str, str, str]:
    total = beside.total
    difference = "－" if beside.difference is None else f"{beside.difference:+d}".replace("+0", "0")
    publisher = escaped(widgets.publisher_text(total.source))
    return (
        str(total.value),
        difference,
        f"{total.as_of.label}({total.status.label})、{publisher}",
    )


def _standings(counts: Counts, prefecture: State, population: int) -> str:
    parts = [
        ("当初参加", counts.initial),
        ("後乗り", counts.late),
        ("無償版", counts.free),
        ("予定・委任状", counts.planned),
        ("関心", counts.interest),
        ("離脱", counts.left),
        ("取下げ", counts.withdrawn),
        ("運用開始済み", counts.live),
    ]
    told = "、".join(f"{label}{number}" for label, number in parts if number) or "記録なし"
    others = wording.details(prefecture)
    office = legend_label(prefecture.standing) + (f"({others})" if others else "")
    covered = f"有償版の団体の人口は{counts.population:,}人(府内の{counts.population / population:.1%}、令和2年国勢調査)。"
    return (
        f"台帳の内訳(市町村、団体): {told}。大阪府は市町村の数に含めません(大阪府: {office})。"
        f"{covered if counts.paid else ''}差は公表値から台帳を引いた数で、団体名の分からない分を含みます。"
    )


def _draw_scheme(procurement: Procurement) -> None:
    scheme = procurement.scheme
    st.table(
        pd.DataFrame(_scheme_rows(scheme), columns=["項目", "内容"]).set_index("項目"),
        alt=f"{procurement.label}の調達スキーム",
    )
    corrections = (*procurement.corrections, *scheme.corrections)
    if corrections:
        st.caption(widgets.escaped(corrections_text(corrections)))
    st.caption(f"{escaped(scheme.note)}〔出典: {escaped(widgets.source_text(scheme.source))}〕")


def _scheme_rows(scheme: Scheme) -> list[tuple[str, str]]:
    return [
        ("とりまとめ主体", scheme.coordinator),
        ("調達主体", scheme.procurer),
        ("契約主体", scheme.contractor),
        ("運用主体", scheme.operator),
        ("調達スキーム", scheme.method),
        ("とりまとめ根拠", scheme.grounds),
        ("選定委員", scheme.selection_committee),
        ("調達手法", scheme.selection_method),
        ("前例", "、".join(scheme.precedents)),
    ]
