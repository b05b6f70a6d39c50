"""Set targets of indicators and what alerts watch (目標・アラートの設定)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated

from core.figures.alert import AlertKind, AlertRule, check_rule
from core.figures.registry import indicator as indicator_of
from core.figures.target import NOTE, Target, check_target
from core.reference.pack import Reference
from core.store.kpi import RULES, TARGETS
from core.store.work import Work, command, refuse_stale
from core.values.errors import ConflictError
from core.values.fiscal import day_in_japan


@command("kpi:target", "目標の設定", "kpi:manage")
def set_target(
    work: Work,
    *,
    indicator: str,
    day: date,
    value: int | None,
    note: Annotated[str, NOTE],
    seen_row: int,
    reference: Reference,
    request_id: str,
    now: datetime,
) -> int:
    """Set the target of an indicator for a day, or take it back; the number of the row.

    Args:
        value: In the indicator's unit; None takes the target back.
        note: What it rests on, or why it is taken back.

    Raises:
        InvalidInputError: Fields ``indicator``, ``day``, ``value``, ``note``.
        ConflictError: Somebody set it meanwhile, or there is nothing to take back.
    """
    each = indicator_of(reference, indicator)
    what = f"「{each.name}」の{day.isoformat()}の目標"
    made = Target(0, indicator, day, value, note, work.now, work.by)
    today = day_in_japan(work.now)
    check_target(made, each, len(reference.municipalities), today)
    recorded = [t for t in TARGETS.all(work.session) if (t.indicator, t.day) == (indicator, day)]
    _refuse_stale(recorded, seen_row, what)
    if value is None and (not recorded or recorded[-1].value is None):
        raise ConflictError(f"{what}はありません。画面を更新して確認してください。")
    number = TARGETS.add(work.session, made)
    work.audit(indicator, day=day, value=value, note=note)
    return number


@command("kpi:alert", "アラートの設定", "kpi:manage")
def set_alert(
    work: Work,
    *,
    kind: AlertKind,
    threshold: int | None,
    seen_row: int,
    request_id: str,
    now: datetime,
) -> int:
    """Watch something from a threshold on, or stop watching it; the number of the row.

    Args:
        threshold: In the unit of the kind; None stops.

    Raises:
        InvalidInputError: Field ``threshold``.
        ConflictError: Somebody set it meanwhile.
    """
    made = AlertRule(0, kind, threshold, work.now, work.by)
    check_rule(made)
    recorded = [rule for rule in RULES.all(work.session) if rule.kind is kind]
    _refuse_stale(recorded, seen_row, "このアラート")
    number = RULES.add(work.session, made)
    work.audit(kind.value, threshold=threshold)
    return number


def _refuse_stale(recorded: Iterable[Target | AlertRule], seen_row: int, what: str) -> None:
    last = max(recorded, key=lambda each: each.row_id, default=None)
    refuse_stale(last, last.row_id if last else 0, seen_row, what, "設定して")
