"""The file of SQLite: readable by its owner alone, and nothing is acknowledged into another one."""

from __future__ import annotations

import logging
import shutil
import sqlite3
import stat
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from core.access.principal import CONSOLE, Role
from core.cli import main
from core.commands.accounts import add_account
from core.store import database_file
from core.store.engine import check_ready, data_revision, open_engine, reading
from core.values.errors import DatabaseTroubleError, SettingsError, Trouble
from tests.support.databases import made_ready, sqlite_url

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="open files cannot be moved there")


@pytest.fixture
def file(tmp_path: Path, sqlite_template: Path) -> Path:
    folder = tmp_path / "of" / "noriai"
    folder.mkdir(parents=True)
    shutil.copyfile(sqlite_template, folder / "noriai.db")
    return folder / "noriai.db"


@pytest.fixture
def running(file: Path, now: datetime) -> Iterator[Engine]:
    """An engine that has written and holds a connection, as a server does."""
    engine = open_engine(sqlite_url(file))
    write(engine, now, "ichi")
    assert check_ready(engine) == ""
    yield engine
    engine.dispose()


def write(engine: Engine, now: datetime, username: str) -> None:
    add_account(
        engine,
        CONSOLE,
        username=username,
        display_name="x",
        role=Role.VIEWER,
        lg_code=None,
        known_codes=frozenset(),
        now=now,
    )


