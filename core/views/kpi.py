"""What the page 事務局KPI shows: indicators as of a day, one of them in detail, alerts, targets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Engine

from core.access.permission import requires
from core.access.principal import Principal, Role
from core.kpi.alert import Alert, AlertKind, AlertRule, Watch, current_rules, evaluated
from core.kpi.facts import Facts
from core.kpi.history import Point, history
from core.kpi.indicator import EVERYBODY, Foreseen, Indicator, KpiFilter, Row, SizeClass
from core.kpi.reading import Breakdown, GroupTotal, Reading, breakdowns, grouped, reading
from core.kpi.registry import indicator as indicator_of
from core.kpi.registry import indicators
from core.kpi.target import Target, current_targets
from core.reference.catalogue import shipped
from core.store.engine import reading as reading_of
from core.store.kpi import alert_rules, kpi_facts, targets
from core.values.errors import InvalidInputError

HIDDEN = "市町村名は事務局だけに表示"


@dataclass(frozen=True)
class KpiAnswer:
    """Every indicator as of a day.

    Attributes:
        as_of: 基準日, inclusive.
        compared_with: The earlier day; None for none.
        chosen: Which municipalities count.
        readings: In the order of the registry; with a filter, a reader who may not know whose a
            consultation is gets none about them.
        alerts: What the alerts say that day, those that have come about first.
    """

    as_of: date
    compared_with: date | None
    chosen: KpiFilter
    readings: tuple[Reading, ...]
    alerts: tuple[Alert, ...]


@requires("kpi:read")
def kpi_view(
    engine: Engine,
    principal: Principal,
    *,
    as_of: date,
    compared_with: date | None = None,
    area: str | None = None,
    category: str | None = None,
    size: SizeClass | None = None,
) -> KpiAnswer:
    """All indicators.

    Args:
        as_of: 基準日, inclusive.
        compared_with: An earlier day.
        area: 地域; None for all.
        category: 区分; None for all.
        size: 人口規模; None for all.

    Raises:
        InvalidInputError: No such area or category.
    """
    chosen = _filter(area, category, size)
    with reading_of(engine) as session:
        facts = kpi_facts(session)
        kept = current_targets(targets(session))
        rules = current_rules(alert_rules(session))
    return KpiAnswer(
        as_of=as_of,
        compared_with=compared_with,
        chosen=chosen,
        readings=tuple(
            reading(each, facts, as_of, chosen, compared_with, kept)
            for each in indicators().values()
            if _may_know(principal, each, chosen)
        ),
        alerts=evaluated(rules, Watch(facts, indicators(), kept, as_of)),
    )


def _filter(area: str | None, category: str | None, size: SizeClass | None) -> KpiFilter:
    reference = shipped()
    problems = {}
    if area is not None and area not in {group.label for group in reference.areas}:
        problems["area"] = f"地域「{area[:40]}」はありません。一覧から選び直してください。"
    if category is not None and category not in {group.label for group in reference.categories}:
        problems["category"] = f"区分「{category[:40]}」はありません。一覧から選び直してください。"
    if problems:
        raise InvalidInputError(problems)
    return KpiFilter(area, category, size)


def _may_know(principal: Principal, indicator: Indicator, chosen: KpiFilter) -> bool:
    return principal.role is Role.SECRETARIAT or not indicator.private or chosen == KpiFilter()


@dataclass(frozen=True)
class KpiDetailAnswer:
    """One indicator in detail.

    Attributes:
        indicator: Key.
        chosen: Which municipalities count.
        reading: As of 基準日, beside the earlier day.
        rows: What makes the number (内訳); their fold is ``reading.value``.
        groups: The rows by group.
        breakdowns: By 地域, 区分 and 人口規模; empty where that means nothing or would tell whose a
            consultation is.
        before: The rows of the earlier day; empty when not asked for.
        points: 推移 from the first day asked for to 基準日.
        foreseen: 予定 after 基準日.
        targets: Every 目標 in force of this indicator, in order of day.
    """

    indicator: str
    chosen: KpiFilter
    reading: Reading
    rows: tuple[Row, ...]
    groups: tuple[GroupTotal, ...]
    breakdowns: tuple[Breakdown, ...]
    before: tuple[Row, ...]
    points: tuple[Point, ...]
    foreseen: tuple[Foreseen, ...]
    targets: tuple[Target, ...]


@requires("kpi:read")
def kpi_detail_view(
    engine: Engine,
    principal: Principal,
    *,
    indicator: str,
    as_of: date,
    first: date,
    compared_with: date | None = None,
    area: str | None = None,
    category: str | None = None,
    size: SizeClass | None = None,
) -> KpiDetailAnswer:
    """One indicator: its rows, its history from ``first`` on, its targets.

    Raises:
        InvalidInputError: No such indicator, area or category; or the reader may not know which
            municipalities are behind it, and a filter would tell.
    """
    each = indicator_of(indicator)
    chosen = _filter(area, category, size)
    if not _may_know(principal, each, chosen):
        raise InvalidInputError(
            {
                "indicator": f"「{each.name}」を絞り込めるのは事務局だけです。絞り込みを外してください。"
            }
        )
    with reading_of(engine) as session:
        facts = kpi_facts(session)
        kept = current_targets(targets(session))
    return _detail(principal, each, facts, as_of, first, chosen, compared_with, kept)


def _detail(
    principal: Principal,
    each: Indicator,
    facts: Facts,
    as_of: date,
    first: date,
    chosen: KpiFilter,
    compared_with: date | None,
    kept: tuple[Target, ...],
) -> KpiDetailAnswer:
    rows = each.rows(facts, as_of, chosen)
    before = () if compared_with is None else each.rows(facts, compared_with, chosen)
    told = principal.role is Role.SECRETARIAT or not each.private
    if not told:
        rows, before = _without_names(rows), _without_names(before)
    return KpiDetailAnswer(
        indicator=each.key,
        chosen=chosen,
        reading=reading(each, facts, as_of, chosen, compared_with, kept),
        rows=rows,
        groups=grouped(each, rows),
        breakdowns=breakdowns(each, facts, as_of, chosen) if told else (),
        before=before,
        points=history(each, facts, first, as_of, chosen),
        foreseen=() if each.foreseen is None else each.foreseen(facts, as_of, chosen),
        targets=tuple(target for target in kept if target.indicator == each.key),
    )


def _without_names(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    return tuple(replace(row, label=f"{row.key}({HIDDEN})", lg_code=None) for row in rows)


@dataclass(frozen=True)
class MeetingAnswer:
    """What the papers of a meeting are made of, all of one moment (会議資料).

    Attributes:
        overview: Every indicator.
        details: The indicators whose history or rows are drawn, by key.
    """

    overview: KpiAnswer
    details: Mapping[str, KpiDetailAnswer]


@requires("kpi:read")
def kpi_meeting_view(
    engine: Engine,
    principal: Principal,
    *,
    as_of: date,
    first: date,
    compared_with: date | None,
    drawn: tuple[str, ...],
) -> MeetingAnswer:
    """Every indicator, and some in detail, for all municipalities.

    Args:
        as_of: 基準日, inclusive.
        first: Where histories begin.
        compared_with: An earlier day.
        drawn: Keys of the indicators wanted in detail.

    Raises:
        InvalidInputError: No such indicator.
    """
    wanted = tuple(indicator_of(key) for key in drawn)
    with reading_of(engine) as session:
        facts = kpi_facts(session)
        kept = current_targets(targets(session))
        rules = current_rules(alert_rules(session))
    overview = KpiAnswer(
        as_of=as_of,
        compared_with=compared_with,
        chosen=EVERYBODY,
        readings=tuple(
            reading(each, facts, as_of, EVERYBODY, compared_with, kept)
            for each in indicators().values()
        ),
        alerts=evaluated(rules, Watch(facts, indicators(), kept, as_of)),
    )
    details = {
        each.key: _detail(principal, each, facts, as_of, first, EVERYBODY, compared_with, kept)
        for each in wanted
    }
    return MeetingAnswer(overview, details)


@requires("kpi:read")
def alerts_view(engine: Engine, principal: Principal, *, as_of: date) -> tuple[Alert, ...]:  # noqa: ARG001
    """What the alerts say on a day, those that have come about first; empty when none is set."""
    with reading_of(engine) as session:
        rules = current_rules(alert_rules(session))
        if not rules:
            return ()
        watch = Watch(kpi_facts(session), indicators(), current_targets(targets(session)), as_of)
    return evaluated(rules, watch)


@dataclass(frozen=True)
class KpiSettingsAnswer:
    """What the secretariat has set.

    Attributes:
        rules: The last word on each alert ever set, stopped ones included, by kind.
        targets: 目標 in force, by indicator and day.
        last_rows: (indicator, day) → number of the last row about a target, taken back or not.
    """

    rules: Mapping[AlertKind, AlertRule]
    targets: tuple[Target, ...]
    last_rows: Mapping[tuple[str, date], int]


@requires("kpi:read")
def kpi_settings_view(engine: Engine, principal: Principal) -> KpiSettingsAnswer:  # noqa: ARG001
    """Targets and alerts as they are set."""
    with reading_of(engine) as session:
        recorded = targets(session)
        rules = alert_rules(session)
    return KpiSettingsAnswer(
        rules={rule.kind: rule for rule in rules},
        targets=current_targets(recorded),
        last_rows={(target.indicator, target.day): target.row_id for target in recorded},
    )
