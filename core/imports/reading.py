"""Files in, as the product asks for them; each is read in a process that can be ended.

The only way from bytes somebody sent to anything else. Call it where waiting harms nobody: never on
an event loop, never inside a transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.consultation.attachment import (
    MAX_BYTES,
    MAX_FILES,
    CheckedFile,
    Finding,
    OfferedFile,
    safe_name,
)
from core.estimate.request_form import MAX_FORM, FormPlace
from core.imports import attendance
from core.imports.accounts import table as accounts
from core.imports.accounts.table import AccountRow
from core.imports.file_kind import refused
from core.imports.ledger import table
from core.imports.ledger.table import FileRow, FileTold, Progress
from core.imports.reader_process import READERS
from core.imports.request_form import places_of
from core.subsidy.document import MAX_TEMPLATE, DocumentKind, Mark
from core.training.roll import RollRow
from core.values.errors import InvalidInputError


def ledger_table(
    content: bytes, progress: Progress | None = None
) -> tuple[list[FileRow], FileTold]:
    """Rows of a ledger file in its order, and what is told besides.

    Args:
        progress: Told every thousand rows.

    Raises:
        InvalidInputError: Field ``file``: too large, unreadable, no usable headings, no rows.
    """
    _refuse_large(content, table.MAX_BYTES, "ファイルを分けて取り込んでください。")
    with READERS.read("ledger", [content]) as parts:
        return table.table_of(parts, progress)


def attendance_list(content: bytes) -> tuple[RollRow, ...]:
    """Rows of an attendance list.

    Raises:
        InvalidInputError: Field ``file``: too large, unreadable, no headings.
    """
    _refuse_large(content, attendance.MAX_BYTES)
    with READERS.read("attendance", [content]) as parts:
        return attendance.attendance_of(parts)


def account_table(content: bytes) -> tuple[AccountRow, ...]:
    """Rows of a table of accounts.

    Raises:
        InvalidInputError: Field ``file``: too large, unreadable, no headings.
    """
    _refuse_large(content, accounts.MAX_BYTES)
    with READERS.read("accounts", [content]) as parts:
        return accounts.accounts_of(parts)


def request_form(file: OfferedFile) -> ReadForm:
    """A municipality's own budget-request form, with the places it has.

    Raises:
        InvalidInputError: Field ``file``: too large, no workbook, what acts in it, or everything
            that has to be put right, each with its place.
    """
    _refuse_large(file.content, MAX_FORM)
    name = safe_name(file.name)
    with READERS.read("request_form", [file.content], name) as parts:
        findings, notes, places = places_of(parts)
    return ReadForm(name, file.content, places, findings, notes)


def document_template(kind: DocumentKind, file: OfferedFile) -> ReadTemplate:
    """A template of a paper, with the marks it has.

    Raises:
        InvalidInputError: Field ``file``: too large, neither Word nor Excel, what acts in it, or
            everything that has to be put right, each with its place.
    """
    _refuse_large(file.content, MAX_TEMPLATE)
    name = safe_name(file.name)
    with READERS.read("document_template", [file.content], [name, kind.value]) as parts:
        marks = tuple(Mark(str(each)) for each in parts)
    return ReadTemplate(name, file.content, marks)


@dataclass(frozen=True)
class ReadTemplate:
    """A template that can be kept.

    Attributes:
        marks: Each once.
    """

    name: str
    content: bytes
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class ReadForm:
    """A form that can be kept.

    Attributes:
        notes: What of it may be meant otherwise.
    """

    name: str
    content: bytes
    places: tuple[FormPlace, ...]
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]


def _refuse_large(content: bytes, most: int, advice: str = "") -> None:
    if len(content) > most:
        raise refused(
            f"ファイルが大きすぎます({len(content):,}バイト)。{most:,}バイトまでです。{advice}"
        )


def checked_files(files: Sequence[OfferedFile]) -> tuple[CheckedFile, ...]:
    """All files of a form looked into, or none.

    Raises:
        InvalidInputError: Field ``attachments``: every file that cannot be kept, and why.
    """
    if not files:
        return ()
    problems, checked = [], []
    if len(files) > MAX_FILES:
        problems.append(f"添付は一度に{MAX_FILES}個までです(選択{len(files)}個)。")
    for file in files[:MAX_FILES]:
        try:
            checked.append(_checked(file))
        except InvalidInputError as error:
            problems.append(str(error))
    if problems:
        raise InvalidInputError({"attachments": "\n\n".join(problems)})
    return tuple(checked)


def _checked(file: OfferedFile) -> CheckedFile:
    name = safe_name(file.name)
    refusal = f"添付「{name}」"
    if len(file.content) > MAX_BYTES:
        size = len(file.content) / 1024 / 1024
        raise InvalidInputError(
            {
                "attachments": f"{refusal}は{size:.1f}MBあります。"
                f"{MAX_BYTES // 1024 // 1024}MB以下にしてください。"
            }
        )
    try:
        with READERS.read("attachments", [file.content], name, field="attachments") as parts:
            ((media_type, findings),) = parts
    except InvalidInputError as error:
        raise InvalidInputError({"attachments": f"{refusal}{error}"}) from None
    return CheckedFile(name, str(media_type), file.content, tuple(map(Finding, findings)))
