"""What 後乗り asks: the quotation, and the request it stands for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from core.access.principal import Principal
from core.boarding.request import (
    MAX_AMOUNT,
    MAX_MONTHS,
    BoardingRequest,
    BudgetSection,
    MeritScope,
    Present,
    check_request,
)
from core.values.errors import InvalidInputError
from core.values.money import parse_rate
from core.values.written_number import YEN, counted
from dashboard import context
from dashboard.kit import address, written
from dashboard.kit.real_burden import AMOUNTS, RealQuestion

PAGE = "boarding"
_NUMBERS = ("initial", "monthly", "fee", "months", *AMOUNTS)
FIELDS = tuple(f"{PAGE}.{name}" for name in _NUMBERS)
"""Keys of the fields in which something can be written that is no number."""


def _programmes(_reader: Principal) -> list[str]:
    return [each.key for each in context.reference().procurements.programmes]


def _first_programme() -> str:
    return context.reference().procurements.programmes[0].key


@dataclass(frozen=True)
class Question(RealQuestion):
    """What is compared.

    Attributes:
        start: First month of use; None for the usual one of the programme.
        merit: スケールメリット as it was written; empty for the published one.
    """

    programme: str = address.choice("共同調達", _programmes, _first_programme)
    start: date | None = address.month("利用開始月")
    initial: int | None = address.number("標準価格の初期費用", YEN, most=MAX_AMOUNT)
    monthly: int | None = address.number("標準価格の月額", YEN, most=MAX_AMOUNT)
    fee: int | None = address.number("後乗りの追加費用", YEN, most=MAX_AMOUNT)
    months: int = address.number("契約月数", counted("か月"), 60, least=1, most=MAX_MONTHS)
    merit: str = address.words()
    scope: MeritScope = address.choice("スケールメリットの対象", MeritScope, MeritScope.BOTH)
    present: Present = address.choice("現在の状況", Present, Present.UNUSED)
    initial_section: BudgetSection = address.choice(
        "初期費用の節", BudgetSection, BudgetSection.COMMISSION
    )
    monthly_section: BudgetSection = address.choice("月額の節", BudgetSection, BudgetSection.USAGE)


def asked(reader: Principal) -> Question:
    """The question as the fields stand; one that cannot be read keeps what it was before."""
    found = address.current(Question, PAGE, reader)
    wrong = [name for name in _NUMBERS if written.wrong(f"{PAGE}.{name}")]
    return replace(found, **{name: written.last(f"{PAGE}.{name}") for name in wrong})


def request_of(question: Question, usual_start: date) -> tuple[BoardingRequest, str]:
    """The request a question stands for.

    Returns:
        The request, and what could not be used of it (empty for nothing): the published merit
        stands in for one that makes no sense, the usual month for one out of reach.
    """
    request = BoardingRequest(
        start=question.start or usual_start,
        initial=question.initial or 0,
        monthly=question.monthly or 0,
        months=question.months or BoardingRequest.months,
        joining_fee=question.fee or 0,
        merit_scope=question.scope,
        present=question.present,
        initial_section=question.initial_section,
        monthly_section=question.monthly_section,
    )
    problems: list[str] = []
    try:
        check_request(request)
    except InvalidInputError as error:
        problems += error.problems.values()
        request = replace(request, start=usual_start)
    if question.merit:
        try:
            own = replace(request, merit=parse_rate(question.merit))
            check_request(own)
            request = own
        except (ValueError, InvalidInputError) as error:
            problems.append(f"{error} 公表の3割程度で計算しています。")
    return request, " ".join(problems)
