"""設問の種類の一覧: every kind there is, in the order the secretariat chooses from."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from core.inquiry.kinds import (
    day,
    excel_form,
    file,
    join_intention,
    number,
    person,
    plan_wishes,
    ranking,
    several,
    single,
    text,
    yen,
    yes_no,
)
from core.inquiry.kinds.kind import Kind
from core.values.errors import InvalidInputError

KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        module.KIND.key: module.KIND
        for module in (
            text,
            single,
            several,
            yes_no,
            number,
            yen,
            day,
            person,
            file,
            ranking,
            plan_wishes,
            join_intention,
            excel_form,
        )
    }
)
"""By key."""


def kind_of(key: str) -> Kind:
    """The kind of a key.

    Raises:
        InvalidInputError: There is none.
    """
    if key not in KINDS:
        raise InvalidInputError(
            {"kind": f"設問の種類「{key[:40]}」はありません。一覧から選び直してください。"}
        )
    return KINDS[key]
