"""大きな数字: one number with its sentence."""

from __future__ import annotations

from functools import partial

from core.figures.indicator import Indicator
from core.figures.reading import grouped
from core.figures.registry import Said
from core.figures.scenes.scene import Scene, SceneMaker, big
from core.values.figure import LEDGER_SOURCE
from core.values.fiscal import budget_request_year
from core.values.offer import OfferedPart


def make(said: Said) -> Scene:
    """のべ希望プラン: how many plans are wished for in all."""
    plans, considered = said["talent_plans"], said["talent_considering_plans"]
    year = budget_request_year(said.as_of).label
    return Scene(
        key=MAKER.key,
        title=MAKER.title,
        figures=(big(plans, f"検討中は別に{considered.text}"),),
        sentence=(
            f"{year}に向けて、のべ{plans.text}のプランが希望されています。歳出は合わせて{said['talent_gross'].text}です。"
            if plans.value
            else f"{year}の希望はまだありません。右上のコードから希望を記録できます。"
        ),
        chart=None,
        columns=(),
        rows=(),
        sources=(LEDGER_SOURCE,),
    )


def maker_of(indicator: Indicator) -> SceneMaker:
    """The scene of a fact that shows on the wall: its number, and its parts by group."""
    return SceneMaker(
        key=indicator.key,
        title=indicator.name,
        purpose=indicator.definition,
        order=100,
        make=partial(_of_fact, indicator.key),
    )


def _of_fact(key: str, said: Said) -> Scene:
    found = said[key]
    each = found.indicator
    return Scene(
        key=key,
        title=each.name,
        figures=(big(found, found.birth.as_of),),
        sentence=f"{each.name}は{found.text}です。" if found.value is not None else found.why,
        chart=None,
        columns=("内訳", each.name),
        rows=tuple((g.label, each.text(g.value)) for g in grouped(each, found.parts)),
        sources=(found.birth.source,),
    )


MAKER = SceneMaker(
    "number",
    "希望されているプラン",
    "1つの数字を、会場の後ろまで見せます。",
    10,
    make,
    need=OfferedPart.TALENT,
)
