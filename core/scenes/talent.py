"""人材シェアリングと予算: what was wished for against the budget for subsidies, if one is known."""

from __future__ import annotations

from core.scenes.material import Material
from core.scenes.scene import BigFigure, Chart, ChartKind, Item, Mark, Scene, SceneMaker
from core.support.wish import WishState
from core.values.figure import LEDGER_SOURCE, Figure, Status, day_label
from core.values.money import yen_text

_STATES = (
    (WishState.CONTRACTED, "◎", 5),
    (WishState.APPROVED, "◆", 4),
    (WishState.BUDGET_REQUESTED, "◇", 3),
    (WishState.WISHED, "○", 2),
    (WishState.CONSIDERING, "・", 0),
)
_LEGEND = tuple(Mark(sign, state.label, shade) for state, sign, shade in _STATES)


def make(material: Material) -> Scene:
    """府補助金 of all wishes that stand, by how far they have come, and the budget."""
    year = material.fiscal_year.label
    subsidies = {
        state: sum(int(w.subsidy) for w in material.wanted if w.state is state)
        for state, _, _ in _STATES
    }
    needed = sum(subsidies.values())
    budget = material.budget.amount
    return Scene(
        key=MAKER.key,
        title=MAKER.title,
        figures=(
            BigFigure(_needed(material, needed), _share(needed, budget)),
            BigFigure(_budget(material), material.budget.basis.label),
        ),
        sentence=_sentence(material, needed),
        chart=Chart(
            kind=ChartKind.BARS,
            title=f"{year}の府補助金",
            unit="円",
            basis="希望を記録した時点の試算。辞退を除く。",
            legend=_LEGEND,
            items=(Item("subsidy", "希望の合計", tuple(subsidies.values())),),
            limit=None if budget is None else int(budget),
            alt="希望された府補助金を、検討中から契約までの段階で積み上げた横棒。"
            + ("予算額は不明。" if budget is None else "右端が予算額。"),
        ),
        columns=("段階", "団体", "プラン", "歳出", "府補助金", "一般財源"),
        rows=tuple(_row(material, state) for state, _, _ in _STATES),
        sources=(LEDGER_SOURCE, *filter(None, (material.budget.source,))),
    )


def _needed(material: Material, needed: int) -> Figure:
    return Figure(
        label="希望の府補助金",
        value=needed,
        unit="円",
        definition="検討中・希望・予算要求・議決・契約のプランの府補助金の合計。",
        basis=f"{material.fiscal_year.label}分。辞退を除く。記録した時点の試算による。",
        as_of=day_label(material.as_of),
        source=LEDGER_SOURCE,
        status=Status.PLANNED,
    )


def _budget(material: Material) -> Figure:
    amount = material.budget.amount
    return Figure(
        label="府の予算",
        value=None if amount is None else int(amount),
        unit="円",
        definition="デジタル人材シェアリング事業の補助に府が確保した予算。",
        basis=f"{material.fiscal_year.label}。根拠区分: {material.budget.basis.label}",
        as_of=day_label(material.as_of),
        source=material.budget.source,
        status=Status.PLANNED,
    )


def _share(needed: int, budget: int | None) -> str:
    if budget is None:
        return "予算に占める割合は不明"
    if budget == 0:
        return "予算は0円"
    return f"予算の{needed * 100 // budget}%"


def _sentence(material: Material, needed: int) -> str:
    year, budget = material.fiscal_year.label, material.budget.amount
    if budget is None:
        return f"{year}の希望は府補助金で{yen_text(needed)}です。府の予算額は公表されていないため、足りるかどうかは不明です。"
    if needed > budget:
        return f"{year}の希望は、府の予算を{yen_text(needed - budget)}上回っています。"
    return f"{year}の希望は府の予算の範囲内です。残りは{yen_text(budget - needed)}です。"


def _row(material: Material, state: WishState) -> tuple[str, ...]:
    wishes = [w for w in material.wanted if w.state is state]
    return (
        state.label,
        f"{len({w.lg_code for w in wishes})}",
        f"{len(wishes)}",
        *(
            yen_text(sum(int(amount) for amount in amounts))
            for amounts in (
                [w.gross for w in wishes],
                [w.subsidy for w in wishes],
                [w.net for w in wishes],
            )
        ),
    )


MAKER = SceneMaker(
    "talent", "人材シェアリングと予算", "希望された府補助金を、府の予算と比べます。", make
)
