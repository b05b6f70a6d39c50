"""地図: in how many of the jointly procured systems each municipality takes part."""

from __future__ import annotations

from core.procurement.counting import CountBasis
from core.procurement.standing import PAID
from core.scenes.material import Material
from core.scenes.scene import BigFigure, Chart, ChartKind, Item, Mark, Scene, SceneMaker
from core.values.figure import LEDGER_SOURCE, Figure, Status, day_label
from core.values.municipality import Municipality

MAP_SOURCE = "n03-2021"
"""Source of the boundaries; its terms ask for a credit wherever the map shows."""
_SHADES = (0, 2, 3, 4, 5)


def make(material: Material) -> Scene:
    """One shape a municipality, marked with the number of its systems."""
    joined = {each.lg_code: _joined(material, each) for each in material.reference.municipalities}
    numbers = [len(systems) for systems in joined.values()]
    every, inside = len(numbers), sum(number > 0 for number in numbers)
    return Scene(
        key=MAKER.key,
        title=MAKER.title,
        figures=(
            BigFigure(
                _figure(
                    material,
                    "1つ以上に参加",
                    inside,
                    "共同調達の1つ以上のシステムで、有償版に参加している市町村の数。",
                ),
                f"{every}市町村のうち",
            ),
            BigFigure(
                _figure(
                    material,
                    "参加の記録なし",
                    every - inside,
                    "どのシステムについても有償版の参加が台帳に記録されていない市町村の数。"
                    "参加していないことを示すものではない。",
                ),
                "未参加とは限りません",
            ),
        ),
        sentence=f"{every}市町村のうち{inside}団体が、1つ以上のシステムに参加していると台帳に記録されています。",
        chart=Chart(
            kind=ChartKind.MAP,
            title="参加しているシステムの数",
            unit="システム",
            basis=CountBasis.PAID.label,
            legend=tuple(
                Mark(
                    str(number or ""),
                    f"{number}システム" if number else "記録なし",
                    _SHADES[number],
                )
                for number in range(len(material.systems) + 1)
            ),
            items=tuple(
                Item(each.lg_code, each.name, mark=len(joined[each.lg_code]))
                for each in material.reference.municipalities
            ),
            limit=None,
            alt="府内43市町村の地図。参加しているシステムの数を濃さと数字で示す。",
        ),
        columns=("市町村", "システムの数", "参加しているシステム"),
        rows=tuple(
            (
                each.name,
                str(len(joined[each.lg_code])),
                "、".join(joined[each.lg_code]) or "記録なし",
            )
            for each in material.reference.municipalities
        ),
        sources=(LEDGER_SOURCE, MAP_SOURCE),
    )


def _joined(material: Material, each: Municipality) -> tuple[str, ...]:
    return tuple(
        label
        for key, label in material.systems
        if material.state(key, each.lg_code).standing in PAID
    )


def _figure(material: Material, label: str, value: int, definition: str) -> Figure:
    return Figure(
        label=label,
        value=value,
        unit="団体",
        definition=definition,
        basis=CountBasis.PAID.label,
        as_of=day_label(material.as_of),
        source=LEDGER_SOURCE,
        status=Status.ACTUAL,
    )


MAKER = SceneMaker("map", "参加の地図", "市町村ごとに、参加しているシステムの数を見せます。", make)
