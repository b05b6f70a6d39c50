"""One call of every command that takes a request, and what makes it come too late.

A command of core.commands without an example here fails tests/commands/test_every_command.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from core.access.principal import CONSOLE, Principal, Role
from core.boarding.steps import BoardingStep
from core.commands import (
    accounts,
    attendance,
    boarding,
    catalogue,
    consultations,
    contacts,
    contracts,
    coverage,
    enrolments,
    estimates,
    flow,
    forms,
    hearings,
    inquiries,
    kpi,
    ledger,
    ledger_import,
    letters,
    meetings,
    municipalities,
    parameters,
    request_forms,
    responses,
    subsidy,
    subsidy_templates,
    trainings,
    visits,
    wishes,
)
from core.commands.initial_data import fill_initial_data
from core.consultation.attachment import OfferedFile
from core.consultation.event import ConsultationState, Step
from core.consultation.example import ExampleText
from core.consultation.hearing import HearingPlan, HearingState
from core.consultation.mail_text import MailKind
from core.consultation.theme import MeetingForm
from core.contact.contact import ContactCard, ContactRole
from core.estimate.request import EstimateRequest, PlanChoice
from core.exports.documents.plain import plain_template
from core.figures.alert import AlertKind
from core.inquiry.composition import Composition
from core.inquiry.question import Question
from core.inquiry.response import Way
from core.inquiry.round import InquiryStep
from core.params import Basis
from core.procurement.coverage import CoverageEntry, Edition
from core.procurement.event import EventKind
from core.procurement.recording import Entry
from core.store.catalogue import catalogue_in
from core.store.engine import reading
from core.subsidy.check import StepForm
from core.subsidy.document import DocumentKind
from core.subsidy.money import AskedLine
from core.subsidy.step import CaseStep
from core.support.contract import PaidLine
from core.support.visit import CancelledBy
from core.support.wish import WishState
from core.support.year_plan import DayRule
from core.training.attendance import AttendanceMark, AttendanceMeans
from core.training.training import Material
from core.values.fiscal import JAPAN, FiscalYear, PartialDate, Precision
from core.values.money import Yen
from core.views.enrolments import training_desk_view
from tests.support.consultations import ANSWERS, FORM, PDF
from tests.support.contracts import HELD as HELD_VISIT
from tests.support.contracts import (
    PLANNED,
    TERMS,
    VENDOR,
    approved,
    concluded,
    with_line,
)
from tests.support.inquiry_forms import A_FORM, a_filled_form
from tests.support.mergers import DAY, MISAKI, TOGETHER, card_of
from tests.support.reference import REFERENCE, where_wanted
from tests.support.request_forms import a_form
from tests.support.trainings import a_content, an_applicant

OURS = "271403"
OFFICER = Principal(f"tanto-{OURS}", "担当", Role.OFFICER, OURS)
OFFICE = Principal("jimukyoku", "事務局", Role.SECRETARIAT)
NOW = datetime(2023, 10, 2, 9, 30, tzinfo=JAPAN)
HELD = datetime(2023, 11, 20, 14, 30, tzinfo=JAPAN)
LATER = datetime(2024, 9, 2, 9, 30, tzinfo=JAPAN)
"""After every deadline."""
H, W = ConsultationState.HELD, ConsultationState.WITHDRAWN
TEXT = ExampleText("庁舎の無線LAN", "導入事例は", "中継器が要らない")
ESTIMATE = EstimateRequest(2023, (PlanChoice(6, 12),))


@dataclass
class Example:
    """One call.

    Attributes:
        command: What is called.
        who: By whom.
        arguments: With what, besides ``request_id``.
        past: Makes it come too late; nothing where it does by itself, being done.
        anew: Whether the same call under another id is taken, each being a record of its own.
        unread: Texts that this call does not look at.
    """

    command: Callable[..., Any]
    who: Principal
    arguments: dict[str, Any]
    past: Callable[[], object] = field(default=lambda: None)
    anew: bool = False
    unread: frozenset[str] = frozenset()


class World:
    """A database and short ways to what examples stand on."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._count = 0

    def does(self, command: Callable[..., Any], who: Principal, **arguments: Any) -> Any:
        self._count += 1
        given = {"request_id": f"before-{self._count}", "now": NOW} | where_wanted(command)
        return command(self.engine, who, **(given | arguments))

    def training(self, *, published: bool = True) -> tuple[str, str]:
        """Ids of a training and its session."""
        made = self.does(trainings.create_training, OFFICE, content=a_content())
        if published:
            self.does(trainings.publish_training, OFFICE, training_id=made, seen_version=1)
        desk = training_desk_view(self.engine, OFFICE, REFERENCE, training_id=made, now=NOW)
        return made, desk.sessions[0].session.session_id

    def enrolled(self) -> tuple[str, str, str]:
        """Ids of a training, its session and an enrolment, which is event 1."""
        made, session_id = self.training()
        (one,) = self.does(
            enrolments.enrol,
            OFFICER,
            lg_code=OURS,
            session_id=session_id,
            applicants=[an_applicant(1)],
        )
        return made, session_id, one.enrolment_id

    def cancel(self, training_id: str) -> Callable[[], object]:
        return lambda: self.does(
            trainings.cancel_training,
            OFFICE,
            training_id=training_id,
            reason="講師の都合",
            seen_version=2,
        )

    def consultation(self, *states: ConsultationState) -> dict[str, Any]:
        """A request in a state; its step of that state is event ``len(states) + 1``."""
        self.does(consultations.request_consultation, OFFICER, lg_code=OURS, form=FORM, files=[])
        for seen, state in enumerate(states, start=1):
            self.does(
                consultations.record_step,
                OFFICE,
                lg_code=OURS,
                consultation_id=1,
                step=ANSWERS[state],
                seen_event=seen,
            )
        return {"lg_code": OURS, "consultation_id": 1}

    def answered(self) -> dict[str, Any]:
        return self.consultation(ConsultationState.COORDINATING, H)

    def agreed(self) -> dict[str, Any]:
        found = self.answered()
        self.does(consultations.decide_consent, OFFICER, **found, agreed=True)
        return found

    def window(self) -> None:
        self.does(boarding.open_boarding_window, OFFICE, **WINDOW)

    def joined(self) -> int:
        return int(self.does(ledger.record_participation, OFFICE, entry=ENTRY, seen_event=0))

    def withdrawn(self, found: Mapping[str, Any]) -> Callable[[], object]:
        return lambda: self.does(
            consultations.withdraw_consultation, OFFICER, **found, reason="解決", seen_event=1
        )

    def asked(self) -> dict[str, Any]:
        """A published inquiry of one question; its publishing is event 1."""
        made = self.does(
            inquiries.compose_inquiry, OFFICE, inquiry_id=0, composition=ASKED, seen_version=0
        )
        self.does(inquiries.publish_inquiry, OFFICE, inquiry_id=made, seen_version=1)
        return {"inquiry_id": made}

    def answering(self) -> dict[str, Any]:
        return self.asked() | {"lg_code": OURS}

    def wished(self, **typed: Any) -> dict[str, Any]:
        """An inquiry about plans and a yes or no that one municipality answered."""
        made = self.does(
            inquiries.compose_inquiry, OFFICE, inquiry_id=0, composition=FLOWING, seen_version=0
        )
        self.does(inquiries.publish_inquiry, OFFICE, inquiry_id=made, seen_version=1)
        found = {"inquiry_id": made, "lg_code": OURS, "typed": FLOWED | typed}
        self.does(responses.hand_in, OFFICER, **found, seen_revision=0, seen_event=0)
        return {"inquiry_id": made}

    def form(self) -> dict[str, Any]:
        """A published inquiry whose question is a form of one cell."""
        made = self.does(
            inquiries.compose_inquiry, OFFICE, inquiry_id=0, composition=ASKED, seen_version=0
        )
        file = OfferedFile("様式.xlsx", A_FORM)
        kept = self.does(forms.keep_form, OFFICE, inquiry_id=made, question="f", file=file)
        asked = Question("f", "excel_form", "様式", form=kept.file_id, layout=kept.layout.plain())
        self.does(
            inquiries.compose_inquiry,
            OFFICE,
            inquiry_id=made,
            composition=replace(ASKED, questions=(asked,)),
            seen_version=1,
        )
        self.does(inquiries.publish_inquiry, OFFICE, inquiry_id=made, seen_version=2)
        return {"inquiry_id": made, "question": "f"}

    def contract(self) -> dict[str, Any]:
        """A contract of two plans."""
        return {"lg_code": OURS, "contract_id": concluded(self.engine)}

    def visit(self, *, held: bool = False) -> dict[str, Any]:
        """A planned visit, its planning event 1; or a held one."""
        found = self.contract() | {"plan": 6, "seen_event": 0}
        if held:
            given = {"held": HELD_VISIT, "files": []}
            self.does(visits.hold_unplanned_visit, OFFICER, **found, **given)
        else:
            self.does(visits.plan_visit, OFFICER, **found, planned=PLANNED)
        return {"lg_code": OURS, "visit_id": 1, "seen_event": 1}

    def handed_in(self) -> dict[str, Any]:
        found = self.answering()
        self.does(responses.hand_in, OFFICER, **found, **TYPED, seen_revision=0, seen_event=0)
        return found


