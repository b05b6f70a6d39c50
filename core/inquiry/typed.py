"""組立ての入力: an inquiry as it is being typed, kept as typed until it can be read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, timedelta
from difflib import SequenceMatcher
from typing import Any

from core.inquiry.board import last_day
from core.inquiry.composition import Audience, AudienceKind, Composition
from core.inquiry.kinds.registry import KINDS
from core.inquiry.question import Condition, Option, Question
from core.values.fiscal import JAPAN
from core.values.free_text import cleaned
from core.values.written_number import Clock, counted, read_clock, read_number

_MOST_DECIMALS = 6
_ALIKE = 0.6
"""How much of two labels is the same when one is the other in new words."""
_NUMBER = counted("")


@dataclass(frozen=True)
class TypedQuestion:
    """One question while it is typed; every value is plain, as a field holds it.

    Attributes:
        options: One a line.
        known: The options as they were read last, key and label: a line whose words change keeps
            its key.
        condition: Key of the earlier question; empty: always asked.
        when: Keys of its options.
    """

    key: str
    kind: str
    label: str = ""
    help: str = ""
    required: bool = True
    not_applicable: bool = False
    condition: str = ""
    when: tuple[str, ...] = ()
    options: str = ""
    known: tuple[tuple[str, str], ...] = ()
    points: str = ""
    unit: str = ""
    decimals: str = "0"
    least: str = ""
    most: str = ""
    programmes: tuple[str, ...] = ()
    fiscal_year: int | None = None
    flows: bool = False
    form: int | None = None
    layout: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class TypedComposition:
    """An inquiry while it is typed; days as ``2026-12-01``, empty for none."""

    title: str
    fiscal_year: int
    why: str = ""
    explanation: str = ""
    opens_day: str = ""
    opens_clock: str = ""
    closes_day: str = ""
    closes_clock: str = ""
    hidden: bool = False
    audience: str = AudienceKind.ALL.value
    area: str = ""
    programme: str = ""
    codes: tuple[str, ...] = ()
    questions: tuple[TypedQuestion, ...] = ()
    attachments: tuple[int, ...] = ()
    copied_from: int | None = None

    def question(self, key: str) -> TypedQuestion | None:
        """A question by its key; None when there is none."""
        return next((each for each in self.questions if each.key == key), None)

    def put(self, key: str, **changes: Any) -> TypedComposition:
        """With something of one question changed."""
        return replace(
            self,
            questions=tuple(
                replace(each, **changes) if each.key == key else each for each in self.questions
            ),
        )

    def added(self, kind: str, after: str = "") -> tuple[TypedComposition, str]:
        """With another question, and its key.

        Args:
            after: Key of the question it follows; empty: it is the last.
        """
        made = TypedQuestion(_next((each.key for each in self.questions), "q"), kind)
        return self._inserted(made, after), made.key

    def duplicated(self, key: str) -> tuple[TypedComposition, str]:
        """With a copy of a question right after it, and the key of the copy."""
        like = next(each for each in self.questions if each.key == key)
        made = replace(like, key=_next((each.key for each in self.questions), "q"))
        return self._inserted(made, key), made.key

    def _inserted(self, made: TypedQuestion, after: str) -> TypedComposition:
        places = [each.key for each in self.questions]
        at = places.index(after) + 1 if after in places else len(places)
        return replace(self, questions=(*self.questions[:at], made, *self.questions[at:]))

    def moved(self, key: str, by: int) -> TypedComposition:
        """With a question one further up (-1) or down (1), as far as there is room."""
        rows = list(self.questions)
        at = next(place for place, each in enumerate(rows) if each.key == key)
        to = min(max(at + by, 0), len(rows) - 1)
        rows.insert(to, rows.pop(at))
        return replace(self, questions=tuple(rows))

    def without(self, key: str) -> TypedComposition:
        """Without a question."""
        return replace(self, questions=tuple(e for e in self.questions if e.key != key))


def typed_from(kept: Mapping[str, Any]) -> TypedComposition:
    """What plain values stand for, as :func:`dataclasses.asdict` makes them."""
    questions = tuple(
        TypedQuestion(**{each.name: _tupled(row[each.name]) for each in fields(TypedQuestion)})
        for row in kept["questions"]
    )
    whole = {each.name: _tupled(kept[each.name]) for each in fields(TypedComposition)}
    return TypedComposition(**(whole | {"questions": questions}))


def _tupled(value: Any) -> Any:
    return tuple(map(_tupled, value)) if isinstance(value, list | tuple) else value


def typed_of(composition: Composition) -> TypedComposition:
    """An inquiry as its fields show it at first; read again it is the same."""
    opens, closes = composition.opens_at.astimezone(JAPAN), composition.closes_at
    last = last_day(closes)
    ends = Clock.of(closes.astimezone(JAPAN))
    if closes.astimezone(JAPAN).date() != last:
        ends = Clock(24)
    audience = composition.audience
    return TypedComposition(
        title=composition.title,
        fiscal_year=int(composition.fiscal_year),
        why=composition.why,
        explanation=composition.explanation,
        opens_day=opens.date().isoformat(),
        opens_clock=str(Clock.of(opens)),
        closes_day=last.isoformat(),
        closes_clock=str(ends),
        hidden=composition.hidden,
        audience=audience.kind.value,
        area=audience.area,
        programme=audience.programme,
        codes=audience.codes,
        questions=tuple(map(_typed_question, composition.questions)),
        attachments=composition.attachments,
        copied_from=composition.copied_from,
    )


def _typed_question(question: Question) -> TypedQuestion:
    condition = question.condition
    return TypedQuestion(
        key=question.key,
        kind=question.kind,
        label=question.label,
        help=question.help,
        required=question.required,
        not_applicable=question.not_applicable,
        condition=condition.question if condition else "",
        when=condition.options if condition else (),
        options="\n".join(each.label for each in question.options),
        known=tuple((each.key, each.label) for each in question.options),
        points="、".join(map(str, question.points)),
        unit=question.unit,
        decimals=str(question.decimals),
        least=_shown(question.least),
        most=_shown(question.most),
        programmes=question.programmes,
        fiscal_year=question.fiscal_year,
        flows=question.flows,
        form=question.form,
        layout=question.layout,
    )


def _shown(number: int | None) -> str:
    return "" if number is None else f"{number:,}"


@dataclass(frozen=True)
class ReadComposition:
    """What was typed, read.

    Attributes:
        problems: What cannot be read, by field; what it stands for is left as it was usual.
    """

    composition: Composition
    problems: Mapping[str, str]


def read_typed(typed: TypedComposition) -> ReadComposition:
    """An inquiry from what was typed; what a kind does not use is left out."""
    problems: dict[str, str] = {}
    opens = _moment(typed.opens_day, typed.opens_clock, "opens", "受付開始", problems)
    closes = _moment(typed.closes_day, typed.closes_clock, "closes", "締切", problems)
    kind = AudienceKind(typed.audience)
    by_system = (AudienceKind.IN_SYSTEM, AudienceKind.NOT_IN_SYSTEM)
    composition = Composition(
        title=typed.title,
        fiscal_year=typed.fiscal_year,
        opens_at=opens,
        closes_at=closes,
        audience=Audience(
            kind,
            area=typed.area if kind is AudienceKind.AREA else "",
            programme=typed.programme if kind in by_system else "",
            codes=tuple(sorted(typed.codes)) if kind is AudienceKind.LIST else (),
        ),
        why=typed.why,
        explanation=typed.explanation,
        hidden=typed.hidden,
        questions=tuple(_question(each, problems) for each in typed.questions),
        attachments=typed.attachments,
        copied_from=typed.copied_from,
    )
    return ReadComposition(composition, problems)


def _moment(day: str, clock: str, name: str, what: str, problems: dict[str, str]) -> datetime:
    """A day and a time of it; without the time the whole day counts."""
    usual = Clock(24) if name == "closes" else Clock(0)
    if not day:
        problems[f"{name}_at"] = f"{what}の日を選んでください。"
        return usual.on(date(2000, 4, 1))
    try:
        at = read_clock(clock) if clock.strip() else usual
    except ValueError as error:
        problems[f"{name}_clock"] = f"{what}の時刻: {error}"
        at = usual
    return at.on(date.fromisoformat(day))


def _question(typed: TypedQuestion, problems: dict[str, str]) -> Question:
    uses = KINDS[typed.kind].uses if typed.kind in KINDS else frozenset()

    def read(name: str, reader: Callable[[], Any], usual: Any) -> Any:
        if name not in uses:
            return usual
        try:
            return reader()
        except ValueError as error:
            problems[f"questions.{typed.key}.{name}"] = str(error)
            return usual

    def number(text: str, least: int | None = None, most: int | None = None) -> int | None:
        return read_number(text, _NUMBER, least=least, most=most) if text.strip() else None

    lowest = 0 if typed.kind == "several" else None
    return Question(
        key=typed.key,
        kind=typed.kind,
        label=typed.label,
        help=typed.help,
        required=typed.required,
        not_applicable=typed.not_applicable,
        condition=Condition(typed.condition, typed.when) if typed.condition else None,
        options=options_of(typed) if "options" in uses else (),
        points=read("points", lambda: _points(typed.points), ()),
        unit=cleaned(typed.unit) if "unit" in uses else "",
        decimals=read("decimals", lambda: number(typed.decimals, 0, _MOST_DECIMALS), 0) or 0,
        least=read("least", lambda: number(typed.least, lowest), None),
        most=read("most", lambda: number(typed.most, lowest), None),
        programmes=typed.programmes if "programmes" in uses else (),
        fiscal_year=typed.fiscal_year if "fiscal_year" in uses else None,
        flows=typed.flows and "flows" in uses,
        form=typed.form if "form" in uses else None,
        layout=typed.layout if "form" in uses else {},
    )


def _points(text: str) -> tuple[int, ...]:
    """2、1 → what each place is worth."""
    for divider in ",、,/ \u3000\n":
        text = text.replace(divider, ";")
    return tuple(
        read_number(each, counted("点"), least=1, most=1000)
        for each in text.split(";")
        if each.strip()
    )


def options_of(typed: TypedQuestion) -> tuple[Option, ...]:
    """The lines of a field as options; what stays, moves or is worded anew keeps its key.

    A line is an option that went in other words when the words are much alike; else it is new, so
    that no answer comes to say something else.

    Examples:
        >>> asked = TypedQuestion("q1", "single", options="国保\\n税務システム\\n住基",
        ...     known=(("o1", "税務"), ("o2", "国保")))
        >>> [(each.key, each.label) for each in options_of(asked)]
        [('o2', '国保'), ('o1', '税務システム'), ('o3', '住基')]
    """
    lines = [label for line in typed.options.splitlines() if (label := cleaned(line))]
    spare = dict(typed.known)
    keys = dict.fromkeys(range(len(lines)), "")
    for fits in (str.__eq__, _alike):
        for place, line in enumerate(lines):
            if not keys[place]:
                keys[place] = next((key for key, label in spare.items() if fits(label, line)), "")
                spare.pop(keys[place], None)
    for place in keys:
        if not keys[place]:
            keys[place] = _next([*dict(typed.known), *keys.values()], "o")
    return tuple(Option(key, label) for key, label in zip(keys.values(), lines, strict=True))


def _alike(before: str, after: str) -> bool:
    if before.startswith(after) or after.startswith(before):
        return True
    return SequenceMatcher(None, before, after).ratio() >= _ALIKE


def _next(keys: Iterable[str], letter: str) -> str:
    """A key that is not among some: one more than the largest number."""
    numbers = [int(key[1:]) for key in keys if key[:1] == letter and key[1:].isdecimal()]
    return f"{letter}{max(numbers, default=0) + 1}"


def begun(title: str, fiscal_year: int, today: date, days: int = 21) -> Composition:
    """A new inquiry: asked from today on, for three weeks.

    Args:
        days: Until the deadline, at 17:00 of that day.
    """
    return Composition(
        title,
        fiscal_year,
        opens_at=Clock(0).on(today),
        closes_at=Clock(17).on(today + timedelta(days=days)),
    )
