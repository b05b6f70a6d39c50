"""What 共同調達 says in words: a standing, its details, what an empty place means."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from core.procurement.event import LedgerEvent
from core.procurement.standing import Standing, State
from core.values.figure import LEDGER_SOURCE
from dashboard import context
from dashboard.kit import widgets
from dashboard.kit.charts.standing import FILLS, legend_label
from dashboard.kit.typed import Markdown, escaped
from dashboard.procurement.question import Question

MAP_CREDIT = "「国土数値情報(行政区域データ)」(国土交通省)を加工"


def ledger() -> Markdown:
    """The ledger as a source."""
    return escaped(widgets.source_text(LEDGER_SOURCE))


def notices(question: Question, today: date) -> None:
    """What the numbers below rest on, when that is not simply today."""
    if question.as_of > today:
        st.info(
            f"基準日が今日({today.isoformat()})より後です。見出しは今日までの数で、その先は、いま記録されている"
            "内容どおりに進んだ場合の予定で、実績ではありません。今日より後に始まる参加は、地図・一覧・内訳で"
            f"「{legend_label(Standing.PLANNED)}」、推移で破線になります。後乗りの募集と手順は今日の時点です。",
            icon=":material/event_upcoming:",
        )
    if question.known_on is not None:
        st.info(
            f"{question.known_on.isoformat()}の終わりまでに台帳へ記録されていたことだけで表示しています。"
            "それより後の記録と訂正は含みません。",
            icon=":material/history:",
        )


def details(state: State) -> str:
    """What a mark alone does not say: 区分, 運用開始, the start that is foreseen."""
    parts = []
    if state.lot:
        parts.append(f"区分{state.lot}")
    if state.live_since is not None:
        parts.append(f"{state.live_since.label}から運用")
    if state.foreseen is not None:
        parts.append(f"有償版へ{state.foreseen.label}")
    if state.target is not None:
        parts.append(f"開始予定 {state.target.label}")
    if state.former:
        parts.append(f"{state.former}の参加")
    return "、".join(parts)


def standing_text(state: State) -> str:
    """Mark and word of a standing, and what they do not say."""
    more = details(state)
    return legend_label(state.standing) + (f"({more})" if more else "")


def record_text(event: LedgerEvent) -> str:
    """種類 with 区分 and 開始予定."""
    lot = f"(区分{event.lot})" if event.lot else ""
    aim = f"、開始予定 {event.target.label}" if event.target else ""
    return f"{event.kind.label}{lot}{aim}"


def since(state: State) -> str:
    """From when, as exactly as it is known; a dash where nothing is recorded."""
    return "－" if state.since is None else state.since.label


def cell(state: State) -> str:
    """A place of the matrix: the mark, the 区分 where there is one, ▶ once it is in operation."""
    return f"{state.standing.mark}{state.lot or ''}{'▶' if state.live else ''}"


def legend() -> str:
    """Every mark with its word, the furthest in first."""
    marks = "　".join(f"{standing.mark}{standing.label}" for standing in FILLS)
    return f"{marks}　▶運用開始済み　英字は区分"


def sentence(states: Sequence[State], label: str) -> str:
    """How many municipalities stand where, in one sentence."""
    found = {each: sum(state.standing is each for state in states) for each in FILLS}
    for standing in (Standing.NONE, Standing.ABSENT):
        if found[standing] == len(states):
            return (
                f"{label}は、表示中の{len(states)}{context.names().towns}すべてが{standing.label}。"
            )
    parts = "、".join(f"{standing.label}{number}" for standing, number in found.items() if number)
    return f"{label}は、表示中の{len(states)}{context.names().towns}のうち{parts}(団体)。"


UNKNOWN_MEANS = "不明は、参加か不参加か、公表も記録もない団体。"
ABSENT_MEANS = "不参加は、台帳が全団体を網羅していて、記録のない団体。"


def meaning(states: Sequence[State]) -> str:
    """What 不明 and 不参加 mean, as far as they occur."""
    found = {state.standing for state in states}
    return (UNKNOWN_MEANS if Standing.NONE in found else "") + (
        ABSENT_MEANS if Standing.ABSENT in found else ""
    )
