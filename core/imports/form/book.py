"""A form's workbook, read whole: a page or two, so within narrow bounds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

from core.consultation.attachment import Finding
from core.imports.attachments import inspected_workbook
from core.imports.file_kind import damage_refused, refuse_others
from core.imports.form.place import Area, area
from core.imports.form.sheet import MOST_CELLS, RawSheet, Shared, SheetReader
from core.imports.form.styles import Styles
from core.imports.package import SMALL, Package, read_through, relations, xml_parser
from core.imports.workbook import BookParts
from core.values.errors import InvalidInputError

MOST_UNPACKED = 60_000_000
"""Most bytes of all parts together; pictures are what is large in a form."""
_ANY_NAME = "様式.xlsx"
_NAME = re.compile(
    r"=?(?:'((?:[^']|'')+)'|([^'!,\[\]]+))!(\$?[A-Za-z]{1,3}\$?\d+(?::\$?[A-Za-z]{1,3}\$?\d+)?)"
)


class RawBook:
    """What a workbook holds.

    Attributes:
        sheets: Those of cells, in their order.
        names: Ranges by defined name: sheet and range; what means anything else is left out.
        formats: Of cells by their number; empty for those that show a number as it is.
        findings: What acts in the file, as :func:`inspected_workbook` tells it.

    Raises:
        InvalidInputError: Field ``file``: no workbook, one that may not be taken, too large.
    """

    def __init__(self, content: bytes) -> None:
        with _only_workbooks():
            refuse_others(content)
            with damage_refused(content):
                Package(content, MOST_UNPACKED)
            self.findings: tuple[Finding, ...] = inspected_workbook(_ANY_NAME, content)
            with damage_refused(content):
                self._read(content)

    def _read(self, content: bytes) -> None:
        self._package = Package(content, MOST_UNPACKED)
        self._parts = BookParts(self._package)
        strings, struck_strings = self._parts.strings()
        formats, struck = self._parts.formats()
        self.formats, self.from_1904 = formats, self._parts.epoch.year == 1904
        shared = Shared(strings, struck_strings, formats, struck, self._parts.epoch)
        self.sheets: list[RawSheet] = []
        room = MOST_CELLS
        for name, part, shown in self._parts.sheets:
            with self._package.open(part, MOST_UNPACKED) as stream:
                sheet = SheetReader(RawSheet(name, shown, part), stream, shared, room).sheet
            room -= len(sheet.cells)
            self.sheets.append(sheet)
        self.names = dict(self._names())

    @cached_property
    def styles(self) -> Styles:
        """How cells look; only the empty form is asked."""
        return Styles(self._package, self._parts.part("styles"), self._parts.part("theme"))

    @property
    def links_outside(self) -> bool:
        """Whether it refers to other workbooks."""
        listed = relations(self._package, self._parts.main)
        return any(kind == "externalLink" for _, kind, _, _ in listed)

    def sheet(self, name: str) -> RawSheet | None:
        return next((each for each in self.sheets if each.name == name), None)

    def _names(self) -> Iterator[tuple[str, tuple[str, Area]]]:
        heard: list[str] | None = None
        name = ""
        found: list[tuple[str, str]] = []

        def start(element: str, attributes: dict[str, str]) -> None:
            nonlocal heard, name
            if element == "definedName" and attributes.get("hidden", "0") not in ("1", "true"):
                heard, name = [], attributes.get("name", "")

        def text(said: str) -> None:
            if heard is not None:
                heard.append(said)

        def end(element: str) -> None:
            nonlocal heard
            if element == "definedName" and heard is not None:
                found.append((name, "".join(heard)))
                heard = None

        with self._package.open(self._parts.main, SMALL) as stream:
            read_through(stream, xml_parser(start, end, text))
        for name, target in found:
            if (where := range_of(target)) is not None:
                yield name, where


@contextmanager
def _only_workbooks() -> Iterator[None]:
    """Say of a refusal nothing of attachments, nor that a CSV would do: it has no form."""
    try:
        yield
    except InvalidInputError as error:
        told = {
            name: said.removeprefix(f"「{_ANY_NAME}」").removeprefix("は添付できません。")
            .replace("か「CSV UTF-8」", "").replace("Excel(.xlsx)かCSV", "Excel(.xlsx)")
            for name, said in error.problems.items()
        }  # fmt: skip
        raise InvalidInputError(told) from None


def range_of(formula: str) -> tuple[str, Area] | None:
    """Sheet and range of ``'様式 1'!$B$4:$D$4``; None for anything else."""
    found = _NAME.fullmatch(formula.strip())
    if found is None:
        return None
    where = area(found[3])
    return None if where is None else ((found[1] or "").replace("''", "'") or found[2], where)
