"""台帳の網羅: dated words of the secretariat, the last of which counts from its day on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from core.access.principal import CONSOLE
from core.commands.coverage import declare_coverage, withdraw_coverage
from core.procurement.counting import CountBasis
from core.procurement.coverage import (
    CoverageEntry,
    CoverageEvent,
    CoverageKind,
    CoverageState,
    Edition,
    coverage_of,
    covered_from,
    is_complete,
)
from core.store.audit import AuditFilter
from core.store.coverage import add_coverage, coverage_events
from core.store.engine import data_revision, reading, writing
from core.store.ledger_index import ledger_index
from core.values.errors import ConflictError, InvalidInputError
from core.views.administration import audit_view
from core.views.ledger import coverage_view
from tests.support.reference import REFERENCE

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
    succession = REFERENCE.succession

    def known() -> tuple[CoverageEvent, ...]:
        with reading(engine) as session:
            return ledger_index(session, succession).coverage

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


def entry(
    programme: str = "eapply",
    day: date = date(2023, 6, 1),
    edition: Edition = PAID,
    source: str = "照会の回答",
    note: str = "公表値には見積りを含む",
) -> CoverageEntry:
    return CoverageEntry(programme, edition, day, source, note)


class Secretariat:
    """Says things through the commands, as of what it last saw."""

    def __init__(self, engine: Engine, now: datetime) -> None:
        self.engine, self.now = engine, now
        self.asked = count(1)

    def seen(self, programme: str = "eapply", edition: Edition = PAID) -> int:
        lines = coverage_view(self.engine, CONSOLE, REFERENCE, today=self.now.date())
        return next(
            line.seen_event
            for line in lines
            if (line.programme, line.edition) == (programme, edition)
        )

    def say(
        self,
        command: Callable[..., int],
        said: CoverageEntry,
        seen: int | None = None,
        request: str = "",
    ) -> int:
        return command(
            self.engine,
            CONSOLE,
            entry=said,
            reference=REFERENCE,
            seen_event=self.seen(said.programme, said.edition) if seen is None else seen,
            request_id=request or f"r{next(self.asked)}",
            now=self.now,
        )


@pytest.fixture
def office(engine: Engine, now: datetime) -> Secretariat:
    return Secretariat(engine, now)


def test_what_was_said_is_kept_shown_audited_and_said_once(office: Secretariat) -> None:
    before = data_revision(office.engine)
    first = office.say(declare_coverage, entry(source=" 照会の回答 "), request="once")
    assert office.say(declare_coverage, entry(day=date(2023, 1, 1)), request="once") == first
    assert data_revision(office.engine) == before + 1
    second = office.say(
        withdraw_coverage, entry(day=date(2023, 9, 1), source="回答に誤り", note="")
    )
    [line] = [
        line
        for line in coverage_view(office.engine, CONSOLE, REFERENCE, today=office.now.date())
        if line.programme == "eapply"
    ]
    assert [(e.event_id, e.kind, e.effective, e.source) for e in line.events] == [
        (second, WITHDRAWN, date(2023, 9, 1), "回答に誤り"),
        (first, DECLARED, date(2023, 6, 1), "照会の回答"),
    ]
    assert {e.recorded_by for e in line.events} == {CONSOLE.username}
    assert line.covered == ((date(2023, 6, 1), True), (date(2023, 9, 1), False))
    assert line.without_record == 43
    audit = audit_view(office.engine, CONSOLE, wanted=AuditFilter()).entries[:2]
    assert [(each.action, each.subject) for each in audit] == [
        ("ledger:withdraw_coverage", "eapply"),
        ("ledger:declare_coverage", "eapply"),
    ]


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        (entry(programme="fax"), "programme", "fax"),
        (entry(edition=FREE), "edition", "無償版はありません"),
        (entry(day=date(2027, 1, 1)), "effective", "今日"),
        (entry(day=date(1988, 1, 1)), "effective", "1989"),
        (entry(source="  "), "source", "出典"),
        (entry(source="あ" * 501), "source", "500文字以内"),
        (entry(note="あ" * 2001), "note", "2,000文字以内"),
        (entry(note=""), "note", "公表値は35団体"),
    ],
)
def test_what_cannot_be_said_is_refused_at_its_field(
    office: Secretariat, said: CoverageEntry, field: str, words: str
) -> None:
    before = data_revision(office.engine)
    with pytest.raises(InvalidInputError) as refused:
        office.say(declare_coverage, said, seen=0)
    assert list(refused.value.problems) == [field]
    assert words in refused.value.problems[field]
    assert data_revision(office.engine) == before


def test_a_count_that_agrees_with_what_was_published_needs_no_reason(office: Secretariat) -> None:
    no_count = entry("econtract", note="")  # nothing was published of what is
    assert office.say(declare_coverage, no_count)
    assert office.say(withdraw_coverage, entry("econtract", note="")) == 2


def test_a_stale_form_and_a_word_that_changes_nothing_are_refused(office: Secretariat) -> None:
    with pytest.raises(ConflictError, match="網羅の宣言はありません"):
        office.say(withdraw_coverage, entry())
    first = office.say(declare_coverage, entry())
    with pytest.raises(ConflictError, match=r"「網羅を宣言」.*と記録しています"):
        office.say(withdraw_coverage, entry(), seen=0)
    with pytest.raises(ConflictError, match="すでに網羅を宣言"):
        office.say(declare_coverage, entry(day=date(2023, 8, 1)))
    assert office.say(declare_coverage, entry("docs"), seen=0) == first + 1  # another system
    assert office.say(declare_coverage, entry(day=date(2023, 4, 1))) == first + 2  # from earlier on
    office.say(declare_coverage, entry("talent"), request="again")
    with pytest.raises(ConflictError, match="同じ受付番号"):
        office.say(withdraw_coverage, entry("talent"), request="again")
