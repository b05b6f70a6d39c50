"""参加希望: which state follows which, the last word counts, and the commands keep to it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

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
from core.commands.wishes import advance_wish, hand_in_wishes
from core.estimate.request import EstimateRequest, PlanChoice
from core.store.engine import data_revision, reading
from core.store.verification import verify
from core.store.wishes import wish_events
from core.support.wish import (
    NEXT_STATES,
    REASON,
    WishEvent,
    WishState,
    check_transition,
    current_wishes,
)
from core.values.errors import (
    ConflictError,
    DashboardError,
    InvalidInputError,
    PermissionDeniedError,
)
from core.values.fiscal import JAPAN, FiscalYear
from core.values.money import Yen
from core.views.plans import own_plans_view
from tests.support.reference import REFERENCE

CODES = [municipality.lg_code for municipality in REFERENCE.municipalities]
C, W, B, A, K, X = (
    WishState.CONSIDERING,
    WishState.WISHED,
    WishState.BUDGET_REQUESTED,
    WishState.APPROVED,
    WishState.CONTRACTED,
    WishState.WITHDRAWN,
)
FACTS = {
    # before: what may follow, written out by hand
    None: {C, W},
    C: {W, X},
    W: {W, B, X},
    B: {B, A, X},
    A: {K, X},
    K: set(),
    X: {C, W},
}


def event(number: int, state: WishState, plan: int = 1, lg_code: str = "271004") -> WishEvent:
    return WishEvent(
        event_id=number,
        lg_code=lg_code,
        fiscal_year=FiscalYear(2024),
        plan=plan,
        state=state,
        visits=12,
        gross=Yen(1_200_000),
        subsidy=Yen(600_000),
        net=Yen(600_000),
        reason="",
        recorded_at=datetime(2023, 10, 2, 0, 30, tzinfo=JAPAN),
        recorded_by="tanto",
    )


def test_the_labels_are_the_words_of_the_design() -> None:
    labels = ["検討中", "希望", "予算要求", "議決", "契約", "辞退"]
    assert [state.label for state in (C, W, B, A, K, X)] == labels


@pytest.mark.parametrize("before", [None, *WishState], ids=str)
@pytest.mark.parametrize("after", list(WishState), ids=str)
def test_which_state_follows_which(before: WishState | None, after: WishState) -> None:
    previous = None if before is None else event(1, before)
    if after in FACTS[before]:
        check_transition(previous, after, "理由")
        return
    with pytest.raises(ConflictError, match=f"「{after.label}」") as refusal:
        check_transition(previous, after, "理由")
    if before is not None:
        assert f"2023-10-02に「{before.label}」と記録" in str(refusal.value)
    assert set(NEXT_STATES[before]) == FACTS[before]


def test_after_a_contract_the_reader_is_sent_to_the_secretariat() -> None:
    with pytest.raises(ConflictError, match="事務局に連絡"):
        check_transition(event(1, K), X, "理由")
    with pytest.raises(ConflictError, match="次に選べるのは「契約」、「辞退」です"):
        check_transition(event(1, A), W, "")


@pytest.mark.parametrize("reason", ["", "  ", "\n\u3000"])
def test_a_withdrawal_needs_a_reason(reason: str) -> None:
    with pytest.raises(InvalidInputError, match="辞退の理由"):
        check_transition(event(1, W), X, reason)


def test_a_reason_has_a_longest_length() -> None:
    assert REASON.read("理" * 1000) == "理" * 1000
    with pytest.raises(ValueError, match=r"1,000文字以内.*現在1,001文字"):
        REASON.read("理" * 1001)


def test_the_last_word_on_every_plan_counts_in_whatever_order_it_is_read() -> None:
    events = [
        event(1, C),
        event(2, W),
        event(3, W, plan=2),
        event(4, X),
        event(5, C, lg_code="271403"),
        event(6, B, plan=2),
    ]
    for order in itertools.permutations(events):
        assert current_wishes(order) == {
            ("271004", 2024, 1): events[3],
            ("271004", 2024, 2): events[5],
            ("271403", 2024, 1): events[4],
        }
    assert current_wishes([]) == {}


# ── the commands ──────────────────────────────────────────────────────────────────────────────

NOW = datetime(2023, 10, 2, 9, 30, tzinfo=JAPAN)
OURS = "271004"


def asked(*choices: tuple[int, int], year: int = 2024) -> EstimateRequest:
    return EstimateRequest(year, tuple(PlanChoice(plan, visits) for plan, visits in choices))


def hand_in(
    engine: Engine,
    principal: Principal,
    *choices: tuple[int, int],
    state: WishState = W,
    seen: dict[int, int] | None = None,
    request_id: str,
    lg_code: str = OURS,
) -> None:
    hand_in_wishes(
        engine,
        principal,
        lg_code=lg_code,
        request=asked(*choices),
        state=state,
        reference=REFERENCE,
        seen=seen or {},
        request_id=request_id,
        now=NOW,
    )


def advance(
    engine: Engine,
    principal: Principal,
    plan: int,
    state: WishState,
    *,
    seen: int,
    request_id: str,
    reason: str = "",
) -> None:
    advance_wish(
        engine,
        principal,
        lg_code=OURS,
        fiscal_year=2024,
        plan=plan,
        state=state,
        reason=reason,
        seen_event=seen,
        request_id=request_id,
        now=NOW,
    )


def current(engine: Engine, principal: Principal) -> dict[int, WishEvent]:
    wishes = own_plans_view(engine, principal, lg_code=OURS).wishes
    return {plan: wish for (year, plan), wish in wishes.items() if year == 2024}


def count(engine: Engine) -> int:
    with reading(engine) as session:
        return len(wish_events(session))


@pytest.fixture
def ours(officer: Callable[[str], Principal]) -> Principal:
    return officer(OURS)


def test_wishes_are_recorded_with_amounts_computed_here(engine: Engine, ours: Principal) -> None:
    hand_in(engine, ours, (6, 12), (4, 11), request_id="a")
    wishes = current(engine, ours)
    assert {p: (w.state, w.visits, w.gross, w.subsidy, w.net) for p, w in wishes.items()} == {
        6: (W, 12, 1_200_000, 600_000, 600_000),
        4: (W, 11, 1_100_000, 550_000, 550_000),
    }
    assert wishes[6].recorded_by == ours.username
    assert wishes[6].recorded_at == NOW


def test_all_the_way_from_considering_to_the_contract(engine: Engine, ours: Principal) -> None:
    hand_in(engine, ours, (6, 12), state=C, request_id="0")
    for number, state in enumerate((W, B, A, K)):
        seen = current(engine, ours)[6].event_id
        advance(engine, ours, 6, state, seen=seen, request_id=f"step {number}")
    assert current(engine, ours)[6].state is K
    assert count(engine) == 5
    seen = current(engine, ours)[6].event_id
    with pytest.raises(ConflictError, match="事務局に連絡"):
        advance(engine, ours, 6, X, seen=seen, request_id="x", reason="やめる")


def test_a_withdrawal_keeps_its_reason_and_is_not_the_same_as_no_answer(
    engine: Engine, ours: Principal
) -> None:
    hand_in(engine, ours, (6, 12), request_id="a")
    seen = current(engine, ours)[6].event_id
    with pytest.raises(InvalidInputError, match="辞退の理由"):
        advance(engine, ours, 6, X, seen=seen, request_id="b")
    advance(engine, ours, 6, X, seen=seen, request_id="b", reason=" 予算がつかないため ")
    assert current(engine, ours)[6].reason == "予算がつかないため"
    assert 5 not in current(engine, ours)
    with pytest.raises(ConflictError, match="まだ希望していないプラン"):
        advance(engine, ours, 5, B, seen=0, request_id="c")
    with pytest.raises(ConflictError, match="先にプラン選択・費用試算の画面から"):
        advance(engine, ours, 5, W, seen=0, request_id="d")


def test_the_same_request_twice_is_one_answer(engine: Engine, ours: Principal) -> None:
    hand_in(engine, ours, (6, 12), (4, 11), request_id="double click")
    revision = data_revision(engine)
    hand_in(engine, ours, (6, 12), (4, 11), request_id="double click")
    assert count(engine) == 2
    assert data_revision(engine) == revision
    seen = current(engine, ours)[6].event_id
    advance(engine, ours, 6, B, seen=seen, request_id="again")
    advance(engine, ours, 6, B, seen=seen, request_id="again")
    assert count(engine) == 3


def test_a_request_id_belongs_to_one_person(
    engine: Engine, ours: Principal, officer: Callable[[str], Principal]
) -> None:
    hand_in(engine, ours, (6, 12), request_id="same")
    hand_in(engine, officer("271403"), (6, 12), request_id="same", lg_code="271403")
    assert count(engine) == 2


def test_an_id_used_for_another_command_is_never_swallowed(engine: Engine, ours: Principal) -> None:
    """Either the second command does its work, or it says that it did not."""
    from core.commands.estimates import keep_estimate

    estimate_id = keep_estimate(
        engine,
        ours,
        lg_code=OURS,
        name="案",
        request=asked((6, 12)),
        reference=REFERENCE,
        request_id="form",
        now=NOW,
    )
    assert estimate_id
    try:
        hand_in(engine, ours, (6, 12), request_id="form")
    except DashboardError:
        return
    assert count(engine) == 1


def test_a_stale_form_is_refused_with_what_changed(
    engine: Engine, ours: Principal, secretariat: Principal
) -> None:
    hand_in(engine, ours, (6, 12), request_id="a")
    with pytest.raises(ConflictError, match=r"プラン6は2023-10-02にtanto-271004が「希望」\(12回\)"):
        hand_in(engine, secretariat, (6, 6), request_id="b")
    old = current(engine, ours)[6].event_id
    hand_in(engine, secretariat, (6, 6), seen={6: old}, request_id="c")
    with pytest.raises(ConflictError, match=r"jimukyokuが「希望」\(6回\).*画面を更新"):
        advance(engine, ours, 6, B, seen=old, request_id="d")
    assert current(engine, ours)[6].visits == 6


def test_one_plan_in_the_way_stops_all_and_every_one_is_named(
    engine: Engine, ours: Principal
) -> None:
    hand_in(engine, ours, (1, 12), (2, 12), request_id="a")
    revision = data_revision(engine)
    with pytest.raises(ConflictError) as refusal:
        hand_in(engine, ours, (1, 12), (2, 12), (3, 12), seen={2: 10**6}, request_id="b")
    lines = str(refusal.value).splitlines()
    assert [line[:4] for line in lines] == ["プラン1", "プラン2"]
    assert count(engine) == 2
    assert data_revision(engine) == revision


def test_own_terms_are_not_handed_in(engine: Engine, ours: Principal) -> None:
    def attempt(request: EstimateRequest) -> None:
        hand_in_wishes(
            engine,
            ours,
            lg_code=OURS,
            request=request,
            state=W,
            reference=REFERENCE,
            seen={},
            request_id="a",
            now=NOW,
        )

    with pytest.raises(InvalidInputError) as refusal:
        attempt(EstimateRequest(2024, unit_price=1))
    assert set(refusal.value.problems) == {"plan", "terms"}
    for own in ({"unit_price": 0}, {"rate": 0}, {"rounding_unit": 1}, {"rounding_scope": "plan"}):
        with pytest.raises(InvalidInputError, match="条件を変えて試す"):
            attempt(EstimateRequest(2024, (PlanChoice(1, 12),), **own))  # type: ignore[arg-type]
    with pytest.raises(InvalidInputError, match="1から12"):
        attempt(asked((1, 13)))
    assert count(engine) == 0


def test_after_the_council_the_amount_stands(engine: Engine, ours: Principal) -> None:
    hand_in(engine, ours, (6, 12), request_id="a")
    for number, state in enumerate((B, A)):
        seen = current(engine, ours)[6].event_id
        advance(engine, ours, 6, state, seen=seen, request_id=f"step {number}")
    seen = current(engine, ours)[6].event_id
    with pytest.raises(DashboardError):
        hand_in(engine, ours, (6, 3), state=K, seen={6: seen}, request_id="b")
    assert current(engine, ours)[6].gross == 1_200_000


def test_a_neighbour_and_a_viewer_may_not_record(
    engine: Engine, officer: Callable[[str], Principal], viewer: Principal
) -> None:
    for principal in (officer("271403"), viewer):
        with pytest.raises(PermissionDeniedError):
            hand_in(engine, principal, (6, 12), request_id="a")
    assert count(engine) == 0


def test_a_reason_with_a_zero_byte_gets_the_same_answer_on_both_databases(
    engine: Engine, ours: Principal
) -> None:
    hand_in(engine, ours, (6, 12), request_id="a")
    seen = current(engine, ours)[6].event_id
    with pytest.raises(InvalidInputError):
        advance(engine, ours, 6, X, seen=seen, request_id="b", reason="予算\x00不足")


# ── the commands against a model ──────────────────────────────────────────────────────────────

FRESH_CORNERS: Iterator[tuple[str, int]] = (
    (code, year) for year in range(2023, 2090) for code in CODES
)
_ids = itertools.count(1)


class WishMachine(RuleBasedStateMachine):
    """Each run has a municipality and fiscal year that no run before it used."""

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self.engine = engine
        self.lg_code, self.year = next(FRESH_CORNERS)
        self.principal = Principal(f"tanto-{self.lg_code}", "担当", Role.OFFICER, self.lg_code)
        self.now = NOW
        self.model: dict[int, tuple[WishState, int, str]] = {}
        self.events: dict[int, int] = {}
        self.rows = 0
        self.used: list[str] = []
        self.revision = data_revision(engine)

    def stored(self) -> dict[int, WishEvent]:
        view = own_plans_view(self.engine, self.principal, lg_code=self.lg_code)
        return {plan: wish for (year, plan), wish in view.wishes.items() if year == self.year}

    def settle(self, act: Callable[[], None], expected: list[str], changed: set[int]) -> None:
        """Do it; the model says whether it is refused and with which words."""
        self.now += timedelta(minutes=1)
        if expected:
            with pytest.raises(DashboardError) as refusal:
                act()
            for words in expected:
                assert words in str(refusal.value)
            return
        act()
        self.revision += 1
        self.rows += len(changed)
        for plan, wish in self.stored().items():
            assert (wish.event_id > self.events.get(plan, 0)) == (plan in changed)
            self.events[plan] = wish.event_id

    @rule(
        choices=st.dictionaries(st.integers(1, 7), st.integers(1, 12), min_size=1, max_size=3),
        state=st.sampled_from([C, W, W, B]),
        stale=st.sets(st.integers(1, 7), max_size=1),
    )
    def hand_in(self, choices: dict[int, int], state: WishState, stale: set[int]) -> None:
        expected = []
        for plan in choices:
            before = self.model[plan][0] if plan in self.model else None
            if state not in FACTS[before]:
                expected.append(f"「{state.label}」に")
                if before is not None:
                    expected.append(f"プラン{plan}は")
            elif plan in stale and before is not None:
                expected.append("画面を更新して確認してください")
        request_id = f"r{next(_ids)}"
        chosen = tuple(PlanChoice(plan, visits) for plan, visits in choices.items())

        def act() -> None:
            hand_in_wishes(
                self.engine,
                self.principal,
                lg_code=self.lg_code,
                request=EstimateRequest(self.year, chosen),
                state=state,
                reference=REFERENCE,
                seen={plan: 0 if plan in stale else n for plan, n in self.events.items()},
                request_id=request_id,
                now=self.now,
            )

        if not expected:
            self.model.update({plan: (state, visits, "") for plan, visits in choices.items()})
            self.used.append(request_id)
        self.settle(act, expected, set(choices))

    @rule(
        plan=st.integers(1, 7),
        state=st.sampled_from(WishState),
        reason=st.sampled_from(["", " ", "予算がつかない"]),
        stale=st.sampled_from([False, False, False, True]),
    )
    def advance(self, plan: int, state: WishState, reason: str, stale: bool) -> None:
        before = self.model.get(plan)
        expected = []
        if state not in FACTS[before[0] if before else None]:
            expected.append(f"「{state.label}」に")
        elif state is X and not reason.strip():
            expected.append("辞退の理由を入力してください")
        elif before is None:
            expected.append("先にプラン選択・費用試算の画面から")
        elif stale:
            expected.append(f"({before[1]}回)と記録しています")
        request_id = f"r{next(_ids)}"

        def act() -> None:
            advance_wish(
                self.engine,
                self.principal,
                lg_code=self.lg_code,
                fiscal_year=self.year,
                plan=plan,
                state=state,
                reason=reason,
                seen_event=0 if stale else self.events.get(plan, 0),
                request_id=request_id,
                now=self.now,
            )

        if not expected:
            assert before is not None
            self.model[plan] = (state, before[1], reason.strip() if state is X else "")
            self.used.append(request_id)
        self.settle(act, expected, {plan})

    @rule(plan=st.integers(1, 7))
    def move_on(self, plan: int) -> None:
        """One step towards the contract, so that runs reach it."""
        before = self.model.get(plan)
        following = {C: W, W: B, B: A, A: K}.get(before[0]) if before else None
        if following is not None:
            self.advance(plan=plan, state=following, reason="", stale=False)

    @precondition(lambda self: self.used)
    @rule(data=st.data())
    def click_again(self, data: st.DataObject) -> None:
        """A request that was answered changes nothing, whatever else it says now."""
        request_id = data.draw(st.sampled_from(self.used))
        hand_in_wishes(
            self.engine,
            self.principal,
            lg_code=self.lg_code,
            request=EstimateRequest(self.year, (PlanChoice(7, 1),)),
            state=C,
            reference=REFERENCE,
            seen={},
            request_id=request_id,
            now=self.now,
        )

    @invariant()
    def what_is_stored_is_what_was_said(self) -> None:
        stored = {
            plan: (wish.state, wish.visits, wish.reason) for plan, wish in self.stored().items()
        }
        assert stored == self.model
        assert data_revision(self.engine) == self.revision

    def teardown(self) -> None:
        for wish in self.stored().values():
            assert wish.gross == 100_000 * wish.visits
            assert wish.subsidy == wish.net == 50_000 * wish.visits
        with reading(self.engine) as session:
            said = [e for e in wish_events(session, self.lg_code) if e.fiscal_year == self.year]
            assert len(said) == self.rows
            assert verify(session).findings == []


def test_the_commands_agree_with_the_model_whatever_is_tried(engine: Engine) -> None:
    run_state_machine_as_test(
        lambda: WishMachine(engine),
        settings=settings(max_examples=25, stateful_step_count=25),
    )
