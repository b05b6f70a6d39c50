"""A database in which every field people type into was typed by somebody who means harm."""

from __future__ import annotations

import gc
import inspect
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from core.access.principal import CONSOLE, Principal, Role
from core.boarding.steps import BoardingStep
from core.commands import (
    accounts,
    boarding,
    calendar_tokens,
    catalogue,
    consultations,
    contracts,
    coverage,
    enrolments,
    estimates,
    experts,
    hearings,
    inquiries,
    kpi,
    ledger,
    ledger_import,
    meetings,
    municipalities,
    outcomes,
    parameters,
    proposals,
    quotations,
    responses,
    subsidy,
    trainings,
    visits,
    wishes,
)
from core.consultation.attachment import OfferedFile
from core.consultation.event import ConsultationState, Step
from core.consultation.example import ExampleText
from core.consultation.hearing import HearingPlan, HearingState
from core.consultation.theme import MeetingForm
from core.estimate.request import EstimateRequest, PlanChoice
from core.figures.registry import indicators
from core.inquiry.composition import Composition
from core.inquiry.question import Option, Question
from core.params import Basis
from core.procurement.coverage import CoverageEntry, Edition
from core.procurement.event import EventKind
from core.procurement.recording import Entry
from core.store.consultations import consultation_of
from core.store.consultations import consultations as every_consultation
from core.store.engine import reading
from core.store.inquiries import inquiry_of
from core.store.ledger import last_event_id
from core.store.schema import METADATA
from core.store.support import contract_of
from core.store.support import contracts as every_contract
from core.store.support import visits as visits_of
from core.store.trainings import find_training
from core.subsidy.check import StepForm
from core.subsidy.money import AskedLine
from core.subsidy.step import CaseStep
from core.support.contract import ContractLine, PaidLine
from core.support.expert import ExpertField, ExpertForm, Offer
from core.support.outcome import OutcomeKey, OutcomeText
from core.support.proposal import ProposedDay
from core.support.visit import CancelledBy, Held, Planned, VisitState
from core.support.wish import WishState
from core.training.training import Material, TrainingSession
from core.training.vocabulary import SessionFormat
from core.values.fiscal import FiscalYear, PartialDate, Precision, parse_date
from core.values.free_text import MailAddress, Text
from core.values.money import Yen
from core.views.catalogue import catalogue_view
from core.views.municipalities import municipalities_view
from tests.support.consultations import FORM, PDF
from tests.support.contracts import HELD as HELD_VISIT
from tests.support.contracts import TERMS, approved, seen_wishes
from tests.support.mergers import card_of
from tests.support.quotations import A_PRICE
from tests.support.reference import REFERENCE, where_wanted
from tests.support.screens import HIRAKATA, SAKAI, TODAY, japan_now
from tests.support.trainings import a_content, an_applicant

EVIL = "evil.example"
_SHORT = "www.evil.example ![](//evil.example/x)<img src=x>:red[x]*y*"
_LONG = (
    " [x](http://evil.example) http://evil.example/?q tanto@evil.example <https://evil.example>"
    " <script>hit()</script><a href='//evil.example'>x</a> javascript:hit() $x$ $$y$$"
    " :material/delete: :material_delete: :streamlit: :smile: -> <- -- >= | `c` ~~z~~ &amp; \\ [^1]"
)
_LINES = (
    "\n# 見出し\n=====\n    コード\n- 一\n1. 二\n> 三\n| a | b |\n|---|---|\n```\n終\n```"
    "\n[x]: //evil.example\nEND:VEVENT\nBEGIN:VEVENT\nURL:http://evil.example"
    "\nBcc: tanto@evil.example"
)
_STARTS = ("=1+1 ", "+1 ", "@SUM(A1) ", "-1 ", "＝1 ", "|", "")
_ADDRESSES = {"アドレス", "参加用アドレス"}
"""Fields whose text is an address, and checked as one."""
_MARK = re.compile(r"毒\d{4}")
_FILE = (
    "団体名,共同調達,区分,種類,適用日,開始予定,出典,備考\n岸和田市,econtract,,関心,R5.4,,報道,\n"
)
_JOINING = "https://meeting.example.lg.jp/j"
_HOSTILE_TRAININGS = """
SELECT DISTINCT training_id FROM training_version WHERE training_id IN
(SELECT training_id FROM training_version WHERE title LIKE '%毒%')
"""
_HOSTILE_RECORDS = "SELECT id FROM ledger_event WHERE note LIKE '%毒%'"
_TALENT = "talent.unit_price"

