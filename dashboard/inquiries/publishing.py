"""公開と、公開した設問の変更: what stands against it, each at its field, and what it means before it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial

import streamlit as st

from core.access.principal import Principal
from core.commands.inquiries import change_inquiry, publish_inquiry
from core.inquiry.board import days_left
from core.inquiry.change import check_change, to_look_at
from core.inquiry.composition import (
    Composition,
    audience_problems,
    check_publishable,
    kept_composition,
)
from core.inquiry.difference import audience_words, composition_differences
from core.inquiry.response import japan_moment
from core.inquiry.typed import read_typed
from core.values.errors import InvalidInputError
from core.views.inquiries import InquiryAnswer, audience_view
from dashboard import context
from dashboard.inquiries.working import QUESTION, Working
from dashboard.kit.address import open_detail
from dashboard.kit.confirm import ask, confirm
from dashboard.kit.form import Place
from dashboard.kit.submit import refuse
from dashboard.kit.typed import Markdown, escaped
from dashboard.kit.widgets import some_of

GO = "inquiries.go"
"""Session: the tab the next run opens."""
COURSE = "経過"
_ORDER = (
    "title",
    "fiscal_year",
    "opens_at",
    "opens_clock",
    "closes_at",
    "closes_clock",
    "audience",
    "why",
    "explanation",
    "hidden",
    "attachments",
)
_MOST_SHOWN = 12


def publish_form(inquiry_id: int) -> str:
    """Name of the form an inquiry is published by, where its answer stands."""
    return f"inquiry.publish.{inquiry_id}"


def change_form(inquiry_id: int) -> str:
    """Name of the form a published inquiry is changed by."""
    return f"inquiry.change.{inquiry_id}"


def draw_publish(
    principal: Principal,
    working: Working,
    found: InquiryAnswer,
    places: Mapping[str, Place],
    save: Callable[..., None],
) -> None:
    """The button that asks those it is meant for; what is typed is saved first."""
    number = working.inquiry.inquiry_id
    form, wanted = publish_form(number), f"{working.form}.publish"

    def after() -> None:
        st.session_state[wanted] = True

    def opens() -> bool:
        if problems := problems_of(working, found):
            lead_to(working, problems, places)
            return False
        if working.changed:
            save(places, after)
            return False
        return True

    if st.session_state.pop(wanted, False):
        ask(form, working.base.version_id)
    composition = working.base.composition
    codes = _asked(principal, composition, found)

    def done(asked: int) -> str:
        working.forget()
        st.session_state[GO] = COURSE
        return (
            f"{asked}団体に照会しました。締切は{japan_moment(composition.closes_at)}です。"
            "各団体のお知らせに出ました。下の文面でメールでも知らせられます。"
        )

    confirm(
        "公開する",
        _publish_question(working, composition, codes, found),
        partial(publish_inquiry, inquiry_id=number, seen_version=working.base.version_id),
        key=working.base.version_id,
        form=form,
        done=done,
        danger=False,
        go=f"{len(codes)}団体に照会する",
        icon="send",
        ready=not working.stale,
        opens=opens,
        type="primary",
    )


def _asked(principal: Principal, composition: Composition, found: InquiryAnswer) -> tuple[str, ...]:
    if audience_problems(composition.audience, found.scope):
        return ()
    audience = composition.audience
    return context.answer(audience_view, principal, audience=audience, day=context.today())


def _publish_question(
    working: Working, composition: Composition, codes: tuple[str, ...], found: InquiryAnswer
) -> Markdown:
    towns = context.reference().ever
    names = some_of([towns[code].name for code in codes], _MOST_SHOWN)
    required = sum(each.required for each in composition.questions)
    left = days_left(composition.closes_at, context.now())
    opens, count = composition.opens_at, len(composition.questions)
    whom = audience_words(composition.audience, found.scope)
    lines = [
        f"照会先 {len(codes)}団体({whom}): {names}",
        f"締切 {japan_moment(composition.closes_at)}(あと{left}日)",
        f"設問 {count}(必須 {required})",
    ]
    if opens > context.now():
        lines.append(f"受付は{japan_moment(opens)}から")
    if composition.hidden:
        lines.append("回答の中身は、結果を公開するまで事務局にも見えません")
    return _told(
        f"「{working.inquiry.number.label} {composition.title}」を公開します。",
        lines,
        "公開すると各団体のお知らせに出ます。メールは自動では送られません。"
        "公開した後は、照会先・設問の種類・聞く条件を変えること、設問と選択肢を消すことはできません。",
    )


def draw_change(working: Working, found: InquiryAnswer, places: Mapping[str, Place]) -> None:
    """The buttons that change what is asked of those who may have answered, or leave it."""
    before, number = working.base.composition, working.inquiry.inquiry_id
    after = read_typed(working.typed).composition

    def opens() -> bool:
        if problems := problems_of(working, found):
            lead_to(working, problems, places)
            return False
        return True

    def done(_: int) -> str:
        working.saved()
        st.session_state[GO] = COURSE
        again = len(_answered(found)) if to_look_at(before, after) else 0
        told = f"回答済みの{again}団体のお知らせに出ました。" if again else ""
        return f"設問を変えました。{told}"

    with st.container(horizontal=True):
        confirm(
            "この内容に変える",
            _change_question(before, after, found),
            partial(
                change_inquiry,
                inquiry_id=number,
                composition=after,
                seen_version=working.base.version_id,
            ),
            key=working.base.version_id,
            form=change_form(number),
            done=done,
            danger=False,
            icon="published_with_changes",
            ready=working.changed and not working.stale,
            opens=opens,
            type="primary",
        )
        st.button("変更をやめる", key=f"{working.form}.give_up", on_click=working.forget)


def _answered(found: InquiryAnswer) -> list[str]:
    rows = found.board.rows if found.board else ()
    return [row.lg_code for row in rows if row.response.counted is not None]


def _change_question(before: Composition, after: Composition, found: InquiryAnswer) -> Markdown:
    lines = []
    for each in composition_differences(before, after, found.scope)[:_MOST_SHOWN]:
        was = f"「{each.before}」→" if each.before else ""
        lines.append(f"{each.what}: {was}{f'「{each.after}」' if each.after else '(なし)'}")
    return _told("次のように変えます。", lines, _who_looks_again(before, after, found))


def _who_looks_again(before: Composition, after: Composition, found: InquiryAnswer) -> str:
    towns = context.reference().ever
    answered = [towns[code].name for code in _answered(found)]
    if not answered:
        return "まだ回答した団体はありません。"
    said = f"すでに回答した{len(answered)}団体({some_of(answered)})"
    if again := to_look_at(before, after):
        numbers = "、".join(f"設問{after.number_of(each.key)}" for each in again)
        return f"{said}に、{numbers}の見直しをお知らせします。回答はそのまま有効です。"
    return f"{said}の回答はそのままです。見直しのお知らせは出ません。"


def _told(first: str, lines: Iterable[str], last: str) -> Markdown:
    rows = [escaped(first), "", *(f"- {escaped(line)}" for line in lines), "", escaped(last)]
    return Markdown("\n".join(rows))


# ── what stands against it ────────────────────────────────────────────────────────────────────


def problems_of(working: Working, found: InquiryAnswer) -> dict[str, str]:
    """Everything that stands against publishing what is typed, or against the change, by field."""
    read = read_typed(working.typed)
    composition, problems = read.composition, dict(read.problems)
    try:
        composition = kept_composition(composition)
    except InvalidInputError as error:
        problems = error.problems | problems
    checks: list[Callable[[], None]] = [
        lambda: check_publishable(composition, found.scope, context.now())
    ]
    if working.inquiry.published:
        checks.append(lambda: check_change(working.base.composition, composition))
    for check in checks:
        try:
            check()
        except InvalidInputError as error:
            problems = error.problems | problems
    return dict(sorted(problems.items(), key=lambda each: _place(each[0], working)))


def _place(field: str, working: Working) -> tuple[int, int]:
    """Where a field stands on the screen."""
    if field in _ORDER:
        return 0, _ORDER.index(field)
    keys = [each.key for each in working.typed.questions]
    key = field.split(".")[1] if field.startswith("questions.") else ""
    return (1, keys.index(key)) if key in keys else (2, 0)


def lead_to(working: Working, problems: Mapping[str, str], places: Mapping[str, Place]) -> None:
    """Say what stands against it, each at its field; the first has the focus, in a question opened for it."""
    working.check()
    first = next(iter(problems))
    key = first.split(".")[1] if first.startswith("questions.") else ""
    if key and key != working.open:
        open_detail(QUESTION, key)
        st.session_state[f"{working.form}.tell"] = dict(problems)
        st.rerun()
    refuse(problems, places)


def told(working: Working) -> Mapping[str, str]:
    """What is to be said now that the question it is about stands open."""
    found: Mapping[str, str] = st.session_state.pop(f"{working.form}.tell", {})
    return found
