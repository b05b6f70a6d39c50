"""The form a training is created and revised with; times that are not known stay empty."""

from __future__ import annotations

from datetime import date, time
from functools import partial
from typing import TypeVar

import streamlit as st

from core.commands.trainings import create_training, revise_training
from core.training.form import MAX_MATERIALS, MAX_SESSIONS
from core.training.training import Material, Training, TrainingContent, TrainingSession
from core.training.vocabulary import Audience, SessionFormat, TrainingKind
from core.values.errors import InvalidInputError
from dashboard import context
from dashboard.kit import widgets
from dashboard.kit.address import open_detail
from dashboard.kit.submit import request_id, submit

_FORMATS = {each.value: each.label for each in SessionFormat}
_AUDIENCES = {each.value: each.label for each in Audience}
_FIRST, _LAST = date(2000, 4, 1), date(2098, 12, 31)
_STEP = 300
T = TypeVar("T")


def draw_form(training: Training | None) -> None:
    """All fields of a training.

    Args:
        principal: The secretariat.
        training: What is revised; None for a new one.
    """
    before = training.content if training else None
    form = f"training.{training.training_id if training else 'new'}"
    key = f"form.{request_id(form)}.{training.version if training else 0}"
    known = len(before.sessions) if before else 0
    with st.container(horizontal=True):
        sessions = st.number_input(
            "日程の数", 1, MAX_SESSIONS, max(1, known), key=f"{key}.sessions", width=160
        )
        materials = st.number_input(
            "資料の数",
            0,
            MAX_MATERIALS,
            len(before.materials) if before else 0,
            key=f"{key}.materials",
            width=160,
        )
    with st.form(f"{key}.form", enter_to_submit=False):
        general = _general(key, before)
        st.markdown("##### 日程")
        st.caption("時刻・会場・定員が決まっていないときは空けてください。0時や0人にはなりません。")
        days = [
            _session(f"{key}.s{n}", n + 1, before.sessions[n] if before and n < known else None)
            for n in range(int(sessions))
        ]
        if materials:
            st.markdown("##### 資料")
        papers = tuple(
            _material(f"{key}.m{n}", n + 1, _nth(before.materials if before else (), n))
            for n in range(int(materials))
        )
        label = "この内容に直す" if training else "下書きを作る"
        pressed = st.form_submit_button(label, type="primary", icon=":material/save:")
    if training:
        st.caption("公開中の研修を直すと、すぐに画面とカレンダーに反映されます。")
    if not pressed:
        return
    missing = {
        f"sessions.{number}.date": f"日程{number}の日付を入力してください。"
        for number, day in enumerate(days, start=1)
        if day is None
    }
    if missing:
        widgets.show_refusal(InvalidInputError(missing))
        return
    found = tuple(day for day in days if day is not None)
    content = TrainingContent(**general, sessions=found, materials=papers)
    _save(training, content, form)


def _nth(values: tuple[T, ...], number: int) -> T | None:
    return values[number] if number < len(values) else None


def _save(training: Training | None, content: TrainingContent, form: str) -> None:
    if training is not None:
        submit(
            form,
            partial(
                revise_training,
                training_id=training.training_id,
                content=content,
                seen_version=training.version,
            ),
            f"「{content.title.strip()}」を直しました。",
        )
        return

    def done(made: str) -> str:
        open_detail("training", made)
        return "下書きを作りました。確かめてから公開してください。"

    submit(form, partial(create_training, content=content), done)


