"""Back up and restore (バックアップ・復元)."""

from __future__ import annotations

from datetime import datetime
from typing import IO

from sqlalchemy import Engine

from core.access.permission import requires
from core.access.principal import Principal
from core.store.audit import record_audit
from core.store.backup import Manifest, read_backup, write_backup
from core.store.engine import writing


@requires("backup:make")
def make_backup(
    engine: Engine, principal: Principal, *, file: IO[bytes], now: datetime
) -> Manifest:
    """Write all rows as of one moment into a file; people can go on working meanwhile."""
    manifest = write_backup(engine, file, now)
    with writing(engine) as session:
        detail = {"rows": sum(manifest.rows.values()), "schema": manifest.schema}
        record_audit(session, principal, now, "backup:make", "", detail, data_changed=False)
    return manifest


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
    with writing(engine) as session:
        detail = {"made_at": manifest.made_at, "rows": sum(manifest.rows.values())}
        record_audit(session, principal, now, "backup:restore", "", detail)
    return manifest
