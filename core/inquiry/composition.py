"""照会の組立て: what is asked of whom until when, and what stands against publishing it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from core.inquiry.kinds.kind import Scope
from core.inquiry.kinds.registry import KINDS, kind_of
from core.inquiry.kinds.yes_no import YES_NO
from core.inquiry.question import LABEL, MAX_OPTIONS, MAX_QUESTIONS, Question
from core.values.errors import InvalidInputError
from core.values.fiscal import FiscalYear
from core.values.free_text import LINE, TEXT, Text, read_form
from core.values.label import Labelled
from core.values.municipality import Municipality

TITLE = Text("件名", LINE)
WHY = Text("趣旨・依頼元", TEXT, lines=True, optional=True)
_ASKED_LABEL = replace(LABEL, optional=False)
EXPLANATION = Text("回答のしかた", TEXT, lines=True, optional=True)


class AudienceKind(Labelled):
    """照会先の選び方."""

    ALL = "all", "全団体"
    AREA = "area", "地域"
    IN_SYSTEM = "in_system", "共同調達に参加している団体"
    NOT_IN_SYSTEM = "not_in_system", "共同調達に参加していない団体"
    LIST = "list", "団体を選ぶ"


@dataclass(frozen=True)
class Audience:
    """Whom is asked.

    Attributes:
        area: Of 地域.
        programme: Key of the joint procurement of those in it or not in it.
        codes: Of a list, ``lg_code``.
    """

    kind: AudienceKind = AudienceKind.ALL
    area: str = ""
    programme: str = ""
    codes: tuple[str, ...] = ()

    def resolved(
        self, municipalities: Iterable[Municipality], taking_part: Collection[str]
    ) -> tuple[str, ...]:
        """The municipalities it means, in the order of the catalogue.

        Args:
            taking_part: Those named as in the joint procurement on the day of asking.
        """
        return tuple(each.lg_code for each in municipalities if self._means(each, taking_part))

    def _means(self, each: Municipality, taking_part: Collection[str]) -> bool:
        if self.kind is AudienceKind.AREA:
            return each.area == self.area
        if self.kind is AudienceKind.IN_SYSTEM:
            return each.lg_code in taking_part
        if self.kind is AudienceKind.NOT_IN_SYSTEM:
            return each.lg_code not in taking_part
        return self.kind is AudienceKind.ALL or each.lg_code in self.codes


@dataclass(frozen=True)
class Composition:
    """An inquiry as it is composed.

    Attributes:
        why: 趣旨, and by whose order (国の通知など).
        opens_at: From when it can be answered, inclusive; with time zone.
        closes_at: Until when, exclusive; of a published one, what was said last of it counts.
        hidden: Whether the answers are hidden from everybody until the secretariat reveals them.
        attachments: Numbers of the files that go with it.
        copied_from: Number of the inquiry it was copied from, whose answers are shown; None for none.
    """

    title: Annotated[str, TITLE]
    fiscal_year: int
    opens_at: datetime
    closes_at: datetime
    audience: Audience = Audience()
    why: Annotated[str, WHY] = ""
    explanation: Annotated[str, EXPLANATION] = ""
    hidden: bool = False
    questions: tuple[Question, ...] = ()
    attachments: tuple[int, ...] = ()
    copied_from: int | None = None

    @property
    def by_key(self) -> Mapping[str, Question]:
        """Questions by key."""
        return {each.key: each for each in self.questions}

    def number_of(self, key: str) -> int:
        """Which question it is, from 1 on."""
        return 1 + next(n for n, each in enumerate(self.questions) if each.key == key)


def kept_composition(composition: Composition) -> Composition:
    """A draft as it is kept: texts read, nothing else asked.

    Raises:
        InvalidInputError: A text no database holds, or a title that is missing.
    """
    problems: dict[str, str] = {}
    kept = read_form(composition, problems)
    questions = []
    for number, each in enumerate(kept.questions, start=1):
        at, of = f"questions.{each.key}.", f"設問{number}の"
        words = read_form(each, problems, key=at, of=of)
        options = tuple(read_form(o, problems, key=f"{at}options.", of=of) for o in each.options)
        questions.append(replace(words, options=options))
    try:
        FiscalYear(kept.fiscal_year)
    except ValueError as error:
        problems["fiscal_year"] = str(error)
    if problems:
        raise InvalidInputError(problems)
    return replace(kept, questions=tuple(questions))


def check_publishable(composition: Composition, scope: Scope, now: datetime) -> None:
    """Refuse to ask what cannot be answered.

    Raises:
        InvalidInputError: Everything that stands against it, by field.
    """
    problems = audience_problems(composition.audience, scope)
    if composition.closes_at <= composition.opens_at:
        problems["closes_at"] = "締切は受付開始より後にしてください。"
    elif composition.closes_at <= now:
        problems["closes_at"] = "締切が過ぎています。これからの日時にしてください。"
    if not composition.questions:
        problems["questions"] = "設問を1つ以上加えてください。"
    if len(composition.questions) > MAX_QUESTIONS:
        problems["questions"] = f"設問は{MAX_QUESTIONS}までです(いま{len(composition.questions)})。"
    keys = Counter(each.key for each in composition.questions)
    if max(keys.values(), default=0) > 1:
        problems["questions"] = "同じ設問が2度入っています。画面を更新してください。"
    asked: dict[str, Question] = {}
    for number, question in enumerate(composition.questions, start=1):
        for field, problem in question_problems(question, asked, scope).items():
            problems[f"questions.{question.key}.{field}"] = f"設問{number}: {problem}"
        asked[question.key] = question
    if problems:
        raise InvalidInputError(problems)


def question_problems(
    question: Question, before: Mapping[str, Question], scope: Scope
) -> dict[str, str]:
    """What stands against one question, by field.

    Args:
        before: Questions asked earlier, by key.
    """
    if question.kind not in KINDS:
        return {"kind": "設問の種類を選び直してください。"}
    problems = dict(kind_of(question.kind).problems(question, scope))
    try:
        _ASKED_LABEL.read(question.label)
    except ValueError as error:
        problems["label"] = str(error)
    if len(question.options) > MAX_OPTIONS:
        problems["options"] = f"選択肢は{MAX_OPTIONS}までです(いま{len(question.options)})。"
    if problem := _condition_problem(question, before):
        problems["condition"] = problem
    return problems


def _condition_problem(question: Question, before: Mapping[str, Question]) -> str:
    condition = question.condition
    if condition is None:
        return ""
    asked = before.get(condition.question)
    if asked is None:
        return "条件には、この設問より前の設問を選んでください。"
    choices = YES_NO if asked.kind == "yes_no" else asked.options
    if not choices:
        return "条件には、択一・複数選択・はい・いいえの設問を選んでください。"
    if not condition.options or not set(condition.options) <= {each.key for each in choices}:
        return "どの回答のときに聞くかを選んでください。"
    return ""


def audience_problems(audience: Audience, scope: Scope) -> dict[str, str]:
    """What stands against an audience, by field."""
    kind, reference = audience.kind, scope.reference
    if kind is AudienceKind.AREA and audience.area not in {a.label for a in reference.areas}:
        return {"audience": "地域を選んでください。"}
    by_system = (AudienceKind.IN_SYSTEM, AudienceKind.NOT_IN_SYSTEM)
    if kind in by_system and audience.programme not in reference.procurements.systems:
        return {"audience": "共同調達を選んでください。"}
    if kind is AudienceKind.LIST:
        unknown = [code for code in audience.codes if code not in reference.by_code]
        if unknown:
            return {"audience": f"団体コードが正しくありません: {'、'.join(unknown)}"}
        if not audience.codes:
            return {"audience": "照会する団体を1つ以上選んでください。"}
    return {}


def copied(composition: Composition, inquiry_id: int, files: Mapping[int, int]) -> Composition:
    """The same asked again a year later: next 年度, the same days, answers of then beside it.

    Args:
        inquiry_id: Of the inquiry that is copied.
        files: Number of each of its files → that of the copy.
    """
    return replace(
        composition,
        fiscal_year=composition.fiscal_year + 1,
        opens_at=_a_year_later(composition.opens_at),
        closes_at=_a_year_later(composition.closes_at),
        questions=tuple(
            replace(
                each,
                fiscal_year=None if each.fiscal_year is None else each.fiscal_year + 1,
                form=None if each.form is None else files[each.form],
            )
            for each in composition.questions
        ),
        attachments=(),
        copied_from=inquiry_id,
    )


def _a_year_later(moment: datetime) -> datetime:
    """The same day and hour of the year after; of February 29th the day before."""
    try:
        return moment.replace(year=moment.year + 1)
    except ValueError:
        return moment.replace(year=moment.year + 1, day=28)
