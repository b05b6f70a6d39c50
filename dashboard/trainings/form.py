"""The form a training is created and revised with; times that are not known stay empty."""

from __future__ import annotations

from datetime import date, time
from functools import partial
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.commands.trainings import create_training, revise_training
from core.training.form import MAX_MATERIALS, MAX_SESSIONS
from core.training.training import Material, Training, TrainingContent, TrainingSession
from core.training.vocabulary import Audience, SessionFormat, TrainingKind
from core.values.errors import InvalidInputError
from dashboard import context
from dashboard.kit import widgets
from dashboard.kit.address import open_detail
from dashboard.kit.choice import choose
from dashboard.kit.submit import request_id, submit
from dashboard.kit.typed import escaped

_NEW = TrainingContent(TrainingKind.CONSULTATION_MEETING, "", "", "", ())
_DAYS: dict[str, Any] = {
    "min_value": date(2000, 4, 1),
    "max_value": date(2098, 12, 31),
    "format": "YYYY-MM-DD",
}
_STEP = 300


def draw_form(training: Training | None) -> None:
    """All fields of a training: what is revised, or a new one for None."""
    before = training.content if training else _NEW
    form = f"training.{training.training_id if training else 'new'}"
    key = f"form.{request_id(form)}.{training.version if training else 0}"
    known = len(before.sessions)
    with st.container(horizontal=True):
        sessions = st.number_input(
            "日程の数", 1, MAX_SESSIONS, max(1, known), key=f"{key}.sessions", width=160
        )
        materials = st.number_input(
            "資料の数", 0, MAX_MATERIALS, len(before.materials), key=f"{key}.materials", width=160
        )
    with st.form(f"{key}.form", enter_to_submit=False):
        general = _general(key, before)
        st.markdown("##### 日程")
        st.caption("時刻・会場・定員が決まっていないときは空けてください。0時や0人にはなりません。")
        days = [
            _session(f"{key}.s{n}", n + 1, before.sessions[n] if n < known else None)
            for n in range(int(sessions))
        ]
        if materials:
            st.markdown("##### 資料")
        written = [*before.materials, *[Material("")] * int(materials)]
        papers = tuple(_material(f"{key}.m{n}", n + 1, written[n]) for n in range(int(materials)))
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
    _save(training, TrainingContent(**general, sessions=found, materials=papers), form)


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


def _general(key: str, before: TrainingContent) -> dict[str, Any]:
    reference = context.reference()
    themes = reference.trainings.theme_labels
    left, right = st.columns(2)
    kinds = {each.value: each.value for each in TrainingKind}
    kind = choose(left.selectbox, "種別", kinds, before.kind.value, key=f"{key}.kind")
    theme = choose(
        right.selectbox,
        "テーマ",
        themes,
        before.theme,
        placeholder="選択してください",
        key=f"{key}.theme",
    )
    title = st.text_input("題名", before.title, key=f"{key}.title")
    purpose = st.text_area("主旨", before.purpose, key=f"{key}.purpose")
    left, middle, right = st.columns(3)
    host = left.text_input("主催", before.host, key=f"{key}.host")
    co_host = middle.text_input("共催(なければ空ける)", before.co_host or "", key=f"{key}.co_host")
    speaker = right.text_input("登壇者(未定なら空ける)", before.speaker or "", key=f"{key}.speaker")
    left, right = st.columns([1, 2])
    audience = choose(
        left.selectbox,
        "対象",
        {"": "記載なし"} | {each.value: each.label for each in Audience},
        before.audience or "",
        key=f"{key}.audience",
    )
    named = choose(
        right.multiselect,
        "指定した団体(対象が「指定した団体」のとき)",
        {m.lg_code: m.name for m in reference.municipalities},
        before.named,
        placeholder="選択してください",
        key=f"{key}.named",
    )
    left, middle, right = st.columns(3)
    deadline = left.date_input(
        "申込締切日(なければ開始まで)", before.deadline, **_DAYS, key=f"{key}.deadline"
    )
    deadline_time = _clock(middle, "締切時刻", before.deadline_time, f"{key}.at")
    seats = right.number_input(
        "1団体の上限人数(なければ空ける)",
        1,
        value=before.seats_per_municipality,
        key=f"{key}.seats",
    )
    covered = st.text_area("実施内容(終わってから)", before.covered, key=f"{key}.covered")
    open_data = st.checkbox(
        "公開可(オープンデータに載せる)", before.open_data, key=f"{key}.open_data"
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


def _clock(place: DeltaGenerator, label: str, value: time | None, key: str) -> time | None:
    found = place.time_input(escaped(label), value, step=_STEP, key=key)
    return found if isinstance(found, time) else None


def _session(key: str, number: int, known: TrainingSession | None) -> TrainingSession | None:
    """Fields of one 日程; None while its day is missing."""
    before = known or TrainingSession("", date.max)
    with st.container(border=True):
        st.markdown(f"**日程{number}**")
        with st.grid("auto", min_column_width=150) as grid:
            day = st.date_input(
                f"日付(日程{number})", known.date if known else None, **_DAYS, key=f"{key}.date"
            )
            start = _clock(grid, f"開始時刻(日程{number})", before.start, f"{key}.start")
            end = _clock(grid, f"終了時刻(日程{number})", before.end, f"{key}.end")
            capacity = st.number_input(
                f"定員(日程{number})",
                1,
                value=before.capacity,
                placeholder="記載なし",
                help="空欄は「定員の記載なし」と表示し、人数で締め切りません。",
                key=f"{key}.capacity",
            )
        formats = choose(
            st.pills,
            f"開催形式(日程{number}。決まっていなければ選ばない)",
            SessionFormat,
            before.formats or (),
            selection_mode="multi",
            key=f"{key}.formats",
        )
        with st.grid("auto", min_column_width=260):
            place = st.text_input(f"会場(日程{number})", before.place or "", key=f"{key}.place")
            address = st.text_input(
                f"オンラインの参加用アドレス(日程{number})",
                before.joining_address,
                key=f"{key}.address",
                help="参加が確定した団体だけに表示します。",
            )
        off = known is not None and st.checkbox(
            f"この日程を取りやめる(日程{number})", before.cancelled, key=f"{key}.off"
        )
    if not isinstance(day, date):
        return None
    return TrainingSession(
        session_id=before.session_id,
        date=day,
        start=start,
        end=end,
        formats=tuple(formats) or None,
        place=place,
        joining_address=address,
        capacity=None if capacity is None else int(capacity),
        cancelled=off,
    )


def _material(key: str, number: int, before: Material) -> Material:
    with st.grid("auto", min_column_width=240):
        return Material(
            st.text_input(f"資料{number}の名前", before.label, key=f"{key}.label"),
            st.text_input(f"資料{number}のアドレス", before.url, key=f"{key}.url"),
            st.text_input(f"資料{number}の説明", before.text, key=f"{key}.text"),
        )
