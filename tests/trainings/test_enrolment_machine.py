"""Enrolling, changing, cancelling and widening in any order, through the real commands."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

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
from sqlalchemy import Engine

from core.access.principal import Principal, Role
from core.commands.enrolments import accept_offer, cancel_enrolment, change_enrolment, enrol
from core.commands.trainings import create_training, publish_training, revise_training
from core.store.engine import data_revision, reading
from core.store.verification import verify
from core.values.errors import ConflictError, InvalidInputError
from core.views.enrolments import own_enrolments_view, training_desk_view
from core.views.trainings import training_view
from tests.support.reference import REFERENCE
from tests.support.trainings import a_content, an_applicant
from tests.support.waiting_room import WaitingRoom

TOWNS = ("271004", "271403", "272035")
SECRETARIAT = Principal("jimukyoku", "事務局", Role.SECRETARIAT)


def officer(town: str) -> Principal:
    return Principal(f"tanto-{town}", "担当", Role.OFFICER, town)


def machine_on(engine: Engine, now: datetime) -> type[RuleBasedStateMachine]:
    numbers = count(1)

    class Enrolling(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.training_id = create_training(
                engine, SECRETARIAT, content=a_content(capacity=3, seats_per_municipality=2),
                reference=REFERENCE, request_id=f"r{next(numbers)}", now=now,
            )  # fmt: skip
            publish_training(
                engine,
                SECRETARIAT,
                training_id=self.training_id,
                seen_version=1,
                reference=REFERENCE,
                now=now,
            )
            self.version = 2
            (self.session_id,) = [each.session.session_id for each in self.desk().sessions]
            self.room = WaitingRoom(3, 2)
            self.towns: dict[str, str] = {}

        def desk(self) -> Any:
            return training_desk_view(
                engine, SECRETARIAT, REFERENCE, training_id=self.training_id, now=now
            )

        def line(self, who: str) -> Any:
            (desk,) = self.desk().sessions
            return next(line for line in desk.lines if line.enrolment.enrolment_id == who)

        def here(self) -> list[str]:
            return [who for who in self.towns if who not in self.room.gone]

        @rule(town=st.sampled_from(TOWNS), people=st.integers(1, 3), twice=st.booleans())
        def come(self, town: str, people: int, twice: bool) -> None:
            request_id = f"r{next(numbers)}"
            given = {
                "lg_code": town, "session_id": self.session_id, "request_id": request_id, "now": now,
                "applicants": [an_applicant(next(numbers)) for _ in range(people)],
            }  # fmt: skip
            enrolled = enrol(engine, officer(town), reference=REFERENCE, **given)
            for each in enrolled:
                self.towns[each.enrolment_id] = town
                self.room.come(each.enrolment_id, town)
            standing = self.room.standing()
            assert [e.place.label for e in enrolled] == [standing[e.enrolment_id] for e in enrolled]
            if twice:
                assert enrol(engine, officer(town), reference=REFERENCE, **given) == enrolled

        @precondition(lambda self: self.here())
        @rule(data=st.data())
        def go(self, data: st.DataObject) -> None:
            who = data.draw(st.sampled_from(self.here()))
            cancel_enrolment(
                engine, officer(self.towns[who]), lg_code=self.towns[who], enrolment_id=who,
                seen_event=self.line(who).enrolment.last_event, request_id=f"r{next(numbers)}", now=now,
            )  # fmt: skip
            self.room.go(who)

        @precondition(lambda self: self.room.queue)
        @rule(data=st.data())
        def accept(self, data: st.DataObject) -> None:
            who = data.draw(st.sampled_from([who for who, _ in self.room.queue]))
            given = {
                "lg_code": self.towns[who], "enrolment_id": who, "request_id": f"r{next(numbers)}",
                "seen_event": self.line(who).enrolment.last_event,
            }  # fmt: skip
            principal = officer(self.towns[who])
            with pytest.raises(ConflictError, match=r"始まったため|空席はありません"):
                accept_offer(engine, principal, now=now + timedelta(days=60), **given)
            if who in self.room.first_in_line():
                accept_offer(engine, principal, now=now, **given)
                self.room.accept(who)
            else:
                with pytest.raises(ConflictError, match="案内している空席はありません"):
                    accept_offer(engine, principal, now=now, **given)

        @precondition(lambda self: self.here())
        @rule(data=st.data())
        def change(self, data: st.DataObject) -> None:
            who = data.draw(st.sampled_from(self.here()))
            other = an_applicant(next(numbers))
            given = {
                "lg_code": self.towns[who], "enrolment_id": who, "applicant": other, "now": now,
                "seen_event": self.line(who).enrolment.last_event,
            }  # fmt: skip
            principal = officer(self.towns[who])
            change_enrolment(engine, principal, request_id=f"r{next(numbers)}", **given)
            assert self.line(who).person == other.person
            with pytest.raises(ConflictError, match="変更しています"):
                change_enrolment(engine, principal, request_id=f"r{next(numbers)}", **given)

        @precondition(lambda self: self.towns)
        @rule(data=st.data(), town=st.sampled_from(TOWNS))
        def a_neighbour_finds_nothing_to_cancel(self, data: st.DataObject, town: str) -> None:
            who = data.draw(st.sampled_from(list(self.towns)))
            if self.towns[who] == town:
                return
            revision = data_revision(engine)
            with pytest.raises(InvalidInputError, match="この申込は見つかりません"):
                cancel_enrolment(
                    engine, officer(town), lg_code=town, enrolment_id=who,
                    seen_event=self.line(who).enrolment.last_event,
                    request_id=f"r{next(numbers)}", now=now,
                )  # fmt: skip
            assert data_revision(engine) == revision

        @precondition(lambda self: self.towns)
        @rule(data=st.data())
        def after_the_deadline_nothing_changes(self, data: st.DataObject) -> None:
            who = data.draw(st.sampled_from(list(self.towns)))
            with pytest.raises(ConflictError, match="締め切りました"):
                cancel_enrolment(
                    engine, officer(self.towns[who]), lg_code=self.towns[who], enrolment_id=who,
                    seen_event=self.line(who).enrolment.last_event,
                    request_id=f"r{next(numbers)}", now=now + timedelta(days=60),
                )  # fmt: skip

        @rule(more=st.integers(-3, 3), own=st.integers(1, 3))
        def rewrite(self, more: int, own: int) -> None:
            training = self.desk().training
            capacity = max(own, (self.room.capacity or 0) + more)
            session = replace(training.content.sessions[0], capacity=capacity)
            content = replace(
                training.content, sessions=(session,), seats_per_municipality=own,
                deadline=date(2023, 11, 10),
            )  # fmt: skip
            sitting = list(self.room.seated.values())
            too_small = capacity < len(sitting) or own < max(
                (sitting.count(town) for town in TOWNS), default=0
            )
            given = {
                "training_id": self.training_id, "content": content, "seen_version": self.version,
                "request_id": f"r{next(numbers)}", "now": now,
            }  # fmt: skip
            if too_small:
                with pytest.raises(InvalidInputError, match="下回ります"):
                    revise_training(engine, SECRETARIAT, reference=REFERENCE, **given)
                return
            revise_training(engine, SECRETARIAT, reference=REFERENCE, **given)
            self.version += 1
            self.room.widen(capacity, own)

        @invariant()
        def everybody_sits_or_waits_where_the_model_says(self) -> None:
            (desk,) = self.desk().sessions
            found = {line.enrolment.enrolment_id: line.place.label for line in desk.lines}
            assert found == self.room.standing()
            assert desk.seats.seated == len(self.room.seated)
            assert desk.seats.waiting == len(self.room.queue)
            assert desk.seats.held == len(self.room.first_in_line())

        @invariant()
        def each_town_sees_its_own_and_joins_only_with_a_seat(self) -> None:
            standing = self.room.standing()
            for town in TOWNS:
                answer = own_enrolments_view(engine, officer(town), lg_code=town)
                own = [each for each in answer if each.session.session_id == self.session_id]
                assert {
                    each.line.enrolment.enrolment_id: each.line.place.label for each in own
                } == {who: standing[who] for who, theirs in self.towns.items() if theirs == town}
                for each in own:
                    joins = each.line.enrolment.enrolment_id in self.room.seated
                    assert bool(each.session.joining_address) == joins
                    assert not any(s.joining_address for s in each.training.content.sessions)
                shown = training_view(
                    engine, officer(town), REFERENCE, training_id=self.training_id, as_of=now.date()
                ).training.content.sessions[0]
                assert bool(shown.joining_address) == (town in self.room.seated.values())

        def teardown(self) -> None:
            with reading(engine) as session:
                assert verify(session).findings == []

    return Enrolling


def test_enrolments_follow_the_model_whatever_is_done_in_whatever_order(
    engine: Engine, now: datetime
) -> None:
    run_state_machine_as_test(
        machine_on(engine, now),
        settings=settings(max_examples=8, stateful_step_count=14),
    )
