"""data/parameters.yaml: the first value of every dated parameter (制度値)."""

from __future__ import annotations

from core.params import DEFINITIONS, Basis, Parameter, Value, parse_value
from core.reference.entry import Entry
from core.reference.sources import Folder

NAME = "parameters.yaml"


def read_parameters(folder: Folder) -> tuple[Parameter, ...]:
    """Every parameter in file order, ``recorded_at`` None.

    Raises:
        ReferenceDataError: An unknown name or value, one twice for a day, one that is missing, or
            an empty value that is not marked unknown (and the reverse).
    """
    entry = folder.entry(NAME, "parameters")
    found: dict[tuple[str, str], Parameter] = {}
    for below in entry.entries("parameters", "name value valid_from basis source note"):
        parameter = _parameter(below)
        key = parameter.name, parameter.valid_from.isoformat()
        if key in found:
            raise below.refusal(f"「{key[0]}」の{key[1]}からの値が重複しています。", "name")
        found[key] = parameter
    missing = DEFINITIONS.keys() - {name for name, _ in found}
    if missing:
        raise entry.refusal(f"{'、'.join(sorted(missing))}の値がありません。", "parameters")
    return tuple(found.values())


def _parameter(entry: Entry) -> Parameter:
    name = entry.text("name")
    if name not in DEFINITIONS:
        raise entry.refusal(f"「{name}」という制度値はありません。", "name")
    value, basis = _value(entry, name), entry.choice("basis", Basis)
    if (value is None) != (basis is Basis.UNKNOWN):
        raise entry.refusal("値が空欄のときに限り、basisをunknownにしてください。", "basis")
    return Parameter(
        name=name,
        value=value,
        valid_from=entry.day("valid_from"),
        basis=basis,
        source=entry.text("source"),
        note=entry.any_text("note"),
    )


def _value(entry: Entry, name: str) -> Value:
    try:
        return parse_value(DEFINITIONS[name], entry.any_text("value"))
    except ValueError as error:
        raise entry.refusal(str(error), "value") from None
