"""Visits through their commands, whatever is tried, beside a model of its own; on both databases."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
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
from core.commands.contracts import change_contract
from core.commands.visits import (
    add_files_to_visit,
    amend_visit,
    cancel_visit,
    hold_unplanned_visit,
    hold_visit,
    move_visit,
    plan_visit,
    plan_year,
    rate_visit,
)
from core.consultation.attachment import OfferedFile
from core.consultation.theme import MeetingForm
from core.store.engine import reading
from core.store.support import contract_of, visit_of, visits
from core.support.visit import STEPS_FROM, CancelledBy, Planned, VisitState, VisitStep
from core.support.year_plan import DayRule
from core.values.errors import ConflictError, InvalidInputError, PermissionDeniedError
from core.values.fiscal import FiscalYear, PartialDate, Precision
from core.views.calendar import visit_calendar_view
from core.views.our_year import our_year_view
from core.views.support import visit_file_view
from tests.support.consultations import PDF
from tests.support.contracts import (
    HELD,
    NEIGHBOUR,
    OFFICER,
    OURS,
    PLANNED,
    SIGNED,
    TERMS,
    concluded,
    with_line,
)
from tests.support.reference import REFERENCE, where_wanted

NEXT_DOOR = Principal("tonari", "隣", Role.OFFICER, NEIGHBOUR)
P, H, C = VisitState.PLANNED, VisitState.HELD, VisitState.CANCELLED
FOLLOWS = {  # by hand: step → states it may follow
    VisitStep.MOVED: {P},
    VisitStep.HELD: {P},
    VisitStep.AMENDED: {H},
    VisitStep.CANCELLED: {P, H},
}
PLANS = (4, 6)
_ids = itertools.count(1)


@dataclass
class Modelled:
    """What a visit is: its plan, how far it is, and which change of it was the last."""

    plan: int
    state: VisitState
    changes: int = 0


class VisitMachine(RuleBasedStateMachine):
    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self.engine = engine
        self.contract = concluded(engine)
        self.agreed = {line.plan: line.visits for line in TERMS.lines}
        self.model: dict[int, Modelled] = {}
        self.days = 0

    def taken(self, plan: int) -> int:
        return sum(v.plan == plan and v.state is not C for v in self.model.values())

    def held(self, plan: int) -> int:
        return sum(v.plan == plan and v.state is H for v in self.model.values())

    def numbers(self) -> tuple[int, dict[int, int]]:
        with reading(self.engine) as session:
            said = {v.visit_id: v.last.event_id for v in visits(session, OURS)}
        return max(said.values(), default=0), said

    def act(self, command: Callable[..., Any], refused: str | None, **given: Any) -> Any:
        usual = {"lg_code": OURS, "request_id": f"v{next(_ids)}", "now": SIGNED}
        usual |= where_wanted(command)
        if refused is not None:
            with pytest.raises((ConflictError, InvalidInputError), match=refused):
                command(self.engine, OFFICER, **(usual | given))
            return None
        return command(self.engine, OFFICER, **(usual | given))

    def begin(self, plan: int, state: VisitState) -> None:
        with reading(self.engine) as session:
            new = {v.visit_id for v in visits(session, OURS)} - set(self.model)
        assert len(new) == 1
        self.model[new.pop()] = Modelled(plan, state)

    def room(self, plan: int, *, stale: bool) -> str | None:
        if stale:
            return "画面を更新"
        return None if self.taken(plan) < self.agreed[plan] else "すべてが予定または実施済"

    @rule(plan=st.sampled_from(PLANS), stale=st.booleans())
    def plan_one(self, plan: int, stale: bool) -> None:
        last, _ = self.numbers()
        stale = stale and last > 0
        refused = self.room(plan, stale=stale)
        given = {"contract_id": self.contract, "plan": plan, "planned": PLANNED}
        self.act(plan_visit, refused, seen_event=last - stale, **given)
        if refused is None:
            self.begin(plan, P)

    @rule(plan=st.sampled_from(PLANS))
    def hold_one_unplanned(self, plan: int) -> None:
        last, _ = self.numbers()
        refused = self.room(plan, stale=False)
        given = {"contract_id": self.contract, "plan": plan, "held": HELD, "files": []}
        self.act(hold_unplanned_visit, refused, seen_event=last, **given)
        if refused is None:
            self.begin(plan, H)

    @precondition(lambda self: self.model)
    @rule(
        step=st.sampled_from([*FOLLOWS]),
        which=st.integers(0, 20),
        stale=st.sampled_from([False, False, True]),
    )
    def say(self, step: VisitStep, which: int, stale: bool) -> None:
        key = sorted(self.model)[which % len(self.model)]
        visit = self.model[key]
        _, said = self.numbers()
        refused = None
        if visit.state not in FOLLOWS[step]:
            refused = f"「{step.label}」にはできません"
        if stale:
            refused = "画面を更新"
        visit.changes += refused is None
        self.days += 1
        day = date(2023, 10, 3) + timedelta(days=self.days % 150)
        given: dict[str, Any] = {"visit_id": key, "seen_event": said[key] - stale}
        if step is VisitStep.MOVED:
            moved = replace(PLANNED, when=PartialDate(day, Precision.DAY))
            self.act(move_visit, refused, planned=moved, reason="", **given)
        elif step is VisitStep.HELD:
            self.act(hold_visit, refused, held=HELD, files=[], **given)
            visit.state = visit.state if refused else H
        elif step is VisitStep.AMENDED:
            other = replace(HELD, minutes=1 + self.days % 1440)
            self.act(amend_visit, refused, held=other, reason="誤り", **given)
        else:
            by = CancelledBy.VENDOR
            self.act(cancel_visit, refused, cancelled_by=by, reason="病気", **given)
            visit.state = visit.state if refused else C

    @rule(visits_=st.integers(0, 6))
    def change_the_contract(self, visits_: int) -> None:
        with reading(self.engine) as session:
            kept = contract_of(session, OURS, self.contract)
        refused = None
        if visits_ == self.agreed[6]:
            refused = "前と同じ内容"
        if visits_ < self.held(6):
            refused = "実施しています"
        terms = replace(with_line(kept.terms, 6, visits_, visits_ * 100_000), why="")
        gone = self.act(
            change_contract,
            refused,
            contract_id=self.contract,
            day=SIGNED.date(),
            terms=terms,
            reason="変更",
            seen_event=kept.last.event_id,
        )
        if refused is None:
            assert gone == max(self.taken(6) - visits_, 0)
            self.agreed[6] = visits_
            with reading(self.engine) as session:
                for each in visits(session, OURS):
                    if each.state is C:
                        self.model[each.visit_id].state = C

    @invariant()
    def the_database_says_what_the_model_says(self) -> None:
        with reading(self.engine) as session:
            kept = visits(session, OURS)
            terms = contract_of(session, OURS, self.contract).terms
        assert {v.visit_id: v.state for v in kept} == {k: m.state for k, m in self.model.items()}
        for plan in PLANS:
            line = terms.line(plan)
            assert line is not None
            assert line.visits == self.agreed[plan]
            assert self.held(plan) <= self.taken(plan) <= line.visits
            serials = [v.serial for v in kept if v.plan == plan]
            assert serials == list(range(1, len(serials) + 1))


def test_every_state_and_every_step_agree_with_a_model(engine: Engine) -> None:
    run_state_machine_as_test(
        lambda: VisitMachine(engine),
        settings=settings(max_examples=1, stateful_step_count=60, deadline=None),
    )


@pytest.mark.parametrize("state", list(VisitState))
def test_the_table_of_steps_says_what_the_model_says(state: VisitState) -> None:
    assert set(STEPS_FROM[state]) == {step for step, states in FOLLOWS.items() if state in states}


def a_visit(engine: Engine, **planned: Any) -> int:
    key = concluded(engine)
    given = {"contract_id": key, "plan": 6, "seen_event": 0, "request_id": "", "now": SIGNED}
    plan_visit(engine, OFFICER, lg_code=OURS, planned=replace(PLANNED, **planned), **given)
    return 1


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"when": PartialDate(date(2023, 10, 1), Precision.DAY)}, "when", "契約期間"),
        ({"when": PartialDate(date(2024, 4, 1), Precision.DAY)}, "when", "契約期間"),
        (
            {"when": PartialDate(date(2023, 9, 1), Precision.MONTH), "start": None},
            "when",
            "契約期間",
        ),
        ({"when": PartialDate(date(2023, 11, 1), Precision.FISCAL_YEAR)}, "when", "日か月"),
        ({"when": PartialDate(date(2023, 11, 1), Precision.MONTH)}, "start", "日が決まってから"),
        ({"meeting": MeetingForm.WRITTEN}, "meeting", "訪問かオンライン"),
        ({"meeting": MeetingForm.EITHER}, "meeting", "訪問かオンライン"),
        ({"place": "あ" * 201}, "place", "200文字以内"),
        ({"place": "室\u202e"}, "place", "使えない文字"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(
    engine: Engine, changed: dict[str, Any], field: str, words: str
) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        a_visit(engine, **changed)
    assert words in refusal.value.problems[field]
    with reading(engine) as session:
        assert visits(session) == []


def test_a_day_that_is_over_is_held_and_not_planned(engine: Engine) -> None:
    a_visit(engine)
    later = SIGNED + timedelta(days=20)
    given = {"visit_id": 1, "seen_event": 1, "request_id": "", "now": later, "lg_code": OURS}
    over = replace(PLANNED, when=PartialDate(date(2023, 10, 21), Precision.DAY))
    with pytest.raises(InvalidInputError, match="過ぎています"):
        move_visit(engine, OFFICER, planned=over, reason="", **given)
    asked = {"lg_code": OURS, "fiscal_year": FiscalYear(2023), "now": later, "today": later.date()}
    due = our_year_view(engine, OFFICER, REFERENCE, **asked).due
    assert any("支援回1回の実施の記録" in each.title for each in due)
    day = replace(HELD, day=date(2023, 10, 11))
    hold_visit(engine, OFFICER, held=day, files=[], **given)
    due = our_year_view(engine, OFFICER, REFERENCE, **asked).due
    assert [each.title for each in due if "実施の記録" in each.title] == []


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"day": date(2023, 10, 3)}, "day", "今日"),
        ({"day": date(2023, 9, 30)}, "day", "契約期間"),
        ({"minutes": 0}, "minutes", "1分から"),
        ({"minutes": 1441}, "minutes", "1分から"),
        ({"minutes": 10**30}, "minutes", "1分から"),
        ({"meeting": MeetingForm.WRITTEN}, "meeting", "訪問かオンライン"),
        ({"satisfaction": 0}, "satisfaction", "1から5"),
        ({"satisfaction": 6}, "satisfaction", "1から5"),
        ({"topic": " "}, "topic", "議題を入力"),
        ({"done": ""}, "done", "実施した内容を入力"),
        ({"attended": "あ" * 501}, "attended", "500文字以内"),
    ],
)
def test_what_was_held_is_said_whole(
    engine: Engine, changed: dict[str, Any], field: str, words: str
) -> None:
    a_visit(engine)
    given = {"lg_code": OURS, "visit_id": 1, "seen_event": 1, "request_id": "", "now": SIGNED}
    bad = [OfferedFile("a.pdf", b"MZ\x90\x00" + b"\0" * 200)]
    with pytest.raises(InvalidInputError) as refusal:
        hold_visit(engine, OFFICER, held=replace(HELD, **changed), files=bad, **given)
    assert words in refusal.value.problems[field]
    assert "PDFではありません" in refusal.value.problems["attachments"]
    with reading(engine) as session:
        assert visit_of(session, OURS, 1).state is P


def test_a_file_reaches_its_municipality_and_nobody_else(engine: Engine) -> None:
    a_visit(engine)
    given = {"lg_code": OURS, "visit_id": 1, "request_id": "", "now": SIGNED}
    files = [OfferedFile("議事録.pdf", PDF)]
    hold_visit(engine, OFFICER, held=HELD, files=files, seen_event=1, **given)
    assert visit_file_view(engine, OFFICER, lg_code=OURS, file_id=1).content == PDF
    for number in (0, -1, 1, 2, 2**63):
        with pytest.raises(InvalidInputError, match="見つかりません"):
            visit_file_view(engine, NEXT_DOOR, lg_code=NEIGHBOUR, file_id=number)
    with pytest.raises(PermissionDeniedError):
        visit_file_view(engine, NEXT_DOOR, lg_code=OURS, file_id=1)
    for who, code in ((NEXT_DOOR, OURS), (NEXT_DOOR, NEIGHBOUR)):
        with pytest.raises((PermissionDeniedError, InvalidInputError)):
            visit_calendar_view(engine, who, REFERENCE, lg_code=code, visit_id=1)
        with pytest.raises((PermissionDeniedError, InvalidInputError)):
            add_files_to_visit(engine, who, **(given | {"lg_code": code}), files=files)
        with pytest.raises((PermissionDeniedError, InvalidInputError)):
            rate_visit(engine, who, **(given | {"lg_code": code}), satisfaction=1, seen_event=2)
    with pytest.raises(InvalidInputError, match="ファイルを選んで"):
        add_files_to_visit(engine, OFFICER, **given, files=[])


def test_a_year_is_planned_once_and_nothing_is_left_to_plan(engine: Engine) -> None:
    key = concluded(engine)
    usual = Planned(PLANNED.when, None, MeetingForm.ONLINE, "")
    given = {
        "lg_code": OURS,
        "contract_id": key,
        "plans": (6, 4),
        "first_month": date(2023, 10, 1),
        "rule": DayRule(),
        "usual": usual,
        "request_id": "",
        "now": SIGNED,
    }
    assert plan_year(engine, OFFICER, seen_event=0, **given) == 9
    with pytest.raises(ConflictError, match="画面を更新"):
        plan_year(engine, OFFICER, seen_event=0, **given)
    with pytest.raises(ConflictError, match="予定する支援回がありません"):
        plan_year(engine, OFFICER, seen_event=9, **given)
    with pytest.raises(InvalidInputError, match="契約にあるプラン"):
        plan_year(engine, OFFICER, seen_event=9, **(given | {"plans": (5,)}))
