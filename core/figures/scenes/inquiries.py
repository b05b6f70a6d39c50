"""照会の集計: one scene for each question that is counted; of hidden answers how many voted, no more.

These scenes come and go with the inquiries: no file each, but one for every question of a published
one. Text, people and files are read, not shown to a room.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from types import MappingProxyType

from core.figures.registry import Said
from core.figures.scenes.scene import BigFigure, Chart, ChartKind, Item, Mark, Scene, SceneMaker
from core.inquiry.answer import BLANK_LABEL, NOT_APPLICABLE_LABEL, UNANSWERED_LABEL
from core.inquiry.counted import Counted
from core.inquiry.kinds.join_intention import Intention, intentions_of
from core.inquiry.kinds.kind import Scope, TallyLine
from core.inquiry.kinds.plan_wishes import wishes_of
from core.inquiry.question import Question
from core.inquiry.response import japan_moment
from core.inquiry.round import Inquiry
from core.inquiry.tally import QuestionTally
from core.inquiry.wish_money import wish_money
from core.support.wish import WishState
from core.values.figure import Figure, Status, Value, day_label, number_text, value_text
from core.values.money import amount_labels

ORDER = 200
"""After every scene with a file of its own."""
_KEY = re.compile(r"inquiry-([1-9][0-9]{0,17})(?:-(.+))?", re.S)
_MOST_BARS = 10
_ANSWERED = (Mark("■", "回答", 4),)
_WISHED = (Mark("◆", "希望・予算要求", 4), Mark("・", "検討中", 1, dashed=True))
_POINTS = (Mark("■", "得点", 4),)
_INTENTIONS: Mapping[Intention, Mark] = MappingProxyType(
    {
        Intention.JOIN: Mark("◆", Intention.JOIN.label, 4),
        Intention.INTERESTED: Mark("◇", Intention.INTERESTED.label, 2),
        Intention.UNDECIDED: Mark("？", Intention.UNDECIDED.label, 1, dashed=True),
        Intention.NOT: Mark("×", Intention.NOT.label, 0),
    }
)


def scene_key(inquiry_id: int, question: str) -> str:
    """What a set and a link name the scene of a question by.

    Examples:
        >>> scene_key(12, "q1"), inquiry_of_key("inquiry-12-q1"), inquiry_of_key("tiles")
        ('inquiry-12-q1', 12, None)
    """
    return f"inquiry-{inquiry_id}-{question}"


def inquiry_of_key(key: str) -> int | None:
    """The inquiry a scene, or a set of all its scenes (``inquiry-12``), is about; None for others."""
    found = _KEY.fullmatch(key)
    return int(found[1]) if found else None


def inquiries_of(keys: Iterable[str]) -> tuple[int, ...]:
    """The inquiries that scenes of these keys are about, each once."""
    found = map(inquiry_of_key, keys)
    return tuple(dict.fromkeys(each for each in found if each is not None))


@dataclass(frozen=True)
class AskedScene:
    """A scene of an inquiry as a list of scenes has it; the title alone may be another's, too."""

    question: Question
    listed: str
    purpose: str


def asked_scenes(found: Iterable[Inquiry]) -> Mapping[str, AskedScene]:
    """By key: what inquiries give a wall to show."""
    return MappingProxyType(
        {
            scene_key(each.inquiry_id, question.key): _asked(each, question)
            for each in found
            for question in each.composition.questions
            if question.kind in _DRAWN
        }
    )


def _asked(inquiry: Inquiry, question: Question) -> AskedScene:
    how = "結果を公開するまで伏せて見せます。" if inquiry.composition.hidden else "集計します。"
    return AskedScene(
        question,
        f"{question.label}({inquiry.number.label})",
        f"{inquiry.number.label}「{inquiry.composition.title}」の回答を、{how}",
    )


def inquiry_makers(found: Iterable[Counted]) -> Mapping[str, SceneMaker]:
    """By key: the scenes of inquiries as they stand."""
    return MappingProxyType(
        {
            key: SceneMaker(
                key=key,
                title=scene.question.label,
                purpose=scene.purpose,
                order=ORDER,
                make=partial(_sealed if each.hidden else _open, each, scene.question),
            )
            for each in found
            for key, scene in asked_scenes([each.inquiry]).items()
        }
    )


def _sealed(found: Counted, question: Question, said: Said) -> Scene:
    """How many voted; the answers were not even counted."""
    voted = _figure(found, question, said, "投票した団体", found.are_in, "団体", _VOTED)
    return Scene(
        key=scene_key(found.inquiry.inquiry_id, question.key),
        title=question.label,
        figures=(BigFigure(voted, f"{len(found.asked)}団体のうち"),),
        sentence="結果は、事務局が公開するまで、どの画面にも届きません。",
        chart=None,
        columns=(),
        rows=(),
        sources=(_source(found),),
        sealed=True,
    )


