"""設問: one question of an inquiry, whatever its kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from core.values.free_text import LINE, TEXT, Text

LABEL = Text("設問", LINE, optional=True)
"""Empty in a draft only (core.inquiry.composition.question_problems)."""
HELP = Text("補足説明", TEXT, lines=True, optional=True)
OPTION = Text("選択肢", 100)
UNIT = Text("単位", 10, optional=True)
MAX_QUESTIONS = 100
MAX_OPTIONS = 60


@dataclass(frozen=True)
class Option:
    """選択肢."""

    key: str  # stays the same when the words change
    label: Annotated[str, OPTION]


@dataclass(frozen=True)
class Condition:
    """When a question is asked: the answer to an earlier one is, or holds, one of these."""

    question: str
    options: tuple[str, ...]  # はい and いいえ are ``yes`` and ``no``


@dataclass(frozen=True)
class Question:
    """One question.

    Attributes:
        key: Stays the same over every change; never used twice in an inquiry.
        kind: Key of :data:`core.inquiry.kinds.registry.KINDS`.
        required: Whether a response without an answer is refused; 該当なし is one where it may be given.
        not_applicable: Whether 該当なし may be answered.
        condition: None: always asked.
        options: Of single, several, ranking.
        points: Of ranking: what each place is worth, the first first.
        unit: Of number: 人, 件; empty for none.
        decimals: Of number: most digits behind the point.
        least, most: Of number and yen: bounds, inclusive; of several: how many options. None: any.
        programmes: Of join intention: keys of the joint procurements asked about.
        fiscal_year: Of plan wishes: the year of the plans.
        flows: Whether what is answered goes on (希望, 台帳, 指標) once the secretariat confirms.
        form: Of an Excel form: number of the file it came in; None before there is one.
        layout: Of an Excel form: its cells to fill, as :mod:`core.inquiry.form` writes them.
    """

    key: str
    kind: str
    label: Annotated[str, LABEL]
    help: Annotated[str, HELP] = ""
    required: bool = True
    not_applicable: bool = False
    condition: Condition | None = None
    options: tuple[Option, ...] = ()
    points: tuple[int, ...] = ()
    unit: Annotated[str, UNIT] = ""
    decimals: int = 0
    least: int | None = None
    most: int | None = None
    programmes: tuple[str, ...] = ()
    fiscal_year: int | None = None
    flows: bool = False
    form: int | None = None
    layout: Mapping[str, Any] = field(default_factory=dict)

    def option(self, key: str) -> str:
        """What an option is called; one that is no longer there goes by its key."""
        return next((each.label for each in self.options if each.key == key), key)
