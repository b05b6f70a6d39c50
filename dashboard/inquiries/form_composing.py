"""様式の設問を組み立てる: the workbook, what of it is filled in, and the picture to see it by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any

import streamlit as st

from core.commands.forms import KeptForm, keep_form
from core.consultation.attachment import MAX_BYTES, CheckedFile, OfferedFile
from core.imports.form.place import area
from core.imports.form.reading import marked, sheet_picture
from core.inquiry.form.edited import carried_over, kinds_of, with_kind, without_field
from core.inquiry.form.field import FieldKind, FormField, FormLayout, FoundBy
from core.inquiry.form.picture import SheetPicture
from core.inquiry.form.recognise import identity_fields
from core.inquiry.typed import TypedQuestion
from core.values.errors import InvalidInputError
from core.values.free_text import LINE
from core.views.inquiries import inquiry_document_view
from dashboard import context
from dashboard.inquiries.sheet_drawn import draw_sheet, numbered_cells
from dashboard.inquiries.working import Working, later
from dashboard.kit import written
from dashboard.kit.answer import answer
from dashboard.kit.choice import choose
from dashboard.kit.chosen_file import choose_file
from dashboard.kit.form import Place
from dashboard.kit.rows import row
from dashboard.kit.sight import problem_mark
from dashboard.kit.submit import refuse, request_id, submit
from dashboard.kit.tables import table
from dashboard.kit.typed import escaped
from dashboard.kit.widgets import show_refusal

_MEGABYTE = 1024 * 1024
_LONGEST_CELLS = 2000


def draw(working: Working, question: TypedQuestion, *, locked: bool) -> Place:
    """The form of a question that is composed; says the place where its refusal stands.

    Args:
        locked: It is published: what is filled in stays as it is.
    """
    return _Form(working, question, locked=locked).draw()


class _Form:
    def __init__(self, working: Working, question: TypedQuestion, *, locked: bool) -> None:
        self._working, self._question, self._locked = working, question, locked
        self._form = f"{working.form}.form.{question.key}"
        self._key = f"{working.key}.form.{question.key}"
        self._layout = FormLayout.of_plain(question.layout) if question.layout else None

    def draw(self) -> Place:
        """The workbook, then what was found in it."""
        st.markdown("**様式のファイル**")
        body = self._draw_file()
        place = Place(f"{self._key}.place", (self._question.form, len(self._question.layout)))
        if not self._locked:
            self._draw_upload()
        if body is not None and self._layout is not None:
            self._draw_found(self._layout)
            self._draw_picture(self._layout, body.content)
            self._draw_fields(self._layout)
        return place

    # ── the workbook ──────────────────────────────────────────────────────────────────────────

    def _draw_file(self) -> CheckedFile | None:
        number = self._question.form
        if number is None:
            st.caption(
                "国などから届いたExcelブック(.xlsx)を、そのまま登録してください。記入するセルを自動で見つけます。"
                "一覧・数式・図は元のまま残ります。"
            )
            return None
        found = inquiry_document_view(context.engine(), context.who(), file_id=number)
        if found is None:
            st.warning("様式のファイルが見つかりません。登録し直してください。")
            return None
        st.link_button(
            escaped(found.name), f"/inquiry-documents/{number}", icon=":material/table_view:"
        )
        return found

    def _draw_upload(self) -> None:
        again = self._question.form is not None
        expander = st.expander("別のファイルに差し替える") if again else st.container()
        with expander:
            field = f"{self._form}.{request_id(self._form)}"
            chosen = choose_file(
                f"様式のExcelブック(.xlsx、{MAX_BYTES // _MEGABYTE}MBまで)",
                key=field,
                type=["xlsx"],
                max_upload_size=MAX_BYTES // _MEGABYTE,
                help="マクロ入りのブック(.xlsm)や、パスワードの付いたブックは登録できません。",
            )
            place = Place(f"{self._form}.place", chosen.name if chosen else None)
            pressed = st.button(
                "差し替える" if again else "様式を登録する",
                icon=":material/upload_file:",
                key=self._form,
                disabled=not chosen,
            )
            if pressed and chosen:
                keep = partial(
                    keep_form,
                    inquiry_id=self._working.inquiry.inquiry_id,
                    question=self._question.key,
                    file=OfferedFile(chosen.name, chosen.getvalue()),
                )
                with st.spinner("ブックを調べています…"):
                    submit(self._form, keep, self._kept, {"file": place, "attachments": place})
        answer(self._form)

    def _kept(self, found: KeptForm) -> str:
        before = self._layout
        layout = carried_over(found.layout, before) if before else found.layout
        layout = replace(layout, found_by=found.layout.found_by)
        self._put(self._working, layout, form=found.file_id)
        count = len(layout.fields)
        if not count:
            return "様式を登録しました。記入するセルが見つからないため、下の図で選んでください。"
        return f"様式を登録し、記入欄を{count}欄見つけました。下の図と表で確かめてください。"

    def _put(self, working: Working, layout: FormLayout, **more: Any) -> None:
        working.put(working.typed.put(self._question.key, layout=layout.as_json(), **more))

    def _later(self, change: Callable[[FormLayout], FormLayout]) -> Callable[[], None]:
        """A callback that changes the layout as it is typed by then."""

        def changed(working: Working) -> None:
            held = working.typed.question(self._question.key)
            if held is not None and held.layout:
                self._put(working, change(FormLayout.of_plain(held.layout)))

        return later(self._working.inquiry, changed)

    # ── what was found ────────────────────────────────────────────────────────────────────────

    def _draw_found(self, layout: FormLayout) -> None:
        count = len(layout.fields)
        if layout.found_by is FoundBy.NOTHING and not count:
            st.info(
                "保護されたシートのロックのないセルも、名前を付けたセルもありません。図のセルを押すか番地を入力して、"
                "記入するセルを選んでください。",
                icon=":material/ads_click:",
            )
        else:
            st.markdown(f"記入欄 **{count}欄**(見つけ方: {escaped(layout.found_by.label)})")
        for note in layout.notes:
            st.warning(escaped(note), icon=":material/info:")
        if not count:
            return
        numbers = {field.key: n for n, field in enumerate(layout.fields, start=1)}
        said = [
            f"{what}: 記入欄{numbers[field.key]}「{field.label}」({field.sheet} {field.address})"
            if field
            else f"{what}: ありません"
            for what, field in zip(("団体コード", "団体名"), identity_fields(layout), strict=True)
        ]
        st.caption(escaped(" / ".join(said)))
        if not any(identity_fields(layout)):
            st.caption(
                "団体コードか団体名の欄があると、配るときに記入して渡し、届いたファイルの団体を見分けられます。"
            )

    def _draw_picture(self, layout: FormLayout, body: bytes) -> None:
        try:
            pictures = _pictures(body)
        except InvalidInputError as error:
            show_refusal(error)
            return
        shown = {each.name: each for each in pictures if each.shown}
        if hidden := [each.name for each in pictures if not each.shown]:
            st.caption(escaped(f"非表示のシート: {'、'.join(hidden)}(元のまま残ります)"))
        names = {str(place): name for place, name in enumerate(shown)}
        chosen = "0"
        if len(names) > 1:
            chosen = choose(
                st.segmented_control, "シート", names, "0", key=f"{self._key}.sheet", required=True
            )
        picture = shown[names[chosen or "0"]]
        picked = self._picked(picture.name)
        numbered = numbered_cells(layout.fields).get(picture.name, {})
        if picture.cut:
            st.caption("図は大きなシートの一部です。図にないセルは、番地で選べます。")
        draw_sheet(
            picture,
            numbered,
            picked=picked,
            key=f"{self._key}.picture.{chosen}",
            on_press=partial(self._pick, picture.name),
        )
        st.caption(
            "青い枠が記入欄です。セルを押すと、下で名前・種類・必須を直したり、記入欄に加えたりできます。"
        )
        if picked:
            with row(f"{self._key}.picked"):
                if picked in numbered:
                    self._draw_field(*numbered[picked])
                elif not self._locked:
                    self._draw_add(layout, body, picture.name, picked)
        if not self._locked:
            self._draw_cells(layout, body, picture.name)

    def _picked(self, sheet: str) -> str:
        held = st.session_state.get(f"{self._key}.at", ["", ""])
        return str(held[1]) if held[0] == sheet else ""

    def _pick(self, sheet: str, address: str) -> None:
        st.session_state[f"{self._key}.at"] = [sheet, address]

    # ── one field ─────────────────────────────────────────────────────────────────────────────

    def _draw_field(self, number: int, field: FormField) -> None:
        st.markdown(f"**記入欄{number}** {escaped(f'{field.sheet} {field.address}')}")
        key = f"{self._key}.field.{field.key}"
        written.text(
            "記入欄の名前",
            key=f"{key}.label",
            longest=LINE,
            value=field.label,
            required=True,
            disabled=self._locked,
            on_change=lambda: self._change(field.key, _named, f"{key}.label"),
        )
        kinds = {str(kind): kind.label for kind in kinds_of(field)}
        with st.container(horizontal=True, vertical_alignment="bottom"):
            choose(
                st.selectbox,
                "種類",
                kinds,
                str(field.kind),
                key=f"{key}.kind",
                width=280,
                disabled=self._locked or len(kinds) == 1,
                on_change=lambda: self._change(field.key, _of_kind, f"{key}.kind"),
            )
            st.checkbox(
                "必須",
                field.required,
                key=f"{key}.required",
                disabled=self._locked,
                on_change=lambda: self._change(field.key, _required, f"{key}.required"),
            )
            if field.is_number:
                st.checkbox(
                    "団体の合計を出す",
                    field.adds_up,
                    key=f"{key}.adds_up",
                    disabled=self._locked,
                    on_change=lambda: self._change(field.key, _adding, f"{key}.adds_up"),
                )
        said = [f"単位: {field.unit}"] if field.unit else []
        if field.options:
            said.append(f"選択肢: {'、'.join(field.options)}")
        if field.initial:
            said.append(f"空の様式にある文字: {field.initial}")
        if said:
            st.caption(escaped(" / ".join(said)))
        st.button(
            "記入欄から外す",
            icon=":material/close:",
            key=f"{key}.off",
            disabled=self._locked,
            on_click=self._later(lambda layout: without_field(layout, field.key)),
        )

    def _change(self, key: str, change: Callable[[FormField, Any], FormField], widget: str) -> None:
        value = st.session_state.get(widget)

        def changed(layout: FormLayout) -> FormLayout:
            return layout.with_fields(
                change(each, value) if each.key == key else each for each in layout.fields
            )

        self._later(changed)()

    # ── cells marked by hand ──────────────────────────────────────────────────────────────────

    def _draw_add(self, layout: FormLayout, body: bytes, sheet: str, address: str) -> None:
        st.markdown(f"**{escaped(f'{sheet} {address}')}** は記入欄ではありません。")
        if st.button(
            f"{escaped(address)}を記入欄に加える",
            icon=":material/add:",
            key=f"{self._key}.add.{address}",
        ):
            self._mark(layout, body, [(sheet, address)], {})

    def _draw_cells(self, layout: FormLayout, body: bytes, sheet: str) -> None:
        """By addresses: many at once, and for whoever does not point."""
        key = f"{self._key}.cells.{len(layout.fields)}"
        with st.container(horizontal=True, vertical_alignment="bottom"):
            typed = written.text(
                "番地で選ぶ",
                key=key,
                longest=_LONGEST_CELLS,
                placeholder="例: C4、C6:E12",
                width=280,
            )
            pressed = st.button("記入欄に加える", icon=":material/add:", key=f"{key}.go")
        place = Place(f"{key}.place", typed)
        if pressed:
            cells = [(sheet, each) for each in _addresses(typed or "")]
            if not cells:
                refuse(
                    {"cells": "セルの番地を入力してください(例: C4、C6:E12)。"}, {"cells": place}
                )
            else:
                self._mark(layout, body, cells, {"cells": place})

    def _mark(
        self,
        layout: FormLayout,
        body: bytes,
        cells: list[tuple[str, str]],
        places: dict[str, Place],
    ) -> None:
        held = [(field.sheet, cell) for field in layout.fields for cell in field.cells]
        try:
            made = marked(body, [*held, *cells])
        except InvalidInputError as error:
            if places:
                refuse(error.problems, places)
            else:
                with problem_mark():
                    show_refusal(error)
            return
        self._put(self._working, carried_over(made, layout))
        first = area(cells[0][1].upper())
        if first is not None:
            self._pick(cells[0][0], first.ref.partition(":")[0])
        st.rerun()

    # ── all of them ───────────────────────────────────────────────────────────────────────────

    def _draw_fields(self, layout: FormLayout) -> None:
        if not layout.fields:
            return
        st.markdown("**記入欄の一覧**(名前を押すと直せます)")
        several = len({field.sheet for field in layout.fields}) > 1
        rows = list(enumerate(layout.fields, start=1))
        columns: dict[str, list[object]] = {"記入欄": [f"{n} {f.label}" for n, f in rows]}
        if several:
            columns["シート"] = [f.sheet for _, f in rows]
        columns |= {
            "セル": [f.address for _, f in rows],
            "種類": [f.kind.label for _, f in rows],
            "単位": [f.unit for _, f in rows],
            "必須": ["必須" if f.required else "任意" for _, f in rows],
            "選択肢": ["、".join(f.options) for _, f in rows],
        }
        at = [n for n, f in enumerate(layout.fields) if self._picked(f.sheet) in f.cells]
        table(
            columns,
            "記入欄の一覧",
            key=f"{self._key}.table",
            on_pick=lambda n: self._open(layout.fields[n]),
            chosen=at[0] if at else None,
        )
        if not self._locked:
            with st.container(horizontal=True):
                for word, value in (("必須", True), ("任意", False)):
                    st.button(
                        escaped(f"すべて{word}にする"),
                        key=f"{self._key}.every.{value}",
                        on_click=partial(self._require_all, value),
                    )

    def _open(self, field: FormField) -> None:
        self._pick(field.sheet, field.cells[0])
        layout = self._layout
        shown = [each.name for each in layout.sheets if each.shown] if layout else []
        if field.sheet in shown and len(shown) > 1:
            st.session_state[f"{self._key}.sheet"] = str(shown.index(field.sheet))

    def _require_all(self, value: bool) -> None:
        for name in [str(each) for each in st.session_state]:
            if name.startswith(f"{self._key}.field.") and name.endswith(".required"):
                del st.session_state[name]
        self._later(
            lambda layout: layout.with_fields(
                replace(each, required=value) for each in layout.fields
            )
        )()


@lru_cache(maxsize=4)
def _pictures(body: bytes) -> tuple[SheetPicture, ...]:
    return sheet_picture(body)


def _named(field: FormField, value: Any) -> FormField:
    label = str(value or "").strip()
    return replace(field, label=label[:LINE]) if label else field


def _of_kind(field: FormField, value: Any) -> FormField:
    return with_kind(field, FieldKind(str(value)))


def _required(field: FormField, value: Any) -> FormField:
    return replace(field, required=bool(value))


def _adding(field: FormField, value: Any) -> FormField:
    return replace(field, adds_up=bool(value))


def _addresses(typed: str) -> list[str]:
    """C4、C6:E12 → each by itself."""
    for divider in "、,，;；\n\t　":
        typed = typed.replace(divider, " ")
    return typed.replace("：", ":").split()
