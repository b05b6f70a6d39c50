"""名簿: the attendance list as a file goes out with it and comes back with marks."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

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


OTHER_NAMES: Mapping[RollColumn, tuple[str, ...]] = {
    RollColumn.NUMBER: ("申込No.", "申込ID", "受付番号"),
    RollColumn.MUNICIPALITY: ("市町村名", "団体", "団体名", "自治体", "自治体名", "所属団体"),
    RollColumn.NAME: (
        *("名前", "お名前", "職員氏名", "参加者", "参加者名", "参加者氏名", "受講者", "受講者名"),
        *("受講者氏名", "出席者", "出席者名", "出席者氏名", "申込者", "申込者名", "申込者氏名"),
    ),
    RollColumn.DEPARTMENT: (
        *(
            "所属名",
            "所属課",
            "所属課名",
            "所属部署",
            "所属部署名",
            "所属・役職",
            "所属先",
            "部署",
            "部署名",
        ),
        *("部課", "部課名", "課", "課名", "担当課", "課室", "課室名"),
    ),
    RollColumn.MAIL: ("メール", "Eメール", "E-mail", "email", "mail", "電子メール", "アドレス"),
    RollColumn.ATTENDING: ("参加形態", "受講方法"),
    RollColumn.PLACE: ("申込結果", "結果"),
    RollColumn.MARK: (
        *("出欠", "出欠席", "出席状況", "出欠状況", "出席確認", "出欠確認", "出席の有無"),
        *(
            "出欠の有無",
            "出欠の別",
            "出席・欠席",
            "参加",
            "参加状況",
            "参加の有無",
            "受講",
            "受講状況",
        ),
    ),
}
"""What offices call the columns."""

_MARKS: Mapping[str, AttendanceMark] = {
    **dict.fromkeys(
        (
            *("○", "〇", "◯", "◎", "✓", "✔", "レ", "1", "出席", "出", "有", "済", "はい", "true"),
            *("参加", "受講"),
        ),
        AttendanceMark.PRESENT,
    ),
    **dict.fromkeys(
        ("×", "✕", "✗", "✖", "x", "0", "欠席", "欠", "無", "いいえ", "不参加", "未受講", "false"),
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


@dataclass(frozen=True)
class Enrolled:
    """Whom a row can name."""

    person: Person | None  # None after the personal data was deleted
    town: str  # 市町村


def read_roll(rows: Sequence[RollRow], people: Mapping[str, Enrolled]) -> RollReading:
    """Match the rows of a file with the enrolments of a session.

    A row names an enrolment by 申込番号; without one by 氏名, when just one person fits that and
    whatever else it gives of mail, 所属 and 市町村.

    Args:
        people: By ``enrolment_id``, everybody whose enrolment counts.
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
            problems.append(f"{row.line}行目: {_missing(row, found, people)}")
        elif found[0] in marks:
            problems.append(f"{row.line}行目: 同じ人の行が2つあります。1つにしてください。")
        else:
            marks[found[0]] = mark
    return RollReading(marks, tuple(problems), blank)


def _found(row: RollRow, people: Mapping[str, Enrolled]) -> list[str]:
    number = row.cells.get(RollColumn.NUMBER, "")
    if number:
        numbered = [each for each in people if roll_number(each) == search_key(number)]
        return [each for each in numbered if _is_named(row, people[each])]
    return [each for each in _namesakes(row, people) if _fits(row, people[each])]


def _namesakes(row: RollRow, people: Mapping[str, Enrolled]) -> list[str]:
    name = bare(row.cells.get(RollColumn.NAME, ""))
    return [
        key
        for key, each in people.items()
        if name and each.person is not None and bare(each.person.name) == name
    ]


def _is_named(row: RollRow, one: Enrolled) -> bool:
    """Whether a row gives no name, or that of this person, or nobody knows it any more."""
    name = row.cells.get(RollColumn.NAME)
    return not name or one.person is None or bare(name) == bare(one.person.name)


def _fits(row: RollRow, one: Enrolled) -> bool:
    """Whether what a row gives beside the name is of this person; 所属 may say the town too."""
    mail = row.cells.get(RollColumn.MAIL)
    if one.person is None or (mail and mail_address(mail) != one.person.mail):
        return False
    town = row.cells.get(RollColumn.MUNICIPALITY)
    if town and bare(town) != bare(one.town):
        return False
    department = row.cells.get(RollColumn.DEPARTMENT)
    if not department:
        return True
    told, own = bare(department), bare(one.person.department)
    return told in own or own in told or told == bare(one.town)


def _missing(row: RollRow, found: Collection[str], people: Mapping[str, Enrolled]) -> str:
    number, name = row.cells.get(RollColumn.NUMBER), row.cells.get(RollColumn.NAME)
    if found:
        return f"「{name}」に当たる人が{len(found)}人います。申込番号か所属を入れてください。"
    named = number or name or "(空欄)"
    others = [] if number else _namesakes(row, people)
    if others:
        known = "、".join(_known(people[each]) for each in others)
        return (
            f"「{named[:40]}」の所属などが申込と違います(申込: {known[:120]})。"
            "申込番号を入れるか、申込どおりに直してください。"
        )
    if number and name and any(roll_number(each) == search_key(number) for each in people):
        return (
            f"申込番号「{number}」は「{name[:40]}」の番号ではありません。どちらかを直してください。"
        )
    return f"「{named[:40]}」はこの日程の申込にありません。氏名と申込番号を確かめてください。"


def _known(one: Enrolled) -> str:
    department = one.person.department if one.person else ""
    return f"{one.town} {department}"
