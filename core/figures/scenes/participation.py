"""システム別の参加: each system by what is known best, the names known within it."""

from __future__ import annotations

from core.figures.indicator import Birth
from core.figures.registry import Said
from core.figures.scenes.scene import Chart, ChartKind, Item, Mark, Scene, SceneMaker, big
from core.procurement.counting import CountBasis
from core.procurement.headline import Origin
from core.values.figure import LEDGER_SOURCE, Value

_LEGEND = (
    Mark("■", "名前がわかる", 4),
    Mark("□", "公表だけ", 1, hatched=True),
    Mark("◇", "予定", 0, dashed=True),
)
_COLUMNS = (
    "システム",
    "参加",
    "いつの何による数か",
    "名前がわかる",
    "公表だけ",
    "当初参加",
    "後乗り",
    "予定",
)


def make(said: Said) -> Scene:
    """Paying municipalities of each system; 不明 where neither names nor a count are known."""
    systems = said.known.systems
    names = {key: said.reference.procurements.programme(key).short_label for key in systems}
    return Scene(
        key=MAKER.key,
        title=MAKER.title,
        figures=tuple(big(said[f"{key}_paid"], _beside(said, key), names[key]) for key in systems),
        sentence=_sentence(said, names),
        chart=Chart(
            kind=ChartKind.BARS,
            title="システム別の参加団体",
            unit="団体",
            basis=f"{CountBasis.PAID.label}。{said.names.prefecture}は含まない。予定は実績と足さない。",
            legend=_LEGEND,
            items=tuple(Item(key, names[key], _values(said, key)) for key in systems),
            limit=len(said.reference.municipalities),
            alt="システムごとに、名前がわかる団体、公表された数だけの団体、予定の団体を並べた横棒。",
        ),
        columns=_COLUMNS,
        rows=tuple(_row(said, key, names[key]) for key in systems),
        sources=tuple(
            dict.fromkeys((LEDGER_SOURCE, *(said[f"{key}_paid"].birth.source for key in systems)))
        ),
    )


def _values(said: Said, key: str) -> tuple[int | None, ...]:
    """What is drawn; all unknown where nothing is known, which is not a bar of 0."""
    found = said[f"{key}_paid"]
    named, planned = _number(said, f"{key}_named"), _number(said, f"{key}_planned")
    if found.value is None and not named and not planned:
        return (None,) * len(_LEGEND)
    return (named, max(_rest(said, key), 0), planned)


def _number(said: Said, key: str) -> int:
    return int(said[key].value or 0)


def _rest(said: Said, key: str) -> int:
    found = said[f"{key}_paid"]
    return 0 if found.value is None else int(found.value) - _number(said, f"{key}_named")


def origin_text(birth: Birth) -> str:
    """公表 令和5年6月1日, or 台帳 …; empty where nothing is known."""
    return f"{birth.origin.label} {birth.as_of.removesuffix('時点')}" if birth.origin else ""


def _beside(said: Said, key: str) -> str:
    birth, named = said[f"{key}_paid"].birth, _number(said, f"{key}_named")
    planned = _number(said, f"{key}_planned")
    inside = ""
    if birth.origin is not Origin.LEDGER:
        inside = f"名前がわかる{named}" if named else "名前は未公表" if birth.origin else ""
    return "・".join(
        filter(None, (origin_text(birth), inside, f"予定{planned}" if planned else ""))
    )


def _row(said: Said, key: str, label: str) -> tuple[str, ...]:
    found = said[f"{key}_paid"]

    def text(value: Value) -> str:
        return "不明" if value is None else f"{value}"

    return (
        label,
        text(found.value),
        origin_text(found.birth) or "なし",
        f"{_number(said, f'{key}_named')}",
        text(None if found.value is None else max(_rest(said, key), 0)),
        *(text(said[f"{key}_{part}"].value) for part in ("initial", "late", "planned")),
    )


def _sentence(said: Said, names: dict[str, str]) -> str:
    told = {key: v for key in names if (v := said[f"{key}_paid"].value) is not None}
    if not told:
        return "参加している団体の数は、公表値も台帳の網羅の宣言もまだありません。"
    most = max(told, key=lambda key: told[key])
    found = said[f"{most}_paid"]
    unknown = len(names) - len(told)
    rest = f"{unknown}システムは不明です。" if unknown else ""
    return f"参加が最も多いのは{names[most]}の{found.text}です({origin_text(found.birth)})。{rest}"


MAKER = SceneMaker(
    "participation",
    "共同調達への参加",
    "システム別の参加団体を、名前がわかる団体とともに見せます。",
    50,
    make,
)
