"""The form a training is created and revised with; times that are not known stay empty."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, time
from functools import partial
from typing import Any, TypeVar

import streamlit as st

from core.commands.trainings import create_training, revise_training
from core.news.letter import Touched
from core.training.form import MAX_MATERIALS, MAX_SEATS, MAX_SESSIONS, FormRules, checked_content
from core.training.training import Material, Training, TrainingContent, TrainingSession
from core.training.vocabulary import Audience, SessionFormat, TrainingKind, TrainingState
from core.values.errors import InvalidInputError
from core.values.written_number import Clock, counted, read_clock, read_number
from dashboard import context
from dashboard.kit.address import open_detail
from dashboard.kit.answer import answer
from dashboard.kit.choice import choose
from dashboard.kit.form import Fields, Place, form_box
from dashboard.kit.letters import draw_coming_letters, touched_by
from dashboard.kit.submit import refuse, request_id, submit
from dashboard.kit.typed import escaped

V = TypeVar("V")

TELL = "training.tell"
"""Session: somebody is to be told of what was just done; the letters are opened."""
_DAYS: dict[str, Any] = {
    "min_value": date(2000, 4, 1),
    "max_value": date(2098, 12, 31),
    "format": "YYYY-MM-DD",
}
_NO_DAY = date.max
"""Stands in a form for a day that was not given; never kept."""
_END_OF_DAY = Clock(24)


@dataclass
class _Form:
    """One form while it is drawn.

    Attributes:
        fields: Draws; ``values`` and ``places`` by the name the command gives a field.
        problems: What could not be read, by field.
        moved: Name the command gives a row's fields, by the name they were drawn under.
    """

    fields: Fields
    problems: dict[str, str] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)

    def text(self, name: str, label: str, value: str, **more: Any) -> str:
        draw = more.pop("draw", st.text_input)
        return str(self.fields(name, draw, label, value, **more))

    def number(self, name: str, label: str, value: int | None, **more: Any) -> int | None:
        """人数; None for nothing."""

        def read(text: str) -> int:
            return read_number(text, counted("人"), least=1, most=MAX_SEATS)

        return self._read(name, label, "" if value is None else f"{value:,}", read, **more)

    def clock(self, name: str, label: str, value: Clock | None, **more: Any) -> Clock | None:
        """時刻; None for nothing."""
        shown = "" if value is None else str(value)
        return self._read(name, label, shown, read_clock, placeholder="例: 14:00", **more)

    def _read(
        self, name: str, label: str, value: str, read: Callable[[str], V], **more: Any
    ) -> V | None:
        typed = self.text(name, label, value, **more)
        if not typed.strip():
            return None
        try:
            return read(typed)
        except ValueError as error:
            self.problems[name] = str(error)
            return None

    @property
    def places(self) -> dict[str, Place]:
        """Places by the name the command gives a field."""
        return {self.named(name): place for name, place in self.fields.places.items()}

    def named(self, name: str) -> str:
        """As the command names it: rows that say nothing are not counted."""
        row, _, rest = name.rpartition(".")
        return f"{self.moved[row]}.{rest}" if row in self.moved else name


def _new() -> TrainingContent:
    host = context.names().prefecture
    return TrainingContent(TrainingKind.CONSULTATION_MEETING, "", "", "", (), host)


def draw_form(training: Training | None) -> None:
    """All fields of a training: what is revised, or a new one for None."""
    before = training.content if training else _new()
    form = f"training.{training.training_id if training else 'new'}"
    key = f"form.{request_id(form)}.{training.version if training else 0}"
    drawn = _Form(Fields(key))
    days = _rows(f"{key}.sessions", max(1, len(before.sessions)), MAX_SESSIONS)
    papers = _rows(f"{key}.materials", len(before.materials), MAX_MATERIALS)
    with form_box(form):
        general = _general(drawn, before)
        st.markdown("##### 日程")
        st.caption(
            "時刻・会場・定員が決まっていないときは空けてください。0時や0人にはならず、「不明」と表示します。"
        )
        sessions = [
            _session(drawn, n, before.sessions[n] if n < len(before.sessions) else None, training)
            for n in range(days)
        ]
        if papers:
            st.markdown("##### 資料")
        written = [*before.materials, *[Material("")] * papers]
        materials = [_material(drawn, n, written[n]) for n in range(papers)]
        with st.container(horizontal=True):
            more_days = st.button(
                "日程を1つ足す", icon=":material/add:", key=f"{key}.sessions.more"
            )
            more_papers = st.button(
                "資料を1つ足す", icon=":material/add:", key=f"{key}.materials.more"
            )
        label = "この内容に直す" if training else "下書きを作る"
        pressed = st.button(label, type="primary", icon=":material/save:", key=form)
    for more, name, rows in (
        (more_days, "sessions", days),
        (more_papers, "materials", papers),
    ):
        if more:
            st.session_state[f"{key}.{name}.rows"] = rows + 1
            st.rerun()
    if training:
        st.caption("公開中の研修を直すと、すぐに画面とカレンダーに反映されます。")
    content = TrainingContent(
        **general,
        sessions=_counted(drawn, "sessions", sessions),
        materials=_counted(drawn, "materials", materials),
    )
    agreed = st.session_state.pop(f"{key}.agreed", False)
    if pressed or agreed:
        problems = _problems(content, drawn)
        if problems:
            refuse(problems, drawn.places)
        elif pressed and (touched := _touched(training, content)):
            st.session_state[f"{key}.asks"] = True
            _ask_first(key, touched)
        else:
            _save(training, content, form, drawn.places, touching=agreed)
    elif st.session_state.get(f"{key}.asks") and (touched := _touched(training, content)):
        _ask_first(key, touched)
    answer(form)


def _touched(training: Training | None, content: TrainingContent) -> Touched | None:
    """Whom saving would touch; None for nobody."""
    if training is None or training.state is not TrainingState.PUBLISHED:
        return None
    touched = touched_by(training.training_id, content)
    return touched if touched.sentence else None


def _ask_first(key: str, touched: Touched) -> None:
    """Say whom the change touches before it is saved, and what they will be told."""

    def close() -> None:
        st.session_state.pop(f"{key}.asks", None)

    def draw() -> None:
        st.markdown(escaped(touched.sentence))
        draw_coming_letters(touched)
        st.caption(
            "直すと「申込者・出席」が開き、この文面を送れます。"
            "各団体のお知らせとカレンダーには、そのまま載ります。"
        )
        with st.container(horizontal=True):
            go = st.button("この内容に直す", type="primary", key=f"{key}.go")
            keep = st.button("やめる", key=f"{key}.keep")
        if go:
            st.session_state[f"{key}.agreed"] = True
        if go or keep:
            close()
            st.rerun()

    st.dialog("申込者に関わる変更です", on_dismiss=close, icon=":material/group:")(draw)()


def _rows(key: str, known: int, most: int) -> int:
    return min(most, max(known, int(st.session_state.get(f"{key}.rows", 0))))


def _counted(drawn: _Form, name: str, rows: list[V | None]) -> tuple[V, ...]:
    """The rows that say anything, numbered as the command numbers them."""
    kept = [number for number, row in enumerate(rows, start=1) if row is not None]
    for place, number in enumerate(kept, start=1):
        drawn.moved[f"{name}.{number}"] = f"{name}.{place}"
    return tuple(row for row in rows if row is not None)


def _save(
    training: Training | None,
    content: TrainingContent,
    form: str,
    places: Mapping[str, Place],
    *,
    touching: bool,
) -> None:
    def revised(_: None) -> str:
        if touching:
            st.session_state[TELL] = True
        return f"「{content.title.strip()}」を直しました。"

    if training is not None:
        submit(
            form,
            partial(
                revise_training,
                training_id=training.training_id,
                content=content,
                seen_version=training.version,
            ),
            revised,
            places,
        )
        return

    def done(made: str) -> str:
        open_detail("training", made)
        return "下書きを作りました。確かめてから公開してください。"

    submit(form, partial(create_training, content=content), done, places)


def _problems(content: TrainingContent, drawn: _Form) -> dict[str, str]:
    """What cannot be read or is missing, with what the content by itself is refused for."""
    problems = {drawn.named(name): words for name, words in drawn.problems.items()}
    without_day = [n for n, each in enumerate(content.sessions, start=1) if each.date == _NO_DAY]
    problems |= {f"sessions.{n}.date": f"日程{n}の日付を入力してください。" for n in without_day}
    reference = context.reference()
    rules = FormRules(
        themes=frozenset(reference.trainings.theme_labels),
        municipalities=frozenset(m.lg_code for m in reference.municipalities),
        known=frozenset(each.session_id for each in content.sessions),
    )
    placed = tuple(
        replace(each, date=context.today()) if each.date == _NO_DAY else each
        for each in content.sessions
    )
    try:
        checked_content(replace(content, sessions=placed), rules)
    except InvalidInputError as error:
        whole = ("sessions", "deadline") if without_day else ()  # said of days nobody gave
        problems = {k: v for k, v in error.problems.items() if k not in whole} | problems
    return problems


def _general(drawn: _Form, before: TrainingContent) -> dict[str, Any]:
    reference = context.reference()
    left, right = st.columns(2)
    kinds = {each.value: each.value for each in TrainingKind}
    kind = drawn.fields(
        "kind", partial(choose, left.selectbox), "種別(必須)", kinds, before.kind.value, at=left
    )
    theme = drawn.fields(
        "theme",
        partial(choose, right.selectbox),
        "テーマ(必須)",
        reference.trainings.theme_labels,
        before.theme,
        at=right,
        placeholder="選択してください",
    )
    title = drawn.text("title", "題名(必須)", before.title)
    purpose = drawn.text("purpose", "主旨(必須)", before.purpose, draw=st.text_area)
    left, middle, right = st.columns(3)
    host = drawn.text("host", "主催(必須)", before.host, draw=left.text_input, at=left)
    co_host = drawn.text(
        "co_host", "共催(なければ空ける)", before.co_host or "", draw=middle.text_input, at=middle
    )
    speaker = drawn.text(
        "speaker", "登壇者(未定なら空ける)", before.speaker or "", draw=right.text_input, at=right
    )
    left, right = st.columns([1, 2])
    audience = drawn.fields(
        "audience",
        partial(choose, left.selectbox),
        "対象",
        {"": "記載なし"} | {each.value: each.label for each in Audience},
        before.audience or "",
        at=left,
    )
    named = drawn.fields(
        "named",
        partial(choose, right.multiselect),
        "指定した団体(対象が「指定した団体」のとき)",
        {m.lg_code: m.name for m in reference.municipalities},
        before.named,
        at=right,
        placeholder="選択してください",
    )
    left, middle, right = st.columns(3)
    deadline = drawn.fields(
        "deadline",
        left.date_input,
        "申込締切日(なければ開始まで)",
        before.deadline,
        at=left,
        **_DAYS,
    )
    closing = drawn.clock(
        "deadline_time",
        "締切時刻(空けるとその日の24:00)",
        _closing(before),
        draw=middle.text_input,
        at=middle,
    )
    seats = drawn.number(
        "seats_per_municipality",
        "1団体の上限人数(なければ空ける)",
        before.seats_per_municipality,
        draw=right.text_input,
        at=right,
    )
    covered = drawn.text("covered", "実施内容(終わってから)", before.covered, draw=st.text_area)
    open_data = drawn.fields(
        "open_data", st.checkbox, "公開可(オープンデータに載せる)", before.open_data
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
        "seats_per_municipality": seats,
        "deadline": deadline if isinstance(deadline, date) else None,
        "deadline_time": None if closing in (None, _END_OF_DAY) else closing.time,
        "open_data": open_data,
    }


def _closing(before: TrainingContent) -> Clock | None:
    """締切時刻 as the form shows it: the end of a day is 24:00."""
    if before.deadline is None:
        return None
    at = before.deadline_time
    return _END_OF_DAY if at is None else Clock.of(at)


def _time(drawn: _Form, name: str, label: str, value: time | None) -> time | None:
    """A time within the day of a session."""
    found = drawn.clock(name, label, None if value is None else Clock.of(value))
    if found == _END_OF_DAY:
        drawn.problems[name] = "24:00は使えません。その日の23:59までの時刻を書いてください。"
        return None
    return None if found is None else found.time


def _session(
    drawn: _Form, place: int, known: TrainingSession | None, training: Training | None
) -> TrainingSession | None:
    """Fields of one 日程; None for a further one that says nothing, or that a draft drops."""
    number, key = place + 1, f"sessions.{place + 1}"
    before = known or TrainingSession("", _NO_DAY)
    must = "、必須" if known or not place else ""
    with st.container(border=True):
        st.markdown(f"**日程{number}**")
        with st.grid("auto", min_column_width=150):
            with _cell():
                day = drawn.fields(
                    f"{key}.date",
                    st.date_input,
                    f"日付(日程{number}{must})",
                    known.date if known else None,
                    **_DAYS,
                )
            with _cell():
                start = _time(drawn, f"{key}.start", f"開始時刻(日程{number})", before.start)
            with _cell():
                end = _time(drawn, f"{key}.end", f"終了時刻(日程{number})", before.end)
            with _cell():
                capacity = drawn.number(
                    f"{key}.capacity",
                    f"定員(日程{number})",
                    before.capacity,
                    placeholder="記載なし",
                    help="空欄は「定員の記載なし」と表示し、人数で締め切りません。",
                )
        formats = drawn.fields(
            f"{key}.formats",
            partial(choose, st.pills),
            f"開催形式(日程{number}。決まっていなければ選ばない)",
            SessionFormat,
            before.formats or (),
            selection_mode="multi",
        )
        with st.grid("auto", min_column_width=260):
            with _cell():
                where = drawn.text(f"{key}.place", f"会場(日程{number})", before.place or "")
            with _cell():
                address = drawn.text(
                    f"{key}.joining_address",
                    f"オンラインの参加用アドレス(日程{number})",
                    before.joining_address,
                    help="参加が確定した団体だけに表示します。",
                )
        off, dropped = _leaves_out(drawn, key, number, known, training)
    said = any((day, start, end, capacity, formats, where.strip(), address.strip()))
    unread = any(name.startswith(f"{key}.") for name in drawn.problems)
    if dropped or not (known or not place or said or unread):
        for name in [name for name in drawn.problems if name.startswith(f"{key}.")]:
            del drawn.problems[name]
        return None
    return TrainingSession(
        session_id=before.session_id,
        date=day if isinstance(day, date) else _NO_DAY,
        start=start,
        end=end,
        formats=tuple(formats) or None,
        place=where,
        joining_address=address,
        capacity=capacity,
        cancelled=off,
    )


def _leaves_out(
    drawn: _Form,
    key: str,
    number: int,
    known: TrainingSession | None,
    training: Training | None,
) -> tuple[bool, bool]:
    """Whether a session is taken off, which readers see; whether a draft drops it."""
    if known is None or training is None:
        return False, False
    if training.state is TrainingState.DRAFT:
        words = f"この日程を下書きから外す(日程{number})"
        return known.cancelled, bool(drawn.fields(f"{key}.dropped", st.checkbox, words))
    words = f"この日程を取りやめる(日程{number})"
    return bool(drawn.fields(f"{key}.cancelled", st.checkbox, words, known.cancelled)), False


@contextmanager
def _cell() -> Iterator[None]:
    """A field and the place beneath it, side by side with others."""
    with st.container(gap="xsmall"):
        yield


def _material(drawn: _Form, place: int, before: Material) -> Material | None:
    """Fields of one 資料; None when it says nothing."""
    number, key = place + 1, f"materials.{place + 1}"
    with st.grid("auto", min_column_width=240):
        with _cell():
            label = drawn.text(f"{key}.label", f"資料{number}の名前", before.label)
        with _cell():
            url = drawn.text(f"{key}.url", f"資料{number}のアドレス", before.url)
        with _cell():
            text = drawn.text(f"{key}.text", f"資料{number}の説明", before.text)
    found = Material(label, url, text)
    return found if any(each.strip() for each in (label, url, text)) else None
