"""43市町村: what each wishes for or takes part in, covered until somebody uncovers it."""

from __future__ import annotations

from core.procurement.standing import PAID
from core.scenes.material import Material
from core.scenes.scene import BigFigure, Chart, ChartKind, Item, Mark, Scene, SceneMaker
from core.support.wish import WishEvent, WishState
from core.values.figure import LEDGER_SOURCE, Figure, Status, day_label

_FURTHEST = (
    WishState.CONTRACTED,
    WishState.APPROVED,
    WishState.BUDGET_REQUESTED,
    WishState.WISHED,
    WishState.CONSIDERING,
    WishState.WITHDRAWN,
)
_LEGEND = (
    Mark("◎", WishState.CONTRACTED.label, 5),
    Mark("◆", WishState.APPROVED.label, 4),
    Mark("◇", WishState.BUDGET_REQUESTED.label, 3),
    Mark("○", WishState.WISHED.label, 2),
    Mark("・", WishState.CONSIDERING.label, 1),
    Mark("×", WishState.WITHDRAWN.label, 0),
    Mark("－", "未回答", 0),
)
_UNANSWERED = len(_LEGEND) - 1


def make(material: Material) -> Scene:
    """One tile a municipality: how far its furthest wish has come."""
    said: dict[str, list[WishEvent]] = {}
    for wish in material.wishes:
        said.setdefault(wish.lg_code, []).append(wish)
    wanting = {wish.lg_code for wish in material.wanted}
    every = len(material.reference.municipalities)
    items = tuple(
        Item(
            each.lg_code,
            each.name,
            mark=_mark(said.get(each.lg_code, [])),
            detail=_plans(said.get(each.lg_code, [])),
        )
        for each in material.reference.municipalities
    )
    year = material.fiscal_year.label
    return Scene(
        key=MAKER.key,
        title=MAKER.title,
        figures=(
            BigFigure(
                _figure(
                    material,
                    "希望した団体",
                    len(wanting),
                    "1つ以上のプランを検討中・希望・予算要求・議決・契約とした市町村の数。",
                ),
                f"{every}市町村のうち",
            ),
            BigFigure(
                _figure(
                    material,
                    "未回答",
                    every - len(said),
                    "どのプランについてもまだ何も記録していない市町村の数。辞退は回答に数える。",
                )
            ),
        ),
        sentence=f"{year}の支援プランについて、{every}市町村のうち{len(said)}団体が回答し、{len(wanting)}団体が希望しています。",
        chart=Chart(
            kind=ChartKind.TILES,
            title=f"{year}の参加希望",
            unit="団体",
            basis="プランごとの最新の記録のうち、最も進んだもの。",
            legend=_LEGEND,
            items=items,
            limit=None,
            alt="43市町村の参加希望の状態を、1団体1枚の札で示す。",
        ),
        columns=("市町村", "参加希望の状態", "プラン", "参加している共同調達"),
        rows=tuple(
            (
                item.label,
                _LEGEND[_UNANSWERED if item.mark is None else item.mark].label,
                item.detail,
                _systems(material, item.key),
            )
            for item in items
        ),
        sources=(LEDGER_SOURCE,),
        hidden=True,
    )


def _mark(wishes: list[WishEvent]) -> int:
    states = {wish.state for wish in wishes}
    for index, state in enumerate(_FURTHEST):
        if state in states:
            return index
    return _UNANSWERED


def _plans(wishes: list[WishEvent]) -> str:
    plans = sorted(w.plan for w in wishes if w.state is not WishState.WITHDRAWN)
    return "プラン" + "・".join(str(plan) for plan in plans) if plans else ""


def _systems(material: Material, lg_code: str) -> str:
    joined = [
        label for key, label in material.systems if material.state(key, lg_code).standing in PAID
    ]
    return "、".join(joined) or "記録なし"


def _figure(material: Material, label: str, value: int, definition: str) -> Figure:
    return Figure(
        label=label,
        value=value,
        unit="団体",
        definition=definition,
        basis=f"{material.fiscal_year.label}分。43市町村のうち。",
        as_of=day_label(material.as_of),
        source=LEDGER_SOURCE,
        status=Status.ACTUAL,
    )


MAKER = SceneMaker(
    "tiles", "43市町村の参加希望", "市町村ごとの希望を札で見せます。開くまで隠れています。", make
)
