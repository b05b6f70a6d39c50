"""``noriai user``."""

from __future__ import annotations

import argparse
import json

from core.access.account import Account
from core.access.principal import CONSOLE, Role
from core.cli.context import engine, now, reference
from core.cli.parser import Commands
from core.commands.accounts import (
    add_account,
    reset_password,
    set_account_active,
    unlock_account,
)
from core.values.fiscal import JAPAN
from core.views.administration import accounts_view


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
    listed = actions.add_parser("list", help="一覧を表示する(権限・状態・最後のサインイン)")
    listed.add_argument("--json", action="store_true", help="JSONで出力する")
    listed.set_defaults(run=_user_list)
    unlock = actions.add_parser("unlock", help="サインインの待ち時間を解除する")
    unlock.add_argument("username")
    unlock.set_defaults(run=_user_unlock)
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


def _user_list(options: argparse.Namespace) -> None:
    moment = now()
    found = accounts_view(engine(), CONSOLE, now=moment)
    if options.json:
        rows = [_json(a, found.state_of(a, moment)) for a in found.accounts]
        print(json.dumps(rows, ensure_ascii=False))
        return
    towns = {m.lg_code: m.name for m in reference().municipalities}
    for a in found.accounts:
        place = f"({towns.get(a.lg_code, a.lg_code)})" if a.lg_code else ""
        last = f"{a.signed_in_at.astimezone(JAPAN):%Y-%m-%d %H:%M}" if a.signed_in_at else "なし"
        print(
            f"{a.username} {a.display_name} {a.role.label}{place} {found.state_of(a, moment)}"
            f" 最後のサインイン: {last} その後の失敗: {a.failed_attempts}回"
        )


def _json(account: Account, state: str) -> dict[str, object]:
    signed_in = account.signed_in_at
    return {
        "username": account.username,
        "name": account.display_name,
        "role": account.role.value,
        "lg_code": account.lg_code,
        "active": account.active,
        "state": state,
        "signed_in_at": signed_in.astimezone(JAPAN).isoformat() if signed_in else None,
        "failed_attempts": account.failed_attempts,
    }


def _user_unlock(options: argparse.Namespace) -> None:
    waited = unlock_account(engine(), CONSOLE, username=options.username, now=now())
    print(
        f"{options.username} は、すぐにサインインを試せます。"
        if waited
        else f"{options.username} に待ち時間はありませんでした。"
    )


def _user_switch(options: argparse.Namespace) -> None:
    username, active = options.username, options.active
    set_account_active(engine(), CONSOLE, username=username, active=active, now=now())
    print(f"{username} を{'再開' if active else '停止'}しました。")


def _user_reset(options: argparse.Namespace) -> None:
    password = reset_password(engine(), CONSOLE, username=options.username, now=now())
    print(f"{options.username} の新しいパスワード(一度だけ表示): {password}")
