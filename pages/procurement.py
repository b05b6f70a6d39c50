from functools import partial

import streamlit as st

from core.access.principal import Role
from core.boarding.link import BOARDING_LINK
from core.views.participation import alike_view, participation_history_view
from core.views.procurement import paid_later_view, procurement_view
from dashboard import context
from dashboard.boarding.programme import draw_boarding
from dashboard.kit import address, widgets
from dashboard.procurement import (
    cards,
    groups,
    headline,
    history,
    place,
    question,
    timeline,
    wording,
)

principal = context.who()
today = context.today()
st.title("共同調達", anchor=False)
question.take_address(principal)
said = st.container()  # the answer stands above what it is asked with
asked = question.draw_question(principal)
address.write(question.PAGE, asked)
wording.notices(asked, today)

answer = context.answer(
    procurement_view,
    principal,
    as_of=asked.as_of,
    today=today,
    known_at=asked.known_at,
    basis=asked.basis,
)
system = next(s for s in answer.systems if s.procurement.key == asked.programme)
later = context.answer(
    paid_later_view,
    principal,
    programme=asked.programme,
    as_of=asked.as_of,
    known_at=asked.known_at,
)
with said:
    headline.draw_headline(system, asked, today, answer.municipalities, later)


def _where() -> None:
    left, right = st.columns([45, 55], gap="medium")
    with left:
        place.draw_map(asked, answer, system.procurement)
    with right:
        place.draw_matrix(asked, answer)
    if asked.lg_code is None:
        widgets.empty_state("地図か一覧で市町村を選ぶと、その履歴がここに出ます。", "touch_app")
        return
    history.draw_history(
        context.answer(
            participation_history_view,
            principal,
            participant=asked.lg_code,
            as_of=asked.as_of,
            today=today,
            known_at=asked.known_at,
            basis=asked.basis,
        )
    )


def _alike() -> None:
    own = principal.lg_code if principal.role is Role.OFFICER else None
    chosen = asked.lg_code or own
    if chosen is None:
        widgets.empty_state("上の「履歴を見る市町村」で、比べる市町村を選んでください。", "groups")
        return
    history.draw_alike(
        context.answer(
            alike_view,
            principal,
            participant=chosen,
            programme=asked.programme,
            as_of=asked.as_of,
            today=today,
            basis=asked.basis,
        )
    )


widgets.draw_tabs(
    "procurement.tab",
    {
        "地図・一覧": _where,
        "推移": partial(timeline.draw_timeline, asked, system),
        "内訳": partial(groups.draw_groups, system, asked, today),
        "システム別": partial(cards.draw_cards, answer, today),
        "後乗り": partial(draw_boarding, principal, asked.programme, min(asked.as_of, today)),
        "似た市町村": _alike,
    },
    default=st.session_state.setdefault(  # another one later would undo the reader's choice
        "procurement.first_tab", "後乗り" if BOARDING_LINK.keys & set(st.query_params) else None
    ),
)
address.draw_link(question.PAGE, asked.full_query())
