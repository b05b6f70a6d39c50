"""Record a dated parameter (制度値の登録); earlier ones stay."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Engine

from core.access.permission import requires
from core.access.principal import Principal
from core.params import DEFINITIONS, Basis, Parameter, parse_value, value_text
from core.store.audit import earlier_result, record_audit, remember_result
from core.store.engine import writing
from core.store.parameters import add_parameter
from core.values.errors import InvalidInputError
from core.values.fiscal import outside_fiscal_years

_MAX_TEXT = 1000


@requires("parameter:record")
def record_parameter(
    engine: Engine,
    principal: Principal,
    *,
    name: str,
    text: str,
    valid_from: date,
    basis: Basis,
    source: str,
    note: str,
    request_id: str,
    now: datetime,
) -> None:
    """Record what holds from a day on.

    Args:
        text: The value as written; empty means unknown where that is allowed.
        source: Where it stands; required.
        request_id: The same id again changes nothing.

    Raises:
        InvalidInputError: Fields ``name``, ``value``, ``valid_from``, ``basis``, ``source``, ``note``.
    """
    definition = DEFINITIONS.get(name)
    if definition is None:
        raise InvalidInputError({"name": f"ない制度値です: {name[:40]}"})
    problems = {}
    value = None
    try:
        value = parse_value(definition, text)
    except ValueError as error:
        problems["value"] = str(error)
    if not source.strip():
        problems["source"] = "出典を入力してください(通知の名称・日付など)。"
    if problem := outside_fiscal_years(valid_from):
        problems["valid_from"] = problem
    for field, words, label in (("source", source, "出典"), ("note", note, "備考")):
        if len(words) > _MAX_TEXT:
            problems[field] = f"{label}は{_MAX_TEXT}文字以内で入力してください。"
    if "value" not in problems and (value is None) != (basis is Basis.UNKNOWN):
        problems["basis"] = "値が空欄のときだけ、根拠区分を「未公表」にしてください。"
    if problems:
        raise InvalidInputError(problems)
    parameter = Parameter(name, value, valid_from, basis, source.strip(), note.strip(), now)
    with writing(engine) as session:
        if earlier_result(session, principal, request_id, action="parameter:record") is not None:
            return
        add_parameter(session, parameter, principal.username)
        remember_result(session, principal, now, "parameter:record", request_id, "")
        detail = {"value": value_text(value), "valid_from": valid_from, "basis": basis}
        record_audit(session, principal, now, "parameter:record", name, detail)
