"""How consultations are written on screen: track, day, sizes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from core.consultation.case import Consultation, KeptAttachment
from core.consultation.event import TRACK, ConsultationState, Step
from core.consultation.measures import SessionQuota
from core.consultation.theme import Theme
from core.values.fiscal import JAPAN, era_date, japan_day
from dashboard import context
from dashboard.kit.typed import Markdown, escaped, paragraphs

THEMES = {theme.value: f"{theme.menu} {theme.label}" for theme in Theme}
SHORT_NUMBERS = 150
"""Least width of a figure, px: none has more than three digits here."""


def track(consultation: Consultation) -> Markdown:
    """受付 → 調整中 → 日程決定 → 実施済 with the day each was recorded; told by mark and word."""
    recorded = {event.state: event for event in consultation.events}
    if consultation.state is ConsultationState.WITHDRAWN:
        last = consultation.last
        return Markdown(
            f"✓ 受付({japan_day(consultation.requested_at)}) → "
            f":red[**● 取下げ**({japan_day(last.recorded_at)})] 理由: {paragraphs(last.step.reason)}"
        )
    reached = TRACK.index(consultation.state)
    words: list[Markdown] = []
    for index, state in enumerate(TRACK):
        if index > reached:
            words.append(Markdown(f"○ {state.label}"))
        elif state not in recorded:
            words.append(Markdown(f"－ {state.label}(なし)"))
        else:
            day = japan_day(recorded[state].recorded_at)
            done = index < reached
            words.append(
                Markdown(f"✓ {state.label}({day})" if done else f"**● {state.label}**({day})")
            )
    return Markdown(" → ".join(words))


def meeting_line(step: Step) -> Markdown:
    """When and how a consultation is or was held."""
    if step.day is None:
        return Markdown("")
    held = step.state is ConsultationState.HELD
    parts = []
    if not held:
        parts.append(f"{step.start:%H:%M}開始" if step.start else "開始時刻は未定")
    if step.meeting is not None:
        parts.append(step.meeting.label)
    if not held:
        parts.append(step.place or "場所・接続先は未定")
    day = f"**{'実施日' if held else '実施予定日'}** {era_date(step.day)}({step.day.isoformat()})"
    return Markdown(f"{day}{escaped(''.join(f'・{part}' for part in parts))}")


def quota_words(quota: SessionQuota) -> str:
    """What the number of 相談会 left means, in sight."""
    if quota.foreseen is None:
        return "相談会の年間回数は登録されていません。相談は申し込めます。"
    carried = "(令和4年度の案内の回数を準用)" if quota.carried_over else "(令和4年度の案内による)"
    over = f"計画を{quota.exceeded}回超えています。" if quota.exceeded else ""
    return (
        f"相談会は{quota.fiscal_year.label}に{context.names().kind}全体で{quota.foreseen}回の計画です{carried}。"
        f"実施済{quota.held}回、日程決定{quota.scheduled}回。{over}"
        f"{context.names().towns}ごとの回数ではなく、残りが0回でも相談は申し込めます。"
    )


def warning(file: KeptAttachment) -> Markdown:
    """What the one who opens a file is told of it; empty for nothing."""
    if not file.findings:
        return Markdown("")
    found = escaped("。".join(finding.label for finding in file.findings))
    return Markdown(f"{found}。心当たりがなければ、開く前に送り主に確かめてください。")


def which(consultation: Consultation) -> dict[str, Any]:
    """How commands are told which one is meant."""
    return {"lg_code": consultation.lg_code, "consultation_id": consultation.consultation_id}


def heading(consultation: Consultation) -> str:
    """One line that names a consultation."""
    return f"{consultation.number.label} {consultation.request.title}({consultation.state.label})"


def moment(at: datetime) -> str:
    """A moment of a message, to the minute, in Japan."""
    return f"{at.astimezone(JAPAN):%Y-%m-%d %H:%M}"
