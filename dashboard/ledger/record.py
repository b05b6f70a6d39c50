"""記録する: one record of one participant in one joint procurement."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.access.principal import Principal
from core.commands.ledger import record_participation
from core.views.ledger import CellAnswer, ledger_cell_view
from dashboard import context
from dashboard.kit import widgets
from dashboard.kit.answer import answer
from dashboard.kit.choice import choose
from dashboard.kit.submit import as_shown, submit
from dashboard.kit.typed import escaped
from dashboard.ledger import lines
from dashboard.ledger.entry_form import Subject, draw_entry
from dashboard.procurement import wording

_FORM, _ANSWER = "ledger.record.form", "ledger.record.answer"


def draw_record(principal: Principal) -> None:
    """Choose whom and what, see what is recorded, add to it."""
    subject = _draw_subject()
    if subject is None:
        answer(_ANSWER)
        widgets.empty_state(
            "共同調達と団体を選ぶと、いまの状態と、記録する欄が出ます。", "touch_app"
        )
        return
    cell = context.answer(
        ledger_cell_view,
        principal,
        participant=subject.participant,
        programme=subject.programme,
    )
    left, right = st.columns([55, 45], gap="medium")
    with left:
        _draw_form(subject, cell)
    with right:
        st.markdown(f"**いまの状態** {escaped(wording.standing_text(cell.latest))}")
        lines.draw_events(cell.events, cell.corrected_by)


def _draw_subject() -> Subject | None:
    reference = context.reference()
    labels = {key: system.label for key, system in reference.procurements.systems.items()}
    with st.grid("auto", min_column_width=280):
        programme = choose(
            st.selectbox,
            "共同調達(必須)",
            labels,
            None,
            key="ledger.programme",
            persist_state="session",
            placeholder="選んでください",
        )
        participant = choose(
            st.selectbox,
            "団体(必須)",
            reference.named,
            None,
            placeholder="選んでください",
            key="ledger.participant",
            persist_state="session",
            help=f"{context.names().prefecture}も記録できますが、{context.names().towns}の数には含めません。",
        )
    return Subject(participant, programme) if participant and programme else None


def _draw_form(subject: Subject, cell: CellAnswer) -> None:
    form = st.session_state.get(_FORM, 0)  # the next form begins empty
    prefix = f"record.{subject.programme}.{subject.participant}.{form}"
    seen = as_shown(f"ledger.{prefix}", cell.seen_event)
    entry = draw_entry(prefix, subject, cell.possible)
    pressed = st.button(
        "記録する",
        type="primary",
        icon=":material/add:",
        disabled=entry is None,
        key="ledger.record",
    )
    answer(_ANSWER)
    if not pressed or entry is None:
        return

    def done(number: int) -> str:
        st.session_state[_FORM] = form + 1
        name = context.reference().participants[subject.participant]
        return f"{name}の「{entry.kind.label}」({entry.effective.label})を記録番号{number}として記録しました。"

    submit(
        _ANSWER,
        partial(record_participation, entry=entry, seen_event=seen),
        done,
        next_step=("共同調達で確かめる", "procurement"),
    )
