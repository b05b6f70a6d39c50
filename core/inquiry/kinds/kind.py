"""What every kind of question does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Protocol

from core.inquiry.answer import Value, is_not_applicable
from core.inquiry.question import Option, Question
from core.reference.pack import Reference
from core.values.fiscal import FiscalYear


@dataclass(frozen=True)
class Scope:
    """What questions and answers rest on besides themselves.

    Attributes:
        reference: The catalogue as it stands.
        people: Key of a contact → how they are called; of the municipality that answers, or of all.
        files: Number of a file → its name.
        former: As ``people``, of those whose term is over: an answer may name one, nobody chooses one.
    """

    reference: Reference
    people: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[int, str] = field(default_factory=dict)
    former: Mapping[str, str] = field(default_factory=dict)

    def year(self, question: Question) -> FiscalYear:
        """年度 a question about plans is about."""
        return FiscalYear(question.fiscal_year or int(self.reference.fiscal_year))


@dataclass(frozen=True)
class TallyLine:
    """One line of what many municipalities answered.

    Attributes:
        key: Of the option, the plan, the system; empty for a line about all.
        value: Count, sum or points, in ``unit``; None for not known.
        codes: Municipalities behind it, in the order of the catalogue.
        place: Of a ranking: shared by those with as many points; None elsewhere.
        note: What else is to be said of it (うち辞退 2).
    """

    key: str
    label: str
    value: int | Fraction | None
    unit: str
    codes: tuple[str, ...] = ()
    place: int | None = None
    note: str = ""


Said = Mapping[str, Value]
"""Municipality → what it answered; 該当なし and blank are not in it."""


class Kind(Protocol):
    """One kind of question."""

    @property
    def key(self) -> str:
        """As kept."""

    @property
    def label(self) -> str:
        """As shown."""

    @property
    def uses(self) -> frozenset[str]:
        """Fields of :class:`~core.inquiry.question.Question` beside those every kind has."""

    def problems(self, question: Question, scope: Scope) -> dict[str, str]:
        """What stands against a question of this kind, by field."""

    def read(self, question: Question, typed: Value, scope: Scope) -> Value:
        """What was typed, as it is kept.

        Raises:
            ValueError: What stands against it, in one Japanese sentence.
        """

    def words(self, question: Question, value: Value, scope: Scope) -> str:
        """An answer as a table and a file show it."""

    def holds(self, value: Value) -> frozenset[str]:
        """Options an answer names, as a condition asks for them."""

    def tally(self, question: Question, said: Said, scope: Scope) -> tuple[TallyLine, ...]:
        """What many answered."""

    def breaks(self, before: Question, after: Question) -> str:
        """Why answers given to a question no longer hold after its change; empty when they do."""

    def compared(self, question: Question, before: Value, after: Value) -> tuple[str, str] | None:
        """What two answers say differently, where the words of all of both do not show it."""


class Plain:
    """What most kinds do alike."""

    key = ""
    label = ""
    uses: frozenset[str] = frozenset()

    def problems(self, question: Question, scope: Scope) -> dict[str, str]:  # noqa: ARG002
        """Nothing beside what every question must satisfy."""
        return {}

    def holds(self, value: Value) -> frozenset[str]:
        """The answer itself where it is a text, or each of several."""
        if isinstance(value, str):
            return frozenset({value})
        if isinstance(value, list | tuple):
            return frozenset(each for each in value if isinstance(each, str))
        return frozenset()

    def tally(self, question: Question, said: Said, scope: Scope) -> tuple[TallyLine, ...]:  # noqa: ARG002
        """How many answered."""
        return (TallyLine("", "回答", len(said), "団体", tuple(said)),)

    def breaks(self, before: Question, after: Question) -> str:  # noqa: ARG002
        """Words alone may change."""
        return ""

    def compared(self, question: Question, before: Value, after: Value) -> tuple[str, str] | None:  # noqa: ARG002
        """The words of both are enough."""
        return None


def by_option(
    options: Iterable[Option], said: Said, holds: Mapping[str, frozenset[str]]
) -> tuple[TallyLine, ...]:
    """How many chose each option, those nobody chose with 0."""
    return tuple(
        TallyLine(
            option.key,
            option.label,
            len(codes := tuple(code for code in said if option.key in holds[code])),
            "団体",
            codes,
        )
        for option in options
    )


def option_problems(question: Question, least: int = 2) -> dict[str, str]:
    """What stands against a list of options."""
    labels = [each.label for each in question.options]
    if len(labels) < least:
        return {"options": f"選択肢を{least}つ以上入力してください(1行に1つ)。"}
    twice = [each for each in dict.fromkeys(labels) if labels.count(each) > 1]
    if twice:
        return {"options": f"同じ選択肢が2つあります: {'、'.join(twice)}"}
    return {}


def dropped(before: Question, after: Question) -> str:
    """Why options that are gone break answers; empty when none is."""
    kept = {each.key for each in after.options}
    gone = [each.label for each in before.options if each.key not in kept]
    return f"公開した選択肢は消せません: {'、'.join(gone)}" if gone else ""


def given(said: Mapping[str, Value]) -> Said:
    """Without 該当なし."""
    return MappingProxyType({c: v for c, v in said.items() if not is_not_applicable(v)})


def text_of(typed: Any, label: str = "回答") -> str:
    """What was typed into a text field.

    Raises:
        ValueError: It is no text.
    """
    if not isinstance(typed, str):
        raise ValueError(f"{label}を入力し直してください。")
    return typed


def one_of(typed: Any, known: Sequence[str], what: str) -> str:
    """One of several keys.

    Raises:
        ValueError: It is none of them.
    """
    if not isinstance(typed, str) or typed not in known:
        raise ValueError(f"{what}を選び直してください。")
    return typed
