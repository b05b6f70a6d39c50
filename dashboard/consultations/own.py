"""自団体の相談: what we asked, where it stands, a new request."""

from __future__ import annotations

from datetime import datetime
from functools import partial

import streamlit as st
from sqlalchemy import Engine

from core.access.principal import Principal
from core.commands.consultations import decide_consent, withdraw_consultation
from core.consultation.case import Consultation
from core.consultation.event import ConsultationState
from core.consultation.example import ExampleState
from core.consultation.measures import own_figures
from core.views.consultations import (
    AdvisorsAnswer,
    OwnConsultationsAnswer,
    own_consultations_view,
)
from dashboard import context
from dashboard.consultations.detail import draw_detail, draw_unknown
from dashboard.consultations.request_form import REQUESTED, SHOW_NEXT, draw_request_form
from dashboard.consultations.wording import SHORT_NUMBERS, heading, quota_words, which
from dashboard.kit import answer as said
from dashboard.kit import titles, widgets
from dashboard.kit.choice import choose
from dashboard.kit.confirm import confirm
from dashboard.kit.typed import escaped

_SHOWN = "consultations.shown"


def draw_own(principal: Principal, advisors: AdvisorsAnswer) -> None:
    """Figures, then our requests or the form for a new one."""
    answer = context.answer(
        own_consultations_view, principal, lg_code=str(principal.lg_code), today=context.today()
    )
    as_of = context.today()
    widgets.figure_row(
        [advisors.left, *own_figures(answer.consultations, as_of)],
        narrowest=SHORT_NUMBERS,
        level=2,
    )
    st.caption(escaped(quota_words(advisors.quota)))
    choices = {"own": f"自団体の相談({len(answer.consultations)})", "new": "新しい相談を書く"}
    if (following := st.session_state.pop(SHOW_NEXT, None)) is not None:
        st.session_state[_SHOWN] = following
    st.session_state.setdefault(_SHOWN, "own" if answer.consultations else "new")
    shown = choose(st.segmented_control, "表示", choices, key=_SHOWN, required=True)
    said.answer(REQUESTED)
    if shown == "new":
        draw_request_form(answer)
    else:
        _draw_list(answer, draw_unknown(answer.consultations))


def _draw_list(answer: OwnConsultationsAnswer, number: str) -> None:
    if not answer.consultations:
        widgets.empty_state("相談はまだありません。「新しい相談を書く」から申し込めます。", "forum")
    for consultation in answer.consultations:
        _draw_said(consultation)
        unfolded = consultation.is_open or consultation.awaits_consent
        if number:
            unfolded = consultation.number.label == number
        if number == consultation.number.label:
            titles.title(f"{number} {consultation.request.title}")
        with st.expander(escaped(heading(consultation)), expanded=unfolded):
            draw_detail(consultation)
            if consultation.state is ConsultationState.HELD:
                _draw_consent(consultation)
            elif consultation.is_open:
                _draw_withdraw(consultation)


def _draw_said(consultation: Consultation) -> None:
    """What became of an act whose button is gone; what it stood in may be folded by now."""
    key, last = consultation.consultation_id, consultation.last_example
    if not consultation.is_open:
        said.answer(f"consultation.withdraw.{key}")
    if last is not None:
        did = "declined" if last.state is ExampleState.DECLINED else "agreed"
        said.answer(f"consultation.consent.{key}.{did}")


def _draw_consent(consultation: Consultation) -> None:
    st.markdown("**好事例としての公開**")
    last = consultation.last_example
    if consultation.published is not None:
        text = consultation.published
        st.markdown(
            f"「{escaped(text.title)}」として公開中です。団体名と担当者名は出していません。"
        )
    elif last is None:
        st.markdown(
            f"この回答を、団体名を伏せて他の{context.names().towns}に紹介してもよいか選んでください。後から変えられます。"
        )
    else:
        st.markdown(f"いまの状態: {last.state.label}")
    agreed = last is not None and last.state is not ExampleState.DECLINED
    number = escaped(consultation.number.label)
    form = f"consultation.consent.{consultation.consultation_id}"
    seen = last.event_id if last else 0
    decide = partial(
        decide_consent,
        **which(consultation),
    )
    with st.container(horizontal=True):
        if not agreed:
            confirm(
                "公開に同意する",
                f"{number} の回答を、団体名を伏せて他の{context.names().towns}に紹介することに同意します。",
                partial(decide, agreed=True),
                key=seen,
                form=f"{form}.agreed",
                done=f"{number} の公開に同意しました。",
                go="同意する",
                icon="thumb_up",
                danger=False,
            )
        if last is None or agreed:
            confirm(
                "同意しない" if last is None else "同意を取り消す",
                f"{number} の回答を他の{context.names().towns}に紹介しません。公開中のものは、すぐに見えなくなります。",
                partial(decide, agreed=False),
                key=seen,
                form=f"{form}.declined",
                done=f"{number} は公開しません。",
                go="公開しない",
                icon="block",
            )


def _draw_withdraw(consultation: Consultation) -> None:
    form = f"consultation.withdraw.{consultation.consultation_id}"
    seen = consultation.last.event_id
    number, reason = consultation.number.label, f"{form}.{seen}.reason"

    def withdraw(engine: Engine, principal: Principal, *, request_id: str, now: datetime) -> None:
        """With what stands in the field when the button in the dialog is pressed."""
        withdraw_consultation(
            engine,
            principal,
            **which(consultation),
            reason=st.session_state.get(reason, ""),
            seen_event=seen,
            request_id=request_id,
            now=now,
        )

    confirm(
        "相談を取り下げる",
        f"**{escaped(heading(consultation))}** を取り下げます。元に戻せません。",
        withdraw,
        key=seen,
        form=form,
        done=f"{number} を取り下げました。",
        go="取り下げる",
        icon="undo",
        fields=partial(st.text_area, "取下げの理由(必須)", key=reason),
    )
