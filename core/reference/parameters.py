"""parameters.yaml: the first value of every dated parameter (制度値)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated, Self

from pydantic import AfterValidator, PlainValidator, ValidationInfo, model_validator

from core.params import DEFINITIONS, Basis, Parameter, Value, definitions, parse_value
from core.reference.facts import Day, Fact, RefusalError, SourceKey, Text, distinct, known
from core.values.offer import OfferedPart

_LAYER = "national."
"""What 実質負担 rests on: without a value it is unknown, so that a pack may leave it out."""


def needed(offers: Collection[OfferedPart]) -> set[str]:
    """Names of 制度値 there must be a value of where these parts are offered."""
    return {name for name in definitions(offers) if not name.startswith(_LAYER)}


def _defined(name: str) -> str:
    if name not in DEFINITIONS:
        raise RefusalError(f"「{name}」という制度値はありません。")
    return name


def _value(read: object, info: ValidationInfo) -> Value:
    if not isinstance(read, str):
        raise ValueError(f"数字だけのときは引用符で囲んでください: {read}")
    definition = DEFINITIONS.get(info.data.get("name", ""))
    return None if definition is None else parse_value(definition, read)


class FirstValue(Fact):
    """One value; empty when it is not known, which ``basis`` then says."""

    name: Annotated[Text, AfterValidator(_defined)]
    value: Annotated[Value, PlainValidator(_value)]
    valid_from: Day
    basis: Basis
    source: SourceKey
    note: str

    @model_validator(mode="after")
    def _unknown_when_empty(self) -> Self:
        if (self.value is None) != (self.basis is Basis.UNKNOWN):
            raise RefusalError("値が空欄のときに限り、basisをunknownにしてください。", "basis")
        return self


class FirstValues(Fact):
    """The file."""

    parameters: Annotated[
        tuple[FirstValue, ...], AfterValidator(distinct("制度値", "name", "valid_from"))
    ]

    @model_validator(mode="after")
    def _none_is_missing(self, info: ValidationInfo) -> Self:
        """Of what is offered; of what may be offered one day there may be values already."""
        offers = known(info, "offers")
        given = {each.name for each in self.parameters}
        if missing := needed(offers or ()) - given:
            without = (
                "補助金がなければ、names.yamlの呼び名(subsidy)の行を消してください。"
                if any(DEFINITIONS[name].need is OfferedPart.SUBSIDY for name in missing)
                else ""
            )
            raise RefusalError(
                f"{'、'.join(sorted(missing))}の値がありません。{without}", "parameters"
            )
        of_subsidy = {name for name in given if DEFINITIONS[name].need is OfferedPart.SUBSIDY}
        if (
            of_subsidy
            and OfferedPart.TALENT in (offers or ())
            and OfferedPart.SUBSIDY not in offers
        ):
            raise RefusalError(
                f"{'、'.join(sorted(of_subsidy))}の値がありますが、names.yamlに補助金の呼び名(subsidy)が"
                "ありません。補助金があれば呼び名を書き、なければこれらの値を消してください。",
                "parameters",
            )
        return self

    @property
    def in_file_order(self) -> tuple[Parameter, ...]:
        """As the store takes them, ``recorded_at`` None."""
        return tuple(Parameter(**dict(each)) for each in self.parameters)
