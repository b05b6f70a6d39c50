"""``noriai``: the same functions as the screens. Errors go to stderr with exit status 2."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import NoReturn

from sqlalchemy import Engine

from core.commands.accounts import add_account, reset_password, set_account_active
from core.errors import DashboardError, InvalidInputError
from core.estimate.calculation import Estimate
from core.estimate.request import EstimateRequest, ExpenditureKind, PlanChoice
from core.estimate.wording import carried_note, pace_note, working
from core.exports.budget import budget_workbook
from core.fiscal import JAPAN, FiscalYear
from core.money import parse_rate, yen_text
from core.params import RoundingScope
from core.principal import CONSOLE, PUBLIC, Role
from core.reference.catalogue import shipped
from core.settings import PROJECT, load_settings
from core.start import start
from core.store.engine import open_engine
from core.views.administration import audit_check_view
from core.views.plans import plans_view


class _Parser(argparse.ArgumentParser):
    """Says in Japanese what cannot be used, on stderr, and exits with 2."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(2, f"{self.prog}: 指定を確認してください: {message}\n")


def _now() -> datetime:
    moment = datetime.now(JAPAN)  # noqa: TID251  the command line's only clock
    fixed = load_settings().today
    return moment if fixed is None else datetime.combine(fixed, moment.timetz())


def _engine() -> Engine:
    engine = open_engine(load_settings().database)
    start(engine, _now())
    return engine


def _plan(text: str) -> PlanChoice:
    number, _, visits = text.partition(":")
    try:
        return PlanChoice(int(number), int(visits) if visits else 12)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"プランは 6 か 4:11 の形で指定してください: {text}"
        ) from None


def _year(text: str) -> int:
    try:
        return int(text) if text.lstrip("-").isdigit() else FiscalYear.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _rate(text: str) -> Fraction:
    try:
        return parse_rate(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def parser() -> argparse.ArgumentParser:
    """Everything the command line understands."""
    top = _Parser(prog="noriai", description="乗合 Noriai: GovTech大阪のダッシュボード")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    serve = commands.add_parser("serve", help="データベースを用意してサーバーを起動する")
    serve.add_argument("--port", type=int, default=8501, help="待ち受けるポート(既定 8501)")
    serve.set_defaults(run=_serve)

    init = commands.add_parser("init", help="データベースを用意する(既にあれば何も変えない)")
    init.set_defaults(run=_init)

    settings = commands.add_parser("settings", help="設定を表示する(秘密は伏せる)")
    settings.set_defaults(run=_settings)

    estimate = commands.add_parser("estimate", help="支援プランの費用を試算する")
    _estimate_options(estimate)
    estimate.add_argument("--json", action="store_true", help="機械が読む形で出力する")
    estimate.set_defaults(run=_estimate)

    export = commands.add_parser("export", help="帳票を作る")
    kinds = export.add_subparsers(dest="kind", required=True, metavar="KIND")
    budget = kinds.add_parser("budget", help="予算要求書(Excel)を作る")
    _estimate_options(budget)
    budget.add_argument("--municipality", metavar="CODE", help="団体コード(6桁)")
    budget.add_argument(
        "--output", type=Path, required=True, metavar="FILE", help="書き出すファイル"
    )
    budget.set_defaults(run=_export_budget)

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
    for name, words, run in (
        ("disable", "停止する", _user_disable),
        ("enable", "再開する", _user_enable),
        ("reset", "パスワードを再発行する", _user_reset),
    ):
        action = actions.add_parser(name, help=words)
        action.add_argument("username")
        action.set_defaults(run=run)

    audit = commands.add_parser("audit", help="監査記録を調べる")
    checks = audit.add_subparsers(dest="check", required=True, metavar="CHECK")
    verify = checks.add_parser("verify", help="記録の連鎖を検証する")
    verify.set_defaults(run=_audit_verify)
    return top


def _estimate_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--fiscal-year", type=_year, required=True, metavar="YEAR", help="年度(2023、R5、令和5年度)"
    )
    command.add_argument(
        "--plan",
        type=_plan,
        action="append",
        default=[],
        metavar="N[:VISITS]",
        help="支援プランと年間回数(省略すると12回)。繰り返せる",
    )
    command.add_argument("--start-month", type=int, default=4, help="開始月(既定 4)")
    command.add_argument("--years", type=int, default=1, help="継続年数(既定 1)")
    command.add_argument("--rate", type=_rate, help="補助率(例 1/2)")
    command.add_argument("--unit-price", type=int, help="1回あたりの費用(円)")
    command.add_argument("--rounding-unit", type=int, help="補助金の端数処理の単位(円)")
    command.add_argument(
        "--rounding-scope",
        choices=[scope.value for scope in RoundingScope],
        help="端数処理の対象(total 合計、plan プランごと)",
    )
    command.add_argument(
        "--section", type=int, choices=(12, 18), default=12, help="歳出の節(12 委託料、18 負担金)"
    )