SECRETARIAT = Principal("test-secretariat", "担当", Role.SECRETARIAT)
OFFICER = Principal("test-officer", "担当", Role.OFFICER, SAKAI)
NEIGHBOUR = Principal("hirakata", "担当", Role.OFFICER, HIRAKATA)


class Typed:
    """What was typed, by its mark.

    Attributes:
        texts: As it is kept: begins as a formula does, with its mark, then everything else.
        fields: Every field it was typed into.
    """

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.fields: set[Text] = set()

    def into(self, field: Text) -> str:
        """The next text for a field, as much of it as the field takes."""
        number = len(self.texts)
        mark, start = f"毒{number:04}", _STARTS[number % len(_STARTS)]
        whole = f"{start}{mark} {_SHORT}{_LONG}{_LINES if field.lines else ''}"
        self.fields.add(field)
        # cut short it must not end in half of a thing: then nothing could come of it
        self.texts[mark] = whole[: field.longest].strip()
        return self.texts[mark]

    def marks(self, shown: str) -> set[str]:
        """The marks that occur in what is shown."""
        return set(_MARK.findall(shown))


@contextmanager
def hostile_hands() -> Iterator[Typed]:
    """Whatever reaches a declared field is replaced, and goes through the rule of all texts."""
    typed, read = Typed(), Text.read

    def replaced(self: Text, text: str, of: str = "") -> str:
        if self.label in _ADDRESSES:
            return read(self, text, of)
        return read(self, typed.into(self), of)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Text, "read", replaced)
        yield typed


def declared_fields() -> set[Text]:
    """Every text field there is, but mail addresses, which have a rule of their own."""
    return {
        each for each in gc.get_objects() if isinstance(each, Text)
        if not isinstance(each, MailAddress)
    }  # fmt: skip


def fill_hostile(engine: Engine) -> Typed:
    """Have every field typed into through the commands, in the states that screens show."""
    with hostile_hands() as typed:
        does = _Does(engine)
        does.account()
        does.estimates_and_wishes()
        does.trainings()
        does.consultations()
        does.ledger_and_boarding()
        does.office()
        does.inquiries()
        does.support()
        does.pool()
        does.subsidies()
        does.prices()
    return typed


