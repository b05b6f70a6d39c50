"""補助金の手続: a municipality's steps, the secretariat's, and all decisions at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Annotated

from core.access.principal import Role
from core.reference.grants import TALENT
from core.reference.pack import Reference
from core.store.parameters import all_parameters
from core.store.subsidy import CASE_EVENTS, CASES, case_of, cases, next_case_number
from core.store.support import contracts, held_counts
from core.store.wishes import WISHES
from core.store.work import Work, command, refuse_stale
from core.subsidy.budget import cut_to_budget, left_for
from core.subsidy.case import TITLE, Case, CaseEvent, CaseNumber, Channel
from core.subsidy.check import StepForm, check_less, check_order, problems_of
from core.subsidy.money import AskedLine, Offered, Outcome, applied, outcome
from core.subsidy.offered import programme_named, programme_of
from core.subsidy.programme import GrantProgramme
from core.subsidy.step import MUNICIPAL, CaseStep
from core.subsidy.support import asked_of_support, results_of_support
from core.support.wish import current_wishes
from core.values.errors import ConflictError, InvalidInputError
from core.values.fiscal import FIRST_YEAR, LAST_YEAR, FiscalYear
from core.values.free_text import read_form
from core.values.money import Yen, yen_text

_WITH_LINES = (CaseStep.APPLIED, CaseStep.CHANGE_APPLIED, CaseStep.REPORTED)


@command("subsidy:apply", "補助金の交付申請")
def apply_for_subsidy(
    work: Work,
    *,
    lg_code: str,
    fiscal_year: FiscalYear,
    programme: str,
    title: Annotated[str, TITLE],
    asked: tuple[AskedLine, ...],
    form: StepForm,
    reference: Reference,
    request_id: str,
    now: datetime,
) -> int:
    """交付申請: a new case of the municipality that leads.

    Args:
        asked: Costs by municipality and item; of a joint application of all members. Of the support
            plans none: they are those of the contracts and, before a contract, of the wishes.

    Returns:
        The number of the case in the database.

    Raises:
        InvalidInputError: What cannot be used, all at once; no such programme or municipality.
        ConflictError: The municipality has a case of its support plans already.
    """
    reference.municipality(lg_code)
    if not FIRST_YEAR < fiscal_year <= LAST_YEAR:
        raise InvalidInputError({"fiscal_year": "年度を選び直してください。"})
    terms = programme_named(
        reference, all_parameters(work.session), programme, fiscal_year, form.day
    )
    if terms.from_contracts:
        _refuse_second(work, lg_code, fiscal_year)
    lines = _lines(work, None, CaseStep.APPLIED, lg_code, fiscal_year, terms, asked)
    for code in {line.lg_code for line in lines} - {lg_code}:
        reference.municipality(code)
    kept = _read(None, CaseStep.APPLIED, form, fiscal_year, work)
    result = outcome(None, CaseStep.APPLIED, terms, Offered(asked=lines))
    members = tuple(dict.fromkeys((lg_code, *(line.lg_code for line in lines))))
    number = next_case_number(work.session, fiscal_year)
    head = Case(0, number, programme, title, lg_code, members, work.now, work.by)
    case_id = CASES.add(work.session, head)
    _add(work, case_id, CaseStep.APPLIED, kept, result)
    _audit(work, number, lg_code, CaseStep.APPLIED, kept, result)
    return case_id


@command("subsidy:step", "補助金の手続(市町村)", "subsidy:apply")
def record_municipal_step(
    work: Work,
    *,
    lg_code: str,
    case_id: int,
    step: CaseStep,
    asked: tuple[AskedLine, ...],
    amount: Yen | None,
    form: StepForm,
    seen_event: int,
    reference: Reference,
    request_id: str,
    now: datetime,
) -> None:
    """A step of the municipality: 申請の補正, 変更申請, 概算払の請求, 実績報告, 請求, 取下げ, ….

    The secretariat records it for the municipality where it came on paper.

    Args:
        asked: As in :func:`apply_for_subsidy`; of steps without costs none.
        amount: Of 概算払の請求; None otherwise.

    Raises:
        InvalidInputError: What cannot be used, or no such case of this municipality.
        ConflictError: Changed meanwhile, or the step cannot follow.
    """
    if step not in MUNICIPAL:
        raise ConflictError(f"「{step.label}」は事務局が記録する手続です。")
    case = _case(work, lg_code, case_id, seen_event)
    check_order(case, step)
    terms = programme_of(reference, all_parameters(work.session), case)
    lines = _lines(work, case, step, lg_code, case.fiscal_year, terms, asked)
    kept = _read(case, step, form, case.fiscal_year, work)
    result = outcome(case, step, terms, Offered(lines, amount))
    _add(work, case_id, step, kept, result)
    _audit(work, case.number, lg_code, step, kept, result)


@command("subsidy:decide", "補助金の手続(事務局)")
def record_office_step(
    work: Work,
    *,
    lg_code: str,
    case_id: int,
    step: CaseStep,
    amount: Yen | None,
    form: StepForm,
    seen_event: int,
    reference: Reference,
    request_id: str,
    now: datetime,
) -> None:
    """A step of the secretariat: 差戻し, 交付決定, 変更決定, 概算払, 額の確定, 支払, 返還, 取消し, ….

    Args:
        lg_code: Of the municipality that leads.
        amount: Of a decision; None: all that was applied for. None of every other step.

    Raises:
        InvalidInputError: What cannot be used; a decision above the application or the budget.
        ConflictError: Changed meanwhile, or the step cannot follow.
    """
    if step in MUNICIPAL:
        raise ConflictError(f"「{step.label}」は市町村の手続です。")
    case = _case(work, lg_code, case_id, seen_event)
    check_order(case, step)
    parameters = all_parameters(work.session)
    terms = programme_of(reference, parameters, case)
    kept = _read(case, step, form, case.fiscal_year, work)
    left = left_for(case_id, _of_programme(work, case.programme, case.fiscal_year), terms.budget)
    asked: tuple[AskedLine, ...] = ()
    if step is CaseStep.FINALISED and terms.from_contracts:
        asked = _results(work, lg_code, case.fiscal_year)
    result = outcome(case, step, terms, Offered(asked, amount, left))
    if step in (CaseStep.DECIDED, CaseStep.CHANGE_DECIDED):
        check_less(applied(case).amount, result.amount, kept.reason)
    _add(work, case_id, step, kept, result)
    _audit(work, case.number, lg_code, step, kept, result)


@command("subsidy:decide_all", "補助金の交付決定(まとめて)", "subsidy:decide")
def decide_all_applications(
    work: Work,
    *,
    programme: str,
    fiscal_year: FiscalYear,
    seen: Mapping[int, int],
    form: StepForm,
    reference: Reference,
    request_id: str,
    now: datetime,
) -> int:
    """Decide on every application of a programme that waits, cut in proportion when money is short.

    Args:
        seen: Number of every waiting case → of its last event, as the form showed them.
        form: Day, document and, where it is cut, the reason; the same for all.

    Returns:
        How many were decided.

    Raises:
        ConflictError: Nothing waits, something changed meanwhile, or nothing is left.
        InvalidInputError: What cannot be used; no reason for a cut.
    """
    known = _of_programme(work, programme, fiscal_year)
    terms = programme_named(
        reference, all_parameters(work.session), programme, fiscal_year, work.today
    )
    amounts = cut_to_budget(known, terms.budget)
    waiting = {case.case_id: case for case in known if case.case_id in amounts}
    if not waiting:
        raise ConflictError("決定を待っている申請はありません。画面を更新してください。")
    if {key: case.last.event_id for key, case in waiting.items()} != dict(seen):
        raise ConflictError(
            "決定を待つ申請が、画面を開いた後に変わりました。画面を更新して額を確認してください。"
        )
    if not all(amounts.values()):
        raise ConflictError(
            "予算の残りが足りず、0円になる申請があります。予算を確認するか、1件ずつ決定してください。"
        )
    said = form
    for case_id, case in waiting.items():
        said = kept = _read(case, CaseStep.DECIDED, form, fiscal_year, work)
        check_less(applied(case).amount, amounts[case_id], kept.reason)
        offered = Offered(amount=amounts[case_id])
        result = outcome(case, CaseStep.DECIDED, terms, offered)
        _add(work, case_id, CaseStep.DECIDED, kept, result)
    work.audit(
        programme,
        fiscal_year=int(fiscal_year),
        cases=[f"{case.number.label} {yen_text(amounts[key])}" for key, case in waiting.items()],
        day=form.day,
        reason=said.reason,
    )
    return len(waiting)


def _of_programme(work: Work, programme: str, fiscal_year: FiscalYear) -> list[Case]:
    found = cases(work.session, fiscal_year=fiscal_year)
    return [case for case in found if case.programme == programme]


def _case(work: Work, lg_code: str, case_id: int, seen_event: int) -> Case:
    case = case_of(work.session, lg_code, case_id)
    if case.lg_code != lg_code:
        raise ConflictError("共同申請の手続は代表の団体が行います。代表の団体に連絡してください。")
    did = f"「{case.last.step.label}」を記録して"
    refuse_stale(case.last, case.last.event_id, seen_event, case.number.label, did)
    return case


def _refuse_second(work: Work, lg_code: str, fiscal_year: FiscalYear) -> None:
    for case in cases(work.session, lg_code, fiscal_year=fiscal_year):
        if case.programme == TALENT and case.granting:
            raise ConflictError(
                f"{fiscal_year.label}の申請は{case.number.label}({case.state.label})があります。"
                "プランの追加や変更はその手続の変更申請で行ってください。"
            )


def _lines(
    work: Work,
    case: Case | None,
    step: CaseStep,
    lg_code: str,
    fiscal_year: FiscalYear,
    programme: GrantProgramme,
    asked: tuple[AskedLine, ...],
) -> tuple[AskedLine, ...]:
    """The costs of a step: of support plans as recorded here, else as they were typed."""
    if step not in _WITH_LINES:
        return ()
    if programme.from_contracts:
        if step is CaseStep.REPORTED:
            return _results(work, lg_code, fiscal_year)
        kept = contracts(work.session, lg_code, fiscal_year=fiscal_year)
        events = WISHES.all(work.session, lg_code=lg_code, fiscal_year=fiscal_year)
        return asked_of_support(lg_code, kept, current_wishes(events).values())
    problems: dict[str, str] = {}
    read = [
        read_form(line, problems, key=f"lines.{n}.", of=f"{n}行目の")
        for n, line in enumerate(asked, start=1)
    ]
    if problems:
        raise InvalidInputError(problems)
    order = list(dict.fromkeys((lg_code, *(line.lg_code for line in read))))
    lines = tuple(sorted(read, key=lambda line: order.index(line.lg_code)))
    if programme.terms is not None:
        lines = tuple(replace(line, amount=None) for line in lines)
    if case is not None and not {line.lg_code for line in lines} <= set(case.members):
        raise InvalidInputError(
            {
                "lines": "共同申請に加わっていない団体の行があります。"
                "団体を加えるときは、取り下げて新しく申請してください。"
            }
        )
    return lines


def _results(work: Work, lg_code: str, fiscal_year: FiscalYear) -> tuple[AskedLine, ...]:
    kept = contracts(work.session, lg_code, fiscal_year=fiscal_year)
    held = held_counts(work.session, [each.contract_id for each in kept])
    return results_of_support(lg_code, kept, held)


def _read(
    case: Case | None, step: CaseStep, form: StepForm, fiscal_year: FiscalYear, work: Work
) -> StepForm:
    problems: dict[str, str] = {}
    kept = read_form(form, problems)
    problems = problems_of(case, step, kept, fiscal_year, work.today) | problems
    if problems:
        raise InvalidInputError(problems)
    return kept


def _add(work: Work, case_id: int, step: CaseStep, form: StepForm, result: Outcome) -> None:
    office = work.principal.role is Role.SECRETARIAT
    event = CaseEvent(
        event_id=0,
        case_id=case_id,
        step=step,
        day=form.day,
        document=form.document,
        amount=result.amount,
        lines=result.lines,
        reason=form.reason,
        channel=Channel.PAPER if office and step in MUNICIPAL else Channel.SCREEN,
        recorded_at=work.now,
        recorded_by=work.by,
    )
    CASE_EVENTS.add(work.session, event)


def _audit(
    work: Work, number: CaseNumber, lg_code: str, step: CaseStep, form: StepForm, result: Outcome
) -> None:
    work.audit(
        number.label,
        lg_code=lg_code,
        state=step,
        day=form.day,
        amount=None if result.amount is None else int(result.amount),
        document=form.document,
        reason=form.reason,
    )