def _request(options: argparse.Namespace) -> EstimateRequest:
    scope = options.rounding_scope
    return EstimateRequest(
        fiscal_year=options.fiscal_year,
        choices=tuple(options.plan),
        start_month=options.start_month,
        years=options.years,
        kind=(
            ExpenditureKind.COMMISSION if options.section == 12 else ExpenditureKind.CONTRIBUTION
        ),
        unit_price=options.unit_price,
        rate=options.rate,
        rounding_unit=options.rounding_unit,
        rounding_scope=None if scope is None else RoundingScope(scope),
    )


def _estimate(options: argparse.Namespace) -> None:
    result = plans_view(_engine(), PUBLIC, request=_request(options)).estimate
    if options.json:
        print(json.dumps(_estimate_json(result), ensure_ascii=False))
        return
    for year in result.years:
        print(year.fiscal_year.full_label)
        for step in working(year):
            print(f"  {step.label}: {step.expression}")
        for note in (carried_note(year), pace_note(year)):
            if note:
                print(f"  注意: {note}")
    if len(result.years) > 1:
        print(
            f"合計 歳出 {yen_text(result.gross)} 府補助金 {yen_text(result.subsidy)} "
            f"一般財源 {yen_text(result.net)}"
        )


def _estimate_json(result: Estimate) -> dict[str, object]:
    """The year of the budget request; further years under ``years``."""
    years = [
        {
            "fiscal_year": int(year.fiscal_year),
            "label": year.fiscal_year.label,
            "lines": [
                {
                    "plan": line.plan,
                    "visits": line.visits,
                    "unit_price": int(line.unit_price),
                    "gross": int(line.gross),
                    "subsidy": int(line.subsidy),
                    "net": int(line.net),
                }
                for line in year.lines
            ],
            "gross": int(year.gross),
            "subsidy": int(year.subsidy),
            "net": int(year.net),
        }
        for year in result.years
    ]
    return years[0] if len(years) == 1 else {**years[0], "years": years}


def _export_budget(options: argparse.Namespace) -> None:
    reference = shipped()
    code = options.municipality
    name = None if code is None else reference.municipality(code).name
    result = plans_view(_engine(), PUBLIC, request=_request(options)).estimate
    book = budget_workbook(
        result,
        plans=reference.plans,
        sources=reference.sources,
        municipality=name,
        made_on=_now().date(),
        link=load_settings().base_url,
    )
    try:
        options.output.write_bytes(book)
    except OSError as error:
        raise InvalidInputError(
            {"output": f"{options.output} に書き込めません: {error.strerror}"}
        ) from None
    print(options.output)


def _serve(options: argparse.Namespace) -> None:
    _engine().dispose()
    print(f"乗合を起動します: http://127.0.0.1:{options.port} (終了は Ctrl+C)", flush=True)
    os.chdir(PROJECT)  # Streamlit reads .streamlit/config.toml from here
    command = ["-m", "streamlit", "run", "dashboard/asgi.py", "--server.port", str(options.port)]
    if sys.platform == "win32":
        import subprocess

        sys.exit(subprocess.run([sys.executable, *command], check=False).returncode)  # noqa: S603
    os.execv(sys.executable, [sys.executable, *command])  # noqa: S606


def _init(_options: argparse.Namespace) -> None:
    engine = _engine()
    print(f"データベースの用意ができました: {engine.url.render_as_string(hide_password=True)}")


def _settings(_options: argparse.Namespace) -> None:
    for name, value in load_settings().masked().items():
        print(f"{name}={value}")


def _user_add(options: argparse.Namespace) -> None:
    codes = frozenset(m.lg_code for m in shipped().municipalities)
    password = add_account(
        _engine(),
        CONSOLE,
        username=options.username,
        display_name=options.name,
        role=Role(options.role),
        lg_code=options.municipality,
        known_codes=codes,
        now=_now(),
    )
    print(f"{options.username} の最初のパスワード(一度だけ表示): {password}")


def _user_disable(options: argparse.Namespace) -> None:
    set_account_active(_engine(), CONSOLE, username=options.username, active=False, now=_now())
    print(f"{options.username} を停止しました。")


def _user_enable(options: argparse.Namespace) -> None:
    set_account_active(_engine(), CONSOLE, username=options.username, active=True, now=_now())
    print(f"{options.username} を再開しました。")


def _user_reset(options: argparse.Namespace) -> None:
    password = reset_password(_engine(), CONSOLE, username=options.username, now=_now())
    print(f"{options.username} の新しいパスワード(一度だけ表示): {password}")


def _audit_verify(_options: argparse.Namespace) -> None:
    broken = audit_check_view(_engine(), CONSOLE)
    if broken is not None:
        raise DashboardError(
            f"{broken}番目の監査記録がつながりません。データベースが直接変更された疑いがあります。"
        )
    print("監査記録はすべてつながっています。")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it worked, 2 when the input or the setting cannot be used."""
    options = parser().parse_args(arguments)
    try:
        options.run(options)
    except DashboardError as error:
        print(f"noriai: {error}", file=sys.stderr)
        return 2
    return 0
