"""Bring a database to today's schema and fill an empty one from data/."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, Table, insert, text

from core.store import (  # noqa: F401  each declares its tables
    accounts,
    attendance,
    audit,
    boarding,
    calendar_tokens,
    catalogue,
    consultations,
    contacts,
    coverage,
    demonstration,
    enrolments,
    estimates,
    inquiries,
    kpi,
    ledger,
    letters,
    meetings,
    news,
    parameters,
    request_forms,
    sign_in_limits,
    subsidy,
    subsidy_templates,
    support,
    trainings,
    wishes,
)
from core.store.engine import FIRST_REVISION, RevisionRow
from core.store.table import Base
from core.values.errors import SettingsError

METADATA = Base.metadata
"""All tables."""
INSERT_ONLY = frozenset(
    name for name, table in METADATA.tables.items() if table.info.get("insert_only")
)
"""Those whose rows the database itself refuses to change or delete."""

_MIGRATIONS = Path(__file__).parent / "migrations"
_PROGRAM = "noriai_program"
"""The role of deploy/postgresql/roles.sql that the program runs with."""
_LOCK = 5_090_123  # any fixed number: two servers that start together take turns


def alembic_config(connection: Connection) -> Config:
    """Alembic configured for a connection, without an ini file."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine) -> None:
    """Apply what is missing; safe to call at every start and from several servers at once.

    On PostgreSQL the owner of the tables also grants the program's role what each table allows;
    that role itself can only find that nothing is missing (deploy/postgresql/roles.sql).

    Raises:
        SettingsError: The database is of a newer program, or whoever asks may not change tables.
    """
    with engine.connect() as connection:
        revision = alembic_revision(connection)
        owner = may_change_tables(connection)
    if revision and not is_known(revision):
        raise SettingsError(
            f"データベースはこのプログラムより新しい版のものです(版 {revision})。新しい版の乗合を"
            "使うか、noriai backup で書き出してから、戻す手順(docs/operations.md)に従ってください。"
        )
    if owner:
        _upgrade(engine)
    elif not is_current(revision):
        raise SettingsError(
            "データベースの表を用意する必要があります。表の持ち主の接続先を NORIAI_DATABASE_URL に"
            "指定して noriai init を1回実行してください(docs/operations.md)。"
        )


def _upgrade(engine: Engine) -> None:
    with (
        engine.connect().execution_options(noriai_write=True) as connection,
        connection.begin(),
    ):
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        upgrade_to(connection, "head")
        if connection.execute(text("SELECT count(*) FROM revision")).scalar_one() == 0:
            connection.execute(insert(RevisionRow), [FIRST_REVISION])
        grant(connection)


def may_change_tables(connection: Connection) -> bool:
    """Whether whoever asks may make the tables, or made them."""
    if connection.dialect.name != "postgresql":
        return True
    query = """
        SELECT COALESCE(
            (SELECT pg_has_role(current_user, relowner, 'USAGE')
               FROM pg_class WHERE oid = to_regclass('alembic_version')),
            has_schema_privilege(current_user, current_schema(), 'CREATE'),
            false)
    """
    return bool(connection.execute(text(query)).scalar())


def grant(connection: Connection) -> None:
    """Give the program's role, where there is one, what each table allows and nothing else."""
    if connection.dialect.name != "postgresql":
        return
    there = text("SELECT count(*) FROM pg_roles WHERE rolname = :name")
    if not connection.execute(there, {"name": _PROGRAM}).scalar_one():
        return
    rights = {table.name: rights_on(table) for table in METADATA.sorted_tables}
    for table, granted in (rights | {"alembic_version": "SELECT"}).items():
        connection.execute(text(f"REVOKE ALL ON {table} FROM {_PROGRAM}"))
        connection.execute(text(f"GRANT {granted} ON {table} TO {_PROGRAM}"))
    sequences = "ALL SEQUENCES IN SCHEMA public"
    connection.execute(text(f"GRANT USAGE ON {sequences} TO {_PROGRAM}"))


def rights_on(table: Table) -> str:
    """What the program needs of a table, in the words of PostgreSQL."""
    if table.info.get("insert_only"):
        return "SELECT, INSERT"
    return str(table.info.get("rights", "SELECT, INSERT, UPDATE, DELETE"))


def alembic_revision(connection: Connection) -> str:
    """The migration a database stands at; empty for one without tables."""
    return MigrationContext.configure(connection).get_current_revision() or ""


def is_known(revision: str) -> bool:
    """Whether this program has the migration."""
    try:
        return ScriptDirectory(str(_MIGRATIONS)).get_revision(revision) is not None
    except CommandError:
        return False


def is_current(revision: str) -> bool:
    """Whether this program works with a database at that migration."""
    return revision == ScriptDirectory(str(_MIGRATIONS)).get_current_head()


def upgrade_to(connection: Connection, revision: str) -> None:
    """Apply migrations up to one, in the transaction of the connection.

    Raises:
        ValueError: No migration is called so.
    """
    try:
        command.upgrade(alembic_config(connection), revision)
    except CommandError as error:
        raise ValueError(str(error)) from None
