"""回答の表: what stands in each cell, the four nothings told apart, and what it means (コードブック)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from core.exports.book import Cell, Column
from core.exports.file import MARK_COLUMN, MARK_MEANING
from core.inquiry.answer import (
    BLANK_LABEL,
    NOT_APPLICABLE_LABEL,
    UNANSWERED_LABEL,
    is_blank,
    is_not_applicable,
)
from core.inquiry.kinds.registry import KINDS
from core.inquiry.kinds.yes_no import YES_NO
from core.inquiry.question import Question
from core.inquiry.reading import asked, words_of
from core.inquiry.response import japan_moment
from core.inquiry.tally import QuestionTally
from core.reference.pack import Reference
from core.values.errors import ConflictError
from core.values.figure import plain_number
from core.views.inquiries import TallyAnswer

NOT_ASKED_LABEL = "聞いていない"
NOTHINGS = (
    (UNANSWERED_LABEL, "提出がない(下書き・差戻し中を含む)。0でも該当なしでもない。"),
    (BLANK_LABEL, "提出し、この設問には何も書かなかった。"),
    (NOT_APPLICABLE_LABEL, "提出し、この設問に「該当なし」と答えた。"),
    (NOT_ASKED_LABEL, "前の設問の答えにより、この設問は聞いていない。"),
    ("0", "0と答えた。"),
)
"""What the cells without an answer mean, each apart from the others."""
_TOWN = (
    ("団体コード", 10, "全国地方公共団体コード6桁。"),
    ("団体", 14, "市町村の名前。"),
    ("地域", 12, "地域。"),
    ("区分", 14, "区分。"),
    ("人口", 12, "人。国勢調査。"),
    ("回答", 10, "提出、または未回答。"),
    ("受領番号", 10, "数えた提出の受領番号。団体の受領票と同じ。"),
    ("提出した時刻", 18, "数えた提出を受け付けた時刻。日本時間、データベースの時計。"),
)


def refuse_hidden(answer: TallyAnswer) -> None:
    """Make no file of answers nobody revealed.

    Raises:
        ConflictError: They are hidden.
    """
    if answer.hidden:
        raise ConflictError("結果を公開するまで、回答は書き出せません。")


def columns(answer: TallyAnswer) -> tuple[Column, ...]:
    """Of the table of answers."""
    own = tuple(
        Column(name, width, "whole" if name == "人口" else "words") for name, width, _ in _TOWN
    )
    return (*own, *(Column(heading(answer, each), 24) for each in _questions(answer)))


def heading(answer: TallyAnswer, question: Question) -> str:
    """What the column of a question is called."""
    unit = f"({question.unit})" if question.unit else "(円)" if question.kind == "yen" else ""
    return f"{answer.inquiry.composition.number_of(question.key)}. {question.label}{unit}"


def _questions(answer: TallyAnswer) -> tuple[Question, ...]:
    return answer.inquiry.composition.questions


def rows(answer: TallyAnswer, reference: Reference) -> Iterator[tuple[Cell, ...]]:
    """One a municipality, everybody asked."""
    composition = answer.inquiry.composition
    for code in answer.asked:
        town, said = reference.ever[code], answer.answers.get(code)
        reached = set() if said is None else {each.key for each in asked(composition, said)}
        yield (
            code,
            town.name,
            town.area,
            town.category,
            town.population,
            *(
                (UNANSWERED_LABEL,) * 3
                if (got := answer.received.get(code)) is None
                else ("提出", got.number or "不明", japan_moment(got.at))
            ),
            *(
                UNANSWERED_LABEL
                if said is None
                else NOT_ASKED_LABEL
                if each.key not in reached
                else _cell(answer, each, said.get(each.key))
                for each in composition.questions
            ),
        )


def _cell(answer: TallyAnswer, question: Question, value: object) -> Cell:
    if is_blank(value):
        return BLANK_LABEL
    if question.kind in ("number", "yen") and not is_not_applicable(value):
        number = Decimal(str(value))
        return int(number) if number == number.to_integral_value() else float(number)
    return words_of(question, value, answer.scope)


CODEBOOK = (
    Column("列", 30),
    Column("設問のキー", 14),
    Column("種類", 22),
    Column("必須", 8),
    Column("値", 24),
    Column("意味", 60),
)


def codebook(answer: TallyAnswer, *, made_up: bool) -> Iterator[tuple[Cell, ...]]:
    """What each column and each value means."""
    for name, _, meaning in _TOWN:
        yield name, "", "", "", "", meaning
    for question in _questions(answer):
        of = heading(answer, question)
        kind = KINDS[question.kind].label if question.kind in KINDS else question.kind
        must = "必須" if question.required else "任意"
        yield of, question.key, kind, must, "", question.help or _meaning(question)
        for option in YES_NO if question.kind == "yes_no" else question.options:
            yield of, question.key, "選択肢", "", option.key, option.label
        for place, worth in enumerate(question.points, start=1):
            yield of, question.key, "得点", "", f"{place}位", f"{worth}点"
    for label, meaning in NOTHINGS:
        yield "すべての設問", "", "", "", label, meaning
    if made_up:
        yield MARK_COLUMN, "", "", "", "", MARK_MEANING


def _meaning(question: Question) -> str:
    told = {
        "number": f"数。単位は{question.unit or 'なし'}。",
        "yen": "金額。円。",
        "several": "選んだものを「、」で並べる。",
        "plan_wishes": "プラン、回数、予算の状況。",
        "join_intention": "共同調達ごとの意向、区分、時期、根拠。",
        "file": "添付したファイルの名前。",
    }
    return told.get(question.kind, "回答の言葉。")


TALLY = (
    Column("設問", 40),
    Column("照会", 8, "whole"),
    Column("回答", 8, "whole"),
    Column(NOT_APPLICABLE_LABEL, 10, "whole"),
    Column(BLANK_LABEL, 8, "whole"),
    Column(NOT_ASKED_LABEL, 12, "whole"),
    Column(UNANSWERED_LABEL, 8, "whole"),
    Column("項目", 30),
    Column("値", 14, "tenths"),
    Column("単位", 8),
    Column("順位", 8, "whole"),
    Column("補足", 30),
    Column("団体", 60),
)


def tally_rows(answer: TallyAnswer, reference: Reference) -> Iterator[tuple[Cell, ...]]:
    """A row a line of each question's tally, with how many are behind it and who."""
    for tally in answer.questions:
        for line in tally.lines:
            names = "、".join(reference.ever[code].name for code in line.codes)
            value = "不明" if line.value is None else plain_number(line.value)
            told = (line.label, value, line.unit, line.place, line.note, names)
            yield (*_counts(answer, tally), *told)
        if money := answer.money.get(tally.question.key):
            for state, total in (("希望・予算要求", money.wished), ("検討中", money.considering)):
                known = total.known
                for label, number, unit in (
                    (f"{state}: のべプラン", total.plans, "プラン"),
                    (f"{state}: 回数", total.visits, "回"),
                    (f"{state}: 歳出", known.get("gross", "不明"), "円"),
                    (f"{state}: 補助金", known.get("subsidy", "不明"), "円"),
                    (f"{state}: 一般財源", known.get("net", "不明"), "円"),
                ):
                    yield (*_counts(answer, tally), label, number, unit, None, money.why, "")


def _counts(answer: TallyAnswer, tally: QuestionTally) -> tuple[Cell, ...]:
    groups = (tally.answered, tally.not_applicable, tally.blank, tally.not_asked, tally.unanswered)
    return heading(answer, tally.question), tally.everybody, *map(len, groups)
