"""All rows as one file, and back: between servers, versions and the two databases.

A zip of ``manifest.json`` and one ``<table>.jsonl`` a table. Sign-ins are left out: whoever
restores a backup signs in anew. Writing reads the tables as the database has them, so a program
writes backups of a newer schema too. The audit trail in it is its seal: what is restored is verified
(core/store/verification.py) before it is committed, against a head kept elsewhere where one is given.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zipfile
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time
from typing import IO, Any

from sqlalchemy import Connection, Engine, MetaData, Table, func, inspect, select
from sqlalchemy.orm import Session

from core.store.audit import Head
from core.store.schema import (
    alembic_revision,
    grant,
    is_known,
    may_change_tables,
    upgrade_to,
)
from core.store.verification import Verification, verify
from core.values.errors import ConflictError, InvalidInputError, SettingsError

FORMAT = 1
"""Raised when a file of today could not be read by an older program."""
_LEFT_OUT = frozenset({"alembic_version", "session", "sign_in_limit"})
_MANIFEST = "manifest.json"
_AT_ONCE = 1000
_BYTES_AT_ONCE = 16 * 1024**2
_ANOTHER = "別のバックアップを使ってください。"
_NOT_A_BACKUP = "乗合のバックアップとして読めないファイルです。noriai backup で作ったファイルを指定してください。"


@dataclass(frozen=True)
class Manifest:
    """What a backup holds."""

    format: int  # :data:`FORMAT` of the program that wrote it
    schema: str  # migration the rows fit
    made_at: str  # when, ISO 8601 with time zone
    rows: dict[str, int]  # number of rows by table
    digests: dict[str, str]  # SHA-256 of each table's lines
    head: str  # end of the audit trail, as ``noriai audit head`` prints it


def write_backup(engine: Engine, file: IO[bytes], now: datetime) -> Manifest:
    """Write every row, all as of one moment.

    Args:
        file: Seekable, open for writing.
        now: What the manifest says, with time zone.
    """
    rows: dict[str, int] = {}
    digests: dict[str, str] = {}
    with (
        _at_one_moment(engine) as connection,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        schema, head = alembic_revision(connection), ""
        for table in _tables(connection):
            digest, count = hashlib.sha256(), 0
            with archive.open(f"{table.name}.jsonl", "w", force_zip64=True) as member:
                query = select(table).order_by(*table.primary_key)
                for row in connection.execution_options(yield_per=100).execute(query):
                    values = dict(row._mapping)
                    if table.name == "revision":
                        head = f"{values.get('audit_number')}:{values.get('audit_hash')}"
                    line = json.dumps(values, ensure_ascii=False, default=_plain).encode() + b"\n"
                    member.write(line)
                    digest.update(line)
                    count += 1
            rows[table.name], digests[table.name] = count, digest.hexdigest()
        manifest = Manifest(FORMAT, schema, now.astimezone(UTC).isoformat(), rows, digests, head)
        archive.writestr(_MANIFEST, json.dumps(asdict(manifest), ensure_ascii=False, indent=1))
    return manifest


def read_backup(
    engine: Engine, file: IO[bytes], *, expected: Collection[Head] = (), anyway: bool = False
) -> tuple[Manifest, Verification]:
    """Fill a database without tables from a backup, wholly or not at all.

    The tables are made as they were when the backup was written, filled, brought to today's schema
    and verified, all in one transaction.

    Args:
        expected: Heads of the audit trail kept elsewhere.
        anyway: Keep what was restored even where it is not what the audit trail says.

    Raises:
        InvalidInputError: Not a backup, damaged, changed since, or of a newer program.
        ConflictError: The database has tables already.
    """
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = _manifest(archive)
            found = _fill(engine, archive, manifest, expected, anyway=anyway)
    except (zipfile.BadZipFile, KeyError, UnicodeDecodeError, ValueError, TypeError):
        raise _refused(_NOT_A_BACKUP) from None
    return manifest, found


def _fill(
    engine: Engine,
    archive: zipfile.ZipFile,
    manifest: Manifest,
    expected: Collection[Head],
    *,
    anyway: bool,
) -> Verification:
    with (
        engine.connect().execution_options(noriai_write=True) as connection,
        connection.begin(),
    ):
        if inspect(connection).get_table_names():
            raise ConflictError(
                "復元先のデータベースに既に表があります。空のデータベースを NORIAI_DATABASE_URL に"
                "指定するか、サーバーを止め、今のファイル(名前の後に -wal と -shm が付くものがあれば"
                "それも一緒に)を別の場所に移してからやり直してください。"
            )
        if not may_change_tables(connection):
            raise SettingsError(
                "復元には表の持ち主の接続先を NORIAI_DATABASE_URL に指定してください"
                "(docs/operations.md)。"
            )
        upgrade_to(connection, manifest.schema)
        tables = list(_tables(connection))
        if {table.name for table in tables} != manifest.rows.keys():
            raise _refused("バックアップの表が足りないか、余分です。" + _ANOTHER)
        for table in tables:
            _fill_table(connection, table, archive, manifest)
        upgrade_to(connection, "head")
        grant(connection)
        with Session(connection, join_transaction_mode="rollback_only") as session:
            found = verify(session, expected)
        if found.findings and not anyway:
            raise _refused("\n".join([*found.words, "何も復元していません。" + _ANOTHER]))
        return found


def _fill_table(
    connection: Connection, table: Table, archive: zipfile.ZipFile, manifest: Manifest
) -> None:
    digest, count = hashlib.sha256(), 0
    with archive.open(f"{table.name}.jsonl") as member:
        for lines in _portions(member):
            for line in lines:
                digest.update(line)
            count += len(lines)
            connection.execute(table.insert(), [_decoded(json.loads(line)) for line in lines])
    if (count, digest.hexdigest()) != (manifest.rows[table.name], manifest.digests[table.name]):
        raise _refused(f"バックアップの「{table.name}」が壊れています。{_ANOTHER}")
    if connection.dialect.name == "postgresql" and table.autoincrement_column is not None:
        column = table.autoincrement_column
        sequence = func.pg_get_serial_sequence(table.name, column.name)
        last = select(func.max(column)).scalar_subquery()
        connection.execute(select(func.setval(sequence, last)).where(last.is_not(None)))


def _portions(member: IO[bytes]) -> Iterator[list[bytes]]:
    """Lines in handfuls that fit into memory: a row may hold a file of several MB."""
    lines: list[bytes] = []
    size = 0
    for line in member:
        lines.append(line)
        size += len(line)
        if len(lines) == _AT_ONCE or size >= _BYTES_AT_ONCE:
            yield lines
            lines, size = [], 0
    if lines:
        yield lines


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    manifest = Manifest(**json.loads(archive.read(_MANIFEST)))
    if manifest.format > FORMAT:
        raise _refused(
            "新しい版の乗合で作られたバックアップです。同じ版以降の乗合で復元してください。"
        )
    if not is_known(manifest.schema):
        raise _refused(
            f"このプログラムより新しいデータベースのバックアップです(版 {manifest.schema})。"
            "同じ版以降の乗合で復元してください。"
        )
    return manifest


def _refused(reason: str) -> InvalidInputError:
    return InvalidInputError({"file": reason})


def _at_one_moment(engine: Engine) -> Connection:
    connection = engine.connect()
    if connection.dialect.name == "postgresql":
        return connection.execution_options(isolation_level="REPEATABLE READ")
    return connection


def _tables(connection: Connection) -> Iterator[Table]:
    """The tables as the database has them, those that others refer to first."""
    found = MetaData()
    found.reflect(connection)
    yield from (table for table in found.sorted_tables if table.name not in _LEFT_OUT)


def _plain(value: object) -> dict[str, str]:
    """What JSON has no words for."""
    if isinstance(value, datetime):
        moment = value if value.tzinfo else value.replace(tzinfo=UTC)
        return {"instant": moment.astimezone(UTC).isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, time):
        return {"time": value.isoformat()}
    if isinstance(value, bytes):
        return {"bytes": base64.b64encode(value).decode()}
    raise TypeError(type(value))


def _decoded(row: Mapping[str, object]) -> dict[str, object]:
    return {name: _value(plain) for name, plain in row.items()}


def _value(plain: object) -> object:
    if not isinstance(plain, dict):
        return plain
    ((kind, words),) = plain.items()
    readers: dict[str, Any] = {
        "instant": datetime.fromisoformat,
        "day": date.fromisoformat,
        "time": time.fromisoformat,
        "bytes": base64.b64decode,
    }
    return readers[kind](words)
