"""All rows to a file and back, also from one database to the other."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import URL, Engine, func, select, text

from core.access.principal import PUBLIC, Principal, Role
from core.cli import main
from core.commands.accounts import add_account
from core.commands.backup import make_backup, restore_backup
from core.commands.sessions import sign_in
from core.commands.wishes import hand_in_wishes
from core.estimate.request import EstimateRequest, PlanChoice
from core.store.engine import data_revision, open_engine, reading
from core.store.schema import METADATA
from core.store.verification import verify
from core.support.wish import WishState
from core.values.errors import ConflictError, InvalidInputError

SAKAI = "271403"
REQUEST = EstimateRequest(fiscal_year=2023, choices=(PlanChoice(6, 12), PlanChoice(4, 11)))


@pytest.fixture
def worked_with(
    engine: Engine, secretariat: Principal, officer: Callable[[str], Principal], now: datetime
) -> Engine:
    """A database in which somebody did something, with 外字, quotes and a sign-in."""
    password = add_account(
        engine,
        secretariat,
        username="sakai",
        display_name='堺市 "𠮷田" 担当',
        role=Role.OFFICER,
        lg_code=SAKAI,
        known_codes=frozenset({SAKAI}),
        now=now,
    )
    sign_in(engine, PUBLIC, username="sakai", password=password, now=now)
    hand_in_wishes(
        engine,
        officer(SAKAI),
        lg_code=SAKAI,
        request=REQUEST,
        state=WishState.WISHED,
        plans=range(1, 8),
        seen={},
        request_id="a",
        now=now,
    )
    return engine


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def other(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database without any table, to restore into."""
    if request.param == "sqlite":
        engine = open_engine(URL.create("sqlite", database=str(tmp_path / "other.db")))
        yield engine
        engine.dispose()
        return
    databases = request.getfixturevalue("postgres_databases")
    url = databases.create()
    engine = open_engine(url)
    yield engine
    engine.dispose()
    databases.drop(url)


def rows(engine: Engine, *, without: frozenset[str] = frozenset()) -> dict[str, list[tuple]]:
    with reading(engine) as session:
        return {
            table.name: [tuple(row) for row in session.execute(select(table).order_by(*table.c))]
            for table in METADATA.sorted_tables
            if table.name not in without
        }


def backup(engine: Engine, principal: Principal, now: datetime) -> io.BytesIO:
    file = io.BytesIO()
    make_backup(engine, principal, file=file, now=now)
    file.seek(0)
    return file


def test_what_was_recorded_is_the_same_in_the_other_database(
    worked_with: Engine, other: Engine, secretariat: Principal, now: datetime
) -> None:
    before = rows(worked_with, without=frozenset({"audit", "session"}))
    restore_backup(other, secretariat, file=backup(worked_with, secretariat, now), now=now)
    after = rows(other, without=frozenset({"audit", "session"}))
    assert len(before["wish"]) == 2
    (old,), (new,) = before.pop("revision"), after.pop("revision")
    assert after == before
    assert new[1] > old[1], "a restored database must not answer from old caches"


def test_the_audit_trail_continues_after_a_restore(
    worked_with: Engine, other: Engine, secretariat: Principal, now: datetime
) -> None:
    restore_backup(other, secretariat, file=backup(worked_with, secretariat, now), now=now)
    with reading(other) as session:
        assert verify(session).findings == []
        last = session.execute(text("SELECT action FROM audit ORDER BY id DESC LIMIT 1")).scalar()
    assert last == "backup:restore"


def test_writing_goes_on_after_a_restore(
    worked_with: Engine,
    other: Engine,
    secretariat: Principal,
    officer: Callable[[str], Principal],
    now: datetime,
) -> None:
    restore_backup(other, secretariat, file=backup(worked_with, secretariat, now), now=now)
    hand_in_wishes(
        other,
        officer("271004"),
        lg_code="271004",
        request=REQUEST,
        state=WishState.WISHED,
        plans=range(1, 8),
        seen={},
        request_id="b",
        now=now,
    )
    assert len(rows(other)["wish"]) == 4


def test_nobody_is_signed_in_after_a_restore(
    worked_with: Engine, other: Engine, secretariat: Principal, now: datetime
) -> None:
    assert rows(worked_with)["session"]
    restore_backup(other, secretariat, file=backup(worked_with, secretariat, now), now=now)
    assert rows(other)["session"] == []


def test_a_database_in_use_is_left_as_it_is(
    worked_with: Engine, secretariat: Principal, now: datetime
) -> None:
    file = backup(worked_with, secretariat, now)
    before = rows(worked_with)
    with pytest.raises(ConflictError, match="既に表があります"):
        restore_backup(worked_with, secretariat, file=file, now=now)
    assert rows(worked_with) == before


def changed(file: io.BytesIO, name: str, content: Callable[[bytes], bytes]) -> io.BytesIO:
    new = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(new, "w") as archive:
        for member in old.namelist():
            body = old.read(member)
            archive.writestr(member, content(body) if member == name else body)
    new.seek(0)
    return new


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("wish.jsonl", lambda body: body.replace(b"wished", b"approved")),
        ("wish.jsonl", lambda body: body.splitlines(keepends=True)[0]),
        ("manifest.json", lambda _: b"{}"),
        ("manifest.json", lambda body: json.dumps(json.loads(body) | {"schema": "9999"}).encode()),
        ("manifest.json", lambda body: json.dumps(json.loads(body) | {"format": 2}).encode()),
    ],
    ids=["another state", "a row less", "no manifest", "unknown schema", "newer program"],
)
def test_a_damaged_backup_leaves_nothing_behind(
    worked_with: Engine,
    other: Engine,
    secretariat: Principal,
    now: datetime,
    name: str,
    content: Callable[[bytes], bytes],
) -> None:
    file = changed(backup(worked_with, secretariat, now), name, content)
    with pytest.raises(InvalidInputError, match="バックアップ"):
        restore_backup(other, secretariat, file=file, now=now)
    with other.connect() as connection:
        from sqlalchemy import inspect

        assert inspect(connection).get_table_names() == []


@pytest.mark.parametrize("content", [b"", b"PK", b"%PDF-1.7"])
def test_what_is_no_backup_is_refused(
    other: Engine, secretariat: Principal, now: datetime, content: bytes
) -> None:
    with pytest.raises(InvalidInputError, match="noriai backup"):
        restore_backup(other, secretariat, file=io.BytesIO(content), now=now)


def test_the_command_line_writes_once_and_restores(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NORIAI_DATABASE_URL", f"sqlite:///{tmp_path / 'one.db'}")
    file = str(tmp_path / "noriai.zip")
    assert main(["backup", file]) == 0
    assert main(["backup", file]) == 2
    assert "既にあります" in capsys.readouterr().err
    assert Path(file).stat().st_mode & 0o077 == 0
    assert main(["restore", file]) == 2
    monkeypatch.setenv("NORIAI_DATABASE_URL", f"sqlite:///{tmp_path / 'two.db'}")
    assert main(["restore", file]) == 0
    assert "復元しました" in capsys.readouterr().out
    assert main(["restore", str(tmp_path / "none.zip")]) == 2
    engine = open_engine(URL.create("sqlite", database=str(tmp_path / "two.db")))
    assert data_revision(engine) > 0
    with reading(engine) as session:
        accounts = session.scalar(select(func.count()).select_from(METADATA.tables["account"]))
    engine.dispose()
    assert accounts == 1
