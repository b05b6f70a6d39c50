"""From 意向 to 運用開始: what is done, what is next, when; what a municipality may record."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from core.boarding.steps import (
    BoardingStep,
    StepRecord,
    StepState,
    StepStatus,
    check_own_step,
    next_step,
    own_records,
    step_states,
)
from core.procurement.event import EventKind, LedgerEvent
from core.procurement.standing import Step, steps
from core.values.errors import ConflictError, InvalidInputError
from core.values.fiscal import JAPAN, FiscalYear, PartialDate, Precision

START = datetime(2026, 10, 5, 9, 0, tzinfo=JAPAN)
TARGET = PartialDate(date(2027, 7, 1), Precision.MONTH)


def path(*kinds: EventKind) -> list[Step]:
    """Events a day apart, recorded on the day they took effect."""
    events = []
    for number, kind in enumerate(kinds, 1):
        at = START + timedelta(days=number)
        events.append(
            LedgerEvent(
                number,
                "271403",
                "chat",
                None,
                kind,
                PartialDate(at.date(), Precision.DAY),
                TARGET if kind is EventKind.PLANNED else None,
                "通知",
                "",
                None,
                at,
                "x",
            )
        )
    return steps(events)


def record(
    number: int, step: BoardingStep, day: date, *, taken_back: bool = False, after: int = 30
) -> StepRecord:
    clock = START - timedelta(hours=number)  # set back: only the numbers say what came first
    return StepRecord(number, "271403", "chat", step, day, taken_back, "", after, clock, "tanto")


def statuses(states: tuple[StepState, ...]) -> str:
    return "".join(state.status.mark for state in states)


E, S = EventKind, BoardingStep
BUDGET = record(1, S.BUDGET, date(2026, 10, 20))
APPROVAL = record(2, S.APPROVAL, date(2026, 11, 2))
TODAY = date(2026, 11, 24)
EARLY = record(1, S.BUDGET, date(2026, 10, 6), after=1)
YEAR = FiscalYear(2027)


@pytest.mark.parametrize(
    ("kinds", "records", "expected"),
    [
        ((), [], "▶○○○○○"),
        ((E.INTEREST,), [], "▶○○○○○"),
        ((E.PLANNED,), [], "●▶○○○○"),
        ((E.PLANNED,), [BUDGET], "●●▶○○○"),
        ((E.PLANNED,), [BUDGET, APPROVAL], "●●●▶○○"),
        ((E.PLANNED, E.MANDATE), [BUDGET, APPROVAL], "●●●●▶○"),
        ((E.PLANNED, E.MANDATE), [], "●◌◌●▶○"),
        ((E.JOINED_LATE,), [], "◌◌◌◌●▶"),
        ((E.PLANNED, E.JOINED_LATE, E.LIVE), [BUDGET], "●●◌◌●●"),
        ((E.PLANNED, E.WITHDRAWN), [EARLY], "▶○○○○○"),
        ((E.JOINED, E.LIVE, E.LEFT), [], "▶○○○○○"),
        ((E.JOINED, E.LEFT, E.PLANNED), [], "●▶○○○○"),
        ((E.FREE_EDITION, E.LIVE), [], "▶○○○○○"),
        ((E.FREE_EDITION, E.PLANNED), [], "●▶○○○○"),
        ((E.FREE_EDITION, E.LIVE, E.JOINED_LATE), [], "◌◌◌◌●●"),
    ],
)
def test_what_is_done_and_what_is_next(
    kinds: tuple[EventKind, ...], records: list[StepRecord], expected: str
) -> None:
    states = step_states(path(*kinds), records, None, YEAR, TODAY)
    assert statuses(states) == expected
    upcoming = next_step(states)
    assert (upcoming is None) == ("▶" not in expected)


def test_dates_of_what_is_to_come() -> None:
    states = {s.step: s for s in step_states(path(E.PLANNED), [], date(2026, 11, 30), YEAR, TODAY)}
    assert states[S.INTENTION].done == "令和8年10月6日"
    assert (states[S.BUDGET].due, states[S.BUDGET].assumed) == ("令和8年11月30日ごろ", True)
    assert states[S.APPROVAL].due_on == date(2027, 3, 31)
    assert states[S.CONTRACT].due_on == date(2027, 6, 30)
    assert (states[S.LIVE].due, states[S.LIVE].assumed) == ("令和9年7月", False)


def test_before_anything_is_said_the_window_gives_the_date() -> None:
    first = next_step(step_states([], [], date(2026, 11, 30), YEAR, TODAY))
    assert first is not None
    assert (first.due, first.assumed) == ("令和8年11月30日まで", False)
    without = next_step(step_states([], [], None, YEAR, TODAY))
    assert without is not None
    assert (without.due_on, without.due) == (None, "募集が始まったら")
    live = step_states([], [], None, YEAR, TODAY)[-1]
    assert (live.due, live.assumed) == ("令和9年度(未定)", True)
    # in April the mandate is not due before the year of the budget begins
    assert step_states([], [], None, YEAR, TODAY)[3].due_on == date(2027, 4, 1)


def test_interest_alone_is_named_but_not_done() -> None:
    first = step_states(path(E.INTEREST), [], None, YEAR, TODAY)[0]
    assert (first.status, first.note) == (StepStatus.NEXT, "いまは「関心」です。")


def test_what_was_recorded_before_a_withdrawal_belongs_to_an_earlier_attempt() -> None:
    again = path(E.PLANNED, E.WITHDRAWN, E.PLANNED)
    assert own_records([EARLY], again) == {}
    assert own_records([EARLY, BUDGET], again) == {S.BUDGET: BUDGET}


def test_a_record_taken_back_no_longer_counts() -> None:
    back = record(3, S.BUDGET, BUDGET.done_on, taken_back=True)
    assert own_records([BUDGET, back], path(E.PLANNED)) == {}
    assert own_records([BUDGET, back, record(4, S.BUDGET, date(2026, 10, 21))], path(E.PLANNED))


NOW = datetime(2026, 12, 1, 0, 30, tzinfo=JAPAN)


@pytest.mark.parametrize(
    ("kinds", "known", "new", "words"),
    [
        ((), [], BUDGET, "「予定」を記録してください"),
        ((E.INTEREST,), [], BUDGET, "「予定」を記録してください"),
        ((E.FREE_EDITION,), [], BUDGET, "「予定」を記録してください"),
        ((E.JOINED_LATE,), [], BUDGET, "参加済みです"),
        ((E.PLANNED,), [], APPROVAL, "「予算要求」が要ります(まだ記録がありません)"),
        (
            (E.PLANNED,),
            [record(1, S.BUDGET, date(2026, 11, 3))],
            APPROVAL,
            "「予算要求」が要ります(令和8年11月3日)",
        ),
        ((E.PLANNED,), [BUDGET], BUDGET, "先に取り消してください"),
        (
            (E.PLANNED,),
            [BUDGET, APPROVAL],
            record(5, S.BUDGET, date(2026, 10, 20), taken_back=True),
            "先に「議決」の記録を取り消して",
        ),
        (
            (E.PLANNED,),
            [],
            record(5, S.BUDGET, date(2026, 10, 20), taken_back=True),
            "記録がありません",
        ),
    ],
)
def test_a_step_out_of_order_is_refused(
    kinds: tuple[EventKind, ...], known: list[StepRecord], new: StepRecord, words: str
) -> None:
    ledger = path(*kinds)
    with pytest.raises(ConflictError) as refused:
        check_own_step(new, ledger, own_records(known, ledger), NOW)
    assert words in str(refused.value)


def test_a_step_in_order_is_taken() -> None:
    ledger = path(E.PLANNED)
    check_own_step(BUDGET, ledger, {}, NOW)
    check_own_step(APPROVAL, ledger, {S.BUDGET: BUDGET}, NOW)
    check_own_step(
        record(9, S.BUDGET, BUDGET.done_on, taken_back=True), ledger, {S.BUDGET: BUDGET}, NOW
    )


def test_today_is_japans_today() -> None:
    ledger = path(E.PLANNED)
    check_own_step(record(1, S.BUDGET, date(2026, 12, 1)), ledger, {}, NOW)
    with pytest.raises(InvalidInputError, match="まだ来ていない日"):
        check_own_step(record(1, S.BUDGET, date(2026, 12, 2)), ledger, {}, NOW)


def test_the_secretariats_steps_are_not_for_the_municipality() -> None:
    for step in (S.INTENTION, S.MANDATE, S.CONTRACT, S.LIVE):
        with pytest.raises(InvalidInputError, match="事務局が台帳で確認します"):
            check_own_step(record(1, step, date(2026, 11, 1)), path(E.PLANNED), {}, NOW)


def test_what_was_due_before_the_day_is_said_to_have_passed() -> None:
    late = date(2026, 12, 1)
    states = {s.step: s for s in step_states(path(E.PLANNED), [], None, YEAR, late)}
    assert states[S.BUDGET].due == "令和8年11月30日ごろ(過ぎています)"
    assert states[S.APPROVAL].due == "令和9年3月31日ごろ"
    on_the_day = step_states(path(E.PLANNED), [], None, YEAR, date(2026, 11, 30))
    assert on_the_day[1].due == "令和8年11月30日ごろ"


def test_who_takes_part_waits_for_a_record_not_for_a_date() -> None:
    live = step_states(path(E.JOINED), [], None, YEAR, TODAY)[-1]
    assert (live.status, live.due, live.assumed) == (StepStatus.NEXT, "運用開始の記録待ち", False)
