"""指標の定義: what a fact owes its reader, and how its parts become its number."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from statistics import median_high
from types import MappingProxyType

from core.figures.known import Known
from core.procurement.headline import Origin
from core.procurement.published import PublishedTotal
from core.values.figure import LEDGER_SOURCE, Status, Value, number_text, value_text
from core.values.label import Labelled
from core.values.municipality import Municipality, SizeClass, size_of
from core.values.offer import OfferedPart


class Subject(Labelled):
    """What a fact is about (指標の分野)."""

    PARTICIPATION = "participation", "共同調達"
    TALENT = "talent", "人材シェアリング"
    SUPPORT = "support", "支援の実施"
    TRAININGS = "trainings", "研修"
    CONSULTATIONS = "consultations", "アドバイザー相談"
    SURVEYS = "surveys", "アンケート"

    @property
    def need(self) -> OfferedPart | None:
        """What must be offered for there to be facts about it; None: there always are."""
        return _NEEDS.get(self)


_NEEDS: Mapping[Subject, OfferedPart] = MappingProxyType(
    {
        Subject.TALENT: OfferedPart.TALENT,
        Subject.SUPPORT: OfferedPart.TALENT,
        Subject.TRAININGS: OfferedPart.TRAININGS,
        Subject.CONSULTATIONS: OfferedPart.ADVISORS,
    }
)


class Place(Labelled):
    """Where a fact shows beside the list of all of them (表示する場所)."""

    HOME = "home", "ホーム(誰にでも)"
    OFFICE = "office", "ホーム(事務局)"
    CARD = "card", "事務局KPIのカードと会議資料"
    WALL = "wall", "会議の画面"


class Wanted(Labelled):
    """Which way is good (望ましい方向)."""

    UP = "up", "増えるとよい"
    DOWN = "down", "減るとよい"
    NEITHER = "neither", "良し悪しなし"


class Fold(Labelled):
    """How parts become a number (集計方法)."""

    TOTAL = "total", "合計"
    SHARE = "share", "割合"
    MEDIAN = "median", "中央値"
    MEAN = "mean", "平均"


@dataclass(frozen=True)
class KpiFilter:
    """Which municipalities count; what is None does not narrow."""

    area: str | None = None
    category: str | None = None
    size: SizeClass | None = None

    def includes(self, municipality: Municipality) -> bool:
        """Whether everything given holds."""
        return (
            self.area in (None, municipality.area)
            and self.category in (None, municipality.category)
            and self.size in (None, size_of(municipality.population))
        )

    def chosen(self, known: Known, day: date) -> tuple[Municipality, ...]:
        """The municipalities of a day that count, in file order."""
        return tuple(m for m in known.municipalities(day) if self.includes(m))

    def counted(self, known: Known, lg_code: str, day: date) -> Municipality | None:
        """Whom a record of a code counts for on a day; None where the filter leaves it out."""
        found = known.reference.on(day).counted(lg_code)
        return found if found is not None and self.includes(found) else None

    def label(self, everybody: str) -> str:
        """As a reader sees it.

        Args:
            everybody: What all municipalities are called.
        """
        named = (self.area and f"{self.area}地域", self.category, self.size and self.size.label)
        return "・".join(filter(None, named)) or everybody


EVERYBODY = KpiFilter()


@dataclass(frozen=True)
class Part:
    """One line of what makes a number (内訳)."""

    key: str  # what it is about: code of a municipality, number of a request, key of a plan, …
    label: str
    group: str  # what the parts are gathered by: 状態, テーマ, 根拠, …
    numerator: int | None  # its share of the number; None is unknown, which is not 0
    denominator: int = 1  # its share of what the number is a share of; 1 where it is no share
    detail: str = ""
    lg_code: str | None = None  # municipality it belongs to; None for none


Parts = Callable[[Known, date, KpiFilter], tuple[Part, ...]]


@dataclass(frozen=True)
class Foreseen:
    """What the number would be from a day on if everything foreseen came about (予定)."""

    day: date
    value: int


@dataclass(frozen=True)
class Birth:
    """Where one number comes from, where that depends on the day."""

    as_of: str  # day of the number as a reader sees it
    source: str  # key in data/sources.yaml, or 台帳
    # whether somebody published it or the ledger counts it; None for neither
    origin: Origin | None = None
    named: int | None = None  # 名前がわかる団体 within it; None where that means nothing
    published: tuple[PublishedTotal, ...] = ()  # 公表値 to stand beside it, the latest ones


@dataclass(frozen=True)
class Indicator:
    """One fact (指標)."""

    key: str  # unique; what screens, links, targets and exports name it by
    name: str
    definition: str  # what is counted, in one sentence
    basis: str  # 集計基準: what is included and what is not
    parts: Parts  # Known, 基準日, filter → parts; pure
    subject: Subject
    screen: str  # screen where its parts are kept
    # Known → days on which it may change; between two of them it does not
    changes: Callable[[Known], Iterable[date]]
    numerator: str  # 分子, or what is added up
    unit: str
    denominator: str | None = None  # 分母; None where it is neither share nor mean
    source: str = LEDGER_SOURCE  # key in data/sources.yaml, or 台帳
    wanted: Wanted = Wanted.NEITHER
    fold: Fold = Fold.TOTAL
    status: Status = Status.ACTUAL
    shows: frozenset[Place] = frozenset()
    below_zero: bool = False  # whether less than nothing means anything
    filterable: bool = True  # whether a filter of municipalities means anything
    private: bool = False  # parts name municipalities that only the secretariat may know
    # where the number of a day comes from; None: from the day itself and ``source``
    born: Callable[[Known, date], Birth] | None = None
    # Known, 基準日, filter → what is foreseen after it; None for nothing ever
    foreseen: Callable[[Known, date, KpiFilter], tuple[Foreseen, ...]] | None = None
    # Known → 公表値 on its basis, to be drawn at their days; None for none ever
    points: Callable[[Known], tuple[PublishedTotal, ...]] | None = None

    def value(self, parts: Iterable[Part]) -> Value:
        """The number its parts make."""
        return folded(self.fold, parts)

    def text(self, value: Value) -> str:
        """A value with the unit; 不明 when unknown."""
        return value_text(value, self.unit)

    def change_text(self, now: Value, then: Value) -> str:
        """What changed, signed; 不明 when either is unknown."""
        change = difference(now, then)
        if change is None:
            return "不明"
        unit = "ポイント" if self.unit == "%" else self.unit
        sign = "+" if change > 0 else "±" if change == 0 else "−"
        return f"{sign}{number_text(max(change, -change))}{unit}"


def difference(now: Value, then: Value) -> Value:
    """What changed; None when either is unknown."""
    if now is None or then is None:
        return None
    if isinstance(now, int) and isinstance(then, int):
        return now - then
    return Fraction(now) - Fraction(then)


def folded(fold: Fold, parts: Iterable[Part]) -> Value:
    """Parts as a number: one unknown part makes all of it unknown.

    A total of no parts is 0; a share, a mean and a median of nothing are unknown.

    Examples:
        >>> parts = [Part("a", "", "", 1, 3), Part("b", "", "", 1, 5)]
        >>> folded(Fold.TOTAL, parts), folded(Fold.SHARE, parts), folded(Fold.MEDIAN, [])
        (2, Fraction(25, 1), None)
    """
    numbers, whole = [], 0
    for part in parts:
        if part.numerator is None:
            return None
        numbers.append(part.numerator)
        whole += part.denominator
    match fold:
        case Fold.TOTAL:
            return sum(numbers)
        case Fold.SHARE:
            return Fraction(sum(numbers) * 100, whole) if whole else None
        case Fold.MEAN:
            return Fraction(sum(numbers), whole) if whole else None
        case Fold.MEDIAN:
            return median_high(numbers) if numbers else None


def unknown(label: str, why: str) -> Part:
    """The part of what nobody has published or recorded."""
    return Part(key="unknown", label=label, group="不明", numerator=None, detail=why)


def municipality_part(
    each: Municipality, group: str, detail: str, numerator: int = 1, denominator: int = 1
) -> Part:
    """The part of a municipality."""
    return Part(each.lg_code, each.name, group, numerator, denominator, detail, each.lg_code)
