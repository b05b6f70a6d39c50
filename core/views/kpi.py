"""What the page 事務局KPI shows: facts as of a day, one of them in detail, alerts, targets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Engine

from core.access.permission import requires
from core.access.principal import Principal, Role
from core.figures.alert import Alert, AlertKind, AlertRule, Watch, current_rules, evaluated
from core.figures.history import Point, history, published_by
from core.figures.indicator import (
    EVERYBODY,
    Foreseen,
    Indicator,
    KpiFilter,
    Part,
    Subject,
)
from core.figures.known import Known
from core.figures.papers import Paper, papers
from core.figures.reading import (
    Breakdown,
    GroupTotal,
    Reading,
    breakdowns,
    grouped,
    reading,
    without_names,
)
from core.figures.registry import Said, indicators, of_subject
from core.figures.registry import indicator as indicator_of
from core.figures.scenes.registry import scenes_of
from core.figures.scenes.scene import Scene
from core.figures.target import Target, current_targets
from core.figures.week import WeekLine, week
from core.procurement.published import PublishedTotal
from core.reference.pack import Reference
from core.store.engine import reading as reading_of
from core.store.inquiry_tallies import asked_makers
from core.store.kpi import RULES, TARGETS, known
from core.store.meetings import kept_sets
from core.values.errors import InvalidInputError
from core.values.municipality import SizeClass


@dataclass(frozen=True)
class KpiAnswer:
    """Every indicator as of a day."""

    reference: Reference
    as_of: date  # 基準日, inclusive
    compared_with: date | None
    chosen: KpiFilter
    # in the order of the registry; with a filter, a reader who may not know whose a consultation is
    # gets none about them
    readings: tuple[Reading, ...]
    alerts: tuple[Alert, ...]  # what the alerts say that day, those that have come about first


@requires("kpi:read")
def kpi_view(
    engine: Engine,
    principal: Principal,
    reference: Reference,
    *,
    as_of: date,
    compared_with: date | None = None,
    area: str | None = None,
    category: str | None = None,
    size: SizeClass | None = None,
    today: date | None = None,
) -> KpiAnswer:
    """All indicators as of a day, inclusive; None for area, category or size takes all.

    Of what begins after ``today`` nothing has come about; None for a day not after it.

    Raises:
        InvalidInputError: No such area or category.
    """
    reference = reference.on(as_of)
    chosen = _filter(reference, area, category, size)
    with reading_of(engine) as session:
        everything = known(session, reference, today=today)
        kept = current_targets(TARGETS.all(session))
        rules = current_rules(RULES.all(session))
    return _overview(principal, everything, as_of, chosen, compared_with, kept, rules)


def _overview(
    principal: Principal,
    everything: Known,
    as_of: date,
    chosen: KpiFilter,
    compared_with: date | None,
    kept: tuple[Target, ...],
    rules: tuple[AlertRule, ...],
) -> KpiAnswer:
    return KpiAnswer(
        reference=everything.reference,
        as_of=as_of,
        compared_with=compared_with,
        chosen=chosen,
        readings=tuple(
            _told(principal, reading(each, everything, as_of, chosen, compared_with, kept))
            for each in indicators(everything.reference).values()
            if _may_know(principal, each, chosen)
        ),
        alerts=_alerts(principal, everything, as_of, chosen, kept, rules),
    )


def _alerts(
    principal: Principal,
    everything: Known,
    as_of: date,
    chosen: KpiFilter,
    kept: tuple[Target, ...],
    rules: tuple[AlertRule, ...],
) -> tuple[Alert, ...]:
    """What the alerts say of the municipalities chosen, as far as the reader may know."""
    tells = chosen != EVERYBODY and principal.role is not Role.SECRETARIAT
    told = [rule for rule in rules if not (tells and rule.kind.private)]
    return evaluated(told, Watch(Said(everything, as_of, chosen), kept))


def _filter(
    reference: Reference, area: str | None, category: str | None, size: SizeClass | None
) -> KpiFilter:
    problems = {}
    if area is not None and area not in {group.label for group in reference.areas}:
        problems["area"] = f"地域「{area[:40]}」はありません。一覧から選び直してください。"
    if category is not None and category not in {group.label for group in reference.categories}:
        problems["category"] = f"区分「{category[:40]}」はありません。一覧から選び直してください。"
    if problems:
        raise InvalidInputError(problems)
    return KpiFilter(area, category, size)


def _may_know(principal: Principal, indicator: Indicator, chosen: KpiFilter) -> bool:
    return _names_told(principal, indicator) or chosen == EVERYBODY


def _names_told(principal: Principal, indicator: Indicator) -> bool:
    return principal.role is Role.SECRETARIAT or not indicator.private


def _told(principal: Principal, found: Reading) -> Reading:
    """A fact as the reader may know it."""
    if _names_told(principal, found.indicator):
        return found
    return replace(found, parts=without_names(found.parts))


@dataclass(frozen=True)
class KpiDetailAnswer:
    """One indicator in detail."""

    chosen: KpiFilter
    # as of 基準日, beside the earlier day; its parts say no name the reader may not know
    reading: Reading
    groups: tuple[GroupTotal, ...]
    # by 地域, 区分 and 人口規模; empty where that means nothing or would tell whose a consultation
    # is
    breakdowns: tuple[Breakdown, ...]
    before: tuple[Part, ...]  # the parts of the earlier day; empty when not asked for
    points: tuple[Point, ...]  # 推移 from the first day asked for to 基準日
    # the same as a line: unknown while the number is one published for a day of its own
    line: tuple[Point, ...]
    foreseen: tuple[Foreseen, ...]  # 予定 after 基準日
    # 公表値 on its basis within the history, and those foreseen
    published: tuple[PublishedTotal, ...]
    # every 目標 in force of this indicator, in order of day; none beside a part of the municipalities,
    # as nothing published: both are of all
    targets: tuple[Target, ...]


@requires("kpi:read")
def kpi_detail_view(
    engine: Engine,
    principal: Principal,
    reference: Reference,
    *,
    indicator: str,
    as_of: date,
    first: date,
    compared_with: date | None = None,
    area: str | None = None,
    category: str | None = None,
    size: SizeClass | None = None,
    today: date | None = None,
) -> KpiDetailAnswer:
    """One indicator: its rows, its history from ``first`` on, its targets.

    Raises:
        InvalidInputError: No such indicator, area or category; or the reader may not know which
            municipalities are behind it, and a filter would tell.
    """
    reference = reference.on(as_of)
    each = indicator_of(reference, indicator)
    chosen = _filter(reference, area, category, size)
    if not _may_know(principal, each, chosen):
        raise InvalidInputError(
            {
                "indicator": f"「{each.name}」を絞り込めるのは事務局だけです。絞り込みを外してください。"
            }
        )
    with reading_of(engine) as session:
        everything = known(session, reference, today=today)
        kept = current_targets(TARGETS.all(session))
    return _detail(principal, each, everything, as_of, first, chosen, compared_with, kept)


def _detail(
    principal: Principal,
    each: Indicator,
    everything: Known,
    as_of: date,
    first: date,
    chosen: KpiFilter,
    compared_with: date | None,
    kept: tuple[Target, ...],
) -> KpiDetailAnswer:
    found = reading(each, everything, as_of, chosen, compared_with, kept)
    before = () if compared_with is None else each.parts(everything, compared_with, chosen)
    told = _names_told(principal, each)
    if not told:
        found, before = replace(found, parts=without_names(found.parts)), without_names(before)
    return KpiDetailAnswer(
        chosen=chosen,
        reading=found,
        groups=grouped(each, found.parts),
        breakdowns=breakdowns(each, everything, as_of, chosen) if told else (),
        before=before,
        points=history(each, everything, first, as_of, chosen),
        line=history(each, everything, first, as_of, chosen, drawn=True),
        foreseen=() if each.foreseen is None else each.foreseen(everything, as_of, chosen),
        published=()
        if found.narrowed
        else tuple(
            total for total in published_by(each, everything, as_of) if first <= total.as_of.first
        ),
        targets=()
        if found.narrowed
        else tuple(target for target in kept if target.indicator == each.key),
    )


@dataclass(frozen=True)
class Course:
    """One indicator of a 分野 over time."""

    reading: Reading  # as of 基準日; its parts say no name the reader may not know
    points: tuple[Point, ...]  # from the first day asked for to 基準日

    @property
    def known(self) -> bool:
        """Whether anything but 不明 and 0 is in it: what is not is folded away."""
        return any(point.value for point in self.points)


@requires("kpi:read")
def courses_view(
    engine: Engine,
    principal: Principal,
    reference: Reference,
    *,
    subject: Subject,
    as_of: date,
    first: date,
    area: str | None = None,
    category: str | None = None,
    size: SizeClass | None = None,
    today: date | None = None,
) -> tuple[Course, ...]:
    """Every indicator of a 分野 with its history from ``first`` on, in the order of the registry.

    Raises:
        InvalidInputError: No such area or category.
    """
    reference = reference.on(as_of)
    chosen = _filter(reference, area, category, size)
    with reading_of(engine) as session:
        everything = known(session, reference, (subject,), today=today)
    return tuple(
        Course(
            _told(principal, reading(each, everything, as_of, chosen)),
            history(each, everything, first, as_of, chosen),
        )
        for each in of_subject(reference, subject)
        if _may_know(principal, each, chosen)
    )


@requires("kpi:read")
def week_view(
    engine: Engine,
    principal: Principal,
    reference: Reference,
    *,
    as_of: date,
    today: date | None = None,
) -> tuple[WeekLine, ...]:
    """The ten facts that ask for an act, in order, whom they are about, and where it is done."""
    with reading_of(engine) as session:
        said = Said(known(session, reference, today=today), as_of)
    return week(said, named=principal.role is Role.SECRETARIAT)


@requires("kpi:read")
def papers_view(engine: Engine, principal: Principal, reference: Reference) -> tuple[Paper, ...]:  # noqa: ARG001
    """資料: what was printed of budgets, surveys and discounts."""
    return papers(reference)


@requires("kpi:read")
def figures_view(
    engine: Engine,
    principal: Principal,
    reference: Reference,
    *,
    as_of: date,
    keys: tuple[str, ...] = (),
    today: date | None = None,
) -> tuple[Reading, ...]:
    """Every fact as of a day, or those of some keys, in the order of the registry.

    Raises:
        InvalidInputError: No such fact.
    """
    reference = reference.on(as_of)
    wanted = [indicator_of(reference, key) for key in keys] or indicators(reference).values()
    with reading_of(engine) as session:
        everything = known(session, reference, today=today)
    return tuple(_told(principal, reading(each, everything, as_of)) for each in wanted)


MEETING_SCENES = ("tiles", "missing")
"""Scenes of the wall whose picture stands in the papers, too."""


@dataclass(frozen=True)
class MeetingAnswer:
    """What the papers of a meeting are made of, all of one moment (会議資料)."""

    overview: KpiAnswer
    # of each joint procurement who takes part, with its history, by key
    details: Mapping[str, KpiDetailAnswer]
    scenes: Mapping[str, Scene]  # by key: what each municipality said, and which have not
    asked: tuple[Scene, ...] = ()  # of inquiries, as the meeting prepared last shows them

    def of(self, key: str) -> Reading:
        """The fact of a key."""
        return next(each for each in self.overview.readings if each.key == key)


@requires("kpi:read")
def kpi_meeting_view(
    engine: Engine,
    principal: Principal,
    reference: Reference,
    *,
    as_of: date,
    first: date,
    compared_with: date | None,
    today: date | None = None,
) -> MeetingAnswer:
    """Every indicator, the joint procurements with their history, for all municipalities."""
    reference = reference.on(as_of)
    with reading_of(engine) as session:
        everything = known(session, reference, today=today)
        kept = current_targets(TARGETS.all(session))
        rules = current_rules(RULES.all(session))
        shown = tuple(key for each in kept_sets(session)[:1] for key in each.scenes)
        makers = asked_makers(session, reference, shown)
    overview = _overview(principal, everything, as_of, EVERYBODY, compared_with, kept, rules)
    details = {
        each.key: _detail(principal, each, everything, as_of, first, EVERYBODY, compared_with, kept)
        for key in everything.systems
        for each in [indicators(reference)[f"{key}_paid"]]
    }
    scenes = {each.key: each for each in scenes_of(MEETING_SCENES, Said(everything, as_of))}
    asked = scenes_of([key for key in shown if key in makers], Said(everything, as_of), makers)
    return MeetingAnswer(overview, details, scenes, asked)


@requires("kpi:read")
def alerts_view(
    engine: Engine,
    principal: Principal,
    reference: Reference,
    *,
    as_of: date,
    area: str | None = None,
    category: str | None = None,
    size: SizeClass | None = None,
    today: date | None = None,
) -> tuple[Alert, ...]:
    """What the alerts say on a day, those that have come about first; empty when none is set.

    Raises:
        InvalidInputError: No such area or category.
    """
    reference = reference.on(as_of)
    chosen = _filter(reference, area, category, size)
    with reading_of(engine) as session:
        rules = current_rules(RULES.all(session))
        if not rules:
            return ()
        everything = known(session, reference, today=today)
        kept = current_targets(TARGETS.all(session))
    return _alerts(principal, everything, as_of, chosen, kept, rules)


@dataclass(frozen=True)
class KpiSettingsAnswer:
    """What the secretariat has set."""

    # the last word on each alert ever set, stopped ones included, by kind
    rules: Mapping[AlertKind, AlertRule]
    targets: tuple[Target, ...]  # 目標 in force, by indicator and day
    # (indicator, day) → number of the last row about a target, taken back or not
    last_rows: Mapping[tuple[str, date], int]


@requires("kpi:read")
def kpi_settings_view(engine: Engine, principal: Principal) -> KpiSettingsAnswer:  # noqa: ARG001
    """Targets and alerts as they are set."""
    with reading_of(engine) as session:
        recorded = TARGETS.all(session)
        rules = RULES.all(session)
    return KpiSettingsAnswer(
        rules={rule.kind: rule for rule in rules},
        targets=current_targets(recorded),
        last_rows={(target.indicator, target.day): target.row_id for target in recorded},
    )
