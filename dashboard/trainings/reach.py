"""市町村×テーマ: who has sent somebody to what, and who has not yet."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.access.principal import Principal
from core.reference.trainings import Theme
from core.training.reach import Reached
from core.values.fiscal import FiscalYear
from core.views.reach import ReachAnswer, reach_view
from dashboard import context
from dashboard.kit import widgets
from dashboard.kit.tables import table
from dashboard.kit.typed import escaped
from dashboard.trainings.question import choose_year


def draw_reach(principal: Principal, years: tuple[FiscalYear, ...]) -> None:
    """The matrix with its legend, definition and the list of who has not sent anybody yet."""
    year = choose_year(years, "reach.fy", width=220)
    today = context.today()
    answer = context.answer(reach_view, principal, as_of=today, fiscal_year=year or None)
    if not answer.themes:
        widgets.empty_state("この年度に、開催済みの研修はありません。", "grid_on")
        return
    known = [theme for theme in answer.themes if _recorded(answer, theme)]
    if known:
        marks = "  ".join(
            f"**{each.mark}** {each.label}" for each in Reached if each is not Reached.UNRECORDED
        )
        st.caption(f"{marks}。数字は、のべ出席者数(人)。")
    sent = {theme.key: _sent(answer, theme.key) for theme in known}
    if any(sent.values()):
        best = max(known, key=lambda theme: sent[theme.key])
        st.markdown(
            f"記録のある{len(known)}テーマのうち、最も多くの団体が参加したのは"
            f"「{escaped(best.label)}」の{sent[best.key]}団体です。"
        )
    elif known:
        st.markdown(f"申込の記録が{len(known)}テーマにありますが、出席はまだ記録されていません。")
    else:
        widgets.empty_state(
            "開催済みの研修に、この仕組みでの申込・出席の記録はまだありません。"
            f"申込や出席が記録されたテーマから、{context.names().towns}ごとの参加状況がここに並びます。",
            "grid_on",
        )
    if known:
        table(_columns(answer, known), alt=f"{context.names().towns}とテーマごとの参加状況")
    _draw_unrecorded(answer, [theme for theme in answer.themes if theme not in known])
    scope = FiscalYear(year).full_label if year else "すべての年度"
    st.caption(
        f"基準日 {today.isoformat()}(実績)。定義: {scope}に開催済み(中止を除く)の研修に、"
        f"その{context.names().towns}から出席した人が1人以上いれば●、参加が確定した申込だけなら○。"
        "出典: この画面の申込・出席の記録。"
    )
    if known:
        with st.expander(
            f"まだ誰も送っていない{context.names().towns}", icon=":material/person_search:"
        ):
            for theme in known:
                names = [m.name for m in answer.not_yet(theme.key)]
                shown = "、".join(names) or f"なし(すべての{context.names().towns}から出席)"
                st.markdown(f"- **{escaped(theme.label)}**({len(names)}団体) {escaped(shown)}")


def _sent(answer: ReachAnswer, theme: str) -> int:
    return sum(
        answer.cells[m.lg_code, theme].reached is Reached.SENT for m in answer.municipalities
    )


def _recorded(answer: ReachAnswer, theme: Theme) -> bool:
    """Whether 申込 or 出席 of a theme is on record; it is for all municipalities or for none."""
    return any(
        answer.cells[m.lg_code, theme.key].reached is not Reached.UNRECORDED
        for m in answer.municipalities
    )


def _draw_unrecorded(answer: ReachAnswer, themes: Sequence[Theme]) -> None:
    """Themes of which nobody knows who came: a column of them would say the same of everybody."""
    if themes:
        names = "、".join(f"{theme.label}({answer.sessions[theme.key]}日程)" for theme in themes)
        st.caption(
            f"申込も出席もこの仕組みに記録がない{len(themes)}テーマ"
            f"(誰も参加しなかったという意味ではありません): {escaped(names)}"
        )


def _columns(answer: ReachAnswer, themes: Sequence[Theme]) -> dict[str, list[str]]:
    """A column a theme, with the days it was held on; a row a municipality."""
    names = {context.names().towns: [m.name for m in answer.municipalities]}
    return names | {
        f"{theme.label}({answer.sessions[theme.key]}日程)": [
            _cell(answer, m.lg_code, theme.key) for m in answer.municipalities
        ]
        for theme in themes
    }


def _cell(answer: ReachAnswer, lg_code: str, theme: str) -> str:
    cell = answer.cells[lg_code, theme]
    return f"{cell.reached.mark} {cell.present}" if cell.present else cell.reached.mark
