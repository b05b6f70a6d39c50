"""指標の一覧: every indicator there is. Screen, exports and 使い方・出典 read this one list."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from core.kpi import consultations, participation, published, talent, talent_published, trainings
from core.kpi.indicator import Indicator, Subject
from core.reference.catalogue import shipped
from core.values.errors import InvalidInputError


@cache
def indicators() -> Mapping[str, Indicator]:
    """By key, in the order readers see."""
    reference = shipped()
    listed = (
        *participation.indicators(reference.procurements),
        *talent.indicators(),
        *talent_published.indicators(reference),
        *trainings.indicators(reference.trainings),
        *consultations.indicators(),
        *published.indicators(reference.programmes),
    )
    return MappingProxyType({each.key: each for each in listed})


def indicator(key: str) -> Indicator:
    """The indicator of a key.

    Raises:
        InvalidInputError: There is none.
    """
    found = indicators().get(key)
    if found is None:
        raise InvalidInputError(
            {"indicator": f"指標「{key[:40]}」はありません。一覧から選び直してください。"}
        )
    return found


def of_subject(subject: Subject) -> tuple[Indicator, ...]:
    """The indicators of a 分野."""
    return tuple(each for each in indicators().values() if each.subject is subject)
