"""今週: the ten facts that ask the secretariat for an act, and where it is done."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from core.figures.reading import GroupTotal, Reading, grouped, reading, without_names
from core.figures.registry import Said


@dataclass(frozen=True)
class Act:
    """What is done about a fact."""

    label: str
    screen: str  # of whoever does it; ``kpi`` is the one that shows the fact
    tab: str = ""  # of that screen; empty for the first
    letter: bool = False  # a ready text to those it is about (core.figures.letter)


@dataclass(frozen=True)
class WeekLine:
    """One of the ten."""

    reading: Reading  # the fact, compared with the week before
    beside: str  # what must be known beside the number; empty for nothing
    # whom it is about, as a reader sees them; empty where it is about nobody
    names: tuple[str, ...]
    groups: tuple[GroupTotal, ...]
    act: Act


WEEK: tuple[tuple[str, tuple[str, ...], Act], ...] = (
    (
        "talent_unanswered",
        ("talent_withdrawn_municipalities",),
        Act("督促文をつくる", "kpi", letter=True),
    ),
    (
        "talent_municipalities",
        ("talent_considering",),
        Act("ヒアリングを入れる", "consultations", "ヒアリング"),
    ),
    (
        "talent_by_plan",
        ("talent_considering_plans",),
        Act("会議資料をつくる", "kpi", "資料の書き出し"),
    ),
    (
        "talent_budget_share",
        ("talent_subsidy", "talent_budget", "talent_considering_subsidy"),
        Act("予算を登録・確認する", "administration", "制度値"),
    ),
    ("talent_pending", ("talent_decided",), Act("確認の文をつくる", "kpi", letter=True)),
    ("overdue", (), Act("まとめて確かめる", "ledger", "予定の確認")),
    ("mandate_missing", (), Act("委任状を記録する", "ledger")),
    ("consultations_unanswered", (), Act("相談に答える", "consultations")),
    ("consultations_quota", (), Act("相談会の日程を見る", "consultations")),
    (
        "trainings_not_reached",
        ("trainings_reached",),
        Act("案内文をつくる", "kpi", letter=True),
    ),
)
"""Key, keys that stand beside it, act."""


def week(said: Said, *, named: bool) -> tuple[WeekLine, ...]:
    """The ten as of a day, beside the week before; fewer where less is offered.

    Args:
        named: Whether the reader may know which municipalities are behind private facts.
    """
    return tuple(
        _line(said, key, beside, act, named=named) for key, beside, act in WEEK if key in said
    )


def _line(said: Said, key: str, keys: tuple[str, ...], act: Act, *, named: bool) -> WeekLine:
    before = said.as_of - timedelta(7)
    found = reading(said[key].indicator, said.known, said.as_of, compared_with=before)
    told = named or not found.indicator.private
    beside = (f"{said[each].indicator.name} {said[each].text}" for each in keys)
    return WeekLine(
        reading=found if told else replace(found, parts=without_names(found.parts)),
        beside="、".join(beside),
        names=tuple(dict.fromkeys(p.label for p in found.parts if p.lg_code)) if told else (),
        groups=grouped(found.indicator, found.parts),
        act=act,
    )
