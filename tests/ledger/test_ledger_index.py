"""The index answers as the plain fold does, whatever order records come in."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.procurement.counting import CountBasis, Counts, counts
from core.procurement.event import EventKind, LedgerEvent
from core.procurement.index import LedgerIndex, indexed
from core.procurement.recording import Entry, event_of
from core.procurement.series import series
from core.procurement.standing import FORESEEN, NO_RECORD, TAKING_PART, Standing, state_on, steps
from core.values.fiscal import parse_date
from core.values.succession import Succession
from tests.support.ledgers import PARTICIPANTS, PREFECTURE, SYSTEMS, TOWNS, WINDOW, ledgers

ALL = Succession.of(TOWNS)


def cell(events: list[LedgerEvent], programme: str, participant: str) -> list[LedgerEvent]:
    return [e for e in events if (e.programme, e.participant) == (programme, participant)]


def check_equal(index: LedgerIndex, events: list[LedgerEvent], day: date) -> None:
    """Everything the index says of a day, against the fold."""
    taking = Counter()
    for key, system in SYSTEMS.items():
        programme = index.programme(key)
        folded = {c: state_on(steps(cell(events, key, c)), day) for c in PARTICIPANTS}
        assert {c: programme.state(c, day) for c in PARTICIPANTS} == folded
        taking.update(c for c, state in folded.items() if state.standing in TAKING_PART)
        everyone = [(folded[town.lg_code], town.population) for town in TOWNS]
        assert programme.counts(day) == counts(everyone, folded[PREFECTURE])
        for attribute in ("area", "category"):
            for value in {getattr(town, attribute) for town in TOWNS}:
                some = [
                    (folded[t.lg_code], t.population)
                    for t in TOWNS
                    if getattr(t, attribute) == value
                ]
                assert programme.counts(day, attribute, value) == counts(some)
        for lot in system.lots:
            some = [(state, people) for state, people in everyone if state.lot == lot]
            assert programme.counts(day, "lot", lot) == counts(some)
        aimed: dict[date | None, list[int]] = {}
        for state, _ in everyone:
            if state.standing in FORESEEN or state.foreseen:
                month = state.target.first.replace(day=1) if state.target else None
                aimed.setdefault(month, [0, 0])[state.standing is Standing.FREE] += 1
        assert programme.foreseen(day) == {month: tuple(n) for month, n in aimed.items()}
    assert {c: index.systems_of(c, day) for c in PARTICIPANTS} == {
        c: taking[c] for c in PARTICIPANTS
    }


@given(ledgers(), st.sampled_from([WINDOW[0] - timedelta(days=1), *WINDOW, date(2024, 3, 31)]))
def test_the_index_equals_the_plain_fold(events: list[LedgerEvent], day: date) -> None:
    check_equal(indexed(events, ALL), events, day)


@given(ledgers(), st.integers(0, 40), st.sampled_from(WINDOW))
def test_an_index_brought_up_to_date_equals_one_made_anew(
    events: list[LedgerEvent], known: int, day: date
) -> None:
    first, rest = events[:known], events[known:]
    index = indexed(first, ALL)
    index.systems_of(PARTICIPANTS[0], day)  # kept answers must not outlive what they rest on
    before = index.programme("chat").counts(day)
    cells: dict[str, dict[str, list[LedgerEvent]]] = {}
    for event in rest:
        its = cell(events, event.programme, event.participant)
        cells.setdefault(event.programme, {})[event.participant] = its
    check_equal(index.with_cells(cells, len(events)), events, day)
    check_equal(index, first, day)
    assert index.programme("chat").counts(day) == before


@given(ledgers(), st.sampled_from([*WINDOW, date(2023, 5, 15), date(2024, 3, 31)]))
def test_the_series_ends_in_the_counts_of_the_day_and_grows_by_what_is_foreseen(
    events: list[LedgerEvent], day: date
) -> None:
    programme = indexed(events, ALL).programme("chat")
    now = programme.counts(day)
    for basis in (CountBasis.PAID, CountBasis.PAID_OR_FREE):
        found = series(programme, day, basis)
        if found.actual:
            assert found.actual[-1].counts == now
            assert found.actual[-1].day == day
        else:
            assert now == Counts(prefecture=now.prefecture)
        assert [m.month for m in found.actual] == sorted({m.month for m in found.actual})
        assert all(m.counts == programme.counts(m.day) for m in found.actual)
        totals = [now.on(basis) or 0, *(plan.total for plan in found.planned)]
        assert totals == sorted(set(totals))
        foreseen = now.planned + (now.free_foreseen if basis is CountBasis.PAID else 0)
        assert totals[-1] - totals[0] + found.overdue + found.undated == foreseen
        assert all(plan.month > day.replace(day=1) for plan in found.planned)


@given(ledgers(), st.sampled_from(WINDOW), st.sampled_from([*WINDOW, date(2023, 5, 15)]))
def test_what_begins_after_today_is_never_drawn_as_actual(
    events: list[LedgerEvent], today: date, day: date
) -> None:
    programme = indexed(events, ALL).programme("chat")
    for code in PARTICIPANTS:
        now, then = programme.state(code, today), programme.state(code, day)
        seen = programme.seen(code, day, today)
        if day <= today:
            assert seen == then
            continue
        if seen.standing in TAKING_PART:
            assert now.standing in TAKING_PART
            assert seen.since.first <= today
        assert seen.live_since is None or seen.live_since.first <= today
        if then.standing in TAKING_PART and now.standing not in TAKING_PART:
            assert (seen.standing, seen.target) == (Standing.PLANNED, then.since)
        if then.since is not None and then.since.first <= today:
            assert seen.standing is then.standing
    seen_all = programme.seen_counts(day, today)
    by_area = [programme.seen_counts(day, today, "area", f"地域{n}") for n in range(3)]
    assert sum(each.planned for each in by_area) == seen_all.planned
    for basis in (CountBasis.PAID, CountBasis.PAID_OR_FREE):
        found = series(programme, day, basis, today=today)
        assert found.until == min(day, today)
        assert [m for m in found.actual if m.day > today] == []
        if found.actual:
            assert found.actual[-1].counts == programme.counts(found.until)
        assert [plan for plan in found.planned if plan.day <= found.until] == []
        if day <= today:
            assert found == series(programme, day, basis)
        if day > today and not found.undated and not programme.foreseen(day):
            last = found.planned[-1].total if found.planned else programme.counts(today).on(basis)
            assert last == programme.counts(day).on(basis)


def test_a_join_dated_ahead_is_foreseen_until_its_day_and_counted_once() -> None:
    at = datetime(2024, 1, 1, tzinfo=UTC)

    def said(number: int, town: int, kind: EventKind, day: str, target: str = "") -> LedgerEvent:
        aim = parse_date(target) if target else None
        entry = Entry(f"27{town}", "chat", kind, parse_date(day), "試験", None, aim)
        return replace(event_of(entry, at, "a"), event_id=number)

    events = [
        said(1, 1, EventKind.JOINED, "2023-03-26"),
        said(2, 2, EventKind.PLANNED, "2023-03-26", "2023-06"),
        said(3, 2, EventKind.JOINED_LATE, "2023-05-10"),  # earlier than it was planned
        said(4, 3, EventKind.FREE_EDITION, "2023-03-26"),
        said(5, 3, EventKind.JOINED_LATE, "2023-03-30"),
        said(6, 4, EventKind.PLANNED, "2023-03-27", "2023-07"),
        said(7, 1, EventKind.LEFT, "2023-06-01"),
    ]
    programme = indexed(events, ALL).programme("chat")
    today = date(2023, 3, 28)

    def drawn(day: date) -> list[tuple[str, int]]:
        planned = series(programme, day, CountBasis.PAID, today=today).planned
        return [(plan.day.isoformat(), plan.total) for plan in planned]

    assert drawn(date(2023, 3, 29)) == [("2023-06-01", 2), ("2023-07-01", 3)]
    ahead = date(2023, 6, 30)
    assert drawn(ahead) == [
        ("2023-03-29", 2),
        ("2023-05-01", 3),
        ("2023-06-01", 2),
        ("2023-07-01", 3),
    ]
    assert [programme.seen(t.lg_code, ahead, today).standing for t in TOWNS] == [
        Standing.PAID_INITIAL,
        Standing.PLANNED,
        Standing.FREE,
        Standing.PLANNED,
    ]
    assert programme.seen("273", ahead, today).foreseen is Standing.PLANNED
    assert (programme.counts(ahead).paid, programme.seen_counts(ahead, today).paid) == (2, 1)
    assert programme.paid_later(today) == [
        (TOWNS[1], parse_date("2023-05-10")),
        (TOWNS[2], parse_date("2023-03-30")),
    ]


def test_a_basis_that_holds_plans_has_no_series() -> None:
    with pytest.raises(ValueError, match="planned"):
        series(
            LedgerIndex(Succession(())).programme("chat"),
            WINDOW[0],
            CountBasis.PAID_FREE_OR_PLANNED,
        )


def test_nothing_recorded_is_no_state_and_counts_zero() -> None:
    index = LedgerIndex(Succession(()))
    assert index.programme("chat").state(PARTICIPANTS[0], WINDOW[0]) == NO_RECORD
    assert index.programme("chat").counts(WINDOW[0]) == Counts()
    assert index.programme("chat").first_day is None
