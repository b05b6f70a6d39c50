"""Consultations through the commands: nothing half done, nobody else's, on both databases."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError

from core.access.principal import PUBLIC, Principal, Role
from core.commands.consultations import (
    decide_consent,
    publish_example,
    record_step,
    unpublish_example,
    withdraw_consultation,
    write_message,
)
from core.commands.hearings import record_hearing
from core.commands.purge import delete_old_contacts
from core.consultation.attachment import OfferedFile
from core.consultation.event import ConsultationState
from core.consultation.example import ExampleState, ExampleText
from core.consultation.hearing import HearingPlan, HearingState
from core.consultation.theme import MeetingForm, Theme
from core.store.audit import latest_entries
from core.store.backup import read_backup, write_backup
from core.store.engine import data_revision, open_engine, reading
from core.store.verification import verify
from core.values.errors import (
    ConflictError,
    DashboardError,
    InvalidInputError,
    PermissionDeniedError,
)
from core.values.fiscal import FiscalYear
from core.views.consultations import (
    advisors_view,
    attachment_view,
    consultation_inbox_view,
    examples_view,
    hearing_view,
    hearings_view,
    own_consultations_view,
)
from core.views.home import home_view
from core.views.our_municipality import our_municipality_view
from tests.support.consultations import (
    ANSWERS,
    NEIGHBOUR,
    NOW,
    OFFICE,
    OURS,
    PDF,
    TODAY,
    advance,
    again,
    ask,
    every,
    officer_of,
)
from tests.support.reference import REFERENCE

R, C, S, H, W = ConsultationState
PUBLISHED = ExampleText("庁舎の無線LAN", "導入事例は", "中継器が要らない")
EXE = OfferedFile("見積.pdf", b"MZ\x90\0" + b"\0" * 99)


def publish(
    engine: Engine, consultation_id: int, seen: int, text_: ExampleText = PUBLISHED
) -> None:
    publish_example(
        engine,
        OFFICE,
        lg_code=OURS,
        consultation_id=consultation_id,
        text=text_,
        seen_event=seen,
        reference=REFERENCE,
        request_id=f"publish {seen} {text_.title}",
        now=NOW,
    )


def consent(engine: Engine, consultation_id: int, *, agreed: bool, request_id: str) -> None:
    decide_consent(
        engine,
        officer_of(OURS),
        lg_code=OURS,
        consultation_id=consultation_id,
        agreed=agreed,
        request_id=request_id,
        now=NOW,
    )


def test_a_request_is_numbered_and_holds_everything(engine: Engine) -> None:
    asked = ask(engine, files=[OfferedFile("../見積.pdf", PDF)], wished_note="午後")
    assert asked.number.label == "R5-001"
    assert (asked.state, asked.request.wished_note) == (R, "午後")
    assert asked.contact is not None
    assert asked.contact.mail == "dx@city.example.lg.jp"
    (file,) = asked.attachments
    assert (file.name, file.size, file.message_id) == ("見積.pdf", len(PDF), None)
    answer = own_consultations_view(
        engine, officer_of(OURS), REFERENCE, lg_code=OURS, today=NOW.date()
    )
    assert answer.consultations == (asked,)
    assert answer.contact == asked.contact


def test_numbers_begin_anew_each_fiscal_year_and_leave_no_gap(engine: Engine) -> None:
    last_evening = datetime.fromisoformat("2024-03-31T14:59:59+00:00")  # 23:59 in Japan
    for number, moment in enumerate(
        [NOW, last_evening, last_evening + timedelta(seconds=1), NOW.replace(year=2024)]
    ):
        ask(engine, request_id=str(number), now=moment, wished=(), meeting="written")
        with pytest.raises(InvalidInputError):
            ask(engine, request_id=f"bad {number}", now=moment, title="")
    assert [c.number.label for c in every(engine)] == ["R5-001", "R5-002", "R6-001", "R6-002"]


def test_the_same_request_twice_is_one(engine: Engine) -> None:
    ask(engine, files=[OfferedFile("a.pdf", PDF)])
    revision = data_revision(engine)
    assert ask(engine, files=[OfferedFile("a.pdf", PDF)]).number.label == "R5-001"
    assert len(every(engine)) == 1
    assert data_revision(engine) == revision


@pytest.mark.parametrize(
    ("changes", "files", "field"),
    [
        ({"theme": "astrology"}, [], "theme"),
        ({"question": "長" * 10_000}, [], "question"),
        ({"mail": "no address"}, [], "mail"),
        ({"contact": "外字\ue000"}, [], "contact"),
        ({"title": "件名\x00"}, [], "title"),
        ({"wished": (TODAY - timedelta(days=1),)}, [], "wished"),
        ({}, [EXE], "attachments"),
        ({}, [OfferedFile("大.pdf", PDF + b"\0" * 6 * 1024**2)], "attachments"),
        ({}, [OfferedFile("a.pdf", PDF), EXE], "attachments"),
    ],
)
def test_what_cannot_be_kept_leaves_nothing_behind(
    engine: Engine, changes: dict[str, object], files: list[OfferedFile], field: str
) -> None:
    revision = data_revision(engine)
    with pytest.raises(InvalidInputError) as refusal:
        ask(engine, files=files, **changes)
    assert set(refusal.value.problems) == {field}
    assert every(engine) == []
    assert data_revision(engine) == revision
    assert ask(engine).number.label == "R5-001"


def test_all_the_way_to_a_good_example_that_others_find(engine: Engine) -> None:
    asked = ask(engine)
    answered = advance(engine, asked, C, S, H)
    assert [e.state for e in answered.events] == [R, C, S, H]
    assert answered.answer == "中継器が要りません。"
    key = asked.consultation_id
    with pytest.raises(ConflictError, match="同意がまだありません"):
        publish(engine, key, 0)
    consent(engine, key, agreed=True, request_id="yes")
    seen = again(engine, asked).last_example
    assert seen is not None
    with pytest.raises(InvalidInputError, match="堺市"):
        publish(engine, key, seen.event_id, ExampleText("堺市の無線LAN", "あ", "い"))
    publish(engine, key, seen.event_id)
    neighbour = officer_of(NEIGHBOUR)
    (example,) = examples_view(engine, neighbour, words="無線lan", theme=None)
    assert (example.text, example.theme) == (PUBLISHED, Theme.DAILY_WORK)
    assert "堺" not in repr(example)
    assert examples_view(engine, neighbour, words="", theme=Theme.SECURITY) == ()
    consent(engine, key, agreed=False, request_id="no longer")
    assert examples_view(engine, neighbour, words="", theme=None) == ()
    consent(engine, key, agreed=True, request_id="yes again")
    assert examples_view(engine, neighbour, words="", theme=None) == ()
    last = again(engine, asked).last_example
    assert last is not None
    publish(engine, key, last.event_id)
    unpublish_example(engine, OFFICE, lg_code=OURS, consultation_id=key, request_id="u", now=NOW)
    assert examples_view(engine, neighbour, words="", theme=None) == ()
    assert again(engine, asked).last_example.state is ExampleState.UNPUBLISHED  # type: ignore[union-attr]
    with reading(engine) as session:
        assert verify(session).findings == []


def test_there_is_nothing_to_agree_to_before_the_answer(engine: Engine) -> None:
    asked = advance(engine, ask(engine), C)
    with pytest.raises(ConflictError, match="まだ回答がありません"):
        consent(engine, asked.consultation_id, agreed=True, request_id="early")


def write(
    engine: Engine,
    who: Principal,
    consultation_id: int,
    words: str = "はい",
    *files: OfferedFile,
    lg_code: str = OURS,
    request_id: str = "m",
) -> None:
    write_message(
        engine,
        who,
        lg_code=lg_code,
        consultation_id=consultation_id,
        text=words,
        files=files,
        request_id=request_id,
        now=NOW,
    )


def test_messages_go_both_ways_and_leave_the_state_alone(engine: Engine) -> None:
    asked = ask(engine)
    key = asked.consultation_id
    write(engine, officer_of(OURS), key, "追加です", OfferedFile("a.pdf", PDF), request_id="1")
    write(engine, OFFICE, key, "確認します", request_id="2")
    write(engine, OFFICE, key, "確認します", request_id="2")
    now = again(engine, asked)
    assert [(m.side.value, m.text) for m in now.messages] == [
        ("municipality", "追加です"),
        ("secretariat", "確認します"),
    ]
    assert [f.name for f in now.attachments_of(now.messages[0].message_id)] == ["a.pdf"]
    assert now.state is R
    assert now.awaits_municipality
    with pytest.raises(InvalidInputError) as refusal:
        write(engine, OFFICE, key, " ", EXE, request_id="3")
    assert set(refusal.value.problems) == {"text", "attachments"}
    advance(engine, asked, W)
    with pytest.raises(ConflictError, match="取り下げた相談"):
        write(engine, OFFICE, key, "まだですか", request_id="4")
    assert len(again(engine, asked).messages) == 2


def test_a_consultation_holds_twenty_files_and_no_more(engine: Engine) -> None:
    key = ask(engine, files=[OfferedFile("a.pdf", PDF)] * 2).consultation_id
    for number in range(6):
        files = [OfferedFile("a.pdf", PDF)] * 3
        write(engine, OFFICE, key, "資料", *files, request_id=str(number))
    with pytest.raises(InvalidInputError, match="20個まで"):
        write(engine, OFFICE, key, "もう一つ", OfferedFile("a.pdf", PDF), request_id="more")
    assert len(every(engine)[0].messages) == 6


def test_another_municipality_reaches_nothing_by_any_number(engine: Engine) -> None:
    asked = ask(engine, files=[OfferedFile("見積.pdf", PDF)])
    ask(engine, NEIGHBOUR)
    key, file = asked.consultation_id, asked.attachments[0].attachment_id
    neighbour = officer_of(NEIGHBOUR)
    revision = data_revision(engine)
    own = own_consultations_view(engine, neighbour, REFERENCE, lg_code=NEIGHBOUR, today=NOW.date())
    assert "dx@city" in repr(own)
    assert [c.lg_code for c in own.consultations] == [NEIGHBOUR]

    def attempts(lg_code: str) -> list[Callable[[], object]]:
        common = {"lg_code": lg_code, "consultation_id": key, "request_id": "x", "now": NOW}
        seen = asked.last.event_id
        return [
            lambda: attachment_view(engine, neighbour, lg_code=lg_code, attachment_id=file),
            lambda: write(engine, neighbour, key, lg_code=lg_code),
            lambda: withdraw_consultation(
                engine, neighbour, reason="横取り", seen_event=seen, **common
            ),
            lambda: decide_consent(engine, neighbour, agreed=True, **common),
        ]

    for attempt in attempts(OURS):
        with pytest.raises(PermissionDeniedError, match="他の団体"):
            attempt()
    for attempt in attempts(NEIGHBOUR):  # the right municipality, somebody else's number
        with pytest.raises(InvalidInputError, match="見つかりません"):
            attempt()
    for attempt in (
        lambda: own_consultations_view(
            engine, neighbour, REFERENCE, lg_code=OURS, today=NOW.date()
        ),
        lambda: hearing_view(
            engine, neighbour, REFERENCE, lg_code=OURS, fiscal_year=FiscalYear(2023)
        ),
        lambda: consultation_inbox_view(engine, neighbour, REFERENCE, as_of=TODAY),
        lambda: hearings_view(engine, neighbour, REFERENCE, fiscal_year=FiscalYear(2023)),
    ):
        with pytest.raises(PermissionDeniedError):
            attempt()
    assert "見積" not in repr(
        our_municipality_view(engine, neighbour, REFERENCE, lg_code=NEIGHBOUR)
    )
    assert data_revision(engine) == revision
    mine = attachment_view(engine, officer_of(OURS), lg_code=OURS, attachment_id=file)
    assert (mine.name, mine.content) == ("見積.pdf", PDF)
    assert attachment_view(engine, OFFICE, lg_code=OURS, attachment_id=file).content == PDF


@pytest.mark.parametrize("number", [0, -1, 999, 2**31, 2**63, 10**30])
def test_numbers_nobody_gave_are_unknown(engine: Engine, number: int) -> None:
    ask(engine, files=[OfferedFile("見積.pdf", PDF)])
    with pytest.raises(InvalidInputError, match="見つかりません"):
        attachment_view(engine, OFFICE, lg_code=OURS, attachment_id=number)
    with pytest.raises(InvalidInputError, match="見つかりません"):
        write(engine, OFFICE, number)


def test_viewer_and_public_see_neither_requests_nor_examples(engine: Engine) -> None:
    for who in (PUBLIC, Principal("etsuran", "閲覧者", Role.VIEWER)):
        with pytest.raises(PermissionDeniedError):
            examples_view(engine, who, words="", theme=None)
        with pytest.raises(PermissionDeniedError):
            advisors_view(engine, who, REFERENCE, as_of=TODAY)


def test_the_database_keeps_what_was_said(engine: Engine) -> None:
    ask(engine, files=[OfferedFile("見積.pdf", PDF)])
    for table in ("consultation", "consultation_event", "attachment"):
        for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET id = 7"):
            with engine.connect() as connection, pytest.raises(DatabaseError, match="never"):
                connection.execute(text(statement))


def test_who_has_to_do_something_reads_it_at_home(engine: Engine) -> None:
    def duties(who: Principal, day: int = 0) -> str:
        answer = home_view(
            engine, who, REFERENCE, as_of=TODAY + timedelta(days=day), fiscal_year=FiscalYear(2024)
        )
        return "\n".join(f"{d.title} {d.text}" for d in answer.duties if d.page == "consultations")

    assert duties(OFFICE) == ""
    asked = ask(engine)
    assert "1件あります(最も古いものは受付から3日)" in duties(OFFICE, 3)
    assert duties(officer_of(OURS)) == ""
    write(engine, OFFICE, asked.consultation_id)
    assert duties(OFFICE) == ""
    assert "事務局から返信" in duties(officer_of(OURS))
    advance(engine, asked, C, H)
    assert "回答が届いています" in duties(officer_of(OURS))
    assert duties(officer_of(NEIGHBOUR)) == ""
    consent(engine, asked.consultation_id, agreed=False, request_id="no")
    assert duties(officer_of(OURS)) == ""


def test_a_hearing_is_planned_moved_and_held(engine: Engine) -> None:
    may = NOW.replace(month=5, day=8)
    year = FiscalYear(2023)

    def say(state: HearingState, day: int, seen: int, request_id: str, month: int = 6) -> None:
        record_hearing(
            engine,
            OFFICE,
            lg_code=OURS,
            fiscal_year=year,
            state=state,
            plan=HearingPlan(
                TODAY.replace(month=month, day=day), may.time(), MeetingForm.ONLINE, ""
            ),
            seen_event=seen,
            reference=REFERENCE,
            request_id=request_id,
            now=may if state is HearingState.PLANNED else NOW,
        )

    say(HearingState.PLANNED, 1, 0, "a")
    with pytest.raises(ConflictError, match="2023-06-01"):
        say(HearingState.PLANNED, 2, 0, "stale")
    seen = hearings_view(engine, OFFICE, REFERENCE, fiscal_year=year).hearings[OURS].event_id
    say(HearingState.PLANNED, 8, seen, "b")
    seen = hearings_view(engine, OFFICE, REFERENCE, fiscal_year=year).hearings[OURS].event_id
    say(HearingState.HELD, 8, seen, "c")
    own = hearing_view(engine, officer_of(OURS), REFERENCE, lg_code=OURS, fiscal_year=year)
    assert own.hearings[OURS].state is HearingState.HELD
    assert own.hearings[OURS].plan.start == may.time()
    assert (
        hearing_view(
            engine, officer_of(NEIGHBOUR), REFERENCE, lg_code=NEIGHBOUR, fiscal_year=year
        ).hearings
        == {}
    )


def test_files_and_hours_come_back_from_a_backup(engine: Engine, empty_url: object) -> None:
    content = PDF[:-6] + random.Random(1).randbytes(1_000_000) + PDF[-6:]
    asked = ask(engine, files=[OfferedFile("見積.pdf", content)] * 3)
    test_a_hearing_is_planned_moved_and_held(engine)
    kept = BytesIO()
    write_backup(engine, kept, NOW)
    other = open_engine(empty_url)  # type: ignore[arg-type]
    try:
        read_backup(other, kept)
        assert every(other) == every(engine)
        file = asked.attachments[2].attachment_id
        assert attachment_view(other, OFFICE, lg_code=OURS, attachment_id=file).content == content
        assert ask(other, request_id="next").number.label == "R5-002"
    finally:
        other.dispose()


def test_a_contact_is_deleted_when_its_time_is_over_and_the_request_stays(engine: Engine) -> None:
    closed = advance(engine, ask(engine), C, H)
    open_one = ask(engine, request_id="open")
    after = NOW + timedelta(days=731)

    def due(now: datetime) -> int:
        return consultation_inbox_view(engine, OFFICE, REFERENCE, as_of=now.date()).contacts_due

    assert (due(NOW + timedelta(days=730)), due(after)) == (0, 1)
    revision = data_revision(engine)
    assert delete_old_contacts(engine, OFFICE, now=NOW + timedelta(days=730)) == 0
    assert data_revision(engine) == revision
    assert delete_old_contacts(engine, OFFICE, now=after) == 1
    assert delete_old_contacts(engine, OFFICE, now=after) == 0
    assert again(engine, closed).contact is None
    assert again(engine, closed).request == closed.request
    assert again(engine, open_one).contact == open_one.contact
    with reading(engine) as session:
        assert latest_entries(session, 1)[0].detail == {"name": "R5-001"}


# ── a machine against a model of its own ──────────────────────────────────────────────────────

MAY_FOLLOW = {
    "received": {"coordinating", "scheduled", "held", "withdrawn"},
    "coordinating": {"scheduled", "held", "withdrawn"},
    "scheduled": {"scheduled", "coordinating", "held", "withdrawn"},
    "held": {"held"},
    "withdrawn": set(),
}


def consultation_machine(engine: Engine) -> type[RuleBasedStateMachine]:
    class Consultations(RuleBasedStateMachine):
        """Model: number → [owner, state, steps, said about publishing]; checked after each rule."""

        def __init__(self) -> None:
            super().__init__()
            self.start = {c.number.label for c in every(engine)}
            self.model: dict[str, list] = {}
            self.clicks = 0

        def click(self) -> str:
            self.clicks += 1
            return f"{len(self.start)}-{self.clicks}"

        def found(self, number: str) -> object:
            return next(c for c in every(engine) if c.number.label == number)

        @rule(ours=st.booleans())
        def ask(self, ours: bool) -> None:
            lg_code = OURS if ours else NEIGHBOUR
            made = ask(engine, lg_code, request_id=self.click())
            assert made.number.serial == len(self.start) + len(self.model) + 1
            self.model[made.number.label] = [lg_code, "received", 1, None]

        @precondition(lambda self: self.model)
        @rule(data=st.data(), state=st.sampled_from([s for s in ConsultationState if s is not R]))
        def step(self, data: st.DataObject, state: ConsultationState) -> None:
            number = data.draw(st.sampled_from(sorted(self.model)))
            known = self.model[number]
            now = self.found(number)
            stale = data.draw(st.integers(0, 4)) == 0
            allowed = state.value in MAY_FOLLOW[known[1]] and not stale
            try:
                record_step(
                    engine,
                    OFFICE,
                    lg_code=known[0],
                    consultation_id=now.consultation_id,
                    step=ANSWERS[state],
                    seen_event=now.last.event_id - (1 if stale else 0),
                    request_id=self.click(),
                    now=NOW,
                )
            except DashboardError:
                assert not allowed
            else:
                assert allowed
                known[1], known[2] = state.value, known[2] + 1

        @precondition(lambda self: self.model)
        @rule(data=st.data(), agreed=st.booleans(), as_neighbour=st.booleans())
        def decide(self, data: st.DataObject, agreed: bool, as_neighbour: bool) -> None:
            number = data.draw(st.sampled_from(sorted(self.model)))
            known = self.model[number]
            other = NEIGHBOUR if known[0] == OURS else OURS
            lg_code = other if as_neighbour else known[0]
            said = "consented" if agreed else "declined"
            before = known[3]
            allowed = known[1] == "held" and not as_neighbour
            allowed &= before is None or (agreed == (before == "declined"))
            try:
                decide_consent(
                    engine,
                    officer_of(lg_code),
                    lg_code=lg_code,
                    consultation_id=self.found(number).consultation_id,
                    agreed=agreed,
                    request_id=self.click(),
                    now=NOW,
                )
            except DashboardError:
                assert not allowed
            else:
                assert allowed
                known[3] = said

        @invariant()
        def the_database_says_what_the_model_says(self) -> None:
            current = [c for c in every(engine) if c.number.label not in self.start]
            assert {
                c.number.label: [
                    c.lg_code,
                    c.state.value,
                    len(c.events),
                    c.last_example.state.value if c.last_example else None,
                ]
                for c in current
            } == self.model

    return Consultations


def test_whatever_is_clicked_the_states_are_those_of_the_model(engine: Engine) -> None:
    run_state_machine_as_test(
        lambda: consultation_machine(engine)(),
        settings=settings(max_examples=15, stateful_step_count=12),
    )
    with reading(engine) as session:
        assert verify(session).findings == []
        assert latest_entries(session, 1)
