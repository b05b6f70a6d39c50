"""``noriai backup`` and ``noriai restore``."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from core.access.principal import CONSOLE
from core.cli.context import engine, now, reaching
from core.cli.parser import Commands
from core.commands.backup import make_backup, restore_backup
from core.settings import load_settings
from core.store.engine import open_engine
from core.values.errors import InvalidInputError


def add_to(commands: Commands) -> None:
    """All rows to a file and back."""
    backup = commands.add_parser("backup", help="すべての記録を1つのファイルに書き出す")
    backup.add_argument("file", type=Path, metavar="FILE", help="書き出すファイル(新規)")
    backup.set_defaults(run=_backup)
    restore = commands.add_parser("restore", help="空のデータベースに書き戻す")
    restore.add_argument("file", type=Path, metavar="FILE", help="noriai backup で作ったファイル")
    restore.set_defaults(run=_restore)


def _backup(options: argparse.Namespace) -> None:
    path: Path = options.file
    part = path.with_name(f"{path.name}.part")  # an unfinished file never bears the name
    ready, moment = engine(), now()
    try:
        with reaching(path):
            if path.exists():
                problem = f"{path} は既にあります。別の名前を指定してください。"
                raise InvalidInputError({"file": problem})
            descriptor = os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w+b") as file:
                manifest = make_backup(ready, CONSOLE, file=file, now=moment)
            part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    print(f"{path} に{sum(manifest.rows.values()):,}行を書き出しました。")


def _restore(options: argparse.Namespace) -> None:
    path: Path = options.file
    empty = open_engine(load_settings().database)
    with reaching(path, "を読めません"), path.open("rb") as file:
        manifest = restore_backup(empty, CONSOLE, file=file, now=now())
    print(
        f"{manifest.made_at[:19]}(UTC)のバックアップから"
        f"{sum(manifest.rows.values()):,}行を復元しました。"
    )
