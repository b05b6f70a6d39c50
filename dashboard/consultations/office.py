"""The secretariat's part (受信箱): everybody's requests by state, with the days they wait."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from core.access.principal import Principal
from core.commands.purge import delete_old_contacts
from core.consultation.case import Consultation
from core.consultation.event import ConsultationState
from core.consultation.measures import by_theme, days_to_first_answer, days_waiting, unanswered
from core.values.municipality import Municipality
from core.views.consultations import AdvisorsAnswer, consultation_inbox_view
from dashboard import context
from dashboard.consultations.detail import draw_detail, draw_unknown
from dashboard.consultations.mail import draw_mail
from dashboard.consultations.publish import draw_publish
from dashboard.consultations.step_form import draw_step
from dashboard.consultations.wording import SHORT_NUMBERS, quota_words
from dashboard.kit import address, widgets
from dashboard.kit.submit import submit

_WAITING, _ALL = "waiting", "all"
_SHOWN, _OPENED = "consultations.state", "consultations.opened"


def draw_office(principal: Principal, advisors: AdvisorsAnswer, *, arrived: bool) -> None:
    """Figures, the list of a state, one consultation with everything that can be done.

    Args:
        principal: The secretariat.
        advisors: Menu and 相談会 left.
        arrived: The address is new: what it names is opened, what it no longer names closes.
    """
    as_of = context.today()
    answer = context.answer(consultation_inbox_view, principal, as_of=as_of)
    widgets.figure_row(answer.figures, narrowest=SHORT_NUMBERS)
    st.caption(quota_words(advisors.quota))
    _draw_themes(answer.consultations)
    if answer.contacts_due:
        _draw_forget(answer.contacts_due)
    st.subheader("受信箱", anchor=False)
    if not answer.consultations:
        widgets.empty_state("相談はまだ届いていません。")
        return
    if arrived:
        _follow_address(answer.consultations)
    listed = _draw_filter(answer.consultations)
    held_open = st.session_state.get(_OPENED)
    also = [c for c in answer.consultations if c.consultation_id == held_open and c not in listed]
    if listed:
        _draw_table(listed, answer.municipalities)
    else:
        widgets.empty_state(f"この状態の相談は{'ほかに' if also else ''}ありません。")
    if not listed and not also:
        return
    opened = _draw_choice([*also, *listed], answer.municipalities)
    with st.container(border=True):
        place = answer.municipalities[opened.lg_code]
        st.subheader(
            widgets.escaped(f"{opened.number.label} {place.name}「{opened.request.title}」"),
            anchor=False,
        )
        draw_detail(opened)
        draw_step(opened)
        draw_mail(opened, place)
        draw_publish(opened)


def _draw_forget(due: int) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"保存期間を過ぎた担当者の情報が{due}件あります。相談の記録は残し、担当者だけを削除します。"
        )
        if st.button("削除する", icon=":material/delete:", key="consultations.forget"):

            def done(count: int) -> str:
                return f"担当者の情報を{count}件削除しました。"

            submit("consultations.forget", delete_old_contacts, done)


def _draw_themes(consultations: Sequence[Consultation]) -> None:
    with st.expander("テーマ別の件数", icon=":material/category:"):
        counts = by_theme(consultations)
        st.table(
            pd.DataFrame(
                {
                    "テーマ": [f"{theme.menu} {theme.label}" for theme in counts],
                    "件数": [f"{count}件" for count in counts.values()],
                }
            ).set_index("テーマ"),
            alt="テーマ別の相談件数",
        )
        st.caption(
            f"受け付けた相談の数(取下げを含む、年度を問わない)。{context.today().isoformat()}時点・"
            f"{widgets.source_text('noriai-ledger')}"
        )


def _follow_address(consultations: Sequence[Consultation]) -> None:
    number = draw_unknown(consultations)
    _close()
    if number:
        named = {each.number.label: each.consultation_id for each in consultations}
        st.session_state[_OPENED] = named[number]
        st.session_state.setdefault(_SHOWN, _ALL)


def _draw_filter(consultations: Sequence[Consultation]) -> list[Consultation]:
    groups: dict[str, list[Consultation]] = {_WAITING: unanswered(consultations)}
    for state in ConsultationState:
        groups[state.value] = [c for c in consultations if c.state is state]
    groups[_ALL] = list(consultations)
    labels = {_WAITING: "未回答", _ALL: "すべて"} | {
        state.value: state.label for state in ConsultationState
    }
    if _SHOWN not in st.session_state:
        st.session_state[_SHOWN] = _WAITING if groups[_WAITING] else _ALL
    shown = st.segmented_control(
        "状態",
        list(groups),
        format_func=lambda key: f"{labels[key]}({len(groups[key])})",
        key=_SHOWN,
        required=True,
        on_change=_choose_state,
    )
    return groups[str(shown)]


def _choose_state() -> None:
    """Another state was chosen: what was open, and may have left its state, closes."""
    _close()
    address.open_detail("number", "")


def _close() -> None:
    st.session_state.pop(_OPENED, None)


def _draw_table(listed: Sequence[Consultation], municipalities: Mapping[str, Municipality]) -> None:
    today = context.today()
    st.dataframe(
        pd.DataFrame(
            {
                "受付番号": [c.number.label for c in listed],
                "市町村": [municipalities[c.lg_code].name for c in listed],
                "件名": [c.request.title for c in listed],
                "テーマ": [c.request.theme.label for c in listed],
                "状態": [c.state.label for c in listed],
                "受付日": [c.requested_on.isoformat() for c in listed],
                "受付からの日数": [
                    f"{days_waiting(c, today)}日" if c.is_open else "終了" for c in listed
                ],
                "初回回答まで": [_answered_text(c) for c in listed],
            }
        ),
        hide_index=True,
        alt="相談の一覧",
    )


def _answered_text(consultation: Consultation) -> str:
    days = days_to_first_answer(consultation)
    return "未回答" if days is None else f"{days}日"


def _draw_choice(
    listed: Sequence[Consultation], municipalities: Mapping[str, Municipality]
) -> Consultation:
    by_key = {c.consultation_id: c for c in listed}
    if st.session_state.get(_OPENED) not in by_key:
        st.session_state[_OPENED] = next(iter(by_key))

    def label(key: int) -> str:
        c = by_key[key]
        place = municipalities[c.lg_code].name
        return f"{c.number.label} {place} {c.request.title}"

    def open_chosen() -> None:
        address.open_detail("number", by_key[st.session_state[_OPENED]].number.label)

    chosen = st.selectbox(
        "開く相談", list(by_key), format_func=label, key=_OPENED, on_change=open_chosen
    )
    return by_key[chosen]
