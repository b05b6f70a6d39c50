"""Record a dated parameter (制度値の登録); earlier ones stay."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from core.params import DEFINITIONS, Basis, Parameter, parse_value, value_text
from core.store.parameters import add_parameter
from core.store.work import Work, command
from core.values.errors import InvalidInputError
from core.values.fiscal import outside_fiscal_years
from core.values.free_text import Text

SOURCE = Text("出典", 1000, lines=True, example="通知の名称・日付など")
NOTE = Text("備考", 1000, lines=True, optional=True)


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
) -> None:
    """Record what holds from a day on.

    Args:
        text: The value as written; empty means unknown where that is allowed.

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
    if problem := outside_fiscal_years(valid_from):
        problems["valid_from"] = problem
    if "value" not in problems and (value is None) != (basis is Basis.UNKNOWN):
        problems["basis"] = "値が空欄のときだけ、根拠区分を「未公表」にしてください。"
    if problems:
        raise InvalidInputError(problems)
    add_parameter(
        work.session, Parameter(name, value, valid_from, basis, source, note, work.now), work.by
    )
    work.audit(name, value=value_text(value), valid_from=valid_from, basis=basis)
