"""推移: how the number of paying municipalities grew: published counts at their days, the ledger's
where it names everyone."""

from __future__ import annotations

from datetime import date

from core.figures.history import history, published_by
from core.figures.indicator import EVERYBODY
from core.figures.registry import Said
from core.figures.scenes.participation import origin_text
from core.figures.scenes.scene import Chart, ChartKind, Dot, Item, Mark, Scene, SceneMaker, big
from core.procurement.counting import CountBasis
from core.procurement.headline import Origin
from core.procurement.published import PublishedTotal
from core.values.figure import Status
from core.values.fiscal import era_date

_SIGNS = "●■▲◆★"
_SHADES = (5, 4, 3, 2, 1)


def make(said: Said) -> Scene:
    """Steps where the ledger names everyone, dots where somebody published a count."""
    systems = said.known.systems
    names = [said.reference.procurements.programme(key).short_label for key in systems]
    dots = [
        (place, total)
        for place, key in enumerate(systems)
        for total in published_by(said[f"{key}_paid"].indicator, said.known, said.as_of)
    ]
    days = sorted(
        {total.as_of.first for _, total in dots if total.as_of.first <= said.as_of}
        | {day for key in systems for day in _ledger_days(said, key)}
        | {said.as_of}
    )
    counted = {day: tuple(_counted(said, key, day) for key in systems) for day in days}
    anything = bool(dots) or any(v is not None for row in counted.values() for v in row)
    return Scene(
        key=MAKER.key,
        title=MAKER.title,
        figures=(
            big(
                said["participations"],
                "、".join(
                    f"{name} {said[f'{key}_paid'].text}"
                    for key, name in zip(systems, names, strict=True)
                ),
            ),
        ),
        sentence=_sentence(said, names),
        chart=Chart(
            kind=ChartKind.STEPS,
            title="参加団体の推移(点は公表値、線は台帳の網羅がある期間)",
            unit="団体",
            basis=CountBasis.PAID.label,
            legend=tuple(
                Mark(sign, name, shade)
                for sign, name, shade in zip(_SIGNS, names, _SHADES, strict=False)
            ),
            items=tuple(Item(day.isoformat(), era_date(day), counted[day]) for day in days),
            limit=len(said.reference.municipalities),
            alt="システムごとの参加団体数を、公表値は公表された時点の点、台帳は階段状の線で示す。予定は白抜きの点。",
            dots=tuple(
                Dot(
                    total.as_of.first.isoformat(),
                    place,
                    total.value,
                    total.status is not Status.ACTUAL,
                )
                for place, total in sorted(dots, key=lambda dot: dot[1].as_of.first)
            ),
        )
        if anything
        else None,
        columns=("日", *names),
        rows=_rows(dots, counted) if anything else (),
        sources=tuple(dict.fromkeys(said[f"{key}_paid"].birth.source for key in systems)),
    )


def _ledger_days(said: Said, key: str) -> list[date]:
    indicator = said[f"{key}_paid"].indicator
    changes = [day for day in indicator.changes(said.known) if day <= said.as_of]
    if not changes:
        return []
    points = history(indicator, said.known, min(changes), said.as_of, EVERYBODY, drawn=True)
    return [point.day for point in points if point.value is not None]


def _counted(said: Said, key: str, day: date) -> int | None:
    found = said.known.headline(key, CountBasis.PAID, day)
    return found.value if found.origin is Origin.LEDGER else None


def _rows(
    dots: list[tuple[int, PublishedTotal]], counted: dict[date, tuple[int | None, ...]]
) -> tuple[tuple[str, ...], ...]:
    told: dict[date, dict[int, str]] = {
        day: {place: f"{v}(台帳)" for place, v in enumerate(values) if v is not None}
        for day, values in counted.items()
    }
    for place, total in dots:
        cells = told.setdefault(total.as_of.first, {})
        own = f"{total.value}(公表、{total.status.label})"
        cells[place] = "、".join(filter(None, (cells.get(place, ""), own)))
    width = len(next(iter(counted.values())))
    return tuple(
        (era_date(day), *(told[day].get(place, "") for place in range(width)))
        for day in sorted(told)
    )


def _sentence(said: Said, names: list[str]) -> str:
    told: dict[str, list[str]] = {}
    for key, name in zip(said.known.systems, names, strict=True):
        found = said[f"{key}_paid"]
        if found.value is not None:
            told.setdefault(origin_text(found.birth), []).append(f"{name}{found.value}")
    if not told:
        return "参加している団体の数は、公表値も台帳の網羅の宣言もまだありません。"
    parts = (f"{'、'.join(found)}団体({origin})" for origin, found in told.items())
    return f"最も新しい数は{'、'.join(parts)}です。"


MAKER = SceneMaker(
    "timeline", "参加の推移", "いつ、どのシステムで参加が増えたかを見せます。", 70, make
)
