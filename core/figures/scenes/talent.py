"""人材シェアリングと予算: what was wished for against the budget for subsidies, if one is known."""

from __future__ import annotations

from core.figures.reading import grouped
from core.figures.registry import Said
from core.figures.scenes.scene import Chart, ChartKind, Item, Mark, Scene, SceneMaker, big
from core.support.wish import WishState
from core.values.figure import LEDGER_SOURCE, number_text
from core.values.fiscal import budget_request_year
from core.values.money import amount_labels, yen_text
from core.values.offer import OfferedPart

_STATES = (
    (WishState.CONTRACTED, "◎", 5),
    (WishState.APPROVED, "◆", 4),
    (WishState.BUDGET_REQUESTED, "◇", 3),
    (WishState.WISHED, "○", 2),
    (WishState.CONSIDERING, "・", 0),
)
_LEGEND = tuple(Mark(sign, state.label, shade) for state, sign, shade in _STATES)


def make(said: Said) -> Scene:
    """The subsidy of 希望以上 by how far they have come, 検討中 beside it, and the budget."""
    year = budget_request_year(said.as_of).label
    needed, considered, budget = (
        said[f"talent_{key}"] for key in ("subsidy", "considering_subsidy", "budget")
    )
    amounts = {g.label: int(g.value or 0) for g in grouped(needed.indicator, needed.parts)}
    states = [state.label for state, _, _ in _STATES]
    limit = budget.value
    return Scene(
        key=MAKER.key,
        title=MAKER.title,
        figures=(big(needed, f"{_share(said)}・検討中は別に{considered.text}"), big(budget)),
        sentence=_sentence(said),
        chart=Chart(
            kind=ChartKind.BARS,
            title=f"{year}の{said.names.subsidy}",
            unit="円",
            basis="希望を記録した時点の試算。辞退を含まず、検討中は別の棒。",
            legend=_LEGEND,
            items=(
                Item(
                    "subsidy",
                    "希望以上",
                    (*(amounts.get(s, 0) for s in states[:-1]), 0),
                    detail=needed.text,
                ),
                Item(
                    "considering",
                    "検討中",
                    (0, 0, 0, 0, int(considered.value or 0)),
                    detail=considered.text,
                ),
            ),
            limit=None if limit is None else int(limit),
            alt=f"希望された{said.names.subsidy}を希望から契約までの段階で積み上げた横棒と、検討中の横棒。"
            + ("予算額は不明。" if limit is None else "右端が予算額。"),
        ),
        columns=("段階", "プラン", *amount_labels(said.names.subsidy).values()),
        rows=tuple(_row(said, state) for state, _, _ in _STATES),
        sources=tuple(dict.fromkeys((LEDGER_SOURCE, budget.birth.source))),
    )


def _share(said: Said) -> str:
    share, budget = said["talent_budget_share"], said["talent_budget"]
    if share.value is not None:
        return f"予算の{number_text(share.value)}%"
    return "予算は0円" if budget.value == 0 else "予算に占める割合は不明"


def _sentence(said: Said) -> str:
    year = budget_request_year(said.as_of).label
    needed, left = said["talent_subsidy"], said["talent_budget_left"]
    beside = f"検討中は別に{said['talent_considering_subsidy'].text}です。"
    if left.value is None:
        return f"{year}の希望は{said.names.subsidy}で{needed.text}です。{said.names.kind}の予算額は公表されていないため、足りるかどうかは不明です。"
    if left.value < 0:
        return f"{year}の希望は、{said.names.kind}の予算を{yen_text(int(-left.value))}上回っています。{beside}"
    return f"{year}の希望は{said.names.kind}の予算の範囲内です。残りは{left.text}です。{beside}"


def _row(said: Said, state: WishState) -> tuple[str, ...]:
    prefix = "considering_" if state is WishState.CONSIDERING else ""
    own = [
        [part for part in said[f"talent_{prefix}{key}"].parts if part.group == state.label]
        for key in amount_labels(said.names.subsidy)
    ]
    amounts = (yen_text(sum(part.numerator or 0 for part in parts)) for parts in own)
    return (state.label, f"{len(own[0])}", *amounts)


MAKER = SceneMaker(
    "talent",
    "人材シェアリングと予算",
    "希望された{subsidy}を、{kind}の予算と比べます。",
    40,
    make,
    need=OfferedPart.SUBSIDY,
)
