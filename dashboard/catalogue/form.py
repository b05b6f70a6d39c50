"""The form of one thing of the catalogue: what it holds, what its change touches, what it held before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from core.access.principal import Principal, shown_name
from core.commands.catalogue import NEW_SOURCE, REASON, carry_over, record_entry
from core.reference.pack import Reference
from core.reference.parts import Part, carried
from core.values.fiscal import FiscalYear, japan_day
from core.views.catalogue import CatalogueAnswer, Decision, Thing, catalogue_touches_view
from dashboard import context
from dashboard.catalogue.fields import (
    FIELDS,
    NEW,
    SOURCE,
    Field,
    completed,
    fields_of,
    held,
    words_of,
)
from dashboard.kit import written
from dashboard.kit.answer import answer
from dashboard.kit.choice import choose
from dashboard.kit.confirm import confirm
from dashboard.kit.form import Fields, form_box
from dashboard.kit.submit import refuse, request_id, submit
from dashboard.kit.tables import table
from dashboard.kit.typed import escaped

_OF_SOURCE = tuple(replace(each, name=f"+{each.name}") for each in FIELDS["sources"])


def form_of(part: str, key: str) -> str:
    """Name of the form of a thing, where its answer stands."""
    return f"catalogue.{part}.{key or '+'}"


def draw_form(
    principal: Principal,
    found: CatalogueAnswer,
    part: Part,
    thing: Thing | None,
    begun: Mapping[str, str] | None = None,
) -> None:
    """Fields of a thing, or of a new one; saving decides for the year, or corrects.

    Args:
        begun: What fields to choose from show of a new one at first.
    """
    key = thing.key if thing else ""
    name = form_of(part.name, key)
    content = dict(thing.shown) if thing else dict(NEW[part.name])
    if thing and thing.now is None and part.yearly:  # it is the year before's
        content = carried(content, int(found.year))
    shown = content if thing else content | dict(begun or {})
    field = Fields(f"{name}.{request_id(name)}")
    year = found.year if part.yearly else None
    if thing:
        _draw_touched(principal, part, key, year)
    with form_box(name):
        for each in fields_of(part.name, found.reference):
            _draw_field(field, each, shown, found.reference, fixed=bool(thing) and each.fixed)
        field("reason", written.text, REASON.label, longest=REASON.longest, lines=True, height=68)
        with st.container(horizontal=True):
            words = "この年度のものとして記録する" if part.yearly else "記録する"
            pressed = st.button(words, type="primary", key=name, icon=":material/save:")
            if thing:
                _draw_other_ways(found, part, thing, year, field)
    answer(name)
    if pressed:
        _save(name, part, thing, content, year, field)
    if thing:
        _draw_past(part, thing, found)


def _draw_field(
    field: Fields, each: Field, content: Mapping[str, Any], reference: Reference, *, fixed: bool
) -> None:
    shown = each.shown(held(content, each.name))
    label = each.label if each.optional else f"{each.label}(必須)"
    if fixed:
        words = each.options(reference).get(shown, shown) if each.options else shown
        st.markdown(f"**{escaped(each.label)}** {escaped(words or '—')}")
    elif each.name == SOURCE.name:
        draw_source(field, shown, reference)
    elif each.options:
        options = each.options(reference)
        usual = shown if shown in options else None
        field(each.name, choose, st.selectbox, escaped(label), options, usual)
    else:
        more: dict[str, Any] = {"help": each.help or None}
        if each.lines:
            more["height"] = min(68 + 24 * max(shown.count("\n"), len(shown) // 60), 260)
        field(
            each.name,
            written.text,
            label,
            longest=each.longest,
            lines=each.lines,
            value=shown,
            **more,
        )


def draw_source(field: Fields, shown: str, reference: Reference, label: str = "出典(必須)") -> None:
    """The choice of a source, and the fields of a new one where that is chosen."""
    labels = {NEW_SOURCE: "新しい出典を書く"} | {
        key: f"{source.title}({source.publisher})" for key, source in reference.sources.items()
    }
    chosen = field(
        SOURCE.name,
        choose,
        st.selectbox,
        escaped(label),
        labels,
        shown or None,
        placeholder="選んでください",
    )
    if chosen == NEW_SOURCE:
        for each in _OF_SOURCE:
            _draw_field(field, each, {}, reference, fixed=False)


def _draw_other_ways(
    found: CatalogueAnswer, part: Part, thing: Thing, year: FiscalYear | None, field: Fields
) -> None:
    """Stay as it is, or end."""
    name = form_of(part.name, thing.key)
    if thing.decision is Decision.OPEN and part.yearly:
        carried = f"{name}.carry"
        if st.button(
            f"{found.before.label if found.before else ''}のまま引き継ぐ",
            key=carried,
            icon=":material/redo:",
        ):
            submit(
                name,
                partial(carry_over, fiscal_year=int(found.year), things=((part.name, thing.key),)),
                f"「{thing.title}」を{found.year.label}へそのまま引き継ぎました。",
            )
    if part.shape != "one" and not thing.ended:
        end = "この年度で終える" if part.yearly else "終える"
        confirm(
            end,
            f"「{escaped(thing.title)}」は、{'この年度から' if part.yearly else 'これから'}提供しないものとして"
            "記録します。前の記録と、それをもとにした試算・希望・控えは残ります。",
            partial(
                record_entry,
                part=part.name,
                key=thing.key,
                fiscal_year=None if year is None else int(year),
                content=None,
                reason=field.values.get("reason") or "",
                seen=thing.seen,
            ),
            key=thing.seen,
            form=f"{name}.end",
            done=f"「{thing.title}」を終えるものとして記録しました。",
        )


def _save(
    name: str,
    part: Part,
    thing: Thing | None,
    content: dict[str, Any],
    year: FiscalYear | None,
    field: Fields,
) -> None:
    problems: dict[str, str] = {}
    for each in fields_of(part.name, context.reference()):
        content = _taken(field, each, content, problems)
    source: dict[str, Any] | None = None
    if field.values.get(SOURCE.name) == NEW_SOURCE:
        source = read_new_source(field, problems)
    if not problems:
        try:
            content = completed(part.name, content)
        except ValueError as error:
            problems["as_of"] = str(error)
    if problems:
        refuse(problems, field.places)
        return
    submit(
        name,
        partial(
            record_entry,
            part=part.name,
            key=thing.key if thing else "",
            fiscal_year=None if year is None else int(year),
            content=content,
            reason=field.values["reason"] or "",
            seen=thing.seen if thing else 0,
            new_source=source,
        ),
        f"{part.label}{f'「{thing.title}」' if thing else ''}を記録しました。",
        {name.rpartition(".")[2]: place for name, place in field.places.items()} | field.places,
    )


def read_new_source(field: Fields, problems: dict[str, str]) -> dict[str, Any]:
    """The source that was typed; what cannot be read is added to the problems."""
    source = dict(NEW["sources"])
    for each in _OF_SOURCE:
        source = _taken(field, each, source, problems)
    return completed("sources", source)


def _taken(
    field: Fields, each: Field, content: dict[str, Any], problems: dict[str, str]
) -> dict[str, Any]:
    if each.name not in field.values:  # it tells the thing from others, and stays
        return content
    typed = field.values[each.name]
    if typed is None:
        problems[each.name] = (
            f"{each.label}を{'選んで' if each.options or each.name == SOURCE.name else '書いて'}ください。"
        )
        return content
    if not str(typed).strip() and not each.optional:
        problems[each.name] = f"{each.label}を書いてください。"
    try:
        return replace(each, name=each.name.removeprefix("+")).taken(content, str(typed))
    except ValueError as error:
        problems[each.name] = str(error)
        return content


def _draw_touched(principal: Principal, part: Part, key: str, year: FiscalYear | None) -> None:
    touched = context.answer(
        catalogue_touches_view,
        principal,
        part=part.name,
        key=key,
        fiscal_year=None if year is None else int(year),
    )
    if touched:
        said = "、".join(f"{each.label}{each.number}件" for each in touched)
        st.caption(
            escaped(f"これをもとにした記録: {said}。変更しても、その時の金額・言葉のまま残ります。")
        )


def _draw_past(part: Part, thing: Thing, found: CatalogueAnswer) -> None:
    if len(thing.past) < 2:
        return
    with st.expander(f"記録の履歴({len(thing.past)}件)", icon=":material/history:"):
        table(
            {
                "記録": (japan_day(each.recorded_at) for each in thing.past),
                "記録した人": (shown_name(each.recorded_by) for each in thing.past),
                "年度": (
                    each.fiscal_year.label if each.fiscal_year else "—" for each in thing.past
                ),
                "内容": (_told(part, each.value, found.reference) for each in thing.past),
                "理由": (each.note for each in thing.past),
            },
            f"{thing.title}の履歴",
        )


def _told(part: Part, content: Mapping[str, Any] | None, reference: Reference) -> str:
    if content is None:
        return "終了"
    said = (
        f"{each.label}: {words}"
        for each in fields_of(part.name, reference)
        if (words := words_of(each, content, reference))
    )
    return " / ".join(said)
