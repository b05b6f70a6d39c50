"""台帳の網羅: dated words of the secretariat, the last of which counts from its day on."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from core.procurement.counting import CountBasis
from core.procurement.coverage import (
    CoverageEvent,
    CoverageKind,
    CoverageState,
    Edition,
    coverage_of,
    covered_from,
    is_complete,
)
from core.reference.catalogue import shipped
from core.store.coverage import add_coverage, coverage_events
from core.store.engine import reading, writing
from core.store.ledger_index import ledger_index

DECLARED, WITHDRAWN = CoverageKind.DECLARED, CoverageKind.WITHDRAWN
PAID, FREE = Edition.PAID, Edition.FREE
MARCH = date(2023, 3, 26)
DAYS = [MARCH + timedelta(days=n) for n in range(12)]


def said(
    number: int,
    kind: CoverageKind,
    day: date,
    edition: Edition = PAID,
    programme: str = "chat",
) -> CoverageEvent:
    at = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(hours=number)
    return CoverageEvent(number, programme, edition, kind, day, "通知", "", at, "a")


EVENTS = st.lists(
    st.builds(
        lambda kind, day, edition, programme: (kind, day, edition, programme),
        st.sampled_from(CoverageKind),
        st.sampled_from(DAYS),
        st.sampled_from(Edition),
        st.sampled_from(["chat", "docs"]),
    ),
    max_size=12,
).map(lambda words: [said(number, *word) for number, word in enumerate(words, 1)])


@given(EVENTS, st.sampled_from(DAYS), st.sampled_from(Edition))
def test_the_last_word_whose_day_has_come_counts(
    events: list[CoverageEvent], day: date, edition: Edition
) -> None:
    """The model: of all words with a day up to this one, the one recorded last."""
    came = [
        e for e in events if e.programme == "chat" and e.edition is edition and e.effective <= day
    ]
    expected = bool(came) and came[-1].kind is DECLARED
    points = covered_from(reversed(events), "chat", edition)
    begun = [covered for begins, covered in points if begins <= day]
    assert (begun[-1] if begun else False) is expected
    assert list(points) == sorted(points)
    changes = [covered for _, covered in points]
    assert changes == [number % 2 == 0 for number in range(len(changes))]


def test_a_withdrawal_ends_every_declaration_from_its_day_on() -> None:
    events = [said(1, DECLARED, date(2023, 4, 1)), said(2, DECLARED, date(2023, 6, 1))]
    assert covered_from(events, "chat", PAID) == ((date(2023, 4, 1), True),)
    events.append(said(3, WITHDRAWN, date(2023, 5, 1)))
    assert covered_from(events, "chat", PAID) == (
        (date(2023, 4, 1), True),
        (date(2023, 5, 1), False),
    )
    events.append(said(4, WITHDRAWN, date(2023, 4, 1)))
    assert covered_from(events, "chat", PAID) == ()


@pytest.mark.parametrize(
    ("basis", "paid_alone", "both"),
    [
        (CountBasis.PAID, True, True),
        (CountBasis.PAID_WITH_PREFECTURE, True, True),
        (CountBasis.PAID_OR_FREE, False, True),
        (CountBasis.PAID_FREE_OR_PLANNED, False, False),
        (CountBasis.INCLUDING_OWN_PROCUREMENT, False, False),
    ],
)
def test_complete_needs_every_edition_the_basis_counts(
    basis: CountBasis, paid_alone: bool, both: bool
) -> None:
    day = date(2023, 6, 1)
    paid, free = said(1, DECLARED, day), said(2, DECLARED, day, FREE)
    assert is_complete([paid], "chat", basis, day, free_edition=True) is paid_alone
    assert is_complete([paid, free], "chat", basis, day, free_edition=True) is both
    assert is_complete([paid], "chat", basis, day, free_edition=False) is both
    assert not is_complete([free], "chat", basis, day, free_edition=True)
    assert not is_complete([paid, free], "docs", basis, day, free_edition=True)


def test_the_state_says_how_much_is_known() -> None:
    def state(day: date, named: int | None) -> CoverageState:
        events = [said(1, DECLARED, date(2023, 6, 1))]
        return coverage_of(events, "chat", CountBasis.PAID, day, named=named, free_edition=True)

    assert state(date(2023, 5, 31), 22) is CoverageState.PARTIAL
    assert state(date(2023, 5, 31), 0) is CoverageState.NONE
    assert state(date(2023, 5, 31), None) is CoverageState.NONE
    assert state(date(2023, 6, 1), 22) is CoverageState.COMPLETE
    assert state(date(2023, 6, 1), 0) is CoverageState.COMPLETE


def test_the_index_carries_what_was_said_and_notices_what_is_said_later(engine: Engine) -> None:
    municipalities = shipped().municipalities

    def known() -> tuple[CoverageEvent, ...]:
        with reading(engine) as session:
            return ledger_index(session, municipalities).coverage

    assert known() == ()
    events = []
    for number, kind in ((1, DECLARED), (2, WITHDRAWN)):
        with writing(engine) as session:
            added = add_coverage(session, said(number, kind, date(2023, 6, number), FREE, "docs"))
        assert added == said(number, kind, date(2023, 6, number), FREE, "docs")
        events.append(added)
        assert known() == tuple(events)
    with reading(engine) as session:
        assert coverage_events(session, known_at=events[0].recorded_at) == (events[0],)
