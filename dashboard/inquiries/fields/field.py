"""What every field of a question is given, and what several of them do alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from core.inquiry.answer import Value, is_blank
from core.inquiry.document import InquiryFile
from core.inquiry.kinds.kind import Scope
from core.inquiry.kinds.registry import kind_of
from core.inquiry.question import Question
from dashboard.kit.typed import escaped


@dataclass(frozen=True)
class Attaching:
    """How files of an answer are kept and opened.

    Attributes:
        files: What was kept so far, by number.
        keep: A command of core whose own arguments but ``files`` are given; says their numbers.
        address: Where a file is downloaded.
        lg_code: Whose answer it is; empty where no form can be handed out and taken back.
        inquiry_id: Of which inquiry.
    """

    files: Mapping[int, InquiryFile]
    keep: Callable[..., tuple[int, ...]]
    address: Callable[[InquiryFile], str]
    lg_code: str = ""
    inquiry_id: int = 0


@dataclass(frozen=True)
class Field:
    """One question as it is drawn.

    Attributes:
        typed: What stands in it at first: as it was typed, or as it was handed in.
        key: All keys of its widgets begin with it.
        attaching: Of a question for files; None where none can be sent.
    """

    question: Question
    typed: Value
    scope: Scope
    key: str
    disabled: bool = False
    attaching: Attaching | None = None

    @property
    def text(self) -> str:
        """What stands in a line at first."""
        return str(self.typed) if isinstance(self.typed, str | int) else ""

    @property
    def rows(self) -> Sequence[Value]:
        """What stands at first where several things can be said."""
        return self.typed if isinstance(self.typed, list | tuple) else ()

    def understood(self, text: str) -> str:
        """What a line is read as, in words; nothing where it is written so already.

        Raises:
            ValueError: Why it cannot be read.
        """
        kind = kind_of(self.question.kind)
        value = kind.read(self.question, text, self.scope)
        said = kind.words(self.question, value, self.scope)
        return "" if text.strip() in (str(value), said) else said


Draw = Callable[[Field], Value]
"""Draws the field of a kind; says what is in it, as it was typed."""


def say_problem(field: Field, typed: Value) -> None:
    """Beneath a field of several parts: what stands against it as it is; of a blank one nothing."""
    if is_blank(typed) or field.disabled:
        return
    try:
        kind_of(field.question.kind).read(field.question, typed, field.scope)
    except ValueError as error:
        st.error(escaped(str(error)), icon=":material/error:")
