"""All rows as one file, and back: between servers, versions and the two databases.

A zip of ``manifest.json`` and one ``<table>.jsonl`` a table. Sign-ins are left out: whoever
restores a backup signs in anew.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time
from typing import IO, Any

from sqlalchemy import Connection, Engine, MetaData, Table, func, inspect, select, text

from core.store.schema import upgrade_to
from core.values.errors import ConflictError, InvalidInputError

FORMAT = 1
"""Raised when a file of today could not be read by an older program."""
_LEFT_OUT = frozenset({"alembic_version", "session", "sign_in_limit"})
_MANIFEST = "manifest.json"
_AT_ONCE = 1000
_BYTES_AT_ONCE = 16 * 1024**2
_LARGEST = 4 * 1024**3
_NOT_A_BACKUP = "乗合のバックアップとして読めないファイルです。noriai backup で作ったファイルを指定してください。"


@dataclass(frozen=True)
class Manifest:
    """What a backup holds."""

    format: int  # :data:`FORMAT` of the program that wrote it
    schema: str  # migration the rows fit
    made_at: str  # when, ISO 8601 with time zone
    rows: dict[str, int]  # number of rows by table
    digests: dict[str, str]  # SHA-256 of each table's lines


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
        schema = str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar())
        for table in _tables(connection):
            digest, count = hashlib.sha256(), 0
            with archive.open(f"{table.name}.jsonl", "w", force_zip64=True) as member:
                query = select(table).order_by(*table.primary_key)
                for row in connection.execution_options(yield_per=100).execute(query):
                    line = (
                        json.dumps(dict(row._mapping), ensure_ascii=False, default=_plain).encode()
                        + b"\n"
                    )
                    member.write(line)
                    digest.update(line)
                    count += 1
            rows[table.name], digests[table.name] = count, digest.hexdigest()
        manifest = Manifest(FORMAT, schema, now.astimezone(UTC).isoformat(), rows, digests)
        archive.writestr(_MANIFEST, json.dumps(asdict(manifest), ensure_ascii=False, indent=1))
    return manifest


def read_backup(engine: Engine, file: IO[bytes]) -> Manifest:
    """Fill a database without tables from a backup, wholly or not at all.

    The tables are made as they were when the backup was written, filled, then brought to today's
    schema, all in one transaction.

    Raises:
        InvalidInputError: Not a backup, damaged, or of a newer program.
        ConflictError: The database has tables already.
    """
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = _manifest(archive)
            _fill(engine, archive, manifest)
    except (zipfile.BadZipFile, KeyError, UnicodeDecodeError, ValueError, TypeError):
        raise _refused(_NOT_A_BACKUP) from None
    return manifest


def _fill(engine: Engine, archive: zipfile.ZipFile, manifest: Manifest) -> None:
    with (
        engine.connect().execution_options(noriai_write=True) as connection,
        connection.begin(),
    ):
        if inspect(connection).get_table_names():
            raise ConflictError(
                "復元先のデータベースに既に表があります。空のデータベースを NORIAI_DATABASE_URL に"
                "指定するか、今のファイルを別の場所に移してからやり直してください。"
            )
        upgrade_to(connection, manifest.schema)
        for table in _tables(connection):
            if table.name in manifest.rows:
                _fill_table(connection, table, archive, manifest)
        upgrade_to(connection, "head")


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
        raise _refused(
            f"バックアップの「{table.name}」が壊れています。別のバックアップを使ってください。"
        )
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
    if sum(member.file_size for member in archive.infolist()) > _LARGEST:
        raise _refused("バックアップが大きすぎます(展開後4GBまで)。")
    manifest = Manifest(**json.loads(archive.read(_MANIFEST)))
    if manifest.format > FORMAT:
        raise _refused(
            "新しい版の乗合で作られたバックアップです。同じ版以降の乗合で復元してください。"
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
