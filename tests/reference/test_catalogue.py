"""The catalogue: files taken apart and put together, years that begin as drafts."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime

import pytest

from core.reference.catalogue import Catalogue, YearState, first_entries, year_entry
from core.reference.entry import Entry, content_of
from core.reference.parts import apart, together
from core.values.errors import ReferenceDataError
from core.values.fiscal import JAPAN, FiscalYear
from tests.support.reference import REFERENCE

NOW = datetime(2026, 11, 26, 10, 0, tzinfo=JAPAN)
FIRST = FiscalYear(2023)


def said(part: str, key: str, content: object, year: int | None = None) -> Entry:
    kept = None if content is None else content_of(content)
    fiscal_year = None if year is None else FiscalYear(year)
    return Entry(part, key, fiscal_year, kept, "", NOW, "jimukyoku")


@pytest.fixture(scope="module")
def first() -> tuple[Entry, ...]:
    return first_entries(REFERENCE.files, FIRST, NOW, "data")


def test_the_files_of_the_pack_come_back_from_their_parts() -> None:
    things = [
        (part.name, (key, value) if part.shape == "mapping" else value)
        for part, key, value in apart(REFERENCE.files)
    ]
    assert together(things) == REFERENCE.files


def test_a_catalogue_filled_from_the_pack_says_what_the_pack_says(first: tuple[Entry, ...]) -> None:
    found = Catalogue(first).of(FIRST)
    for each in fields(REFERENCE):
        if each.name != "other_years":
            assert getattr(found, each.name) == getattr(REFERENCE, each.name), each.name


def test_the_last_entry_of_a_thing_counts_and_an_ended_one_is_gone(
    first: tuple[Entry, ...],
) -> None:
    chat = dict(next(e.value for e in first if e.key == "chat" and e.part == "procurements"))
    later = Catalogue((*first, said("procurements", "chat", {**chat, "what": "言い直したもの"})))
    assert later.of(FIRST).procurements.programme("chat").what == "言い直したもの"
    keys = [each.key for each in later.of(FIRST).procurements.programmes]
    assert keys == [each.key for each in REFERENCE.procurements.programmes]
    survey = Catalogue((*first, said("surveys", "shortage", None)))
    assert "shortage" not in [each.key for each in survey.of(FIRST).programmes.surveys]


def test_a_draft_is_seen_by_nobody_until_it_is_published(first: tuple[Entry, ...]) -> None:
    talent = next(e.value for e in first if e.part == "talent")
    plan = next(e.value for e in first if e.part == "plans" and e.key == "6")
    advisors = next(e.value for e in first if e.part == "advisors")
    draft = (
        *first,
        year_entry(FiscalYear(2027), YearState.DRAFT, "", NOW, "jimukyoku"),
        said("talent", "", {**talent, "fiscal_year": 2027}, 2027),
        said("advisors", "", advisors, 2027),
        said("plans", "6", plan, 2027),
        said("plans", "8", {**plan, "number": 8, "unit_price": 120_000}, 2027),
    )
    hidden = Catalogue(draft)
    assert hidden.published == (FIRST,)
    assert [p.number for p in hidden.of(FiscalYear(2027)).plans] == [1, 2, 3, 4, 5, 6, 7]
    assert [p.number for p in hidden.draft(FiscalYear(2027)).plans] == [1, 2, 3, 4, 5, 6, 7, 8]
    plans, grants = ["1", "2", "3", "4", "5", "7"], ["smart_city", "talent"]
    assert [e.key for e in hidden.undecided(FiscalYear(2027))] == [*grants, *plans]
    year = year_entry(FiscalYear(2027), YearState.PUBLISHED, "", NOW, "jimukyoku")
    shown = Catalogue((*draft, year))
    assert [p.number for p in shown.of(FiscalYear(2027)).plans] == [6, 8]
    assert [p.number for p in shown.of(FiscalYear(2030)).plans] == [6, 8]
    assert [p.number for p in shown.of(FiscalYear(2026)).plans] == [1, 2, 3, 4, 5, 6, 7]
    assert shown.of(FiscalYear(2027)).of(FIRST) is shown.of(FIRST)
    assert shown.of(FiscalYear(2020)) is shown.of(FIRST)
    discarded = year_entry(FiscalYear(2027), YearState.DISCARDED, "", NOW, "jimukyoku")
    assert Catalogue((*draft, discarded)).published == (FIRST,)


def test_a_source_is_known_where_it_is_cited_and_counts_are_made_anew(
    first: tuple[Entry, ...],
) -> None:
    source = {
        "title": "令和8年度共同調達について", "publisher": "大阪府", "url": None,
        "licence": "明示なし", "date": "2026-11-01", "note": "", "files": [],
    }  # fmt: skip
    alone = Catalogue((*first, said("sources", "notice", source)))
    assert alone.of(FIRST).sources["notice"].files == ()
    total = dict(next(e.value for e in first if e.part == "published_totals"))
    more = {**total, "value": "35", "as_of": "2026-11-01", "source": "notice"}
    cited = Catalogue((*alone.entries, said("published_totals", "new", more)))
    assert cited.of(FIRST).sources["notice"].files == ("published_totals.csv",)
    assert cited.of(FIRST).published_totals[-1].value == 35


def test_what_cannot_stand_is_refused_as_in_a_file(first: tuple[Entry, ...]) -> None:
    total = dict(next(e.value for e in first if e.part == "published_totals"))
    wrong = said("published_totals", "new", {**total, "programme": "fax"})
    with pytest.raises(ReferenceDataError, match="fax"):
        Catalogue((*first, wrong)).of(FIRST)


def test_entries_without_a_published_year_are_those_of_a_pack(first: tuple[Entry, ...]) -> None:
    assert replace(first[-1], recorded_by="x").value == {"state": "published"}
