"""契約の記録: what may be said of a contract, in words; the only such place."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date

from core.support.contract import (
    REASON,
    WHY,
    Contract,
    ContractStep,
    ContractTerms,
    PaidLine,
)
from core.support.expected import Expected, differs
from core.support.visit import Visit, VisitState
from core.support.wish import WishState
from core.values.errors import ConflictError, InvalidInputError
from core.values.fiscal import FiscalYear, outside_fiscal_years
from core.values.money import Yen, yen_text

MOST_YEN = Yen(10_000_000_000)
"""Largest 契約額 of a plan that is no slip of the pen."""
CONTRACT_AGAIN = "画面を更新して確認してください。"


def check_concluded(
    terms: ContractTerms,
    *,
    fiscal_year: FiscalYear,
    expected: Mapping[int, Expected],
    others: Iterable[Contract],
    today: date,
) -> ContractTerms:
    """The terms of a new contract as they are kept.

    Args:
        expected: Of every plan that is offered in the year.
        others: Contracts of the municipality.

    Raises:
        InvalidInputError: Every field that cannot be used.
        ConflictError: A plan has a contract already, or is not approved.
    """
    problems = _term_problems(terms, fiscal_year, today)
    problems |= _line_problems(terms, expected, least=1)
    kept = _with_why(terms, expected, problems)
    if problems:
        raise InvalidInputError(problems)
    check_wishes(kept, fiscal_year, expected, others)
    return kept


def check_wishes(
    terms: ContractTerms,
    fiscal_year: FiscalYear,
    expected: Mapping[int, Expected],
    others: Iterable[Contract],
) -> None:
    """Refuse a plan that has a contract in the year, or whose wish the council has not approved.

    Raises:
        ConflictError: Every plan that stands in the way is named.
    """
    taken = {
        line.plan: each.number.label
        for each in others
        if each.stands and each.fiscal_year == fiscal_year
        for line in each.terms.lines
    }
    said = []
    for line in terms.lines:
        wish = expected[line.plan].wish
        if line.plan in taken:
            said.append(
                f"プラン{line.plan}には{fiscal_year.label}の契約{taken[line.plan]}があります。"
                "回数や額が変わるときは、その契約の「変更契約」で記録してください。"
            )
        elif wish is None or wish.state not in (WishState.APPROVED, WishState.CONTRACTED):
            now = f"「{wish.state.label}」" if wish else "未提出"
            said.append(
                f"プラン{line.plan}の{fiscal_year.label}の参加希望は{now}です。"
                "議決を記録してから契約してください。"
            )
    if said:
        raise ConflictError("\n".join(said))


def check_changed(
    contract: Contract,
    step: ContractStep,
    day: date,
    terms: ContractTerms,
    reason: str,
    *,
    expected: Mapping[int, Expected],
    visits: Iterable[Visit],
    today: date,
) -> tuple[ContractTerms, str]:
    """The terms after 変更契約 or 記録の訂正, and the reason, as they are kept.

    Args:
        day: 変更日; of 訂正 it is not looked at.
        visits: Of the contract.

    Raises:
        InvalidInputError: Every field that cannot be used.
        ConflictError: The contract was taken back.
    """
    refuse_cancelled(contract)
    problems = _term_problems(terms, contract.fiscal_year, today)
    before = contract.terms
    if step is ContractStep.CHANGED:
        problems |= _change_day_problem(contract, day, today)
        for name, same in (("signed_on", "締結日"), ("first_day", "期間の初日"), ("kind", "節")):
            if getattr(terms, name) != getattr(before, name):
                problems[name] = (
                    f"{same}は変更契約では変わりません。記録の誤りは「訂正」で直します。"
                )
    problems |= _line_problems(terms, expected, least=0)
    if {line.plan for line in terms.lines} != {line.plan for line in before.lines}:
        problems["plan"] = (
            "契約のプランは変えられません。加えるときは別の契約として記録し、"
            "やめるときは回数を実施した数に減らしてください。"
        )
    else:
        problems |= _already_problems(contract, terms, list(visits))
    kept = _with_why(terms, expected, problems)
    said = REASON.read_into(problems, "reason", reason)
    if not said and "reason" not in problems:
        problems["reason"] = f"{step.label}の理由を入力してください。"
    if not problems and kept == before:
        problems["plan"] = f"前と同じ内容です。変わったところを直してから{step.label}を記録します。"
    if problems:
        raise InvalidInputError(problems)
    return kept, said


def check_cancelled(contract: Contract, reason: str, visits: Iterable[Visit]) -> str:
    """The reason of 記録の取消し as it is kept.

    Raises:
        ConflictError: It is taken back already, something was paid, or a visit was held.
        InvalidInputError: Field ``reason``.
    """
    refuse_cancelled(contract)
    said = []
    if contract.paid:
        said.append(f"{yen_text(contract.paid)}の支払")
    if held := sum(each.state is VisitState.HELD for each in visits):
        said.append(f"{held}回の支援の実施")
    if said:
        raise ConflictError(
            f"{contract.number.label}には{'と'.join(said)}が記録されているため取り消せません。"
            "途中で終わった契約は、変更契約で回数と額を減らしてください。"
        )
    return needed_reason(reason, "取消しの理由を入力してください。")


def check_payment(
    contract: Contract, paid_on: date, lines: tuple[PaidLine, ...], today: date
) -> tuple[PaidLine, ...]:
    """The lines of a payment as they are kept: those of 0 yen left out.

    Raises:
        ConflictError: The contract was taken back.
        InvalidInputError: Fields ``paid_on``, ``amount``, ``amount.N`` of plan N.
    """
    refuse_cancelled(contract)
    problems = {}
    closing = date(contract.fiscal_year + 1, 5, 31)
    if paid_on < contract.terms.signed_on:
        problems["paid_on"] = (
            f"支払日は締結日({contract.terms.signed_on.isoformat()})以降の日を選んでください。"
        )
    elif paid_on > today:
        problems["paid_on"] = f"支払日は今日({today.isoformat()})までの日を選んでください。"
    elif paid_on > closing:
        problems["paid_on"] = (
            f"{contract.fiscal_year.label}の支払は出納閉鎖({closing.isoformat()})までです。"
        )
    paid, agreed = contract.paid_lines, contract.terms
    for line in lines:
        held_against = agreed.line(line.plan)
        if held_against is None:
            problems["amount"] = f"プラン{line.plan}はこの契約にありません。{CONTRACT_AGAIN}"
        elif line.amount < 0:
            problems[f"amount.{line.plan}"] = (
                f"プラン{line.plan}の支払額は0円以上で入力してください。"
            )
        elif (before := paid.get(line.plan, Yen(0))) + line.amount > held_against.amount:
            problems[f"amount.{line.plan}"] = (
                f"プラン{line.plan}の契約額{yen_text(held_against.amount)}を超えます"
                f"(支払済み{yen_text(before)})。あと{yen_text(held_against.amount - before)}です。"
            )
    if len({line.plan for line in lines}) != len(lines):
        problems["amount"] = "同じプランが2回あります。1回にまとめてください。"
    kept = tuple(sorted((each for each in lines if each.amount), key=lambda each: each.plan))
    if not kept and not problems:
        problems["amount"] = "支払額を入力してください。"
    if problems:
        raise InvalidInputError(problems)
    return kept


def needed_reason(reason: str, otherwise: str) -> str:
    """A reason as it is kept.

    Raises:
        InvalidInputError: Field ``reason``: there is none, or it cannot be kept.
    """
    problems: dict[str, str] = {}
    said = REASON.read_into(problems, "reason", reason)
    if not said and not problems:
        problems["reason"] = otherwise
    if problems:
        raise InvalidInputError(problems)
    return said


def refuse_cancelled(contract: Contract) -> None:
    """Refuse to say more of a contract that was taken back.

    Raises:
        ConflictError: It was.
    """
    if not contract.stands:
        raise ConflictError(
            f"{contract.number.label}は取り消されています。新しい契約として記録してください。"
        )


def _term_problems(terms: ContractTerms, year: FiscalYear, today: date) -> dict[str, str]:
    problems = {}
    if outside := outside_fiscal_years(terms.signed_on):
        problems["signed_on"] = outside
    elif terms.signed_on > today:
        problems["signed_on"] = f"締結日は今日({today.isoformat()})までの日を選んでください。"
    elif terms.signed_on > terms.first_day:
        problems["signed_on"] = "締結日は期間の初日以前の日を選んでください。"
    elif terms.signed_on < date(year - 1, 4, 1):
        problems["signed_on"] = f"締結日が早すぎます。{year.label}の契約の日を選んでください。"
    for name, label in (("first_day", "期間の初日"), ("last_day", "期間の末日")):
        if not year.first_day <= getattr(terms, name) <= year.last_day:
            problems[name] = (
                f"{label}は{year.label}({year.first_day.isoformat()}から"
                f"{year.last_day.isoformat()}まで)の日を選んでください。"
            )
    if terms.last_day < terms.first_day and "last_day" not in problems:
        problems["last_day"] = "期間の末日は初日以降の日を選んでください。"
    return problems


def _line_problems(
    terms: ContractTerms, expected: Mapping[int, Expected], *, least: int
) -> dict[str, str]:
    problems = {}
    if not terms.lines:
        problems["plan"] = "契約する支援プランを1つ以上選んでください。"
    numbers = [line.plan for line in terms.lines]
    if len(set(numbers)) != len(numbers):
        problems["plan"] = "同じプランが2回あります。1回にまとめてください。"
    if unknown := sorted(set(numbers) - set(expected))[:7]:
        problems["plan"] = f"ない支援プランです: {'、'.join(str(each)[:20] for each in unknown)}"
    for line in terms.lines:
        most = expected[line.plan].most_visits if line.plan in expected else None
        top = 366 if most is None else most
        if not least <= line.visits <= top:
            problems[f"visits.{line.plan}"] = (
                f"プラン{line.plan}の支援回数は{least}から{top}で入力してください。"
            )
        if not 0 <= line.amount <= MOST_YEN:
            problems[f"amount.{line.plan}"] = (
                f"プラン{line.plan}の契約額は0円から{yen_text(MOST_YEN)}までで入力してください。"
            )
    return problems


def _with_why(
    terms: ContractTerms, expected: Mapping[int, Expected], problems: dict[str, str]
) -> ContractTerms:
    why = WHY.read_into(problems, "why", terms.why)
    lines = tuple(sorted(terms.lines, key=lambda line: line.plan))
    if not why and "why" not in problems:
        unlike = [line.plan for line in lines if differs(line, expected.get(line.plan))]
        if unlike:
            named = "、".join(f"プラン{plan}" for plan in unlike)
            problems["why"] = (
                f"{named}の契約額が試算と違うか、議決された額を超えます。理由を入力してください。"
            )
    return replace(terms, lines=lines, why=why)


def _change_day_problem(contract: Contract, day: date, today: date) -> dict[str, str]:
    changes = (ContractStep.CONCLUDED, ContractStep.CHANGED)
    earliest = max(
        [contract.terms.signed_on, *(e.day for e in contract.events if e.step in changes)]
    )
    latest = min(today, contract.fiscal_year.last_day)
    if earliest <= day <= latest:
        return {}
    return {
        "day": f"変更日は{earliest.isoformat()}から{latest.isoformat()}までの日を選んでください。"
    }


def _already_problems(
    contract: Contract, terms: ContractTerms, visits: Collection[Visit]
) -> dict[str, str]:
    """What was held and paid before stays possible."""
    problems: dict[str, str] = {}
    held = [each for each in visits if each.state is VisitState.HELD and each.held]
    days = [each.held.day for each in held if each.held]
    if days and min(days) < terms.first_day:
        problems.setdefault("first_day", f"{min(days).isoformat()}に実施した支援回があります。")
    if days and max(days) > terms.last_day:
        problems.setdefault("last_day", f"{max(days).isoformat()}に実施した支援回があります。")
    paid = contract.paid_lines
    for line in terms.lines:
        number = sum(each.plan == line.plan for each in held)
        before = paid.get(line.plan, Yen(0))
        if 0 <= line.visits < number:
            problems[f"visits.{line.plan}"] = (
                f"プラン{line.plan}は{number}回実施しています。{number}回以上にしてください。"
            )
        if 0 <= line.amount < before:
            problems[f"amount.{line.plan}"] = (
                f"プラン{line.plan}は{yen_text(before)}を支払っています。"
                "それ以上の額にするか、先に支払を取り消してください。"
            )
    return problems
