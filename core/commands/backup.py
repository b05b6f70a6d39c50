"""Back up and restore (バックアップ・復元)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import IO

from sqlalchemy import Engine

from core.access.permission import requires
from core.access.principal import Principal
from core.store.audit import Head
from core.store.backup import Manifest, read_backup, write_backup
from core.store.schema import is_current
from core.store.verification import Verification
from core.store.work import Work, command


@requires("backup:make")
def make_backup(
    engine: Engine, principal: Principal, *, file: IO[bytes], now: datetime
) -> Manifest:
    """Write all rows as of one moment into a file; people can go on working meanwhile.

    A database of an older or newer program is written too, as it is and without an audit entry.
    """
    manifest = write_backup(engine, file, now)
    if is_current(manifest.schema):
        _made(engine, principal, manifest=manifest, now=now)
    return manifest


@command("backup:make", "バックアップ", changes=False)
def _made(work: Work, *, manifest: Manifest, now: datetime) -> None:
    work.audit("", rows=sum(manifest.rows.values()), schema=manifest.schema)


@requires("backup:restore")
def restore_backup(
    engine: Engine,
    principal: Principal,
    *,
    file: IO[bytes],
    expected: Collection[Head] = (),
    anyway: bool = False,
    now: datetime,
) -> tuple[Manifest, Verification]:
    """Fill a database without tables from a backup, wholly or not at all.

    Args:
        expected: Heads of the audit trail kept elsewhere.
        anyway: Keep what was restored even where it is not what the audit trail says.

    Raises:
        InvalidInputError: Not a backup, damaged, changed since, or of a newer program.
        ConflictError: The database has tables already.
    """
    manifest, found = read_backup(engine, file, expected=expected, anyway=anyway)
    _restored(engine, principal, manifest=manifest, found=found, now=now)
    return manifest, found


@command("backup:restore", "バックアップからの復元")
def _restored(work: Work, *, manifest: Manifest, found: Verification, now: datetime) -> None:
    work.audit(
        "",
        made_at=manifest.made_at,
        rows=sum(manifest.rows.values()),
        findings=len(found.findings) + found.further,
    )
