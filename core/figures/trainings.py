"""研修の指標: sessions held, people, municipalities reached, theme by theme."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import partial

from core.figures.indicator import (
    Indicator,
    KpiFilter,
    Part,
    Place,
    Subject,
    Wanted,
    unknown,
)
from core.figures.known import Known
from core.reference.names import Names
from core.reference.pack import Reference
from core.reference.trainings import Theme
from core.training.reach import KnownSession
from core.values.figure import Status

_YEAR = "基準日の年度に、基準日までに開かれた日程。中止を除く。"
_RECORDED = f"{_YEAR}申込・出席がここに記録された日程だけを数え、1つも記録がなければ不明。"
_WHY = "開かれた日程はあるが、申込・出席の記録がない。"


def indicators(reference: Reference) -> tuple[Indicator, ...]:
    """Over all themes, then each theme's reach."""
    themes, names = reference.trainings.themes, reference.names
    return (*_over_all(names), _ahead(), *(_reached(theme, names) for theme in themes))


_CARD = frozenset({Place.CARD})
_training = partial(
    Indicator,
    subject=Subject.TRAININGS,
    screen="trainings",
    unit="団体",
    wanted=Wanted.UP,
    changes=lambda known: known.session_days,
)


def _over_all(names: Names) -> tuple[Indicator, ...]:
    return (
        _training(
            "trainings_held",
            "開かれた研修",
            "開かれた研修の日程の数。",
            _YEAR,
            _held_parts,
            numerator="日程",
            unit="回",
            shows=_CARD,
            filterable=False,
        ),
        _training(
            "trainings_people",
            "のべ出席者",
            "研修に出席した人の、のべの数。",
            _RECORDED,
            _people_parts,
            numerator="出席",
            unit="人",
            shows=_CARD,
        ),
        _training(
            "trainings_reached",
            "研修が届いた団体",
            f"1人以上が研修に出席した{names.towns}の数。",
            _RECORDED,
            partial(_reach_parts, None, reached=True),
            numerator=f"出席者のいる{names.towns}の数",
            shows=_CARD,
        ),
        _training(
            "trainings_not_reached",
            "研修が届いていない団体",
            f"研修にまだ誰も出席していない{names.towns}の数。",
            _RECORDED,
            partial(_reach_parts, None, reached=False),
            numerator=f"出席者のいない{names.towns}の数",
            wanted=Wanted.DOWN,
        ),
    )


def _ahead() -> Indicator:
    return replace(
        _training(
            "trainings_ahead",
            "これからの日程",
            "基準日以後に開かれる研修の日程の数。",
            "案内済みの日程。中止を除く。",
            _ahead_parts,
            numerator="日程",
            unit="回",
            wanted=Wanted.NEITHER,
            filterable=False,
        ),
        status=Status.PLANNED,
        changes=lambda known: [s.day + timedelta(1) for s in known.sessions],
    )


def _reached(theme: Theme, names: Names) -> Indicator:
    return _training(
        f"trainings_theme_{theme.key}",
        f"研修が届いた団体: {theme.label}",
        f"テーマ「{theme.label}」の研修に1人以上が出席した{names.towns}の数。",
        f"{_RECORDED}テーマは本システムの分類(仮定)。",
        partial(_reach_parts, theme.key, reached=True),
        numerator=f"出席者のいる{names.towns}の数",
    )


def _held_parts(known: Known, as_of: date, _chosen: KpiFilter) -> tuple[Part, ...]:
    labels = known.reference.trainings.theme_labels
    return tuple(
        Part(
            key=each.session_id,
            label=each.title,
            group=labels.get(each.theme, each.theme),
            numerator=1,
            detail=each.day.isoformat(),
        )
        for each in known.sessions_on(as_of)
    )


def ahead(known: Known, as_of: date) -> tuple[KnownSession, ...]:
    """日程 on the day or after it, the next one first."""
    return tuple(each for each in known.sessions if each.day >= as_of)


def _ahead_parts(known: Known, as_of: date, _chosen: KpiFilter) -> tuple[Part, ...]:
    return tuple(
        Part(each.session_id, each.title, each.day.isoformat(), 1) for each in ahead(known, as_of)
    )


def _recorded(held: tuple[KnownSession, ...]) -> tuple[KnownSession, ...]:
    return tuple(each for each in held if each.recorded)


def _people_parts(known: Known, as_of: date, chosen: KpiFilter) -> tuple[Part, ...]:
    held = known.sessions_on(as_of)
    if held and not _recorded(held):
        return (unknown("出席", _WHY),)
    reference = known.reference.on(as_of)
    return tuple(
        Part(
            key=f"{each.session_id}:{code}",
            label=reference.called(code),
            group=each.title,
            numerator=came,
            detail=f"{each.day.isoformat()}、参加確定{each.seated.get(code, 0)}人",
            lg_code=town.lg_code,
        )
        for each in _recorded(held)
        for code, came in sorted(each.present.items())
        if came and (town := chosen.counted(known, code, as_of))
    )


def _reach_parts(
    theme: str | None, known: Known, as_of: date, chosen: KpiFilter, *, reached: bool
) -> tuple[Part, ...]:
    held = tuple(s for s in known.sessions_on(as_of) if theme in (None, s.theme))
    recorded = _recorded(held)
    if held and not recorded:
        return (unknown("出席", _WHY),)
    came: dict[str, int] = {}
    for each in recorded:
        for code, people in each.present.items():
            heir = known.reference.succession.heir(code, as_of)
            came[heir] = came.get(heir, 0) + people
    return tuple(
        Part(
            key=m.lg_code,
            label=m.name,
            group=m.area,
            numerator=1,
            detail=f"のべ{came.get(m.lg_code, 0)}人",
            lg_code=m.lg_code,
        )
        for m in chosen.chosen(known, as_of)
        if bool(came.get(m.lg_code)) is reached
    )
