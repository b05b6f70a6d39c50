"""様式(Excel): taken along, filled in and brought back, or filled in on the screen."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import streamlit as st

from core.access.principal import Principal
from core.commands.forms import TakenForm, take_form
from core.consultation.attachment import MAX_BYTES, OfferedFile
from core.exports.file import file_name
from core.exports.form.handed_out import handed_out
from core.inquiry.answer import Value
from core.inquiry.form.damage import FormReading
from core.inquiry.form.field import FormLayout
from core.inquiry.form.recognise import given_values
from core.inquiry.kinds.excel_form import layout_of, values_of
from core.views.forms import form_to_fill_view
from dashboard import context
from dashboard.inquiries.fields.field import Attaching, Field, say_problem
from dashboard.inquiries.fields.form_cells import draw_cells
from dashboard.inquiries.form_damages import draw_damages, values_table
from dashboard.kit import widgets
from dashboard.kit.answer import answer
from dashboard.kit.choice import choose
from dashboard.kit.chosen_file import choose_file
from dashboard.kit.form import Fields
from dashboard.kit.making import step
from dashboard.kit.sight import number, opened_mark
from dashboard.kit.submit import download, request_id, submit
from dashboard.kit.typed import escaped

_MEGABYTE = 1024 * 1024
_WAYS = {"excel": "Excelで記入する", "screen": "画面で記入する"}


def draw(field: Field) -> Value:
    """Both ways; what is in the form so far is the answer, however it came there."""
    if field.question.form is None or not field.question.layout:
        st.caption("様式はまだ登録されていません。")
        return None
    return _Form(field).draw()


class _Form:
    def __init__(self, field: Field) -> None:
        self._field, self._key = field, field.key
        self._layout: FormLayout = layout_of(field.question)
        self._attaching: Attaching | None = (
            field.attaching if field.attaching and field.attaching.lg_code else None
        )
        self._held: dict[str, Any] = st.session_state.setdefault(f"{field.key}.form", _begun(field))

    def draw(self) -> Value:
        way = "screen"
        if self._attaching is not None:
            way = choose(
                st.segmented_control,
                "記入のしかた",
                _WAYS,
                "excel",
                key=f"{self._key}.way",
                required=True,
                disabled=self._field.disabled,
            )
        if way == "screen" or self._attaching is None:
            self._draw_screen()
        else:
            self._draw_excel(self._attaching)
        typed = self._typed()
        self._draw_state(typed)
        return typed

    # ── in Excel ──────────────────────────────────────────────────────────────────────────────

    def _draw_excel(self, attaching: Attaching) -> None:
        town = self._field.scope.reference.ever[attaching.lg_code].name
        made_up = widgets.made_up()
        download(
            "記入用の様式(Excel)",
            partial(_made, attaching.lg_code, attaching.inquiry_id, self._field.question.key),
            file_name(self._field.question.label[:40], town, suffix=".xlsx", made_up=made_up),
            key=f"{self._key}.take",
            disabled=self._field.disabled,
        )
        st.caption(
            "団体コード・団体名と、これまでの記入(なければ前年の回答)を入れてあります。行や列を増やさずに記入してください。"
        )
        if self._field.disabled:
            return
        form = f"{self._key}.back"
        fields = Fields(f"{form}.{request_id(form)}")
        chosen = fields(
            "attachments",
            partial(
                choose_file,
                f"記入した様式(.xlsx、{MAX_BYTES // _MEGABYTE}MBまで)",
                type=["xlsx", "xlsm", "xls", "csv"],
                max_upload_size=MAX_BYTES // _MEGABYTE,
            ),
        )
        pressed = st.button(
            "記入した様式を確かめる", icon=":material/fact_check:", disabled=not chosen, key=form
        )
        answer(form)
        if pressed and chosen:
            take = partial(
                take_form,
                lg_code=attaching.lg_code,
                inquiry_id=attaching.inquiry_id,
                question=self._field.question.key,
                file=OfferedFile(chosen.name, chosen.getvalue()),
            )
            with st.spinner("様式を1セルずつ確かめています…"):
                submit(form, take, partial(self._taken, chosen.name), fields.places)
        self._draw_reading()

    def _taken(self, name: str, found: TakenForm) -> str:
        """Nothing is answered yet: what was found is shown beneath, and no number given for it."""
        st.session_state[f"{self._key}.read"] = {
            "name": name,
            "file": found.file_id,
            "reading": found.reading.as_json(),
            "number": number(),
        }
        return ""

    def _draw_reading(self) -> None:
        read = st.session_state.get(f"{self._key}.read")
        if not read:
            return
        reading = FormReading.of_plain(read["reading"])
        with opened_mark(f"{self._key}.read.{read['number']}"), st.container(border=True):
            st.markdown(f"**「{escaped(read['name'])}」の確認結果**")
            draw_damages(reading)
            st.caption(
                "この内容でよければ、回答に入れてください。まだ回答には入っていません。"
                if reading.can_be_taken
                else "Excelで直して保存し、もう一度確かめてください。まだ回答には入っていません。"
            )
            wrong = {each.key for each in reading.to_put_right}
            values_table(self._layout, reading.values, self._held["values"], wrong)
            with st.container(horizontal=True):
                if reading.can_be_taken:
                    st.button(
                        "この内容を回答に入れる",
                        type="primary",
                        icon=":material/input:",
                        key=f"{self._key}.in",
                        on_click=self._take_in,
                        args=(dict(reading.values), read["file"]),
                    )
                st.button(
                    "この確認結果を消す", key=f"{self._key}.leave", on_click=self._leave_reading
                )

    def _take_in(self, values: Mapping[str, str], file: int | None) -> None:
        held = st.session_state[f"{self._key}.form"]
        st.session_state[f"{self._key}.form"] = {
            "values": dict(values),
            "file": file,
            "times": held["times"] + 1,
        }
        self._leave_reading()

    def _leave_reading(self) -> None:
        st.session_state.pop(f"{self._key}.read", None)

    # ── on the screen ─────────────────────────────────────────────────────────────────────────

    def _draw_screen(self) -> None:
        before = dict(self._held["values"])
        values = draw_cells(
            self._layout,
            before,
            own=self._own(),
            key=f"{self._key}.cells.{self._held['times']}",
            disabled=self._field.disabled,
        )
        if values != before:
            self._held["values"] = values
            self._held["file"] = None  # what it says is no longer what is answered
            st.session_state[f"{self._key}.form"] = self._held

    def _own(self) -> Mapping[str, str]:
        """Code and name of who answers, where the form asks for them."""
        if self._attaching is None:
            return {}
        town = self._field.scope.reference.ever[self._attaching.lg_code]
        return given_values(self._layout, town.lg_code, town.name)

    # ── what is in it ─────────────────────────────────────────────────────────────────────────

    def _typed(self) -> Value:
        values = {key: value for key, value in self._held["values"].items() if value}
        own = self._own()
        if not values.keys() - own.keys() and self._held["file"] is None:
            return None
        found: dict[str, Value] = {"values": {**own, **values}}
        if self._held["file"] is not None:
            found["file"] = self._held["file"]
        return found

    def _draw_state(self, typed: Value) -> None:
        filled = len(values_of(typed))
        said = f"いまの回答: {len(self._layout.fields)}欄のうち{filled}欄に記入"
        if file := self._file_name(typed):
            said += f"(「{file}」から)"
        st.markdown(f"**{escaped(said)}**")
        say_problem(self._field, typed)
        on_screen = st.session_state.get(f"{self._key}.way") == "screen"
        if filled and self._attaching is not None and not on_screen:
            with st.expander("いまの回答を見る"):
                values_table(self._layout, values_of(typed))

    def _file_name(self, typed: Value) -> str:
        file = typed.get("file") if isinstance(typed, Mapping) else None
        return self._field.scope.files.get(file, "") if isinstance(file, int) else ""


def _begun(field: Field) -> dict[str, Any]:
    """What stands in it at first; the file of another inquiry's answer stays there."""
    typed = field.typed if isinstance(field.typed, Mapping) else {}
    file = typed.get("file")
    return {
        "values": dict(values_of(typed)),
        "file": file if file in field.scope.files else None,
        "times": 0,
    }


def _made(lg_code: str, inquiry_id: int, question: str, principal: Principal) -> bytes:
    step("様式に記入しています")
    found = form_to_fill_view(
        context.engine(),
        principal,
        context.reference(),
        lg_code=lg_code,
        inquiry_id=inquiry_id,
        question=question,
    )
    return handed_out(found.layout, found.body, found.values, made_up=widgets.made_up())
