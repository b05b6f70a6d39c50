"""The catalogue (カタログ): entries folded into what is offered in a fiscal year.

Append, then fold: of each thing the last entry counts. What is offered by the year stands in the
entries of that year alone; a year begins as a draft, which nobody but the secretariat sees, and is
published as a whole. A later year is told by the latest published one before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from core.reference.entry import YEAR, Entry, content_of
from core.reference.files import Read
from core.reference.pack import Reference, read_reference
from core.reference.parts import PARTS, apart, together
from core.values.fiscal import FiscalYear
from core.values.label import Labelled


class YearState(Labelled):
    """What is known of the catalogue of a fiscal year."""

    DRAFT = "draft", "下書き"
    PUBLISHED = "published", "公開"
    DISCARDED = "discarded", "取りやめ"


@dataclass(frozen=True)
class Kept:
    """The files that entries make up."""

    files: Mapping[str, Any]

    def holds(self, name: str) -> bool:
        """Whether there is a file of that name."""
        return name in self.files

    def mapping(self, name: str) -> Read:
        """The mapping a YAML file would consist of."""
        return Read(self.files[name])

    def rows(self, name: str, columns: str, optional: str = "") -> Read:  # noqa: ARG002
        """The rows of a table, numbered as lines of a file would be."""
        rows = self.files[name]
        return Read(tuple({**row, "line": line} for line, row in enumerate(rows, start=2)))

    def text(self, name: str) -> str:
        """A whole file as text."""
        return str(self.files[name])


class Catalogue:
    """Everything ever recorded, oldest first, and what follows from it.

    Never changed: a later state is another catalogue.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = tuple(entries)
        self._read: dict[tuple[FiscalYear, bool], Reference] = {}

    @cached_property
    def states(self) -> Mapping[FiscalYear, YearState]:
        """Fiscal year → what its last entry says, in their order."""
        found: dict[FiscalYear, YearState] = {}
        for entry in self.entries:
            if entry.part == YEAR and entry.fiscal_year is not None:
                found[entry.fiscal_year] = YearState(entry.value["state"])
        return dict(sorted(found.items()))

    @property
    def published(self) -> tuple[FiscalYear, ...]:
        """Fiscal years that everybody sees, in their order."""
        return tuple(y for y, state in self.states.items() if state is YearState.PUBLISHED)

    def offered(self, fiscal_year: FiscalYear) -> FiscalYear:
        """The published year that tells of a year: itself, the latest before it, or the first."""
        before = [year for year in self.published if year <= fiscal_year]
        return before[-1] if before else self.published[0]

    def of(self, fiscal_year: FiscalYear) -> Reference:
        """What is offered in a fiscal year, as everybody sees it."""
        return self._reference(self.offered(fiscal_year), draft=False)

    def draft(self, fiscal_year: FiscalYear) -> Reference:
        """What would be offered if the draft of a year were published now.

        Raises:
            ReferenceDataError: It could not be published so; says why.
        """
        return self._reference(fiscal_year, draft=True)

    def _reference(self, year: FiscalYear, *, draft: bool) -> Reference:
        if (year, draft) not in self._read:
            read = read_reference(Kept(self.files(year, draft=draft)))
            self._read[year, draft] = replace(
                read, fiscal_year=year, years=self.published, other_years=self.of
            )
        return self._read[year, draft]

    def files(self, year: FiscalYear, *, draft: bool = False) -> dict[str, Any]:
        """The files of a pack that say what is offered in a year.

        Args:
            draft: What nothing was decided of yet stands as in the year before.
        """
        return together(self._things(year, draft=draft))

    def before(self, year: FiscalYear) -> FiscalYear | None:
        """The published year that a draft takes the place of; None before the first."""
        earlier = [each for each in self.published if each < year]
        return earlier[-1] if earlier else None

    def undecided(self, year: FiscalYear) -> tuple[Entry, ...]:
        """What the year before offers and nothing was decided of for a year."""
        earlier = self.before(year)
        if earlier is None:
            return ()
        decided = self.latest(year)
        return tuple(
            entry
            for thing, entry in self.latest(earlier).items()
            if entry.content is not None and thing not in decided
        )

    def latest(self, year: FiscalYear | None) -> Mapping[tuple[str, str], Entry]:
        """Part and key → the entry that counts, of a year or of what holds whatever the year.

        In the order things were first recorded in, those of a year by number; what ended is among
        them.
        """
        found: dict[tuple[str, str], Entry] = {}
        for entry in self.entries:
            if entry.part != YEAR and entry.fiscal_year == year:
                found[entry.part, entry.key] = entry
        return found if year is None else dict(sorted(found.items(), key=_in_order))

    def _things(self, year: FiscalYear, *, draft: bool) -> Iterator[tuple[str, Any]]:
        offered = self.latest(year)
        if draft:
            earlier = {(each.part, each.key): each for each in self.undecided(year)}
            offered = dict(sorted((earlier | dict(offered)).items(), key=_in_order))
        standing = [*self.latest(None).values(), *offered.values()]
        for name, part in PARTS.items():
            for entry in standing:
                if entry.part == name and entry.content is not None:
                    value = entry.value
                    yield name, (entry.key, value) if part.shape == "mapping" else value


def _in_order(thing: tuple[tuple[str, str], Entry]) -> tuple[str, int, str]:
    """Things of a year in the order of their numbers, where they have one."""
    (part, key), _ = thing
    return part, int(key) if key.isdigit() else 0, key


def first_entries(
    files: Mapping[str, Any], fiscal_year: FiscalYear, now: datetime, recorded_by: str
) -> tuple[Entry, ...]:
    """What an empty catalogue begins with: the files of a pack.

    Args:
        files: As :func:`core.reference.parts.apart` takes them.
        fiscal_year: 年度 they are offered in.
    """
    things = tuple(
        Entry(
            part.name,
            key,
            fiscal_year if part.yearly else None,
            content_of(value),
            "",
            now,
            recorded_by,
        )
        for part, key, value in apart(files)
    )
    return (*things, year_entry(fiscal_year, YearState.PUBLISHED, "", now, recorded_by))


def year_entry(
    fiscal_year: FiscalYear, state: YearState, note: str, now: datetime, recorded_by: str
) -> Entry:
    """That a fiscal year is a draft, published or given up."""
    content = content_of({"state": state.value})
    return Entry(YEAR, str(int(fiscal_year)), fiscal_year, content, note, now, recorded_by)
