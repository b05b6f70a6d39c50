"""The secretariat's desk: outcomes that may be published, their text, and taking them off."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.access.principal import Principal
from core.commands.outcomes import publish_outcome, unpublish_outcome
from core.consultation.example import ExampleState
from core.consultation.request import MAX_BODY, MAX_TITLE
from core.support.outcome import OutcomeText
from core.support.visit import Visit
from core.values.fiscal import era_date
from core.views.outcomes import OwnOutcome, outcome_desk_view
from dashboard import context
from dashboard.kit import widgets
from dashboard.kit.answer import answer
from dashboard.kit.confirm import confirm
from dashboard.kit.form import Fields
from dashboard.kit.submit import request_id, submit
from dashboard.kit.typed import escaped, paragraphs

_RECORDS = 240
"""Height of what was recorded, px: the text is written beside it."""


def draw_desk(principal: Principal) -> None:
    """What waits for a text first."""
    found = context.answer(outcome_desk_view, principal)
    st.subheader("公開の準備", anchor=False)
    open_ = [each for each in found if each.last and each.last.state is not ExampleState.DECLINED]
    if not open_:
        widgets.empty_state(
            f"紹介に同意した{context.names().towns}はまだありません。{context.names().towns}が同意すると、ここに出ます。",
            "lightbulb",
        )
    order = (ExampleState.CONSENTED, ExampleState.PUBLISHED, ExampleState.UNPUBLISHED)
    for each in sorted(open_, key=lambda e: order.index(e.last.state) if e.last else 0):
        _draw(each)


def _draw(outcome: OwnOutcome) -> None:
    last, key = outcome.last, outcome.key
    assert last is not None  # noqa: S101  of those without one nothing is drawn
    town = context.reference().called(outcome.lg_code)
    plan = context.reference().plan_title(key.plan, outcome.contract.fiscal_year)
    visit = f" 第{outcome.held[0].serial}回" if outcome.visit else ""
    form = f"outcome.publish.{key.contract_id}.{key.plan}.{key.visit_id}"
    unfolded = last.state is ExampleState.CONSENTED
    with st.expander(escaped(f"{last.state.label} {town} {plan}{visit}"), expanded=unfolded):
        with st.container(border=True, height=_RECORDS):
            for each in outcome.held:
                _draw_record(each)
        field = Fields(f"{form}.{request_id(form)}.{last.event_id}")
        text = last.text or OutcomeText("", "", "")
        st.caption("団体名・氏名・事業者名を書かずに、他の団体に役立つことを書きます。")
        field("outcome_title", st.text_input, f"題名(必須、{MAX_TITLE}文字まで)", text.title)
        field("outcome_topic", st.text_area, f"課題と取組(必須、{MAX_BODY:,}文字まで)", text.topic)
        field("outcome_result", st.text_area, f"成果(必須、{MAX_BODY:,}文字まで)", text.result)
        with st.container(horizontal=True):
            published = last.state is ExampleState.PUBLISHED
            pressed = st.button("文を直す" if published else "公開する", type="primary", key=form)
            if published:
                confirm(
                    "公開を終える",
                    f"「{escaped(text.title)}」を一覧から外します。同意は残ります。",
                    partial(unpublish_outcome, lg_code=outcome.lg_code, key=key),
                    key=last.event_id,
                    form=f"{form}.off",
                    done="公開を終えました。",
                    icon="visibility_off",
                )
        if pressed:
            asked = field.values
            written = OutcomeText(
                asked["outcome_title"], asked["outcome_topic"], asked["outcome_result"]
            )
            submit(
                form,
                partial(
                    publish_outcome,
                    lg_code=outcome.lg_code,
                    key=key,
                    text=written,
                    seen_event=last.event_id,
                ),
                "公開しました。下の「事例を探す」に出ます。",
                field.places,
            )
    answer(form)


def _draw_record(visit: Visit) -> None:
    held = visit.held
    if held is None:
        return
    st.markdown(f"**第{visit.serial}回** {era_date(held.day)} {escaped(held.topic)}")
    st.markdown(paragraphs(held.done))
