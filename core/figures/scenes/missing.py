"""誰がまだか: the municipalities without an answer, by name."""

from __future__ import annotations

from core.figures.registry import Said
from core.figures.scenes.scene import Chart, ChartKind, Item, Mark, Scene, SceneMaker, big
from core.values.figure import LEDGER_SOURCE
from core.values.fiscal import budget_request_year
from core.values.offer import OfferedPart

_LEGEND = (Mark("－", "未回答", 0),)


def make(said: Said) -> Scene:
    """One tile a municipality that has not answered; none before anybody was asked."""
    found = said["talent_unanswered"]
    every = {each.lg_code: each for each in said.reference.municipalities}
    waited = [every[part.lg_code] for part in found.parts if part.lg_code is not None]
    year = budget_request_year(said.as_of).label
    return Scene(
        key=MAKER.key,
        title=MAKER.title,
        figures=(big(found, f"{len(every)}{said.names.towns}のうち"),),
        sentence=_sentence(said, year, found.why, len(waited)),
        chart=Chart(
            kind=ChartKind.TILES,
            title=f"{year}の支援プランにまだ回答していない{said.names.towns}",
            unit="団体",
            basis=found.indicator.basis,
            legend=_LEGEND,
            items=tuple(Item(each.lg_code, each.name, mark=0) for each in waited),
            limit=None,
            alt=f"支援プランの希望にまだ回答していない{said.names.towns}の名前。",
        )
        if waited
        else None,
        columns=(said.names.towns, "地域", "区分"),
        rows=tuple((each.name, each.area, each.category) for each in waited),
        sources=(LEDGER_SOURCE,),
    )


def _sentence(said: Said, year: str, why: str, waited: int) -> str:
    if why:
        return f"{year}の支援プランについて、だれが未回答かは不明です。{why}"
    if not waited:
        return f"{year}の支援プランについて、すべての{said.names.towns}が回答しました。"
    return "検討中・辞退も回答です。右上のアドレスから回答できます。"


MAKER = SceneMaker(
    "missing",
    "まだ回答していない{towns}",
    "だれがまだ回答していないかを名前で見せます。参加希望の札が隠れている間は隠れています。",
    25,
    make,
    need=OfferedPart.TALENT,
)
