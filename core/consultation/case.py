"""One consultation with everything said about it, folded from its events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from core.consultation.attachment import Finding
from core.consultation.event import OPEN, ConsultationEvent, ConsultationState, Step
from core.consultation.example import ExampleEvent, ExampleText, published_text
from core.consultation.number import ConsultationNumber
from core.consultation.request import ConsultationRequest, Contact
from core.values.fiscal import day_in_japan
from core.values.label import Labelled


class Side(Labelled):
    """Who writes a message (発言者)."""

    MUNICIPALITY = "municipality", "団体"
    SECRETARIAT = "secretariat", "事務局"


@dataclass(frozen=True)
class Message:
    """One message between municipality and secretariat (やりとり)."""

    message_id: int
    side: Side
    text: str
    sent_at: datetime
    sent_by: str


@dataclass(frozen=True)
class KeptAttachment:
    """A file of a consultation, without its bytes (添付)."""

    attachment_id: int
    message_id: int | None  # the message it came with; None when it came with the request
    name: str
    media_type: str
    size: int  # bytes
    findings: tuple[Finding, ...]  # what the one who opens it is told of; empty for nothing
    added_by: str


@dataclass(frozen=True)
class Consultation:
    """A request and all that followed (アドバイザー相談)."""

    consultation_id: int
    number: ConsultationNumber
    lg_code: str
    request: ConsultationRequest
    contact: Contact | None  # 担当者; None after deletion
    requested_at: datetime
    requested_by: str
    events: tuple[ConsultationEvent, ...]  # steps, oldest first; the first is 受付
    messages: tuple[Message, ...]  # やりとり, oldest first
    attachments: tuple[KeptAttachment, ...]  # 添付, oldest first
    example_events: tuple[ExampleEvent, ...]  # what was said about publishing, oldest first

    @property
    def last(self) -> ConsultationEvent:
        return self.events[-1]

    @property
    def state(self) -> ConsultationState:
        return self.last.state

    @property
    def is_open(self) -> bool:
        """Whether somebody still has something to do."""
        return self.state in OPEN

    @property
    def requested_on(self) -> date:
        """The day the request arrived, in Japan."""
        return day_in_japan(self.requested_at)

    @property
    def meeting_step(self) -> Step | None:
        """The day that counts now: of 日程決定 or 実施済; None before and after 取下げ."""
        step = self.last.step
        return step if step.day is not None else None

    @property
    def answer(self) -> str:
        """アドバイザーの回答; empty before."""
        return self.last.step.answer

    @property
    def first_answered_at(self) -> datetime | None:
        """When the secretariat first did or said something; None while it has not.

        取下げ by the municipality is no answer.
        """
        said = [m.sent_at for m in self.messages if m.side is Side.SECRETARIAT]
        done = [
            event.recorded_at
            for event in self.events[1:]
            if event.state is not ConsultationState.WITHDRAWN
        ]
        return min([*said, *done], default=None)

    @property
    def last_example(self) -> ExampleEvent | None:
        """The last word about publishing; None for none."""
        return self.example_events[-1] if self.example_events else None

    @property
    def published(self) -> ExampleText | None:
        """What others read now; None when nothing."""
        return published_text(self.example_events)

    @property
    def awaits_consent(self) -> bool:
        """Whether an answer is there and nobody has said whether it may be published."""
        return self.state is ConsultationState.HELD and self.last_example is None

    @property
    def awaits_municipality(self) -> bool:
        """Whether the last message of an open consultation is the secretariat's."""
        return self.is_open and bool(self.messages) and self.messages[-1].side is Side.SECRETARIAT

    def attachments_of(self, message_id: int | None) -> tuple[KeptAttachment, ...]:
        """Files that came with a message, or with the request."""
        return tuple(a for a in self.attachments if a.message_id == message_id)
