"""Enrolling colleagues: who may, when, whom; personal data stays where it belongs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

from core.access.principal import PUBLIC, Principal
from core.commands.enrolments import (
    accept_offer,
    cancel_enrolment,
    change_enrolment,
    enrol,
    export_enrolments,
)
from core.commands.trainings import revise_training
from core.store.audit import AuditFilter
from core.store.engine import data_revision
from core.training.enrolment import PlaceKind
from core.training.filter import TrainingFilter
from core.training.person import Applicant, Person, checked_applicants
from core.training.vocabulary import Audience, SessionFormat
from core.values.errors import ConflictError, InvalidInputError, PermissionDeniedError
from core.values.fiscal import JAPAN
from core.views.administration import audit_view
from core.views.enrolments import own_enrolments_view, training_desk_view
from core.views.trainings import published_sessions_view, training_view, trainings_view
from tests.support.reference import REFERENCE
from tests.support.trainings import ADDRESS, a_content, an_applicant

OURS, NEIGHBOUR = "271004", "271403"
ON_SITE, ONLINE = SessionFormat.ON_SITE, SessionFormat.ONLINE
_EVERYTHING = TrainingFilter()


@pytest.fixture
def apply(engine: Engine, officer: Callable, now: datetime) -> Callable[..., Any]:
    """Enrol for a municipality as its officer."""
    count = 0

    def of(session_id: str, *people: Applicant, lg_code: str = OURS, **changes: Any) -> Any:
        nonlocal count
        count += 1
        given = {"request_id": f"apply{count}", "now": now} | changes
        principal = given.pop("principal", officer(lg_code))
        return enrol(
            engine, principal, lg_code=lg_code, session_id=session_id,
            applicants=people or (an_applicant(count),), reference=REFERENCE, **given,
        )  # fmt: skip

    return of


def person(
    name: str = "髙﨑 太郎", department: str = "DX推進課", mail: str = "t@city.lg.jp"
) -> Applicant:
    return Applicant(Person(name, department, mail))


def rows(engine: Engine, table: str) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() or 0)


def problems(call: Callable[[], object]) -> dict[str, str]:
    with pytest.raises(InvalidInputError) as refusal:
        call()
    return refusal.value.problems


@pytest.mark.parametrize(
    ("applicant", "field", "words"),
    [
        (person(mail="taro"), "mail", "1人目のメールアドレスとして使えません: taro"),
        (person(mail=""), "mail", "メールアドレスを入力"),
        (person(name=""), "name", "氏名を入力"),
        (person(name="あ" * 10_000), "name", "現在10,000文字"),
        (person(name="山\n田"), "name", "使えない文字"),
        (person(department="a\x00"), "department", "使えない文字"),
    ],
)
def test_bad_input_is_named_and_nothing_is_half_done(
    engine: Engine, publish: Callable, apply: Callable, applicant: Applicant, field: str, words: str
) -> None:
    _, (session_id,) = publish()
    revision = data_revision(engine)
    found = problems(lambda: apply(session_id, applicant, an_applicant(1)))
    assert list(found) == [f"people.1.{field}"]
    assert words in found[f"people.1.{field}"]
    assert (rows(engine, "enrollee"), rows(engine, "enrolment")) == (0, 0)
    assert data_revision(engine) == revision


def test_all_problems_of_all_persons_come_at_once(publish: Callable, apply: Callable) -> None:
    _, (session_id,) = publish()
    found = problems(lambda: apply(session_id, person(name="", mail="x"), person(department="")))
    assert list(found) == ["people.1.name", "people.1.mail", "people.2.department"]


def test_emoji_gaiji_variants_and_half_width_kana_arrive(
    engine: Engine, publish: Callable, apply: Callable, officer: Callable
) -> None:
    _, (session_id,) = publish()
    apply(session_id, person("髙﨑 ﾀﾛｳ", "🎉課", "Ｔ＠City.LG.jp"))
    (own,) = own_enrolments_view(engine, officer(OURS), lg_code=OURS)
    assert own.line.person == Person("髙﨑 タロウ", "🎉課", "T@city.lg.jp")


@pytest.mark.parametrize(
    "again",
    [
        person(mail="other@city.lg.jp"),  # same name, same department
        person(department="総務課"),  # same name, same mail
        person("髙﨑太郎", "ＤＸ推進課", "other@city.lg.jp"),  # the same, written another way
    ],
)
def test_the_same_person_twice_is_refused_also_within_one_application(
    publish: Callable, apply: Callable, again: Applicant
) -> None:
    _, (session_id,) = publish(capacity=9)
    assert "既に申し込まれて" in str(problems(lambda: apply(session_id, person(), again)))
    apply(session_id, person())
    assert "既に申し込まれて" in str(problems(lambda: apply(session_id, again)))


def test_a_shared_mailbox_or_a_common_name_makes_nobody_the_same(
    publish: Callable, apply: Callable
) -> None:
    _, (session_id,) = publish(capacity=9)
    apply(
        session_id, person(), person("田中 花子"), person(department="総務課", mail="x@city.lg.jp")
    )
    apply(session_id, person(), lg_code=NEIGHBOUR)  # a namesake next door


def test_whoever_was_cancelled_can_be_enrolled_again_at_the_end(
    engine: Engine, publish: Callable, apply: Callable, officer: Callable, now: datetime
) -> None:
    _, (session_id,) = publish(capacity=1)
    (first,) = apply(session_id, person())
    apply(session_id, person("田中"))
    (own, _) = own_enrolments_view(engine, officer(OURS), lg_code=OURS)
    cancel_enrolment(
        engine, officer(OURS), lg_code=OURS, enrolment_id=first.enrolment_id,
        seen_event=own.line.enrolment.last_event, request_id="c", now=now,
    )  # fmt: skip
    (again,) = apply(session_id, person())
    assert again.place.label == "キャンセル待ち2番"


def test_the_way_to_attend_is_asked_only_where_there_is_a_choice(
    publish: Callable, apply: Callable
) -> None:
    both = replace(a_content().sessions[0], formats=(ON_SITE, ONLINE), capacity=9)
    unknown = replace(both, formats=None, date=date(2023, 11, 21))
    online = replace(both, formats=(ONLINE,), date=date(2023, 11, 22))
    _, (of_both, of_unknown, of_online) = publish(sessions=(both, unknown, online))
    assert "現地とオンラインから" in str(problems(lambda: apply(of_both, an_applicant(1))))
    assert "選べません" in str(problems(lambda: apply(of_online, an_applicant(1, ON_SITE))))
    for session_id, attending in ((of_both, ON_SITE), (of_unknown, None), (of_online, None)):
        apply(session_id, an_applicant(2, attending))


def test_two_who_come_only_together_get_both_seats_or_none(
    engine: Engine, publish: Callable, apply: Callable, officer: Callable
) -> None:
    _, (session_id,) = publish(capacity=3)
    apply(session_id, an_applicant(1), an_applicant(2), together=True)
    revision = data_revision(engine)
    with pytest.raises(ConflictError, match=r"いま確定できるのは1人.*誰も申し込んでいません"):
        apply(session_id, an_applicant(3), an_applicant(4), together=True)
    assert data_revision(engine) == revision
    assert len(own_enrolments_view(engine, officer(OURS), lg_code=OURS)) == 2
    third, fourth = apply(session_id, an_applicant(3), an_applicant(4))
    assert (third.place.label, fourth.place.label) == ("参加確定", "キャンセル待ち1番")


def test_a_seat_that_came_free_is_taken_by_who_it_is_held_for_and_until_the_start(
    engine: Engine, publish: Callable, apply: Callable, officer: Callable, now: datetime
) -> None:
    _, (session_id,) = publish(capacity=1)
    (first,) = apply(session_id)
    (second,) = apply(session_id, lg_code=NEIGHBOUR)
    given = {"lg_code": NEIGHBOUR, "enrolment_id": second.enrolment_id, "seen_event": 2}
    with pytest.raises(ConflictError, match="案内している空席はありません"):
        accept_offer(engine, officer(NEIGHBOUR), request_id="a1", now=now, **given)
    cancel_enrolment(
        engine, officer(OURS), lg_code=OURS, enrolment_id=first.enrolment_id, seen_event=1,
        request_id="c", now=now,
    )  # fmt: skip
    (waits,) = own_enrolments_view(engine, officer(NEIGHBOUR), lg_code=NEIGHBOUR)
    assert waits.line.place.kind is PlaceKind.WAITING
    begins = datetime(2023, 11, 20, 14, tzinfo=JAPAN)
    with pytest.raises(ConflictError, match="研修が始まったため"):
        accept_offer(engine, officer(NEIGHBOUR), request_id="a2", now=begins, **given)
    # 申込締切 is over; what is held for somebody is theirs until the start.
    last = begins - timedelta(seconds=1)
    accept_offer(engine, officer(NEIGHBOUR), request_id="a3", now=last, **given)
    (sits,) = own_enrolments_view(engine, officer(NEIGHBOUR), lg_code=NEIGHBOUR)
    assert sits.line.place.kind is PlaceKind.SEATED


@pytest.mark.parametrize("people", [0, 51])
def test_an_application_has_at_least_one_and_at_most_fifty_persons(
    engine: Engine, publish: Callable, officer: Callable, now: datetime, people: int
) -> None:
    _, (session_id,) = publish()
    found = problems(
        lambda: enrol(
            engine, officer(OURS), lg_code=OURS, session_id=session_id, reference=REFERENCE, request_id="x", now=now,
            applicants=[an_applicant(n) for n in range(people)],
        )
    )  # fmt: skip
    assert f"現在{people}人" in found["people"]


def test_applications_end_with_the_deadline_day_except_by_the_secretariat(
    publish: Callable, apply: Callable, secretariat: Principal
) -> None:
    _, (session_id,) = publish(capacity=9)
    last = datetime(2023, 11, 10, 23, 59, 59, tzinfo=JAPAN)
    apply(session_id, now=last)
    with pytest.raises(ConflictError, match="2023-11-10 24:00で締め切りました"):
        apply(session_id, now=last + timedelta(seconds=1))
    apply(session_id, now=last + timedelta(days=30), principal=secretariat)


def test_a_training_for_others_refuses_an_officer_and_an_unknown_audience_lets_in(
    engine: Engine, publish: Callable, apply: Callable, secretariat: Principal
) -> None:
    _, (named,) = publish(audience=Audience.NAMED, named=(NEIGHBOUR,))
    with pytest.raises(ConflictError, match="対象は「指定した団体」"):
        apply(named)
    apply(named, lg_code=NEIGHBOUR)
    apply(named, principal=secretariat)  # told by telephone
    _, (unknown,) = publish(audience=None)
    apply(unknown)
    _, (requesters,) = publish(audience=Audience.BUDGET_REQUESTERS, theme="security")
    apply(requesters)  # nothing is on record: unknown


def test_a_municipality_that_does_not_exist_enrols_nobody(
    publish: Callable, apply: Callable, secretariat: Principal
) -> None:
    _, (session_id,) = publish()
    assert "lg_code" in problems(lambda: apply(session_id, lg_code="999999", principal=secretariat))


def test_another_municipalitys_enrolments_are_out_of_reach(
    engine: Engine, publish: Callable, apply: Callable, officer: Callable, now: datetime,
    viewer: Principal,
) -> None:  # fmt: skip
    training_id, (session_id,) = publish()
    (theirs,) = apply(session_id, lg_code=NEIGHBOUR)
    ours, given = officer(OURS), {"request_id": "x", "now": now, "seen_event": 1}
    assert own_enrolments_view(engine, ours, lg_code=OURS) == ()
    for who in (ours, viewer, PUBLIC):
        for call in (
            lambda p: own_enrolments_view(engine, p, lg_code=NEIGHBOUR),
            lambda p: training_desk_view(engine, p, REFERENCE, training_id=training_id, now=now),
            lambda p: export_enrolments(engine, p, session_id=session_id, now=now),
            lambda p: enrol(
                engine, p, lg_code=NEIGHBOUR, session_id=session_id, reference=REFERENCE, request_id="y", now=now,
                applicants=[an_applicant(9)],
            ),
            lambda p: cancel_enrolment(
                engine, p, lg_code=NEIGHBOUR, enrolment_id=theirs.enrolment_id, **given
            ),
        ):  # fmt: skip
            with pytest.raises(PermissionDeniedError):
                call(who)
    for call in (
        lambda: cancel_enrolment(
            engine, ours, lg_code=OURS, enrolment_id=theirs.enrolment_id, **given
        ),
        lambda: change_enrolment(
            engine, ours, lg_code=OURS, enrolment_id=theirs.enrolment_id,
            applicant=an_applicant(9), **given,
        ),
        lambda: cancel_enrolment(engine, ours, lg_code=OURS, enrolment_id="none", **given),
    ):  # fmt: skip
        assert problems(call) == {
            "enrolment_id": "この申込は見つかりません。画面を更新してください。"
        }
    (still,) = own_enrolments_view(engine, officer(NEIGHBOUR), lg_code=NEIGHBOUR)
    assert still.line.person == an_applicant(1).person


def test_the_address_for_joining_is_for_those_with_a_seat_and_the_secretariat(
    engine: Engine, publish: Callable, apply: Callable, officer: Callable, now: datetime,
    viewer: Principal, secretariat: Principal,
) -> None:  # fmt: skip
    training_id, (session_id,) = publish(capacity=1)
    apply(session_id)
    apply(session_id, lg_code=NEIGHBOUR)  # waits

    def shown(reader: Principal) -> str:
        answer = training_view(engine, reader, REFERENCE, training_id=training_id, as_of=now.date())
        return answer.training.content.sessions[0].joining_address

    assert [shown(officer(OURS)), shown(secretariat)] == [ADDRESS] * 2
    readers = (officer(NEIGHBOUR), officer("272035"), viewer, PUBLIC)
    assert [shown(reader) for reader in readers] == [""] * 4
    (waiting,) = own_enrolments_view(engine, officer(NEIGHBOUR), lg_code=NEIGHBOUR)
    assert ADDRESS not in repr(waiting)
    for reader in (PUBLIC, viewer, officer(NEIGHBOUR)):
        everything = trainings_view(engine, reader, REFERENCE, wanted=_EVERYTHING, as_of=now.date())
        assert ADDRESS not in repr(everything)
        assert ADDRESS not in repr(
            published_sessions_view(engine, reader, REFERENCE, wanted=_EVERYTHING)
        )


def test_an_officer_before_the_first_password_change_sees_what_the_public_sees(
    engine: Engine, publish: Callable, apply: Callable, officer: Callable, now: datetime
) -> None:
    training_id, (session_id,) = publish()
    apply(session_id)
    new = replace(officer(OURS), must_change_password=True)
    answer = training_view(engine, new, REFERENCE, training_id=training_id, as_of=now.date())
    assert ADDRESS not in repr(answer)
    assert (answer.cards[0].own_seated, answer.cards[0].concern) == (0, None)


def test_no_name_and_no_address_is_written_where_nothing_can_be_deleted(
    engine: Engine, publish: Callable, apply: Callable, officer: Callable, now: datetime,
    secretariat: Principal,
) -> None:  # fmt: skip
    _, (session_id,) = publish()
    (mine,) = apply(session_id, person("秘密太郎", "秘密課", "himitsu@city.lg.jp"))
    (own,) = own_enrolments_view(engine, officer(OURS), lg_code=OURS)
    change_enrolment(
        engine, officer(OURS), lg_code=OURS, enrolment_id=mine.enrolment_id, request_id="ch",
        applicant=person("秘密次郎", "秘密課", "himitsu2@city.lg.jp"), now=now,
        seen_event=own.line.enrolment.last_event,
    )  # fmt: skip
    export_enrolments(engine, secretariat, session_id=session_id, now=now)
    with engine.connect() as connection:
        for table in ("audit", "request", "enrolment", "attendance", "training_version"):
            everything = repr(connection.execute(text(f"SELECT * FROM {table}")).all())
            assert "秘密" not in everything, table
            assert "himitsu" not in everything, table


def test_who_took_the_list_when_is_audited(
    engine: Engine, publish: Callable, apply: Callable, secretariat: Principal, now: datetime
) -> None:
    training_id, (session_id,) = publish()
    apply(session_id)
    apply(session_id, lg_code=NEIGHBOUR)
    lines = export_enrolments(engine, secretariat, session_id=session_id, now=now)
    assert [line.person for line in lines] == [an_applicant(1).person, an_applicant(2).person]
    entry = audit_view(engine, secretariat, wanted=AuditFilter()).entries[0]
    assert (entry.action, entry.subject, entry.actor) == (
        "enrolment:export",
        training_id,
        "jimukyoku",
    )
    assert entry.detail == {"session": session_id, "people": 2}


def test_a_larger_room_is_offered_to_nobody_beyond_the_seats_of_the_municipality(
    engine: Engine, publish: Callable, apply: Callable, secretariat: Principal, now: datetime
) -> None:
    training_id, (session_id,) = publish(capacity=1, seats_per_municipality=1)
    apply(session_id)
    apply(session_id)
    apply(session_id, lg_code=NEIGHBOUR)
    desk = training_desk_view(engine, secretariat, REFERENCE, training_id=training_id, now=now)
    content = desk.training.content
    wider = (replace(content.sessions[0], capacity=5, start=time(13)),)
    revise_training(
        engine, secretariat, training_id=training_id, content=replace(content, sessions=wider),
        seen_version=2, reference=REFERENCE, request_id="r", now=now,
    )  # fmt: skip
    (session,) = training_desk_view(
        engine, secretariat, REFERENCE, training_id=training_id, now=now
    ).sessions
    places = [(line.place.label, line.place.offered(now)) for line in session.lines]
    assert places == [
        ("参加確定", False),
        ("キャンセル待ち1番", False),  # its town has its seat
        ("キャンセル待ち2番", True),
    ]


@pytest.mark.parametrize(
    "unseen", ["\u200b", "\ufeff", "\u00ad", "\u2060", "\U000e0101"], ids=ascii
)
def test_what_cannot_be_seen_makes_nobody_another_person(unseen: str) -> None:
    known = Person("山田太郎", "DX推進課", "taro@city.example.lg.jp")
    again = replace(known, name=f"山{unseen}田太郎")
    with pytest.raises(InvalidInputError, match="既に申し込まれています"):
        checked_applicants([Applicant(again)], None, [known])
