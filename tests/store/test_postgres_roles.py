"""As the role the program runs with, everything works, and nothing that was recorded can be undone.

The roles are those of deploy/postgresql/roles.sql, made by psql as an operator makes them.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime

import pytest
from sqlalchemy import URL, Engine, text
from sqlalchemy.exc import DBAPIError

from core.access.principal import CONSOLE
from core.commands import letters
from core.commands.backup import make_backup, restore_backup
from core.commands.purge import purge_personal_data
from core.start import start
from core.store.engine import check_ready, open_engine
from core.store.schema import INSERT_ONLY, METADATA, rights_on, upgrade
from core.values.errors import SettingsError
from core.views.administration import audit_check_view
from tests.commands.examples import EXAMPLES, NOW, World, called
from tests.support.databases import PostgresDatabases, made_ready
from tests.support.reference import REFERENCE

pytestmark = pytest.mark.postgres


def as_owner(url: URL) -> URL:
    return url.set(username="noriai_owner")


def as_program(url: URL) -> URL:
    return url.set(username="noriai")


@pytest.fixture(scope="module")
def template(postgres_databases: PostgresDatabases) -> URL:
    """Schema and parameters, made by the owner."""
    url = postgres_databases.create()
    postgres_databases.make_roles(url)
    made_ready(as_owner(url))
    return url


@pytest.fixture
def program(postgres_databases: PostgresDatabases, template: URL) -> Iterator[Engine]:
    url = postgres_databases.create(template.database)
    postgres_databases.make_roles(url)  # what holds for a database is not copied with it
    engine = open_engine(as_program(url))
    yield engine
    engine.dispose()
    postgres_databases.drop(url)


def test_every_command_works(
    postgres_databases: PostgresDatabases, template: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letters, "send_mail", lambda *_args, **_more: None)
    for make in EXAMPLES:
        url = postgres_databases.create(template.database)
        engine = open_engine(as_program(url))
        world = World(engine)
        called(make(world), world, "click")
        engine.dispose()
        postgres_databases.drop(url)


def test_a_start_a_purge_a_backup_and_verifying_work(program: Engine, now: datetime) -> None:
    start(program, REFERENCE, now)
    start(program, REFERENCE, now)
    world = World(program)
    world.enrolled()
    assert purge_personal_data(program, CONSOLE, now=NOW.replace(year=2040)).people == 1
    make_backup(program, CONSOLE, file=io.BytesIO(), now=now)
    assert check_ready(program) == ""
    assert audit_check_view(program, CONSOLE).findings == []


REFUSED = [
    "ALTER TABLE {} DISABLE TRIGGER ALL",
    "ALTER TABLE {} DISABLE TRIGGER USER",
    "ALTER TABLE {} OWNER TO noriai",
    "ALTER TABLE {} ADD COLUMN more text",
    "DROP TRIGGER {0}_no_delete ON {0}",
    "DROP TABLE {} CASCADE",
    "TRUNCATE {} CASCADE",
    "DELETE FROM {}",
    "UPDATE {} SET id = id",
    "CREATE RULE none AS ON INSERT TO {} DO INSTEAD NOTHING",
    "CREATE TRIGGER none BEFORE INSERT ON {} FOR EACH ROW EXECUTE FUNCTION insert_only()",
]
REFUSED_OF_ALL = [
    "SET session_replication_role = replica",
    "SET ROLE noriai_owner",
    "SET SESSION AUTHORIZATION postgres",
    "CREATE TABLE more (id integer)",
    "CREATE TEMPORARY TABLE audit (id integer)",
    "CREATE OR REPLACE FUNCTION insert_only() RETURNS trigger LANGUAGE sql AS $$ SELECT 1 $$",
    "DROP FUNCTION insert_only() CASCADE",
    "CREATE ROLE another SUPERUSER",
    "ALTER ROLE noriai SUPERUSER",
    "GRANT noriai_owner TO noriai",
    "DROP SCHEMA public CASCADE",
    "DELETE FROM account",
    "DELETE FROM revision",
    "INSERT INTO revision (id, value, audit_number, audit_hash) VALUES (2, 1, 1, 1)",
    "UPDATE request SET result = ''",
    "DELETE FROM request",
    "UPDATE enrollee SET name = ''",
    "UPDATE alembic_version SET version_num = '0'",
]


def test_nothing_that_was_recorded_can_be_undone(program: Engine) -> None:
    allowed = []
    of_tables = (each.format(table) for table in sorted(INSERT_ONLY) for each in REFUSED)
    with program.connect() as connection:
        for statement in [*of_tables, *REFUSED_OF_ALL]:
            try:
                connection.execute(text(statement))
            except DBAPIError as error:
                state = getattr(error.orig, "sqlstate", None)
                if state not in ("42501", "0P000"):
                    allowed.append(f"{statement}: {error.orig}")
            else:
                allowed.append(statement)
            connection.rollback()
    assert allowed == []


def test_a_table_gets_what_it_says_it_needs_and_no_more(program: Engine) -> None:
    query = """
        SELECT table_name, string_agg(privilege_type, ', ' ORDER BY privilege_type)
          FROM information_schema.table_privileges
         WHERE grantee = 'noriai_program' GROUP BY table_name
    """
    with program.connect() as connection:
        found = {
            name: set(granted.split(", ")) for name, granted in connection.execute(text(query))
        }
    wanted = {table.name: set(rights_on(table).split(", ")) for table in METADATA.sorted_tables}
    assert found == wanted | {"alembic_version": {"SELECT"}}


def test_the_program_is_told_who_makes_tables(
    postgres_databases: PostgresDatabases, now: datetime
) -> None:
    url = postgres_databases.create()
    postgres_databases.make_roles(url)
    engine = open_engine(as_program(url))
    with pytest.raises(SettingsError, match="noriai init"):
        upgrade(engine)
    engine.dispose()
    owner = open_engine(as_owner(url))
    upgrade(owner)
    owner.dispose()
    program = open_engine(as_program(url))
    start(program, REFERENCE, now)  # what an empty database begins with needs no owner
    assert audit_check_view(program, CONSOLE).findings == []
    program.dispose()
    postgres_databases.drop(url)


def test_the_owner_restores_and_the_program_goes_on(
    program: Engine, postgres_databases: PostgresDatabases, now: datetime
) -> None:
    World(program).enrolled()
    file = io.BytesIO()
    make_backup(program, CONSOLE, file=file, now=now)
    url = postgres_databases.create()
    postgres_databases.make_roles(url)
    for role, refused in ((as_program(url), True), (as_owner(url), False)):
        empty = open_engine(role)
        if refused:
            with pytest.raises(SettingsError, match="持ち主"):
                restore_backup(empty, CONSOLE, file=file, now=now)
        else:
            restore_backup(empty, CONSOLE, file=file, now=now)
        empty.dispose()
    restored = open_engine(as_program(url))
    start(restored, REFERENCE, now)
    assert audit_check_view(restored, CONSOLE).findings == []
    restored.dispose()
    postgres_databases.drop(url)
