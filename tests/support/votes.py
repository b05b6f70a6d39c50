"""An inquiry on a database, and short ways to what is done with it."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from core.access.principal import CONSOLE, Principal, Role
from core.commands import inquiries, responses
from core.inquiry.composition import Audience, AudienceKind, Composition
from core.inquiry.question import Option, Question
from core.inquiry.round import InquiryStep
from core.store.engine import reading
from core.store.inquiries import inquiry_of, response_of
from core.values.fiscal import JAPAN
from tests.support.reference import REFERENCE

VOTE = Question(
    "vote",
    "ranking",
    "次に共同調達するシステム",
    options=tuple(Option(key, f"候補{key}") for key in "abcd"),
    points=(2, 1),
)
"""1位 = 2点, 2位 = 1点."""


class Asked:
    """A published inquiry; ``now`` is the clock of its database."""

    def __init__(
        self,
        engine: Engine,
        *questions: Question,
        towns: tuple[str, ...],
        hidden: bool = False,
        now: datetime | None = None,
        title: str = "次期共同調達の希望",
    ) -> None:
        self.engine = engine
        self.now = now or datetime(2023, 10, 2, 9, 0, tzinfo=JAPAN)
        composition = Composition(
            title,
            2023,
            self.now,
            self.now + timedelta(days=14),
            Audience(AudienceKind.LIST, codes=towns),
            hidden=hidden,
            questions=questions,
        )
        self.number = self.does(
            inquiries.compose_inquiry, inquiry_id=0, composition=composition, seen_version=0
        )
        with reading(engine) as session:
            seen = inquiry_of(session, self.number).versions[-1].version_id
        self.does(
            inquiries.publish_inquiry,
            inquiry_id=self.number,
            seen_version=seen,
            reference=REFERENCE,
        )

    def does(self, command: Any, who: Principal = CONSOLE, **arguments: Any) -> Any:
        """A command, under a request id of its own."""
        request = uuid.uuid4().hex
        return command(self.engine, who, request_id=request, now=self.now, **arguments)

    def hands_in(self, code: str, **typed: Any) -> Any:
        """What an officer of a municipality hands in, by key of the question."""
        with reading(self.engine) as session:
            last = response_of(session, inquiry_of(session, self.number), code).last
        return self.does(
            responses.hand_in,
            Principal(f"tanto-{code}", "担当", Role.OFFICER, code),
            lg_code=code,
            inquiry_id=self.number,
            typed=typed,
            seen_revision=0,
            seen_event=last.event_id if last else 0,
            reference=REFERENCE,
            clock=lambda _: self.now,
        )

    def reveals(self) -> None:
        """The secretariat reveals what was hidden."""
        with reading(self.engine) as session:
            seen = inquiry_of(session, self.number).events[-1].event_id
        self.does(
            inquiries.take_inquiry_step,
            inquiry_id=self.number,
            step=InquiryStep.REVEALED,
            seen_event=seen,
            reference=REFERENCE,
            clock=lambda _: self.now,
        )