def _open(found: Counted, question: Question, said: Said) -> Scene:
    tally = next(each for each in found.questions if each.question.key == question.key)
    figures, chart, columns, rows = _DRAWN[question.kind](found, tally, said)
    return Scene(
        key=scene_key(found.inquiry.inquiry_id, question.key),
        title=question.label,
        figures=tuple(figures),
        sentence=groups_words(tally),
        chart=chart,
        columns=tuple(columns),
        rows=tuple(tuple(row) for row in rows),
        sources=(_source(found),),
    )


_VOTED = "回答を提出した団体の数。何と答えたかは含まない。"
_COUNTED = "提出された最新の回答を数える。差戻し中・下書き・未回答は含まない。"
_Drawn = tuple[Sequence[BigFigure], Chart | None, Sequence[str], Sequence[Sequence[str]]]


def groups_words(tally: QuestionTally) -> str:
    """How many answered, and the four nothings apart, of everybody asked."""
    said = [
        ("回答", tally.answered),
        (NOT_APPLICABLE_LABEL, tally.not_applicable),
        (BLANK_LABEL, tally.blank),
        ("聞いていない", tally.not_asked),
        (UNANSWERED_LABEL, tally.unanswered),
    ]
    told = "、".join(
        f"{label} {len(codes)}団体"
        for label, codes in said
        if codes or label in ("回答", UNANSWERED_LABEL)
    )
    return f"{tally.everybody}団体に照会。{told}。"


def _answered(found: Counted, tally: QuestionTally, said: Said) -> BigFigure:
    figure = _figure(
        found, tally.question, said, "回答した団体", len(tally.answered), "団体", _COUNTED
    )
    return BigFigure(figure, f"{tally.everybody}団体のうち")


def _options(found: Counted, tally: QuestionTally, said: Said) -> _Drawn:
    chart = _bars(
        found,
        tally,
        _ANSWERED,
        [Item(x.key, x.label, (_whole(x.value),), detail=_text(x)) for x in tally.lines],
        "団体",
        limit=len(tally.answered) or None,
    )
    rows = [(x.label, _text(x), _share(x, tally)) for x in tally.lines]
    return (
        [_answered(found, tally, said)],
        chart,
        ("選択肢", "団体", "回答した団体に占める割合"),
        rows,
    )


def _share(line: TallyLine, tally: QuestionTally) -> str:
    if not tally.answered:
        return "なし"
    return f"{number_text(Fraction(100 * len(line.codes), len(tally.answered)))}%"


def _ranked(found: Counted, tally: QuestionTally, said: Said) -> _Drawn:
    """Points; those with as many share a place, and all of a shared first place are named."""
    lines = tally.lines
    first = [x for x in lines if x.place == 1 and x.value] if tally.answered else []
    shared = "(同点)" if len(first) > 1 else ""
    figures = [
        BigFigure(
            _figure(
                found,
                tally.question,
                said,
                f"1位{shared} {x.label}",
                x.value,
                x.unit,
                _POINTS_BASIS,
            ),
            x.note,
        )
        for x in first[:_MOST_FIGURES]
    ]
    chart = _bars(
        found,
        tally,
        _POINTS,
        [Item(x.key, f"{x.place}位 {x.label}", (_whole(x.value),), detail=_text(x)) for x in lines],
        "点",
        limit=None,
    )
    rows = [(x.label, f"{x.place}位", _text(x), x.note or "なし", str(len(x.codes))) for x in lines]
    columns = ("選択肢", "順位", "得点", "内訳", "選んだ団体")
    return (
        [*figures, _answered(found, tally, said)],
        chart if tally.answered else None,
        columns,
        rows,
    )


_MOST_FIGURES = 3
_POINTS_BASIS = "順位ごとの点数を足した合計。同点は同じ順位とする。"


def _numbers(found: Counted, tally: QuestionTally, said: Said) -> _Drawn:
    shown = [x for x in tally.lines if x.key in ("sum", "mean", "median")]
    figures = [
        BigFigure(_figure(found, tally.question, said, x.label, x.value, x.unit, _COUNTED), x.note)
        for x in shown
    ]
    rows = [(x.label, _text(x), x.note) for x in tally.lines]
    return [*figures, _answered(found, tally, said)], None, ("項目", "値", "補足"), rows


def _days(found: Counted, tally: QuestionTally, said: Said) -> _Drawn:
    items = [Item(x.key, x.label, (_whole(x.value),), detail=_text(x)) for x in tally.lines]
    chart = _bars(found, tally, _ANSWERED, items, "団体", limit=None) if items else None
    return (
        [_answered(found, tally, said)],
        chart,
        ("日付", "団体"),
        [(x.label, _text(x)) for x in tally.lines],
    )


