"""指標の定義: what an indicator owes its reader, and how its rows become its number."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from statistics import median_high

from core.kpi.facts import Facts
from core.procurement.published import PublishedTotal
from core.values.figure import Status
from core.values.label import Labelled
from core.values.municipality import Municipality


class Subject(Labelled):
    """What an indicator is about (指標の分野)."""

    PARTICIPATION = "participation", "共同調達"
    TALENT = "talent", "人材シェアリング"
    TRAININGS = "trainings", "研修"
    CONSULTATIONS = "consultations", "アドバイザー相談"
    BUDGETS = "budgets", "予算・アンケート"


class Wanted(Labelled):
    """Which way is good (望ましい方向)."""

    UP = "up", "増えるとよい"
    DOWN = "down", "減るとよい"
    NEITHER = "neither", "良し悪しなし"


class Fold(Labelled):
    """How rows become a number (集計方法)."""

    TOTAL = "total", "合計"
    SHARE = "share", "割合"
    MEDIAN = "median", "中央値"


class SizeClass(Labelled):
    """人口規模: our own four classes (仮定)."""

    LARGE = "large", "30万人以上"
    UPPER = "upper", "10万人以上30万人未満"
    LOWER = "lower", "5万人以上10万人未満"
    SMALL = "small", "5万人未満"


def size_of(population: int) -> SizeClass:
    """The class of a population.

    Examples:
        >>> size_of(300_000).value, size_of(299_999).value, size_of(49_999).value
        ('large', 'upper', 'small')
    """
    if population >= 300_000:
        return SizeClass.LARGE
    if population >= 100_000:
        return SizeClass.UPPER
    return SizeClass.LOWER if population >= 50_000 else SizeClass.SMALL


@dataclass(frozen=True)
class KpiFilter:
    """Which municipalities count; what is None does not narrow.

    Attributes:
        area: 地域.
        category: 区分.
        size: 人口規模.
    """

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

    def chosen(self, facts: Facts) -> tuple[Municipality, ...]:
        """The municipalities that count, in file order."""
        return tuple(m for m in facts.reference.municipalities if self.includes(m))

    @property
    def label(self) -> str:
        """As a reader sees it."""
        named = (self.area and f"{self.area}地域", self.category, self.size and self.size.label)
        return "・".join(filter(None, named)) or "府内43市町村"


EVERYBODY = KpiFilter()


@dataclass(frozen=True)
class Row:
    """One line of what makes an indicator's number (内訳).

    Attributes:
        key: What it is about: code of a municipality, number of a request, key of a plan, ….
        label: As a reader sees it.
        group: What the rows are gathered by: 状態, テーマ, 根拠, ….
        numerator: Its part of the number; None is unknown, which is not 0.
        denominator: Its part of what the number is a share of; 1 where it is no share.
        detail: What must be known beside it.
        lg_code: Municipality it belongs to; None for none.
    """

    key: str
    label: str
    group: str
    numerator: int | None
    denominator: int = 1
    detail: str = ""
    lg_code: str | None = None


Value = int | Fraction | None
"""A whole number, an exact share in per cent, or unknown."""
Rows = Callable[[Facts, date, KpiFilter], tuple[Row, ...]]


@dataclass(frozen=True)
class Foreseen:
    """What the number would be from a day on if everything foreseen came about (予定)."""

    day: date
    value: int


@dataclass(frozen=True)
class Indicator:
    """One 指標.

    Attributes:
        key: Unique; what links, targets and exports name it by.
        name: 指標名.
        subject: 分野.
        definition: What is counted, in one sentence.
        numerator: 分子, or what is added up.
        denominator: 分母; None where it is no share.
        basis: 集計基準: what is included and what is not.
        unit: 団体, 件, 円, %, ….
        wanted: Which way is good.
        source: Key in data/sources.yaml, or 台帳.
        screen: Screen where its rows are kept.
        fold: 集計方法.
        status: 実績, 予定, 仮定.
        rows: Facts, 基準日, filter → rows; pure.
        changes: Facts → days on which it may change; between two of them it does not.
        filterable: Whether a filter of municipalities means anything.
        headline: Shown as a card.
        moves: Changes from day to day; a printed figure does not, so it is never compared.
        private: Rows name municipalities that only the secretariat may know.
        foreseen: Facts, 基準日, filter → what is foreseen after it; None for nothing ever.
        published: Facts, 基準日 → 公表値 to stand beside it; None for none ever.
    """

    key: str
    name: str
    subject: Subject
    definition: str
    numerator: str
    denominator: str | None
    basis: str
    unit: str
    wanted: Wanted
    source: str
    screen: str
    fold: Fold
    status: Status
    rows: Rows
    changes: Callable[[Facts], Iterable[date]]
    filterable: bool = True
    headline: bool = False
    moves: bool = True
    private: bool = False
    foreseen: Callable[[Facts, date, KpiFilter], tuple[Foreseen, ...]] | None = None
    published: Callable[[Facts, date], tuple[PublishedTotal, ...]] | None = None

    def value(self, rows: Iterable[Row]) -> Value:
        """The number its rows make."""
        return folded(self.fold, rows)

    def text(self, value: Value) -> str:
        """A value with the unit; 不明 when unknown."""
        return "不明" if value is None else f"{number_text(value)}{self.unit}"

    def change_text(self, now: Value, then: Value) -> str:
        """What changed, signed; 不明 when either is unknown."""
        if now is None or then is None:
            return "不明"
        both = isinstance(now, int) and isinstance(then, int)
        change: int | Fraction = int(now) - int(then) if both else Fraction(now) - Fraction(then)
        unit = "ポイント" if self.unit == "%" else self.unit
        return f"{'+' if change > 0 else '±' if change == 0 else '−'}{number_text(max(change, -change))}{unit}"


def number_text(value: int | Fraction) -> str:
    """A number as a reader sees it: a share with one decimal, half up.

    Examples:
        >>> number_text(28_800_000), number_text(Fraction(100, 3)), number_text(Fraction(1, 20))
        ('28,800,000', '33.3', '0.1')
    """
    if isinstance(value, int):
        return f"{value:,}".replace("-", "−")
    tenths = (abs(value) * 20 + 1) // 2
    return f"{'−' if value < 0 and tenths else ''}{tenths // 10:,}.{tenths % 10}"


def folded(fold: Fold, rows: Iterable[Row]) -> Value:
    """Rows as a number: one unknown part makes all of it unknown.

    A total of no rows is 0; a share of nothing and a median of nothing are unknown.

    Examples:
        >>> rows = [Row("a", "", "", 1, 3), Row("b", "", "", 1, 5)]
        >>> folded(Fold.TOTAL, rows), folded(Fold.SHARE, rows), folded(Fold.MEDIAN, [])
        (2, Fraction(25, 1), None)
    """
    parts, whole = [], 0
    for row in rows:
        if row.numerator is None:
            return None
        parts.append(row.numerator)
        whole += row.denominator
    match fold:
        case Fold.TOTAL:
            return sum(parts)
        case Fold.SHARE:
            return Fraction(sum(parts) * 100, whole) if whole else None
        case Fold.MEDIAN:
            return median_high(parts) if parts else None


def unknown(label: str, why: str) -> Row:
    """The row of what nobody has published or recorded."""
    return Row(key="unknown", label=label, group="不明", numerator=None, detail=why)
