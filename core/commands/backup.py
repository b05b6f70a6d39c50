"""Back up and restore (バックアップ・復元)."""

from __future__ import annotations

from datetime import datetime
from typing import IO

from sqlalchemy import Engine

from core.access.permission import requires
from core.access.principal import Principal
from core.store.backup import Manifest, read_backup, write_backup
from core.store.work import Work, command


@requires("backup:make")
def make_backup(
    engine: Engine, principal: Principal, *, file: IO[bytes], now: datetime
) -> Manifest:
    """Write all rows as of one moment into a file; people can go on working meanwhile."""
    manifest = write_backup(engine, file, now)
    _made(engine, principal, manifest=manifest, now=now)
    return manifest


@command("backup:make", "バックアップ", changes=False)
def _made(work: Work, *, manifest: Manifest, now: datetime) -> None:
    work.audit("", rows=sum(manifest.rows.values()), schema=manifest.schema)


@requires("backup:restore")
def restore_backup(
    engine: Engine, principal: Principal, *, file: IO[bytes], now: datetime
) -> Manifest:
    """Fill a database without tables from a backup, wholly or not at all.

    Raises:
        InvalidInputError: Not a backup, damaged, or of a newer program.
        ConflictError: The database has tables already.
    """
    manifest = read_backup(engine, file)
    _restored(engine, principal, manifest=manifest, now=now)
    return manifest


@command("backup:restore", "バックアップからの復元")
def _restored(work: Work, *, manifest: Manifest, now: datetime) -> None:
    work.audit("", made_at=manifest.made_at, rows=sum(manifest.rows.values()))