ASKED = Composition(
    "DX人材の状況",
    2023,
    datetime(2023, 10, 1, tzinfo=JAPAN),
    datetime(2023, 11, 1, tzinfo=JAPAN),
    why="総務省の調査による",
    explanation="9月末時点でお答えください",
    questions=(
        Question("q1", "text", "困りごと", help="何でも"),
        Question("q2", "file", "資料", required=False),
    ),
)
FLOWING = replace(
    ASKED,
    questions=(
        Question("plans", "plan_wishes", "希望するプラン", fiscal_year=2023, flows=True),
        Question("ready", "yes_no", "準備はできていますか"),
    ),
)
FLOWED = {"plans": [{"plan": 6, "visits": 12, "state": "wished"}], "ready": "yes"}
CALLED_OFF = {"cancelled_by": CancelledBy.VENDOR, "reason": "担当者の急病"}
CHANGED = with_line(TERMS, 6, 5, 450_000)
PAID = {
    "paid_on": date(2023, 10, 2),
    "lines": (PaidLine(6, Yen(100_000)),),
    "note": "10月分",
    "seen_payment": 0,
}
TYPED = {"typed": {"q1": "人が足りない"}}
WINDOW = {
    "programme": "docs",
    "fiscal_year": 2024,
    "first_day": date(2023, 10, 1),
    "last_day": date(2023, 11, 30),
    "source": "府通知",
    "note": "",
}
ENTRY = Entry(OURS, "docs", EventKind.JOINED, PartialDate(date(2023, 4, 1), Precision.DAY), "報道")
STATEMENT = {
    "lg_code": OURS,
    "programme": "docs",
    "window_id": 1,
    "kind": EventKind.PLANNED,
    "lot": None,
    "start_month": None,
    "note": "",
    "seen_event": 0,
}
HEARING = HearingPlan(date(2023, 10, 20), None, MeetingForm.ONLINE, "")
SET = {"name": "第3回", "scenes": ("talent",), "seconds": 0, "seen_row": 0}
FILE = "団体名,共同調達,区分,種類,適用日,開始予定,出典,備考\n堺市,docs,,当初参加,R5.4,,報道,\n"


