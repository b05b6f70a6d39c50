"""カタログ: a fiscal year beside the one before, and the things that hold whatever the year."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import partial

import streamlit as st

from core.access.principal import Principal
from core.commands.catalogue import (
    REASON,
    carry_over,
    discard_year,
    open_year,
    publish_year,
)
from core.estimate.terms import premise_text
from core.params import DEFINITIONS, definitions, in_force
from core.reference.catalogue import YearState
from core.reference.parts import PARTS, Part
from core.values.errors import NoValueInForceError
from core.values.fiscal import FiscalYear
from core.values.offer import OfferedPart
from core.views.administration import administration_view
from core.views.catalogue import CatalogueAnswer, Decision, Thing
from dashboard import context
from dashboard.catalogue.fields import FIELDS, NEW, fields_of, title_of, words_of
from dashboard.catalogue.form import draw_form
from dashboard.catalogue.municipalities import draw_municipalities
from dashboard.frame import navigation
from dashboard.kit import address, widgets, written
from dashboard.kit.answer import answer
from dashboard.kit.choice import choose
from dashboard.kit.confirm import confirm
from dashboard.kit.form import Fields
from dashboard.kit.sight import opened_mark
from dashboard.kit.submit import request_id, submit
from dashboard.kit.tables import table
from dashboard.kit.typed import escaped

THING, YEAR = "thing", "fy"
SYSTEM = "programme"
"""Key of the joint procurement that something new is of, where a link leads here from it."""
_OPEN = "catalogue.open"


def asked_year() -> int | None:
    """The fiscal year of the address; None for the last one that was opened."""
    text = address.opened(YEAR)
    return int(text) if text.isascii() and text.isdigit() and len(text) == 4 else None


def draw_year_choice(found: CatalogueAnswer) -> None:
    """Which year is looked at, its state, and the way to the next one."""
    years = {
        str(int(year)): f"{year.full_label}({state.label})"
        for year, state in reversed([*found.states.items()])
        if state is not YearState.DISCARDED
    }
    key = f"catalogue.year.{int(found.year)}"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        choose(
            st.selectbox,
            "年度",
            years,
            str(int(found.year)),
            key=key,
            width=260,
            on_change=lambda: address.open_detail(YEAR, str(st.session_state[key])),
        )
        drafts = [year for year, state in found.states.items() if state is YearState.DRAFT]
        if not drafts:
            _draw_opening(found)
    if found.states[found.year] is YearState.DRAFT:
        _draw_draft(found)
    answer(_OPEN)


def _draw_opening(found: CatalogueAnswer) -> None:
    last = [year for year, state in found.states.items() if state is YearState.PUBLISHED][-1]
    following = max(last + 1, context.this_fiscal_year() + 1)
    years = {year: FiscalYear(year).full_label for year in range(last + 1, following + 3)}
    with st.popover("次の年度をひらく", icon=":material/event_upcoming:"):
        st.markdown(
            "下書きをつくります。公開するまで、事務局のほかには見えません。前の年度のものは、"
            "1つずつ、引き継ぐ・変える・終えるを決めます。"
        )
        year = choose(st.selectbox, "ひらく年度", years, following, key="catalogue.opening")
        if st.button("下書きをつくる", type="primary", key=f"{_OPEN}.do"):
            label = FiscalYear(year).label
            address.open_detail(YEAR, str(year))
            submit(
                _OPEN,
                partial(open_year, fiscal_year=int(year)),
                f"{label}の下書きをひらきました。前の年度のものを、下の表で決めてください。",
            )


def _draw_draft(found: CatalogueAnswer) -> None:
    left, year = found.undecided, found.year
    with st.container(border=True):
        st.markdown(
            f"**{year.label}は下書きです。** 公開するまで、各団体の画面・帳票・会議の画面は"
            f"{found.before.label if found.before else '前の年度'}のままです。"
        )
        if left:
            st.caption(f"まだ決めていないもの: {len(left)}件。決め終わると公開できます。")
        with st.container(horizontal=True):
            if left:
                things = tuple((each.part.name, each.key) for each in left)
                confirm(
                    f"未定の{len(left)}件をすべて引き継ぐ",
                    "次のものを、前の年度のまま引き継ぎます。\n\n"
                    + "\n".join(f"- {escaped(each.title)}" for each in left),
                    partial(carry_over, fiscal_year=int(year), things=things),
                    key=left[0].seen,
                    form=f"{_OPEN}.carry",
                    done=lambda many: f"{many}件を引き継ぎました。",
                    danger=False,
                    icon="redo",
                )
            counts = "、".join(
                f"{decision.label}{number}件"
                for decision in Decision
                if (number := sum(each.decision is decision for each in found.yearly))
            )
            confirm(
                "公開する",
                f"{year.full_label}のカタログを公開します({counts})。公開すると、各団体の画面・試算・"
                "予算要求書・会議の画面が、この年度についてこの内容になります。ほかの年度は変わりません。",
                partial(publish_year, fiscal_year=int(year)),
                key=len(found.yearly),
                form=f"{_OPEN}.publish",
                done=f"{year.label}のカタログを公開しました。",
                danger=False,
                icon="campaign",
                ready=not left,
                next_step=("プラン選択の画面で見る", "plans", {"fy": str(int(year))}),
            )
            note = Fields(f"{_OPEN}.note.{request_id(f'{_OPEN}.discard')}")
            confirm(
                "下書きをやめる",
                f"{year.label}の下書きを取りやめます。決めた内容は記録に残り、もう一度ひらくと続きからになります。",
                lambda *args, **more: discard_year(
                    *args, reason=note.values.get("reason") or "", **more
                ),
                key="discard",
                form=f"{_OPEN}.discard",
                done=f"{year.label}の下書きを取りやめました。",
                fields=lambda: note("reason", written.text, "理由", longest=REASON.longest),
                type="tertiary",
            )


def draw_yearly(principal: Principal, found: CatalogueAnswer) -> None:
    """What is offered by the year, beside the year before; one opens beneath the table."""
    things = [each for each in found.yearly if each.part.name in FIELDS]
    before = found.before.label if found.before else "前の年度"
    _list(
        principal,
        found,
        things,
        {
            "名称": [each.title for each in things],
            "部": [each.part.label for each in things],
            before: [_short(each, each.before.value if each.before else None) for each in things],
            found.year.label: [
                _short(each, each.now.value if each.now else None) for each in things
            ],
            "決めたこと": [_decided(each, first=found.before is None) for each in things],
        },
        f"{found.year.label}に提供するもの",
        (
            *((PARTS["plans"],) if OfferedPart.TALENT in found.reference.offers else ()),
            PARTS["grants"],
        ),
    )
    if OfferedPart.TALENT in found.reference.offers:
        _draw_values(principal, found)


def _decided(thing: Thing, *, first: bool) -> str:
    if thing.before is None and thing.decision is Decision.NEW and len(thing.past) == 1 and first:
        return "—"
    if thing.decision is not Decision.CHANGED:
        return thing.decision.label
    labels = {each.name.partition(".")[0]: each.label for each in FIELDS[thing.part.name]}
    named = "、".join(labels.get(name, name) for name in thing.differences)
    return f"{thing.decision.label}({named})"


def _short(thing: Thing, content: object) -> str:
    if content is None:
        return "なし"
    if thing.part.name != "plans" or not isinstance(content, dict):
        return "あり"
    price, visits = content.get("unit_price"), content.get("visits")
    return "、".join(
        (
            f"1回{price:,}円" if price else "1回の費用は制度値",
            f"年{visits}回まで" if visits else "回数は制度値",
        )
    )


def _draw_values(principal: Principal, found: CatalogueAnswer) -> None:
    """制度値 of the year: the year's own, or those of an earlier one that hold on."""
    parameters = administration_view(context.engine(), principal, found.reference).parameters
    usable = definitions(found.reference.offers)
    names = [name for name in usable if name.startswith("talent.")]
    rows = []
    for name in names:
        try:
            value = in_force(parameters, name, found.year.first_day)
        except NoValueInForceError:
            rows.append((DEFINITIONS[name].label, "不明", "まだ登録がありません"))
            continue
        own = FiscalYear.of(value.valid_from) == found.year
        since = (
            "この年度の値" if own else f"{FiscalYear.of(value.valid_from).label}の値を準用(要確認)"
        )
        rows.append((DEFINITIONS[name].label, premise_text(name, value.value), since))
    st.subheader(f"{found.year.label}の制度値", anchor=False)
    table(
        {
            "制度値": [row[0] for row in rows],
            "値": [row[1] for row in rows],
            "いつの値か": [row[2] for row in rows],
        },
        f"{found.year.label}の制度値",
    )
    navigation.link("administration", "制度値を登録する", "edit", {"tab": "制度値"})


