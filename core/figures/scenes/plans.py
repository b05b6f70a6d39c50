"""プラン別の希望: how many municipalities wish for each plan, recorded here or published before."""

from __future__ import annotations

from collections import Counter

from core.figures.registry import Said
from core.figures.scenes.scene import Chart, ChartKind, Item, Mark, Scene, SceneMaker, big
from core.figures.talent import plans_told
from core.support.wish import WishState
from core.values.figure import value_text
from core.values.fiscal import FiscalYear, budget_request_year
from core.values.offer import OfferedPart

_RECORDED = (Mark("◆", "希望以上", 4), Mark("・", "検討中", 1))
_PUBLISHED = (Mark("◇", "公表(予定)", 2),)


def make(said: Said) -> Scene:
    """Each plan by what was recorded for the year; by what was published while nothing was."""
    plans = plans_told(said.reference, said.as_of)
    wished, published = said["talent_by_plan"], said["talent_published_plans"]
    told = {part.key: part.numerator for part in published.parts}
    by_plan = Counter(part.key.split(":")[0] for part in wished.parts)
    considered = Counter(
        str(wish.plan)
        for wish in said.known.wishes_on(said.as_of)
        if wish.state is WishState.CONSIDERING
    )
    recorded = bool(by_plan or considered)
    year = budget_request_year(said.as_of)
    shown = published if not recorded and published.value is not None else wished

    def values(key: str) -> tuple[int | None, ...]:
        return (by_plan[key], considered[key]) if shown is wished else (told.get(key),)

    def text(key: str) -> str:
        return "" if told.get(key) is None else f"{told[key]}"

    return Scene(
        key=MAKER.key,
        title=MAKER.title,
        figures=(
            big(shown, f"検討中は別に{said['talent_considering_plans'].text}" if recorded else ""),
        ),
        sentence=_sentence(said, recorded=recorded),
        chart=Chart(
            kind=ChartKind.BARS,
            title=f"{year.label}のプラン別の希望"
            if shown is wished
            else f"プラン別の希望(公表値、{published.birth.as_of})",
            unit="団体",
            basis=shown.indicator.basis,
            legend=_RECORDED if shown is wished else _PUBLISHED,
            items=tuple(
                Item(
                    str(p.number),
                    p.label,
                    values(str(p.number)),
                    detail=value_text(values(str(p.number))[0], ""),
                )
                for p in plans
            ),
            limit=None,
            alt=f"支援プランごとの、希望した{said.names.towns}の数を横棒で示す。",
        ),
        columns=("プラン", "希望以上", "検討中", f"公表値({_year_of(said).label})"),
        rows=tuple(
            (
                p.label,
                f"{by_plan[str(p.number)]}",
                f"{considered[str(p.number)]}",
                text(str(p.number)) or "なし",
            )
            for p in plans
        ),
        sources=tuple(dict.fromkeys((shown.birth.source, published.birth.source))),
    )


def _year_of(said: Said) -> FiscalYear:
    return said.reference.of(FiscalYear.of(said.as_of)).fiscal_year


def _sentence(said: Said, *, recorded: bool) -> str:
    year = budget_request_year(said.as_of).label
    wished, published = said["talent_by_plan"], said["talent_published_plans"]
    if recorded:
        return f"{year}に向けて、のべ{wished.text}が希望されています。"
    if published.value is None:
        return f"{year}の希望はまだ記録されていません。"
    return (
        f"ここに{year}の記録はまだありません。{_year_of(said).label}は"
        f"{said['talent_published_municipalities'].text}がのべ{published.text}を希望と公表されています。"
    )


MAKER = SceneMaker(
    "plans",
    "プラン別の希望",
    "どの支援プランを何団体が希望しているかを見せます。",
    30,
    make,
    need=OfferedPart.TALENT,
)