def an_account(world: World) -> Example:
    for name in ("tanto", "mouhitori"):
        accounts.add_account(
            world.engine,
            CONSOLE,
            username=name,
            display_name="担当",
            role=Role.SECRETARIAT,
            lg_code=None,
            known_codes=frozenset(),
            now=NOW,
        )
    return Example(accounts.set_account_active, OFFICE, {"username": "tanto", "active": False})


def marks(world: World) -> Example:
    made, session_id, one = world.enrolled()
    given = {
        "session_id": session_id,
        "marks": {one: AttendanceMark.PRESENT},
        "means": AttendanceMeans.LIST,
        "now": HELD,
    }
    return Example(attendance.mark_attendance, OFFICE, given, world.cancel(made))


def a_code(world: World) -> Example:
    _, session_id, one = world.enrolled()
    shown = attendance.issue_attendance_code(
        world.engine, OFFICE, session_id=session_id, valid_for=timedelta(hours=1), now=HELD
    )
    given = {
        "lg_code": OURS,
        "session_id": session_id,
        "code": shown.code,
        "enrolment_ids": [one],
        "now": HELD,
    }
    return Example(attendance.confirm_attendance, OFFICER, given)


def a_window(world: World) -> Example:
    return Example(boarding.open_boarding_window, OFFICE, WINDOW)


def a_closing(world: World) -> Example:
    world.window()
    given = {"window_id": 1, "last_day": date(2023, 10, 31), "note": ""}
    return Example(boarding.close_boarding_window, OFFICE, given)


def a_statement(world: World) -> Example:
    world.window()
    return Example(boarding.state_boarding, OFFICER, STATEMENT)


def a_step(world: World) -> Example:
    world.window()
    world.does(boarding.state_boarding, OFFICER, **STATEMENT)
    given = {
        "lg_code": OURS,
        "programme": "docs",
        "step": BoardingStep.BUDGET,
        "done_on": date(2023, 10, 1),
        "taken_back": False,
        "note": "",
    }
    return Example(boarding.record_boarding_step, OFFICER, given)


def a_consultation(world: World) -> Example:
    files = [OfferedFile("a.pdf", PDF)]
    given = {"lg_code": OURS, "form": FORM, "files": files}
    return Example(consultations.request_consultation, OFFICER, given)


def a_withdrawal(world: World) -> Example:
    given = world.consultation() | {"reason": "解決した", "seen_event": 1}
    return Example(consultations.withdraw_consultation, OFFICER, given)


def an_answer(world: World) -> Example:
    found = world.consultation(ConsultationState.COORDINATING)
    given = found | {"step": ANSWERS[H], "seen_event": 2}
    unread = frozenset({"step.place", "step.reason"})
    return Example(consultations.record_step, OFFICE, given, unread=unread)


def a_day(world: World) -> Example:
    step = Step(ConsultationState.SCHEDULED, NOW.date(), None, MeetingForm.ONLINE, "会議室")
    given = world.consultation() | {"step": step, "seen_event": 1}
    unread = frozenset({"step.answer", "step.reason"})
    return Example(consultations.record_step, OFFICE, given, unread=unread)


def a_message(world: World) -> Example:
    found = world.consultation()
    given = found | {"text": "補足です", "files": []}
    return Example(consultations.write_message, OFFICER, given, world.withdrawn(found))


def a_consent(world: World) -> Example:
    return Example(consultations.decide_consent, OFFICER, world.answered() | {"agreed": True})


def a_publication(world: World) -> Example:
    given = world.agreed() | {"text": TEXT, "seen_event": 1}
    return Example(consultations.publish_example, OFFICE, given)


def an_end_of_publication(world: World) -> Example:
    found = world.agreed()
    world.does(consultations.publish_example, OFFICE, **found, text=TEXT, seen_event=1)
    return Example(consultations.unpublish_example, OFFICE, found)


def a_mail(world: World) -> Example:
    found = world.consultation()
    given = found | {
        "kind": MailKind.RECEIVED,
        "to": FORM.mail,
        "smtp_url": "smtp://mail.example.lg.jp/?from=dx@example.lg.jp",
        "address": "https://noriai.example/",
    }
    return Example(letters.send_consultation_mail, OFFICE, given, world.withdrawn(found))


def a_mail_told_by_hand(world: World) -> Example:
    found = world.consultation()
    given = found | {"kind": MailKind.RECEIVED}
    return Example(letters.note_consultation_mail, OFFICE, given, world.withdrawn(found))


def an_inquiry(world: World) -> Example:
    given = {"inquiry_id": 0, "composition": ASKED, "seen_version": 0}
    return Example(inquiries.compose_inquiry, OFFICE, given, anew=True)


def a_copied_inquiry(world: World) -> Example:
    return Example(inquiries.copy_inquiry, OFFICE, world.asked(), anew=True)


def a_letter_with_it(world: World) -> Example:
    given = world.asked() | {"question": "", "files": [OfferedFile("a.pdf", PDF)]}
    return Example(inquiries.add_inquiry_documents, OFFICE, given, anew=True)


def a_round(world: World) -> Example:
    made = world.does(
        inquiries.compose_inquiry, OFFICE, inquiry_id=0, composition=ASKED, seen_version=0
    )
    return Example(inquiries.publish_inquiry, OFFICE, {"inquiry_id": made, "seen_version": 1})


