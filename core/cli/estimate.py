"""``noriai estimate`` and ``noriai export budget``."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from core.access.principal import PUBLIC
from core.cli.context import engine, made_up, now, reference, write_file
from core.cli.parser import Commands, typed, whole
from core.estimate.calculation import Estimate, chosen
from core.estimate.caveats import ended_note, pace_note, provisional_note
from core.estimate.real_burden import NAME, Allocation, OtherSubsidy, RealBurden, RealRequest
from core.estimate.request import EstimateRequest, ExpenditureKind, PlanChoice
from core.estimate.terms import Terms
from core.estimate.wording import working
from core.exports.budget import budget_pdf, budget_workbook
from core.params import RoundingScope
from core.settings import load_settings
from core.values.errors import InvalidInputError
from core.values.fiscal import FiscalYear
from core.values.money import Amounts, amount_labels, parse_rate, yen_text
from core.values.written_number import YEN, read_number
from core.views.plans import PlansAnswer, PlansFrame, plans_frame_view, plans_view


def add_to(commands: Commands) -> None:
    """``estimate``."""
    estimate = commands.add_parser("estimate", help="支援プランの費用を試算する")
    _estimate_options(estimate)
    estimate.add_argument("--json", action="store_true", help="機械が読む形で出力する")
    estimate.set_defaults(run=_estimate)


def add_export_to(kinds: Commands) -> None:
    """``export budget``."""
    budget = kinds.add_parser("budget", help="予算要求書(Excel)を作る")
    _estimate_options(budget)
    budget.add_argument("--municipality", metavar="CODE", help="団体コード(6桁)")
    budget.add_argument(
        "--output",
        type=Path,
        required=True,
        metavar="FILE",
        help="書き出すファイル(.xlsx 予算要求書、.pdf 課長への1枚)",
    )
    budget.set_defaults(run=_export_budget)


def _plan(text: str) -> tuple[int, int | None]:
    number, _, visits = text.partition(":")
    try:
        return int(number), int(visits) if visits else None
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"プランは 6 か 4:11 の形で指定してください: {text}"
        ) from None


@typed
def _year(text: str) -> int:
    return int(text) if text.lstrip("-").isdigit() else FiscalYear.parse(text)


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
        help="支援プランと年間回数(省略すると、そのプランの上限の回数)。繰り返せる",
    )
    command.add_argument("--start-month", type=whole, default=4, help="開始月(既定 4)")
    command.add_argument("--years", type=whole, default=1, help="継続年数(既定 1)")
    command.add_argument("--rate", type=typed(parse_rate), help="補助率(例 1/2)")
    command.add_argument("--unit-price", type=whole, help="1回あたりの費用(円)")
    command.add_argument("--rounding-unit", type=whole, help="補助金の端数処理の単位(円)")
    command.add_argument(
        "--rounding-scope",
        choices=[scope.value for scope in RoundingScope],
        help="端数処理の対象(total 合計、plan プランごと)",
    )
    command.add_argument(
        "--section", type=whole, choices=(12, 18), default=12, help="歳出の節(12 委託料、18 負担金)"
    )
    _real_options(command)


def _real_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--real-burden",
        nargs="?",
        const=Allocation.UNKNOWN.value,
        choices=[each.value for each in Allocation],
        help="実質負担(要確認)も示す。普通交付税の交付(receives 交付団体、none 不交付団体、"
        "unknown わからない)",
    )
    command.add_argument(
        "--other-subsidy",
        type=_other,
        action="append",
        default=[],
        metavar="NAME=YEN",
        help="実質負担で引く他の補助金の名前と額。繰り返せる",
    )


def _other(text: str) -> OtherSubsidy:
    name, _, amount = text.rpartition("=")
    try:
        return OtherSubsidy(name.strip(), read_number(amount, YEN))
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"他の補助金は 名前=額 の形で指定してください: {text}"
        ) from None


def _real_request(options: argparse.Namespace) -> RealRequest | None:
    """What 実質負担 is asked for; None leaves the layer off.

    Raises:
        InvalidInputError: Another subsidy without the layer that would use it.
    """
    if options.real_burden is None:
        if options.other_subsidy:
            raise InvalidInputError(
                {"others": "--other-subsidy は --real-burden と一緒に指定してください。"}
            )
        return None
    return RealRequest(Allocation(options.real_burden), tuple(options.other_subsidy))


def _answer(database: Engine, options: argparse.Namespace) -> PlansAnswer:
    """The estimate that is asked for, and the layer under it.

    Raises:
        InvalidInputError: No plan is chosen, or other subsidies that cannot be.
    """
    asked = _real_request(options)
    frame = plans_frame_view(database, PUBLIC, reference(), as_of=now().date())
    request = _request(options, frame)
    found = plans_view(database, PUBLIC, reference(), request=request, real=asked)
    chosen(found.estimate)
    if found.real_problems:
        raise InvalidInputError(dict(found.real_problems))
    return found


def _request(options: argparse.Namespace, frame: PlansFrame) -> EstimateRequest:
    scope = options.rounding_scope
    offered = frame.offered.get(options.fiscal_year)
    most = {plan.number: frame.most(plan) for plan in offered.plans} if offered else {}
    return EstimateRequest(
        fiscal_year=options.fiscal_year,
        choices=tuple(
            PlanChoice(plan, most.get(plan, frame.most_visits) if visits is None else visits)
            for plan, visits in options.plan
        ),
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
    found = _answer(engine(), options)
    result = found.estimate
    if options.json:
        layer = {} if found.real is None else {"real_burden": _real_json(found.real)}
        print(json.dumps(_estimate_json(result) | layer, ensure_ascii=False))
        return
    for year in result.years:
        print(year.fiscal_year.full_label)
        for step in working(year):
            print(f"  {step.label}: {step.expression}")
        for note in (provisional_note(year), pace_note(year)):
            if note:
                print(f"  注意: {note}")
    if ended := ended_note(result):
        print(f"注意: {ended}")
    if len(result.years) > 1:
        labels = amount_labels(reference().names.subsidy)
        sums = (f"{label} {yen_text(getattr(result, each))}" for each, label in labels.items())
        print(f"合計 {' '.join(sums)}")
    if found.real is not None:
        print(f"{NAME} {result.first.fiscal_year.full_label}")
        for step in found.real.steps:
            print(f"  {step.label}: {step.expression}")
        for note in found.real.unknown:
            print(f"  注意: {note}")


def _real_json(found: RealBurden) -> dict[str, object]:
    """The layer of the year of the budget request; null for what is unknown."""
    return {
        "to_confirm": True,
        "allocation": found.asked.allocation.value,
        "net": int(found.net),
        "others": [{"name": each.name, "amount": each.amount} for each in found.asked.others],
        "returned": None if found.returned is None else int(found.returned),
        "amount": None if found.amount is None else int(found.amount),
        "unknown": list(found.unknown),
        "steps": [
            {
                "label": step.label,
                "expression": step.expression,
                "amount": None if step.amount is None else int(step.amount),
            }
            for step in found.steps
        ],
    }


def _estimate_json(result: Estimate) -> dict[str, object]:
    """The year of the budget request; further years under ``years``."""
    years: list[dict[str, object]] = [
        {
            "fiscal_year": int(year.fiscal_year),
            "label": year.fiscal_year.label,
            "lines": [
                {
                    "plan": line.plan,
                    "visits": line.visits,
                    "unit_price": int(line.unit_price),
                    **_amounts_json(line, year.terms),
                }
                for line in year.lines
            ],
            **_amounts_json(year, year.terms),
        }
        for year in result.years
    ]
    return years[0] if len(years) == 1 else {**years[0], "years": years}


def _amounts_json(found: Amounts, terms: Terms) -> dict[str, int | None]:
    """Yen; the subsidy null where there is none."""
    granted = None if terms.subsidy is None else int(found.subsidy)
    return {"gross": int(found.gross), "subsidy": granted, "net": int(found.net)}


def _export_budget(options: argparse.Namespace) -> None:
    code = options.municipality
    name = None if code is None else reference().municipality(code).name
    database = engine()
    found = _answer(database, options)
    about: dict[str, Any] = {
        "reference": reference(),
        "municipality": name,
        "made_on": now().date(),
        "link": load_settings().base_url,
        "made_up": made_up(database),
    }
    if options.output.suffix.lower() != ".pdf":
        made = budget_workbook(found.estimate, real=found.real, **about)
    elif found.real is None:
        made = budget_pdf(found.estimate, **about)
    else:
        raise InvalidInputError(
            {
                "output": "実質負担を載せられるのは.xlsxだけです。--output の拡張子を.xlsxにしてください。"
            }
        )
    write_file(options.output, made)
