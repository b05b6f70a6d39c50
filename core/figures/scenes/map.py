"""地図: in how many of the joint procurements a record says that a municipality takes part."""

from __future__ import annotations

from core.figures.registry import Said
from core.figures.scenes.scene import Chart, ChartKind, Item, Mark, Scene, SceneMaker, big
from core.procurement.counting import CountBasis
from core.procurement.coverage import CoverageState
from core.procurement.standing import TAKING_PART
from core.values.figure import LEDGER_SOURCE
from core.values.offer import OfferedPart

MAP_SOURCE = "n03-2021"
"""Source of the boundaries; its terms ask for a credit wherever the map shows."""


def make(said: Said) -> Scene:
    """The shapes of each municipality, former ones too, marked with the number of its systems."""
    municipalities = said.reference.municipalities
    programmes = said.reference.procurements.programmes
    joined = {each.lg_code: _joined(said, each.lg_code) for each in municipalities}
    none = "不参加" if _all_known(said) else "不明"
    every = len(municipalities)
    talent = "人材シェアリングを含む。" if len(said.known.systems) < len(programmes) else ""
    return Scene(
        key=MAKER.key,
        title=MAKER.title,
        figures=(
            big(said["in_some"], f"{every}{said.names.towns}のうち"),
            big(said["in_none"], "" if none == "不参加" else "不参加とは限りません"),
        ),
        sentence=f"{every}{said.names.towns}のうち{said['in_some'].text}が、1つ以上に参加していると台帳に記録されています。",
        chart=Chart(
            kind=ChartKind.MAP,
            title="参加しているシステム・事業の数",
            unit="件",
            basis=f"{CountBasis.PAID_OR_FREE.label}。{talent}",
            legend=(
                Mark("", f"記録なし({none})", 0, hatched=none == "不明"),
                *(Mark(f"{n}", f"{n}件", min(n, 5)) for n in range(1, len(programmes) + 1)),
            ),
            items=tuple(
                Item(code, each.name, mark=len(joined[each.lg_code]))
                for each in municipalities
                for code in said.reference.succession.forebears(each.lg_code, said.as_of)
            ),
            limit=None,
            alt=f"{said.reference.everybody}の地図。参加の記録があるシステム・事業の数を濃さと数字で示す。",
        ),
        columns=(said.names.towns, "数", "参加の記録"),
        rows=tuple(
            (each.name, str(len(found)), "、".join(found) or f"記録なし({none})")
            for each in municipalities
            for found in [joined[each.lg_code]]
        ),
        sources=(LEDGER_SOURCE, MAP_SOURCE),
    )


def _joined(said: Said, lg_code: str) -> tuple[str, ...]:
    return tuple(
        each.label
        for each in said.reference.procurements.programmes
        if said.known.seen(each.key, lg_code, said.as_of).standing in TAKING_PART
    )


def _all_known(said: Said) -> bool:
    return all(
        said.known.headline(each.key, CountBasis.PAID_OR_FREE, said.as_of).coverage
        is CoverageState.COMPLETE
        for each in said.reference.procurements.programmes
    )


MAKER = SceneMaker(
    "map",
    "参加の地図",
    "{towns}ごとに、参加しているシステムの数を見せます。",
    60,
    make,
    need=OfferedPart.MAP,
)
