"""市町村 of the catalogue: every term there is, a change from a day on, a merger in one act."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import streamlit as st

from core.access.principal import Principal, shown_name
from core.commands.municipalities import (
    change_municipality,
    merge_municipalities,
    take_back_municipality,
)
from core.reference.pack import Reference
from core.values.fiscal import era_date, japan_day
from core.values.municipality import Municipality
from core.values.succession import Term
from core.views.municipalities import (
    MergerTouches,
    MunicipalitiesAnswer,
    merger_touches_view,
    municipalities_view,
)
from dashboard import context
from dashboard.catalogue.municipality_card import card_of, draw_card, draw_day, draw_reason
from dashboard.kit import address
from dashboard.kit.answer import answer
from dashboard.kit.choice import choose
from dashboard.kit.confirm import confirm
from dashboard.kit.form import Fields, Place, form_box
from dashboard.kit.sight import opened_mark
from dashboard.kit.submit import refuse, request_id, submit
from dashboard.kit.tables import table
from dashboard.kit.typed import escaped

THING = "thing"
_MERGE, _CHANGE, _BACK = "municipality.merge", "municipality.change", "municipality.take_back"
_NEW = "+"
"""Stands for a new municipality where one that stays can be chosen."""


def draw_municipalities(principal: Principal, reference: Reference) -> None:
    """The list, what can be done to one of them, and the merger.

    Args:
        reference: As it would be read, drafts included.
    """
    found = municipalities_view(context.engine(), principal, reference)
    there = reference.on(context.today())
    st.caption(
        f"今日の時点で{escaped(there.all_towns)}。名称・区分・地域・人口の変更と合併は、いつからかとともに記録します。"
        "その日より前の数・図・帳票は、そのときの団体のまま残ります。"
    )
    asked = address.opened(THING)
    codes = [term.lg_code for term in found.terms]
    ids = [f"{_CHANGE}.{code}" for code in codes]
    _draw_list(reference, found, ids, ids.index(asked) if asked in ids else None)
    with st.container(horizontal=True):
        st.button(
            "合併を記録する",
            key=f"{_MERGE}.open",
            icon=":material/merge:",
            on_click=address.open_detail,
            args=(THING, _MERGE),
        )
        if found.may_take_back:
            _draw_taking_back(found, reference)
    answer(_BACK)
    if asked == _MERGE:
        with opened_mark(asked):
            st.subheader("合併を記録する", anchor=False)
            _draw_merger(principal, reference, found)
    elif asked in ids:
        with opened_mark(asked):
            _draw_change(reference, found, codes[ids.index(asked)])
    else:
        answer(_MERGE)
        answer(_CHANGE)
    _draw_past(found, reference)


def _draw_list(
    reference: Reference, found: MunicipalitiesAnswer, ids: Sequence[str], chosen: int | None
) -> None:
    terms = found.terms
    columns: dict[str, list[object]] = {
        context.names().towns: [term.municipality.name for term in terms],
        "団体コード": [term.lg_code for term in terms],
        "区分": [term.municipality.category for term in terms],
        "地域": [term.municipality.area for term in terms],
        "人口(人)": [f"{term.municipality.population:,}" for term in terms],
        "国勢調査": [term.municipality.census_label for term in terms],
    }
    if reference.succession.days:
        columns["いつから"] = [era_date(t.since) if t.since else "はじめから" for t in terms]
        columns["いつまで"] = [era_date(t.until) if t.until else "—" for t in terms]
        columns["合併先"] = [_successor(reference, term) for term in terms]
    table(
        columns,
        f"{context.names().towns}の一覧",
        key="catalogue.municipalities",
        on_pick=lambda row: address.open_detail(THING, ids[row]),
        chosen=chosen,
    )


def _successor(reference: Reference, term: Term) -> str:
    if not term.successor:
        return "—"
    return reference.succession.called(term.successor, term.last)


def _draw_taking_back(found: MunicipalitiesAnswer, reference: Reference) -> None:
    last = found.past[0]
    same = [each for each in found.past if each.recorded_at == last.recorded_at]
    names = dict.fromkeys(
        reference.named.get(each.key.partition("/")[0], each.key) for each in same
    )
    told = "・".join(names)
    confirm(
        "最後の記録を取り消す",
        f"{japan_day(last.recorded_at)}に{escaped(shown_name(last.recorded_by))}が記録した、"
        f"{escaped(told)}の変更・合併を取り消し、その前の内容に戻します。記録は履歴に残ります。",
        partial(take_back_municipality, reason="取り消し", seen=found.seen),
        key=found.seen,
        form=_BACK,
        done=f"{told}の変更・合併を取り消しました。",
        icon="undo",
    )


# ── a change ──────────────────────────────────────────────────────────────────────────────────


def _draw_change(reference: Reference, found: MunicipalitiesAnswer, code: str) -> None:
    last = reference.succession.of_code[code][-1]
    ours = last.municipality
    st.subheader(escaped(ours.name), anchor=False)
    if last.successor:
        successor = reference.succession.called(last.successor, last.last)
        st.caption(
            escaped(f"{era_date(last.last)}まで。その後は{successor}です。変更はできません。")
        )
        answer(_CHANGE)
        return
    form = f"{_CHANGE}.{code}"
    field = Fields(f"{form}.{request_id(form)}")
    with form_box(form):
        day = draw_day(field, "いつから変わるか(必須)")
        draw_card(field, ours, reference)
        draw_reason(field)
        pressed = st.button("この日から変える", type="primary", key=form, icon=":material/save:")
    answer(form)
    answer(_CHANGE)
    if not pressed:
        return
    card, source, problems = card_of(field, code)
    if day is None:
        problems["day"] = "変わる日を選んでください。"
    if problems or day is None:
        refuse(problems, field.places)
        return
    submit(
        form,
        partial(
            change_municipality,
            card=card,
            day=day,
            reason=field.values["reason"] or "",
            seen=found.seen,
            new_source=source,
        ),
        f"{card.name}の、{era_date(day)}からの内容を記録しました。",
        field.places,
    )


# ── a merger ──────────────────────────────────────────────────────────────────────────────────


def _draw_merger(principal: Principal, reference: Reference, found: MunicipalitiesAnswer) -> None:
    lasting = {each.lg_code: each for each in reference.succession.last}
    names = {code: each.name for code, each in lasting.items()}
    whom = Fields(f"{_MERGE}.{request_id(_MERGE)}")
    with form_box(_MERGE):
        day = draw_day(whom, "合併の日(必須)")
        stays = whom(
            "lg_code",
            choose,
            st.selectbox,
            "合併後の団体(必須)",
            {_NEW: "新しい団体になる(新設合併)"}
            | {code: f"{name}が残る(編入合併)" for code, name in names.items()},
            None,
            placeholder="選んでください",
        )
        ended = whom(
            "ended",
            choose,
            st.multiselect,
            "合併でなくなる団体(必須)",
            {code: name for code, name in names.items() if code != stays},
            placeholder="選んでください",
        )
        if not (stays and ended):
            st.caption("合併後の団体と、なくなる団体を選ぶと、合併後の内容を書く欄が出ます。")
            answer(_MERGE)
            return
        if day is not None:
            touches = context.answer(merger_touches_view, principal, codes=tuple(ended), day=day)
            _draw_touches(touches, [names[code] for code in ended], day)
        usual = _together([lasting[code] for code in ended], lasting.get(stays))
        card_key = "-".join((stays, *ended))
        field = Fields(f"{_MERGE}.{request_id(_MERGE)}.{card_key}")
        st.markdown("**合併後の団体**")
        draw_card(field, usual, reference, new=stays == _NEW)
        draw_reason(field)
        pressed = st.button("合併を記録する", type="primary", key=_MERGE, icon=":material/save:")
    answer(_MERGE)
    if pressed:
        _merge(found, day, ended, stays, field, {**whom.places, **field.places})


def _merge(
    found: MunicipalitiesAnswer,
    day: date | None,
    ended: Sequence[str],
    stays: str,
    field: Fields,
    places: Mapping[str, Place],
) -> None:
    code = str(field.values.get("lg_code") or "").strip() if stays == _NEW else stays
    card, source, problems = card_of(field, code)
    if day is None:
        problems["day"] = "合併の日を選んでください。"
    if problems or day is None:
        refuse(problems, places)
        return
    submit(
        _MERGE,
        partial(
            merge_municipalities,
            ended=tuple(ended),
            card=card,
            day=day,
            reason=field.values["reason"] or "",
            seen=found.seen,
            new_source=source,
        ),
        f"{era_date(day)}の合併を記録しました。この日から{card.name}として数えます。",
        places,
    )


def _together(ended: Sequence[Municipality], stays: Municipality | None) -> Municipality:
    """What the form begins with: the one that stays, or nothing but a place, and all the people."""
    all_of_them = (*ended, *([stays] if stays else []))
    first = stays or replace(
        max(ended, key=lambda each: each.population), lg_code="", name="", kana="", category=""
    )
    same = len({(each.census, each.source) for each in all_of_them}) == 1
    people = sum(each.population for each in all_of_them) if same else 0
    return replace(first, population=people)


def _draw_touches(touches: MergerTouches, names: Sequence[str], day: date) -> None:
    whose, since = "・".join(names), era_date(day)
    told = [
        f"参加しているシステム・事業 {touches.systems}件: {since}から、合併後の団体の参加として数えます。",
        f"参加希望 {touches.wishes}件: {since}から、合併後の団体の希望として数えます。前の年度の希望・試算・帳票は前の名前のままです。",
        f"アカウント {len(touches.accounts)}件({'、'.join(touches.accounts)}): {since}から自団体の画面が使えません。"
        "「管理」の「アカウント」で所属を移してください。",
        f"担当者 {touches.contacts}件: 連絡の宛先ではなくなります。合併後の団体の担当者を登録してください。",
        f"合併の日からあとの研修の席 {touches.seats}席: 席は残り、合併後の団体として数えます。",
        f"終わっていない相談 {touches.consultations}件: 前の名前のまま残ります。回答の宛先を確かめてください。",
    ]
    counted = (
        touches.systems,
        touches.wishes,
        len(touches.accounts),
        touches.contacts,
        touches.seats,
        touches.consultations,
    )
    lines = [f"- {escaped(line)}" for line, number in zip(told, counted, strict=True) if number]
    said = "\n".join(lines) or "- この合併がさわる記録はありません。"
    st.info(
        f"**{escaped(whose)}の記録**\n\n{said}\n\n{era_date(day)}より前の数・図・履歴は変わりません。",
        icon=":material/info:",
    )


def _draw_past(found: MunicipalitiesAnswer, reference: Reference) -> None:
    if not found.past:
        return
    with st.expander(f"変更・合併の記録({len(found.past)}件)", icon=":material/history:"):
        table(
            {
                "記録": (japan_day(each.recorded_at) for each in found.past),
                "記録した人": (shown_name(each.recorded_by) for each in found.past),
                "内容": (_told(each.value, reference) for each in found.past),
                "理由": (each.note for each in found.past),
            },
            "変更・合併の記録、新しい順",
        )


def _told(row: Mapping[str, Any] | None, reference: Reference) -> str:
    if row is None:
        return "取り消し"
    until = f"{row['until']}まで" if row.get("until") else ""
    into = reference.named.get(row.get("successor", ""), "")
    said = (
        row["name"],
        f"{row['since']}から" if row.get("since") else "",
        f"{until}({into}に合併)" if into else until,
        row["category"],
        row["area"],
        f"人口{row.get('population') or row['population_2020']}人",
    )
    return " / ".join(filter(None, said))
