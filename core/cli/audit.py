"""``noriai audit``."""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path

from core.access.principal import CONSOLE
from core.cli.context import engine, reaching
from core.cli.parser import Commands
from core.store.audit import Head
from core.values.errors import DashboardError, InvalidInputError
from core.views.administration import audit_check_view, audit_head_view

_HEAD = re.compile(r"\b([0-9]{1,18}):([0-9a-f]{64})\b")


def add_to(commands: Commands) -> None:
    """The audit trail."""
    audit = commands.add_parser("audit", help="監査記録を調べる")
    checks = audit.add_subparsers(dest="check", required=True, metavar="CHECK")
    verify = checks.add_parser("verify", help="監査記録と、記録された行を検証する")
    verify.add_argument(
        "--expect",
        action="append",
        default=[],
        metavar="HEAD|FILE",
        help="控えた末尾(番号:ハッシュ)、またはそれを含むファイル(audit headの出力、ログ)",
    )
    verify.set_defaults(run=_verify)
    head = checks.add_parser("head", help="監査記録の末尾を表示する(別の場所に控える)")
    head.add_argument("--json", action="store_true", help="JSONで表示する")
    head.set_defaults(run=_head)


def _verify(options: argparse.Namespace) -> None:
    expected = {head for given in options.expect for head in heads(given)}
    found = audit_check_view(engine(), CONSOLE, expected=expected)
    if found.findings:
        raise DashboardError("\n".join(found.words))
    print(*found.words, sep="\n")


def _head(options: argparse.Namespace) -> None:
    head = audit_head_view(engine(), CONSOLE)
    if options.json:
        print(json.dumps({"number": head.number, "hash": head.hash, "head": str(head)}))
    else:
        print(head)


def heads(given: str) -> set[Head]:
    """The heads of the audit trail a text or the file of that name holds.

    Raises:
        InvalidInputError: Field ``expect``: there is none.
    """
    text = given
    if not _HEAD.fullmatch(given):
        with reaching(Path(given), "を読めません", "expect"):
            text = Path(given).read_text("utf-8", errors="replace")
    found = {Head(int(number), digest) for number, digest in _HEAD.findall(text)}
    if not found:
        raise InvalidInputError(
            {
                "expect": f"{given} に監査記録の末尾(番号:ハッシュ)がありません。"
                "noriai audit head の出力を保存したファイルを指定してください。"
            }
        )
    return found
