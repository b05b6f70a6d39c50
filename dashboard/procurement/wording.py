"""What 共同調達 says in words: a standing, its details, what an empty place means."""

from __future__ import annotations

from core.procurement.standing import Standing, State
from dashboard.charts.standing import FILLS

MAP_CREDIT = "「国土数値情報(行政区域データ)」(国土交通省)を加工"
NAMES_UNPUBLISHED = (
    "参加した市町村の名は公表されていない。台帳に記録がない団体が参加していないとは言えない。"
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
    return "、".join(parts)


def since(state: State) -> str:
    """From when, as exactly as it is known; a dash where nothing is recorded."""
    return "－" if state.since is None else state.since.label


def cell(state: State) -> str:
    """A place of the matrix: the mark, the 区分 where there is one, ▶ once it is in operation."""
    return f"{state.standing.mark}{state.lot or ''}{'▶' if state.live else ''}"


def legend() -> str:
    """Every mark with its word, the furthest in first."""
    order = [*reversed(FILLS)]
    marks = "　".join(f"{standing.mark}{standing.label}" for standing in order)
    return f"{marks}　▶運用開始済み　英字は区分"


def sentence(states: dict[str, State], label: str) -> str:
    """How many municipalities stand where, in one sentence."""
    found = {
        standing: sum(state.standing is standing for state in states.values())
        for standing in reversed(FILLS)
    }
    if found[Standing.NONE] == len(states):
        return f"{label}は、表示中の{len(states)}市町村すべてが記録なし。"
    parts = "、".join(
        f"{standing.label}{number}" for standing, number in found.items() if number
    )
    return f"{label}は、表示中の{len(states)}市町村のうち{parts}(団体)。"