def a_changed_question(world: World) -> Example:
    more = replace(ASKED, questions=(*ASKED.questions, Question("q3", "yes_no", "要りますか")))
    given = world.asked() | {"composition": more, "seen_version": 1}
    return Example(inquiries.change_inquiry, OFFICE, given)


def an_extension(world: World) -> Example:
    given = world.asked() | {
        "step": InquiryStep.EXTENDED,
        "closes_at": datetime(2023, 11, 8, tzinfo=JAPAN),
        "reason": "連休のため",
        "seen_event": 1,
    }
    return Example(inquiries.take_inquiry_step, OFFICE, given)


def a_discarded_draft(world: World) -> Example:
    found = world.answering()
    responses.save_draft(
        world.engine, OFFICER, **found, **TYPED, seen_revision=0, reference=REFERENCE, now=NOW
    )
    return Example(responses.discard_draft, OFFICER, found | {"seen_revision": 1})


def a_file_of_an_answer(world: World) -> Example:
    given = world.answering() | {"question": "q2", "files": [OfferedFile("a.pdf", PDF)]}
    return Example(responses.add_response_files, OFFICER, given, anew=True)


def a_response(world: World) -> Example:
    given = world.answering() | TYPED | {"seen_revision": 0, "seen_event": 0}
    return Example(responses.hand_in, OFFICER, given)


def a_request_for_approval(world: World) -> Example:
    given = world.answering() | TYPED | {"seen_revision": 0, "seen_event": 0}
    return Example(responses.ask_approval, OFFICER, given)


def an_approved_answer(world: World) -> Example:
    found = world.answering()
    given = found | TYPED | {"seen_revision": 0, "seen_event": 0}
    world.does(responses.ask_approval, replace(OFFICER, username="tanto-2"), **given)
    return Example(responses.confirm_answer, OFFICER, found | {"seen_event": 1})


def a_declined_confirmation(world: World) -> Example:
    found = world.answering()
    given = found | TYPED | {"seen_revision": 0, "seen_event": 0}
    world.does(responses.ask_approval, replace(OFFICER, username="tanto-2"), **given)
    given = found | {"seen_event": 1, "reason": "数字を確かめてください"}
    return Example(responses.decline_answer, OFFICER, given)


def a_rule(world: World) -> Example:
    given = {"lg_code": OURS, "required": True}
    return Example(responses.set_approval_rule, OFFICER, given)


def a_return(world: World) -> Example:
    given = world.handed_in() | {"seen_event": 1, "reason": "単位が違います"}
    return Example(responses.return_answer, OFFICE, given)


def an_answer_by_telephone(world: World) -> Example:
    given = world.answering() | TYPED
    given |= {"way": Way.TELEPHONE, "note": "10月2日、山田様から", "seen_event": 0}
    return Example(responses.record_answer, OFFICE, given)


def a_kept_form(world: World) -> Example:
    file = OfferedFile("様式.xlsx", A_FORM)
    given = world.asked() | {"question": "q1", "file": file}
    return Example(forms.keep_form, OFFICE, given, anew=True)


def a_form_taken_in(world: World) -> Example:
    found = world.form() | {"lg_code": OURS}
    file = OfferedFile("様式1.xlsx", a_filled_form("12"))
    return Example(forms.take_form, OFFICER, found | {"file": file}, anew=True)


def a_form_by_mail(world: World) -> Example:
    found = world.form() | {"lg_code": OURS, "way": Way.MAIL, "note": "メール", "seen_event": 0}
    file = OfferedFile("堺市.xlsx", a_filled_form("12"))
    given = found | {"file": file, "values": {"s1_B1": "12"}}
    return Example(responses.record_answer_with_file, OFFICE, given)


def a_reflected_answer(world: World) -> Example:
    given = world.wished() | {"question": "plans", "seen": {OURS: 1}}
    return Example(flow.flow_answers, OFFICE, given)


def a_kept_survey(world: World) -> Example:
    _with_catalogue(world)
    given = world.wished() | {"question": "ready", "seen": 0}
    return Example(flow.flow_survey, OFFICE, given)


def a_card(name: str = "担当 太郎", mail: str = "taro@city.sakai.example.lg.jp") -> ContactCard:
    return ContactCard(name, "DX推進課", mail, "072-000-0000", ContactRole.MAIN, date(2023, 4, 1))


def a_contact(_world: World) -> Example:
    return Example(contacts.record_contact, OFFICER, {"lg_code": OURS, "form": a_card()})


def _with_contact(world: World) -> dict[str, Any]:
    made = world.does(contacts.record_contact, OFFICER, lg_code=OURS, form=a_card())
    return {"lg_code": OURS, "contact_id": made, "seen_version": 1}


def a_changed_contact(world: World) -> Example:
    given = _with_contact(world) | {"form": a_card("担当 花子")}
    return Example(contacts.change_contact, OFFICER, given)


def an_ended_contact(world: World) -> Example:
    given = _with_contact(world) | {"ends": date(2024, 3, 31)}
    return Example(contacts.end_contact, OFFICER, given)


def a_contact_handed_over(world: World) -> Example:
    successor = a_card("後任 花子", "hanako@city.sakai.example.lg.jp")
    given = _with_contact(world) | {"form": replace(successor, begins=date(2024, 4, 1))}
    return Example(contacts.hand_over_contact, OFFICER, given)


