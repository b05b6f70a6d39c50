"""What a municipality asks, as typed and as kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from core.consultation.theme import MeetingForm, Theme
from core.values.errors import InvalidInputError
from core.values.free_text import read_mail_address, read_text

MAX_TITLE = 60
"""Longest 件名, characters."""
MAX_BODY = 2000
"""Longest 相談内容, これまでの取組, message, answer, characters."""
MAX_SHORT = 100
"""Longest name of a department, a person, a place, characters."""
MAX_WISHED = 3
"""Most 希望日."""
WISHED_WITHIN = timedelta(days=366)
"""How far ahead a day may be wished for (仮定: one year)."""


@dataclass(frozen=True)
class RequestForm:
    """The form as typed; nothing in it was checked yet.

    Attributes:
        theme: Value of :class:`Theme`.
        title: 件名.
        question: 相談内容.
        tried: これまでの取組; empty when nothing was tried or nothing is said.
        meeting: Value of :class:`MeetingForm`.
        wished: 希望日, best first; empty for none.
        wished_note: What else matters for the day.
        department: 担当課.
        contact: 担当者名.
        mail: メールアドレス.
        phone: 電話番号.
    """

    theme: str
    title: str
    question: str
    tried: str
    meeting: str
    wished: Sequence[date]
    wished_note: str
    department: str
    contact: str
    mail: str
    phone: str


@dataclass(frozen=True)
class Contact:
    """担当者: personal data, for the own municipality and the secretariat only.

    Attributes:
        department: 担当課.
        name: 担当者名.
        mail: メールアドレス.
        phone: 電話番号; empty when not given.
    """

    department: str
    name: str
    mail: str
    phone: str


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
        form: As typed.
        today: The day of asking in Japan; a wished day lies on it or later.

    Raises:
        InvalidInputError: Every field that cannot be used, all at once.
    """
    problems: dict[str, str] = {}

    def text(field: str, label: str, longest: int, *, required: bool, one_line: bool) -> str:
        words = str(getattr(form, field))
        return _or_problem(
            problems,
            field,
            lambda: read_text(label, words, longest, required=required, one_line=one_line),
        )

    title = text("title", "件名", MAX_TITLE, required=True, one_line=True)
    question = text("question", "相談内容", MAX_BODY, required=True, one_line=False)
    tried = text("tried", "これまでの取組", MAX_BODY, required=False, one_line=False)
    wished_note = text("wished_note", "日程の補足", MAX_SHORT, required=False, one_line=True)
    department = text("department", "担当課", MAX_SHORT, required=True, one_line=True)
    name = text("contact", "担当者名", MAX_SHORT, required=True, one_line=True)
    phone = text("phone", "電話番号", MAX_SHORT, required=False, one_line=True)
    mail = _or_problem(problems, "mail", lambda: read_mail_address(form.mail))
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
            title=title,
            question=question,
            tried=tried,
            meeting=MeetingForm(form.meeting),
            wished=tuple(form.wished),
            wished_note=wished_note,
        ),
        Contact(department, name, mail, phone),
    )


def _or_problem(problems: dict[str, str], field: str, read: Callable[[], str]) -> str:
    try:
        return read()
    except ValueError as error:
        problems[field] = str(error)
        return ""


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
