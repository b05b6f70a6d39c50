"""照会の組立て: what is asked of whom until when, as a draft or to be changed while it is open."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import streamlit as st

from core.access.principal import Principal, shown_name
from core.commands.inquiries import add_inquiry_documents, compose_inquiry
from core.inquiry.composition import EXPLANATION, TITLE, WHY, AudienceKind, audience_problems
from core.inquiry.difference import composition_differences, question_words
from core.inquiry.kinds.registry import KINDS
from core.inquiry.response import japan_moment
from core.inquiry.typed import read_typed
from core.values.fiscal import FiscalYear
from core.views.inquiries import InquiryAnswer, audience_view
from dashboard import context
from dashboard.inquiries import preview, publishing
from dashboard.inquiries.question_form import QuestionForm, heading, years
from dashboard.inquiries.working import Working, later
from dashboard.kit import written
from dashboard.kit.answer import answer
from dashboard.kit.cards import Action, Badge, Card, Tone, cards
from dashboard.kit.choice import choose
from dashboard.kit.chosen_file import file_field
from dashboard.kit.form import Place, form_box
from dashboard.kit.sight import opened_mark
from dashboard.kit.sticky import result_bar
from dashboard.kit.submit import refuse, request_id, submit
from dashboard.kit.tables import table
from dashboard.kit.typed import escaped

_DAYS: dict[str, Any] = {
    "min_value": date(2000, 4, 1),
    "max_value": date(2098, 12, 31),
    "format": "YYYY-MM-DD",
}
_FORM, _SEEN = "form", "seen"


def draw(principal: Principal, found: InquiryAnswer) -> None:
    """The form of an inquiry, or how a municipality will see it."""
    working = Working(found.inquiry)
    shown = choose(
        st.segmented_control,
        "表示",
        {_FORM: "編集", _SEEN: "市町村からの見え方"},
        key=f"{working.form}.view",
        default=_FORM,
        required=True,
        label_visibility="collapsed",
    )
    if shown == _SEEN:
        composition = read_typed(working.typed).composition
        preview.draw(composition, found, key=f"{working.form}.seen")
        return
    _Composing(principal, found, working).draw()


class _Composing:
    """Draws the form.

    Attributes:
        places: By the name the commands give a field.
    """

    def __init__(self, principal: Principal, found: InquiryAnswer, working: Working) -> None:
        self._principal, self._found, self._working = principal, found, working
        self._published = found.inquiry.published
        self.places: dict[str, Place] = {}

    def draw(self) -> None:
        """Everything, and at the foot what is done with it."""
        working = self._working
        if working.stale:
            self._draw_stale()
        with form_box(working.form):
            self._draw_general()
            self._draw_documents()
        self._draw_questions()
        self._draw_foot()

    # ── what is asked of whom ─────────────────────────────────────────────────────────────────

    def _draw_general(self) -> None:
        typed = self._working.typed
        self._text("title", TITLE.label, TITLE.longest, typed.title, required=True)
        labels = {year: FiscalYear(year).full_label for year in years(typed.fiscal_year)}
        self._field(
            "fiscal_year",
            partial(choose, st.selectbox),
            "年度",
            labels,
            typed.fiscal_year,
            disabled=self._published,
            width=260,
        )
        if self._published:
            closes = self._found.inquiry.closes_at
            st.caption(
                escaped(
                    f"締切 {japan_moment(closes)}(「経過」で変えられます)。"
                    "照会先・年度・結果を伏せるかどうかは、公開した後は変えられません。"
                )
            )
        else:
            self._draw_moments()
            self._draw_audience()
        self._text(
            "why",
            WHY.label,
            WHY.longest,
            typed.why,
            lines=True,
            height=90,
            placeholder="例: 総務省からの照会(令和8年11月20日付け)による",
        )
        self._text(
            "explanation",
            EXPLANATION.label,
            EXPLANATION.longest,
            typed.explanation,
            lines=True,
            height=90,
        )
        if not self._published:
            self._field(
                "hidden",
                st.checkbox,
                "結果を公開するまで、回答の中身を事務局にも見せない(投票)",
                typed.hidden,
            )

    def _draw_moments(self) -> None:
        typed = self._working.typed
        with st.grid("auto", min_column_width=150):
            for name, what in (("opens", "受付開始"), ("closes", "締切")):
                day, clock = getattr(typed, f"{name}_day"), getattr(typed, f"{name}_clock")
                usual = date.fromisoformat(day) if day else None
                with _cell():
                    held = self._field(f"{name}_day", st.date_input, f"{what}の日", usual, **_DAYS)
                    self._place(f"{name}_at", held)
                with _cell():
                    self._clock(name, what, clock)

    def _clock(self, name: str, what: str, typed: str) -> None:
        """A time as it is typed; what cannot be read stays, and is said beneath."""
        key = self._working.field(f"{name}_clock")
        usual = "24:00(その日のうち)" if name == "closes" else "0:00"
        st.session_state.setdefault(key, typed)
        held = written.clock(f"{what}の時刻", key=key, placeholder=f"空けると{usual}")
        self._place(f"{name}_clock", held)

    def _draw_audience(self) -> None:
        typed, reference = self._working.typed, context.reference()
        systems = reference.procurements
        with st.grid("auto", min_column_width=220):
            with _cell():
                kind = self._field(
                    "audience",
                    partial(choose, st.selectbox),
                    "照会先",
                    {each.value: each.label for each in AudienceKind},
                    typed.audience,
                )
            with _cell():
                match AudienceKind(kind):
                    case AudienceKind.AREA:
                        areas = {each.label: each.label for each in reference.areas}
                        self._choice("area", "地域", areas, typed.area)
                    case AudienceKind.IN_SYSTEM | AudienceKind.NOT_IN_SYSTEM:
                        labels = {key: systems.programme(key).label for key in systems.systems}
                        self._choice("programme", "共同調達", labels, typed.programme)
                    case AudienceKind.LIST:
                        self._field(
                            "codes",
                            partial(choose, st.multiselect),
                            "照会する団体",
                            {each.lg_code: each.name for each in reference.municipalities},
                            list(typed.codes),
                            placeholder="選択してください",
                        )
        self._draw_asked()

    def _choice(self, name: str, label: str, labels: Mapping[str, str], usual: str) -> None:
        self._field(
            name,
            partial(choose, st.selectbox),
            label,
            labels,
            usual or None,
            placeholder="選択してください",
        )

    def _draw_asked(self) -> None:
        """Whom it would ask if it were published now."""
        audience = read_typed(self._working.typed).composition.audience
        if audience_problems(audience, self._found.scope):
            return
        codes = context.answer(
            audience_view, self._principal, audience=audience, day=context.today()
        )
        towns = context.reference().by_code
        names = [towns[code].name for code in codes]
        if audience.kind is AudienceKind.ALL:
            st.caption(f"いま公開すると、{len(names)}団体に照会します。")
            return
        with st.expander(f"いま公開すると、{len(names)}団体に照会します", icon=":material/group:"):
            st.markdown(escaped("、".join(names) or "当てはまる団体がありません。"))

    # ── attachments ───────────────────────────────────────────────────────────────────────────

    def _draw_documents(self) -> None:
        """Letters that go with it: added at once, taken out again with the draft."""
        working, files = self._working, self._found.files
        form = f"{working.form}.files"
        for number in working.typed.attachments:
            with st.container(horizontal=True, vertical_alignment="center"):
                name = files[number].name if number in files else f"資料{number}"
                st.link_button(
                    escaped(name), f"/inquiry-documents/{number}", icon=":material/attach_file:"
                )
                st.button(
                    "外す",
                    key=f"{form}.out.{number}",
                    on_click=later(working.inquiry, partial(_without_document, number)),
                )
        offered = file_field(f"{form}.{request_id(form)}")
        st.caption("国の通知、要領など。照会先の全団体が読めます。")
        place = Place(f"{form}.place", [file.name for file in offered])
        if offered and st.button("添付する", icon=":material/upload_file:", key=form):
            add = partial(
                add_inquiry_documents,
                inquiry_id=working.inquiry.inquiry_id,
                question="",
                files=offered,
            )

            def added(numbers: tuple[int, ...]) -> str:
                held = working.typed.attachments
                working.put(replace(working.typed, attachments=(*held, *numbers)))
                return f"{len(numbers)}個のファイルを添付しました。保存すると照会に付きます。"

            submit(form, add, added, {"attachments": place})
        answer(form)
        self.places["attachments"] = place

    # ── questions ─────────────────────────────────────────────────────────────────────────────

    def _draw_questions(self) -> None:
        working = self._working
        typed = working.typed
        st.subheader(f"設問 {len(typed.questions)}", anchor=False)
        problems = publishing.problems_of(working, self._found) if working.checked else {}
        rows = list(typed.questions)
        at = next((n for n, each in enumerate(rows) if each.key == working.open), len(rows))
        self._draw_rows(0, at, problems, "above")
        if at < len(rows):
            question = rows[at]
            mark = opened_mark(f"{working.form}.{question.key}")
            with mark, form_box(f"{working.form}.question"):
                st.markdown(f"##### {heading(at + 1, question)}")
                locked = self._published and question.key in working.base.composition.by_key
                form = QuestionForm(working, question, locked=locked)
                form.draw()
                self.places |= form.places
            self._draw_rows(at + 1, len(rows), problems, "below")
        if working.removed:
            st.button(
                f"削除した「{escaped(working.removed)}」を元に戻す",
                icon=":material/undo:",
                key=f"{working.key}.restore",
                on_click=later(working.inquiry, Working.restore),
            )
        self._draw_adding()

    def _draw_rows(self, first: int, last: int, problems: Mapping[str, str], place: str) -> None:
        working = self._working
        composition = read_typed(working.typed).composition
        rows = []
        for number in range(first, last):
            question = composition.questions[number]
            said = [
                text
                for field, text in problems.items()
                if field.startswith(f"questions.{question.key}.")
            ]
            rows.append(
                Card(
                    question.key,
                    f"設問{number + 1} {question.label or '(設問文なし)'}",
                    badges=(Badge("直してください", Tone.BAD),) if said else (),
                    lines=(question_words(question, composition, self._found.scope),),
                    text=" ".join(said),
                    actions=tuple(self._acts(question.key, number, len(composition.questions))),
                )
            )
        if rows:
            cards(rows, key=f"{working.form}.rows.{place}", rows=True, level=3)

    def _acts(self, key: str, number: int, count: int) -> Iterator[Action]:
        inquiry = self._working.inquiry

        def act(label: str, change: Callable[[Working], None]) -> Action:
            return Action(label, on_press=later(inquiry, change))

        yield act("開く", lambda w: w.put(w.typed, key))
        published = self._published and key in self._working.base.composition.by_key
        if number and not published:
            yield act("上へ", lambda w: w.put(w.typed.moved(key, -1)))
        if number + 1 < count and not published:
            yield act("下へ", lambda w: w.put(w.typed.moved(key, 1)))
        yield act("複製", lambda w: w.put(*w.typed.duplicated(key)))
        if not published:
            yield act("削除", lambda w: w.remove(key))

    def _draw_adding(self) -> None:
        working = self._working
        field = f"{working.form}.add.kind"

        def add(each: Working) -> None:
            kind = st.session_state.get(field, "text")
            each.put(*each.typed.added(kind))

        with st.container(horizontal=True, vertical_alignment="bottom"):
            choose(
                st.selectbox,
                "加える設問",
                {key: kind.label for key, kind in KINDS.items()},
                "text",
                key=field,
                width=260,
            )
            st.button(
                "設問を加える",
                icon=":material/add:",
                key=f"{working.form}.add",
                on_click=later(working.inquiry, add),
            )
        self._place("questions", len(working.typed.questions))

    # ── what is done with it ──────────────────────────────────────────────────────────────────

    def _draw_foot(self) -> None:
        working = self._working
        with result_bar(working.form):
            if self._published:
                publishing.draw_change(working, self._found, self.places)
            else:
                with st.container(horizontal=True):
                    if st.button("下書きを保存する", icon=":material/save:", key=working.form):
                        save(working, self.places)
                    publishing.draw_publish(
                        self._principal, working, self._found, self.places, partial(save, working)
                    )
            answer(working.form)
            if working.changed:
                st.caption(
                    "保存していない入力があります。この画面を離れても、サインアウトするまで残ります。"
                )
        tell = publishing.told(working)
        if tell:
            refuse(tell, self.places)

    def _draw_stale(self) -> None:
        """What somebody else saved meanwhile, and the two ways on."""
        working, last = self._working, self._working.inquiry.versions[-1]
        who, when = shown_name(last.recorded_by), japan_moment(last.recorded_at)
        with st.container(border=True):
            st.warning(
                escaped(
                    f"{who}が{when}にこの照会の設問を変えました。下の入力は、その前の内容をもとにしています。"
                ),
                icon=":material/warning:",
            )
            found = composition_differences(
                working.base.composition, last.composition, self._found.scope
            )
            table(
                {
                    "変わったところ": [each.what for each in found],
                    "前": [each.before for each in found],
                    "後": [each.after for each in found],
                },
                "ほかの人が変えたところ",
            )
            with st.container(horizontal=True):
                st.button(
                    "変わった内容を読み込む(ここの入力は捨てる)",
                    key=f"{working.form}.reload",
                    on_click=later(working.inquiry, Working.forget),
                )
                if not self._published:
                    st.button(
                        "ここの入力を残す(保存すると上書きする)",
                        key=f"{working.form}.rebase",
                        on_click=later(working.inquiry, Working.rebase),
                    )

    # ── fields ────────────────────────────────────────────────────────────────────────────────

    def _text(self, name: str, label: str, longest: int, value: str, **more: Any) -> None:
        self._field(name, written.text, label, longest=longest, value=value, **more)

    def _field(self, name: str, draw: Callable[..., Any], *args: Any, **more: Any) -> Any:
        found = draw(*args, key=self._working.field(name), **more)
        self._place(name, found)
        return found

    def _place(self, name: str, held: object) -> None:
        kept = tuple(held) if isinstance(held, list) else held
        self.places[name] = Place(self._working.field(f"{name}.place"), kept)


def save(working: Working, places: Mapping[str, Place], after: Callable[[], object] = bool) -> None:
    """Keep what is typed as a draft; the reader is led to what cannot be kept.

    Args:
        after: Called once it is kept.
    """
    read = read_typed(working.typed)
    if read.problems:
        publishing.lead_to(working, read.problems, places)
        return
    title = working.typed.title.strip()

    def saved(_: int) -> str:
        working.saved()
        after()
        return f"「{title}」の下書きを保存しました。"

    try_it = partial(
        compose_inquiry,
        inquiry_id=working.inquiry.inquiry_id,
        composition=read.composition,
        seen_version=working.base.version_id,
    )
    submit(working.form, try_it, saved, places)


def _without_document(number: int, working: Working) -> None:
    kept = tuple(each for each in working.typed.attachments if each != number)
    working.put(replace(working.typed, attachments=kept))


@contextmanager
def _cell() -> Iterator[None]:
    with st.container(gap="xsmall"):
        yield