def a_sent_reminder(world: World) -> Example:
    _with_contact(world)
    given = {
        "key": "trainings_not_reached",
        "as_of": NOW.date(),
        "smtp_url": "smtp://mail.example.lg.jp/?from=dx@example.lg.jp",
        "address": "https://noriai.example/",
    }
    return Example(letters.send_reminder, OFFICE, given)


def a_letter_of_an_inquiry(world: World) -> Example:
    _with_contact(world)
    given = world.asked() | {
        "key": "inquiry:1:published:1",
        "smtp_url": "smtp://mail.example.lg.jp/?from=dx@example.lg.jp",
        "address": "https://noriai.example/inquiries?inquiry=1",
    }
    return Example(letters.send_inquiry_letter, OFFICE, given)


def a_told_inquiry(world: World) -> Example:
    given = world.asked() | {"key": "inquiry:1:published:1"}
    return Example(letters.note_inquiry_letter, OFFICE, given)


def a_reminder(_world: World) -> Example:
    given = {"key": "trainings_not_reached", "as_of": NOW.date()}
    return Example(letters.note_reminder, OFFICE, given)


def a_letter(world: World) -> Example:
    training_id, _, _ = world.enrolled()
    world.cancel(training_id)()
    given = {
        "training_id": training_id,
        "key": f"version:{training_id}:3",
        "smtp_url": "smtp://mail.example.lg.jp/?from=dx@example.lg.jp",
        "address": "https://noriai.example/",
    }
    return Example(letters.send_letter, OFFICE, given)


def a_letter_told_by_hand(world: World) -> Example:
    training_id, _, _ = world.enrolled()
    world.cancel(training_id)()
    given = {"training_id": training_id, "key": f"version:{training_id}:3"}
    return Example(letters.note_letter, OFFICE, given)


def an_enrolment(world: World) -> Example:
    _, session_id = world.training()
    given = {"lg_code": OURS, "session_id": session_id, "applicants": [an_applicant(1)]}
    return Example(enrolments.enrol, OFFICER, given)


def a_changed_enrolment(world: World) -> Example:
    _, _, one = world.enrolled()
    applicant = an_applicant(2)
    given = {"lg_code": OURS, "enrolment_id": one, "applicant": applicant, "seen_event": 1}
    return Example(enrolments.change_enrolment, OFFICER, given)


def a_cancelled_enrolment(world: World) -> Example:
    _, _, one = world.enrolled()
    given = {"lg_code": OURS, "enrolment_id": one, "seen_event": 1}
    return Example(enrolments.cancel_enrolment, OFFICER, given)


def an_offer_taken(world: World) -> Example:
    _, session_id, one = world.enrolled()
    (_, other) = world.does(
        enrolments.enrol,
        OFFICER,
        lg_code=OURS,
        session_id=session_id,
        applicants=[an_applicant(2), an_applicant(3)],
    )
    given = {"lg_code": OURS, "enrolment_id": one, "seen_event": 1}
    world.does(enrolments.cancel_enrolment, OFFICER, **given)
    given = {"lg_code": OURS, "enrolment_id": other.enrolment_id, "seen_event": 3}
    return Example(enrolments.accept_offer, OFFICER, given)


KEEP = {"lg_code": OURS, "name": "当初予算案", "request": ESTIMATE}


def an_estimate(world: World) -> Example:
    return Example(estimates.keep_estimate, OFFICER, KEEP)


def a_name(world: World) -> Example:
    kept = world.does(estimates.keep_estimate, OFFICER, **KEEP)
    given = {"lg_code": OURS, "estimate_id": kept, "name": "別案", "seen_row": 1}
    return Example(estimates.rename_estimate, OFFICER, given)


def a_discarded_estimate(world: World) -> Example:
    kept = world.does(estimates.keep_estimate, OFFICER, **KEEP)
    given = {"lg_code": OURS, "estimate_id": kept, "seen_row": 1}
    return Example(estimates.discard_estimate, OFFICER, given)


def a_request_form(world: World) -> Example:
    given = {"lg_code": OURS, "file": OfferedFile("様式.xlsx", a_form())}
    return Example(request_forms.keep_request_form, OFFICER, given, anew=True)


def a_request_form_no_longer_used(world: World) -> Example:
    world.does(
        request_forms.keep_request_form,
        OFFICER,
        lg_code=OURS,
        file=OfferedFile("様式.xlsx", a_form()),
    )
    given = {"lg_code": OURS, "seen_form": 1}
    return Example(request_forms.discard_request_form, OFFICER, given)


def a_hearing(world: World) -> Example:
    given = {
        "lg_code": OURS,
        "fiscal_year": FiscalYear(2023),
        "state": HearingState.PLANNED,
        "plan": HEARING,
        "seen_event": 0,
    }
    return Example(hearings.record_hearing, OFFICE, given)


def a_target(world: World) -> Example:
    given = {
        "indicator": "chat_paid",
        "day": date(2024, 3, 31),
        "value": 20,
        "note": "計画",
        "seen_row": 0,
    }
    return Example(kpi.set_target, OFFICE, given)


def an_alert(world: World) -> Example:
    given = {"kind": AlertKind.WAITING_DAYS, "threshold": 5, "seen_row": 0}
    return Example(kpi.set_alert, OFFICE, given)


def a_record(world: World) -> Example:
    return Example(ledger.record_participation, OFFICE, {"entry": ENTRY, "seen_event": 0})


def a_confirmation(world: World) -> Example:
    entry = replace(ENTRY, kind=EventKind.PLANNED, target=ENTRY.effective)
    number = int(world.does(ledger.record_participation, OFFICE, entry=entry, seen_event=0))
    plan = ledger.PlanConfirmed(OURS, entry.programme, ENTRY.effective, None, number)
    given = {"plans": (plan,), "kind": EventKind.JOINED_LATE, "source": "通知"}
    return Example(ledger.confirm_plans, OFFICE, given)


