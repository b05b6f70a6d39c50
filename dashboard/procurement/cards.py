"""What one joint procurement is, how it is procured, its numbers on each basis."""

from __future__ import annotations

from datetime import date

import streamlit as st

from core.procurement.counting import CountBasis, Counts
from core.procurement.coverage import CoverageState
from core.procurement.headline import Headline
from core.procurement.standing import State
from core.reference.corrections import corrections_text
from core.reference.procurements import Procurement
from core.views.procurement import ProcurementAnswer, SystemAnswer
from dashboard import context
from dashboard.catalogue.screen import SYSTEM, thing_id
from dashboard.frame import navigation
from dashboard.kit import widgets
from dashboard.kit.tables import table
from dashboard.kit.typed import escaped
from dashboard.procurement import wording

_UNKNOWN = "数えられない"


def draw_system(system: SystemAnswer, answer: ProcurementAnswer, today: date) -> None:
    """What it is, its numbers on each basis, how it is procured; folded beneath the sentence."""
    place = [each.procurement.key for each in answer.systems].index(system.procurement.key)
    prefecture = answer.prefecture.states[place]
    procurement = system.procurement
    left, right = st.columns([45, 55], gap="medium")
    with left:
        st.markdown(escaped(procurement.what))
        for heading, texts in (("効果", procurement.effects), ("特徴", procurement.features)):
            if texts:
                lines = "\n".join(f"- {escaped(text)}" for text in texts)
                st.markdown(f"**{escaped(heading)}**\n\n{lines}")
        for lot in procurement.lots:
            st.markdown(
                f"**区分{escaped(lot.key)} {escaped(lot.label)}** {escaped(lot.description)}"
            )
            if lot.note:
                st.caption(escaped(lot.note))
        for heading, words in (
            ("契約期間", procurement.contract_term),
            ("日程", _schedule(procurement)),
            ("資料", "、".join(procurement.documents)),
        ):
            if words:
                st.markdown(escaped(f"{heading}: {words}"))
        if procurement.note:
            st.info(escaped(procurement.note), icon=":material/info:")
        st.caption(
            f"{procurement.fiscal_year.full_label}に調達〔出典: "
            f"{escaped(widgets.source_text(procurement.source))}〕"
        )
    with right:
        st.markdown("**調達の進め方(スキーム)**")
        _draw_scheme(procurement)
    st.markdown(f"**参加団体数** {answer.as_of.isoformat()}時点、集計基準ごと")
    _draw_numbers(system)
    st.caption(escaped(_standings(system, prefecture, answer, today)))


def _schedule(procurement: Procurement) -> str:
    """The steps with their days; what is only foreseen says so."""
    return " → ".join(
        f"{each.stage.label} {each.on.label}({each.status.label})" for each in procurement.schedule
    )


def draw_office_links(system: SystemAnswer) -> None:
    """Where the secretariat records what was published since, or corrects what is offered."""
    with st.container(horizontal=True):
        record = {
            "tab": "公表値",
            "thing": thing_id("published_totals", ""),
            SYSTEM: system.procurement.key,
        }
        navigation.link("catalogue", "公表値を記録する", "add_chart", record)
        correct = {"tab": "共同調達", "thing": thing_id("procurements", system.procurement.key)}
        navigation.link("catalogue", "この共同調達の内容を直す", "edit", correct)


def _draw_numbers(system: SystemAnswer) -> None:
    rows = [row for found in system.headlines for row in _rows(found, "")]
    rows += [row for lot in system.lots for row in _rows(lot.headline, f"区分{lot.lot.key}、")]
    columns = ("集計基準", "名前がわかる(台帳)", "網羅", "公表値", "公表値−台帳", "公表値の出典")
    table(
        dict(zip(columns, zip(*rows, strict=True), strict=True)),
        f"{system.procurement.label}の参加団体数、集計基準ごとの台帳と公表値",
    )
    if any(found.disagree for found in system.headlines):
        st.caption("同じ時点の公表値が食い違っています。どちらも公表のまま示します。")


def _rows(found: Headline, what: str) -> list[tuple[str, ...]]:
    ledger = _UNKNOWN if found.named is None else f"{found.named}({found.counted_on.isoformat()})"
    own = (f"{what}{found.basis.label}", ledger, found.coverage.label)
    rows: list[tuple[str, ...]] = []
    for total in found.published:
        difference = found.difference(total)
        rows.append(
            (
                *own,
                f"{total.value}({total.as_of.label}、{total.status.label})",
                "－"
                if difference is None
                else f"{_signed(difference)}({total.as_of.label} − {found.counted_on.isoformat()})",
                widgets.publisher_text(total.source),
            )
        )
    return rows or [(*own, "公表なし", "－", "－")]


def _signed(number: int) -> str:
    return f"{number:+d}" if number else "0"


def _standings(
    system: SystemAnswer, prefecture: State, answer: ProcurementAnswer, today: date
) -> str:
    counts, best = system.seen, system.headline(CountBasis.PAID)
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
    told = (
        "、".join(f"{label}{number}" for label, number in parts if number) or "名前がわかる団体なし"
    )
    ahead = "今日より後に始まる参加は予定に数えます。" if answer.as_of > today else ""
    return (
        f"{best.text}。台帳の内訳({context.names().towns}、団体): {told}。{ahead}"
        f"{context.names().prefecture}は{context.names().towns}の数に含めません({context.names().prefecture}: {wording.standing_text(prefecture)})。"
        f"{_population(counts, best, answer.population, answer.as_of)}"
        "差は、日の違う2つの数の差です。団体名の分からない分も、その間に増えた分も含みます。"
    )


def _census(day: date) -> str:
    return context.reference().on(day).census


def _population(counts: Counts, best: Headline, everybody: int, day: date) -> str:
    """Population reached; its share only where every participant is known."""
    if best.coverage is CoverageState.COMPLETE:
        share = f"{counts.population / everybody:.1%}"
        return f"有償版の団体の人口は{counts.population:,}人({context.names().within}の{share}、{_census(day)})。"
    if not counts.paid:
        return ""
    return (
        f"名前がわかる有償版の団体の人口は{counts.population:,}人({_census(day)})。"
        f"{context.names().within}に占める割合は、全団体の名前がわからないため不明。"
    )


def _draw_scheme(procurement: Procurement) -> None:
    scheme = procurement.scheme
    rows = {
        "とりまとめ主体": scheme.coordinator,
        "調達主体": scheme.procurer,
        "契約主体": scheme.contractor,
        "運用主体": scheme.operator,
        "調達スキーム": scheme.method,
        "とりまとめ根拠": scheme.grounds,
        "選定委員": scheme.selection_committee,
        "調達手法": scheme.selection_method,
        "前例": "、".join(scheme.precedents),
    }
    table({"項目": rows, "内容": rows.values()}, f"{procurement.label}の調達スキーム")
    corrections = (*procurement.corrections, *scheme.corrections)
    if corrections:
        st.caption(escaped(corrections_text(corrections)))
    st.caption(f"{escaped(scheme.note)}〔出典: {escaped(widgets.source_text(scheme.source))}〕")
