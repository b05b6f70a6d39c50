"""照会・回答: inquiries, what became of them, what was answered, and the files of both."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from pydantic import TypeAdapter
from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    UniqueConstraint,
    delete,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.consultation.attachment import CheckedFile, Finding
from core.inquiry.answer import Answers, read, written
from core.inquiry.composition import Audience, AudienceKind, Composition
from core.inquiry.document import InquiryFile
from core.inquiry.flow import FlowRecord
from core.inquiry.response import Draft, Response, ResponseEvent, responses_by_town
from core.inquiry.round import Inquiry, InquiryEvent, InquiryNumber, InquiryVersion
from core.procurement.standing import TAKING_PART
from core.reference.pack import Reference
from core.store.columns import SERIAL, AsText, Words, several
from core.store.ledger_index import ledger_index
from core.store.table import Base, Stored, columns_of
from core.values.errors import InvalidInputError
from core.values.fiscal import FiscalYear

_COMPOSITION: TypeAdapter[Composition] = TypeAdapter(Composition)
_LARGEST_KEY = 2**63 - 1
Clock = Callable[[Session], datetime]
"""Tells the time within a transaction."""


def database_clock(session: Session) -> datetime:
    """This moment by the clock of the database, the same for every server that shares it."""
    if session.get_bind().dialect.name == "postgresql":
        found: datetime = session.execute(text("SELECT clock_timestamp()")).scalar_one()
        return found.astimezone(UTC)
    told = session.execute(text("SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now')")).scalar_one()
    return datetime.fromisoformat(str(told)).replace(tzinfo=UTC)


@dataclass(frozen=True)
class InquiryHead:
    """An inquiry by its number."""

    inquiry_id: int
    number: InquiryNumber
    created_at: datetime
    created_by: str


def _of_inquiry() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["inquiry_id"], ["inquiry.id"])


INQUIRIES = Stored(
    "inquiry",
    InquiryHead,
    UniqueConstraint("fiscal_year", "serial", name="inquiry_number"),
    CheckConstraint("serial > 0", name="serial_from_one"),
    key="inquiry_id",
)
VERSIONS = Stored(
    "inquiry_version",
    InquiryVersion,
    _of_inquiry(),
    Index("inquiry_version_of", "inquiry_id"),
    key="version_id",
    columns={
        "inquiry_id": SERIAL,
        "composition": AsText(
            lambda kept: _COMPOSITION.dump_json(kept).decode(), _COMPOSITION.validate_json
        ),
    },
)
EVENTS = Stored(
    "inquiry_event",
    InquiryEvent,
    _of_inquiry(),
    ForeignKeyConstraint(["version_id"], ["inquiry_version.id"]),
    Index("inquiry_event_of", "inquiry_id"),
    columns={"inquiry_id": SERIAL, "version_id": SERIAL, "audience": several()},
)
RESPONSES = Stored(
    "response_event",
    ResponseEvent,
    _of_inquiry(),
    ForeignKeyConstraint(["version_id"], ["inquiry_version.id"]),
    Index("response_event_of", "inquiry_id", "lg_code"),
    Index("response_event_lg_code", "lg_code"),
    columns={"inquiry_id": SERIAL, "version_id": SERIAL, "answers": AsText(written, read)},
)
FILES = Stored(
    "inquiry_file",
    InquiryFile,
    _of_inquiry(),
    Column("content", LargeBinary, nullable=False),
    Index("inquiry_file_of", "inquiry_id", "lg_code"),
    key="file_id",
    columns={"inquiry_id": SERIAL, "findings": several(read=Finding), "sha256": Words()},
)


@dataclass(frozen=True)
class ApprovalRule:
    """Whether a municipality wants every answer confirmed by a second account (庁内確認)."""

    event_id: int
    lg_code: str
    required: bool
    recorded_at: datetime
    recorded_by: str


APPROVAL_RULES = Stored("approval_rule", ApprovalRule, Index("approval_rule_lg_code", "lg_code"))


FLOWS = Stored(
    "inquiry_flow",
    FlowRecord,
    _of_inquiry(),
    ForeignKeyConstraint(["response_event"], ["response_event.id"]),
    Index("inquiry_flow_of", "inquiry_id"),
    Index("inquiry_flow_lg_code", "lg_code"),
    columns={"inquiry_id": SERIAL, "response_event": SERIAL, "records": several(read=int)},
)


class ResponseDraftRow(Base):
    """回答の下書き: what is being typed; the row goes when it is handed in."""

    __tablename__ = "response_draft"
    __table_args__ = (
        _of_inquiry(),
        {"info": {"unproven": "what is being typed; says nothing until it is handed in"}},
    )

    inquiry_id: Mapped[int] = mapped_column(SERIAL, primary_key=True, autoincrement=False)
    lg_code: Mapped[str] = mapped_column(primary_key=True)
    revision: Mapped[int]
    typed: Mapped[Answers] = mapped_column(AsText(written, read))
    saved_at: Mapped[datetime]
    saved_by: Mapped[str]


# ── inquiries ─────────────────────────────────────────────────────────────────────────────────


def inquiries(session: Session, inquiry_id: int | None = None) -> list[Inquiry]:
    """Inquiries with everything that became of them, oldest first; three queries however many."""
    heads = INQUIRIES.all(session, id=inquiry_id)
    versions: dict[int, list[InquiryVersion]] = defaultdict(list)
    for version in VERSIONS.all(session, inquiry_id=inquiry_id):
        versions[version.inquiry_id].append(version)
    events: dict[int, list[InquiryEvent]] = defaultdict(list)
    for event in EVENTS.all(session, inquiry_id=inquiry_id):
        events[event.inquiry_id].append(event)
    return [
        Inquiry(
            head.inquiry_id,
            head.number,
            head.created_at,
            head.created_by,
            tuple(versions[head.inquiry_id]),
            tuple(events[head.inquiry_id]),
        )
        for head in heads
    ]


def inquiry_of(session: Session, inquiry_id: int, lg_code: str | None = None) -> Inquiry:
    """An inquiry.

    Args:
        lg_code: For whom: one it does not ask, or that is not published, is as unknown as none.

    Raises:
        InvalidInputError: Field ``inquiry_id``.
    """
    in_range = 0 < inquiry_id <= _LARGEST_KEY
    found = inquiries(session, inquiry_id) if in_range else []
    if not found or (lg_code is not None and lg_code not in found[0].audience):
        raise InvalidInputError(
            {"inquiry_id": "この照会は見つかりません。画面を更新してください。"}
        )
    return found[0]


def asked_of(
    session: Session, audience: Audience, reference: Reference, day: date
) -> tuple[str, ...]:
    """Whom an audience means as of a day, by what the ledger names."""
    there = reference.on(day).municipalities
    taking_part: set[str] = set()
    if audience.kind in (AudienceKind.IN_SYSTEM, AudienceKind.NOT_IN_SYSTEM):
        index = ledger_index(session, reference.succession).programme(audience.programme)
        taking_part = {
            each.lg_code for each in there if index.state(each.lg_code, day).standing in TAKING_PART
        }
    return audience.resolved(there, taking_part)


def next_inquiry_number(session: Session, fiscal_year: FiscalYear) -> InquiryNumber:
    """The number after the last one of a year; writers queue, so nobody else takes it."""
    of_year = INQUIRIES.c.fiscal_year == fiscal_year
    last = session.scalar(select(func.max(INQUIRIES.c.serial)).where(of_year))
    return InquiryNumber(fiscal_year, (last or 0) + 1)


def add_version(
    session: Session, inquiry_id: int, composition: Composition, now: datetime, by: str
) -> int:
    """Insert questions; returns their number."""
    return VERSIONS.add(session, InquiryVersion(0, inquiry_id, composition, now, by))


# ── responses ─────────────────────────────────────────────────────────────────────────────────


def response_events(
    session: Session, inquiry_id: int, lg_code: str | None = None
) -> list[ResponseEvent]:
    """What was done about an inquiry, oldest first."""
    return RESPONSES.all(session, inquiry_id=inquiry_id, lg_code=lg_code)


def drafts(session: Session, inquiry_id: int, lg_code: str | None = None) -> Mapping[str, Draft]:
    """What is being typed, by municipality."""
    query = select(*columns_of(Draft, ResponseDraftRow)).where(
        ResponseDraftRow.inquiry_id == inquiry_id
    )
    if lg_code is not None:
        query = query.where(ResponseDraftRow.lg_code == lg_code)
    return {row.lg_code: Draft(*row) for row in session.execute(query)}


def responses(session: Session, inquiry: Inquiry) -> Mapping[str, Response]:
    """The response of everybody an inquiry asks."""
    number = inquiry.inquiry_id
    return responses_by_town(response_events(session, number), drafts(session, number), inquiry)


def responses_of_many(
    session: Session, asked: Iterable[Inquiry]
) -> Mapping[int, Mapping[str, Response]]:
    """The responses of everybody several inquiries ask, by number; two queries however many."""
    found: dict[int, list[ResponseEvent]] = defaultdict(list)
    for event in RESPONSES.all(session):
        found[event.inquiry_id].append(event)
    typed: dict[int, dict[str, Draft]] = defaultdict(dict)
    for row in session.execute(select(*columns_of(Draft, ResponseDraftRow))):
        typed[row.inquiry_id][row.lg_code] = Draft(*row)
    return {
        each.inquiry_id: responses_by_town(found[each.inquiry_id], typed[each.inquiry_id], each)
        for each in asked
    }


def response_of(session: Session, inquiry: Inquiry, lg_code: str) -> Response:
    """The response of one municipality."""
    number = inquiry.inquiry_id
    said = tuple(response_events(session, number, lg_code))
    return Response(number, lg_code, said, drafts(session, number, lg_code).get(lg_code))


def responses_of_town(session: Session, lg_code: str) -> Mapping[int, Response]:
    """The responses of one municipality by inquiry; none for those it did nothing about."""
    own: dict[int, list[ResponseEvent]] = defaultdict(list)
    for event in RESPONSES.all(session, lg_code=lg_code):
        own[event.inquiry_id].append(event)
    query = select(*columns_of(Draft, ResponseDraftRow)).where(ResponseDraftRow.lg_code == lg_code)
    typed = {row.inquiry_id: Draft(*row) for row in session.execute(query)}
    return {
        number: Response(number, lg_code, tuple(own.get(number, ())), typed.get(number))
        for number in {*own, *typed}
    }


def keep_draft(session: Session, draft: Draft) -> None:
    """Put a draft in place of the one before."""
    forget_draft(session, draft.inquiry_id, draft.lg_code)
    row = {name: getattr(draft, name) for name in Draft.__dataclass_fields__}
    session.execute(insert(ResponseDraftRow), [row])


def forget_draft(session: Session, inquiry_id: int, lg_code: str) -> None:
    """Delete a draft; what was handed in holds everything."""
    session.execute(
        delete(ResponseDraftRow).where(
            ResponseDraftRow.inquiry_id == inquiry_id, ResponseDraftRow.lg_code == lg_code
        )
    )


def approval_required(session: Session, lg_code: str) -> bool:
    """Whether a municipality wants every answer confirmed by a second account."""
    own = APPROVAL_RULES.query.where(APPROVAL_RULES.c.lg_code == lg_code)
    last = APPROVAL_RULES.first(session, own.order_by(APPROVAL_RULES.c.id.desc()))
    return last is not None and last.required


# ── files ─────────────────────────────────────────────────────────────────────────────────────


def add_inquiry_files(
    session: Session,
    inquiry_id: int,
    lg_code: str | None,
    question: str,
    files: Iterable[CheckedFile],
    now: datetime,
    by: str,
) -> tuple[int, ...]:
    """Insert files with their bytes; returns their numbers."""
    return tuple(
        FILES.add(
            session,
            InquiryFile(
                0,
                inquiry_id,
                lg_code,
                question,
                file.name,
                file.media_type,
                len(file.content),
                hashlib.sha256(file.content).hexdigest(),
                file.findings,
                now,
                by,
            ),
            content=file.content,
        )
        for file in files
    )


def inquiry_files(session: Session, inquiry_id: int) -> list[InquiryFile]:
    """Every file of an inquiry and its answers."""
    return FILES.all(session, inquiry_id=inquiry_id)


def files_for(files: Iterable[InquiryFile], lg_code: str | None) -> dict[int, InquiryFile]:
    """Those one municipality may read: the secretariat's and its own; for None all."""
    return {
        each.file_id: each for each in files if lg_code is None or each.lg_code in (None, lg_code)
    }


def file_contents(session: Session, file_ids: Sequence[int]) -> dict[int, bytes]:
    """The bytes of files that are there."""
    query = select(FILES.c.id, FILES.c.content).where(FILES.c.id.in_(file_ids))
    return {row.id: bytes(row.content) for row in session.execute(query)}


def inquiry_file(session: Session, file_id: int) -> tuple[InquiryFile, bytes] | None:
    """A file with its bytes; None when there is none."""
    if not 0 < file_id <= _LARGEST_KEY:
        return None
    found = FILES.all(session, id=file_id)
    return (found[0], file_contents(session, [file_id])[file_id]) if found else None