def a_correction(world: World) -> Example:
    number = world.joined()
    given = {"event_id": number, "replacement": None, "why": "誤記", "seen_event": number}
    return Example(ledger.correct_participation, OFFICE, given)


def a_replacement(world: World) -> Example:
    number = world.joined()
    entry = replace(ENTRY, effective=PartialDate(date(2023, 5, 1), Precision.DAY))
    given = {"event_id": number, "replacement": entry, "why": "", "seen_event": number}
    return Example(ledger.correct_participation, OFFICE, given)


COVERAGE = CoverageEntry("econtract", Edition.PAID, date(2023, 9, 1), "照会の回答", "全団体")


def a_declaration(_world: World) -> Example:
    return Example(coverage.declare_coverage, OFFICE, {"entry": COVERAGE, "seen_event": 0})


def a_declaration_taken_back(world: World) -> Example:
    said = world.does(coverage.declare_coverage, OFFICE, entry=COVERAGE, seen_event=0)
    return Example(coverage.withdraw_coverage, OFFICE, {"entry": COVERAGE, "seen_event": said})


def a_file(world: World) -> Example:
    given = {"name": "台帳.csv", "content": FILE.encode(), "accept_names": False, "seen_event": 0}
    return Example(ledger_import.import_ledger, OFFICE, given)


def a_new_set(world: World) -> Example:
    return Example(meetings.keep_meeting_set, OFFICE, {"set_id": None} | SET)


def a_discarded_set(world: World) -> Example:
    kept = world.does(meetings.keep_meeting_set, OFFICE, set_id=None, **SET)
    return Example(meetings.discard_meeting_set, OFFICE, {"set_id": kept, "seen_row": 1})


def a_revealed_scene(world: World) -> Example:
    return Example(
        meetings.reveal_scene, OFFICE, {"set_id": "", "scene": "tiles", "is_open": True}, anew=True
    )


def a_frozen_moment(world: World) -> Example:
    given = {"name": "第3回", "scenes": SET["scenes"], "as_of": NOW.date(), "set_id": ""}
    return Example(meetings.freeze_meeting, OFFICE, given, anew=True)


def a_parameter(world: World) -> Example:
    given = {
        "name": "talent.unit_price",
        "text": "110000",
        "valid_from": date(2024, 4, 1),
        "basis": Basis.OFFICIAL,
        "source": "府通知",
        "note": "",
    }
    return Example(parameters.record_parameter, OFFICE, given, anew=True)


def _with_catalogue(world: World) -> None:
    fill_initial_data(world.engine, CONSOLE, reference=REFERENCE, now=NOW)


def _opened_year(world: World) -> None:
    _with_catalogue(world)
    world.does(catalogue.open_year, OFFICE, fiscal_year=2024)


def an_entry(world: World) -> Example:
    _with_catalogue(world)
    content = {
        "key": "chat_guide", "label": "活用の手引き", "thousand_yen": 100, "fiscal_year": 2023,
        "fiscal_year_note": "予算書", "description": "手引きを作る", "source": "jirei",
    }  # fmt: skip
    given = {"part": "budgets", "key": "", "fiscal_year": None, "content": content}
    return Example(catalogue.record_entry, OFFICE, given | {"reason": "成立", "seen": 0})


def a_changed_municipality(world: World) -> Example:
    _with_catalogue(world)
    card = card_of(MISAKI, category="一般市")
    given = {"card": card, "day": DAY, "reason": "市制施行", "seen": _last_municipality(world)}
    return Example(municipalities.change_municipality, OFFICE, given)


def a_merger(world: World) -> Example:
    _with_catalogue(world)
    given = {
        "ended": (MISAKI,), "card": TOGETHER, "day": DAY, "reason": "編入合併",
        "seen": _last_municipality(world),
    }  # fmt: skip
    return Example(municipalities.merge_municipalities, OFFICE, given)


def a_merger_taken_back(world: World) -> Example:
    made = a_merger(world)
    world.does(made.command, OFFICE, **made.arguments, now=NOW + timedelta(minutes=1))
    given = {"reason": "誤り", "seen": _last_municipality(world)}
    return Example(municipalities.take_back_municipality, OFFICE, given)


def _last_municipality(world: World) -> int:
    with reading(world.engine) as session:
        entries = catalogue_in(session).entries
    return max(each.entry_id for each in entries if each.part == "municipalities")


def a_carried_plan(world: World) -> Example:
    _opened_year(world)
    given = {"fiscal_year": 2024, "things": [("plans", "1"), ("plans", "2")]}
    return Example(catalogue.carry_over, OFFICE, given)


def an_opened_year(world: World) -> Example:
    _with_catalogue(world)
    return Example(catalogue.open_year, OFFICE, {"fiscal_year": 2024})


def a_published_year(world: World) -> Example:
    _opened_year(world)
    with reading(world.engine) as session:
        left = catalogue_in(session).undecided(FiscalYear(2024))
    things = [(each.part, each.key) for each in left]
    world.does(catalogue.carry_over, OFFICE, fiscal_year=2024, things=things)
    return Example(catalogue.publish_year, OFFICE, {"fiscal_year": 2024})


def a_discarded_year(world: World) -> Example:
    _opened_year(world)
    return Example(catalogue.discard_year, OFFICE, {"fiscal_year": 2024, "reason": "見送り"})


