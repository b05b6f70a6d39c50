"""``noriai backup`` and ``noriai restore``."""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

from sqlalchemy import Engine, inspect

from core.access.principal import CONSOLE
from core.cli.audit import heads
from core.cli.context import now, reaching
from core.cli.parser import Commands
from core.commands.backup import make_backup, restore_backup
from core.settings import load_settings
from core.store.engine import open_engine
from core.values.errors import InvalidInputError, SettingsError


def add_to(commands: Commands) -> None:
    """All rows to a file and back."""
    backup = commands.add_parser("backup", help="すべての記録を1つのファイルに書き出す")
    backup.add_argument("file", type=Path, metavar="FILE", help="書き出すファイル(新規)")
    backup.set_defaults(run=_backup)
    restore = commands.add_parser("restore", help="空のデータベースに書き戻す")
    restore.add_argument("file", type=Path, metavar="FILE", help="noriai backup で作ったファイル")
    restore.add_argument(
        "--expect",
        action="append",
        default=[],
        metavar="HEAD|FILE",
        help="控えた監査記録の末尾(番号:ハッシュ)、またはそれを含むファイル",
    )
    restore.add_argument(
        "--anyway", action="store_true", help="監査記録と合わないところがあっても復元する"
    )
    restore.set_defaults(run=_restore)


def _backup(options: argparse.Namespace) -> None:
    path: Path = options.file
    database, moment = _existing(), now()
    with reaching(path):
        _refuse_existing(path)
        # An unfinished file never bears the name; no link is followed, nothing overwritten.
        descriptor, part = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)
        try:
            with os.fdopen(descriptor, "w+b") as file:
                manifest = make_backup(database, CONSOLE, file=file, now=moment)
                file.flush()
                os.fsync(file.fileno())
            _refuse_existing(path)
            _publish(Path(part), path)
        finally:
            Path(part).unlink(missing_ok=True)
    print(f"{path} に{sum(manifest.rows.values()):,}行を書き出しました。")
    print(f"監査記録の末尾: {manifest.head}(別の場所に控えると、復元のときに照合できます)")


def _existing() -> Engine:
    """The database as it is, which may be of a newer program."""
    url = load_settings().database
    if url.drivername != "sqlite" or Path(str(url.database)).exists():
        database = open_engine(url)
        if inspect(database).has_table("audit"):
            return database
    shown = url.render_as_string(hide_password=True)
    raise SettingsError(
        f"{shown} に乗合の記録がありません。NORIAI_DATABASE_URLを確認してください。"
    )


def _refuse_existing(path: Path) -> None:
    if os.path.lexists(path):
        raise InvalidInputError({"file": f"{path} は既にあります。別の名前を指定してください。"})


def _publish(part: Path, path: Path) -> None:
    """Give a finished file its name, unless somebody was faster."""
    try:
        os.link(part, path)
    except FileExistsError:
        _refuse_existing(path)
    except OSError:  # a place that knows no second name for a file
        part.rename(path)


def _restore(options: argparse.Namespace) -> None:
    path: Path = options.file
    expected = {head for given in options.expect for head in heads(given)}
    empty = open_engine(load_settings().database)
    try:
        with reaching(path, "を読めません"), path.open("rb") as file:
            manifest, found = restore_backup(
                empty, CONSOLE, file=file, expected=expected, anyway=options.anyway, now=now()
            )
    finally:
        empty.dispose()  # the last one to leave takes the -wal into the file
    print(
        f"{manifest.made_at[:19]}(UTC)のバックアップから"
        f"{sum(manifest.rows.values()):,}行を復元しました。"
    )
    print(*found.words, sep="\n")
