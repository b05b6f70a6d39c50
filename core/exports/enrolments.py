"""名簿 of a session, for 出席; うちの申込 of a municipality. Both name people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from core.exports import book
from core.exports.file import csv_file, marked
from core.store.enrolments import EnrolmentLine
from core.training.person import Person
from core.training.roll import RollColumn, roll_number
from core.values.fiscal import JAPAN
from core.views.enrolments import OwnEnrolment

_WIDTHS = {
    RollColumn.NUMBER: 15,
    RollColumn.MUNICIPALITY: 14,
    RollColumn.NAME: 20,
    RollColumn.DEPARTMENT: 26,
    RollColumn.MAIL: 32,
    RollColumn.ATTENDING: 12,
    RollColumn.PLACE: 18,
    RollColumn.MARK: 8,
}
_DELETED = "(削除済み)"
OWN_COLUMNS = (
    "開催日",
    "開始時刻",
    "終了時刻",
    "種別",
    "題名",
    "会場",
    "氏名",
    "所属",
    "メールアドレス",
    "参加方法",
    "申込の結果",
    "出席",
    "申込日時",
)


def enrolment_workbook(
    lines: Iterable[EnrolmentLine],
    municipalities: Mapping[str, str],
    title: str,
    made_on: date,
    *,
    made_up: bool,
) -> bytes:
    """The list as .xlsx: filled in and read back by ``core.imports.attendance``.

    Args:
        lines: As :func:`core.commands.enrolments.export_enrolments` gives them.
        municipalities: Name by code.
        title: What stands above and in the printed header.
    """
    made = book.Book(title, made_on, made_up=made_up, font_size=11)
    rows = [_row(line, municipalities) for line in lines]
    sheet = made.table(
        "名簿",
        [book.Column(column, _WIDTHS[column]) for column in RollColumn],
        rows,
        title=title,
        under="「出席」の列に○(出席)か×(欠席)を入れて取り込みます。空欄は何も記録しません。",
    )
    mark, first = len(RollColumn) - 1, 4
    if rows:
        choice = {"validate": "list", "source": ["○", "×"], "ignore_blank": True}
        sheet.data_validation(first, mark, first + len(rows) - 1, mark, choice)
    shown = marked(title, made_up=made_up).replace("&", "&&")[:100]
    sheet.set_header(f"&L{shown}&R取扱注意(個人情報)")
    return made.finished()


def enrolment_csv(
    lines: Iterable[EnrolmentLine], municipalities: Mapping[str, str], *, made_up: bool
) -> bytes:
    """The list as CSV for Excel."""
    rows = (_row(line, municipalities) for line in lines)
    return csv_file(tuple(RollColumn), rows, made_up=made_up)


def own_enrolments_csv(enrolments: Iterable[OwnEnrolment], *, made_up: bool) -> bytes:
    """One row per enrolment, cancelled ones included; a time that is not known stays empty.

    Args:
        enrolments: As :func:`core.commands.enrolments.export_own_enrolments` gives them.
    """
    return csv_file(OWN_COLUMNS, map(_own_row, enrolments), made_up=made_up)


def _row(line: EnrolmentLine, municipalities: Mapping[str, str]) -> tuple[str, ...]:
    enrolment = line.enrolment
    return (
        roll_number(enrolment.enrolment_id),
        municipalities.get(enrolment.lg_code, enrolment.lg_code),
        *_person(line.person),
        *_result(line),
    )


def _own_row(each: OwnEnrolment) -> tuple[str, ...]:
    session, content, line = each.session, each.training.content, each.line
    return (
        session.date.isoformat(),
        "" if session.start is None else f"{session.start:%H:%M}",
        "" if session.end is None else f"{session.end:%H:%M}",
        content.kind.value,
        content.title,
        session.place or "",
        *_person(line.person),
        *_own_result(each),
        f"{line.enrolment.enrolled_at.astimezone(JAPAN):%Y-%m-%d %H:%M}",
    )


def _own_result(each: OwnEnrolment) -> tuple[str, str, str]:
    attending, place, mark = _result(each.line)
    return attending, f"研修は中止(申込は{place})" if each.cancelled else place, mark


def _person(person: Person | None) -> tuple[str, str, str]:
    if person is None:
        return (_DELETED, _DELETED, _DELETED)
    return (person.name, person.department, person.mail)


def _result(line: EnrolmentLine) -> tuple[str, str, str]:
    attending, attendance = line.enrolment.attending, line.attendance
    return (
        attending.label if attending else "",
        line.place.label,
        attendance.mark.label if attendance else "",
    )
