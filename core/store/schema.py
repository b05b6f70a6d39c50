"""Bring a database to today's schema and fill an empty one from data/."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, insert, text

from core.store import (  # noqa: F401  each declares its tables
    accounts,
    attendance,
    audit,
    boarding,
    calendar_tokens,
    consultations,
    coverage,
    demonstration,
    enrolments,
    estimates,
    kpi,
    ledger,
    meetings,
    parameters,
    sign_in_limits,
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
_LOCK = 5_090_123  # any fixed number: two servers that start together take turns


def alembic_config(connection: Connection) -> Config:
    """Alembic configured for a connection, without an ini file."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine) -> None:
    """Apply what is missing; safe to call at every start and from several servers at once.

    Raises:
        SettingsError: The database is of a newer program, or whoever asks may not change tables.
    """
    with engine.connect() as connection:
        revision = alembic_revision(connection)
    if revision and not is_known(revision):
        raise SettingsError(
            f"データベースはこのプログラムより新しい版のものです(版 {revision})。新しい版の乗合を"
            "使うか、noriai backup で書き出してから、戻す手順(docs/operations.md)に従ってください。"
        )
    with (
        engine.connect().execution_options(noriai_write=True) as connection,
        connection.begin(),
    ):
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        upgrade_to(connection, "head")
        if connection.execute(text("SELECT count(*) FROM revision")).scalar_one() == 0:
            connection.execute(insert(RevisionRow), [FIRST_REVISION])


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