def a_withdrawn_parameter(world: World) -> Example:
    made = a_parameter(world)
    world.does(made.command, OFFICE, **made.arguments)
    given = {"name": "talent.unit_price", "valid_from": date(2024, 4, 1), "reason": "桁の誤り"}
    return Example(parameters.withdraw_parameter, OFFICE, given | {"seen": 2})


CONTENT = a_content(materials=(Material("配布資料", "https://example.lg.jp/a.pdf"),))


def a_training(world: World) -> Example:
    return Example(trainings.create_training, OFFICE, {"content": CONTENT}, anew=True)


def a_revision(world: World) -> Example:
    made, _ = world.training(published=False)
    given = {"training_id": made, "content": CONTENT, "seen_version": 1}
    return Example(trainings.revise_training, OFFICE, given)


def a_copy(world: World) -> Example:
    made, _ = world.training()
    given = {"training_id": made, "fiscal_year": 2024}
    return Example(trainings.copy_training, OFFICE, given, anew=True)


def an_opening(world: World) -> Example:
    made, _ = world.training(published=False)
    return Example(trainings.publish_training, OFFICE, {"training_id": made, "seen_version": 1})


def a_calling_off(world: World) -> Example:
    made, _ = world.training()
    given = {"training_id": made, "reason": "講師の都合", "seen_version": 2}
    return Example(trainings.cancel_training, OFFICE, given)


def a_discarded_training(world: World) -> Example:
    made, _ = world.training(published=False)
    return Example(trainings.discard_training, OFFICE, {"training_id": made, "seen_version": 1})


HAND_IN = {
    "lg_code": OURS,
    "request": ESTIMATE,
    "state": WishState.WISHED,
    "seen": {},
}


def wishes_handed_in(world: World) -> Example:
    return Example(wishes.hand_in_wishes, OFFICER, HAND_IN)


def a_withdrawn_wish(world: World) -> Example:
    world.does(wishes.hand_in_wishes, OFFICER, **HAND_IN)
    given = {
        "lg_code": OURS,
        "fiscal_year": 2023,
        "plan": 6,
        "state": WishState.WITHDRAWN,
        "reason": "予算がつかない",
        "seen_event": 1,
    }
    return Example(wishes.advance_wish, OFFICER, given)


def a_contract(world: World) -> Example:
    given = {
        "lg_code": OURS,
        "fiscal_year": 2023,
        "vendor": VENDOR,
        "terms": replace(TERMS, why="値引きの提案があった"),
        "seen": approved(world.engine),
    }
    return Example(contracts.conclude_contract, OFFICER, given)


def a_changed_contract(world: World) -> Example:
    given = world.contract() | {
        "day": date(2023, 10, 2),
        "terms": replace(CHANGED, why="回数を減らした"),
        "reason": "担当者の異動",
        "seen_event": 1,
    }
    return Example(contracts.change_contract, OFFICER, given)


def a_corrected_contract(world: World) -> Example:
    given = world.contract() | {
        "terms": replace(CHANGED, why="誤りを直した"),
        "reason": "額の書き間違い",
        "seen_event": 1,
    }
    return Example(contracts.correct_contract, OFFICE, given)


def a_cancelled_contract(world: World) -> Example:
    given = world.contract() | {"reason": "二重に記録した", "seen_event": 1}
    return Example(contracts.cancel_contract, OFFICER, given)


def a_payment(world: World) -> Example:
    return Example(contracts.record_payment, OFFICER, world.contract() | PAID)


def a_payment_taken_back(world: World) -> Example:
    found = world.contract()
    world.does(contracts.record_payment, OFFICER, **found, **PAID)
    given = found | {"payment_id": 1, "reason": "別の契約の支払", "seen_payment": 1}
    return Example(contracts.take_back_payment, OFFICER, given)


def a_planned_year(world: World) -> Example:
    given = world.contract() | {
        "plans": (4, 6),
        "first_month": date(2023, 10, 1),
        "rule": DayRule(2, 2),
        "usual": PLANNED,
        "seen_event": 0,
    }
    return Example(visits.plan_year, OFFICER, given)


def a_planned_visit(world: World) -> Example:
    given = world.contract() | {"plan": 6, "planned": PLANNED, "seen_event": 0}
    return Example(visits.plan_visit, OFFICER, given)


def a_moved_visit(world: World) -> Example:
    later = replace(PLANNED, when=PartialDate(date(2023, 11, 8), Precision.DAY))
    given = world.visit() | {"planned": later, "reason": "会議と重なった"}
    return Example(visits.move_visit, OFFICER, given)


def a_held_visit(world: World) -> Example:
    given = world.visit() | {"held": HELD_VISIT, "files": [OfferedFile("議事録.pdf", PDF)]}
    return Example(visits.hold_visit, OFFICER, given)


def a_visit_held_unplanned(world: World) -> Example:
    given = world.contract() | {"plan": 4, "held": HELD_VISIT, "files": [], "seen_event": 0}
    return Example(visits.hold_unplanned_visit, OFFICER, given)


def an_amended_visit(world: World) -> Example:
    given = world.visit(held=True) | {
        "held": replace(HELD_VISIT, minutes=90),
        "reason": "時間の書き間違い",
    }
    return Example(visits.amend_visit, OFFICER, given)


def a_rated_visit(world: World) -> Example:
    given = world.visit(held=True) | {"satisfaction": 5}
    return Example(visits.rate_visit, OFFICER, given)


def a_cancelled_visit(world: World) -> Example:
    return Example(visits.cancel_visit, OFFICER, world.visit() | CALLED_OFF)


