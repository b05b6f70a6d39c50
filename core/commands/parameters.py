"""Record a dated parameter (制度値), or take one back; earlier ones stay."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Annotated

from core.params import (
    DEFINITIONS,
    Basis,
    Definition,
    Parameter,
    parse_value,
    serves,
    standing,
    value_text,
)
from core.store.parameters import PARAMETERS, all_parameters
from core.store.work import Work, command
from core.values.errors import ConflictError, InvalidInputError
from core.values.fiscal import FiscalYear, budget_request_year, era_date, outside_fiscal_years
from core.values.free_text import Text

SOURCE = Text("出典", 1000, lines=True, example="通知の名称・日付など")
NOTE = Text("備考", 1000, lines=True, optional=True)
REASON = Text("取り下げる理由", 1000, lines=True, example="桁の誤り")


@command("parameter:record", "制度値の登録")
def record_parameter(
    work: Work,
    *,
    name: str,
    text: str,
    valid_from: date,
    basis: Basis,
    source: Annotated[str, SOURCE],
    note: Annotated[str, NOTE],
    request_id: str,
    now: datetime,
) -> str:
    """Record what holds from a day on.

    Args:
        text: The value as written; empty means unknown where that is allowed.

    Returns:
        For which days it serves, and whether anything that is shown now changes.

    Raises:
        InvalidInputError: Fields ``name``, ``value``, ``valid_from``, ``basis``, ``source``, ``note``.
    """
    definition = _definition(name)
    problems = {}
    value = None
    try:
        value = parse_value(definition, text)
    except ValueError as error:
        problems["value"] = str(error)
    if problem := outside_fiscal_years(valid_from):
        problems["valid_from"] = problem
    elif definition.annual and valid_from != FiscalYear.of(valid_from).first_day:
        problems["valid_from"] = (
            f"「{definition.label}」は年度ごとの値です。適用開始日を4月1日にしてください。"
        )
    if "value" not in problems and (value is None) != (basis is Basis.UNKNOWN):
        problems["basis"] = "値が空欄のときだけ、根拠区分を「未公表」にしてください。"
    if problems:
        raise InvalidInputError(problems)
    before = all_parameters(work.session)
    made = Parameter(name, value, valid_from, basis, source, note, _moment(before, name, work.now))
    words = serves(before, made, budget_request_year(work.today))
    PARAMETERS.add(work.session, made, recorded_by=work.by)
    work.audit(name, value=value_text(value), valid_from=valid_from, basis=basis)
    return words


@command("parameter:withdraw", "制度値の取下げ", permission="parameter:record")
def withdraw_parameter(
    work: Work,
    *,
    name: str,
    valid_from: date,
    seen: int,
    reason: Annotated[str, REASON],
    request_id: str,
    now: datetime,
) -> str:
    """Take back the last word for a first day; what was said of that day before holds again.

    Args:
        valid_from: First day of what is taken back.
        seen: How many entries about this parameter the form showed.

    Returns:
        Whether anything that is shown now changes.

    Raises:
        InvalidInputError: Fields ``name``, ``reason``, ``valid_from``: nothing stands for that day,
            or nothing else would be left of a value that may not be unknown.
        ConflictError: Something was recorded or taken back meanwhile.
    """
    definition = _definition(name)
    before = all_parameters(work.session)
    found = standing(before, name).get(valid_from)
    if found is None:
        problem = f"{era_date(valid_from)}から始まる「{definition.label}」の値はありません。"
        raise InvalidInputError({"valid_from": problem})
    if sum(each.name == name for each in before) != seen:
        raise ConflictError(
            f"「{definition.label}」は、この画面を開いたあとに登録または取下げがありました。"
            "画面を更新して確認してください。"
        )
    moment = _moment(before, name, work.now)
    made = replace(found, note=reason, recorded_at=moment, withdrawn=True)
    if not definition.optional and not standing((*before, made), name):
        problem = "ほかに値がないため取り下げられません。正しい値を登録してください。"
        raise InvalidInputError({"valid_from": problem})
    words = serves(before, made, budget_request_year(work.today))
    PARAMETERS.add(work.session, made, recorded_by=work.by)
    work.audit(name, value=value_text(found.value), valid_from=valid_from, reason=reason)
    return words


def _moment(before: Iterable[Parameter], name: str, now: datetime) -> datetime:
    """Now, or that of the last word where a clock was set back: the later record counts."""
    return max([now, *(e.recorded_at for e in before if e.name == name and e.recorded_at)])


def _definition(name: str) -> Definition:
    definition = DEFINITIONS.get(name)
    if definition is None:
        raise InvalidInputError({"name": f"ない制度値です: {name[:40]}"})
    return definition
