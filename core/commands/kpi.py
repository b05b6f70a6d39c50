"""Set targets of indicators and what alerts watch (目標・アラートの設定)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import Engine

from core.access.permission import requires
from core.access.principal import Principal
from core.figures.alert import AlertKind, AlertRule, check_rule
from core.figures.registry import indicator as indicator_of
from core.figures.target import Target, check_target
from core.reference.catalogue import shipped
from core.store.audit import earlier_result, record_audit, remember_result
from core.store.engine import writing
from core.store.kpi import add_alert_rule, add_target, alert_rules, targets
from core.values.errors import ConflictError
from core.values.fiscal import japan_day


@requires("kpi:manage")
def set_target(
    engine: Engine,
    principal: Principal,
    *,
    indicator: str,
    day: date,
    value: int | None,
    note: str,
    seen_row: int,
    request_id: str,
    now: datetime,
) -> int:
    """Set the target of an indicator for a day, or take it back.

    Args:
        indicator: Key.
        day: By when.
        value: In the indicator's unit; None takes the target back.
        note: What it rests on, or why it is taken back.
        seen_row: Number of the last row about it that the form showed; 0 for none.
        request_id: The same id again answers with the first number.

    Returns:
        The number of the row.

    Raises:
        InvalidInputError: Fields ``indicator``, ``value``, ``note``.
        ConflictError: Somebody set it meanwhile, or there is nothing to take back.
    """
    chosen = indicator_of(shipped(), indicator)
    made = Target(0, indicator, day, value, note.strip(), now, principal.username)
    check_target(made)
    with writing(engine) as session:
        earlier = earlier_result(session, principal, request_id, action="kpi:target")
        if earlier is not None:
            return int(earlier)
        recorded = [t for t in targets(session) if (t.indicator, t.day) == (indicator, day)]
        _as_seen(recorded, seen_row, f"「{chosen.name}」の{day.isoformat()}の目標")
        if value is None and (not recorded or recorded[-1].value is None):
            raise ConflictError(
                f"「{chosen.name}」の{day.isoformat()}の目標はありません。画面を更新して確認してください。"
            )
        number = add_target(session, made)
        remember_result(session, principal, now, "kpi:target", request_id, str(number))
        detail = {"day": day, "value": value, "note": made.note}
        record_audit(session, principal, now, "kpi:target", indicator, detail)
    return number


@requires("kpi:manage")
def set_alert(
    engine: Engine,
    principal: Principal,
    *,
    kind: AlertKind,
    threshold: int | None,
    seen_row: int,
    request_id: str,
    now: datetime,
) -> int:
    """Watch something from a threshold on, or stop watching it.

    Args:
        kind: What is watched.
        threshold: In the unit of the kind; None stops.
        seen_row: Number of the last row of the kind that the form showed; 0 for none.
        request_id: The same id again answers with the first number.

    Returns:
        The number of the row.

    Raises:
        InvalidInputError: Field ``threshold``.
        ConflictError: Somebody set it meanwhile.
    """
    made = AlertRule(0, kind, threshold, now, principal.username)
    check_rule(made)
    with writing(engine) as session:
        earlier = earlier_result(session, principal, request_id, action="kpi:alert")
        if earlier is not None:
            return int(earlier)
        recorded = [rule for rule in alert_rules(session) if rule.kind is kind]
        _as_seen(recorded, seen_row, "このアラート")
        number = add_alert_rule(session, made)
        remember_result(session, principal, now, "kpi:alert", request_id, str(number))
        record_audit(session, principal, now, "kpi:alert", kind.value, {"threshold": threshold})
    return number


def _as_seen(recorded: Iterable[Target | AlertRule], seen_row: int, what: str) -> None:
    last = max(recorded, key=lambda each: each.row_id, default=None)
    if last is not None and last.row_id != seen_row:
        raise ConflictError(
            f"{what}は{japan_day(last.recorded_at)}に{last.recorded_by}が設定しています。"
            "画面を更新して確認してください。"
        )
