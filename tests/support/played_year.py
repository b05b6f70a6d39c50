"""A year of support plans in thirteen municipalities, and short ways to every command it takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from itertools import count
from typing import Any

from sqlalchemy import Engine

from core.access.principal import Principal, Role
from core.commands import contracts, parameters, subsidy, visits, wishes
from core.consultation.attachment import OfferedFile
from core.consultation.theme import MeetingForm
from core.estimate.request import EstimateRequest, ExpenditureKind, PlanChoice
from core.params import Basis
from core.reference.grants import TALENT, Grant
from core.reference.pack import Reference
from core.store.engine import reading
from core.store.subsidy import cases
from core.subsidy.case import Case
from core.subsidy.check import StepForm
from core.subsidy.money import AskedLine
from core.subsidy.step import MUNICIPAL, CaseStep
from core.support.contract import Contract, ContractLine, ContractTerms, PaidLine
from core.support.visit import CancelledBy, Held, Planned, Visit, VisitState
from core.support.wish import WishState
from core.support.year_plan import DayRule
from core.values.fiscal import JAPAN, FiscalYear, PartialDate, Precision
from core.values.money import Direction, Yen
from core.views.subsidy import BoardAnswer, CaseShown, own_subsidy_view, subsidy_board_view
from core.views.support import ContractInYear, own_support_view
from tests.support.contracts import seen_wishes
from tests.support.reference import REFERENCE

YEAR = FiscalYear(2023)
THIRTEEN = tuple(REFERENCE.by_code)[:13]
OFFICE = Principal("jimukyoku", "事務局", Role.SECRETARIAT)
KYODO = Grant(
    key="kyodo",
    name="スマートシティ共同事業補助金",
    rate="2/3",
    rounding_unit=1000,
    rounding_direction=Direction.DOWN,
    budget=1_500_000,
    joint=True,
    source="見本",
)
_PLANS = REFERENCE.sharing
assert _PLANS is not None
WITH_OWN_FEE = replace(
    REFERENCE,
    sharing=_PLANS.model_copy(
        update={
            "plans": tuple(
                plan.model_copy(update={"unit_price": 150_000}) if plan.number == 7 else plan
                for plan in _PLANS.plans
            )
        }
    ),
    grants=(
        Grant(
            key=TALENT,
            name="デジタル人材シェアリング事業補助金",
            advance=True,
            deadline_application=date(2023, 4, 28),
            deadline_report=date(2024, 4, 5),
            deadline_claim=date(2024, 4, 30),
            source="見本",
        ),
        KYODO,
    ),
)
"""Osaka's plans, of which the seventh has a fee of its own, a subsidy with 概算払, a joint programme."""


def officer(lg_code: str) -> Principal:
    return Principal(f"tanto-{lg_code}", "担当", Role.OFFICER, lg_code)


