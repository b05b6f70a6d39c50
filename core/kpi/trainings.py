"""研修の指標: sessions held, people, municipalities reached, theme by theme."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

from core.kpi.facts import Facts, HeldSession
from core.kpi.indicator import Fold, Indicator, KpiFilter, Row, Subject, Wanted, unknown
from core.reference.trainings import Theme, TrainingYear
from core.values.figure import LEDGER_SOURCE, Status

_YEAR = "基準日の年度に、基準日までに開かれた日程。中止を除く。"
_RECORDED = f"{_YEAR}申込・出席がここに記録された日程だけを数え、1つも記録がなければ不明。"
_WHY = "開かれた日程はあるが、申込・出席の記録がない。"


def indicators(trainings: TrainingYear) -> tuple[Indicator, ...]:
    """Over all themes, then each theme's reach."""
    return (*_over_all(), *(_reached(theme) for theme in trainings.themes))


def _indicator(
    key: str,
    name: str,
    definition: str,
    numerator: str,
    basis: str,
    unit: str,
    rows: Callable[[Facts, date, KpiFilter], tuple[Row, ...]],
    *,
    wanted: Wanted = Wanted.UP,
    filterable: bool = True,
    headline: bool = False,
) -> Indicator:
    return Indicator(
        key=f"trainings_{key}",
        name=name,
        subject=Subject.TRAININGS,
        definition=definition,
        numerator=numerator,
        denominator=None,
        basis=basis,
        unit=unit,
        wanted=wanted,
        source=LEDGER_SOURCE,
        screen="trainings",
        fold=Fold.TOTAL,
        status=Status.ACTUAL,
        rows=rows,
        changes=lambda facts: facts.session_days,
        filterable=filterable,
        headline=headline,
    )


def _over_all() -> tuple[Indicator, ...]:
    return (
        _indicator(
            "held",
            "開かれた研修",
            "開かれた研修の日程の数。",
            "日程",
            _YEAR,
            "回",
            _held_rows,
            filterable=False,
            headline=True,
        ),
        _indicator(
            "people",
            "のべ出席者",
            "研修に出席した人の、のべの数。",
            "出席",
            _RECORDED,
            "人",
            _people_rows,
            headline=True,
        ),
        _indicator(
            "reached",
            "研修が届いた団体",
            "1人以上が研修に出席した市町村の数。",
            "出席者のいる市町村の数",
            _RECORDED,
            "団体",
            partial(_reach_rows, None, reached=True),
            headline=True,
        ),
        _indicator(
            "not_reached",
            "研修が届いていない団体",
            "研修にまだ誰も出席していない市町村の数。",
            "出席者のいない市町村の数",
            _RECORDED,
            "団体",
            partial(_reach_rows, None, reached=False),
            wanted=Wanted.DOWN,
        ),
    )


def _reached(theme: Theme) -> Indicator:
    return _indicator(
        f"theme_{theme.key}",
        f"研修が届いた団体: {theme.label}",
        f"テーマ「{theme.label}」の研修に1人以上が出席した市町村の数。",
        "出席者のいる市町村の数",
        f"{_RECORDED}テーマは本システムの分類(仮定)。",
        "団体",
        partial(_reach_rows, theme.key, reached=True),
    )


def _held_rows(facts: Facts, as_of: date, _chosen: KpiFilter) -> tuple[Row, ...]:
    labels = facts.reference.trainings.theme_labels
    return tuple(
        Row(
            key=each.session_id,
            label=each.title,
            group=labels.get(each.theme, each.theme),
            numerator=1,
            detail=each.day.isoformat(),
        )
        for each in facts.sessions_on(as_of)
    )


def _recorded(held: tuple[HeldSession, ...]) -> tuple[HeldSession, ...]:
    return tuple(each for each in held if each.recorded)


def _people_rows(facts: Facts, as_of: date, chosen: KpiFilter) -> tuple[Row, ...]:
    held = facts.sessions_on(as_of)
    if held and not _recorded(held):
        return (unknown("出席", _WHY),)
    by_code = facts.reference.by_code
    return tuple(
        Row(
            key=f"{each.session_id}:{code}",
            label=by_code[code].name,
            group=each.title,
            numerator=came,
            detail=f"{each.day.isoformat()}、参加確定{each.seated.get(code, 0)}人",
            lg_code=code,
        )
        for each in _recorded(held)
        for code, came in sorted(each.present.items())
        if came and chosen.includes(by_code[code])
    )


def _reach_rows(
    theme: str | None, facts: Facts, as_of: date, chosen: KpiFilter, *, reached: bool
) -> tuple[Row, ...]:
    held = tuple(s for s in facts.sessions_on(as_of) if theme in (None, s.theme))
    recorded = _recorded(held)
    if held and not recorded:
        return (unknown("出席", _WHY),)
    came: dict[str, int] = {}
    for each in recorded:
        for code, people in each.present.items():
            came[code] = came.get(code, 0) + people
    return tuple(
        Row(
            key=m.lg_code,
            label=m.name,
            group=m.area,
            numerator=1,
            detail=f"のべ{came.get(m.lg_code, 0)}人",
            lg_code=m.lg_code,
        )
        for m in chosen.chosen(facts)
        if bool(came.get(m.lg_code)) is reached
    )
