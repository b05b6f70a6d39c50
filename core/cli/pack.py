"""``noriai pack check``, ``noriai pack new`` and ``noriai pack export``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from core.access.principal import CONSOLE
from core.cli.context import engine, reaching, read_pack, reference
from core.cli.parser import Commands
from core.exports.pack import pack_files
from core.reference.files import Files, shown
from core.reference.pack import Reference, problems_of
from core.reference.parts import PARTS
from core.reference.skeleton import SKELETON
from core.values.errors import InvalidInputError, ReferenceDataError
from core.values.offer import OfferedPart
from core.views.pack import pack_view


def add_to(commands: Commands) -> None:
    """What is done with packs."""
    pack = commands.add_parser("pack", help="初期データ(都道府県ごとのファイル一式)を扱う")
    actions = pack.add_subparsers(dest="action", required=True, metavar="ACTION")
    for name, words, run in (
        ("check", "直すところを、ファイル・行・理由ですべて示す", _check),
        ("new", "ひな形を作る", _new),
        ("export", "いまのカタログをファイル一式に書き出す", _export),
    ):
        action = actions.add_parser(name, help=words)
        action.add_argument("directory", type=Path, metavar="DIR", help="フォルダー")
        action.set_defaults(run=run)


def pack_in(folder: Path) -> Reference:
    """The pack in a folder.

    Raises:
        InvalidInputError: Something in it cannot be used; everything was said on stderr.
    """
    if not folder.is_dir():
        raise InvalidInputError({"directory": f"{folder} というフォルダーはありません。"})
    if problems := _problems(folder):
        print(*problems, sep="\n", file=sys.stderr)
        raise InvalidInputError(
            {"directory": f"{folder} に直すところが{len(problems)}件あります(上の一覧)。"}
        )
    return read_pack(folder)


def _problems(folder: Path) -> list[str]:
    usable = {part.file for part in PARTS.values()}
    found = [_said(folder, each) for each in problems_of(Files(folder))]
    unknown = [p for p in sorted(folder.iterdir()) if p.name not in usable and p.suffix != ".md"]
    return found + [
        f"{path}: このファイルは使われません。名前を確かめてください(使うもの: {'、'.join(sorted(usable))})。"
        for path in unknown
    ]


def _said(folder: Path, problem: ReferenceDataError) -> str:
    name = problem.file.removeprefix(shown(""))
    return f"{folder / name}:{problem.line or ''}: {problem.reason}".replace(":: ", ": ")


def _check(options: argparse.Namespace) -> None:
    found = pack_in(options.directory)
    procurements = found.procurements.programmes
    print(
        f"{options.directory} は使えます: {len(found.municipalities)}団体、"
        f"共同調達{len(procurements)}件、公表値{len(found.published_totals)}件。"
    )
    if absent := [offer.label for offer in OfferedPart if offer not in found.offers]:
        print(f"ないもの(画面にも出ません): {'、'.join(absent)}")


def _new(options: argparse.Namespace) -> None:
    folder: Path = options.directory
    with reaching(folder, "を作れません", "directory"):
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise InvalidInputError(
                {"directory": f"{folder} は空ではありません。新しいフォルダーを指定してください。"}
            )
        for name, text in SKELETON.items():
            (folder / name).write_text(text, encoding="utf-8")
    print(f"{folder} にひな形を作りました。{folder / 'README.md'} のとおりに埋めてください。")
    print(f"確かめる: noriai pack check {folder}")


def _export(options: argparse.Namespace) -> None:
    folder: Path = options.directory
    found = pack_files(reference(), pack_view(engine(), CONSOLE, reference()))
    with reaching(folder, "に書き込めません", "directory"):
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise InvalidInputError(
                {"directory": f"{folder} は空ではありません。新しいフォルダーを指定してください。"}
            )
        for name, body in found.files.items():
            (folder / name).write_bytes(body)
    print(f"{folder} に{len(found.files)}ファイルを書き出しました。")
    if found.left_out:
        print(f"含まないもの: {'、'.join(found.left_out)}")
    print("参加希望・試算・申込・相談・アカウントは含みません(noriai backup が持ちます)。")