def draw_part(principal: Principal, found: CatalogueAnswer, *names: str) -> None:
    """Things of some parts that hold whatever the year."""
    things = [each for name in names for each in found.of(name)]
    columns = {
        "名称": [_title(each, found) for each in things],
        "部": [each.part.label for each in things],
        "内容": [_summary(each, found) for each in things],
        "状態": ["終了" if each.ended else "提供中" for each in things],
    }
    if len(names) == 1:
        del columns["部"]
    label = "・".join(PARTS[name].label for name in names)
    _list(principal, found, things, columns, f"{label}の一覧", [PARTS[n] for n in names])


def _title(thing: Thing, found: CatalogueAnswer) -> str:
    return title_of(thing.part.name, thing.shown, found.reference) or thing.title


def _summary(thing: Thing, found: CatalogueAnswer) -> str:
    name = thing.part.name
    fields = [
        each
        for each in fields_of(name, found.reference)[1:]
        if each.name not in _IN_TITLE.get(name, ())
    ]
    told = [
        f"{each.label} {words}"
        for each in fields
        if (words := words_of(each, thing.shown, found.reference)) and words != thing.title
    ]
    text = " / ".join(told)
    return text if len(text) <= _LETTERS else f"{text[:_LETTERS]}…"


_IN_TITLE = {
    "published_totals": ("lot", "basis", "metric", "period", "value", "as_of"),
    "procurements": ("label",),
}
_LETTERS = 120


