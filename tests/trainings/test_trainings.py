"""Trainings as versions: the 19 of 令和4年度, and what the secretariat does to its own."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import URL, Engine, text

from core.access.principal import CONSOLE, PUBLIC, Principal
from core.commands.enrolments import enrol
from core.commands.initial_data import fill_initial_data
from core.commands.trainings import (
    cancel_training,
    copy_training,
    create_training,
    discard_training,
    publish_training,
    revise_training,
)
from core.store.backup import read_backup, write_backup
from core.store.engine import data_revision, open_engine, writing
from core.store.trainings import fill_trainings
from core.training.filter import TrainingFilter
from core.training.training import TrainingContent, TrainingSession, calendar_uid, closes_at
from core.training.vocabulary import SessionFormat, TrainingState
from core.values.errors import ConflictError, InvalidInputError
from core.views.enrolments import training_desk_view, unpublished_trainings_view
from core.views.trainings import training_view, trainings_view
from tests.support.reference import REFERENCE
from tests.support.trainings import ADDRESS, a_content, an_applicant

ONLINE, ON_SITE = (SessionFormat.ONLINE,), (SessionFormat.ON_SITE,)
BOTH = (SessionFormat.ON_SITE, SessionFormat.ONLINE)
FOUNDING_DOCUMENT = {
    # number: every date with its format, read off the document once more, independent of data/
    1: [("2022-06-22", BOTH)],
    2: [("2022-07-13", ONLINE)],
    3: [("2022-08-26", BOTH)],
    4: [("2022-09-27", ON_SITE), ("2022-11-22", ONLINE)],
    5: [("2023-03-07", ON_SITE)],
    6: [("2022-09-05", ONLINE)],
    7: [("2022-05-11", ONLINE)],
    8: [("2022-10-31", BOTH)],
    9: [("2023-02-09", ONLINE)],
    10: [("2022-10-25", ONLINE)],
    11: [("2022-06-20", ONLINE)],
    12: [("2022-07-20", ONLINE)],
    13: [(f"2022-08-{day}", ONLINE) for day in (19, 23, 25, 30)],
    14: [("2022-09-26", ONLINE)],
    15: [("2023-01-26", ONLINE)],
    16: [("2023-02-21", ONLINE)],
    17: [("2023-03-22", ONLINE)],
    18: [("2022-05-27", ONLINE)],
    19: [("2023-02-02", None)],
}
TO_ALL, TO_REQUESTERS = {11, 12, 13, 15}, {14, 16, 17}


@pytest.mark.usefixtures("held")
@pytest.mark.parametrize("number", FOUNDING_DOCUMENT)
def test_each_training_of_the_founding_document_is_there_with_every_date(
    engine: Engine, now: datetime, number: int
) -> None:
    answer = training_view(
        engine, PUBLIC, REFERENCE, training_id=f"2022-{number}", as_of=now.date()
    )
    training, content = answer.training, answer.training.content
    assert [(s.date.isoformat(), s.formats) for s in content.sessions] == FOUNDING_DOCUMENT[number]
    assert all((s.start, s.end, s.place, s.capacity) == (None,) * 4 for s in content.sessions)
    assert training.state is TrainingState.PUBLISHED
    assert (training.number, training.source, training.sequence) == (number, "jirei", 0)
    expected = (
        "全市町村" if number in TO_ALL else "予算要求団体" if number in TO_REQUESTERS else None
    )
    assert (content.audience.label if content.audience else None) == expected
    assert {card.line.fiscal_year for card in answer.cards} == {2022}
    assert not any(card.line.accepts(now) for card in answer.cards)


@pytest.mark.usefixtures("held")
def test_the_list_holds_all_23_sessions_in_order_and_is_filled_once(
    engine: Engine, now: datetime
) -> None:
    answer = trainings_view(engine, PUBLIC, REFERENCE, wanted=TrainingFilter(), as_of=now.date())
    days = [card.line.day for card in answer.cards]
    assert answer.total == len(days) == 23
    assert days == sorted(days)
    assert [year.label for year in answer.fiscal_years] == ["令和4年度"]
    with writing(engine) as session:
        assert fill_trainings(session, REFERENCE.trainings, now) == 0


def make(engine: Engine, who: Principal, now: datetime, **changes: Any) -> str:
    return create_training(
        engine, who, content=a_content(**changes), reference=REFERENCE, request_id="make", now=now
    )


@pytest.fixture
def desk(engine: Engine, secretariat: Principal, now: datetime) -> Callable[[str], Any]:
    return lambda training_id: training_desk_view(
        engine, secretariat, REFERENCE, training_id=training_id, now=now
    )


def test_a_draft_is_seen_by_the_secretariat_alone(
    engine: Engine, secretariat: Principal, viewer: Principal, officer: Callable, now: datetime
) -> None:
    training_id = make(engine, secretariat, now)
    for reader in (PUBLIC, viewer, officer("271004")):
        with pytest.raises(InvalidInputError, match="見つかりません"):
            training_view(engine, reader, REFERENCE, training_id=training_id, as_of=now.date())
        everything = TrainingFilter()
        assert (
            trainings_view(engine, reader, REFERENCE, wanted=everything, as_of=now.date()).total
            == 0
        )
    seen = training_view(engine, secretariat, REFERENCE, training_id=training_id, as_of=now.date())
    assert seen.training.content.sessions[0].joining_address == ADDRESS
    (line,) = unpublished_trainings_view(engine, secretariat)
    assert line.training_id == training_id


def test_every_change_is_a_version_that_raises_the_sequence_and_keeps_the_ids(
    engine: Engine, secretariat: Principal, now: datetime, desk: Callable
) -> None:
    training_id = make(engine, secretariat, now)
    publish_training(
        engine, secretariat, training_id=training_id, seen_version=1, reference=REFERENCE, now=now
    )
    before = desk(training_id).training
    (session,) = before.content.sessions
    later = TrainingSession("", date(2023, 12, 1), formats=ON_SITE, place="咲洲庁舎")
    moved = replace(session, start=time(15), end=time(17))
    revise_training(
        engine, secretariat, training_id=training_id, seen_version=2, reference=REFERENCE, request_id="r", now=now,
        content=replace(before.content, sessions=(later, moved), covered="実習まで行った。"),
    )  # fmt: skip
    after = desk(training_id)
    assert [version.sequence for version in after.history] == [0, 1, 2]
    assert after.training.state is TrainingState.PUBLISHED
    first, second = after.training.content.sessions
    assert (first.session_id, first.start) == (session.session_id, time(15))
    assert second.session_id not in ("", first.session_id)
    assert calendar_uid(first.session_id) == f"{session.session_id}@noriai"
    assert after.history[1].content.sessions == (session,)  # the version before stays


def test_what_cannot_be_leaves_nothing_behind(
    engine: Engine, secretariat: Principal, now: datetime
) -> None:
    revision = data_revision(engine)
    with pytest.raises(InvalidInputError):
        create_training(
            engine,
            secretariat,
            content=a_content(title=""),
            reference=REFERENCE,
            request_id="x",
            now=now,
        )
    assert data_revision(engine) == revision
    with engine.connect() as connection:
        count = connection.execute(text("SELECT count(*) FROM training_version")).scalar()
    assert count == 0


def test_a_double_click_makes_one_training_and_a_stale_form_is_told_who_was_first(
    engine: Engine, secretariat: Principal, now: datetime, desk: Callable
) -> None:
    training_id = make(engine, secretariat, now)
    assert make(engine, secretariat, now, title="別の題名") == training_id
    publish_training(
        engine, secretariat, training_id=training_id, seen_version=1, reference=REFERENCE, now=now
    )
    for change in (
        lambda: publish_training(
            engine, secretariat, training_id=training_id, seen_version=1, reference=REFERENCE, now=now
        ),
        lambda: revise_training(
            engine, secretariat, training_id=training_id, seen_version=1, reference=REFERENCE, request_id="late",
            content=desk(training_id).training.content, now=now,
        ),
    ):  # fmt: skip
        with pytest.raises(ConflictError, match=r"jimukyokuが第2版\(公開中\)に変更しています"):
            change()


def test_a_cancelled_training_stays_visible_with_its_reason_and_takes_nobody(
    engine: Engine, secretariat: Principal, officer: Callable, now: datetime, publish: Callable
) -> None:
    training_id, (session_id,) = publish()
    common = {"training_id": training_id, "now": now}
    with pytest.raises(InvalidInputError, match="中止の理由を入力"):
        cancel_training(
            engine, secretariat, reason=" ", seen_version=2, reference=REFERENCE, **common
        )
    cancel_training(
        engine,
        secretariat,
        reason="講師の都合による。",
        seen_version=2,
        reference=REFERENCE,
        **common,
    )
    (card,) = trainings_view(
        engine, PUBLIC, REFERENCE, wanted=TrainingFilter(), as_of=now.date()
    ).cards
    assert (card.line.cancelled, card.line.training.reason, card.line.training.sequence) == (
        True,
        "講師の都合による。",
        2,
    )
    with pytest.raises(ConflictError, match="中止"):
        enrol(
            engine, officer("271004"), lg_code="271004", session_id=session_id,
            applicants=[an_applicant(1)], reference=REFERENCE, request_id="e", now=now,
        )  # fmt: skip
    with pytest.raises(ConflictError, match="中止にした研修は変更できません"):
        revise_training(
            engine,
            secretariat,
            content=a_content(),
            seen_version=3,
            reference=REFERENCE,
            request_id="r",
            **common,
        )
    with pytest.raises(ConflictError, match="公開できるのは「下書き」"):
        publish_training(engine, secretariat, seen_version=3, reference=REFERENCE, **common)


def test_a_draft_can_be_discarded_and_a_published_training_cannot(
    engine: Engine, secretariat: Principal, now: datetime, publish: Callable
) -> None:
    draft = make(engine, secretariat, now)
    discard_training(
        engine, secretariat, training_id=draft, seen_version=1, reference=REFERENCE, now=now
    )
    assert unpublished_trainings_view(engine, secretariat) == ()
    published, _ = publish()
    with pytest.raises(ConflictError, match="破棄できるのは「下書き」"):
        discard_training(
            engine, secretariat, training_id=published, seen_version=2, reference=REFERENCE, now=now
        )
    with pytest.raises(InvalidInputError, match="見つかりません"):
        training_view(engine, PUBLIC, REFERENCE, training_id=draft, as_of=now.date())


@pytest.mark.usefixtures("held")
def test_last_years_training_comes_back_on_the_same_weekdays_as_a_draft(
    engine: Engine, secretariat: Principal, now: datetime, desk: Callable
) -> None:
    copy = {"training_id": "2022-13", "fiscal_year": 2024, "request_id": "copy", "now": now}
    new = copy_training(engine, secretariat, reference=REFERENCE, **copy)
    assert copy_training(engine, secretariat, reference=REFERENCE, **copy) == new
    old, training = desk("2022-13").training, desk(new).training
    days = [each.date for each in training.content.sessions]
    assert days == [date(2024, 8, day) for day in (16, 20, 22, 27)]
    assert [d.weekday() for d in days] == [s.date.weekday() for s in old.content.sessions]
    assert (training.state, training.number, training.source) == (TrainingState.DRAFT, None, "")
    ids = {each.session_id for each in training.content.sessions}
    assert len(ids) == 4
    assert not ids & {each.session_id for each in old.content.sessions}
    with pytest.raises(InvalidInputError, match="年度は"):
        copy_training(
            engine,
            secretariat,
            reference=REFERENCE,
            **copy | {"fiscal_year": 1, "request_id": "never"},
        )


def test_a_copy_leaves_out_what_belongs_to_the_old_sessions(
    engine: Engine, secretariat: Principal, now: datetime, publish: Callable, desk: Callable
) -> None:
    training_id, _ = publish()
    new = copy_training(
        engine,
        secretariat,
        training_id=training_id,
        fiscal_year=2024,
        reference=REFERENCE,
        request_id="c",
        now=now,
    )
    content: TrainingContent = desk(new).training.content
    assert content.sessions[0].joining_address == ""
    assert content.deadline is not None
    assert content.sessions[0].date - content.deadline == timedelta(days=10)


@pytest.mark.parametrize(
    ("start", "deadline", "deadline_time", "expected"),
    [
        (time(14), None, None, "2024-06-20T14:00"),
        (None, None, None, "2024-06-21T00:00"),
        (time(14), date(2024, 6, 14), None, "2024-06-15T00:00"),
        (time(14), date(2024, 6, 14), time(12), "2024-06-14T12:00"),
        (time(14), date(2024, 7, 1), None, "2024-06-20T14:00"),
    ],
)
def test_applications_close_at_the_deadline_or_when_the_session_begins(
    start: time | None, deadline: date | None, deadline_time: time | None, expected: str
) -> None:
    closes = closes_at(date(2024, 6, 20), start, deadline, deadline_time)
    assert closes.isoformat() == f"{expected}:00+09:00"


def test_a_backup_brings_trainings_back_with_their_times(
    engine: Engine, empty_url: URL, publish: Callable, now: datetime
) -> None:
    fill_initial_data(engine, CONSOLE, reference=REFERENCE, now=now)
    training_id, _ = publish(deadline=date(2023, 11, 10), deadline_time=time(17, 15))
    file = io.BytesIO()
    write_backup(engine, file, now)
    other = open_engine(empty_url)
    try:
        read_backup(other, file)
        for each in (training_id, "2022-4"):
            asked = {"training_id": each, "as_of": now.date()}
            assert training_view(other, PUBLIC, REFERENCE, **asked) == training_view(
                engine, PUBLIC, REFERENCE, **asked
            )
    finally:
        other.dispose()