class _Does:
    """Calls of commands, each with a request of its own."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._number = 0

    def __call__(self, command: Callable[..., Any], who: Principal, **given: Any) -> Any:
        self._number += 1
        usual: dict[str, Any] = {"now": japan_now()}
        if "request_id" in inspect.signature(command).parameters:
            usual["request_id"] = f"hostile-{self._number}"
        return command(self.engine, who, **(usual | where_wanted(command) | given))

    def account(self) -> None:
        self(
            accounts.add_account, CONSOLE, username="hostile", display_name="x",
            role=Role.VIEWER, lg_code=None, known_codes=frozenset(),
        )  # fmt: skip

    def estimates_and_wishes(self) -> None:
        request = EstimateRequest(2027, (PlanChoice(6, 12), PlanChoice(4, 11)))
        for _ in range(2):
            self(
                estimates.keep_estimate, OFFICER, lg_code=SAKAI, name="x", request=request,
                reference=REFERENCE,
            )  # fmt: skip
        self(
            wishes.hand_in_wishes, OFFICER, lg_code=SAKAI, request=request,
            state=WishState.WISHED, reference=REFERENCE, seen={},
        )  # fmt: skip
        self(
            wishes.advance_wish, OFFICER, lg_code=SAKAI, fiscal_year=2027, plan=6,
            state=WishState.WITHDRAWN, reason="x", seen_event=1,
        )  # fmt: skip

    def trainings(self) -> None:
        materials = (Material("資料", "https://example.lg.jp/a.pdf", "x"), Material("x", "", "x"))
        for place, (formats, day) in enumerate(
            (
                ((SessionFormat.ONLINE, SessionFormat.ON_SITE), TODAY + timedelta(days=9)),
                ((SessionFormat.ON_SITE,), TODAY),
                ((SessionFormat.ONLINE,), TODAY + timedelta(days=20)),
            )
        ):
            session = TrainingSession(
                "", day, time(23, 58), time(23, 59), formats, "x",
                _JOINING if SessionFormat.ONLINE in formats else "", 9,
            )  # fmt: skip
            content = a_content(
                sessions=(session,), deadline=None, co_host="x", speaker="x", covered="x",
                materials=materials, open_data=True,
            )  # fmt: skip
            made = self(trainings.create_training, SECRETARIAT, content=content)
            self(trainings.publish_training, SECRETARIAT, training_id=made, seen_version=1)
            with reading(self.engine) as found:
                kept = find_training(found, made)
            assert kept is not None
            session_id = kept.content.sessions[0].session_id
            people = [an_applicant(number, formats[0]) for number in range(2)]
            for who in (OFFICER, NEIGHBOUR):
                self(
                    enrolments.enrol, who, lg_code=who.lg_code, session_id=session_id,
                    applicants=people,
                )  # fmt: skip
            if place == 2:
                self(
                    trainings.cancel_training, SECRETARIAT, training_id=made, reason="x",
                    seen_version=2,
                )  # fmt: skip
        self(calendar_tokens.make_calendar_token, OFFICER, lg_code=SAKAI, label="x")

    def consultations(self) -> None:
        files = [OfferedFile("毒 www.evil.example ![](x)<img src=x>.pdf", PDF)]
        form = replace(FORM, wished=(TODAY + timedelta(days=9),), mail="dx@city.example.lg.jp")
        steps = {
            ConsultationState.COORDINATING: Step(ConsultationState.COORDINATING),
            ConsultationState.SCHEDULED: Step(
                ConsultationState.SCHEDULED, TODAY, meeting=MeetingForm.ON_SITE, place="x"
            ),
            ConsultationState.HELD: Step(
                ConsultationState.HELD, TODAY, meeting=MeetingForm.ONLINE, answer="x"
            ),
        }
        ways: tuple[tuple[ConsultationState, ...], ...] = (
            (),
            (ConsultationState.COORDINATING, ConsultationState.SCHEDULED),
            tuple(steps),
        )
        for who in (OFFICER, NEIGHBOUR):
            lg_code = str(who.lg_code)
            for way in (*ways, ()):
                label = self(
                    consultations.request_consultation, who, lg_code=lg_code, form=form,
                    files=files,
                )  # fmt: skip
                number = self._consultation(lg_code, label)
                found = {"lg_code": lg_code, "consultation_id": number}
                self(consultations.write_message, who, **found, text="x", files=files)
                for state in way:
                    self(
                        consultations.record_step, SECRETARIAT, **found, step=steps[state],
                        seen_event=self._last(lg_code, number),
                    )  # fmt: skip
                self(consultations.write_message, SECRETARIAT, **found, text="x", files=[])
            self(
                consultations.withdraw_consultation, who, **found, reason="x",
                seen_event=self._last(lg_code, number),
            )  # fmt: skip
        held = {"lg_code": HIRAKATA, "consultation_id": number - 1}
        self(consultations.decide_consent, NEIGHBOUR, **held, agreed=True)
        with reading(self.engine) as session:
            asked = consultation_of(session, HIRAKATA, number - 1)
        assert asked.last_example is not None
        self(
            consultations.publish_example, SECRETARIAT, **held, text=ExampleText("x", "x", "x"),
            seen_event=asked.last_example.event_id,
        )  # fmt: skip
        plan = HearingPlan(TODAY, None, MeetingForm.ONLINE, "x")
        for lg_code in (SAKAI, HIRAKATA):
            self(
                hearings.record_hearing, SECRETARIAT, lg_code=lg_code,
                fiscal_year=FiscalYear.of(TODAY), state=HearingState.PLANNED, plan=plan,
                seen_event=0,
            )  # fmt: skip

    def _consultation(self, lg_code: str, label: str) -> int:
        with reading(self.engine) as session:
            return next(
                each.consultation_id
                for each in every_consultation(session, lg_code)
                if each.number.label == label
            )

    def _last(self, lg_code: str, number: int) -> int:
        with reading(self.engine) as session:
            return consultation_of(session, lg_code, number).last.event_id

    def ledger_and_boarding(self) -> None:
        entry = Entry(SAKAI, "docs", EventKind.INTEREST, parse_date("令和6年4月"), "x", note="x")
        number = self(ledger.record_participation, SECRETARIAT, entry=entry, seen_event=0)
        changed = replace(entry, effective=parse_date("令和6年5月"))
        number = self(
            ledger.correct_participation, SECRETARIAT, event_id=number, replacement=changed,
            why="", seen_event=number,
        )  # fmt: skip
        other = replace(entry, participant=HIRAKATA)
        wrong = self(ledger.record_participation, SECRETARIAT, entry=other, seen_event=0)
        self(
            ledger.correct_participation, SECRETARIAT, event_id=wrong, replacement=None, why="x",
            seen_event=wrong,
        )  # fmt: skip
        said = CoverageEntry("econtract", Edition.PAID, TODAY - timedelta(days=9), "x", "x")
        seen = self(coverage.declare_coverage, SECRETARIAT, entry=said, seen_event=0)
        taken = replace(said, effective=TODAY)
        self(coverage.withdraw_coverage, SECRETARIAT, entry=taken, seen_event=seen)
        for place, programme in enumerate(("docs", "eapply")):
            self(
                boarding.open_boarding_window, SECRETARIAT, programme=programme,
                fiscal_year=2027, first_day=TODAY - timedelta(days=3),
                last_day=TODAY + timedelta(days=30), source="x", note="x",
            )  # fmt: skip
            if place:
                self(
                    boarding.close_boarding_window, SECRETARIAT, window_id=2, last_day=TODAY,
                    note="x",
                )  # fmt: skip
        with reading(self.engine) as session:
            seen = last_event_id(session)
        self(
            ledger_import.import_ledger, SECRETARIAT, name="x", content=_FILE.encode(),
            accept_names=False, seen_event=seen,
        )  # fmt: skip
        self(
            boarding.state_boarding, OFFICER, lg_code=SAKAI, programme="docs", window_id=1,
            kind=EventKind.PLANNED, lot=None, start_month=None, note="x", seen_event=number,
        )  # fmt: skip
        self(
            boarding.record_boarding_step, OFFICER, lg_code=SAKAI, programme="docs",
            step=BoardingStep.BUDGET, done_on=TODAY, taken_back=False, note="x",
        )  # fmt: skip

    def inquiries(self) -> None:
        """One that asks in every kind of words, and an answer to it."""
        options = (Option("a", "x"), Option("b", "y"))
        composition = Composition(
            "x", 2026, japan_now() - timedelta(days=1), japan_now() + timedelta(days=9), why="x",
            explanation="x",
            questions=(
                Question("one", "single", "x", help="x", options=options),
                Question("vote", "ranking", "x", options=options, points=(2, 1)),
                Question("many", "number", "x", unit="人"),
                Question("words", "text", "x"),
                Question("join", "join_intention", "x", programmes=("eapply",)),
            ),
        )  # fmt: skip
        number = self(
            inquiries.compose_inquiry, SECRETARIAT, inquiry_id=0, composition=composition,
            seen_version=0,
        )  # fmt: skip
        with reading(self.engine) as session:
            seen = inquiry_of(session, number).versions[-1].version_id
        self(inquiries.publish_inquiry, SECRETARIAT, inquiry_id=number, seen_version=seen)
        join = {"eapply": {"intention": "join", "when": "2027-04", "basis": "x"}}
        self(
            responses.hand_in, OFFICER, lg_code=SAKAI, inquiry_id=number,
            typed={"one": "a", "vote": ["b", "a"], "many": "3", "words": "x", "join": join},
            seen_revision=0, seen_event=0, clock=lambda _: japan_now(),
        )  # fmt: skip

    def support(self) -> None:
        """A contract in each state, visits in each state, payments that stand and that do not."""
        year = int(FiscalYear.of(TODAY))
        terms = replace(
            TERMS, signed_on=TODAY, first_day=TODAY, last_day=FiscalYear(year).last_day,
            lines=(ContractLine(6, 5, Yen(400_000)),), why="x",
        )  # fmt: skip
        held = replace(HELD_VISIT, day=TODAY)
        planned = Planned(PartialDate(TODAY, Precision.DAY), time(10), MeetingForm.ONLINE, "x")
        files = [OfferedFile("毒 www.evil.example ![](x)<img src=x>.pdf", PDF)]
        for who in (OFFICER, NEIGHBOUR):
            code = str(who.lg_code)
            agreed = {"lg_code": code, "fiscal_year": year, "vendor": "x", "terms": terms}
            seen = approved(
                self.engine, who, code, choices=((6, 5),), fiscal_year=year,
                start_month=TODAY.month, now=japan_now(),
            )  # fmt: skip
            gone = self(contracts.conclude_contract, who, **agreed, seen=seen).contract_id
            which = {"lg_code": code, "contract_id": gone, "reason": "x"}
            self(contracts.cancel_contract, who, **which, seen_event=self._contract_event(gone))
            seen = seen_wishes(self.engine, code, year)
            key = self(contracts.conclude_contract, who, **agreed, seen=seen).contract_id
            ours = {"lg_code": code, "contract_id": key}
            self(
                contracts.change_contract, who, **ours, day=TODAY, reason="x",
                terms=replace(terms, lines=(ContractLine(6, 4, Yen(300_000)),)),
                seen_event=self._contract_event(key),
            )  # fmt: skip
            pay = {"paid_on": TODAY, "lines": (PaidLine(6, Yen(100)),), "note": "x"}
            self(contracts.record_payment, who, **ours, **pay, seen_payment=0)
            with reading(self.engine) as session:
                paid = contract_of(session, code, key).payments[-1].event_id
            back = {"payment_id": paid, "reason": "x", "seen_payment": paid}
            self(contracts.take_back_payment, who, **ours, **back)
            for step in ("planned", "held", "cancelled", "moved"):
                self._visit(who, ours, step, planned, held, files)

    def pool(self) -> None:
        """An expert, proposed days, and what came of a plan, published."""
        offer = Offer((ExpertField.DATA,), (6,), 3, (), (), TODAY)
        form = ExpertForm("x", "x", "x", 5, offer)
        self(experts.add_expert, CONSOLE, form=form, reference=REFERENCE)
        code = str(OFFICER.lg_code)
        with reading(self.engine) as session:
            made = [each for each in every_contract(session, code) if each.stands]
            planned = [
                each for each in visits_of(session, code) if each.state is VisitState.PLANNED
            ]
        day = ProposedDay(TODAY, time(14))
        self(
            proposals.propose_days, OFFICER, lg_code=code, visit_id=planned[0].visit_id,
            days=(day,), note="x", seen_event=0,
        )  # fmt: skip
        which = {"lg_code": code, "visit_id": planned[-1].visit_id}
        self(proposals.propose_days, OFFICER, **which, days=(day,), note="x", seen_event=0)
        seen = self._newest("visit_proposal")
        self(proposals.decline_proposal, CONSOLE, **which, reason="x", seen_event=seen)
        outcome = {"lg_code": code, "key": OutcomeKey(made[0].contract_id, 6)}
        self(outcomes.decide_outcome_consent, OFFICER, **outcome, agreed=True)
        seen = self._newest("outcome_event")
        text = OutcomeText("x", "x", "x")
        self(
            outcomes.publish_outcome, CONSOLE, **outcome, text=text, seen_event=seen,
            reference=REFERENCE,
        )  # fmt: skip

    def subsidies(self) -> None:
        """An application of another programme, sent back and withdrawn."""
        year, code = FiscalYear.of(TODAY), str(OFFICER.lg_code)
        form = StepForm(TODAY, "x", "x")
        asked = (AskedLine(code, "x", Yen(2_000_000), Yen(1_000_000)),)
        key = self(
            subsidy.apply_for_subsidy, OFFICER, lg_code=code, fiscal_year=year,
            programme="smart_city", title="x", asked=asked, form=form, reference=REFERENCE,
        )  # fmt: skip
        self(
            subsidy.record_office_step, CONSOLE, lg_code=code, case_id=key,
            step=CaseStep.SENT_BACK, amount=None, form=form,
            seen_event=self._newest("subsidy_event"), reference=REFERENCE,
        )  # fmt: skip

    def prices(self) -> None:
        """A price that is corrected, one that is withdrawn, and hours."""
        code = str(OFFICER.lg_code)
        files = [OfferedFile("毒 www.evil.example ![](x)<img src=x>.pdf", PDF)]
        for command, more in (
            (quotations.correct_quotation, {"price": A_PRICE, "files": []}),
            (quotations.withdraw_quotation, {}),
        ):
            ours = {"lg_code": code, "reference": REFERENCE}
            key = self(quotations.record_quotation, OFFICER, **ours, price=A_PRICE, files=files)
            self(
                command, OFFICER, lg_code=code, quotation_id=key, reason="x",
                seen_event=self._newest("quotation_event"), **more,
            )  # fmt: skip
        self(
            quotations.state_saved_hours, OFFICER, lg_code=code, programme="chat",
            fiscal_year=FiscalYear.of(TODAY), hours=400, measured="x", reason="", seen_event=0,
        )  # fmt: skip

    def _newest(self, table: str) -> int:
        """Number of the last row of a table."""
        with self.engine.connect() as connection:
            found = connection.execute(select(func.max(METADATA.tables[table].c.id))).scalar_one()
        return int(found)

    def _visit(
        self, who: Principal, ours: dict[str, Any], step: str, planned: Planned, held: Held,
        files: list[OfferedFile],
    ) -> None:  # fmt: skip
        code = ours["lg_code"]

        def last() -> tuple[int, int]:
            with reading(self.engine) as session:
                made = visits_of(session, code, contract_ids=[ours["contract_id"]])
            event = max((each.last.event_id for each in made), default=0)
            return event, max((each.visit_id for each in made), default=0)

        event, _ = last()
        self(visits.plan_visit, who, **ours, plan=6, planned=planned, seen_event=event)
        event, number = last()
        this = {"lg_code": code, "visit_id": number, "seen_event": event}
        if step == "held":
            self(visits.hold_visit, who, **this, held=held, files=files)
        elif step == "cancelled":
            by = CancelledBy.OTHER
            self(visits.cancel_visit, who, **this, cancelled_by=by, reason="x")
        elif step == "moved":
            self(visits.move_visit, who, **this, planned=replace(planned, start=None), reason="x")

    def _contract_event(self, contract_id: int) -> int:
        with reading(self.engine) as session:
            kept = every_contract(session)
        return next(c.last.event_id for c in kept if c.contract_id == contract_id)

    def office(self) -> None:
        parameter = {"name": _TALENT, "valid_from": date(2027, 4, 1)}
        self(
            parameters.record_parameter, SECRETARIAT, **parameter, text="110000",
            basis=Basis.OFFICIAL, source="x", note="x",
        )  # fmt: skip
        for name, text in (("talent.subsidy_rate", "1/3"), ("talent.unit_price", "120000")):
            day = date(2027, 4, 1) if name != _TALENT else date(2028, 4, 1)
            self(
                parameters.record_parameter, SECRETARIAT, name=name, valid_from=day, text=text,
                basis=Basis.OFFICIAL, source="x", note="x",
            )  # fmt: skip
        self(
            parameters.withdraw_parameter, SECRETARIAT, name=_TALENT, reason="x",
            valid_from=date(2028, 4, 1), seen=3,
        )  # fmt: skip
        (survey,) = [
            thing
            for thing in catalogue_view(self.engine, SECRETARIAT).of("surveys")
            if thing.key == "shortage"
        ]
        self(
            catalogue.record_entry, SECRETARIAT, part="surveys", key="shortage", fiscal_year=None,
            content={**survey.shown, "note": "x"}, reason="x", seen=survey.seen,
        )  # fmt: skip
        seen = municipalities_view(self.engine, SECRETARIAT, REFERENCE).seen
        card = card_of(HIRAKATA, name="x", kana="x", category="x", area="x")
        self(
            municipalities.change_municipality, SECRETARIAT, card=card,
            day=TODAY - timedelta(days=3), reason="x", seen=seen,
        )  # fmt: skip
        for key in list(indicators(REFERENCE))[:3]:
            self(
                kpi.set_target, SECRETARIAT, indicator=key, day=TODAY + timedelta(days=9),
                value=20, note="x", seen_row=0,
            )  # fmt: skip
        made = {"scenes": ("talent",), "seconds": 0}
        self(meetings.keep_meeting_set, SECRETARIAT, set_id=None, name="x", **made, seen_row=0)
        self(
            meetings.freeze_meeting, SECRETARIAT, name="x", scenes=made["scenes"], as_of=TODAY,
            set_id="",
        )  # fmt: skip


Place = tuple[str, str, dict[str, Any]]


def details(engine: Engine) -> Iterator[Place]:
    """What can be opened on the screens: screen, address, and what its widgets hold."""
    for view in ("list", "month", "year", "ours", "subscribe", "reach", "desk"):
        yield "trainings", f"view={view}", {}
    for training_id in _column(engine, _HOSTILE_TRAININGS):
        for tab in ("内容", "申込者・出席", "内容を直す", "履歴"):
            yield "trainings", f"training={training_id}", {"training.tab": tab}
    with reading(engine) as session:
        numbers = [each.number.label for each in every_consultation(session)]
    for number in numbers:
        yield "consultations", f"number={number}", {}
    with reading(engine) as session:
        supported = visits_of(session)
    for visit in supported:
        query = f"contract={visit.contract_id}&visit={visit.visit_id}"
        yield "support", f"town={visit.lg_code}&{query}", {}
    for key in list(indicators(REFERENCE)):
        yield "kpi", f"indicator={key}", {"kpi.tab": "推移・内訳"}
    for number in _column(engine, _HOSTILE_RECORDS):
        yield "ledger", f"record={number}", {}
    for programme in ("docs", "eapply"):
        for code in (SAKAI, HIRAKATA):
            query = f"programme={programme}&municipality={code}"
            for tab in ("推移", "全システムの一覧", "似た市町村"):
                yield "procurement", query, {"procurement.tab": tab}


def _column(engine: Engine, query: str) -> list[str]:
    with engine.connect() as connection:
        return [str(value) for (value,) in connection.exec_driver_sql(query)]