def _list(
    principal: Principal,
    found: CatalogueAnswer,
    things: Sequence[Thing],
    columns: dict[str, list[str]],
    alt: str,
    parts: Sequence[Part],
) -> None:
    """A table whose first column opens; a new thing has a button of its own."""
    asked = address.opened(THING)
    ids = [thing_id(each.part.name, each.key) for each in things]
    chosen = ids.index(asked) if asked in ids else None
    if things:
        table(
            columns,
            alt,
            key=f"catalogue.{'.'.join(part.name for part in parts)}",
            on_pick=lambda row: address.open_detail(THING, ids[row]),
            chosen=chosen,
        )
    else:
        widgets.empty_state("まだ何もありません。")
    with st.container(horizontal=True):
        for part in parts:
            if part.name in NEW:
                st.button(
                    escaped(f"{part.label}を加える"),
                    key=f"catalogue.new.{part.name}",
                    icon=":material/add:",
                    on_click=address.open_detail,
                    args=(THING, thing_id(part.name, "")),
                )
    if chosen is not None:
        thing = things[chosen]
        with opened_mark(asked):
            st.subheader(escaped(_title(thing, found)), anchor=False)
            draw_form(principal, found, thing.part, thing)
        return
    for part in parts:
        if asked == thing_id(part.name, ""):
            with opened_mark(asked):
                st.subheader(escaped(f"{part.label}を加える"), anchor=False)
                draw_form(principal, found, part, None, {SYSTEM: address.opened(SYSTEM)})


def thing_id(part: str, key: str) -> str:
    """How an address calls a thing, or a new one."""
    return f"{part}.{hashlib.sha256(key.encode()).hexdigest()[:10] if key else 'new'}"


def draw_parts(principal: Principal, found: CatalogueAnswer) -> None:
    """The parts beside each other; what is offered by the year first."""
    widgets.draw_tabs(
        "catalogue.tab",
        {
            "年度のカタログ": partial(draw_yearly, principal, found),
            "共同調達": partial(draw_part, principal, found, "procurements"),
            "公表値": partial(draw_part, principal, found, "published_totals"),
            "予算・調査": partial(
                draw_part, principal, found, "budgets", "surveys", "next_procurement"
            ),
            f"{context.names().towns}": partial(draw_municipalities, principal, found.reference),
            "出典": partial(draw_part, principal, found, "sources"),
            "スキーム・あらまし・言葉": partial(
                draw_part,
                principal,
                found,
                "schemes",
                "procurement",
                "overview",
                "interview",
                "names",
            ),
        },
    )
