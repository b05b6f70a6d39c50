"""実施 of a visit: the short form, for what was planned, what was not, and what is amended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

import streamlit as st

from core.consultation.attachment import OfferedFile
from core.consultation.theme import MeetingForm
from core.support.contract import ContractTerms
from core.support.expert import Expert
from core.support.visit import ATTENDED, DONE, FOLLOWING, TOPIC, Held, Planned
from dashboard import context
from dashboard.kit import written
from dashboard.kit.choice import choose
from dashboard.kit.chosen_file import file_field
from dashboard.kit.form import Fields

SATISFACTION = {0: "未記入", 5: "5(満足)", 4: "4", 3: "3(ふつう)", 2: "2", 1: "1(不満)"}

ATTENDED_LABEL = f"{ATTENDED.label}(課名と人数。個人の氏名は書かないでください)"
USUAL_MINUTES = 120
"""What stands in the field before anything is typed."""


def draw_held_fields(
    field: Fields,
    known: Held | None,
    day: date,
    terms: ContractTerms,
    experts: Sequence[Expert],
    *,
    planned: Planned | None = None,
    with_files: bool = True,
) -> tuple[Held | None, Sequence[OfferedFile], dict[str, str]]:
    """実施, its files, and what stands in the fields that cannot be read.

    Args:
        known: What was recorded; None for a visit not yet held.
        day: What stands as 実施日 at first.
        experts: Who can be named.
        planned: What was planned.
    """
    left, middle, right = st.columns(3)
    held_on = field(
        "day",
        left.date_input,
        "実施日(必須)",
        known.day if known else min(max(day, terms.first_day), context.today()),
        at=left,
        format="YYYY-MM-DD",
    )
    with middle:
        minutes = field(
            "minutes",
            written.count,
            "時間(分)",
            unit="分",
            value=known.minutes if known else USUAL_MINUTES,
            required=True,
        )
    usual = known.meeting if known else (planned and planned.meeting) or MeetingForm.ON_SITE
    with right:
        chosen = field(
            "meeting",
            partial(choose, st.radio),
            "形式(必須)",
            (MeetingForm.ON_SITE, MeetingForm.ONLINE),
            usual.value,
            horizontal=True,
        )
    usually = known or planned
    expert = draw_expert(field, experts, usually.expert_id if usually else None)
    topic = field("topic", st.text_input, f"{TOPIC.label}(必須)", known.topic if known else "")
    done = field(
        "done", st.text_area, f"{DONE.label}(必須)", known.done if known else "", height=100
    )
    following = field(
        "following", st.text_area, FOLLOWING.label, known.following if known else "", height=80
    )
    attended = field(
        "attended",
        st.text_input,
        ATTENDED_LABEL,
        known.attended if known else "",
        placeholder="例: DX推進課2人、情報政策課1人",
    )
    rated = field(
        "satisfaction",
        partial(choose, st.radio),
        "満足度",
        SATISFACTION,
        known.satisfaction or 0 if known else 0,
        horizontal=True,
    )
    files = field("attachments", file_field) if with_files else []
    unread = {}
    if not isinstance(held_on, date):
        unread["day"] = "実施日を選んでください。"
    if minutes is None:
        unread["minutes"] = "時間を分で入力してください。"
    if not isinstance(held_on, date) or minutes is None:
        return None, files, unread
    return (
        Held(held_on, minutes, chosen, attended, topic, done, following, rated or None, expert),
        files,
        {},
    )


def draw_expert(field: Fields, experts: Sequence[Expert], known: int | None) -> int | None:
    """Who of the vendor comes or came; nothing to choose where nobody can be named."""
    if not experts:
        return known
    names = {0: "未定", **{each.expert_id: each.name for each in experts}}
    usual = known if known in names else 0
    chosen = field("expert_id", partial(choose, st.selectbox), "担当の専門人材", names, usual)
    return int(chosen or 0) or None
