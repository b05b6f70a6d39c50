"""照会の経過: what may be done with a published inquiry, what was done with it, and its versions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from itertools import pairwise

import streamlit as st
from sqlalchemy import Engine

from core.access.principal import Principal, shown_name
from core.commands.inquiries import take_inquiry_step
from core.inquiry.board import days_left, last_day
from core.inquiry.difference import composition_differences
from core.inquiry.response import japan_moment
from core.inquiry.round import Inquiry, InquiryStep
from core.inquiry.typed import typed_of
from core.store.inquiries import Clock
from core.values.errors import InvalidInputError
from core.values.written_number import Clock as TimeOfDay
from core.values.written_number import read_clock
from core.views.inquiries import InquiryAnswer
from dashboard import context
from dashboard.inquiries import letters
from dashboard.inquiries.publishing import change_form, publish_form
from dashboard.kit.answer import answer, answered
from dashboard.kit.confirm import confirm
from dashboard.kit.form import Place
from dashboard.kit.tables import table
from dashboard.kit.typed import Markdown, escaped
from dashboard.kit.widgets import empty_state, some_of

_LABELS: Mapping[InquiryStep, tuple[str, str]] = {
    InquiryStep.EXTENDED: ("締切を変える", "event"),
    InquiryStep.CLOSED: ("受付を終える", "event_busy"),
    InquiryStep.REOPENED: ("受付を再開する", "event_available"),
    InquiryStep.REVEALED: ("結果を公開する", "visibility"),
    InquiryStep.WITHDRAWN: ("照会を取り下げる", "cancel"),
}


def draw(principal: Principal, found: InquiryAnswer) -> None:
    """Acts, letters, events, versions."""
    inquiry = found.inquiry
    for form in (publish_form(inquiry.inquiry_id), change_form(inquiry.inquiry_id)):
        answer(form)
    if not inquiry.published:
        empty_state("公開すると、締切の変更・受付の終了・取下げがここでできます。", "schedule")
    else:
        _draw_steps(found)
        st.subheader("連絡", anchor=False)
        just = answered(publish_form(inquiry.inquiry_id))
        letters.draw(principal, inquiry.inquiry_id, opened=just)
        _draw_events(found)
    _draw_versions(found)


def _draw_steps(found: InquiryAnswer) -> None:
    inquiry, now = found.inquiry, context.now()
    steps = inquiry.steps(now)
    with st.container(horizontal=True):
        for step, (label, icon) in _LABELS.items():
            if step in steps:
                _Step(found, step).draw(label, icon)
    left = days_left(inquiry.closes_at, now)
    if InquiryStep.EXTENDED in steps:
        st.caption(escaped(f"締切は{japan_moment(inquiry.closes_at)}(あと{left}日)です。"))


class _Step:
    """A button and what it asks before it is done."""

    def __init__(self, found: InquiryAnswer, step: InquiryStep) -> None:
        self._found, self._step = found, step
        self._inquiry = found.inquiry
        self._form = f"inquiry.{step.value}.{found.inquiry.inquiry_id}"

    def draw(self, label: str, icon: str) -> None:
        """The button, its dialog, its answer."""
        said, title = self._meaning(), self._inquiry.composition.title
        number = self._inquiry.number.label
        confirm(
            escaped(label),
            Markdown(f"**{escaped(f'{number} {title}')}**  \n{escaped(said)}"),
            self._take,
            key=self._inquiry.last.recorded_at.isoformat(),
            form=self._form,
            done=self._done,
            danger=self._step in (InquiryStep.WITHDRAWN, InquiryStep.CLOSED),
            icon=icon,
            fields=self._fields,
        )

    def _meaning(self) -> str:
        board = self._found.board
        rows = board.rows if board else ()
        missing = [row.lg_code for row in board.missing] if board else []
        towns = context.reference().ever
        waiting = some_of(towns[code].name for code in missing)
        match self._step:
            case InquiryStep.EXTENDED:
                return (
                    f"いまの締切は{japan_moment(self._inquiry.closes_at)}です。"
                    f"照会した{len(rows)}団体のお知らせに出ます。"
                )
            case InquiryStep.CLOSED:
                late = f"まだ提出していない{len(missing)}団体({waiting})は" if missing else "今後は"
                return f"締切を待たずに受付を終えます。{late}提出できなくなります。あとで再開できます。"
            case InquiryStep.REOPENED:
                return f"新しい締切まで、{len(rows)}団体が提出し直せます。お知らせに出ます。"
            case InquiryStep.REVEALED:
                return (
                    f"提出した{board.are_in if board else 0}団体の回答が、事務局の画面・集計・会議の画面に出ます。"
                    "元には戻せません。"
                )
        return (
            f"{len(rows)}団体に照会したことを取り下げます。提出された回答と下書きは記録に残りますが、"
            "新しく回答できなくなります。元には戻せません。理由は各団体のお知らせに出ます。"
        )

    def _fields(self) -> Mapping[str, Place]:
        places: dict[str, Place] = {}
        if self._step in (InquiryStep.EXTENDED, InquiryStep.REOPENED):
            usual = typed_of(self._inquiry.composition)
            last = max(last_day(self._inquiry.closes_at), context.today())
            left, right = st.columns(2)
            left.date_input(
                "新しい締切の日",
                last,
                min_value=date(2000, 4, 1),
                max_value=date(2098, 12, 31),
                format="YYYY-MM-DD",
                key=f"{self._form}.day",
            )
            right.text_input(
                "時刻",
                usual.closes_clock,
                key=f"{self._form}.clock",
                placeholder="空けると24:00(その日のうち)",
            )
            places["closes_at"] = Place(f"{self._form}.closes_at")
        if self._step is not InquiryStep.REVEALED:
            must = "必須" if self._step is InquiryStep.WITHDRAWN else "任意"
            st.text_area(
                escaped(f"理由({must}。各団体に見えます)"),
                key=f"{self._form}.reason",
                height=80,
            )
            places["reason"] = Place(f"{self._form}.reason.place")
        return places

    def _take(
        self, engine: Engine, principal: Principal, *, clock: Clock, request_id: str, now: datetime
    ) -> datetime | None:
        """With what stands in the fields when the button in the dialog is pressed."""
        closes = self._closes() if f"{self._form}.day" in st.session_state else None
        take_inquiry_step(
            engine,
            principal,
            inquiry_id=self._inquiry.inquiry_id,
            step=self._step,
            closes_at=closes,
            reason=str(st.session_state.get(f"{self._form}.reason", "")),
            seen_event=self._inquiry.events[-1].event_id,
            reference=context.reference(),
            clock=clock,
            request_id=request_id,
            now=now,
        )
        return closes

    def _closes(self) -> datetime | None:
        day: date | None = st.session_state[f"{self._form}.day"]
        text = str(st.session_state[f"{self._form}.clock"])
        try:
            at = read_clock(text) if text.strip() else TimeOfDay(24)
        except ValueError as error:
            raise InvalidInputError({"closes_at": f"締切の時刻: {error}"}) from None
        return None if day is None else at.on(day)

    def _done(self, closes: datetime | None) -> str:
        number = self._inquiry.number.label
        if closes is not None:
            again = (
                "受付を再開しました" if self._step is InquiryStep.REOPENED else "締切を変えました"
            )
            return f"{number}の{again}。新しい締切は{japan_moment(closes)}です。下の「連絡」でメールでも知らせられます。"
        said = {
            InquiryStep.CLOSED: "受付を終えました。",
            InquiryStep.REVEALED: "結果を公開しました。",
            InquiryStep.WITHDRAWN: "照会を取り下げました。各団体のお知らせに出ました。",
        }
        return f"{number}: {said[self._step]}"


def _draw_events(found: InquiryAnswer) -> None:
    inquiry = found.inquiry
    st.subheader("これまでの経過", anchor=False)
    events = inquiry.events[::-1]
    columns: dict[str, list[str]] = {
        "日時": [japan_moment(each.recorded_at) for each in events],
        "経過": [each.step.label for each in events],
        "締切": [japan_moment(each.closes_at) if each.closes_at else "" for each in events],
        "照会先": [f"{len(each.audience)}団体" if each.audience else "" for each in events],
        "理由": [each.reason for each in events],
        "記録した人": [shown_name(each.recorded_by) for each in events],
    }
    table({name: cells for name, cells in columns.items() if any(cells)}, "照会の経過、新しい順")


def _draw_versions(found: InquiryAnswer) -> None:
    """What differed from each version to the next, newest first."""
    inquiry = found.inquiry
    st.subheader(f"設問の版 {len(inquiry.versions)}", anchor=False)
    published = _published_versions(inquiry)
    for number, (before, after) in reversed(list(enumerate(pairwise(inquiry.versions), start=2))):
        differences = composition_differences(before.composition, after.composition, found.scope)
        mark = "・公開" if after.version_id in published else ""
        who, when = shown_name(after.recorded_by), japan_moment(after.recorded_at)
        with st.expander(escaped(f"第{number}版{mark} {when} {who}: {len(differences)}か所")):
            if not differences:
                st.caption("前の版と同じ内容です。")
                continue
            table(
                {
                    "変わったところ": [each.what for each in differences],
                    "前": [each.before for each in differences],
                    "後": [each.after for each in differences],
                },
                f"第{number}版で変わったところ",
            )
    first = inquiry.versions[0]
    mark = "・公開" if first.version_id in published else ""
    st.caption(
        escaped(f"第1版{mark} {japan_moment(first.recorded_at)} {shown_name(first.recorded_by)}")
    )


def _published_versions(inquiry: Inquiry) -> set[int]:
    return {each.version_id for each in inquiry.events if each.version_id is not None}
