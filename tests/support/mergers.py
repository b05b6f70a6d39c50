"""A merger by hand: 岬町 becomes part of 阪南市 on January 1st 2024 (made up)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from core.reference.catalogue import Catalogue, first_entries
from core.reference.entry import Entry, content_of
from core.reference.municipal_changes import MunicipalityCard, merged
from core.reference.pack import Reference
from core.reference.parts import PARTS
from core.values.fiscal import JAPAN, FiscalYear
from tests.support.reference import REFERENCE

MISAKI, HANNAN, SAKAI = "273660", "272329", "271403"
DAY = date(2024, 1, 1)
BEFORE = date(2023, 12, 31)
BOTH = 51_254 + 14_741
"""People of 阪南市 and 岬町."""
_NOW = datetime(2023, 10, 2, 9, 30, tzinfo=JAPAN)


def card_of(lg_code: str, /, **others: object) -> MunicipalityCard:
    """What is said of a municipality now, with something else."""
    town = REFERENCE.by_code[lg_code]
    made = MunicipalityCard(
        town.lg_code, town.name, town.kana, town.category, town.area, town.population,
        town.census, town.source, town.lat, town.lng,
    )  # fmt: skip
    return replace(made, **others)  # type: ignore[arg-type]


TOGETHER = card_of(HANNAN, population=BOTH)
NANSEI = card_of(
    HANNAN, lg_code="272337", name="南西市", kana="なんせいし", population=BOTH,
)  # fmt: skip
"""A municipality there is not."""


def with_rows(rows: Iterable[dict[str, str]]) -> Reference:
    """Osaka's pack after something was recorded of its municipalities."""
    first = first_entries(REFERENCE.files, REFERENCE.fiscal_year, _NOW, "data")
    part = PARTS["municipalities"]
    made = [
        Entry(part.name, part.key_of(row), None, content_of(row), "", _NOW, "x") for row in rows
    ]
    return Catalogue((*first, *made)).of(FiscalYear(2023))


def after_merger(
    card: MunicipalityCard = TOGETHER, ended: tuple[str, ...] = (MISAKI,), day: date = DAY
) -> Reference:
    """Osaka's pack with the merger."""
    return with_rows(merged(REFERENCE.files["municipalities.csv"], ended, card, day))
