"""システム別の参加: each system by its own count, the published one beside it."""

from __future__ import annotations

from core.procurement.counting import CountBasis, Counts, counts
from core.scenes.material import Material
from core.scenes.scene import BigFigure, Chart, ChartKind, Item, Mark, Scene, SceneMaker
from core.values.figure import LEDGER_SOURCE, Figure, Status, day_label

_LEGEND = (
    Mark("◎", "当初参加", 4),
    Mark("○", "後乗り", 3),
    Mark("△", "無償版", 2),
    Mark("◇", "予定", 0),
)
_COLUMNS = (
    "システム",
    *(mark.label for mark in _LEGEND),
    "有償版の計(台帳)",
    "公表値",
    "公表値の基準日",
)


def make(material: Material) -> Scene:
    """Paying municipalities of each system; unknown where the ledger names none."""
    found = {key: _counts(material, key) for key, _ in material.systems}
    every = len(material.reference.municipalities)
    return Scene(
        key=MAKER.key,
        title=MAKER.title,
        figures=tuple(
            BigFigure(_figure(material, label, found[key]), _published(material, key))
            for key, label in material.systems
        ),
        sentence=_sentence(material, found),
        chart=Chart(
            kind=ChartKind.BARS,
            title="システム別の参加団体(台帳)",
            unit="団体",
            basis="台帳に名前のある市町村。有償版は当初参加と後乗り。大阪府は含まない。",
            legend=_LEGEND,
            items=tuple(
                Item(key, label, _parts(found[key]), detail=_published(material, key))
                for key, label in material.systems
            ),
            limit=every,
            alt="システムごとに、当初参加、後乗り、無償版、予定の団体数を積み上げた横棒。",
        ),
        columns=_COLUMNS,
        rows=tuple(_row(material, key, label, found[key]) for key, label in material.systems),
        sources=_sources(material),
    )


def _counts(material: Material, programme: str) -> Counts | None:
    if not material.recorded(programme):
        return None
    return counts(
        (material.state(programme, each.lg_code), each.population)
        for each in material.reference.municipalities
    )


def _parts(found: Counts | None) -> tuple[int | None, ...]:
    if found is None:
        return (None,) * len(_LEGEND)
    return (found.initial, found.late, found.free, found.planned)


def _figure(material: Material, label: str, found: Counts | None) -> Figure:
    return Figure(
        label=label,
        value=None if found is None else found.on(CountBasis.PAID),
        unit="団体",
        definition=f"{label}の有償版に参加している市町村の数(当初参加と後乗り)。"
        "台帳に団体名の記録が1件もないシステムは0ではなく不明。",
        basis=CountBasis.PAID.label,
        as_of=day_label(material.as_of),
        source=LEDGER_SOURCE,
        status=Status.ACTUAL,
    )


def _published(material: Material, programme: str) -> str:
    total = material.published(programme)
    return "" if total is None else f"公表値 {total.value}団体({total.as_of.label})"


def _row(material: Material, key: str, label: str, found: Counts | None) -> tuple[str, ...]:
    total = material.published(key)
    paid = None if found is None else found.on(CountBasis.PAID)
    numbers = (*_parts(found), paid)
    return (
        label,
        *("不明" if number is None else f"{number}" for number in numbers),
        "なし" if total is None else f"{total.value}",
        "" if total is None else total.as_of.label,
    )


def _sentence(material: Material, found: dict[str, Counts | None]) -> str:
    paid = {
        label: value.on(CountBasis.PAID) or 0
        for key, label in material.systems
        if (value := found[key]) is not None
    }
    if not paid:
        return "台帳に参加の記録がまだありません。公表値は台帳に写しません。"
    most = max(paid, key=lambda label: paid[label])
    unknown = len(found) - len(paid)
    rest = f"団体名の記録がない{unknown}システムは不明です。" if unknown else ""
    return f"台帳で参加が最も多いのは{most}の{paid[most]}団体です。{rest}"


def _sources(material: Material) -> tuple[str, ...]:
    totals = (material.published(key) for key, _ in material.systems)
    return (LEDGER_SOURCE, *dict.fromkeys(total.source for total in totals if total is not None))


MAKER = SceneMaker(
    "participation", "共同調達への参加", "システム別の参加団体を、公表値と並べて見せます。", make
)
