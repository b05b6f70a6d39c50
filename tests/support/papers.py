"""An application with everything that became of it, and what its papers say, worked out by hand."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction

from core.consultation.theme import MeetingForm
from core.estimate.request import ExpenditureKind
from core.estimate.terms import SubsidyTerms
from core.params import RoundingScope
from core.subsidy.case import Case, CaseEvent, CaseLine, CaseNumber, Channel
from core.subsidy.document import DocumentKind
from core.subsidy.document_values import DocumentNames, DocumentValues, document_values
from core.subsidy.programme import GrantProgramme
from core.subsidy.step import CaseStep
from core.support.contract import (
    Contract,
    ContractEvent,
    ContractLine,
    ContractNumber,
    ContractStep,
    ContractTerms,
    PaidLine,
    Payment,
    Vendor,
)
from core.support.visit import Held, Visit, VisitEvent, VisitStep
from core.values.fiscal import JAPAN, FiscalYear
from core.values.money import Direction, Rounding, Yen
from tests.support.reference import REFERENCE

SAKAI, YEAR = "271403", FiscalYear(2023)
NOW = datetime(2024, 4, 30, 9, 30, tzinfo=JAPAN)
NAMES = DocumentNames.of(REFERENCE, YEAR)
PROGRAMME = GrantProgramme(
    "talent",
    YEAR,
    "デジタル人材シェアリング事業補助金",
    SubsidyTerms(Fraction(1, 2), Rounding(1000, Direction.DOWN), RoundingScope.TOTAL),
    None,
)


def line(item: str, eligible: int, amount: int, lg_code: str = SAKAI) -> CaseLine:
    return CaseLine(lg_code, item, Yen(eligible), Yen(amount))


def event(
    number: int, step: CaseStep, day: date, amount: int | None = None, *lines: CaseLine,
    document: str = "", reason: str = "",
) -> CaseEvent:  # fmt: skip
    yen = None if amount is None else Yen(amount)
    return CaseEvent(
        number, 1, step, day, document, yen, lines, reason, Channel.SCREEN, NOW, "tanto"
    )


ASKED = (line("4", 1_100_000, 550_000), line("6", 1_200_000, 600_000))
CHANGED = (line("4", 900_000, 450_000), line("6", 1_200_000, 600_000))
DONE = (line("4", 900_000, 450_000), line("6", 1_100_000, 550_000))
CASE = Case(
    1, CaseNumber(YEAR, 3), "talent", "専門人材による情報化の支援", SAKAI, (SAKAI,), NOW, "tanto",
    (
        event(1, CaseStep.APPLIED, date(2023, 6, 1), 1_150_000, *ASKED, document="堺情第123号"),
        event(2, CaseStep.DECIDED, date(2023, 6, 20), 1_150_000, *ASKED, document="府デ第45号"),
        event(
            3, CaseStep.CHANGE_APPLIED, date(2023, 11, 1), 1_050_000, *CHANGED,
            document="堺情第300号", reason="プラン4の回数を見直したため。\n=1+1 <b>と & も、そのまま",
        ),
        event(4, CaseStep.CHANGE_DECIDED, date(2023, 11, 15), 1_050_000, *CHANGED),
        event(5, CaseStep.ADVANCE_CLAIMED, date(2023, 12, 1), 400_000),
        event(6, CaseStep.ADVANCE_PAID, date(2023, 12, 20), 400_000),
        event(7, CaseStep.REPORTED, date(2024, 4, 5), 1_000_000, *DONE),
        event(8, CaseStep.FINALISED, date(2024, 4, 20), 1_000_000, *DONE, document="府デ第60号"),
        event(9, CaseStep.CLAIMED, date(2024, 4, 25), 600_000),
    ),
)  # fmt: skip


def terms(*lines: ContractLine) -> ContractTerms:
    return ContractTerms(
        date(2023, 5, 10), date(2023, 5, 15), date(2024, 3, 31), ExpenditureKind.COMMISSION, lines
    )


def _said(number: int, step: ContractStep, day: date, agreed: ContractTerms) -> ContractEvent:
    return ContractEvent(number, 1, step, day, agreed, "", NOW, "tanto")


CONTRACT = Contract(
    1,
    ContractNumber(YEAR, 1),
    SAKAI,
    Vendor(1, "<株>デジタル&支援", NOW, "tanto"),
    (
        _said(
            1, ContractStep.CONCLUDED, date(2023, 5, 10),
            terms(ContractLine(4, 11, Yen(1_100_000)), ContractLine(6, 12, Yen(1_200_000))),
        ),
        _said(
            2, ContractStep.CHANGED, date(2023, 11, 20),
            terms(ContractLine(4, 9, Yen(900_000)), ContractLine(6, 12, Yen(1_200_000))),
        ),
    ),
    (
        Payment(
            1, 1, date(2024, 3, 25), (PaidLine(4, Yen(900_000)), PaidLine(6, Yen(1_100_000))),
            None, "", NOW, "tanto",
        ),
    ),
)  # fmt: skip


def visit(number: int, plan: int, day: date) -> Visit:
    held = Held(day, 90, MeetingForm.ONLINE, "", "議題", "内容")
    said = VisitEvent(number, number, VisitStep.HELD, None, held, None, "", NOW, "tanto")
    return Visit(number, 1, SAKAI, plan, number, (said,))


VISITS = (
    *(visit(n, 4, date(2023, 6 + n % 6, 10)) for n in range(9)),
    *(visit(20 + n, 6, date(2023, 6 + n % 6, 20)) for n in range(10)),
    visit(40, 6, date(2024, 3, 12)),
)


def values_of(kind: DocumentKind, case: Case = CASE) -> DocumentValues:
    return document_values(
        kind, case, programme=PROGRAMME, contracts=(CONTRACT,), visits=VISITS, names=NAMES
    )
