"""推移: how the number of paying municipalities grew, system by system."""

from __future__ import annotations

from datetime import date

from core.procurement.counting import CountBasis
from core.procurement.standing import PAID, state_on
from core.scenes.material import Material
from core.scenes.scene import BigFigure, Chart, ChartKind, Item, Mark, Scene, SceneMaker
from core.values.figure import LEDGER_SOURCE, Figure, Status, day_label
from core.values.fiscal import era_date

_SIGNS = "●■▲◆★"
_SHADES = (5, 4, 3, 2, 1)


def make(material: Material) -> Scene:
    """Counts on every day something changed, and on the day itself."""
    days = _days(material)
    systems = [(key, label) for key, label in material.systems if material.recorded(key)]
    counted = {day: tuple(_paid(material, key, day) for key, _ in systems) for day in days}
    last = sum(counted[days[-1]]) if systems else None
    return Scene(
        key=MAKER.key,
        title=MAKER.title,
        figures=(
            BigFigure(
                Figure(
                    label="のべ参加",
                    value=last,
                    unit="団体",
                    definition="各システムの有償版に参加している市町村の数の合計。"
                    "2つに参加する団体は2と数える。団体名の記録がないシステムは含まない。",
                    basis=CountBasis.PAID.label,
                    as_of=day_label(material.as_of),
                    source=LEDGER_SOURCE,
                    status=Status.ACTUAL,
                ),
                "、".join(label for _, label in systems),
            ),
        ),
        sentence=_sentence(days, last),
        chart=Chart(
            kind=ChartKind.STEPS,
            title="有償版の参加団体の推移(台帳)",
            unit="団体",
            basis=CountBasis.PAID.label,
            legend=tuple(
                Mark(_SIGNS[index], label, _SHADES[index])
                for index, (_, label) in enumerate(systems)
            ),
            items=tuple(Item(day.isoformat(), era_date(day), counted[day]) for day in days),
            limit=len(material.reference.municipalities),
            alt="システムごとの参加団体数の推移を階段状の線で示す。",
        )
        if systems
        else None,
        columns=("日", *(label for _, label in systems)),
        rows=tuple(
            (era_date(day), *(str(number) for number in counted[day])) for day in days if systems
        ),
        sources=(LEDGER_SOURCE,),
    )


def _days(material: Material) -> list[date]:
    changed = {
        step.event.effective.first
        for path in material.paths.values()
        for step in path
        if step.event.effective.first <= material.as_of
    }
    return sorted(changed | {material.as_of})


def _paid(material: Material, programme: str, day: date) -> int:
    return sum(
        state_on(material.paths.get((programme, each.lg_code), ()), day).standing in PAID
        for each in material.reference.municipalities
    )


def _sentence(days: list[date], last: int | None) -> str:
    if last is None:
        return "台帳に参加の記録がまだありません。"
    return f"最初の記録は{era_date(days[0])}、今日までにのべ{last}団体が参加しています。"


MAKER = SceneMaker("timeline", "参加の推移", "いつ、どのシステムで参加が増えたかを見せます。", make)
