"""読み: a fact as of a day, with everything it owes, and beside another day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from core.figures.indicator import (
    EVERYBODY,
    Birth,
    Fold,
    Indicator,
    KpiFilter,
    Part,
    difference,
)
from core.figures.known import Known
from core.figures.target import Target
from core.values.figure import Figure, Value, day_label
from core.values.municipality import SizeClass


@dataclass(frozen=True)
class Reading:
    """One fact as of a day."""

    indicator: Indicator
    as_of: date  # 基準日, inclusive
    parts: tuple[Part, ...]  # what makes the number (内訳); their fold is ``value``
    value: Value
    why: str  # why it is unknown; empty when it is known
    birth: Birth  # day and source of the number, what is published beside it
    narrowed: bool = False  # a filter was asked for and applies
    compared_with: date | None = None  # the earlier day; None when not asked for
    before: Value = None  # the number on that day; None when unknown or not asked for
    # the next 目標 on or after the day, else the last before it; None for none, and for some
    # municipalities: it was set for all
    target: Target | None = None

    @property
    def key(self) -> str:
        """Key of the indicator."""
        return self.indicator.key

    @property
    def text(self) -> str:
        """The number with its unit; 不明 when unknown."""
        return self.indicator.text(self.value)

    @property
    def change(self) -> Value:
        """What changed since the earlier day; None when either is unknown or none was asked for."""
        return None if self.compared_with is None else difference(self.value, self.before)

    @property
    def figure(self) -> Figure:
        """As a screen shows it."""
        each = self.indicator
        return Figure(
            label=each.name,
            value=self.value,
            unit=each.unit,
            definition=each.definition,
            basis=each.basis,
            as_of=self.birth.as_of,
            source=self.birth.source,
            status=each.status,
        )


def reading(
    indicator: Indicator,
    known: Known,
    as_of: date,
    chosen: KpiFilter = EVERYBODY,
    compared_with: date | None = None,
    targets: tuple[Target, ...] = (),
) -> Reading:
    """Read a fact.

    Args:
        targets: 目標 in force, in order of day.
    """
    parts = indicator.parts(known, as_of, chosen)
    value = indicator.value(parts)
    narrowed = indicator.filterable and chosen != EVERYBODY
    birth = _birth(indicator, known, as_of)
    return Reading(
        indicator=indicator,
        as_of=as_of,
        parts=parts,
        value=value,
        why="" if value is not None else _why(indicator, parts),
        birth=_of_some(birth, parts) if narrowed else birth,
        narrowed=narrowed,
        compared_with=compared_with,
        before=None
        if compared_with is None
        else indicator.value(indicator.parts(known, compared_with, chosen)),
        target=None if narrowed else _target(targets, indicator.key, as_of),
    )


def _of_some(birth: Birth, parts: Sequence[Part]) -> Birth:
    """Of those chosen: what was published was published of all, and stands beside no part of them."""
    named = sum(1 for part in parts if part.lg_code is not None and part.numerator)
    return replace(birth, published=(), named=None if birth.named is None else named)


HIDDEN = "団体名は事務局だけに表示"


def without_names(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """Parts that no longer say whose they are, for readers who may not know."""
    return tuple(
        part if part.lg_code is None else replace(part, label=f"{part.key}({HIDDEN})", lg_code=None)
        for part in parts
    )


def _why(indicator: Indicator, parts: Sequence[Part]) -> str:
    found = [f"{part.label}: {part.detail}" for part in parts if part.numerator is None]
    if found:
        return " ".join(dict.fromkeys(found))
    if indicator.fold in (Fold.SHARE, Fold.MEAN):
        return f"分母({indicator.denominator})が0。"
    return f"{indicator.numerator}がまだ1つもない。"


def _birth(indicator: Indicator, known: Known, as_of: date) -> Birth:
    if indicator.born is not None:
        return indicator.born(known, as_of)
    return Birth(day_label(as_of), indicator.source)


def _target(targets: tuple[Target, ...], key: str, as_of: date) -> Target | None:
    own = [target for target in targets if target.indicator == key]
    ahead = [target for target in own if target.day >= as_of]
    return ahead[0] if ahead else (own[-1] if own else None)


@dataclass(frozen=True)
class Breakdown:
    """A fact by what municipalities share (内訳の切り口)."""

    label: str  # 地域, 区分 or 人口規模
    # what they share and the number of those who do, in order; without those nobody shares
    parts: tuple[tuple[str, Value], ...]


def breakdowns(
    indicator: Indicator, known: Known, as_of: date, chosen: KpiFilter
) -> tuple[Breakdown, ...]:
    """By 地域, 区分 and 人口規模, within what was chosen; empty where no part of it is known."""
    if not indicator.filterable:
        return ()

    def parts(name: str, values: Sequence[tuple[str, Any]]) -> tuple[tuple[str, Value], ...]:
        narrowed = [(label, replace(chosen, **{name: value})) for label, value in values]
        return tuple(
            (label, indicator.value(indicator.parts(known, as_of, part)))
            for label, part in narrowed
            if part.chosen(known, as_of)
        )

    reference = known.reference.on(as_of)
    areas = [chosen.area] if chosen.area else [group.label for group in reference.areas]
    kinds = [chosen.category] if chosen.category else [g.label for g in reference.categories]
    sizes = [chosen.size] if chosen.size else list(SizeClass)
    found = (
        Breakdown("地域", parts("area", [(area, area) for area in areas])),
        Breakdown("区分", parts("category", [(kind, kind) for kind in kinds])),
        Breakdown("人口規模", parts("size", [(size.label, size) for size in sizes])),
    )
    told = any(value is not None for each in found for _, value in each.parts)
    return found if told else ()


@dataclass(frozen=True)
class GroupTotal:
    """The parts of one group."""

    label: str
    parts: int
    value: Value


def grouped(indicator: Indicator, parts: Sequence[Part]) -> tuple[GroupTotal, ...]:
    """Parts by group, in the order they come.

    For shares the denominator is that of the group, so the groups do not add up.
    """
    found: dict[str, list[Part]] = {}
    for part in parts:
        found.setdefault(part.group, []).append(part)
    return tuple(GroupTotal(label, len(own), indicator.value(own)) for label, own in found.items())
