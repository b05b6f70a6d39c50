"""A merger from a day on, by hand: counts, shares, map, history before and after."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from core.figures.history import history
from core.figures.indicator import EVERYBODY
from core.figures.known import Known
from core.figures.registry import Said, indicators
from core.figures.scenes import map as map_scene
from core.procurement.counting import CountBasis
from core.procurement.coverage import CoverageEvent, CoverageKind, Edition
from core.procurement.event import EventKind, LedgerEvent
from core.procurement.index import indexed
from core.procurement.recording import Entry, admitted, event_of
from core.procurement.series import series
from core.procurement.standing import NO_RECORD, Standing
from core.reference.municipal_changes import changed
from core.reference.municipal_changes import merged as rows_of
from core.reference.pack import Reference
from core.support.wish import WishState
from core.values.errors import ConflictError, InvalidInputError
from core.values.fiscal import FiscalYear, parse_date
from tests.support.facts import at, facts, wish
from tests.support.mergers import (
    BEFORE,
    BOTH,
    DAY,
    HANNAN,
    MISAKI,
    NANSEI,
    SAKAI,
    after_merger,
    card_of,
    with_rows,
)
from tests.support.reference import REFERENCE

EVERYBODY_LIVING = sum(town.population for town in REFERENCE.municipalities)
LATER = date(2024, 3, 31)


def said(number: int, code: str, programme: str, kind: EventKind, day: str) -> LedgerEvent:
    entry = Entry(code, programme, kind, parse_date(day), "電話で確認")
    return event_of(entry, at(date(2023, 7, 1)), "jimukyoku", event_id=number)


EVENTS = [
    said(1, SAKAI, "chat", EventKind.JOINED, "2023-04-01"),
    said(2, MISAKI, "chat", EventKind.JOINED, "2023-05-01"),
    said(3, MISAKI, "docs", EventKind.JOINED, "2023-05-01"),
    said(4, HANNAN, "docs", EventKind.JOINED_LATE, "2023-06-01"),
]
COVERED = [
    CoverageEvent(
        number, key, edition, CoverageKind.DECLARED, date(2023, 1, 1), "通知", "",
        at(date(2023, 7, 1)), "jimukyoku",
    )
    for number, (key, edition) in enumerate(
        [("chat", Edition.PAID), ("docs", Edition.PAID), ("docs", Edition.FREE)], start=1
    )
]  # fmt: skip


def known_of(reference: Reference, *events: LedgerEvent) -> Known:
    ledger = indexed([*EVENTS, *events], reference.succession, COVERED)
    return replace(facts(sessions=()), reference=reference, ledger=ledger)


@pytest.fixture(scope="module")
def merged() -> Reference:
    return after_merger()


@pytest.fixture(scope="module")
def made_new() -> Reference:
    return after_merger(NANSEI, (HANNAN, MISAKI))


def test_there_are_43_before_and_42_after_and_no_fewer_people(merged: Reference) -> None:
    assert len(merged.on(BEFORE).municipalities) == 43
    assert len(merged.on(DAY).municipalities) == 42
    assert (merged.on(BEFORE).all_towns, merged.on(DAY).all_towns) == ("43市町村", "42市町村")
    for day in (BEFORE, DAY):
        assert sum(each.population for each in merged.on(day).municipalities) == EVERYBODY_LIVING
    south = {group.label: group.municipalities for group in merged.on(BEFORE).areas}["泉南"]
    assert {g.label: g.municipalities for g in merged.on(DAY).areas}["泉南"] == south - 1
    assert merged.on(BEFORE) is merged.on(date(2022, 4, 1))
    assert merged.on(DAY) is merged.on(LATER)
    assert merged.of(FiscalYear(2023)).on(DAY) is merged.on(DAY)
    assert merged.on(DAY).of(FiscalYear(2023)) is merged.on(DAY)


def test_the_ledger_counts_the_successor_from_the_day_on(merged: Reference) -> None:
    index = known_of(merged).ledger
    chat, docs = index.programme("chat"), index.programme("docs")
    assert (chat.counts(BEFORE).paid, chat.counts(DAY).paid) == (2, 2)
    assert (docs.counts(BEFORE).paid, docs.counts(DAY).paid) == (2, 1)
    assert docs.counts(BEFORE).initial == docs.counts(DAY).initial == 1
    assert (docs.counts(BEFORE).late, docs.counts(DAY).late) == (1, 0)
    assert chat.counts(BEFORE).population == 826_161 + 14_741
    assert chat.counts(DAY).population == 826_161 + BOTH
    assert docs.counts(BEFORE).population == docs.counts(DAY).population == BOTH
    assert chat.counts(DAY, "area", "泉南").paid == 1
    assert (index.systems_of(HANNAN, BEFORE), index.systems_of(HANNAN, DAY)) == (1, 2)
    assert (index.systems_of(MISAKI, BEFORE), index.systems_of(MISAKI, DAY)) == (2, 0)


def test_whose_participation_it_was_is_said(merged: Reference) -> None:
    index = known_of(merged).ledger
    chat, docs = index.programme("chat"), index.programme("docs")
    assert chat.state(HANNAN, BEFORE) == NO_RECORD
    now = chat.state(HANNAN, DAY)
    assert (now.standing, now.former) == (Standing.PAID_INITIAL, "旧岬町")
    assert now.since == parse_date("2023-05-01")
    assert chat.state(MISAKI, BEFORE).former == ""
    assert chat.state(MISAKI, DAY) == NO_RECORD
    assert docs.state(HANNAN, BEFORE).standing is Standing.PAID_LATE
    assert docs.state(HANNAN, DAY).standing is Standing.PAID_INITIAL


def test_two_become_a_new_one_and_both_are_named(made_new: Reference) -> None:
    assert len(made_new.on(DAY).municipalities) == 42
    index = known_of(made_new).ledger
    docs = index.programme("docs")
    assert (docs.counts(BEFORE).paid, docs.counts(DAY).paid) == (2, 1)
    assert docs.state(NANSEI.lg_code, BEFORE) == NO_RECORD
    assert docs.state(NANSEI.lg_code, DAY).former == "旧阪南市・旧岬町"
    assert index.programme("chat").state(NANSEI.lg_code, DAY).former == "旧岬町"
    assert {docs.state(code, DAY).standing for code in (HANNAN, MISAKI)} == {Standing.NONE}


def test_shares_are_of_43_before_and_of_42_after(merged: Reference) -> None:
    known = known_of(merged)
    told = {day: Said(known, day) for day in (BEFORE, DAY)}
    share = told[BEFORE]["chat_population"]
    assert len([p for p in share.parts if p.lg_code]) == 43
    assert share.value == Fraction(100 * (826_161 + 14_741), EVERYBODY_LIVING)
    share = told[DAY]["chat_population"]
    assert len([p for p in share.parts if p.lg_code]) == 42
    assert share.value == Fraction(100 * (826_161 + BOTH), EVERYBODY_LIVING)
    assert [told[day]["in_some"].value for day in (BEFORE, DAY)] == [3, 2]
    assert [told[day]["in_none"].value for day in (BEFORE, DAY)] == [40, 40]
    assert [told[day]["docs_paid"].value for day in (BEFORE, DAY)] == [2, 1]
    (part,) = (p for p in told[DAY]["chat_named"].parts if p.lg_code == HANNAN)
    assert (part.label, "旧岬町の参加" in part.detail) == ("阪南市", True)


def test_a_history_has_each_day_s_own_denominator(merged: Reference) -> None:
    known = known_of(merged)
    every = indicators(merged)
    first = date(2023, 12, 1)
    points = history(every["docs_paid"], known, first, LATER, EVERYBODY)
    assert [(p.day, p.value) for p in points] == [(first, 2), (DAY, 1), (LATER, 1)]
    points = history(every["docs_population"], known, first, LATER, EVERYBODY)
    assert [p.value for p in points] == [Fraction(100 * BOTH, EVERYBODY_LIVING)] * 2
    points = history(every["chat_population"], known, first, LATER, EVERYBODY)
    assert [(p.day, p.value) for p in points[:2]] == [
        (first, Fraction(100 * (826_161 + 14_741), EVERYBODY_LIVING)),
        (DAY, Fraction(100 * (826_161 + BOTH), EVERYBODY_LIVING)),
    ]
    months = series(known.ledger.programme("docs"), LATER, CountBasis.PAID).actual
    assert [(m.month.month, m.counts.paid) for m in months[-4:]] == [
        (12, 2),
        (1, 1),
        (2, 1),
        (3, 1),
    ]


def test_the_map_gives_the_shape_of_the_former_to_the_successor(merged: Reference) -> None:
    known = known_of(merged)
    before, after = (map_scene.make(Said(known, day)) for day in (BEFORE, DAY))
    assert (len(before.rows), len(after.rows)) == (43, 42)
    assert before.chart
    assert after.chart
    assert len(before.chart.items) == len(after.chart.items) == 43
    drawn = {item.key: (item.label, item.mark) for item in after.chart.items}
    assert drawn[MISAKI] == drawn[HANNAN] == ("阪南市", 2)
    drawn = {item.key: (item.label, item.mark) for item in before.chart.items}
    assert (drawn[MISAKI], drawn[HANNAN]) == (("岬町", 2), ("阪南市", 1))
    assert after.sentence.startswith("42市町村のうち2団体")


def test_a_day_before_says_what_it_said_without_the_merger(merged: Reference) -> None:
    wishes = [wish(1, MISAKI, 6, WishState.WISHED, date(2023, 11, 1))]
    with_it, without = (
        replace(known_of(each), wishes=tuple(wishes)) for each in (merged, REFERENCE)
    )
    for day in (date(2023, 5, 15), BEFORE):
        for key, each in indicators(REFERENCE).items():
            same = indicators(merged)[key]
            assert same.parts(with_it, day, EVERYBODY) == each.parts(without, day, EVERYBODY), key
    for key in ("chat", "docs"):
        assert with_it.ledger.programme(key).counts(BEFORE) == without.ledger.programme(key).counts(
            BEFORE
        )


def test_a_wish_of_the_former_counts_for_the_successor_until_it_says_otherwise(
    merged: Reference,
) -> None:
    first = wish(1, MISAKI, 6, WishState.WISHED, date(2023, 11, 1))
    known = replace(known_of(merged), wishes=(first,))
    for day, name in ((BEFORE, "岬町"), (DAY, "旧岬町")):
        told = Said(known, day)
        assert told["talent_municipalities"].value == 1
        (part,) = told["talent_subsidy"].parts
        assert (part.label, part.numerator) == (name, 600_000)
    later = wish(2, HANNAN, 6, WishState.WITHDRAWN, date(2024, 1, 10))
    known = replace(known, wishes=(first, later))
    assert Said(known, date(2024, 1, 9))["talent_municipalities"].value == 1
    assert Said(known, date(2024, 1, 10))["talent_municipalities"].value == 0
    assert Said(known, date(2024, 1, 10))["talent_withdrawn_municipalities"].value == 1


def test_what_the_successor_records_goes_on_from_what_it_took_over(merged: Reference) -> None:
    left = said(9, HANNAN, "chat", EventKind.LEFT, "2024-02-01")
    chat = known_of(merged, left).ledger.programme("chat")
    assert [chat.counts(date(2024, month, 1)).paid for month in (1, 2)] == [2, 1]
    cell = {MISAKI: EVENTS[1:2]}
    systems, everybody = REFERENCE.procurements.systems, merged.named
    taken = admitted([], replace(left, event_id=0), everybody, systems, merged.succession, cell)
    assert taken.kind is EventKind.LEFT
    again = said(0, HANNAN, "chat", EventKind.JOINED, "2024-02-01")
    with pytest.raises(ConflictError, match="令和5年5月1日"):
        admitted([], again, everybody, systems, merged.succession, cell)


def test_the_former_is_recorded_before_its_end_and_not_after(merged: Reference) -> None:
    systems, everybody = REFERENCE.procurements.systems, merged.named
    live = said(0, MISAKI, "chat", EventKind.LIVE, "2023-12-31")
    admitted(EVENTS[1:2], live, everybody, systems, merged.succession)
    late = said(0, MISAKI, "chat", EventKind.LIVE, "2024-01-01")
    with pytest.raises(InvalidInputError) as refused:
        admitted(EVENTS[1:2], late, everybody, systems, merged.succession)
    assert "令和6年1月1日に阪南市になりました" in refused.value.problems["participant"]
    new = after_merger(NANSEI, (HANNAN, MISAKI))
    early = said(0, NANSEI.lg_code, "chat", EventKind.JOINED, "2023-12-31")
    with pytest.raises(InvalidInputError, match="令和6年1月1日からの団体"):
        admitted([], early, new.named, systems, new.succession)


def test_events_in_any_order_make_the_same_index_piece_by_piece(merged: Reference) -> None:
    whole = known_of(merged).ledger
    index = indexed(EVENTS[:1], merged.succession, COVERED)
    for event in EVENTS[1:]:
        own = [e for e in EVENTS if e.event_id <= event.event_id]
        cells = [
            e for e in own if (e.programme, e.participant) == (event.programme, event.participant)
        ]
        index = index.with_cells({event.programme: {event.participant: cells}}, event.event_id)
    for day in (BEFORE, DAY):
        for key in ("chat", "docs"):
            assert index.programme(key).counts(day) == whole.programme(key).counts(day)
            assert index.programme(key).state(HANNAN, day) == whole.programme(key).state(
                HANNAN, day
            )


def test_two_mergers_one_after_the_other_hand_on_twice(merged: Reference) -> None:
    rows = [
        {**row, "since": row.get("since", ""), "until": row.get("until", "")}
        for row in merged.files["municipalities.csv"]
    ]
    further = rows_of(rows, (HANNAN,), card_of(SAKAI, population=826_161 + BOTH), date(2025, 4, 1))
    twice = with_rows([*rows_of(REFERENCE.files["municipalities.csv"], (MISAKI,),
                                card_of(HANNAN, population=BOTH), DAY), *further])  # fmt: skip
    assert len(twice.on(date(2025, 4, 1)).municipalities) == 41
    docs = known_of(twice).ledger.programme("docs")
    assert [docs.counts(day).paid for day in (BEFORE, DAY, date(2025, 4, 1))] == [2, 1, 1]
    assert docs.state(SAKAI, date(2025, 4, 1)).former == "旧阪南市・旧岬町"
    assert twice.succession.heir(MISAKI, date(2025, 4, 1)) == SAKAI
    assert twice.on(date(2025, 4, 1)).called(MISAKI) == "旧岬町"


def test_a_change_alone_moves_no_participation_and_counts_in_the_new_group() -> None:
    card = card_of(MISAKI, name="岬市", category="一般市")
    reference = with_rows(changed(REFERENCE.files["municipalities.csv"], card, DAY))
    chat = known_of(reference).ledger.programme("chat")
    assert [chat.counts(day).paid for day in (BEFORE, DAY)] == [2, 2]
    assert [chat.counts(day, "category", "町").paid for day in (BEFORE, DAY)] == [1, 0]
    assert [chat.counts(day, "category", "一般市").paid for day in (BEFORE, DAY)] == [0, 1]
    assert [reference.on(day).by_code[MISAKI].name for day in (BEFORE, DAY)] == ["岬町", "岬市"]
    assert len(reference.on(DAY).municipalities) == 43
