"""The secretariat's part (受信箱): everybody's requests by state, with the days they wait."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
from dashboard.consultations.next_step import draw_mail, draw_publish, draw_step
from dashboard.consultations.wording import SHORT_NUMBERS, THEMES, quota_words
from dashboard.kit import address, titles, widgets
from dashboard.kit import answer as said
from dashboard.kit.choice import choose
from dashboard.kit.confirm import confirm
from dashboard.kit.sight import nothing_opened, opened_mark
from dashboard.kit.tables import table
from dashboard.kit.typed import escaped

_WAITING, _ALL = "waiting", "all"
_SHOWN, _OPENED = "consultations.state", "consultations.opened"
_PRESSED = "consultations.pressed"
"""Whether the reader asked for what is open: the first of a list opens by itself, out of nobody's way."""
_FORGET = "consultations.forget"


def draw_office(principal: Principal, advisors: AdvisorsAnswer, *, arrived: bool) -> None:
    """Figures, the list of a state, one consultation with everything that can be done.

    Args:
        arrived: The address is new: what it names is opened, what it no longer names closes.
    """
    as_of = context.today()
    answer = context.answer(consultation_inbox_view, principal, as_of=as_of)
    widgets.figure_row(answer.figures, narrowest=SHORT_NUMBERS, level=2)
    st.caption(escaped(quota_words(advisors.quota)))
    _draw_themes(answer.consultations)
    if answer.contacts_due:
        _draw_forget(answer.contacts_due)
    else:
        said.answer(_FORGET)
    st.subheader("受信箱", anchor=False)
    if not answer.consultations:
        widgets.empty_state("相談はまだ届いていません。")
        return
    if arrived:
        _follow_address(answer.consultations)
    listed = _draw_filter(answer.consultations)
    held_open = st.session_state.get(_OPENED)
    also = [c for c in answer.consultations if c.consultation_id == held_open and c not in listed]
    if not listed:
        widgets.empty_state(f"この状態の相談は{'ほかに' if also else ''}ありません。")
    if not listed and not also:
        return
    opened = _opened([*also, *listed])
    if listed:
        _draw_table(listed, answer.municipalities, opened)
    if st.session_state.get(_PRESSED):
        where = opened_mark(f"consultations.{opened.consultation_id}")
    else:
        nothing_opened()
        where = st.container()
    with where, st.container(border=True):
        place = answer.municipalities[opened.lg_code]
        st.subheader(
            escaped(f"{opened.number.label} {place.name}「{opened.request.title}」"),
            anchor=False,
        )
        titles.title(f"{opened.number.label} {opened.request.title}")
        draw_detail(opened)
        draw_step(opened)
        draw_mail(opened, place)
        draw_publish(opened)


def _draw_forget(due: int) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"保存期間を過ぎた担当者の情報が{due}件あります。相談の記録は残し、担当者だけを削除します。"
        )
        confirm(
            "削除する",
            f"担当者の情報{due}件を削除します。削除した情報は元に戻せません。",
            delete_old_contacts,
            key=due,
            form=_FORGET,
            done=lambda count: f"担当者の情報を{count}件削除しました。",
            icon="delete",
        )


def _draw_themes(consultations: Sequence[Consultation]) -> None:
    with st.expander("テーマ別の件数", icon=":material/category:"):
        counts = by_theme(consultations)
        table(
            {
                "テーマ": [THEMES[theme] for theme in counts],
                "件数": [f"{count}件" for count in counts.values()],
            },
            alt="テーマ別の相談件数",
        )
        st.caption(
            f"受け付けた相談の数(取下げを含む、年度を問わない)。{context.today().isoformat()}時点・"
            f"{escaped(widgets.source_text('noriai-ledger'))}"
        )


def _follow_address(consultations: Sequence[Consultation]) -> None:
    number = draw_unknown(consultations)
    _close()
    if number:
        named = {each.number.label: each.consultation_id for each in consultations}
        st.session_state[_OPENED] = named[number]
        st.session_state[_PRESSED] = True
        st.session_state.setdefault(_SHOWN, _ALL)


def _draw_filter(consultations: Sequence[Consultation]) -> list[Consultation]:
    groups: dict[str, list[Consultation]] = {_WAITING: unanswered(consultations)}
    for state in ConsultationState:
        groups[state.value] = [c for c in consultations if c.state is state]
    groups[_ALL] = list(consultations)
    names = ("未回答", *(state.label for state in ConsultationState), "すべて")
    if _SHOWN not in st.session_state:
        st.session_state[_SHOWN] = _WAITING if groups[_WAITING] else _ALL
    shown = choose(
        st.segmented_control,
        "状態",
        {key: f"{name}({len(groups[key])})" for key, name in zip(groups, names, strict=True)},
        key=_SHOWN,
        required=True,
        on_change=_choose_state,
    )
    return groups[shown]


def _choose_state() -> None:
    """Another state was chosen: what was open, and may have left its state, closes."""
    _close()
    address.open_detail("number", "")


def _close() -> None:
    st.session_state.pop(_OPENED, None)
    st.session_state.pop(_PRESSED, None)


def _draw_table(
    listed: Sequence[Consultation], municipalities: Mapping[str, Municipality], opened: Consultation
) -> None:
    """A press on a 受付番号 opens that consultation beneath the table."""
    waited = [f"{days_waiting(c, context.today())}日" if c.is_open else "終了" for c in listed]
    answered = [days_to_first_answer(c) for c in listed]

    def open_row(row: int) -> None:
        st.session_state[_OPENED] = listed[row].consultation_id
        st.session_state[_PRESSED] = True
        address.open_detail("number", listed[row].number.label)

    table(
        {
            "受付番号": [c.number.label for c in listed],
            context.names().towns: [municipalities[c.lg_code].name for c in listed],
            "件名": [c.request.title for c in listed],
            "テーマ": [c.request.theme.label for c in listed],
            "状態": [c.state.label for c in listed],
            "受付日": [c.requested_on.isoformat() for c in listed],
            "受付からの日数": waited,
            "初回回答まで": ["未回答" if days is None else f"{days}日" for days in answered],
        },
        alt="相談の一覧",
        key="consultations.table",
        on_pick=open_row,
        chosen=listed.index(opened) if opened in listed else None,
    )


def _opened(shown: Sequence[Consultation]) -> Consultation:
    """The one that is open: what was pressed last, else the first."""
    by_key = {c.consultation_id: c for c in shown}
    if st.session_state.get(_OPENED) not in by_key:
        st.session_state[_OPENED] = next(iter(by_key))
    return by_key[st.session_state[_OPENED]]
