"""名簿: the attendance list as a file goes out with it and comes back with marks."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from core.training.attendance import AttendanceMark
from core.training.person import Person, bare
from core.values.free_text import mail_address, search_key


class RollColumn(StrEnum):
    """Headings of the list (名簿の見出し)."""

    NUMBER = "申込番号"
    MUNICIPALITY = "市町村"
    NAME = "氏名"
    DEPARTMENT = "所属"
    MAIL = "メールアドレス"
    ATTENDING = "参加方法"
    PLACE = "申込の結果"
    MARK = "出席"


OTHER_NAMES: Mapping[RollColumn, tuple[str, ...]] = MappingProxyType(
    {
        RollColumn.NUMBER: ("申込No.", "申込ID", "受付番号"),
        RollColumn.MUNICIPALITY: ("市町村名", "団体", "団体名", "自治体", "自治体名"),
        RollColumn.NAME: ("名前", "お名前", "参加者", "参加者名", "受講者", "受講者名", "氏 名"),
        RollColumn.DEPARTMENT: ("部署", "部署名", "所属名", "所属部署", "所属・役職", "課名", "担当課"),
        RollColumn.MAIL: ("メール", "Eメール", "E-mail", "mail", "電子メール", "アドレス"),
        RollColumn.ATTENDING: ("参加形態", "受講方法"),
        RollColumn.PLACE: ("申込結果", "結果"),
        RollColumn.MARK: ("出欠", "出欠席", "出席状況", "出欠状況", "出席確認", "出席・欠席"),
    }
)  # fmt: skip
"""What offices call the columns."""

_MARKS: Mapping[str, AttendanceMark] = {
    **dict.fromkeys(
        ("○", "〇", "◯", "◎", "●", "1", "出席", "出", "参加", "受講", "有", "済", "はい", "true"),
        AttendanceMark.PRESENT,
    ),
    **dict.fromkeys(
        ("×", "✕", "✗", "x", "0", "欠席", "欠", "不参加", "無", "いいえ", "false"),
        AttendanceMark.ABSENT,
    ),
    "未記録": AttendanceMark.CLEARED,
}


def read_mark(text: str) -> AttendanceMark | None:
    """A mark as people write it; None when it is none.

    Examples:
        >>> read_mark("○").value, read_mark("Ｘ").value, read_mark("たぶん")
        ('present', 'absent', None)
    """
    return _MARKS.get(text.strip()) or _MARKS.get(search_key(text))


@dataclass(frozen=True)
class RollRow:
    """One row of a file that came back."""

    line: int  # row of the sheet or line of the file
    cells: Mapping[RollColumn, str]  # text by heading; empty cells are absent
    problem: str = ""  # why the row cannot be used whatever its cells say; empty for none


@dataclass(frozen=True)
class RollReading:
    """What a file would record."""

    marks: Mapping[str, AttendanceMark]  # by ``enrolment_id``
    problems: tuple[str, ...]  # one sentence for each row that cannot be used, with its line
    blank: int  # rows without a mark: nothing is recorded for them


def roll_number(enrolment_id: str) -> str:
    """申込番号 as it stands in the list: the first twelve characters of the id."""
    return enrolment_id[:12]


def read_roll(rows: Sequence[RollRow], people: Mapping[str, Person | None]) -> RollReading:
    """Match the rows of a file with the enrolments of a session.

    A row names an enrolment by 申込番号; without one by name, and by mail and 所属 where they stand
    in it, when just one person fits.

    Args:
        people: Person by ``enrolment_id`` of everybody whose enrolment counts.
    """
    marks: dict[str, AttendanceMark] = {}
    problems: list[str] = []
    blank = 0
    for row in rows:
        text = row.cells.get(RollColumn.MARK, "")
        if row.problem:
            problems.append(f"{row.line}行目: {row.problem}")
            continue
        if not text:
            blank += 1
            continue
        mark = read_mark(text)
        found = _found(row, people)
        if mark is None:
            problems.append(f"{row.line}行目: 「{text[:20]}」は読めません。○か×を入れてください。")
        elif len(found) != 1:
            problems.append(f"{row.line}行目: {_missing(row, found)}")
        elif found[0] in marks:
            problems.append(f"{row.line}行目: 同じ人の行が2つあります。1つにしてください。")
        else:
            marks[found[0]] = mark
    return RollReading(marks, tuple(problems), blank)


def _found(row: RollRow, people: Mapping[str, Person | None]) -> list[str]:
    number = row.cells.get(RollColumn.NUMBER, "")
    if number:
        return [each for each in people if roll_number(each) == search_key(number)]
    name = bare(row.cells.get(RollColumn.NAME, ""))
    if not name:
        return []
    mail = mail_address(row.cells.get(RollColumn.MAIL, ""))
    department = bare(row.cells.get(RollColumn.DEPARTMENT, ""))
    return [
        each
        for each, person in people.items()
        if person is not None
        and bare(person.name) == name
        and (not mail or person.mail == mail)
        and (not department or bare(person.department) == department)
    ]


def _missing(row: RollRow, found: Collection[str]) -> str:
    if found:
        return "この行に当てはまる人が複数います。申込番号かメールアドレスを入れてください。"
    named = row.cells.get(RollColumn.NUMBER) or row.cells.get(RollColumn.NAME) or "(空欄)"
    return (
        f"「{named[:40]}」はこの日程の申込にありません。申込番号か、氏名と所属を確かめてください。"
    )
