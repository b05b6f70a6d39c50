"""支援回の記録: what may be said of a visit, in words; the only such place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from core.consultation.theme import MeetingForm
from core.support.contract import Contract, ContractLine, ContractTerms
from core.support.contract_check import refuse_cancelled
from core.support.visit import STEPS_FROM, Held, Planned, Visit, VisitState, VisitStep
from core.values.errors import ConflictError, InvalidInputError
from core.values.fiscal import PartialDate, Precision, japan_day
from core.values.free_text import read_form

MOST_MINUTES = 1440
_MEETINGS = (MeetingForm.ON_SITE, MeetingForm.ONLINE)


def check_visit_step(visit: Visit | None, step: VisitStep) -> None:
    """Refuse what cannot follow.

    Args:
        visit: None: nothing was planned.

    Raises:
        ConflictError: Names what was recorded, and what can follow.
    """
    following = STEPS_FROM[visit.state if visit else None]
    if step in following:
        return
    if visit is None:
        raise ConflictError(f"予定していない支援回は「{step.label}」にできません。")
    possible = "、".join(f"「{each.label}」" for each in following)
    advice = f"次に選べるのは{possible}です。" if possible else "別の支援回を予定してください。"
    raise ConflictError(
        f"プラン{visit.plan}の第{visit.serial}回は{japan_day(visit.last.recorded_at)}に"
        f"「{visit.last.step.label}」と記録されているため「{step.label}」にはできません。{advice}"
    )


def check_room_for_visit(contract: Contract, plan: int, visits: Iterable[Visit]) -> ContractLine:
    """What was agreed of a plan, when one more of its visits fits in.

    Args:
        visits: Of the contract.

    Raises:
        InvalidInputError: Field ``plan``: it is not in the contract.
        ConflictError: The contract was taken back, or all visits are planned or held.
    """
    refuse_cancelled(contract)
    line = contract.terms.line(plan)
    if line is None:
        raise InvalidInputError({"plan": "契約にあるプランを選んでください。"})
    taken = taken_visits(visits, plan)
    if taken >= line.visits:
        raise ConflictError(
            f"プラン{plan}は契約の{line.visits}回すべてが予定または実施済です。"
            "日を変えるときは予定の「日程を変える」を、回数を増やすときは変更契約を使ってください。"
        )
    return line


def taken_visits(visits: Iterable[Visit], plan: int) -> int:
    """Visits of a plan that are planned or held."""
    return sum(each.plan == plan and each.state is not VisitState.CANCELLED for each in visits)


def surplus_visits(ours: Iterable[Visit], terms: ContractTerms | None) -> list[Visit]:
    """Planned visits that a contract has no room for: outside its term, or the latest of too many.

    Args:
        ours: Visits of the contract.
        terms: As they hold now; None: it was taken back.
    """
    gone = []
    kept: dict[int, int] = {}
    for visit in sorted(ours, key=_in_order):
        if visit.state is VisitState.CANCELLED:
            continue
        if visit.state is VisitState.HELD or _fits(visit, terms, kept.get(visit.plan, 0)):
            kept[visit.plan] = kept.get(visit.plan, 0) + 1
        else:
            gone.append(visit)
    return gone


def _fits(visit: Visit, terms: ContractTerms | None, before: int) -> bool:
    when = visit.when
    line = terms.line(visit.plan) if terms else None
    if terms is None or line is None or when is None:
        return False
    return before < line.visits and when.first <= terms.last_day and when.last >= terms.first_day


def _in_order(visit: Visit) -> tuple[bool, date, int]:
    """What was held first, then what is planned by day."""
    first = visit.when.first if visit.when else date.max
    return visit.state is not VisitState.HELD, first, visit.visit_id


def check_planned(planned: Planned, terms: ContractTerms, today: date) -> Planned:
    """予定 as it is kept.

    Raises:
        InvalidInputError: Every field that cannot be used.
    """
    problems: dict[str, str] = {}
    kept, when = read_planned(planned, problems), planned.when
    if when.precision is Precision.MONTH:
        kept = replace(kept, when=PartialDate(when.first.replace(day=1), Precision.MONTH))
        if planned.start is not None:
            problems["start"] = "開始時刻は日が決まってから入れてください。"
    if when.precision not in (Precision.DAY, Precision.MONTH):
        problems["when"] = "予定は日か月で選んでください。"
    elif when.last < terms.first_day or when.first > terms.last_day:
        problems["when"] = _outside(terms, "予定")
    elif when.last < today:
        problems["when"] = (
            f"{when.label}は過ぎています。今日以降を選ぶか、"
            "終わった回は「実施を記録する」で入れてください。"
        )
    if problems:
        raise InvalidInputError(problems)
    return kept


def read_planned(planned: Planned, problems: dict[str, str]) -> Planned:
    """What a 予定 says beside its day, as it is kept."""
    kept = read_form(planned, problems)
    if planned.meeting not in (None, *_MEETINGS):
        problems["meeting"] = "形式は訪問かオンラインを選んでください。"
    return kept


def check_held(held: Held, terms: ContractTerms, today: date) -> Held:
    """実施 as it is kept.

    Raises:
        InvalidInputError: Every field that is missing or cannot be used.
    """
    problems: dict[str, str] = {}
    kept = read_form(held, problems)
    if not terms.first_day <= held.day <= terms.last_day:
        problems["day"] = _outside(terms, "実施日")
    elif held.day > today:
        problems["day"] = f"実施日は今日({today.isoformat()})までの日を選んでください。"
    if not 1 <= held.minutes <= MOST_MINUTES:
        problems["minutes"] = f"時間は1分から{MOST_MINUTES:,}分までで入力してください。"
    if held.meeting not in _MEETINGS:
        problems["meeting"] = "形式は訪問かオンラインを選んでください。"
    if held.satisfaction is not None and not 1 <= held.satisfaction <= 5:
        problems["satisfaction"] = "満足度は1から5までで選んでください。"
    if problems:
        raise InvalidInputError(problems)
    return kept


def _outside(terms: ContractTerms, what: str) -> str:
    return (
        f"{what}は契約期間({terms.first_day.isoformat()}から{terms.last_day.isoformat()}まで)の"
        "中で選んでください。"
    )
