"""One tile a municipality: what each wishes for or takes part in, covered until somebody uncovers it."""

from __future__ import annotations

from core.figures.registry import Said
from core.figures.scenes.scene import Chart, ChartKind, Item, Mark, Scene, SceneMaker, big
from core.figures.talent import answers, furthest
from core.support.wish import WishEvent, WishState
from core.values.figure import LEDGER_SOURCE
from core.values.fiscal import budget_request_year
from core.values.offer import OfferedPart

_STATES = (
    (WishState.CONTRACTED, "◎", 5),
    (WishState.APPROVED, "◆", 4),
    (WishState.BUDGET_REQUESTED, "◇", 3),
    (WishState.WISHED, "○", 2),
    (WishState.CONSIDERING, "・", 1),
    (WishState.WITHDRAWN, "×", 0),
)
_MARKS = {state: place for place, (state, _, _) in enumerate(_STATES)}
_LEGEND = (*(Mark(sign, s.label, shade) for s, sign, shade in _STATES), Mark("－", "未回答", 0))


def make(said: Said) -> Scene:
    """One tile a municipality: how far its furthest wish has come."""
    municipalities = said.reference.municipalities
    answered = answers(said.known, said.as_of)
    items = tuple(
        Item(
            each.lg_code,
            each.name,
            mark=_mark(answered.get(each.lg_code)),
            detail=_plans(answered.get(each.lg_code, [])),
        )
        for each in municipalities
    )
    year = budget_request_year(said.as_of).label
    wished, considering, withdrawn, unanswered = (
        said[f"talent_{key}"]
        for key in ("municipalities", "considering", "withdrawn_municipalities", "unanswered")
    )
    every = len(municipalities)
    return Scene(
        key=MAKER.key,
        title=MAKER.title,
        figures=(
            big(wished, f"検討中{considering.text}・辞退{withdrawn.text}は別"),
            big(unanswered, f"{every}{said.names.towns}のうち"),
        ),
        sentence=(
            f"{year}の支援プランについて、{every}{said.names.towns}のうち{len(answered)}団体が回答し、"
            f"希望以上は{wished.text}、検討中は{considering.text}、辞退は{withdrawn.text}です。"
            if answered
            else f"{year}の支援プランについて、まだ回答の記録がありません。"
        ),
        chart=Chart(
            kind=ChartKind.TILES,
            title=f"{year}の参加希望",
            unit="団体",
            basis="プランごとの最新の記録のうち、最も進んだもの。",
            legend=_LEGEND,
            items=items,
            limit=None,
            alt=f"{said.reference.all_towns}の参加希望の状態を、1団体1枚の札で示す。",
        ),
        columns=(said.names.towns, "参加希望の状態", "プラン"),
        rows=tuple((item.label, _LEGEND[item.mark or 0].label, item.detail) for item in items),
        sources=(LEDGER_SOURCE,),
        hidden=True,
    )


def _mark(wishes: list[WishEvent] | None) -> int:
    return _MARKS[furthest(wishes)] if wishes else len(_STATES)


def _plans(wishes: list[WishEvent]) -> str:
    plans = [str(w.plan) for w in wishes if w.state is not WishState.WITHDRAWN]
    return f"プラン{'・'.join(plans)}" if plans else ""


MAKER = SceneMaker(
    "tiles",
    "{all_towns}の参加希望",
    "{towns}ごとの希望を札で見せます。開くまで隠れています。",
    20,
    make,
    need=OfferedPart.TALENT,
)
