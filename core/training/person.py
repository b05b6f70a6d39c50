"""申込者: the person an enrolment is about, kept apart from what happened."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Annotated

from core.training.vocabulary import SessionFormat, formats_label
from core.values.errors import InvalidInputError
from core.values.free_text import MAIL, Text, read_form, search_key

MAX_PEOPLE = 50
"""Most persons of one application."""


@dataclass(frozen=True)
class Person:
    """A colleague who is enrolled. Personal data: own municipality and secretariat only."""

    name: Annotated[str, Text("氏名", 100)]
    department: Annotated[str, Text("所属", 100)]
    mail: Annotated[str, MAIL]


@dataclass(frozen=True)
class Applicant:
    """A person and how they will attend, as a form holds them."""

    person: Person
    attending: SessionFormat | None = None  # None where the session leaves no choice


def checked_applicants(
    applicants: Sequence[Applicant],
    formats: tuple[SessionFormat, ...] | None,
    enrolled: Collection[Person],
) -> tuple[Applicant, ...]:
    """The applicants as they are kept.

    Args:
        formats: Ways to attend the session; None when not known.
        enrolled: Colleagues of the same municipality in the same session.

    Raises:
        InvalidInputError: All problems; fields ``people.2.mail``, counted from 1.
    """
    if not 1 <= len(applicants) <= MAX_PEOPLE:
        raise InvalidInputError(
            {
                "people": f"申し込む人を1人から{MAX_PEOPLE}人まで入力してください(現在{len(applicants)}人)。"
            }
        )
    problems: dict[str, str] = {}
    tidy: list[Applicant] = []
    for number, applicant in enumerate(applicants, start=1):
        key, of = f"people.{number}.", f"{number}人目の"
        person = read_form(applicant.person, problems, key=key, of=of)
        attending = _attending(applicant.attending, formats)
        if applicant.attending is not None and attending is None:
            problems[f"{key}attending"] = (
                f"{of}参加方法「{applicant.attending.label}」は選べません。"
                f"この日程は{formats_label(formats)}です。"
            )
        elif formats is not None and attending is None:
            problems[f"{key}attending"] = f"{of}参加方法を現地とオンラインから選んでください。"
        if person.name and _is_known(person, [*enrolled, *(each.person for each in tidy)]):
            problems[f"{key}name"] = (
                f"{of}{person.name}({person.department})は、この日程に既に申し込まれています。"
            )
        tidy.append(Applicant(person, attending))
    if problems:
        raise InvalidInputError(problems)
    return tuple(tidy)


def _attending(
    wanted: SessionFormat | None, formats: tuple[SessionFormat, ...] | None
) -> SessionFormat | None:
    if formats is None or wanted in formats:
        return wanted
    return formats[0] if wanted is None and len(formats) == 1 else None


def _is_known(person: Person, others: Collection[Person]) -> bool:
    """Whether it is somebody already named: the same name with the same mail or department.

    A shared mailbox alone makes nobody the same, nor does a common name.
    """
    name, department = bare(person.name), bare(person.department)
    return any(
        name == bare(other.name)
        and (person.mail == other.mail or department == bare(other.department))
        for other in others
    )


def bare(text: str) -> str:
    """A name as it is compared: no differences of width, case or blanks."""
    return search_key(text).replace(" ", "")
