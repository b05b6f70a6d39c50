"""Migrations build exactly the tables the code describes, once, also from two servers at once."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import URL, Engine, create_engine, inspect, text
from sqlalchemy.exc import IntegrityError, StatementError

from core.start import start
from core.store.engine import data_revision, open_engine
from core.store.schema import METADATA, upgrade
from core.values.fiscal import JAPAN
from tests.support.reference import REFERENCE
from tests.support.waiting import PATIENCE_SECONDS


def schema_of(engine: Engine) -> dict[str, object]:
    """Tables with columns, indexes, checks and keys as the database itself reports them."""
    inspector = inspect(engine)
    return {
        table: (
            sorted(
                (c["name"], str(c["type"]), c["nullable"]) for c in inspector.get_columns(table)
            ),
            sorted(
                (str(i["name"]), tuple(i["column_names"]), bool(i["unique"]))
                for i in inspector.get_indexes(table)
            ),
            sorted((str(c["name"]), c["sqltext"]) for c in inspector.get_check_constraints(table)),
            sorted(
                (tuple(k["constrained_columns"]), str(k["referred_table"]))
                for k in inspector.get_foreign_keys(table)
            ),
            tuple(inspector.get_pk_constraint(table)["constrained_columns"]),
        )
        for table in inspector.get_table_names()
        if table != "alembic_version"
    }


def test_the_migrated_schema_equals_the_metadata(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []
    assert set(schema_of(engine)) == set(METADATA.tables)


def test_checks_and_keys_equal_those_of_the_metadata(empty_url: URL) -> None:
    """Alembic compares no CHECK: build both ways and ask the database."""
    plain = create_engine(empty_url)
    try:
        METADATA.create_all(plain)
        described = schema_of(plain)
        METADATA.drop_all(plain)
    finally:
        plain.dispose()
    engine = open_engine(empty_url)
    try:
        upgrade(engine)
        migrated = schema_of(engine)
    finally:
        engine.dispose()
    assert migrated == described


def test_upgrading_again_changes_nothing(empty_url: URL) -> None:
    engine = open_engine(empty_url)
    try:
        upgrade(engine)
        first = schema_of(engine)
        assert data_revision(engine) == 0
        with engine.begin() as connection:
            connection.execute(text("UPDATE revision SET value = 41"))
        upgrade(engine)
        upgrade(engine)
        assert schema_of(engine) == first
        assert data_revision(engine) == 41
    finally:
        engine.dispose()


def _start_at_once(address: str, meet: object) -> str:
    """In a process of its own: what a server does when it starts."""
    meet.wait(60)  # type: ignore[attr-defined]
    engine = open_engine(_url(address))
    try:
        upgrade(engine)
    finally:
        engine.dispose()
    return "ready"


def _start_fully(address: str, meet: object) -> str:
    meet.wait(60)  # type: ignore[attr-defined]
    engine = open_engine(_url(address))
    try:
        start(engine, REFERENCE, datetime(2023, 10, 2, 9, 30, tzinfo=JAPAN))
    finally:
        engine.dispose()
    return "ready"


def _url(address: str) -> URL:
    from sqlalchemy import make_url

    return make_url(address)


@pytest.mark.parametrize("what", [_start_at_once, _start_fully], ids=["upgrade", "start"])
def test_two_servers_that_start_at_once_both_succeed(empty_url: URL, what: object) -> None:
    spawn = multiprocessing.get_context("spawn")
    address = empty_url.render_as_string(hide_password=False)
    with spawn.Manager() as manager, ProcessPoolExecutor(2, mp_context=spawn) as pool:
        meet = manager.Barrier(2)
        results = [pool.submit(what, address, meet) for _ in range(2)]  # type: ignore[arg-type]
        assert [result.result(timeout=PATIENCE_SECONDS) for result in results] == ["ready", "ready"]
    engine = open_engine(empty_url)
    try:
        with engine.connect() as connection:
            assert connection.execute(text("SELECT count(*) FROM revision")).scalar() == 1
            assert connection.execute(text("SELECT count(*) FROM alembic_version")).scalar() == 1
            accounts = connection.execute(text("SELECT count(*) FROM account")).scalar()
            values = connection.execute(text("SELECT count(*) FROM parameter")).scalar()
        assert (accounts, values) == (
            (0, 0) if what is _start_at_once else (1, len(REFERENCE.parameters))
        )
        assert set(schema_of(engine)) == set(METADATA.tables)
    finally:
        engine.dispose()


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("revision", {"id": 2, "value": 0}),
        (
            "wish",
            {
                "id": 1,
                "lg_code": "271004",
                "fiscal_year": 2023,
                "plan": 1,
                "state": "dreaming",
                "visits": 12,
                "gross": 2,
                "subsidy": 1,
                "net": 1,
                "reason": "",
                "recorded_at": "2023-10-02 00:00:00",
                "recorded_by": "a",
            },
        ),
        (
            "wish",
            {
                "id": 1,
                "lg_code": "271004",
                "fiscal_year": 2023,
                "plan": 1,
                "state": "wished",
                "visits": 12,
                "gross": 3,
                "subsidy": 1,
                "net": 1,
                "reason": "",
                "recorded_at": "2023-10-02 00:00:00",
                "recorded_by": "a",
            },
        ),
    ],
    ids=["second revision", "unknown state", "does not add up"],
)
def test_the_database_itself_refuses_what_cannot_be(
    engine: Engine, table: str, row: dict[str, object]
) -> None:
    columns = ", ".join(row)
    values = ", ".join(f":{name}" for name in row)
    with engine.connect() as connection, pytest.raises(IntegrityError):
        connection.execute(text(f"INSERT INTO {table} ({columns}) VALUES ({values})"), row)


def test_a_moment_without_a_zone_is_refused(engine: Engine) -> None:
    audit = METADATA.tables["audit"]
    row = dict.fromkeys(("actor", "action", "subject", "detail", "previous_hash", "hash"), "x")
    naive = datetime(2023, 10, 2)  # noqa: DTZ001
    with engine.connect() as connection, pytest.raises(StatementError, match="time zone"):
        connection.execute(audit.insert().values(at=naive, role="viewer", **row))
