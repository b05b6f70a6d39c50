"""``noriai user``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from core.access.account import Account, FirstAccount
from core.access.principal import CONSOLE, Role
from core.cli.context import engine, is_csv, made_up, now, reaching, reference, write_file
from core.cli.parser import Commands
from core.commands.accounts import (
    add_account,
    add_accounts,
    reset_password,
    set_account_active,
    unlock_account,
)
from core.exports.accounts import account_sheets_pdf, accounts_template, handed_over
from core.imports.accounts.plan import AccountOutcome, AccountsPlan, PlannedAccount
from core.settings import load_settings
from core.values.errors import InvalidInputError
from core.values.fiscal import JAPAN
from core.views.administration import accounts_import_view, accounts_view


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
    add.add_argument("--vendor", metavar="NAME", default="", help="事業者の名前(adviserのとき)")
    add.set_defaults(run=_user_add)
    many = actions.add_parser("import", help="表(Excel・CSV)から、まとめて追加する")
    many.add_argument("file", type=Path, metavar="FILE")
    many.add_argument("--dry-run", action="store_true", help="見込みを示すだけで追加しない")
    many.add_argument(
        "--leave-out", action="store_true", help="追加できない行を除いて、残りの行を追加する"
    )
    many.add_argument(
        "--sheets",
        type=Path,
        metavar="PDF",
        help="市町村ごとの紙を書き出す(パスワードを画面に出さない)",
    )
    many.add_argument("--json", action="store_true", help="JSONで出力する")
    many.set_defaults(run=_user_import)
    blank = actions.add_parser("template", help="まとめて追加する表の様式(Excel)を書き出す")
    blank.add_argument("file", type=Path, metavar="FILE")
    blank.set_defaults(run=_user_template)
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
        vendor=options.vendor,
        known_codes=codes,
        now=now(),
    )
    print(f"{options.username} の最初のパスワード(一度だけ表示): {password}")


def _user_import(options: argparse.Namespace) -> None:
    with reaching(options.file, "を読めません"):
        content = options.file.read_bytes()
    ready, known = engine(), reference()
    plan = accounts_import_view(ready, CONSOLE, known, content=content)
    refused = plan.of(AccountOutcome.REFUSED)
    stopped = bool(refused) and not (options.leave_out and plan.new)
    made: tuple[FirstAccount, ...] = ()
    if plan.new and not stopped and not options.dry_run:
        codes = frozenset(m.lg_code for m in known.municipalities)
        made = add_accounts(ready, CONSOLE, wanted=plan.new, known_codes=codes, now=now())
    shown = {} if options.sheets else {each.username: each.password for each in made}
    if options.json:
        rows = [_planned_json(row, shown) for row in plan.rows]
        print(json.dumps({"rows": rows, "added": len(made)}, ensure_ascii=False))
    else:
        _print_plan(plan, shown)
        print(f"{len(made)}件を追加しました。" if made else "アカウントは追加していません。")
    if made and options.sheets:
        _write_sheets(options.sheets, plan, made)
    if stopped:
        raise InvalidInputError(
            {
                "file": f"{len(refused)}行は、このままでは追加できません。"
                "ファイルを直すか、--leave-out でその行を除いてください。"
            }
        )


def _print_plan(plan: AccountsPlan, passwords: Mapping[str, str]) -> None:
    towns = reference().named
    for row in plan.rows:
        account = row.account
        told = (
            row.name,
            (towns.get(account.lg_code or "", "") or account.vendor) if account else "",
            account.role.label if account else "",
            account.username if account else "",
            row.told and f"読み方 {row.told}",
            row.reason,
        )
        print(f"{row.line}行目 {row.outcome.label}: {' | '.join(filter(None, told))}")
        if account and row.outcome is AccountOutcome.NEW and account.username in passwords:
            print(f"    最初のパスワード(一度だけ表示): {passwords[account.username]}")


def _planned_json(row: PlannedAccount, passwords: Mapping[str, str]) -> dict[str, object]:
    account = row.account
    said: dict[str, object] = {
        "line": row.line,
        "outcome": row.outcome.value,
        "name": row.name,
        "username": account.username if account else None,
        "role": account.role.value if account else None,
        "lg_code": account.lg_code if account else None,
        "vendor": (account.vendor or None) if account else None,
        "read_as": row.told,
        "reason": row.reason,
    }
    if account and row.outcome is AccountOutcome.NEW and account.username in passwords:
        said["password"] = passwords[account.username]
    return said


def _write_sheets(path: Path, plan: AccountsPlan, made: Sequence[FirstAccount]) -> None:
    database, moment = engine(), now()
    towns = {m.lg_code: m.name for m in reference().municipalities}
    ends = accounts_view(database, CONSOLE, now=moment).first_password_ends
    until = ends[made[0].username].astimezone(JAPAN).date()
    body = account_sheets_pdf(
        handed_over(plan.of(AccountOutcome.NEW), made, towns),
        address=load_settings().base_url,
        until=until,
        made_on=moment.date(),
        made_up=made_up(database),
    )
    with reaching(path):
        path.write_bytes(body)
    print(path, file=sys.stderr)


def _user_template(options: argparse.Namespace) -> None:
    if is_csv(options.file):
        raise InvalidInputError({"file": "様式はExcelです。拡張子を.xlsxにしてください。"})
    known = reference()
    municipalities = [m.name for m in known.municipalities]
    write_file(options.file, accounts_template(municipalities, known.names.towns, now().date()))


def _user_list(options: argparse.Namespace) -> None:
    moment = now()
    found = accounts_view(engine(), CONSOLE, now=moment)
    if options.json:
        rows = [_json(a, found.vendor_of(a), found.state_of(a, moment)) for a in found.accounts]
        print(json.dumps(rows, ensure_ascii=False))
        return
    towns = reference().named
    for a in found.accounts:
        belongs = towns.get(a.lg_code, a.lg_code) if a.lg_code else found.vendor_of(a)
        place = f"({belongs})" if belongs else ""
        last = f"{a.signed_in_at.astimezone(JAPAN):%Y-%m-%d %H:%M}" if a.signed_in_at else "なし"
        print(
            f"{a.username} {a.display_name} {a.role.label}{place} {found.state_of(a, moment)}"
            f" 最後のサインイン: {last} その後の失敗: {a.failed_attempts}回"
        )


def _json(account: Account, vendor: str, state: str) -> dict[str, object]:
    signed_in = account.signed_in_at
    return {
        "username": account.username,
        "name": account.display_name,
        "role": account.role.value,
        "lg_code": account.lg_code,
        "vendor": vendor or None,
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
