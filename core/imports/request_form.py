"""Where a municipality's own form wants what: marks in cells, and defined names.

Everything that stands against a form is told at once, each with its place. Runs in a process of its
own, after core.imports.attachments has looked at what acts in the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from core.consultation.attachment import Finding
from core.estimate.request_form import (
    AMOUNTS,
    FormPlace,
    field_named,
    mark_problems,
    near_name,
)
from core.imports.attachments import inspected_workbook
from core.imports.file_kind import refuse_others, refused
from core.imports.marked_book import MOST, MarkedBook, MarkedSheet
from core.imports.package import DamagedError, LockedError, OversizedError, Package

_MOST_TOLD = 20


def plain_form(contents: Sequence[bytes], name: Any) -> Iterator[Any]:
    """What the reading process answers: findings, notes and places.

    Raises:
        InvalidInputError: Field ``file``: what cannot be taken, or everything to be put right.
    """
    content = contents[0]
    refuse_others(content)
    findings = inspected_workbook(str(name), content)
    try:
        form = _Form(Package(content, MOST))
    except LockedError:
        raise refused("パスワードがかかっています。解除して保存し直してください。") from None
    except OversizedError as error:
        raise refused(f"様式としては大きすぎるファイルです({error})。") from None
    except DamagedError as error:
        raise refused(f"Excelファイル(.xlsx)として読めません({error})。") from None
    if not any(field in AMOUNTS for place in form.places for field in place.fields):
        form.problems.append(
            "要求額を入れる場所がありません。その金額のセルに {{要求額}} か {{要求額千円}} と書くか、"
            "セルに「要求額」という名前を付けてください。"
        )
    if form.problems:
        raise refused(told(form.problems))
    yield [finding.value for finding in findings], form.notes
    for place in form.places:
        yield place.part, place.sheet, place.cell, place.text


def told(problems: Sequence[str]) -> str:
    """All of them, numbered where there are several, each in a line of its own."""
    if len(problems) == 1:
        return problems[0]
    told = [f"({n}) {problem}" for n, problem in enumerate(problems[:_MOST_TOLD], start=1)]
    more = len(problems) - _MOST_TOLD
    return "\n\n".join(
        [
            f"このファイルに直すところが{len(problems)}件あります。",
            *told,
            *([f"ほか{more}件。"] * (more > 0)),
        ]
    )


class _Form:
    """What a workbook says.

    Attributes:
        places: In the order of sheets and cells, then by defined name.
        problems: What has to be put right first.
        notes: What may be meant otherwise.
    """

    def __init__(self, package: Package) -> None:
        self.places: list[FormPlace] = []
        self.problems: list[str] = []
        self.notes: list[str] = []
        self._book = MarkedBook(package)
        for name, sheet in self._book.sheets.items():
            for cell, text in sheet.texts.items():
                self._place(FormPlace(sheet.part, name, cell, text), sheet)
            self.problems += [
                f"シート「{name}」の{what}: ここの「{{{{…}}}}」には入れられません。セルに書いてください。"
                for what in sheet.elsewhere
            ]
        for name, target in self._book.names:
            self._named(name, target)

    def _place(self, place: FormPlace, sheet: MarkedSheet) -> None:
        wrong = list(mark_problems(place))
        if place.cell in sheet.formulas:
            wrong.append(f"{place.where}: 数式のセルには入れられません。別のセルにしてください。")
        self.problems += wrong
        if not wrong:
            self.places.append(place)

    def _named(self, name: str, target: str) -> None:
        field = field_named(name)
        if field is None:
            near = None if name.startswith("_xlnm") else near_name(name)
            if near is not None:
                self.notes.append(
                    f"名前「{name}」({target[:60]})は使いません。"
                    f"「{near.label}」のつもりなら、その名前に直してください。"
                )
            return
        found = _CELL.fullmatch(target.strip())
        sheet_name = ""
        if found:
            sheet_name = (found["quoted"] or "").replace("''", "'") or str(found["plain"])
        if not found or sheet_name not in self._book.sheets:
            self.problems.append(
                f"名前「{name}」: 「{target[:60]}」はこのファイルの1つのセルではありません。"
                "名前の管理で参照先を直してください。"
            )
            return
        sheet = self._book.sheets[sheet_name]
        cell = sheet.top_left(f"{found['column']}{int(found['row'])}")
        place = FormPlace(sheet.part, sheet_name, cell, f"{{{{{field.label}}}}}")
        if not any((known.part, known.cell) == (place.part, cell) for known in self.places):
            self._place(place, sheet)


_CELL = re.compile(
    r"=?(?:'(?P<quoted>(?:[^']|'')+)'|(?P<plain>[^'!,]+))!"
    r"\$?(?P<column>[A-Z]{1,3})\$?(?P<row>\d{1,7})(?::\$?[A-Z]{1,3}\$?\d{1,7})?"
)


FormPlaces = tuple[FormPlace, ...]


def places_of(answer: Iterator[Any]) -> tuple[tuple[Finding, ...], tuple[str, ...], FormPlaces]:
    """Findings, notes and places of what :func:`plain_form` answered."""
    findings, notes = next(answer)
    places = tuple(FormPlace(*map(str, place)) for place in answer)
    return tuple(map(Finding, findings)), tuple(map(str, notes)), places