def names(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as connection:
        return [row[0] for row in connection.execute("SELECT username FROM account ORDER BY 1")]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# ── whose it is ───────────────────────────────────────────────────────────────────────────────


def test_database_and_folder_are_their_owners_alone(tmp_path: Path, now: datetime) -> None:
    file = tmp_path / "new" / "deeper" / "noriai.db"
    made_ready(sqlite_url(file))
    engine = open_engine(sqlite_url(file))
    write(engine, now, "ichi")
    for path in (file, *(file.with_name(f"noriai.db-{end}") for end in ("wal", "shm"))):
        assert mode(path) == 0o600, path
    engine.dispose()
    assert mode(file.parent) == mode(file.parent.parent) == 0o700


def test_what_was_open_to_others_is_closed(file: Path, now: datetime) -> None:
    file.chmod(0o644)
    engine = open_engine(sqlite_url(file))
    write(engine, now, "ichi")
    assert mode(file) == mode(file.with_name("noriai.db-wal")) == 0o600
    engine.dispose()


def test_files_the_command_line_writes_are_their_owners_alone(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NORIAI_DATABASE_URL", f"sqlite:///{file}")
    export, backup = tmp_path / "ledger.csv", tmp_path / "noriai.zip"
    assert main(["ledger", "export", str(export)]) == 0
    assert main(["backup", str(backup)]) == 0
    assert main(["export", "open-data", str(tmp_path / "open")]) == 0
    assert mode(export) == mode(backup) == 0o600
    assert {mode(path) for path in (tmp_path / "open").rglob("*") if path.is_file()} == {0o600}


# ── that it is the same ───────────────────────────────────────────────────────────────────────


def moved(file: Path) -> None:
    file.rename(file.with_name("elsewhere.db"))


def replaced(file: Path) -> None:
    other = file.with_name("other.db")
    made_ready(sqlite_url(other))
    other.replace(file)


def folder_moved(file: Path) -> None:
    file.parent.rename(file.parent.with_name("elsewhere"))


@pytest.mark.parametrize("disturb", [moved, Path.unlink, replaced, folder_moved])
def test_nothing_is_acknowledged_once_the_file_is_another(
    running: Engine, file: Path, now: datetime, disturb: object
) -> None:
    disturb(file)  # type: ignore[operator]
    for act in (lambda: write(running, now, "nii"), lambda: data_revision(running)):
        with pytest.raises(DatabaseTroubleError) as refused:
            act()
        assert refused.value.trouble is Trouble.GONE
        assert "置き換えられています" in str(refused.value)
    with pytest.raises(DatabaseTroubleError), reading(running) as session:
        session.execute(text("SELECT 1"))
    assert "置き換えられています" in check_ready(running)
    if disturb is not replaced:
        assert not file.exists(), "no empty database is made in its place"


def test_a_database_put_back_is_worked_with_again(
    running: Engine, file: Path, now: datetime
) -> None:
    moved(file)
    with pytest.raises(DatabaseTroubleError):
        write(running, now, "nii")
    file.with_name("elsewhere.db").rename(file)
    assert check_ready(running) == ""
    write(running, now, "san")
    assert names(file) == ["ichi", "san"]


def test_a_deleted_wal_is_noticed_before_the_write_is_acknowledged(
    running: Engine, file: Path, now: datetime
) -> None:
    file.with_name("noriai.db-wal").unlink()
    with pytest.raises(DatabaseTroubleError) as refused:
        write(running, now, "nii")
    assert refused.value.trouble is Trouble.GONE


def test_a_file_replaced_in_the_middle_of_a_write_is_not_acknowledged(
    running: Engine, file: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.commands import accounts

    check = accounts.check_account

    def slow(*arguments: object) -> None:
        check(*arguments)  # type: ignore[arg-type]
        replaced(file)

    monkeypatch.setattr(accounts, "check_account", slow)
    with pytest.raises(DatabaseTroubleError):
        write(running, now, "nii")


def test_an_older_copy_laid_over_the_file_is_not_written_to(
    running: Engine, file: Path, now: datetime
) -> None:
    """As ``cp old.db noriai.db`` does: the same file by name and number, with less in it."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE revision SET audit_number = audit_number - 1")
        connection.commit()
    with pytest.raises(DatabaseTroubleError) as refused:
        write(running, now, "nii")
    assert refused.value.trouble is Trouble.GONE


def test_no_room_is_said(running: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_file, "LEAST_FREE_BYTES", 1 << 62)
    assert "ディスクの空き" in check_ready(running)


def test_a_database_on_either_kind_is_ready(engine: Engine) -> None:
    before = data_revision(engine)
    assert check_ready(engine) == ""
    assert data_revision(engine) == before
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE revision RENAME TO elsewhere"))
    assert check_ready(engine) != ""


# ── copies ────────────────────────────────────────────────────────────────────────────────────


def test_a_copy_is_warned_of_once(
    running: Engine, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    copy = file.with_name("copy.db")
    shutil.copyfile(file, copy)
    with caplog.at_level(logging.WARNING, "noriai"):
        for _ in range(2):
            open_engine(sqlite_url(copy)).dispose()
        open_engine(sqlite_url(file)).dispose()
    (warned,) = caplog.records
    assert "noriai audit verify --expect" in warned.getMessage()
    assert "copy.db" in warned.getMessage()


def test_a_torn_copy_is_refused(running: Engine, file: Path) -> None:
    running.dispose()  # all is in the one file now
    copy = file.with_name("copy.db")
    content = bytearray(file.read_bytes())
    content[8192:12288] = bytes(4096)
    copy.write_bytes(content)
    with pytest.raises(SettingsError, match="壊れています"):
        open_engine(sqlite_url(copy))


def test_a_wal_without_its_database_is_not_thrown_away(running: Engine, file: Path) -> None:
    left = file.with_name("noriai.db-wal")
    content = left.read_bytes()
    moved(file)
    with pytest.raises(SettingsError, match=r"noriai\.db-wal"):
        open_engine(sqlite_url(file))
    assert not file.exists()
    assert left.read_bytes() == content


def test_a_wal_of_the_file_before_is_not_taken_into_another(
    running: Engine, file: Path, tmp_path: Path
) -> None:
    """A backup's file put in place of the database, -wal and -shm of the old one left beside it."""
    other = open_engine(sqlite_url(tmp_path / "other.db"))
    with other.begin() as connection:
        for number in range(60):
            connection.execute(
                text(f"CREATE TABLE other_{number} (id INTEGER PRIMARY KEY, a TEXT)")
            )
    other.dispose()
    (tmp_path / "other.db").replace(file)  # keeps its number, so make it a copy
    shutil.copyfile(file, file.with_name("again.db"))
    file.with_name("again.db").replace(file)
    before = file.read_bytes()
    with pytest.raises(SettingsError, match="-wal が残っています"):
        open_engine(sqlite_url(file))
    assert file.read_bytes() == before
