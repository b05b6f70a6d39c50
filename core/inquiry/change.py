"""公開後の変更: how a published inquiry may change, so that answers given to it still hold."""

from __future__ import annotations

from core.inquiry.composition import Composition
from core.inquiry.kinds.registry import kind_of
from core.inquiry.question import Question
from core.values.errors import InvalidInputError


def check_change(before: Composition, after: Composition) -> None:
    """Refuse a change that would make an answer say what nobody said.

    Words, help and further questions may change; a question, an option, a place never goes, and
    whom was asked stays.

    Raises:
        InvalidInputError: Everything that stands against it, by field.
    """
    problems: dict[str, str] = {}
    if before.audience != after.audience:
        problems["audience"] = (
            "公開した照会の照会先は変えられません。ほかの団体には、写しを作って照会してください。"
        )
    if before.hidden != after.hidden:
        problems["hidden"] = "結果を伏せるかどうかは、公開した後に変えられません。"
    if before.fiscal_year != after.fiscal_year:
        problems["fiscal_year"] = "年度は、公開した後に変えられません。"
    kept = after.by_key
    for number, question in enumerate(before.questions, start=1):
        if question.key not in kept:
            problems["questions"] = (
                f"設問{number}「{question.label}」は公開しているため消せません。"
                "回答が不要になったときは「必須」を外し、補足説明に書いてください。"
            )
        elif problem := _broken(question, kept[question.key]):
            problems[f"questions.{question.key}.kind"] = f"設問{number}: {problem}"
    order = [key for key in kept if key in before.by_key]
    if order != [each.key for each in before.questions if each.key in kept]:
        problems.setdefault("questions", "公開した設問の順序は変えられません。")
    if problems:
        raise InvalidInputError(problems)


def _broken(before: Question, after: Question) -> str:
    if before.kind != after.kind:
        return "設問の種類は、公開した後に変えられません。"
    if before.condition != after.condition:
        return "聞く条件は、公開した後に変えられません。"
    if before.not_applicable and not after.not_applicable:
        return "「該当なし」を選べなくすることは、公開した後にはできません。"
    if before.unit != after.unit:
        return "単位は、公開した後に変えられません。"
    if before.fiscal_year != after.fiscal_year:
        return "プランの年度は、公開した後に変えられません。"
    if before.form != after.form:
        return "様式は、公開した後に差し替えられません。写しを作って照会してください。"
    return kind_of(before.kind).breaks(before, after)


def to_look_at(before: Composition, after: Composition) -> tuple[Question, ...]:
    """Questions that whoever answered before must look at again: new, newly required, other words."""
    old = before.by_key
    return tuple(
        each
        for each in after.questions
        if each.key not in old
        or (each.required and not old[each.key].required)
        or (each.label, each.help, each.options)
        != (old[each.key].label, old[each.key].help, old[each.key].options)
    )
