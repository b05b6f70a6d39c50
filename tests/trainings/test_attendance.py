"""Who came: from a list, from a file, by the code on the wall; and whom a theme has reached."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import openpyxl
import pytest
from sqlalchemy import Engine, text

from core.access.principal import PUBLIC, Principal
from core.commands.attendance import confirm_attendance, issue_attendance_code, mark_attendance
from core.commands.enrolments import cancel_enrolment, enrol, export_enrolments
from core.commands.trainings import cancel_training
from core.exports.enrolments import enrolment_csv, enrolment_workbook
from core.training.attendance import AttendanceMark, AttendanceMeans, new_code, typed_code
from core.training.person import Applicant, Person
from core.training.reach import KnownSession, Reached, reach
from core.training.roll import read_mark
from core.values.errors import ConflictError, InvalidInputError, PermissionDeniedError
from core.views.enrolments import (
    attendance_entry_view,
    attendance_file_view,
    training_desk_view,
)
from core.views.reach import reach_view
from tests.support.reference import REFERENCE
from tests.support.trainings import an_applicant

OURS, NEIGHBOUR = "271004", "271403"
PRESENT, ABSENT, CLEARED = AttendanceMark.PRESENT, AttendanceMark.ABSENT, AttendanceMark.CLEARED
NAMES = {m.lg_code: m.name for m in REFERENCE.municipalities}


class Room:
    """A session with three enrolled: two of ours, one of the neighbour, who waits."""

    def __init__(
        self, engine: Engine, publish: Callable, officer: Callable, secretariat: Principal,
        now: datetime, after: datetime,
    ) -> None:  # fmt: skip
        self.engine, self.officer, self.secretariat = engine, officer, secretariat
        self.now, self.after, self.clicks = now, after, 0
        self.training_id, (self.session_id,) = publish()
        self.ids = [self._enrol(code, n) for n, code in enumerate((OURS, OURS, NEIGHBOUR))]

    def _enrol(self, code: str, number: int) -> str:
        (enrolled,) = enrol(
            self.engine, self.officer(code), lg_code=code, session_id=self.session_id,
            applicants=[an_applicant(number)], reference=REFERENCE, request_id=f"e{number}", now=self.now,
        )  # fmt: skip
        return enrolled.enrolment_id

    def mark(self, marks: dict[str, AttendanceMark], **changes: Any) -> None:
        self.clicks += 1
        given = {
            "session_id": self.session_id, "marks": marks, "means": AttendanceMeans.LIST,
            "request_id": f"m{self.clicks}", "now": self.after,
        }  # fmt: skip
        principal = changes.pop("principal", self.secretariat)
        mark_attendance(self.engine, principal, **given | changes)

    def issue(self, minutes: int = 60, **changes: Any) -> str:
        given = {
            "session_id": self.session_id, "valid_for": timedelta(minutes=minutes),
            "now": self.after,
        }  # fmt: skip
        return issue_attendance_code(self.engine, self.secretariat, **given | changes).code

    def confirm(self, code: str, ids: list[str], lg_code: str = OURS, **changes: Any) -> None:
        self.clicks += 1
        confirm_attendance(
            self.engine, self.officer(lg_code), lg_code=lg_code, session_id=self.session_id,
            code=code, enrolment_ids=ids,
            **{"request_id": f"c{self.clicks}", "now": self.after} | changes,
        )  # fmt: skip

    def marks(self) -> list[str | None]:
        (session,) = training_desk_view(
            self.engine, self.secretariat, REFERENCE, training_id=self.training_id, now=self.after
        ).sessions
        return [line.attendance.mark.value if line.attendance else None for line in session.lines]


@pytest.fixture
def room(
    engine: Engine, publish: Callable, officer: Callable, secretariat: Principal, now: datetime,
    after: datetime,
) -> Room:  # fmt: skip
    return Room(engine, publish, officer, secretariat, now, after)


def test_the_last_mark_counts_and_nothing_recorded_is_not_absent(room: Room) -> None:
    first, second, third = room.ids
    room.mark({first: PRESENT, second: ABSENT})
    assert room.marks() == ["present", "absent", None]
    room.mark({second: PRESENT, third: PRESENT})  # came although waiting
    assert room.marks() == ["present"] * 3
    room.mark({first: CLEARED})
    assert room.marks() == [None, "present", "present"]


def test_all_are_marked_or_none(room: Room) -> None:
    with pytest.raises(InvalidInputError, match="1件あります"):
        room.mark({room.ids[0]: PRESENT, "nobody": PRESENT})
    with pytest.raises(InvalidInputError, match="選んでください"):
        room.mark({})
    assert room.marks() == [None] * 3


def test_attendance_is_marked_by_the_secretariat_alone(room: Room, viewer: Principal) -> None:
    for principal in (PUBLIC, viewer, room.officer(OURS)):
        with pytest.raises(PermissionDeniedError):
            room.mark({room.ids[0]: PRESENT}, principal=principal)


def test_nobody_came_to_what_is_yet_to_come_or_was_called_off(room: Room) -> None:
    with pytest.raises(InvalidInputError, match=r"開催日\(2023-11-20"):
        room.mark({room.ids[0]: PRESENT}, now=room.after - timedelta(days=1))
    with pytest.raises(InvalidInputError, match="開催日"):
        room.issue(now=room.now)
    cancel_training(
        room.engine, room.secretariat, training_id=room.training_id, reason="台風",
        seen_version=2, reference=REFERENCE, now=room.now,
    )  # fmt: skip
    with pytest.raises(ConflictError, match="中止"):
        room.mark({room.ids[0]: PRESENT})


def test_the_code_on_the_wall_marks_the_own_colleagues_who_sit(room: Room) -> None:
    code = room.issue()
    room.confirm(f" {code[:3].lower()}-{code[3:]} ", room.ids[:1])
    assert room.marks() == ["present", None, None]
    with pytest.raises(InvalidInputError, match="参加が確定している人"):
        room.confirm(code, [room.ids[2]])  # the neighbour's
    with pytest.raises(InvalidInputError, match="参加が確定している人"):
        room.confirm(code, [room.ids[2]], NEIGHBOUR)  # waits
    with pytest.raises(InvalidInputError, match="参加が確定している人"):
        room.confirm(code, [])
    entry = attendance_entry_view(
        room.engine, room.officer(OURS), lg_code=OURS, session_id=room.session_id
    )
    assert [line.enrolment.enrolment_id for line in entry] == room.ids[:2]


def test_a_code_ends_with_its_time_and_with_the_next_one(room: Room) -> None:
    code = room.issue(minutes=10)
    for wrong, moment in ((code, room.after + timedelta(minutes=10)), ("", room.after)):
        with pytest.raises(InvalidInputError, match="コードが違うか"):
            room.confirm(wrong, room.ids[:1], now=moment)
    newer = room.issue()
    with pytest.raises(InvalidInputError, match="コードが違うか"):
        room.confirm(code, room.ids[:1])
    room.confirm(newer, room.ids[:1])
    for minutes in (0, -1, 13 * 60):
        with pytest.raises(InvalidInputError, match="12時間まで"):
            room.issue(minutes=minutes)


def test_guessing_is_stopped_for_a_while_even_with_the_right_code(room: Room) -> None:
    code = room.issue(minutes=120)
    for _ in range(5):
        with pytest.raises(InvalidInputError, match="コードが違うか"):
            room.confirm("000000", room.ids[:1])
    with pytest.raises(InvalidInputError, match="受付を止めています"):
        room.confirm(code, room.ids[:1])
    assert room.marks() == [None] * 3
    room.confirm(code, room.ids[:1], now=room.after + timedelta(minutes=15))
    assert room.marks() == ["present", None, None]
    with room.engine.connect() as connection:
        refused = connection.execute(
            text("SELECT detail FROM audit WHERE action = 'attendance:refused'")
        ).all()
    assert len(refused) == 5
    assert code not in repr(refused)


def test_codes_are_many_readable_and_typed_as_one_likes() -> None:
    codes = {new_code() for _ in range(300)}
    assert len(codes) == 300
    assert not set("".join(codes)) & set("01IO")
    assert typed_code("ａｂ３\u3000d-5f") == "AB3D5F"


def test_the_list_goes_out_and_comes_back_as_workbook_and_as_csv(room: Room, now: datetime) -> None:
    lines = export_enrolments(room.engine, room.secretariat, session_id=room.session_id, now=now)
    filled = _filled(
        enrolment_workbook(lines, NAMES, "生成AI & 庁内利用", date(2023, 6, 1), made_up=False),
        ["○", "×", None],
    )
    csv_text = enrolment_csv(lines, NAMES, made_up=False).decode("utf-8-sig").splitlines()
    assert csv_text[0].startswith("申込番号,市町村,氏名")
    csv_file = "\r\n".join([csv_text[0], csv_text[1] + "出席", csv_text[2] + "欠席", csv_text[3]])
    for content in (filled, csv_file.encode("cp932"), csv_file.encode("utf-8-sig")):
        reading = attendance_file_view(
            room.engine, room.secretariat, REFERENCE, session_id=room.session_id, content=content
        )
        assert (reading.problems, reading.blank) == ((), 1)
        assert reading.marks == {room.ids[0]: PRESENT, room.ids[1]: ABSENT}
    room.mark(dict(reading.marks), means=AttendanceMeans.FILE)
    assert room.marks() == ["present", "absent", None]


def _filled(book: bytes, marks: list[str | None]) -> bytes:
    workbook = openpyxl.load_workbook(io.BytesIO(book))
    sheet = workbook.active
    assert sheet["A1"].value == "生成AI & 庁内利用"
    heads = [cell.value for cell in sheet[4]]
    for number, mark in enumerate(marks, start=5):
        sheet.cell(number, heads.index("出席") + 1).value = mark
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def test_a_list_without_numbers_is_matched_by_name_and_mail(room: Room) -> None:
    rows = [
        "氏名,メールアドレス,出席",
        "職員0,SHOKUIN0@city.example.lg.jp,○",
        "職員１,shokuin1@CITY.example.lg.jp,1",
        "よその人,x@city.lg.jp,○",
        "職員2,shokuin2@city.example.lg.jp,たぶん",
        "職員1,shokuin1@city.example.lg.jp,×",
    ]
    reading = attendance_file_view(
        room.engine, room.secretariat, REFERENCE, session_id=room.session_id,
        content="\n".join(rows).encode(),
    )  # fmt: skip
    assert reading.marks == {room.ids[1]: PRESENT}
    assert [words.split("行目")[0] for words in reading.problems] == ["2", "4", "5", "6"]


@pytest.mark.parametrize(
    "heading",
    [
        "氏名,所属,出欠",
        "氏　名,所 属,出 欠",
        "参加者氏名,所属課名,出欠(○×)",
        "お名前,部署,参加状況",
    ],
)
def test_a_list_of_name_department_and_attendance_is_read(room: Room, heading: str) -> None:
    """As an office keeps one: a title above, the town or a longer department for 所属."""
    ours, neighbour = NAMES[OURS], NAMES[NEIGHBOUR]
    rows = [
        "令和5年度 研修 出席者名簿,,",
        "",
        heading,
        "職員０,第0課,出席",
        f"職員1,{ours} 第1課,欠席",
        f"職員2,{neighbour},",
    ]
    reading = attendance_file_view(
        room.engine, room.secretariat, REFERENCE, session_id=room.session_id,
        content="\r\n".join(rows).encode("cp932"),
    )  # fmt: skip
    assert (reading.problems, reading.blank) == ((), 1)
    assert reading.marks == {room.ids[0]: PRESENT, room.ids[1]: ABSENT}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("職員0,財政課,○", "「職員0」の所属などが申込と違います(申込: 大阪市 第0課)"),
        ("職員,第0課,○", "「職員」はこの日程の申込にありません"),
        (",第0課,○", "「(空欄)」はこの日程の申込にありません"),
    ],
)
def test_a_row_that_names_nobody_for_certain_is_told_and_marks_nobody(
    room: Room, row: str, words: str
) -> None:
    reading = attendance_file_view(
        room.engine, room.secretariat, REFERENCE, session_id=room.session_id,
        content=f"氏名,所属,出欠\n{row}".encode(),
    )  # fmt: skip
    assert reading.marks == {}
    assert words in reading.problems[0]
    wrong = f"申込番号,氏名,出席\n{room.ids[0][:12]},職員1,○".encode()
    reading = attendance_file_view(
        room.engine, room.secretariat, REFERENCE, session_id=room.session_id, content=wrong
    )
    assert "「職員1」の番号ではありません" in reading.problems[0]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空です"),
        (b"PK\x03\x04 not a workbook", "Excelファイル"),
        (b"\xff\xfe\x00", "UTF-16"),
        ("所属,出席\n".encode(), "見出しの行"),
        ("氏名,出欠,出席状況\n".encode(), "同じ見出しの列が2つ以上"),
        ("申込番号,出席\n".encode(), "見出しの下に行"),
        (b"x" * 5_000_001, "大きすぎます"),
    ],
    ids=lambda value: value[:12] if isinstance(value, str) else None,
)
def test_a_file_that_is_no_list_is_refused_with_what_to_do(
    room: Room, content: bytes, words: str
) -> None:
    with pytest.raises(InvalidInputError, match=words) as refusal:
        attendance_file_view(
            room.engine, room.secretariat, REFERENCE, session_id=room.session_id, content=content
        )
    assert list(refusal.value.problems) == ["file"]


def test_no_cell_of_the_csv_is_taken_for_a_formula(room: Room, now: datetime) -> None:
    cancel_enrolment(
        room.engine, room.officer(OURS), lg_code=OURS, enrolment_id=room.ids[1], now=now,
        seen_event=2, request_id="x",
    )  # fmt: skip
    enrol(
        room.engine, room.officer(OURS), lg_code=OURS, session_id=room.session_id, reference=REFERENCE, now=now,
        applicants=[Applicant(Person("=cmd|'/c calc'!A0", "@課", "a@b.jp"))], request_id="y",
    )  # fmt: skip
    lines = export_enrolments(room.engine, room.secretariat, session_id=room.session_id, now=now)
    written = enrolment_csv(lines, NAMES, made_up=False).decode("utf-8-sig")
    assert "'=cmd|'/c calc'!A0,'@課" in written
    assert room.ids[1][:12] not in written  # cancelled


@pytest.mark.parametrize(
    ("written", "mark"),
    [("○", PRESENT), ("〇", PRESENT), ("出席", PRESENT), ("１", PRESENT), ("×", ABSENT),
     ("Ｘ", ABSENT), ("欠", ABSENT), ("未記録", CLEARED), ("?", None)],
)  # fmt: skip
def test_marks_are_read_as_people_write_them(written: str, mark: AttendanceMark | None) -> None:
    assert read_mark(written) is mark


@pytest.mark.usefixtures("held")
def test_reach_tells_who_sent_somebody_who_only_enrolled_who_did_not_and_what_nobody_knows(
    room: Room,
) -> None:
    room.mark({room.ids[0]: PRESENT, room.ids[1]: ABSENT})
    answer = reach_view(room.engine, room.secretariat, REFERENCE, as_of=room.after.date())
    assert len(answer.municipalities) == 43
    ours, neighbour = answer.cells[OURS, "ai"], answer.cells[NEIGHBOUR, "ai"]
    assert (ours.reached, ours.present, ours.seated) == (Reached.SENT, 1, 2)
    assert (neighbour.reached, neighbour.present) == (Reached.NOBODY, 0)  # waited only
    unknown = answer.cells[OURS, "security"]
    assert (unknown.reached, unknown.present, unknown.seated) == (Reached.UNRECORDED, None, None)
    assert len(answer.not_yet("ai")) == 42
    assert answer.not_yet("security") == ()  # not known is not "nobody"
    assert answer.sessions["security"] == 2
    before = reach_view(room.engine, room.secretariat, REFERENCE, as_of=room.now.date())
    assert before.cells[OURS, "ai"].reached is Reached.UNRECORDED
    year = reach_view(
        room.engine, room.secretariat, REFERENCE, as_of=room.after.date(), fiscal_year=2023
    )
    assert [theme.key for theme in year.themes] == ["ai"]


def test_reach_is_for_the_secretariat_and_viewers(room: Room, viewer: Principal) -> None:
    reach_view(room.engine, viewer, REFERENCE, as_of=room.after.date())
    for principal in (PUBLIC, room.officer(OURS)):
        with pytest.raises(PermissionDeniedError):
            reach_view(room.engine, principal, REFERENCE, as_of=room.after.date())


def test_reach_adds_up_over_sessions_of_a_theme() -> None:
    day = date(2023, 5, 1)
    held = [
        KnownSession("s1", day, "研修", "ai", True, {}, {"A": 2, "B": 1}),
        KnownSession("s2", day, "研修", "ai", False, {"A": 1}, {"A": 1}),
    ]
    cells = reach(held, ["A", "B", "C"])
    assert {key[0]: (c.reached.value, c.present, c.seated) for key, c in cells.items()} == {
        "A": ("sent", 1, 3), "B": ("enrolled_only", 0, 1), "C": ("nobody", 0, 0),
    }  # fmt: skip
