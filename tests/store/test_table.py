"""A frozen class is a table: what goes in comes out, in its own types, on both databases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone

import pytest
from sqlalchemy import Column, Engine, Integer, MetaData, Table, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

import core.store.table as module
from core.store.columns import AsText, Words, several
from core.store.engine import writing
from core.store.schema import INSERT_ONLY, METADATA
from core.store.table import Base, Stored
from core.training.vocabulary import SessionFormat
from core.values.fiscal import FiscalYear, PartialDate, Precision
from core.values.money import Yen

TOKYO = timezone(timedelta(hours=9))


@dataclass(frozen=True)
class Inner:
    word: str
    year: FiscalYear


@dataclass(frozen=True)
class Outer:
    number: int
    inner: Inner
    amount: Yen
    moment: datetime
    day: date | None
    clock: time | None
    ways: tuple[SessionFormat, ...] | None
    named: tuple[str, ...]
    since: PartialDate
    until: PartialDate | None
    elsewhere: tuple[int, ...]
    way: SessionFormat | None = None


EXAMPLE = Outer(
    number=0,
    inner=Inner("髙槻", FiscalYear(2023)),
    amount=Yen(90_071_992_547_409_93),
    moment=datetime(2023, 10, 2, 8, 59, tzinfo=TOKYO),
    day=date(2023, 10, 1),
    clock=time(14, 30),
    ways=(SessionFormat.ON_SITE, SessionFormat.ONLINE),
    named=("271004", "271403"),
    since=PartialDate(date(2023, 6, 1), Precision.MONTH),
    until=PartialDate(date(2024, 4, 1), Precision.FISCAL_YEAR),
    elsewhere=(),
    way=SessionFormat.ONLINE,
)
NOTHING = Outer(
    0, Inner("", FiscalYear(2024)), Yen(0), EXAMPLE.moment, None, None, None, (), EXAMPLE.since,
    None, (),
)  # fmt: skip


@pytest.fixture
def outer(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Stored[Outer]:
    """A table of its own, which no other test sees."""

    class Other(module.DeclarativeBase):
        metadata = MetaData()

    monkeypatch.setattr(module, "Base", Other)
    stored = Stored(
        "outer_value",
        Outer,
        Column("beside", Integer, nullable=False),
        key="number",
        names={"since": "since since_precision", "until": "until until_precision"},
        columns={"ways": several(str, SessionFormat), "named": several()},
        absent={"elsewhere": ()},
    )
    Other.metadata.create_all(engine)
    return stored


def test_what_goes_in_comes_out(engine: Engine, outer: Stored[Outer]) -> None:
    with writing(engine) as session:
        assert [outer.add(session, each, beside=7) for each in (EXAMPLE, NOTHING)] == [1, 2]
    with writing(engine) as session:
        first, second = outer.all(session)
        beside = session.scalars(select(outer.c.beside)).all()
    assert (first, second) == (replaced(EXAMPLE, 1), replaced(NOTHING, 2))
    assert (type(first.amount), type(first.inner.year)) == (Yen, FiscalYear)
    assert first.moment.utcoffset() == timedelta(0)
    assert beside == [7, 7]


def replaced(value: Outer, number: int) -> Outer:
    return Outer(**{**value.__dict__, "number": number})


def test_a_condition_narrows_and_none_does_not(engine: Engine, outer: Stored[Outer]) -> None:
    with writing(engine) as session:
        outer.add_all(session, [outer.row(each, beside=0) for each in (EXAMPLE, NOTHING)])
        assert len(outer.all(session, year=FiscalYear(2023))) == 1
        assert len(outer.all(session, year=None)) == 2
        assert len(outer.all(session, outer.c.named.contains(";271403;"))) == 1
        assert outer.all(session, outer.c.named.contains("271403;271004")) == []
        assert [each.inner.word for each in outer.all(session, way=SessionFormat.ONLINE)] == [
            "髙槻"
        ]
        assert {
            key: len(found) for key, found in outer.by(session, "beside", outer.query).items()
        } == {0: 2}
        assert outer.first(session, outer.query.where(outer.c.year == 2031)) is None


def test_columns_follow_the_annotations(outer: Stored[Outer]) -> None:
    nullable = {column.name for column in outer.table.columns if column.nullable}
    assert nullable == {"day", "clock", "ways", "until", "until_precision", "way"}
    assert list(outer.c.keys()) == [
        "id", "word", "year", "amount", "moment", "day", "clock", "ways", "named", "since",
        "since_precision", "until", "until_precision", "way", "beside",
    ]  # fmt: skip


def test_the_database_refuses_what_the_type_does_not_know(
    engine: Engine, outer: Stored[Outer]
) -> None:
    with writing(engine) as session:
        outer.add(session, EXAMPLE, beside=0)
    for change in ("way = 'post'", "until_precision = 'century'", "word = NULL"):
        with engine.connect() as connection, pytest.raises((IntegrityError, DBAPIError)):
            connection.execute(text(f"UPDATE outer_value SET {change}"))


def test_a_value_of_no_known_type_is_refused_at_the_declaration() -> None:
    @dataclass(frozen=True)
    class Unknown:
        event_id: int
        what: complex

    with pytest.raises(KeyError, match="complex"):
        Stored("unknown_value", Unknown)
    assert "unknown_value" not in METADATA.tables


def test_text_in_a_way_of_its_own_never_takes_a_zero_byte(engine: Engine) -> None:
    kind = AsText("".join, tuple)
    assert isinstance(kind.impl, Words)
    table = Table("kept_as_text", MetaData(), Column("value", kind))
    table.create(engine)
    with engine.begin() as connection:
        connection.execute(table.insert(), [{"value": ("a", "b")}, {"value": None}])
        assert connection.scalars(select(table.c.value)).all() == [("a", "b"), None]
        with pytest.raises(Exception, match="制御文字"):
            connection.execute(table.insert(), [{"value": ("a", "\x00")}])


def test_every_table_of_values_is_insert_only_unless_it_names_people() -> None:
    assert set(METADATA.tables) == set(Base.metadata.tables)
    assert {"enrollee", "consultation_contact", "municipality_contact"}.isdisjoint(INSERT_ONLY)
    assert {"wish", "ledger_event", "training_version", "audit"} <= INSERT_ONLY
