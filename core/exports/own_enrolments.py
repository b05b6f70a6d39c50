"""うちの申込: one municipality's enrolments as CSV for Excel."""

from __future__ import annotations

from collections.abc import Iterable

from core.exports.open_data.file import csv_of
from core.values.fiscal import JAPAN
from core.views.enrolments import OwnEnrolment

HEADER = (
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
_DELETED = "(削除済み)"


def own_enrolments_csv(enrolments: Iterable[OwnEnrolment]) -> bytes:
    """One row per enrolment, cancelled ones included; a time that is not known stays empty.

    Args:
        enrolments: As :func:`core.commands.enrolments.export_own_enrolments` gives them.
    """
    return csv_of(HEADER, tuple(_row(each) for each in enrolments))


def _row(each: OwnEnrolment) -> tuple[str, ...]:
    session, content, line = each.session, each.training.content, each.line
    person = line.person
    return (
        session.date.isoformat(),
        "" if session.start is None else f"{session.start:%H:%M}",
        "" if session.end is None else f"{session.end:%H:%M}",
        content.kind.value,
        content.title,
        session.place or "",
        person.name if person else _DELETED,
        person.department if person else _DELETED,
        person.mail if person else _DELETED,
        line.enrolment.attending.label if line.enrolment.attending else "",
        line.place.label,
        line.attendance.mark.label if line.attendance else "",
        f"{line.enrolment.enrolled_at.astimezone(JAPAN):%Y-%m-%d %H:%M}",
    )
