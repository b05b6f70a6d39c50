"""Every act in any order through the real commands, beside a model of its own."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import Engine

from core.store.engine import reading
from core.store.subsidy import cases
from core.store.verification import verify
from core.subsidy.budget import standing
from core.subsidy.money import by_member, total
from core.subsidy.step import MUNICIPAL, CaseStep
from core.values.errors import ConflictError, InvalidInputError
from core.values.money import Yen
from tests.support.subsidies import ALLOWED, KYODO, B, CaseModel, Office, asked

STEPS = [step.value for step in CaseStep]
BUDGET = KYODO.budget or 0
COSTS = st.lists(st.integers(0, 3_000_000), min_size=1, max_size=3).filter(any)


def grant(own: list[int], neighbours: list[int]) -> int:
    """Half of each municipality's costs, below a thousand yen cut off."""
    return sum(sum(costs) // 2 // 1000 * 1000 for costs in (own, neighbours))


def machine_on(engine: Engine) -> type[RuleBasedStateMachine]:
    office = Office(engine)

    class Granting(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            with reading(engine) as session:
                self.before = {case.case_id for case in cases(session)}
                self.taken_before = int(standing(cases(session), None).committed)
            self.model: dict[int, CaseModel] = {}

        def left(self, case_id: int) -> int:
            others = sum(each.taken for key, each in self.model.items() if key != case_id)
            return BUDGET - others - self.taken_before

        def refusal(self, case_id: int, step: str, own: list[int], amount: int | None) -> str:
            """What a refusal said; empty where the step was taken."""
            try:
                if CaseStep(step) in MUNICIPAL:
                    lines = asked(*own)
                    office.ours(case_id, CaseStep(step), lines, amount=amount, reason="理由")
                else:
                    office.theirs(case_id, CaseStep(step), amount, reason="理由")
            except (ConflictError, InvalidInputError) as error:
                return str(error)
            return ""

        @rule(own=COSTS, neighbours=st.lists(st.integers(0, 500_000), max_size=2))
        def apply(self, own: list[int], neighbours: list[int]) -> None:
            lines = (*asked(*own), *asked(*neighbours, town=B))
            case_id = office.apply(lines)
            self.model[case_id] = CaseModel(waiting=grant(own, neighbours))

        @rule(
            data=st.data(),
            step=st.sampled_from(STEPS),
            own=COSTS,
            share=st.integers(0, 105),
        )
        def act(self, data: st.DataObject, step: str, own: list[int], share: int) -> None:
            if not self.model:
                return
            case_id = data.draw(st.sampled_from(sorted(self.model)))
            model = self.model[case_id]
            likely = [each for each in STEPS if model.state in ALLOWED[each]]
            if likely and data.draw(st.integers(0, 3)):
                step = data.draw(st.sampled_from(likely))
            whole = (model.decided or 0) if step == "advance_claimed" else model.waiting
            wants = step in ("decided", "change_decided", "advance_claimed")
            amount = whole * share // 100 if wants else None
            asks = grant(own, [])
            refused = model.refuses(step, asks, amount, self.left(case_id))
            before = office.case(case_id)
            said = self.refusal(case_id, step, own, amount)
            if said:
                assert refused, (step, model, said)
                assert office.case(case_id) == before
                return
            assert not refused, (step, model)
            model.take(step, asks, amount)

        @invariant()
        def it_is_as_the_model_says_and_the_money_adds_up(self) -> None:
            with reading(engine) as session:
                known = {case.case_id: case for case in cases(session)}
            for case_id, model in self.model.items():
                case = known[case_id]
                assert case.state.value == model.state, (model, case)
                assert [event.step.value for event in case.events] == model.steps
                assert case.paid == model.paid
                assert case.final == model.final
                assert case.final is None or case.decided is None or case.decided >= case.final
                if case.state.value in ("paid", "settled"):
                    assert case.paid == (case.final or 0)
                if not model.cancelled and case.decided is not None:
                    assert 0 <= case.paid <= case.decided
                for event in case.events:
                    if event.lines:
                        assert event.amount == total(event.lines) >= 0
                        assert sum(by_member(event.lines).values(), Yen(0)) == event.amount
                        assert all(0 <= line.amount <= line.eligible for line in event.lines)
            taken = standing(list(known.values()), Yen(BUDGET))
            assert taken.committed <= BUDGET
            assert (taken.left or 0) >= 0

        def teardown(self) -> None:
            with reading(engine) as session:
                assert verify(session).findings == []

    return Granting


def test_every_act_in_any_order_is_taken_or_refused_as_a_model_says(engine: Engine) -> None:
    run_state_machine_as_test(
        machine_on(engine),
        settings=settings(max_examples=8, stateful_step_count=30, deadline=None),
    )


PATHS = {
    "applied": [],
    "returned": ["sent_back"],
    "refused": ["refused"],
    "decided": ["decided"],
    "change_applied": ["decided", "change_applied"],
    "change_returned": ["decided", "change_applied", "sent_back"],
    "advance_claimed": ["decided", "advance_claimed"],
    "reported": ["decided", "reported"],
    "report_returned": ["decided", "reported", "sent_back"],
    "final": ["decided", "reported", "finalised"],
    "claimed": ["decided", "reported", "finalised", "claimed"],
    "paid": ["decided", "reported", "finalised", "claimed", "paid"],
    "settled": [
        "decided", "advance_claimed", "advance_paid", "cancelled", "repaid",
    ],
    "withdrawn": ["withdrawn"],
    "cancelled": ["decided", "cancelled"],
}  # fmt: skip


def test_in_every_state_every_act_is_taken_or_refused_with_what_may_follow(
    engine: Engine,
) -> None:
    office = Office(engine)
    for state in PATHS:
        every_act(office, state)


def every_act(office: Office, state: str) -> None:
    def take(case_id: int, step: str) -> None:
        amount = 1000 if step in ("decided", "change_decided", "advance_claimed") else None
        if CaseStep(step) in MUNICIPAL:
            office.ours(case_id, CaseStep(step), asked(2000), amount=amount, reason="理由")
        else:
            office.theirs(case_id, CaseStep(step), amount, reason="理由")

    def there() -> int:
        case_id = office.apply(asked(2000))
        for step in PATHS[state]:
            take(case_id, step)
        assert office.case(case_id).state.value == state
        return case_id

    kept = there()
    for step in STEPS:
        if state in ALLOWED[step] and step != "repaid":
            case_id = there()
            take(case_id, step)
            assert office.case(case_id).last.step.value == step
            continue
        before = office.case(kept)
        with pytest.raises(ConflictError) as refused:
            take(kept, step)
        said = str(refused.value)
        assert CaseStep(step).label in said or "返還する額がありません" in said
        assert office.case(kept) == before
