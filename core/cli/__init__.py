"""``noriai``: the same functions as the screens. Errors go to stderr with exit status 2.

One module a subject; each adds its commands to the parser.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from core.cli import (
    accounts,
    audit,
    backup,
    context,
    council,
    estimate,
    inquiries,
    kpi,
    ledger,
    open_data,
    pack,
    purge,
    server,
)
from core.cli.parser import Parser
from core.values.errors import DashboardError, DatabaseTroubleError


def parser() -> Parser:
    """Everything the command line understands."""
    top = Parser(
        prog="noriai", description="乗合 Noriai: 都道府県と市町村の共同のDXのダッシュボード"
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for subject in (server, estimate, kpi, ledger, inquiries, accounts, audit, backup, pack, purge):
        subject.add_to(commands)
    export = commands.add_parser("export", help="帳票を作る")
    kinds = export.add_subparsers(dest="kind", required=True, metavar="KIND")
    estimate.add_export_to(kinds)
    kpi.add_export_to(kinds)
    council.add_export_to(kinds)
    open_data.add_export_to(kinds)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it worked, 2 when the input or the setting cannot be used."""
    context.begin()
    os.umask(0o077)  # what is written, also by the server begun here, is its owner's alone
    try:
        options = parser().parse_args(arguments)
        options.run(options)
        sys.stdout.flush()
    except DatabaseTroubleError as error:
        reason = f"({error.reason})" if error.reason else ""
        print(f"noriai: {error}{reason}", file=sys.stderr)
        return 2
    except DashboardError as error:
        print(f"noriai: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # whoever read has enough, as `| head`; nothing is left to be flushed
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        print("noriai: 中断しました。", file=sys.stderr)
        return 130
    return 0
