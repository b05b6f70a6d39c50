"""日程の提案への返事, of an adviser or of the secretariat."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.commands.proposals import accept_proposal, decline_proposal
from core.support.proposal import ProposalEvent
from dashboard import context
from dashboard.kit.answer import answer
from dashboard.kit.form import Fields
from dashboard.kit.submit import request_id, submit
from dashboard.kit.typed import escaped, paragraphs


def draw_answering(lg_code: str, visit_id: int, proposal: ProposalEvent, seen: int) -> None:
    """The days that were proposed, each a button; or none of them.

    Args:
        seen: Number of the last event of the visit's proposals.
    """
    town = context.reference().called(lg_code)
    st.info(
        escaped(f"{town}から日程の提案があります。")
        + (f" {paragraphs(proposal.note)}" if proposal.note else ""),
        icon=":material/mark_email_unread:",
    )
    form = f"proposal.answer.{visit_id}"
    with st.container(horizontal=True):
        for number, day in enumerate(proposal.days):
            if st.button(
                escaped(f"{day.label}に決める"), icon=":material/check:", key=f"{form}.{number}"
            ):
                submit(
                    form,
                    partial(
                        accept_proposal,
                        lg_code=lg_code,
                        visit_id=visit_id,
                        chosen=day,
                        seen_event=seen,
                    ),
                    f"{town}の支援回を{day.label}に決めました。",
                )
        with st.popover("どの日も難しい", icon=":material/event_busy:", key=f"{form}.box"):
            field = Fields(f"{form}.{request_id(form)}.{seen}")
            field("reason", st.text_area, "理由(必須)", height=80)
            if st.button("見送りを伝える", type="primary", key=f"{form}.decline"):
                submit(
                    form,
                    partial(
                        decline_proposal,
                        lg_code=lg_code,
                        visit_id=visit_id,
                        reason=field.values["reason"],
                        seen_event=seen,
                    ),
                    f"{town}に見送りを伝えました。",
                    field.places,
                )
    answer(form)
