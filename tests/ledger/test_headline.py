"""見出し: the ledger's count under coverage, else the latest actual 公表値, else 不明."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.procurement.counting import CountBasis
from core.procurement.coverage import CoverageEvent, CoverageKind, CoverageState, Edition
from core.procurement.event import EventKind, LedgerEvent
from core.procurement.headline import Headline, Origin, headline
from core.procurement.index import LedgerIndex, indexed
from core.procurement.published import PublishedTotal, latest_parts, part_of
from core.procurement.recording import Entry, event_of
from core.reference.ledger_seed import seed_events
from core.values.figure import LEDGER_SOURCE, Status
from core.values.fiscal import FiscalYear, PartialDate, Precision, parse_date
from tests.support.reference import REFERENCE

NOW = datetime(2024, 4, 1, tzinfo=UTC)
SEED = tuple(
    replace(event, event_id=number) for number, event in enumerate(seed_events(REFERENCE, NOW), 1)
)


def declared(
    programme: str, day: str, edition: Edition = Edition.PAID, number: int = 1
) -> CoverageEvent:
    kind, effective = CoverageKind.DECLARED, date.fromisoformat(day)
    return CoverageEvent(number, programme, edition, kind, effective, "照会", "", NOW, "a")


def index(*coverage: CoverageEvent, events: tuple[LedgerEvent, ...] = SEED) -> LedgerIndex:
    return indexed(events, REFERENCE.succession, coverage)


def said(
    programme: str,
    day: str,
    ledger: LedgerIndex,
    basis: CountBasis = CountBasis.PAID,
    *,
    today: str | None = None,
    lot: str | None = None,
    totals: tuple[PublishedTotal, ...] = REFERENCE.published_totals,
) -> Headline:
    return headline(
        programme,
        basis,
        date.fromisoformat(day),
        index=ledger,
        totals=totals,
        free_edition=REFERENCE.procurements.programme(programme).free_edition,
        today=None if today is None else date.fromisoformat(today),
        lot=lot,
    )


# The founding document and the press release, worked out by hand: day, system → value, day of it,
# names known, names missing, state. econtract had no published count of what was, only a plan.
BY_HAND = [
    ("2023-02-28", "chat", 30, "令和5年2月", 22, 8, "partial"),
    ("2023-02-28", "eapply", 25, "令和5年2月", 0, 25, "none"),
    ("2023-02-28", "docs", 3, "令和5年2月", 0, 3, "none"),
    ("2023-02-28", "econtract", None, "令和5年2月28日", 0, None, "none"),
    ("2023-02-28", "talent", None, "令和5年2月28日", 0, None, "none"),
    ("2023-06-30", "chat", 34, "令和5年6月1日", 22, 12, "partial"),
    ("2023-06-30", "eapply", 35, "令和5年6月1日", 0, 35, "none"),
    ("2023-06-30", "docs", 6, "令和5年6月1日", 0, 6, "none"),
    ("2023-06-30", "econtract", None, "令和5年6月30日", 2, None, "partial"),
    ("2023-06-30", "talent", None, "令和5年6月30日", 0, None, "none"),
    ("2023-07-01", "talent", 13, "令和5年7月", 13, 0, "partial"),
]


@pytest.mark.parametrize(("day", "programme", "value", "of", "named", "unnamed", "state"), BY_HAND)
def test_the_published_count_is_the_headline_and_the_names_stand_inside_it(
    day: str,
    programme: str,
    value: int | None,
    of: str,
    named: int,
    unnamed: int | None,
    state: str,
) -> None:
    found = said(programme, day, index())
    assert (found.value, found.as_of.label) == (value, of)
    assert (found.named, found.unnamed, found.coverage.value) == (named, unnamed, state)
    assert found.origin is (None if value is None else Origin.PUBLISHED)
    assert bool(found.source) is (value is not None)


def test_under_coverage_the_ledgers_count_is_the_headline_even_when_it_is_nought() -> None:
    ledger = index(declared("eapply", "2023-06-10"), declared("chat", "2023-06-10", number=2))
    before, after = (said("eapply", day, ledger) for day in ("2023-06-09", "2023-06-10"))
    assert (before.value, before.origin) == (35, Origin.PUBLISHED)
    assert (after.value, after.origin, after.source) == (0, Origin.LEDGER, LEDGER_SOURCE)
    assert after.as_of == PartialDate(date(2023, 6, 10), Precision.DAY)
    assert (after.coverage, after.unnamed) == (CoverageState.COMPLETE, 35)
    chat = said("chat", "2023-06-10", ledger)
    assert (chat.value, chat.origin) == (22, Origin.LEDGER)
    both = said("chat", "2023-06-10", ledger, CountBasis.PAID_OR_FREE)
    assert (both.value, both.origin) == (43, Origin.PUBLISHED)  # nothing was said of 無償版


def test_a_plan_is_never_the_headline() -> None:
    plan = said("econtract", "2023-06-30", index(), CountBasis.PAID_FREE_OR_PLANNED)
    assert (plan.value, plan.named) == (None, 13)
    assert [total.value for total in plan.planned] == [13]
    chat = said("chat", "2024-03-31", index())
    assert (chat.value, [total.value for total in chat.planned]) == (34, [33])


def test_a_basis_the_ledger_does_not_record_has_no_names() -> None:
    found = said("eapply", "2023-06-30", index(), CountBasis.INCLUDING_OWN_PROCUREMENT)
    assert (found.value, found.named, found.unnamed) == (None, None, None)
    assert found.difference(found.published[0]) is None


def test_sources_that_disagree_are_all_shown_and_none_is_chosen() -> None:
    of_june = next(t for t in REFERENCE.totals_of("chat") if t.value == 34)
    totals = (*REFERENCE.published_totals, replace(of_june, value=35, source="jirei"))
    found = said("chat", "2023-06-01", index(), totals=totals)
    assert (found.value, found.origin, found.unnamed, found.disagree) == (None, None, None, True)
    assert [(t.value, found.difference(t)) for t in found.published] == [(34, 12), (35, 13)]
    assert not said("chat", "2024-03-31", index()).disagree  # 34 and a plan of 33


def test_a_ledger_that_names_more_than_was_published_says_so_by_a_negative_number() -> None:
    joined = tuple(
        replace(
            event_of(
                Entry(m.lg_code, "docs", EventKind.JOINED, parse_date("2023-04-01"), "照会"),
                NOW,
                "a",
            ),
            event_id=number,
        )
        for number, m in enumerate(REFERENCE.municipalities[:8], 1)
    )
    found = said("docs", "2023-06-01", index(events=joined))
    assert (found.value, found.named, found.unnamed) == (6, 8, -2)


def test_nothing_of_a_day_that_has_not_come_is_a_headline() -> None:
    ahead = said("chat", "2024-03-31", index(), today="2023-05-31")
    assert (ahead.value, ahead.as_of.label) == (30, "令和5年2月")
    assert [total.value for total in ahead.planned] == [33]
    covered = index(declared("talent", "2023-04-01"))
    talent = said("talent", "2023-08-01", covered, today="2023-06-30")
    assert (talent.value, talent.as_of.label) == (0, "令和5年6月30日")
    assert said("talent", "2023-08-01", covered, today="2023-08-01").value == 13


def test_a_lot_is_the_ledgers_only_while_every_lot_is_known() -> None:
    def joined(number: int, lot: str | None) -> LedgerEvent:
        code, day = REFERENCE.municipalities[number].lg_code, parse_date("2022-04-01")
        entry = Entry(code, "eapply", EventKind.JOINED, day, "照会", lot)
        return replace(event_of(entry, NOW, "a"), event_id=number)

    known = (joined(1, "A"), joined(2, "B"), joined(3, "B"))
    covered = declared("eapply", "2022-04-01")
    found = said("eapply", "2023-02-28", index(covered, events=known), lot="B")
    assert (found.value, found.origin, found.unnamed) == (2, Origin.LEDGER, 18)
    vague = said("eapply", "2023-02-28", index(covered, events=(*known, joined(4, None))), lot="B")
    assert (vague.value, vague.origin, vague.named) == (20, Origin.PUBLISHED, 2)
    assert said("eapply", "2023-02-28", index(events=known), lot="A").value == 5


@given(
    st.dates(date(2021, 4, 1), date(2024, 4, 30)),
    st.sampled_from(list(CountBasis)),
    st.sampled_from(["chat", "eapply", "docs", "econtract", "talent"]),
    st.lists(st.tuples(st.sampled_from(["chat", "talent"]), st.sampled_from(Edition)), max_size=4),
)
def test_a_headline_is_the_ledgers_the_published_one_or_unknown_and_never_made_up(
    day: date, basis: CountBasis, programme: str, words: list[tuple[str, Edition]]
) -> None:
    ledger = index(
        *(declared(key, "2023-04-01", edition, n) for n, (key, edition) in enumerate(words, 1))
    )
    found = said(programme, day.isoformat(), ledger, basis)
    named = ledger.programme(programme).counts(day).on(basis)
    assert found.named == named
    if found.coverage is CoverageState.COMPLETE:
        assert (found.value, found.origin) == (named, Origin.LEDGER)
        return
    known = [
        t
        for t in REFERENCE.published_totals
        if (t.programme, t.lot, t.basis, t.metric, t.status)
        == (programme, None, basis, "participants", Status.ACTUAL)
        and t.as_of.first <= day
    ]
    newest = max(known, key=lambda t: t.as_of.first, default=None)
    assert found.value == (newest and newest.value)
    assert found.source == (newest.source if newest else "")


def test_a_published_part_is_read_with_its_whole_its_year_and_its_source() -> None:
    totals = REFERENCE.published_totals

    def parts(programme: str, day: str) -> list[tuple[int, int, FiscalYear, str, str]]:
        found = latest_parts(totals, programme, CountBasis.PAID, date.fromisoformat(day))
        return [
            (p.part.value, p.whole.value, p.period, p.part.status.value, p.part.source)
            for p in found
        ]

    assert parts("chat", "2023-01-31") == []
    assert parts("chat", "2023-02-28") == [
        (8, 30, 2022, "actual", "jirei"),
        (3, 33, 2023, "planned", "jirei"),
    ]
    assert parts("eapply", "2023-06-30") == [
        (14, 25, 2022, "actual", "jirei"),
        (10, 35, 2023, "planned", "jirei"),
    ]
    assert parts("docs", "2023-06-30") == [(4, 7, 2023, "planned", "jirei")]
    (chat, _) = latest_parts(totals, "chat", CountBasis.PAID, date(2023, 2, 28))
    assert chat.share == Fraction(8, 30)
    assert part_of(chat.whole, totals) is None
    assert part_of(chat.part, [t for t in totals if t.source != "jirei"]) is None
