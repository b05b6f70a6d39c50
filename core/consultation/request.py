"""What a municipality asks, as typed and as kept."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from core.consultation.theme import MeetingForm, Theme
from core.contact.contact import MunicipalityContact, in_place_of
from core.values.errors import InvalidInputError
from core.values.free_text import MAIL, Text, read_form

MAX_TITLE, MAX_BODY, MAX_SHORT = 60, 2000, 100
"""Most characters of a title; of a question, a message, an answer; of a name or a place."""
MAX_WISHED = 3
"""Most 希望日."""
WISHED_WITHIN = timedelta(days=366)
"""How far ahead a day may be wished for (仮定: one year)."""


@dataclass(frozen=True)
class RequestForm:
    """The form as typed; nothing in it was checked yet.

    Attributes:
        theme: Value of :class:`Theme`.
        tried: これまでの取組; empty when nothing was tried or nothing is said.
        meeting: Value of :class:`MeetingForm`.
        wished: 希望日, best first; empty for none.
    """

    theme: str
    title: Annotated[str, Text("件名", MAX_TITLE)]
    question: Annotated[str, Text("相談内容", MAX_BODY, lines=True)]
    tried: Annotated[str, Text("これまでの取組", MAX_BODY, lines=True, optional=True)]
    meeting: str
    wished: Sequence[date]
    wished_note: Annotated[str, Text("日程の補足", MAX_SHORT, optional=True)]
    department: Annotated[str, Text("担当課", MAX_SHORT)]
    contact: Annotated[str, Text("担当者名", MAX_SHORT)]
    mail: Annotated[str, MAIL]
    phone: Annotated[str, Text("電話番号", MAX_SHORT, optional=True)]


@dataclass(frozen=True)
class Contact:
    """担当者: personal data, for the own municipality and the secretariat only."""

    department: str
    name: str
    mail: str
    phone: str  # 電話番号; empty when not given


def present_contact(
    named: Contact | None, contacts: Collection[MunicipalityContact], day: date
) -> Contact | None:
    """Whom to write to about something now: whoever was named, or who took over since.

    Args:
        named: None when it was deleted, or nobody was.
        contacts: 市町村の担当者 of the same municipality.
    """
    successor = in_place_of(named.mail if named else "", contacts, day)
    if successor is None:
        return named
    card = successor.card
    return Contact(card.department, card.name, card.mail, card.phone)


@dataclass(frozen=True)
class ConsultationRequest:
    """A request that can be kept. Attributes as in :class:`RequestForm`."""

    theme: Theme
    title: str
    question: str
    tried: str
    meeting: MeetingForm
    wished: tuple[date, ...]
    wished_note: str


def read_request(form: RequestForm, today: date) -> tuple[ConsultationRequest, Contact]:
    """The request and its contact, apart.

    Args:
        today: The day of asking in Japan; a wished day lies on it or later.

    Raises:
        InvalidInputError: Every field that cannot be used, all at once.
    """
    problems: dict[str, str] = {}
    kept = read_form(form, problems)
    if form.theme not in set(Theme):
        problems["theme"] = "テーマを一覧から選んでください。"
    if form.meeting not in set(MeetingForm):
        problems["meeting"] = "形式を一覧から選んでください。"
    if problem := _wished_problem(form, today):
        problems["wished"] = problem
    if problems:
        raise InvalidInputError(problems)
    return (
        ConsultationRequest(
            theme=Theme(form.theme),
            title=kept.title,
            question=kept.question,
            tried=kept.tried,
            meeting=MeetingForm(form.meeting),
            wished=tuple(form.wished),
            wished_note=kept.wished_note,
        ),
        Contact(kept.department, kept.contact, kept.mail, kept.phone),
    )


def _wished_problem(form: RequestForm, today: date) -> str | None:
    if len(form.wished) > MAX_WISHED:
        return f"希望日は{MAX_WISHED}つまでです。"
    if not form.wished and form.meeting != MeetingForm.WRITTEN:
        return "希望日を1つ以上選んでください(書面回答のときは不要です)。"
    if len(set(form.wished)) < len(form.wished):
        return "同じ希望日が2回選ばれています。別の日にするか、空欄にしてください。"
    for day in form.wished:
        if day < today:
            return (
                f"希望日{day.isoformat()}は過ぎています。"
                f"今日({today.isoformat()})以降の日を選んでください。"
            )
        if day > today + WISHED_WITHIN:
            return f"希望日{day.isoformat()}は1年より先です。1年以内の日を選んでください。"
    return None
