from collections.abc import Callable
from functools import partial

import streamlit as st

from core.values.offer import OfferedPart
from core.views.about import about_view
from dashboard import context
from dashboard.about import sections
from dashboard.kit import widgets

principal = context.who()
reference, today = context.reference(), context.today()
terms = context.answer(about_view, principal, as_of=today)


def _advisors_and_trainings() -> dict[str, Callable[[], None]]:
    """The tab named after what there is in it."""
    labels = {OfferedPart.ADVISORS: "アドバイザー", OfferedPart.TRAININGS: "研修"}
    name = "・".join(label for offer, label in labels.items() if offer in reference.offers)
    draw = partial(sections.draw_advisors_and_trainings, reference)
    return {name: draw} if name else {}


st.title("使い方・出典", anchor=False)
widgets.draw_tabs(
    "about.tab",
    {
        "使い方": lambda: st.markdown(sections.how_to(reference.offers)),
        "指標の定義": sections.draw_indicators,
        "制度値": partial(sections.draw_terms, terms, today),
        "事業の説明": partial(sections.draw_programme, reference),
        **_advisors_and_trainings(),
        "出典": partial(sections.draw_sources, reference),
        "見やすさ・個人情報": lambda: st.markdown(sections.ACCESSIBILITY),
    },
)