def _plans(found: Counted, tally: QuestionTally, said: Said) -> _Drawn:
    scope, answers = Scope(said.known.reference), tally.said(found.answers)
    money = wish_money(tally.question, answers, scope, said.known.parameters)
    wished, amounts = money.wished, money.wished.known
    basis = "希望・予算要求の合計。検討中は含まない。4月に始める試算による。"
    beside = {"gross": money.why, "subsidy": _budget(money.budget), "net": ""}
    figures = [
        BigFigure(_figure(found, tally.question, said, label, value, unit, basis), told)
        for label, value, unit, told in (
            (
                "のべ希望プラン",
                wished.plans,
                "プラン",
                f"{wished.municipalities}団体・{wished.visits}回",
            ),
            *(
                (label, amounts.get(name), "円", beside[name])
                for name, label in amount_labels(said.names.subsidy).items()
            ),
        )
    ]
    considered = Counter(
        str(wish.plan)
        for value in answers.values()
        for wish in wishes_of(value)
        if wish.state is WishState.CONSIDERING
    )
    items = [
        Item(x.key, x.label, (_whole(x.value), considered[x.key]), detail=_text(x))
        for x in tally.lines
    ]
    chart = _bars(found, tally, _WISHED, items, "団体", limit=None)
    rows = [(x.label, _text(x), f"{considered[x.key]}団体", x.note) for x in tally.lines]
    return figures, chart, ("プラン", "希望・予算要求", "検討中", "補足"), rows


def _budget(budget: int | None) -> str:
    return "予算は未登録" if budget is None else f"予算 {budget:,}円"


def _intentions(found: Counted, tally: QuestionTally, said: Said) -> _Drawn:
    answers = [intentions_of(value) for value in tally.said(found.answers).values()]
    programme = said.known.reference.procurements.programme
    counts = {
        key: [
            sum(1 for own in answers for x in own if x.programme == key and x.intention is each)
            for each in _INTENTIONS
        ]
        for key in tally.question.programmes
    }
    items = [
        Item(key, programme(key).short_label, tuple(many), detail=f"参加 {many[0]}団体")
        for key, many in counts.items()
    ]
    chart = _bars(
        found, tally, tuple(_INTENTIONS.values()), items, "団体", limit=len(tally.answered) or None
    )
    rows = [
        (programme(key).short_label, *(f"{each}団体" for each in many))
        for key, many in counts.items()
    ]
    columns = ("共同調達", *(each.label for each in _INTENTIONS))
    return [_answered(found, tally, said)], chart, columns, rows


def _bars(
    found: Counted,
    tally: QuestionTally,
    legend: tuple[Mark, ...],
    items: Sequence[Item],
    unit: str,
    *,
    limit: int | None,
) -> Chart:
    rest = len(items) - _MOST_BARS
    more = f"。上から{_MOST_BARS}、ほか{rest}は表に" if rest > 0 else ""
    return Chart(
        kind=ChartKind.BARS,
        title=f"{found.inquiry.composition.title}{more}",
        unit=unit,
        basis=f"{_COUNTED}{groups_words(tally)}",
        legend=legend,
        items=tuple(items[:_MOST_BARS]),
        limit=limit,
        alt=f"「{tally.question.label}」の回答を横棒で示す。",
    )


def _figure(
    found: Counted, question: Question, said: Said, label: str, value: Value, unit: str, basis: str
) -> Figure:
    return Figure(
        label=label,
        value=value,
        unit=unit,
        definition=f"照会「{found.inquiry.composition.title}」の設問「{question.label}」への回答。",
        basis=basis,
        as_of=as_of_words(found, said),
        source=_source(found),
        status=Status.ACTUAL,
    )


def as_of_words(found: Counted, said: Said) -> str:
    """基準日 of what was counted, with the moment of the last answer where there is one."""
    last = "" if found.as_of is None else f"(最後の回答 {japan_moment(found.as_of)})"
    return f"{day_label(said.as_of)}{last}"


def _source(found: Counted) -> str:
    inquiry = found.inquiry
    return f"照会 {inquiry.number.label}「{inquiry.composition.title}」の回答"


def _text(line: TallyLine) -> str:
    return value_text(line.value, line.unit)


def _whole(value: Value) -> int | None:
    return None if value is None else int(value)


_DRAWN: Mapping[str, Callable[[Counted, QuestionTally, Said], _Drawn]] = MappingProxyType(
    {
        "single": _options,
        "several": _options,
        "yes_no": _options,
        "number": _numbers,
        "yen": _numbers,
        "day": _days,
        "ranking": _ranked,
        "plan_wishes": _plans,
        "join_intention": _intentions,
    }
)
"""Kinds a room is shown, each by what is drawn of it."""
