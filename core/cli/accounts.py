"""``noriai user``."""

from __future__ import annotations

import argparse

from core.access.principal import CONSOLE, Role
from core.cli.context import engine, now, reference
from core.cli.parser import Commands
from core.commands.accounts import add_account, reset_password, set_account_active


def add_to(commands: Commands) -> None:
    """Accounts."""
    user = commands.add_parser("user", help="アカウントを管理する")
    actions = user.add_subparsers(dest="action", required=True, metavar="ACTION")
    add = actions.add_parser("add", help="追加する(最初のパスワードを表示する)")
    add.add_argument("username")
    add.add_argument("--name", required=True, help="表示名")
    add.add_argument(
        "--role", required=True, choices=[r.value for r in Role if r is not Role.PUBLIC]
    )
    add.add_argument("--municipality", metavar="CODE", help="団体コード(officerのとき)")
    add.set_defaults(run=_user_add)
    for name, words, run, active in (
        ("disable", "停止する", _user_switch, False),
        ("enable", "再開する", _user_switch, True),
        ("reset", "パスワードを再発行する", _user_reset, None),
    ):
        action = actions.add_parser(name, help=words)
        action.add_argument("username")
        action.set_defaults(run=run, active=active)


def _user_add(options: argparse.Namespace) -> None:
    codes = frozenset(m.lg_code for m in reference().municipalities)
    password = add_account(
        engine(),
        CONSOLE,
        username=options.username,
        display_name=options.name,
        role=Role(options.role),
        lg_code=options.municipality,
        known_codes=codes,
        now=now(),
    )
    print(f"{options.username} の最初のパスワード(一度だけ表示): {password}")


def _user_switch(options: argparse.Namespace) -> None:
    username, active = options.username, options.active
    set_account_active(engine(), CONSOLE, username=username, active=active, now=now())
    print(f"{username} を{'再開' if active else '停止'}しました。")


def _user_reset(options: argparse.Namespace) -> None:
    password = reset_password(engine(), CONSOLE, username=options.username, now=now())
    print(f"{options.username} の新しいパスワード(一度だけ表示): {password}")
