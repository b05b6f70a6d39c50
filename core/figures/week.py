"""今週: the ten facts that ask the secretariat for an act, and where it is done."""

from __future__ import annotations

from dataclasses import dataclass, replace

from core.figures.indicator import Part
from core.figures.reading import GroupTotal, Reading, grouped, without_names
from core.figures.registry import Said


@dataclass(frozen=True)
class Act:
    """What is done about a fact.

    Attributes:
        label: What the button says.
        screen: Where it is done.
    """

    label: str
    screen: str


@dataclass(frozen=True)
class WeekLine:
    """One of the ten.

    Attributes:
        reading: The fact.
        beside: What must be known beside the number; empty for nothing.
        names: The parts that are not the number's own bookkeeping, as a reader sees them.
        groups: The parts by group.
        act: What is done about it.
    """

    reading: Reading
    beside: str
    names: tuple[str, ...]
    groups: tuple[GroupTotal, ...]
    act: Act


WEEK: tuple[tuple[str, tuple[str, ...], Act], ...] = (
    (
        "talent_unanswered",
        ("talent_withdrawn_municipalities",),
        Act("希望の提出画面を開く", "plans"),
    ),
    ("talent_municipalities", ("talent_considering",), Act("プランを開く", "plans")),
    ("talent_by_plan", ("talent_considering_plans",), Act("プランを開く", "plans")),
    (
        "talent_budget_share",
        ("talent_subsidy", "talent_budget", "talent_considering_subsidy"),
        Act("予算を登録する", "administration"),
    ),
    ("talent_pending", ("talent_decided",), Act("補助が足りない場合を確かめる", "plans")),
    ("overdue", (), Act("台帳で確かめる", "ledger")),
    ("mandate_missing", (), Act("委任状を記録する", "ledger")),
    ("consultations_unanswered", (), Act("相談に答える", "consultations")),
    ("consultations_quota", (), Act("相談会の日程を見る", "consultations")),
    ("trainings_not_reached", ("trainings_reached",), Act("研修を開く", "trainings")),
)
"""Key, keys that stand beside it, act."""


def week(said: Said, *, named: bool) -> tuple[WeekLine, ...]:
    """The ten as of a day.

    Args:
        said: Facts of the day.
        named: Whether the reader may know which municipalities are behind private facts.
    """
    return tuple(
        _line(said[key], [said[each] for each in beside], act, named=named)
        for key, beside, act in WEEK
    )


def _line(reading: Reading, beside: list[Reading], act: Act, *, named: bool) -> WeekLine:
    told = named or not reading.indicator.private
    return WeekLine(
        reading=reading if told else replace(reading, parts=without_names(reading.parts)),
        beside="、".join(f"{each.indicator.name} {each.text}" for each in beside),
        names=tuple(dict.fromkeys(map(_name, reading.parts))) if told else (),
        groups=grouped(reading.indicator, reading.parts),
        act=act,
    )


def _name(part: Part) -> str:
    return part.label
