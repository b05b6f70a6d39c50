"""書類の値: what goes into the papers of one application, from what is on record."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from core.estimate.request import ExpenditureKind
from core.estimate.terms import expenditure_section
from core.reference.pack import Reference
from core.subsidy.case import Case, CaseEvent, CaseLine
from core.subsidy.document import DocumentKind, Mark, Unit, mark_named
from core.subsidy.programme import GrantProgramme
from core.subsidy.step import CaseStep
from core.support.contract import Contract, ContractTerms, paid_by_plan
from core.support.visit import Visit
from core.values.fiscal import FiscalYear, era_date
from core.values.marks import MARK
from core.values.money import Yen

BLANK = "\u3000" * 6
"""What stands where nothing is known: room to write by hand, never 0."""

Values = Mapping[Mark, int | str]
"""What is put in; what is not there is unknown."""


@dataclass(frozen=True)
class DocumentNames:
    """The words of the prefecture that the papers use.

    Attributes:
        towns: Code → name, also of whoever was merged away.
        plans: Number of a support plan → its label.
        sections: 節 → its name.
    """

    prefecture: str
    towns: Mapping[str, str]
    plans: Mapping[int, str]
    sections: Mapping[ExpenditureKind, str]

    @classmethod
    def of(cls, reference: Reference, fiscal_year: FiscalYear) -> DocumentNames:
        """Those of a prefecture in a fiscal year."""
        return cls(
            reference.names.prefecture,
            reference.named,
            {plan.number: plan.label for plan in reference.of(fiscal_year).plans},
            {kind: expenditure_section(kind, fiscal_year)[1] for kind in ExpenditureKind},
        )


@dataclass(frozen=True)
class DocumentValues:
    """What goes into one paper.

    Attributes:
        day: Of the paper.
        rows: Once per item; at least one, empty where there are no items.
    """

    kind: DocumentKind
    day: date
    values: Values
    rows: tuple[Values, ...]


def papers_of(case: Case) -> tuple[DocumentKind, ...]:
    """The papers there are of an application by now, in the order of the way."""
    return tuple(kind for kind in DocumentKind if case.last_of(kind.step) is not None)


def document_values(
    kind: DocumentKind,
    case: Case,
    *,
    programme: GrantProgramme,
    contracts: Sequence[Contract],
    visits: Sequence[Visit],
    names: DocumentNames,
) -> DocumentValues:
    """What goes into a paper, as it was on the day of its step.

    What was said, held or paid after the paper does not change it. Of a step that was taken
    several times the last one counts.

    Args:
        case: It has come to the step of the paper.
        contracts: Those it pays for, of all members; none for what is no support plan.
        visits: Of these contracts.

    Raises:
        KeyError: The case has not come so far.
    """
    event = case.last_of(kind.step)
    if event is None:
        raise KeyError(kind)
    then = replace(case, events=case.events[: case.events.index(event) + 1])
    work = _Work(contracts, visits, event.day)
    lines = _lines_of(then)
    found: dict[Mark, int | str | None] = {
        **_of_case(then, programme, names),
        **_of_step(event),
        **_of_money(then, event, lines),
        **_of_contract(work, lines, names),
        **_of_work(work),
        **_of_earlier(then),
    }
    known = {
        mark: value
        for mark, value in found.items()
        if value is not None and value != "" and kind in mark.kinds
    }
    rows = tuple(_row(n, line, work, names, kind) for n, line in enumerate(lines, start=1))
    return DocumentValues(kind, event.day, known, rows or ({},))


def _lines_of(case: Case) -> tuple[CaseLine, ...]:
    """How the amount falls on items: of the last step that said so."""
    return next((each.lines for each in reversed(case.events) if each.lines), ())


class _Work:
    """What was agreed, held and paid by a day, by municipality and plan."""

    def __init__(self, contracts: Sequence[Contract], visits: Sequence[Visit], day: date) -> None:
        self.agreed: list[tuple[Contract, ContractTerms]] = [
            (each, terms) for each in contracts if (terms := each.terms_on(day)) is not None
        ]
        self.known = bool(self.agreed)
        self.last: date | None = None
        self.held: dict[tuple[str, int], int] = {}
        ids = {each.contract_id for each, _ in self.agreed}
        for visit in visits:
            held = visit.held
            if held is not None and held.day <= day and visit.contract_id in ids:
                at = (visit.lg_code, visit.plan)
                self.held[at] = self.held.get(at, 0) + 1
                self.last = held.day if self.last is None else max(self.last, held.day)
        self.visits: dict[tuple[str, int], int] = {}
        self.amounts: dict[tuple[str, int], Yen] = {}
        self.paid: dict[tuple[str, int], Yen] = {}
        for contract, terms in self.agreed:
            for line in terms.lines:
                at = (contract.lg_code, line.plan)
                self.visits[at] = self.visits.get(at, 0) + line.visits
                self.amounts[at] = self.amounts.get(at, Yen(0)) + line.amount
            by_day = [each for each in contract.payments if each.paid_on <= day]
            for plan, amount in paid_by_plan(by_day).items():
                at = (contract.lg_code, plan)
                self.paid[at] = self.paid.get(at, Yen(0)) + amount


def _of_case(
    case: Case, programme: GrantProgramme, names: DocumentNames
) -> dict[Mark, int | str | None]:
    town = names.towns.get(case.lg_code, "")
    return {
        Mark.FISCAL_YEAR: _year(case),
        Mark.PROGRAMME: programme.name,
        Mark.TITLE: case.title,
        Mark.NUMBER: case.number.label,
        Mark.TOWN: town,
        Mark.CODE: case.lg_code,
        Mark.MEMBERS: "、".join(names.towns.get(each, each) for each in case.members),
        Mark.MAYOR: town and f"{town}長",
        Mark.PREFECTURE: names.prefecture,
        Mark.GOVERNOR: f"{names.prefecture}知事",
        Mark.RATE: None if programme.terms is None else str(programme.terms.rate),
    }


def _year(case: Case) -> str:
    """令和5年度, as a document of an office says it."""
    return case.fiscal_year.label.partition("(")[0]


def _of_step(event: CaseEvent) -> dict[Mark, int | str | None]:
    return {
        Mark.DOCUMENT: event.document,
        Mark.DAY: era_date(event.day),
        Mark.REASON: event.reason,
    }


def _of_money(
    case: Case, event: CaseEvent, lines: Sequence[CaseLine]
) -> dict[Mark, int | str | None]:
    eligible = sum((each.eligible for each in lines), Yen(0)) if lines else None
    granted = sum((each.amount for each in lines), Yen(0)) if lines else None
    decided = None if event.step is CaseStep.APPLIED else case.decided
    earlier = replace(case, events=case.events[:-1])
    before = earlier.decided if earlier.events else None
    if event.step is CaseStep.CHANGE_APPLIED:
        before = case.decided
    return {
        Mark.ELIGIBLE: eligible,
        Mark.OWN: None if eligible is None or granted is None else eligible - granted,
        Mark.DECIDED_AMOUNT: decided,
        Mark.BEFORE: before,
        Mark.CHANGE: None if before is None or event.amount is None else event.amount - before,
        Mark.CLAIMED: event.amount,
        Mark.RECEIVED: case.paid,
        Mark.REST: case.due,
    }


def _of_earlier(case: Case) -> dict[Mark, int | str | None]:
    found: dict[Mark, int | str | None] = {}
    for step, amount, day, number in (
        (CaseStep.APPLIED, Mark.APPLIED_AMOUNT, Mark.APPLIED_DAY, Mark.APPLIED_NUMBER),
        (CaseStep.DECIDED, None, Mark.DECIDED_DAY, Mark.DECIDED_NUMBER),
        (CaseStep.CHANGE_APPLIED, Mark.CHANGE_AMOUNT, Mark.CHANGE_DAY, Mark.CHANGE_NUMBER),
        (CaseStep.REPORTED, Mark.REPORTED_AMOUNT, Mark.REPORTED_DAY, Mark.REPORTED_NUMBER),
        (CaseStep.FINALISED, Mark.FINAL_AMOUNT, Mark.FINAL_DAY, Mark.FINAL_NUMBER),
    ):
        event = case.last_of(step)
        if event is not None:
            found |= {day: era_date(event.day), number: event.document}
            if amount is not None:
                found[amount] = event.amount
    return found


def _of_contract(
    work: _Work, lines: Sequence[CaseLine], names: DocumentNames
) -> dict[Mark, int | str | None]:
    plans = dict.fromkeys(_plan(each) for each in lines)
    found: dict[Mark, int | str | None] = {
        Mark.PLANS: "、".join(names.plans.get(plan, f"プラン{plan}") for plan in plans if plan)
    }
    if not work.known:
        return found
    terms = [each for _, each in work.agreed]
    first, last = min(each.first_day for each in terms), max(each.last_day for each in terms)
    return found | {
        Mark.VENDOR: "、".join(dict.fromkeys(each.vendor.name for each, _ in work.agreed)),
        Mark.SIGNED: "、".join(dict.fromkeys(era_date(each.signed_on) for each in terms)),
        Mark.TERM: f"{era_date(first)}から{era_date(last)}まで",
        Mark.CONTRACT: sum((each.amount for each in terms), Yen(0)),
        Mark.SECTION: "、".join(dict.fromkeys(names.sections[each.kind] for each in terms)),
        Mark.VISITS: sum(each.visits for each in terms),
    }


def _of_work(work: _Work) -> dict[Mark, int | str | None]:
    if not work.known:
        return {}
    return {
        Mark.HELD: sum(work.held.values()),
        Mark.COMPLETED: None if work.last is None else era_date(work.last),
        Mark.PAID: sum(work.paid.values(), Yen(0)),
    }


def _plan(line: CaseLine) -> int | None:
    """The support plan an item is; None for anything else."""
    is_number = line.item.isascii() and line.item.isdecimal()
    return int(line.item) if is_number else None


def _row(
    number: int, line: CaseLine, work: _Work, names: DocumentNames, kind: DocumentKind
) -> Values:
    plan = _plan(line)
    found: dict[Mark, int | str | None] = {
        Mark.ROW_NUMBER: number,
        Mark.ROW_TOWN: names.towns.get(line.lg_code, line.lg_code),
        Mark.ROW_ITEM: line.item if plan is None else names.plans.get(plan, f"プラン{plan}"),
        Mark.ROW_ELIGIBLE: line.eligible,
        Mark.ROW_AMOUNT: line.amount,
        Mark.ROW_OWN: line.eligible - line.amount,
    }
    if plan is not None and work.known:
        at = (line.lg_code, plan)
        found |= {
            Mark.ROW_VISITS: work.visits.get(at),
            Mark.ROW_CONTRACT: work.amounts.get(at),
            Mark.ROW_HELD: work.held.get(at, 0),
            Mark.ROW_PAID: work.paid.get(at, Yen(0)),
        }
    return {
        mark: value for mark, value in found.items() if value is not None and kind in mark.kinds
    }


def example_values(kind: DocumentKind) -> DocumentValues:
    """A paper with the examples of the list, to see what a template comes to."""
    found: dict[Mark, int | str] = {mark: _example(mark) for mark in Mark if kind in mark.kinds}
    own = {mark: value for mark, value in found.items() if mark.of_row}
    second = {**own, Mark.ROW_NUMBER: 2, Mark.ROW_ITEM: "プラン4 △△"}
    values = {mark: value for mark, value in found.items() if not mark.of_row}
    return DocumentValues(kind, date(2023, 6, 1), values, (own, second))


def _example(mark: Mark) -> int | str:
    if mark.unit is Unit.WORDS:
        return mark.example
    amount = int(re.sub(r"\D", "", mark.example))
    return -amount if mark.example.startswith("△") else amount


def put_in(text: str, values: Values) -> int | str:
    """A text with its marks filled in: a number where it is one mark of a number, else words.

    Examples:
        >>> values = {Mark.APPLIED_AMOUNT: 1_200_000, Mark.TOWN: "堺市"}
        >>> put_in("{{交付申請額}}", values), put_in("{{団体名}}は金{{交付申請額}}を申請", values)
        (1200000, '堺市は金1,200,000円を申請')
        >>> put_in("{{ 交付申請額 }}円", values)
        '1,200,000円'
    """
    whole = MARK.fullmatch(text.strip())
    if whole and (mark := mark_named(whole[1])) is not None:
        return values.get(mark, "")
    return MARK.sub(lambda found: said(mark_named(found[1]), values, text[found.end() :]), text)


def said(mark: Mark | None, values: Values, after: str = "") -> str:
    """What stands for a mark among words.

    Args:
        after: What follows it; an amount there 円 already stands after gets none.
    """
    value = "" if mark is None else values.get(mark, "")
    counts = mark is not None and mark.unit is Unit.YEN and not mark.of_row
    yen = "円" if counts and not after.lstrip().startswith("円") else ""
    if value == "":
        return f"{BLANK}{yen}"
    if isinstance(value, str):
        return value
    return f"{'△' if value < 0 else ''}{abs(value):,}{yen}"