def a_file_of_a_visit(world: World) -> Example:
    found = world.visit(held=True)
    given = {"lg_code": OURS, "visit_id": found["visit_id"]}
    given |= {"files": [OfferedFile("議事録.pdf", PDF)]}
    return Example(visits.add_files_to_visit, OFFICER, given, anew=True)


COSTS = (AskedLine(OURS, "委託料", Yen(2_000_000), Yen(1_000_000)),)
APPLY = {
    "lg_code": OURS,
    "fiscal_year": FiscalYear(2023),
    "programme": "smart_city",
    "title": "窓口のデジタル化",
    "asked": COSTS,
    "form": StepForm(date(2023, 10, 2), "情推第1号", ""),
}


def an_application(world: World) -> Example:
    return Example(subsidy.apply_for_subsidy, OFFICER, APPLY, anew=True)


def a_municipal_step(world: World) -> Example:
    case_id = world.does(subsidy.apply_for_subsidy, OFFICER, **APPLY)
    given = {
        "lg_code": OURS,
        "case_id": case_id,
        "step": CaseStep.WITHDRAWN,
        "asked": (),
        "amount": None,
        "form": StepForm(date(2023, 10, 2), "情推第2号", "事業をとりやめる"),
        "seen_event": 1,
    }
    return Example(subsidy.record_municipal_step, OFFICER, given)


def an_office_step(world: World) -> Example:
    case_id = world.does(subsidy.apply_for_subsidy, OFFICER, **APPLY)
    given = {
        "lg_code": OURS,
        "case_id": case_id,
        "step": CaseStep.DECIDED,
        "amount": Yen(900_000),
        "form": StepForm(date(2023, 10, 2), "地推第3号", "予算の範囲"),
        "seen_event": 1,
    }
    return Example(subsidy.record_office_step, OFFICE, given)


def all_decisions(world: World) -> Example:
    case_id = world.does(subsidy.apply_for_subsidy, OFFICER, **APPLY)
    given = {
        "programme": "smart_city",
        "fiscal_year": FiscalYear(2023),
        "seen": {case_id: 1},
        "form": StepForm(date(2023, 10, 2), "地推第4号", "申請のとおり"),
    }
    return Example(subsidy.decide_all_applications, OFFICE, given)


TEMPLATE = {
    "programme": "smart_city",
    "kind": DocumentKind.CLAIM,
    "file": OfferedFile("請求書.docx", plain_template(DocumentKind.CLAIM)),
}


def a_template_of_a_paper(world: World) -> Example:
    return Example(subsidy_templates.keep_template, OFFICE, TEMPLATE, anew=True)


def a_template_no_longer_used(world: World) -> Example:
    world.does(subsidy_templates.keep_template, OFFICE, **TEMPLATE)
    given = {"programme": "smart_city", "kind": DocumentKind.CLAIM, "seen_template": 1}
    return Example(subsidy_templates.discard_template, OFFICE, given)


EXAMPLES: tuple[Callable[[World], Example], ...] = (
    an_account, marks, a_code, a_window, a_closing, a_statement, a_step, a_consultation,
    a_withdrawal, an_answer, a_day, a_message, a_consent, a_publication, an_end_of_publication,
    an_inquiry, a_copied_inquiry, a_letter_with_it, a_round, a_changed_question, an_extension,
    a_discarded_draft, a_file_of_an_answer, a_response, a_request_for_approval, an_approved_answer,
    a_kept_form, a_form_taken_in, a_form_by_mail,
    a_declined_confirmation, a_reflected_answer, a_kept_survey, a_rule, a_return, an_answer_by_telephone,
    a_mail, an_enrolment, a_changed_enrolment, a_cancelled_enrolment, an_offer_taken, an_estimate, a_name, a_discarded_estimate, a_request_form, a_request_form_no_longer_used, a_template_of_a_paper, a_template_no_longer_used, a_hearing, a_target, an_alert, a_record, a_confirmation, a_correction, a_replacement, a_declaration, a_declaration_taken_back, a_file, a_new_set, a_discarded_set, a_frozen_moment, a_revealed_scene, a_letter,
    a_letter_of_an_inquiry, a_told_inquiry, a_letter_told_by_hand, a_mail_told_by_hand, a_reminder, a_sent_reminder,
    a_contact, a_changed_contact, an_ended_contact, a_contact_handed_over,
    an_entry, a_changed_municipality, a_merger, a_merger_taken_back, a_carried_plan, an_opened_year, a_published_year, a_discarded_year,
    a_parameter, a_withdrawn_parameter, a_training, a_revision,
    a_copy, an_opening, a_calling_off, a_discarded_training, wishes_handed_in, a_withdrawn_wish,
    an_application, a_municipal_step, an_office_step, all_decisions,
    a_contract, a_changed_contract, a_corrected_contract, a_cancelled_contract, a_payment,
    a_payment_taken_back, a_planned_year, a_planned_visit, a_moved_visit, a_held_visit,
    a_visit_held_unplanned, an_amended_visit, a_rated_visit, a_cancelled_visit, a_file_of_a_visit,
)  # fmt: skip


def called(example: Example, world: World, request_id: str, **changes: Any) -> Any:
    """Call it."""
    given = {"now": NOW} | where_wanted(example.command) | example.arguments
    arguments = given | {"request_id": request_id} | changes
    return example.command(world.engine, example.who, **arguments)


def all_rows(world: World) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Every row of every table, except of requests."""
    from core.store.schema import METADATA

    with world.engine.connect() as connection:
        for table in METADATA.sorted_tables:
            if table.name != "request":
                for row in connection.execute(table.select()):
                    yield table.name, tuple(row)
