"""All rows to a file and back, also from one database to the other."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import URL, Engine, func, inspect, select, text

from core.access.principal import CONSOLE, PUBLIC, Principal, Role
from core.cli import main
from core.commands.accounts import add_account
from core.commands.backup import make_backup, restore_backup
from core.commands.sessions import sign_in
from core.commands.wishes import hand_in_wishes
from core.estimate.request import EstimateRequest, PlanChoice
from core.store.audit import latest_entries, record_audit
from core.store.engine import data_revision, open_engine, reading, writing
from core.store.kpi import TARGETS
from core.store.schema import METADATA, upgrade
from core.store.verification import verify
from core.support.wish import WishState
from core.values.errors import ConflictError, InvalidInputError, SettingsError
from core.views.administration import audit_head_view
from tests.support.databases import sqlite_url
from tests.support.reference import REFERENCE

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
        reference=REFERENCE,
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
        reference=REFERENCE,
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
        assert inspect(connection).get_table_names() == []


def resealed(file: io.BytesIO, tables: dict[str, Callable[[bytes], bytes | None]]) -> io.BytesIO:
    """Tables changed, or dropped for None, with a manifest that says so in every line."""
    new = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(new, "w") as archive:
        manifest = json.loads(old.read("manifest.json"))
        for name in old.namelist():
            table, body = name.removesuffix(".jsonl"), old.read(name)
            if table in tables:
                body = tables[table](body)
                if body is None:
                    del manifest["rows"][table], manifest["digests"][table]
                    continue
                manifest["rows"][table] = body.count(b"\n")
                manifest["digests"][table] = hashlib.sha256(body).hexdigest()
            if name != "manifest.json":
                archive.writestr(name, body)
        archive.writestr("manifest.json", json.dumps(manifest))
    new.seek(0)
    return new


FORGED = {
    "a changed row": {"wish": lambda body: body.replace(b'"wished"', b'"approved"')},
    "a row less": {"wish": lambda body: body.splitlines(keepends=True)[0]},
    "no row": {"wish": lambda _: b""},
    "a row more": {"wish": lambda body: body + body.splitlines()[-1].replace(b'"id": 2', b'"id": 3') + b"\n"},
    "a role raised": {"account": lambda body: body.replace(b'"officer", "lg_code": "271403"', b'"secretariat", "lg_code": null')},
    "a dropped table": {"wish": lambda _: None},
    "the tail cut": {"audit": lambda body: b"".join(body.splitlines(keepends=True)[:-1])},
    "no audit trail": {"audit": lambda _: b""},
}  # fmt: skip


def test_a_backup_changed_with_its_manifest_is_refused_wholly(
    worked_with: Engine, tmp_path: Path, secretariat: Principal, now: datetime
) -> None:
    file = backup(worked_with, secretariat, now)
    for name, tables in FORGED.items():
        empty = open_engine(sqlite_url(tmp_path / f"{name}.db"))
        with pytest.raises(InvalidInputError, match="別のバックアップ"):
            restore_backup(empty, secretariat, file=resealed(file, tables), now=now)
        assert inspect(empty).get_table_names() == [], name
        empty.dispose()


def test_what_was_changed_is_restored_only_when_told_to(
    worked_with: Engine, other: Engine, secretariat: Principal, now: datetime
) -> None:
    forged = resealed(backup(worked_with, secretariat, now), FORGED["a changed row"])
    with pytest.raises(InvalidInputError, match="参加希望"):
        restore_backup(other, secretariat, file=forged, now=now)
    _, found = restore_backup(other, secretariat, file=forged, anyway=True, now=now)
    assert any("参加希望" in each for each in found.findings)
    with reading(other) as session:
        assert latest_entries(session, 1)[0].detail["findings"] == 1


def test_a_backup_of_an_earlier_day_is_told_by_the_head_kept_since(
    worked_with: Engine, other: Engine, secretariat: Principal, now: datetime
) -> None:
    file = backup(worked_with, secretariat, now)
    later = audit_head_view(worked_with, CONSOLE)  # the entry of making it came after its rows
    with pytest.raises(InvalidInputError, match="切り取られています"):
        restore_backup(other, secretariat, file=file, expected={later}, now=now)


def test_a_file_of_any_size_that_was_written_is_restored(
    worked_with: Engine, other: Engine, secretariat: Principal, now: datetime
) -> None:
    """More than the 64 KiB and the handful of rows one step takes, in one row and in many."""
    with writing(worked_with) as session:
        rows = [
            {"indicator": "x", "day": now.date(), "value": 1, "note": "あ" * size,
             "recorded_at": now, "recorded_by": "x"}
            for size in [3_000_000] + [10] * 2_500
        ]  # fmt: skip
        session.execute(TARGETS.table.insert(), rows)
        record_audit(session, CONSOLE, now, "kpi:set_target", "", {})
    restore_backup(other, secretariat, file=backup(worked_with, secretariat, now), now=now)
    assert rows_of(other, "kpi_target") == 2_501


def rows_of(engine: Engine, table: str) -> int:
    with reading(engine) as session:
        return session.scalar(text(f"SELECT count(*) FROM {table}")) or 0


def newer(engine: Engine) -> None:
    """As a later release would have left it."""
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE of_later (id INTEGER PRIMARY KEY, word TEXT)"))
        connection.execute(text("INSERT INTO of_later VALUES (1, 'あした')"))
        connection.execute(text("ALTER TABLE wish ADD COLUMN of_later TEXT"))
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))


def test_a_newer_schema_is_written_and_refused_in_words(
    worked_with: Engine, other: Engine, secretariat: Principal, now: datetime
) -> None:
    newer(worked_with)
    file = backup(worked_with, secretariat, now)
    with zipfile.ZipFile(file) as archive:
        assert "あした" in archive.read("of_later.jsonl").decode()
        assert b'"of_later": null' in archive.read("wish.jsonl")
        head = json.loads(archive.read("manifest.json"))["head"]
    assert head == str(audit_head_view(worked_with, CONSOLE)), "nothing was recorded in it"
    with pytest.raises(InvalidInputError, match="新しいデータベース"):
        restore_backup(other, secretariat, file=file, now=now)
    with pytest.raises(SettingsError, match="新しい版"):
        upgrade(worked_with)


def test_a_release_is_rolled_back_with_the_backup_of_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """docs/operations.md, 戻す, word by word."""
    file, broken = tmp_path / "noriai.db", tmp_path / "noriai.db.9999"
    monkeypatch.setenv("NORIAI_DATABASE_URL", f"sqlite:///{file}")
    assert main(["init"]) == 0
    assert main(["backup", str(tmp_path / "before.zip")]) == 0
    engine = open_engine(sqlite_url(file))
    newer(engine)
    engine.dispose()
    assert main(["init"]) == 2
    assert "新しい版" in capsys.readouterr().err
    assert main(["backup", str(tmp_path / "after.zip")]) == 0
    for end in ("", "-wal", "-shm"):
        if (there := tmp_path / f"noriai.db{end}").exists():
            there.rename(tmp_path / f"{broken.name}{end}")
    assert main(["restore", str(tmp_path / "before.zip")]) == 0
    assert main(["audit", "verify"]) == 0
    assert main(["restore", str(tmp_path / "after.zip")]) == 2


def test_a_backup_follows_no_link_and_overwrites_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NORIAI_DATABASE_URL", f"sqlite:///{tmp_path / 'one.db'}")
    assert main(["init"]) == 0
    precious = tmp_path / "precious"
    precious.write_text("x", "utf-8")
    (tmp_path / "link.zip").symlink_to(precious)
    (tmp_path / "nowhere.zip").symlink_to(tmp_path / "made-by-following")
    (tmp_path / "new.zip.part").symlink_to(precious)
    assert main(["backup", str(tmp_path / "link.zip")]) == 2
    assert main(["backup", str(tmp_path / "nowhere.zip")]) == 2
    assert main(["backup", str(tmp_path / "new.zip")]) == 0
    assert precious.read_text("utf-8") == "x"
    assert not (tmp_path / "made-by-following").exists()


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
    assert main(["backup", file]) == 2
    assert "記録がありません" in capsys.readouterr().err
    assert not (tmp_path / "one.db").exists()
    assert main(["init"]) == 0
    assert main(["backup", file]) == 0
    head = capsys.readouterr().out.partition("監査記録の末尾: ")[2].partition("(")[0]
    assert main(["backup", file]) == 2
    assert "既にあります" in capsys.readouterr().err
    assert [path.name for path in tmp_path.glob("noriai.zip*")] == ["noriai.zip"]
    assert Path(file).stat().st_mode & 0o077 == 0
    assert main(["restore", file]) == 2
    monkeypatch.setenv("NORIAI_DATABASE_URL", f"sqlite:///{tmp_path / 'two.db'}")
    wrong = f"{head.partition(':')[0]}:{'0' * 64}"
    assert main(["restore", file, "--expect", wrong]) == 2
    assert "控えと違います" in capsys.readouterr().err
    assert main(["restore", file, "--expect", head]) == 0
    out = capsys.readouterr().out
    assert "復元しました" in out
    assert "控えた末尾1件とも一致します" in out
    assert main(["audit", "verify", "--expect", head]) == 0
    assert main(["restore", str(tmp_path / "none.zip")]) == 2
    engine = open_engine(URL.create("sqlite", database=str(tmp_path / "two.db")))
    assert data_revision(engine) > 0
    with reading(engine) as session:
        accounts = session.scalar(select(func.count()).select_from(METADATA.tables["account"]))
    engine.dispose()
    assert accounts == 1