class PlayedYear:
    """Every act of a year by the commands, on a day that goes on."""

    def __init__(self, engine: Engine, reference: Reference = WITH_OWN_FEE) -> None:
        self.engine, self.reference = engine, reference
        self.day = date(2022, 11, 1)
        self._numbers = count(1)

    def at(self, month: int, day: int, year: int = 2023) -> None:
        """Go on to a day."""
        self.day = date(year, month, day)

    @property
    def now(self) -> datetime:
        return datetime.combine(self.day, time(9, 30), JAPAN)

    def does(
        self, command: Callable[..., Any], who: Principal, *, reference: bool = True, **given: Any
    ) -> Any:
        """One command, asked for once."""
        here = {"reference": self.reference} if reference else {}
        request_id = f"y{next(self._numbers)}"
        return command(self.engine, who, request_id=request_id, now=self.now, **here, **given)

    # --- before the year ------------------------------------------------------------------

    def wishes(self, code: str, plans: Sequence[int], state: WishState, **request: int) -> None:
        visits_each = request.pop("visits", 12)
        chosen = tuple(PlanChoice(plan, visits_each) for plan in plans)
        self.does(
            wishes.hand_in_wishes,
            officer(code),
            lg_code=code,
            request=EstimateRequest(2023, chosen, **request),
            state=state,
            seen=seen_wishes(self.engine, code, 2023),
        )

    def council(self, code: str, plans: Sequence[int], state: WishState) -> None:
        for plan in plans:
            self.does(
                wishes.advance_wish,
                officer(code),
                reference=False,
                lg_code=code,
                fiscal_year=2023,
                plan=plan,
                state=state,
                reason="議会で否決" if state is WishState.WITHDRAWN else "",
                seen_event=seen_wishes(self.engine, code, 2023)[plan],
            )

    def budget(self, yen: int) -> None:
        self.does(
            parameters.record_parameter,
            OFFICE,
            reference=False,
            name="talent.programme_budget",
            text=str(yen),
            valid_from=date(2023, 4, 1),
            basis=Basis.OFFICIAL,
            source="令和5年度当初予算",
            note="",
        )

    # --- contracts, visits, payments -------------------------------------------------------

    def contracts(self, code: str) -> tuple[ContractInYear, ...]:
        """Oldest first."""
        found = own_support_view(
            self.engine, officer(code), self.reference, lg_code=code, today=self.day
        )
        return found.contracts[::-1]

    def contract(self, code: str) -> Contract:
        return self.contracts(code)[-1].contract

    def conclude(self, code: str, lines: Mapping[int, tuple[int, int]], why: str = "") -> None:
        """A contract of plans, each with its visits and yen, from today to the year's end."""
        terms = ContractTerms(
            self.day,
            self.day,
            date(2024, 3, 31),
            ExpenditureKind.COMMISSION,
            tuple(ContractLine(plan, n, Yen(yen)) for plan, (n, yen) in lines.items()),
            why,
        )
        self.does(
            contracts.conclude_contract,
            officer(code),
            lg_code=code,
            fiscal_year=2023,
            vendor="乗合デジタル支援株式会社",
            terms=terms,
            seen=seen_wishes(self.engine, code, 2023),
        )

    def changes(self, code: str, plan: int, number: int, yen: int, reason: str) -> int:
        """変更契約 of one plan; how many planned visits it took with it."""
        before = self.contract(code)
        lines = tuple(
            ContractLine(plan, number, Yen(yen)) if line.plan == plan else line
            for line in before.terms.lines
        )
        gone: int = self.does(
            contracts.change_contract,
            officer(code),
            lg_code=code,
            contract_id=before.contract_id,
            day=self.day,
            terms=replace(before.terms, lines=lines),
            reason=reason,
            seen_event=before.last.event_id,
        )
        return gone

    def plans_the_year(self, code: str, first_month: date) -> int:
        found = self.contracts(code)[-1]
        planned: int = self.does(
            visits.plan_year,
            officer(code),
            reference=False,
            lg_code=code,
            contract_id=found.contract.contract_id,
            plans=tuple(line.plan for line in found.contract.terms.lines),
            first_month=first_month,
            rule=DayRule(2, 2),
            usual=Planned(
                PartialDate(first_month, Precision.MONTH), time(14), MeetingForm.ONLINE, "接続先"
            ),
            seen_event=found.last_visit_event,
        )
        return planned

    def open_visits(self, code: str) -> list[Visit]:
        """Those planned for a day that is not after today."""
        return [
            visit
            for visit in self.contracts(code)[-1].visits
            if visit.state is VisitState.PLANNED and visit.when and visit.when.last <= self.day
        ]

    def holds(self, code: str, visit: Visit, files: Sequence[OfferedFile] = ()) -> None:
        assert visit.when
        held = Held(
            visit.when.first,
            120,
            MeetingForm.ONLINE,
            "DX推進課3人",
            "業務の棚卸し",
            "業務の一覧をつくった。",
        )
        self.does(
            visits.hold_visit,
            officer(code),
            reference=False,
            lg_code=code,
            visit_id=visit.visit_id,
            held=held,
            files=files,
            seen_event=visit.last.event_id,
        )

    def cancels(self, code: str, visit: Visit) -> None:
        self.does(
            visits.cancel_visit,
            officer(code),
            reference=False,
            lg_code=code,
            visit_id=visit.visit_id,
            cancelled_by=CancelledBy.MUNICIPALITY,
            reason="庁内の都合",
            seen_event=visit.last.event_id,
        )

    def pays(self, code: str, lines: Mapping[int, int]) -> None:
        found = self.contracts(code)[-1]
        self.does(
            contracts.record_payment,
            officer(code),
            reference=False,
            lg_code=code,
            contract_id=found.contract.contract_id,
            paid_on=self.day,
            lines=tuple(PaidLine(plan, Yen(yen)) for plan, yen in lines.items()),
            note="",
            seen_payment=found.last_payment,
        )

    # --- the subsidy -----------------------------------------------------------------------

    def applies(
        self, code: str, programme: str = TALENT, asked: tuple[AskedLine, ...] = ()
    ) -> None:
        self.does(
            subsidy.apply_for_subsidy,
            officer(code),
            lg_code=code,
            fiscal_year=YEAR,
            programme=programme,
            title="令和5年度の事業",
            asked=asked,
            form=StepForm(self.day),
        )

    def step(
        self,
        code: str,
        step: CaseStep,
        amount: int | None = None,
        *,
        programme: str = TALENT,
        asked: tuple[AskedLine, ...] = (),
        reason: str = "",
        who: Principal | None = None,
    ) -> None:
        """The next step of the municipality's case, by whom it is for."""
        case = self.case(code, programme)
        given: dict[str, Any] = {
            "lg_code": code,
            "case_id": case.case_id,
            "step": step,
            "amount": None if amount is None else Yen(amount),
            "form": StepForm(self.day, "", reason),
            "seen_event": case.last.event_id,
        }
        if step in MUNICIPAL:
            self.does(subsidy.record_municipal_step, who or officer(code), asked=asked, **given)
        else:
            self.does(subsidy.record_office_step, who or OFFICE, **given)

    def decides_all(self, programme: str = TALENT, reason: str = "") -> None:
        board = self.board(programme=programme)
        waiting = {row.case.case_id: row.case for row in board.rows if row.case}
        self.does(
            subsidy.decide_all_applications,
            OFFICE,
            programme=programme,
            fiscal_year=YEAR,
            seen={key: waiting[key].last.event_id for key in board.cuts},
            form=StepForm(self.day, "企第1号", reason),
        )

    def case(self, code: str, programme: str = TALENT) -> Case:
        with reading(self.engine) as session:
            found = [case for case in cases(session, code) if case.programme == programme]
        return found[-1]

    def shown(self, code: str, programme: str = TALENT) -> CaseShown:
        """As the municipality sees its case."""
        found = own_subsidy_view(
            self.engine,
            officer(code),
            self.reference,
            lg_code=code,
            fiscal_year=YEAR,
            as_of=self.day,
        )
        return next(each for each in found.cases if each.case.programme == programme)

    def board(self, as_of: date | None = None, programme: str = TALENT) -> BoardAnswer:
        found = subsidy_board_view(
            self.engine,
            OFFICE,
            self.reference,
            programme=programme,
            fiscal_year=YEAR,
            as_of=as_of or self.day,
        )
        assert found is not None
        return found
