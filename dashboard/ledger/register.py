"""一覧・訂正: every record with who and when; choose one to correct it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from core.access.principal import Principal, name_meant, shown_name
from core.commands.ledger import correct_participation
from core.procurement.event import PROVISIONAL, EventKind, LedgerEvent
from core.procurement.recording import MAX_SOURCE, Entry, event_of, voiding
from core.procurement.standing import NO_RECORD, steps
from core.store.ledger import LedgerFilter
from core.values.errors import DashboardError
from core.views.inquiries import flowed_view
from core.views.ledger import CellAnswer, LedgerAnswer, LedgerLine, ledger_cell_view, ledger_view
from dashboard import context
from dashboard.kit import address, titles, widgets, written
from dashboard.kit.answer import answer as said
from dashboard.kit.choice import choose, choose_or_all
from dashboard.kit.sight import nothing_opened, opened_mark
from dashboard.kit.submit import as_shown, submit
from dashboard.kit.tables import list_rows
from dashboard.kit.typed import escaped
from dashboard.ledger import lines
from dashboard.ledger.entry_form import Subject, draw_entry
from dashboard.procurement import wording

_LIST, _PAGE = "ledger.list", "ledger.page"
_CORRECT = "ledger.correct"
_REPLACE, _VOID = "置き換える", "取り消す"


def draw_register(principal: Principal, record: str) -> None:
    """Filters, the list, and beneath it the record that is open, which need not be in the list."""
    filters = _draw_filters()
    answer = context.answer(
        ledger_view, principal, filters=filters, page=st.session_state.get(_PAGE, 1)
    )
    if answer.total:
        _draw_list(answer, record)
    else:
        widgets.empty_state(
            "この条件に合う記録はありません。条件を減らしてください。", "filter_alt_off"
        )
    if record:
        with opened_mark(f"ledger.{record}"):
            said(_CORRECT)
            _draw_opened(principal, answer, record)
        return
    nothing_opened()
    if answer.total:
        widgets.empty_state("行を選ぶと、その団体の履歴と訂正の欄がここに出ます。", "touch_app")


def _draw_opened(principal: Principal, answer: LedgerAnswer, record: str) -> None:
    named = int(record) if record.isdecimal() and len(record) < _LONGEST_NUMBER else 0
    lines = {line.event.event_id: line for line in answer.lines}
    if named not in lines:
        alone = context.answer(ledger_view, principal, filters=LedgerFilter(event_id=named))
        lines |= {line.event.event_id: line for line in alone.lines}
    if named in lines:
        titles.title(f"記録{named}")
        _draw_chosen(principal, lines[named])
    else:
        st.warning(
            f"リンクの記録番号「{escaped(record)}」はありません。番号を確かめてください。",
            icon=":material/link_off:",
        )


_LONGEST_NUMBER = 19  # the column holds no more digits


def _draw_filters() -> LedgerFilter:
    reference = context.reference()
    labels = {key: system.label for key, system in reference.procurements.systems.items()}
    with st.grid("auto", min_column_width=165):
        programme = choose_or_all(
            "共同調達", labels, "ledger.filter.programme", on_change=_first_page
        )
        participant = choose_or_all(
            "団体", reference.named, "ledger.filter.participant", on_change=_first_page
        )
        kinds = choose(
            st.multiselect,
            "種類",
            EventKind,
            key="ledger.filter.kinds",
            placeholder="すべて",
            on_change=_first_page,
        )
        by = st.text_input("記録した人", key="ledger.filter.by", on_change=_first_page)
        words = st.text_input("出典・備考の語", key="ledger.filter.words", on_change=_first_page)
    return LedgerFilter(
        participant=participant or None,
        programme=programme or None,
        kinds=tuple(kinds),
        recorded_by=name_meant(by) or None,
        words=words,
    )


def _first_page() -> None:
    _turn_to(1)


def _draw_list(answer: LedgerAnswer, record: str) -> None:
    numbers = [line.event.event_id for line in answer.lines]
    rows = [row for row, number in enumerate(numbers) if str(number) == record]
    st.session_state[_LIST] = {"selection": {"rows": rows, "columns": [], "cells": []}}
    shown = answer.lines
    short = {each.key: each.short_label for each in context.reference().procurements.programmes}
    text = st.column_config.TextColumn
    list_rows(
        {
            "番号": numbers,
            "団体": (line.participant for line in shown),
            "共同調達": (short.get(line.event.programme, line.programme) for line in shown),
            "記録": (wording.record_text(line.event) for line in shown),
            "適用日": (line.event.effective.label for line in shown),
            "状態": (lines.standing_of(line.event, line.corrected_by) for line in shown),
            "記録した人": (shown_name(line.event.recorded_by) for line in shown),
            "記録日時": (lines.recorded(line.event) for line in shown),
            "出典": (widgets.source_text(line.event.source) for line in shown),
            "備考": (line.event.note for line in shown),
        },
        "台帳の記録、新しい順",
        height=min(420, 38 + 35 * len(shown)),
        key=_LIST,
        on_select=partial(_take_row, numbers),
        selection_mode="single-row",
        column_config={
            "番号": st.column_config.NumberColumn(width=64),
            "団体": text(width=100),
            "状態": text(width=120),
        },
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"{answer.total:,}件、新しい順。{answer.page}/{answer.pages}ページ。")
        st.button(
            "新しいほうへ",
            icon=":material/chevron_left:",
            disabled=answer.page <= 1,
            on_click=_turn_to,
            args=(answer.page - 1,),
            key="ledger.newer",
        )
        st.button(
            "古いほうへ",
            icon=":material/chevron_right:",
            disabled=answer.page >= answer.pages,
            on_click=_turn_to,
            args=(answer.page + 1,),
            key="ledger.older",
        )


def _turn_to(page: int) -> None:
    st.session_state[_PAGE] = page


def _take_row(numbers: Sequence[int]) -> None:
    rows = st.session_state[_LIST]["selection"]["rows"]
    chosen = str(numbers[rows[0]]) if rows and rows[0] < len(numbers) else ""
    address.open_detail("record", chosen)


def _draw_chosen(principal: Principal, line: LedgerLine) -> None:
    event = line.event
    cell = context.answer(
        ledger_cell_view, principal, participant=event.participant, programme=event.programme
    )
    st.subheader(
        escaped(f"記録番号{event.event_id}: {line.participant}・{line.programme}"), anchor=False
    )
    left, right = st.columns([55, 45], gap="medium")
    with right:
        st.markdown("**この団体・この共同調達の履歴**")
        lines.draw_events(cell.events, cell.corrected_by)
    with left:
        _draw_origin(principal, event)
        if event.kind is EventKind.CORRECTION or line.corrected_by is not None:
            st.info(
                "この記録は訂正そのものか、訂正済みです。有効な記録を選ぶと訂正できます。",
                icon=":material/info:",
            )
            return
        _draw_correction(principal, event, cell)


def _draw_origin(principal: Principal, event: LedgerEvent) -> None:
    """The answer a record came from, and whether it was changed since."""
    for each in context.answer(flowed_view, principal):
        if event.event_id in each.records and not each.wished:
            told = escaped(f"この記録は{each.told}から反映したものです: {each.title}")
            if each.corrected:
                st.warning(told, icon=":material/sync_problem:")
            else:
                st.caption(told)


def _draw_correction(principal: Principal, event: LedgerEvent, cell: CellAnswer) -> None:
    prefix = f"correct.{event.event_id}"
    way = st.segmented_control(
        "訂正のしかた",
        [_REPLACE, _VOID],
        default=_REPLACE,
        key=f"ledger.{prefix}.way",
        required=True,
    )
    seen = as_shown(f"ledger.{prefix}", cell.seen_event)
    entry: Entry | None = None
    why: str | None = ""
    if way == _REPLACE:
        subject = Subject(event.participant, event.programme)
        entry = draw_entry(prefix, subject, tuple(EventKind)[:-1], before=event)
        ready = entry is not None
    else:
        why = written.text(
            "取り消す理由", key=f"ledger.{prefix}.why", longest=MAX_SOURCE, required=True
        )
        ready = bool(why)
    if ready:
        ready = _draw_what_changes(principal, event, entry, why or "", cell)
    pressed = st.button(
        "訂正する",
        type="primary",
        icon=":material/edit:",
        disabled=not ready,
        key=f"ledger.{prefix}.go",
    )
    st.caption("元の記録は消えません。訂正した人・日時とともに履歴に残ります。")
    if not pressed:
        return

    def done(number: int) -> str:
        address.open_detail("record", str(number))
        return f"記録番号{event.event_id}を記録番号{number}で訂正しました。"

    submit(
        _CORRECT,
        partial(
            correct_participation,
            event_id=event.event_id,
            replacement=entry,
            why=why or "",
            seen_event=seen,
        ),
        done,
    )


def _draw_what_changes(
    principal: Principal, event: LedgerEvent, entry: Entry | None, why: str, cell: CellAnswer
) -> bool:
    """Field by field, and where the participant would stand.

    Returns:
        Whether there is something to correct; a path that would break is refused here already.
    """
    now = context.now()
    if entry is None:
        later = voiding(event, why, now, principal.username)
    else:
        later = event_of(entry, now, principal.username, corrects=event.event_id)
    try:
        path = steps([*cell.events, replace(later, event_id=PROVISIONAL)])
    except DashboardError as error:
        widgets.show_refusal(error)
        return False
    state = path[-1].state if path else NO_RECORD
    changes = [] if entry is None else _changes(event, later)
    if entry is not None and not changes:
        st.caption("まだ何も変えていません。")
        return False
    told = "".join(f"- {escaped(change)}\n" for change in changes)
    before, after = (escaped(wording.standing_text(each)) for each in (cell.latest, state))
    st.markdown(f"**訂正で変わること**\n\n{told}- いまの状態: {before} → {after}")
    return True


def _changes(before: LedgerEvent, after: LedgerEvent) -> list[str]:
    fields = (
        ("種類", before.kind.label, after.kind.label),
        ("適用日", before.effective.label, after.effective.label),
        ("区分", before.lot or "なし・不明", after.lot or "なし・不明"),
        ("開始予定", _day(before), _day(after)),
        ("出典", *(widgets.source_text(each.source) for each in (before, after))),
        ("備考", before.note or "なし", after.note or "なし"),
    )
    return [f"{label}: {old} → {new}" for label, old, new in fields if old != new]


def _day(event: LedgerEvent) -> str:
    return event.target.label if event.target else "なし"
