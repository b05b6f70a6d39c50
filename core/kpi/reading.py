"""読み: an indicator as of a day, with everything it owes, and beside another day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from core.kpi.facts import Facts
from core.kpi.indicator import Indicator, KpiFilter, Row, SizeClass, Value
from core.kpi.target import Target
from core.procurement.published import PublishedTotal


@dataclass(frozen=True)
class Reading:
    """One indicator as of a day.

    Attributes:
        key: Key of the indicator.
        as_of: 基準日, inclusive.
        value: The number; None is unknown.
        narrowed: A filter was asked for and applies.
        compared_with: The earlier day; None when not asked for, or for a printed figure.
        before: The number on that day; None when unknown or not asked for.
        published: 公表値 to stand beside it.
        target: The next 目標 on or after the day, else the last before it; None for none.
    """

    key: str
    as_of: date
    value: Value
    narrowed: bool
    compared_with: date | None
    before: Value
    published: tuple[PublishedTotal, ...]
    target: Target | None


def reading(
    indicator: Indicator,
    facts: Facts,
    as_of: date,
    chosen: KpiFilter,
    compared_with: date | None = None,
    targets: tuple[Target, ...] = (),
) -> Reading:
    """Read an indicator.

    Args:
        indicator: Which.
        facts: Everything known.
        as_of: 基準日, inclusive.
        chosen: Which municipalities count.
        compared_with: An earlier day to compare with.
        targets: 目標 in force, in order of day.
    """

    def on(day: date) -> Value:
        return indicator.value(indicator.rows(facts, day, chosen))

    earlier = compared_with if indicator.moves else None
    return Reading(
        key=indicator.key,
        as_of=as_of,
        value=on(as_of),
        narrowed=indicator.filterable and chosen != KpiFilter(),
        compared_with=earlier,
        before=None if earlier is None else on(earlier),
        published=() if indicator.published is None else indicator.published(facts, as_of),
        target=_target(targets, indicator.key, as_of),
    )


def _target(targets: tuple[Target, ...], key: str, as_of: date) -> Target | None:
    own = [target for target in targets if target.indicator == key]
    ahead = [target for target in own if target.day >= as_of]
    return ahead[0] if ahead else (own[-1] if own else None)


@dataclass(frozen=True)
class Breakdown:
    """An indicator by what municipalities share (内訳の切り口).

    Attributes:
        label: 地域, 区分 or 人口規模.
        parts: What they share and the number of those who do, in order; without those nobody shares.
    """

    label: str
    parts: tuple[tuple[str, Value], ...]


def breakdowns(
    indicator: Indicator, facts: Facts, as_of: date, chosen: KpiFilter
) -> tuple[Breakdown, ...]:
    """By 地域, 区分 and 人口規模, within what was chosen; empty where no filter means anything."""
    if not indicator.filterable:
        return ()

    def parts(name: str, values: Sequence[tuple[str, Any]]) -> tuple[tuple[str, Value], ...]:
        narrowed = [(label, replace(chosen, **{name: value})) for label, value in values]
        return tuple(
            (label, indicator.value(indicator.rows(facts, as_of, part)))
            for label, part in narrowed
            if part.chosen(facts)
        )

    reference = facts.reference
    areas = [chosen.area] if chosen.area else [group.label for group in reference.areas]
    kinds = [chosen.category] if chosen.category else [g.label for g in reference.categories]
    sizes = [chosen.size] if chosen.size else list(SizeClass)
    return (
        Breakdown("地域", parts("area", [(area, area) for area in areas])),
        Breakdown("区分", parts("category", [(kind, kind) for kind in kinds])),
        Breakdown("人口規模", parts("size", [(size.label, size) for size in sizes])),
    )


@dataclass(frozen=True)
class GroupTotal:
    """The rows of one group.

    Attributes:
        label: What they share.
        rows: How many.
        value: What they make together.
    """

    label: str
    rows: int
    value: Value


def grouped(indicator: Indicator, rows: tuple[Row, ...]) -> tuple[GroupTotal, ...]:
    """Rows by group, in the order they come.

    For shares the denominator is that of the group, so the groups do not add up.
    """
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.group, []).append(row)
    return tuple(GroupTotal(label, len(own), indicator.value(own)) for label, own in found.items())
