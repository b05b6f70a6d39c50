"""受領票の印刷: what Ctrl+P of an answered inquiry gives; never on screen."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

import streamlit as st

from core.inquiry.answer import BLANK_LABEL
from core.inquiry.reading import asked, words_of
from core.views.inquiries import AnsweringAnswer
from dashboard import context
from dashboard.inquiries.answering_receipts import receipt_lines, receipts_of
from dashboard.kit.widgets import MADE_UP, made_up


def draw_printed(found: AnsweringAnswer) -> None:
    """The receipt of what was handed in last, and the answers it stands for; nothing without one."""
    handed_in = found.response.handed_in
    receipt = receipts_of(context.who()).get(handed_in[-1].event_id) if handed_in else None
    if receipt is None:
        return
    event = handed_in[-1]
    composition = found.inquiry.version_of(event.version_id).composition
    town = context.reference().called(event.lg_code)
    lines = _rows(receipt_lines(found, event, receipt, town).items())
    answers = event.answers or {}
    said = _rows(
        (
            f"{composition.number_of(each.key)}. {each.label}",
            words_of(each, answers.get(each.key), found.scope) or BLANK_LABEL,
        )
        for each in asked(composition, answers)
    )
    st.html(
        f'<article class="noriai-printed">{f"<p><b>{MADE_UP}</b></p>" if made_up() else ""}'
        f"<h2>受領票</h2><table><tbody>{lines}</tbody></table>"
        f"<h3>提出した回答</h3><table><tbody>{said}</tbody></table></article>"
    )


def _rows(lines: Iterable[tuple[str, str]]) -> str:
    return "".join(
        f"<tr><th>{escape(name)}</th><td>{escape(text)}</td></tr>" for name, text in lines
    )
