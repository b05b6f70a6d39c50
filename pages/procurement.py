from functools import partial

import streamlit as st

from core.access.principal import allows
from core.values.offer import OfferedPart
from core.views.participation import alike_view, participation_history_view
from core.views.procurement import paid_later_view, procurement_view
from dashboard import context
from dashboard.frame import navigation
from dashboard.kit import address, titles, widgets
from dashboard.kit.town import town
from dashboard.kit.typed import escaped
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
ours = town(principal)
own = ours.lg_code if ours else None
st.title("共同調達", anchor=False)
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
headline.draw_headline(system, asked, today, answer.municipalities, later)

part = place.part_of(asked, answer, own)
left, right = None, st.container()
if OfferedPart.MAP in context.reference().offers:
    left, right = st.columns([42, 58], gap="medium")
if left is not None:
    with left:
        place.draw_map(asked, answer, system.procurement, part)
with right:
    place.draw_names(asked, answer, system.procurement, part, own)
    with st.container(horizontal=True):
        query = {"programme": asked.programme}
        navigation.link("boarding", "後乗りを考える", "directions_bus", query)
        if allows(principal, "quotation:compare"):
            navigation.link("quotations", "見積・契約額を残す・比べる", "request_quote")
if asked.lg_code is not None:
    titles.title(context.reference().on(asked.as_of).called(asked.lg_code))
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
with st.expander(
    f"{escaped(system.procurement.label)}とは: 内容、調達の進め方、集計基準ごとの数",
    icon=":material/info:",
    on_change="rerun",
    key="procurement.about",
) as about:
    if about.open:
        cards.draw_system(system, answer, today)
if allows(principal, "catalogue:manage"):
    cards.draw_office_links(system)


def _alike() -> None:
    chosen = asked.lg_code or own
    if chosen is None:
        widgets.empty_state(
            f"上の「{context.names().towns}」で、比べる{context.names().towns}を選んでください。",
            "groups",
        )
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
        "全システムの一覧": partial(place.draw_matrix, asked, answer, part),
        "推移": partial(timeline.draw_timeline, asked, system),
        "内訳": partial(groups.draw_groups, system, asked, today),
        f"似た{context.names().towns}": _alike,
    },
)
address.draw_link(question.PAGE, asked.full_query())
