"""版の違い: what somebody changed of an inquiry, in words a reader knows from its form."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from core.inquiry.composition import Audience, AudienceKind, Composition
from core.inquiry.kinds.kind import Scope
from core.inquiry.kinds.registry import KINDS
from core.inquiry.kinds.yes_no import YES_NO
from core.inquiry.question import Question
from core.inquiry.response import japan_moment
from core.values.fiscal import FiscalYear


@dataclass(frozen=True)
class CompositionDifference:
    """One thing two versions say differently; ``before`` or ``after`` is empty where it is not."""

    what: str
    before: str
    after: str


def composition_differences(
    before: Composition, after: Composition, scope: Scope
) -> tuple[CompositionDifference, ...]:
    """Where two versions differ, in the order of the form."""
    return tuple(_differences(before, after, scope))


def _differences(
    before: Composition, after: Composition, scope: Scope
) -> Iterator[CompositionDifference]:
    said: list[tuple[str, Callable[[Composition], str]]] = [
        ("件名", lambda each: each.title),
        ("年度", lambda each: FiscalYear(each.fiscal_year).label),
        ("趣旨・依頼元", lambda each: each.why),
        ("回答のしかた", lambda each: each.explanation),
        ("添付", lambda each: "、".join(scope.files.get(n, f"資料{n}") for n in each.attachments)),
        ("照会先", lambda each: audience_words(each.audience, scope)),
        ("受付開始", lambda each: japan_moment(each.opens_at)),
        ("締切", lambda each: japan_moment(each.closes_at)),
        ("結果の公開まで伏せる", lambda each: _yes(each.hidden)),
    ]
    for what, words in said:
        if words(before) != words(after):
            yield CompositionDifference(what, words(before), words(after))
    old, new = before.by_key, after.by_key
    for number, question in enumerate(after.questions, start=1):
        if question.key not in old:
            told = f"{question.label}({question_words(question, after, scope)})"
            yield CompositionDifference(f"設問{number}を追加", "", told)
        else:
            for what, was, now in _of_question(old[question.key], question, before, after, scope):
                yield CompositionDifference(f"設問{number}の{what}", was, now)
    for number, question in enumerate(before.questions, start=1):
        if question.key not in new:
            yield CompositionDifference(f"設問{number}を削除", question.label, "")
    stayed = [key for key in old if key in new]
    if stayed != [key for key in new if key in old]:
        yield CompositionDifference(
            "設問の順序",
            "→".join(old[key].label for key in stayed),
            "→".join(new[key].label for key in new if key in old),
        )


def _of_question(
    was: Question, now: Question, before: Composition, after: Composition, scope: Scope
) -> Iterator[tuple[str, str, str]]:
    if was.label != now.label:
        yield "設問文", was.label, now.label
    if was.help != now.help:
        yield "補足説明", was.help, now.help
    labels = {each.key: each.label for each in was.options}
    for option in now.options:
        if option.key not in labels:
            yield "選択肢を追加", "", option.label
        elif labels[option.key] != option.label:
            yield "選択肢", labels[option.key], option.label
    kept = {each.key for each in now.options}
    for option in was.options:
        if option.key not in kept:
            yield "選択肢を削除", option.label, ""
    first, second = question_words(was, before, scope), question_words(now, after, scope)
    if first != second:
        yield "条件", first, second


def question_words(question: Question, composition: Composition, scope: Scope) -> str:
    """What a question asks for besides its words: 択一・必須・選択肢 4."""
    return "・".join(_words(question, composition, scope))


def _words(question: Question, composition: Composition, scope: Scope) -> Iterator[str]:
    known = question.kind in KINDS
    yield KINDS[question.kind].label if known else question.kind
    yield "必須" if question.required else "任意"
    if question.not_applicable:
        yield "該当なし可"
    uses = KINDS[question.kind].uses if known else frozenset()
    if "options" in uses:
        yield f"選択肢 {len(question.options)}"
    if question.points:
        yield "、".join(f"{n}位{point}点" for n, point in enumerate(question.points, start=1))
    if question.unit:
        yield f"単位 {question.unit}"
    if question.decimals:
        yield f"小数点以下{question.decimals}桁"
    if question.least is not None:
        yield f"{question.least:,}以上"
    if question.most is not None:
        yield f"{question.most:,}以下"
    if "fiscal_year" in uses:
        yield f"{scope.year(question).label}のプラン"
    if question.programmes:
        systems = scope.reference.procurements
        yield "、".join(
            systems.programme(key).short_label if key in systems.systems else key
            for key in question.programmes
        )
    if question.flows:
        yield "記録につなげる"
    if question.condition:
        yield condition_words(question, composition)


def condition_words(question: Question, composition: Composition) -> str:
    """When a question is asked, in words; empty: always."""
    condition = question.condition
    if condition is None:
        return ""
    asked = composition.by_key.get(condition.question)
    if asked is None:
        return "条件の設問がない"
    choices = YES_NO if asked.kind == "yes_no" else asked.options
    labels = {each.key: each.label for each in choices}
    chosen = "か".join(f"「{labels.get(key, key)}」" for key in condition.options)
    return f"設問{composition.number_of(asked.key)}が{chosen}のとき"


def audience_words(audience: Audience, scope: Scope) -> str:
    """Whom an audience means, in words."""
    match audience.kind:
        case AudienceKind.AREA:
            return f"地域: {audience.area or '未定'}"
        case AudienceKind.LIST:
            towns = scope.reference.ever
            names = [towns[code].name if code in towns else code for code in audience.codes]
            return f"{len(names)}団体: {'、'.join(names)}"
        case AudienceKind.IN_SYSTEM | AudienceKind.NOT_IN_SYSTEM:
            systems = scope.reference.procurements
            known = audience.programme in systems.systems
            name = systems.programme(audience.programme).label if known else "未定"
            return f"{audience.kind.label}: {name}"
    return audience.kind.label


def _yes(said: bool) -> str:
    return "はい" if said else "いいえ"
