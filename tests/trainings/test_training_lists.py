"""Lists, calendars and timelines: what the database filters is what the rules say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event

from core.access.principal import PUBLIC, Principal
from core.commands.enrolments import enrol
from core.procurement.standing import Standing
from core.store.engine import reading, writing
from core.store.trainings import conditions, fill_trainings, session_lines
from core.training.audience import Concern, OurStanding, concern_of, our_standing
from core.training.filter import TrainingFilter
from core.training.training import TrainingSession
from core.training.vocabulary import Audience, SessionFormat
from core.values.errors import InvalidInputError
from core.values.fiscal import FiscalYear
from core.values.free_text import search_key
from core.views.trainings import published_sessions_view, trainings_view
from tests.support.reference import REFERENCE
from tests.support.trainings import a_content, an_applicant

YEAR = REFERENCE.trainings
PROGRAMMES = {theme.key: theme.programme for theme in YEAR.themes}
TODAY = date(2023, 10, 2)


def total(engine: Engine, reader: Principal = PUBLIC, **wanted: object) -> int:
    return trainings_view(
        engine, reader, REFERENCE, wanted=TrainingFilter(**wanted), as_of=TODAY  # type: ignore[arg-type]
    ).total  # fmt: skip


@pytest.mark.usefixtures("held")
@pytest.mark.parametrize(
    ("wanted", "sessions"),
    [
        ({"words": "ﾊﾝｽﾞｵﾝ"}, 7),
        ({"words": "はんずおん 窓口"}, 3),
        ({"words": "ＦＩＴ＆ｇａｐ"}, 1),
        ({"words": "ガバメントクラウド"}, 4),
        ({"words": "大阪府警"}, 1),
        ({"words": "100%"}, 0),
        ({"words": "_"}, 0),
        ({"themes": ("econtract",)}, 7),
        ({"themes": ("econtract", "security")}, 9),
        ({"format": SessionFormat.ON_SITE}, 5),
        ({"format": SessionFormat.ONLINE}, 20),
        ({"audience": Audience.ALL_MUNICIPALITIES}, 7),
        ({"audience": Audience.BUDGET_REQUESTERS}, 3),
        ({"audience_unknown": True}, 13),
        ({"fiscal_year": 2022}, 23),
        ({"fiscal_year": 2023}, 0),
        ({"first": date(2022, 8, 23), "last": date(2022, 8, 26)}, 3),
        ({"words": "勉強会", "audience": Audience.ALL_MUNICIPALITIES}, 6),
    ],
)
def test_the_trainings_of_the_founding_document_are_found(
    engine: Engine, wanted: dict[str, object], sessions: int
) -> None:
    assert total(engine, **wanted) == sessions


@pytest.mark.usefixtures("held")
def test_pages_follow_each_other_without_gap_or_overlap(engine: Engine) -> None:
    def page(offset: int, *, newest_first: bool = False) -> list[str]:
        answer = trainings_view(
            engine, PUBLIC, REFERENCE, wanted=TrainingFilter(), as_of=TODAY, limit=5, offset=offset,
            newest_first=newest_first,
        )  # fmt: skip
        assert answer.total == 23
        return [card.line.session_id for card in answer.cards]

    forward = [each for offset in range(0, 30, 5) for each in page(offset)]
    backward = [each for offset in range(0, 30, 5) for each in page(offset, newest_first=True)]
    assert len(set(forward)) == 23
    assert backward == forward[::-1]


@pytest.mark.usefixtures("held")
def test_ours_is_for_those_who_belong_to_a_municipality(
    engine: Engine, officer: Callable, secretariat: Principal
) -> None:
    answer = trainings_view(
        engine, officer("271004"), REFERENCE, wanted=TrainingFilter(ours=True), as_of=TODAY
    )
    assert {card.concern for card in answer.cards} == {Concern.CONCERNED}
    assert (answer.total, answer.unknown_audience) == (7, 13)
    for reader in (PUBLIC, secretariat):
        with pytest.raises(InvalidInputError, match="うちが対象"):
            total(engine, reader, ours=True)
    everything = trainings_view(engine, PUBLIC, REFERENCE, wanted=TrainingFilter(), as_of=TODAY)
    assert {card.concern for card in everything.cards} == {None}


def standings() -> st.SearchStrategy[OurStanding]:
    pairs = st.frozensets(
        st.tuples(st.sampled_from(["talent", "econtract", "docs"]), st.sampled_from([2022, 2023])),
        max_size=4,
    )
    return st.builds(
        lambda requested, others: OurStanding("271004", requested, requested | others), pairs, pairs
    )


@pytest.fixture
def varied(engine: Engine, publish: Callable, now: datetime) -> Engine:
    """Every audience in two themes and two years, beside the 19."""
    with writing(engine) as session:
        fill_trainings(session, YEAR, now)
    audiences = [
        (Audience.BUDGET_REQUESTERS, ()), (Audience.NAMED, ("271004",)),
        (Audience.NAMED, ("271403", "272035")), (None, ()),
    ]  # fmt: skip
    for (audience, named), theme, day in product(
        audiences, ("talent", "econtract", "security"), (date(2023, 3, 31), date(2023, 4, 1))
    ):
        session = replace(a_content().sessions[0], date=day)
        publish(audience=audience, named=named, theme=theme, sessions=(session,), deadline=None)
    return engine


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ours=standings())
def test_the_database_finds_exactly_what_the_rule_calls_concerned(
    varied: Engine, ours: OurStanding
) -> None:
    with reading(varied) as session:
        every = session_lines(session, conditions(TrainingFilter(), None, PROGRAMMES))
        found = session_lines(session, conditions(TrainingFilter(ours=True), ours, PROGRAMMES))
    expected = [
        line
        for line in every
        if concern_of(
            line.content.audience,
            line.content.named,
            PROGRAMMES[line.content.theme],
            line.fiscal_year,
            ours,
        )
        is Concern.CONCERNED
    ]
    assert found == expected


FILTERS = st.builds(
    TrainingFilter,
    words=st.sampled_from(["", "電子契約", "勉強会 ハンズオン", "ai"]),
    themes=st.lists(st.sampled_from(["econtract", "talent", "ai"]), max_size=2).map(tuple),
    format=st.none() | st.sampled_from(SessionFormat),
    audience=st.none() | st.sampled_from(Audience),
    fiscal_year=st.none() | st.sampled_from([2022, 2023]),
    first=st.none() | st.dates(date(2022, 4, 1), date(2023, 6, 1)),
    last=st.none() | st.dates(date(2022, 4, 1), date(2023, 6, 1)),
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wanted=FILTERS)
def test_a_filter_keeps_what_a_reader_would_keep_by_hand(
    varied: Engine, wanted: TrainingFilter
) -> None:
    every = published_sessions_view(varied, PUBLIC, REFERENCE, wanted=TrainingFilter())
    labels = YEAR.theme_labels

    def kept(line: object) -> bool:
        words = search_key(
            f"{line.content.kind}\n{line.content.title}\n{line.content.purpose}\n{labels[line.content.theme]}"
        )
        return (
            all(search_key(word) in words for word in wanted.words.split())
            and (not wanted.themes or line.content.theme in wanted.themes)
            and (wanted.format is None or wanted.format in (line.session.formats or ()))
            and (wanted.audience is None or line.content.audience is wanted.audience)
            and (wanted.fiscal_year in (None, FiscalYear.of(line.day)))
            and (wanted.first is None or line.day >= wanted.first)
            and (wanted.last is None or line.day <= wanted.last)
        )

    found = published_sessions_view(varied, PUBLIC, REFERENCE, wanted=wanted)
    assert found == tuple(line for line in every if kept(line))


def test_sessions_of_one_day_stand_in_order_of_time_unknown_first(
    engine: Engine, publish: Callable
) -> None:
    day = date(2023, 11, 20)
    sessions = tuple(TrainingSession("", day, start) for start in (time(15), None, time(9, 30)))
    publish(sessions=sessions)
    lines = published_sessions_view(engine, PUBLIC, REFERENCE, wanted=TrainingFilter())
    assert [line.session.start for line in lines] == [None, time(9, 30), time(15)]


def test_a_card_counts_seats_and_the_readers_own(
    engine: Engine, publish: Callable, officer: Callable, now: datetime
) -> None:
    _, (session_id,) = publish(seats_per_municipality=1)
    for number, code in enumerate(("271004", "271004", "271403")):
        enrol(
            engine, officer(code), lg_code=code, session_id=session_id,
            applicants=[an_applicant(number)], reference=REFERENCE, request_id=f"e{number}", now=now,
        )  # fmt: skip
    (card,) = trainings_view(
        engine, officer("271004"), REFERENCE, wanted=TrainingFilter(), as_of=TODAY
    ).cards
    assert (card.own_seated, card.own_waiting) == (1, 1)
    assert (card.seats.left, card.seats.seated, card.seats.waiting) == (0, 2, 1)
    (public,) = trainings_view(
        engine, PUBLIC, REFERENCE, wanted=TrainingFilter(), as_of=TODAY
    ).cards
    assert (public.own_seated, public.own_waiting) == (0, 0)


@pytest.mark.usefixtures("held")
def test_only_trainings_marked_for_it_leave_as_open_data(engine: Engine, publish: Callable) -> None:
    publish(open_data=False)
    everything = published_sessions_view(engine, PUBLIC, REFERENCE, wanted=TrainingFilter())
    marked = published_sessions_view(
        engine, PUBLIC, REFERENCE, wanted=TrainingFilter(), open_only=True
    )
    assert (len(everything), len(marked)) == (24, 23)


@pytest.mark.usefixtures("held")
def test_a_list_asks_the_database_a_fixed_number_of_times(
    engine: Engine, officer: Callable
) -> None:
    asked: list[str] = []

    def remember(_c: object, _u: object, statement: str, *_: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            asked.append(statement)

    event.listen(engine, "before_cursor_execute", remember)
    trainings_view(
        engine, officer("271004"), REFERENCE, wanted=TrainingFilter(ours=True), as_of=TODAY
    )
    event.remove(engine, "before_cursor_execute", remember)
    assert len(asked) <= 8


def test_what_makes_a_municipality_one_that_requests_a_budget() -> None:
    year = FiscalYear(2023)
    planned = {"econtract": Standing.PLANNED, "docs": Standing.INTEREST, "chat": Standing.NONE}
    ours = our_standing("271004", (), planned, year)
    asks = {"audience": Audience.BUDGET_REQUESTERS, "named": (), "ours": ours}

    def concern(programme: str | None, fiscal_year: int) -> Concern:
        return concern_of(programme=programme, fiscal_year=fiscal_year, **asks)  # type: ignore[arg-type]

    assert concern("econtract", 2023) is Concern.CONCERNED
    assert concern("econtract", 2024) is Concern.CONCERNED
    assert concern("econtract", 2022) is Concern.UNKNOWN  # what stands today says nothing of then
    assert concern("docs", 2023) is Concern.NOT_CONCERNED
    assert concern("chat", 2023) is Concern.UNKNOWN
    assert concern("talent", 2023) is Concern.UNKNOWN
    assert concern(None, 2023) is Concern.CONCERNED
    assert concern_of(None, (), None, 2023, ours) is Concern.UNKNOWN