def _general(key: str, before: TrainingContent | None) -> dict:  # type: ignore[type-arg]
    reference = context.reference()
    themes = reference.trainings.theme_labels
    names = {m.lg_code: m.name for m in reference.municipalities}
    left, right = st.columns(2)
    with left:
        kind = st.selectbox(
            "種別",
            [each.value for each in TrainingKind],
            index=list(TrainingKind).index(before.kind) if before else 0,
            key=f"{key}.kind",
        )
    with right:
        theme = st.selectbox(
            "テーマ",
            list(themes),
            index=list(themes).index(before.theme) if before and before.theme in themes else None,
            format_func=themes.__getitem__,
            placeholder="選択してください",
            key=f"{key}.theme",
        )
    title = st.text_input("題名", before.title if before else "", key=f"{key}.title")
    purpose = st.text_area("主旨", before.purpose if before else "", key=f"{key}.purpose")
    left, middle, right = st.columns(3)
    with left:
        host = st.text_input("主催", before.host if before else "大阪府", key=f"{key}.host")
    with middle:
        co_host = st.text_input(
            "共催(なければ空ける)", (before.co_host or "") if before else "", key=f"{key}.co_host"
        )
    with right:
        speaker = st.text_input(
            "登壇者(未定なら空ける)", (before.speaker or "") if before else "", key=f"{key}.speaker"
        )
    left, right = st.columns([1, 2])
    audiences = ["", *_AUDIENCES]
    with left:
        audience = st.selectbox(
            "対象",
            audiences,
            index=audiences.index(before.audience.value) if before and before.audience else 0,
            format_func=lambda value: _AUDIENCES.get(value, "記載なし"),
            key=f"{key}.audience",
        )
    with right:
        named = st.multiselect(
            "指定した団体(対象が「指定した団体」のとき)",
            list(names),
            list(before.named) if before else [],
            format_func=names.__getitem__,
            placeholder="選択してください",
            key=f"{key}.named",
        )
    left, middle, right = st.columns(3)
    with left:
        deadline = st.date_input(
            "申込締切日(なければ開始まで)",
            before.deadline if before else None,
            _FIRST,
            _LAST,
            format="YYYY-MM-DD",
            key=f"{key}.deadline",
        )
    with middle:
        deadline_time = _clock("締切時刻", before.deadline_time if before else None, f"{key}.at")
    with right:
        seats = st.number_input(
            "1団体の上限人数(なければ空ける)",
            1,
            value=before.seats_per_municipality if before else None,
            key=f"{key}.seats",
        )
    covered = st.text_area(
        "実施内容(終わってから)", before.covered if before else "",
        key=f"{key}.covered",
    )  # fmt: skip
    open_data = st.checkbox(
        "公開可(オープンデータに載せる)",
        before.open_data if before else False,
        key=f"{key}.open_data",
    )
    return {
        "kind": TrainingKind(kind),
        "title": title,
        "purpose": purpose,
        "theme": theme or "",
        "covered": covered,
        "audience": Audience(audience) if audience else None,
        "named": tuple(named),
        "host": host,
        "co_host": co_host,
        "speaker": speaker,
        "seats_per_municipality": None if seats is None else int(seats),
        "deadline": deadline,
        "deadline_time": deadline_time,
        "open_data": open_data,
    }


def _clock(label: str, value: time | None, key: str) -> time | None:
    found = st.time_input(label, value, step=_STEP, key=key)
    return found if isinstance(found, time) else None


def _session(key: str, number: int, before: TrainingSession | None) -> TrainingSession | None:
    """Fields of one 日程; None while its day is missing."""
    with st.container(border=True):
        st.markdown(f"**日程{number}**")
        with st.grid("auto", min_column_width=150):
            day = st.date_input(
                f"日付(日程{number})",
                before.date if before else None,
                _FIRST,
                _LAST,
                format="YYYY-MM-DD",
                key=f"{key}.date",
            )
            start = _clock(
                f"開始時刻(日程{number})", before.start if before else None, f"{key}.start"
            )
            end = _clock(f"終了時刻(日程{number})", before.end if before else None, f"{key}.end")
            capacity = st.number_input(
                f"定員(日程{number})",
                1,
                value=before.capacity if before else None,
                placeholder="記載なし",
                help="空欄は「定員の記載なし」と表示し、人数で締め切りません。",
                key=f"{key}.capacity",
            )
        formats = st.pills(
            f"開催形式(日程{number}。決まっていなければ選ばない)",
            list(_FORMATS),
            selection_mode="multi",
            default=[each.value for each in (before.formats or ())] if before else None,
            format_func=_FORMATS.__getitem__,
            key=f"{key}.formats",
        )
        with st.grid("auto", min_column_width=260):
            place = st.text_input(
                f"会場(日程{number})", (before.place or "") if before else "", key=f"{key}.place"
            )
            address = st.text_input(
                f"オンラインの参加用アドレス(日程{number})",
                before.joining_address if before else "",
                key=f"{key}.address",
                help="参加が確定した団体だけに表示します。",
            )
        off = False
        if before:
            off = st.checkbox(
                f"この日程を取りやめる(日程{number})", before.cancelled, key=f"{key}.off"
            )
    if not isinstance(day, date):
        return None
    return TrainingSession(
        session_id=before.session_id if before else "",
        date=day,
        start=start,
        end=end,
        formats=tuple(SessionFormat(each) for each in formats) or None,
        place=place,
        joining_address=address,
        capacity=None if capacity is None else int(capacity),
        cancelled=off,
    )


def _material(key: str, number: int, before: Material | None) -> Material:
    with st.grid("auto", min_column_width=240):
        label = st.text_input(
            f"資料{number}の名前", before.label if before else "", key=f"{key}.label"
        )
        url = st.text_input(
            f"資料{number}のアドレス", before.url if before else "", key=f"{key}.url"
        )
        text = st.text_input(
            f"資料{number}の説明", before.text if before else "", key=f"{key}.text"
        )
    return Material(label, url, text)
