"""A file that came back, held against the form: every value, and all that is not as it was."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from core.consultation.attachment import Finding
from core.imports.form.aligned import (
    ENOUGH,
    Alignment,
    aligned,
    anchors_of,
    likeness,
    matched_sheets,
    squeezed,
)
from core.imports.form.book import RawBook
from core.imports.form.place import Area, Place, address, area, place
from core.imports.form.sheet import RawCell, RawSheet
from core.imports.form.values import value_of
from core.inquiry.form.damage import (
    Damage,
    DamageKind,
    FormReading,
    named_together,
    refused_reading,
)
from core.inquiry.form.field import FormField, FormLayout, FormSheet

_MOST_STRAY = 30
"""Most stray cells of a sheet that are named one by one."""
_MOST_WORDS, _LONGEST_WORD = 500, 200


def reading_of(layout: FormLayout, book: RawBook) -> FormReading:
    """What a file says of a form."""
    found = matched_sheets(layout, book.sheets)
    wanted = [form for form in layout.sheets if layout.fields_of(form.name)]
    if not any(form.name in found for form in wanted):
        names = "、".join(f"「{sheet.name}」" for sheet in book.sheets[:5])
        return refused_reading(
            DamageKind.WRONG_FORM,
            f"この照会の様式ではありません(シート{names})。配られた様式に記入し、そのファイルを選んでください。",
        )
    values: dict[str, str] = {}
    damages = [*_of_the_file(layout, book, found)]
    words: list[str] = []
    for form in layout.sheets:
        fields = layout.fields_of(form.name)
        sheet = found.get(form.name)
        if sheet is None:
            damages += _missing(form, fields)
            continue
        check = _SheetCheck(form, fields, sheet)
        values |= check.values
        damages += check.damages
        words += check.words
    damages += _required(layout, values, damages)
    return FormReading(values, tuple(damages), tuple(words[:_MOST_WORDS]))


def _of_the_file(layout: FormLayout, book: RawBook, found: dict[str, RawSheet]) -> Iterator[Damage]:
    if book.links_outside or Finding.EXTERNAL in book.findings:
        yield Damage(
            DamageKind.EXTERNAL_LINK, "", "", "",
            "ほかのファイルを参照するものが入っています。保存されている値だけを読みました。", mended=True,
        )  # fmt: skip
    order = [found[form.name] for form in layout.sheets if form.name in found]
    now = [sheet for sheet in book.sheets if any(sheet is each for each in order)]
    if any(one is not other for one, other in zip(order, now, strict=True)):
        yield Damage(
            DamageKind.SHEETS_REORDERED, "", "", "",
            "シートの順番が変わっています。シート名と見出しで見分けて読みました。", mended=True,
        )  # fmt: skip
    known = {form.name for form in layout.sheets}
    for sheet in book.sheets:
        if any(sheet is each for each in order):
            continue
        if sheet.name in known and found.get(sheet.name) is None:
            continue  # told as the form's sheet
        kind = DamageKind.SHEET_ADDED if sheet.shown else DamageKind.HIDDEN_SHEET
        hidden = "" if sheet.shown else "隠れた"
        copied = any(
            likeness(anchors_of(form), sheet) >= ENOUGH
            for form in layout.sheets
            if form.fixed and layout.fields_of(form.name)
        )
        advice = "様式の写しのようです。回答を様式のシートにまとめ、写しを消してください。" if copied else (
            "このシートは読みません。回答があれば、様式の記入欄に写してください。"
        )  # fmt: skip
        yield Damage(
            kind, "", "", "", f"様式にない{hidden}シート「{sheet.name}」があります。{advice}",
            mended=not copied,
        )  # fmt: skip


def _missing(form: FormSheet, fields: Sequence[FormField]) -> Iterator[Damage]:
    if not fields:
        yield Damage(
            DamageKind.SHEET_MISSING, form.name, "", "",
            f"シート「{form.name}」がありません。記入欄のないシートなので、ほかはそのまま読みました。", mended=True,
        )  # fmt: skip
        return
    yield Damage(
        DamageKind.SHEET_MISSING, form.name, "", named_together(f.label for f in fields),
        f"シート「{form.name}」がないか、中身が様式と違います。記入欄{len(fields)}個を読めません。"
        "配られた様式のシートに記入してください。", mended=False,
    )  # fmt: skip
    for field in fields:
        yield Damage(
            DamageKind.SHEET_MISSING, form.name, field.address, field.label,
            f"シート「{form.name}」{field.address}「{field.label}」: シートがないため読めません。",
            mended=False, key=field.key,
        )  # fmt: skip


def _required(
    layout: FormLayout, values: dict[str, str], damages: Sequence[Damage]
) -> Iterator[Damage]:
    told = {damage.key for damage in damages if not damage.mended}
    for field in layout.fields:
        if field.required and field.key not in values and field.key not in told:
            yield Damage(
                DamageKind.REQUIRED, field.sheet, field.address, field.label,
                f"シート「{field.sheet}」{field.address}「{field.label}」: 必ず記入してください"
                "(当てはまらないときは「該当なし」)。", mended=False, key=field.key,
            )  # fmt: skip


class _SheetCheck:
    """One sheet of the file against that of the form."""

    def __init__(self, form: FormSheet, fields: Sequence[FormField], sheet: RawSheet) -> None:
        self._form, self._fields, self._sheet = form, fields, sheet
        self.values: dict[str, str] = {}
        self.damages: list[Damage] = []
        self.words: list[str] = []
        self._merged = {each.first: each for each in filter(None, map(area, form.merged))}
        self._accounted: set[Place] = set()
        used = [at for field in fields for at in map(place, field.cells) if at]
        used += [at for at in map(place, form.formulas) if at]
        self._moved: Alignment = aligned(form, used, sheet)
        self._the_sheet()
        self._fixed_texts()
        self._formulas()
        for field in fields:
            self._read(field)
        self._strays()

    def _tell(
        self, kind: DamageKind, said: str, *, mended: bool, at: str = "", field: FormField | None = None,
        label: str = "",
    ) -> None:  # fmt: skip
        where = f"シート「{self._form.name}」" + (at if at else "")
        if field is not None:
            where, label = f"{where}「{field.label}」", field.label
        self.damages.append(
            Damage(
                kind,
                self._form.name,
                at,
                label,
                f"{where}: {said}",
                mended,
                field.key if field else "",
            )
        )

    def _the_sheet(self) -> None:
        if self._sheet.name != self._form.name:
            self._tell(
                DamageKind.SHEET_RENAMED,
                f"シート名が「{self._sheet.name}」に変わっています。見出しで見分けて読みました。",
                mended=True,
            )
        if self._form.protected and not self._sheet.protected:
            self._tell(
                DamageKind.PROTECTION,
                "シートの保護が外れています。様式の文字と数式も確かめました。",
                mended=True,
            )
        cells = [at for field in self._fields for at in map(place, field.cells) if at]
        found_again = (
            "見出しで記入欄を見つけ直しました。"
            if all(map(self._moved.at, cells))
            else "見出しで見つけ直せた記入欄だけを読みました。"
        )
        if not self._moved.rows_in_place:
            self._tell(
                DamageKind.ROWS_MOVED,
                f"行が増減しているか、並べ替えられています。{found_again}",
                mended=True,
            )
        if not self._moved.columns_in_place:
            self._tell(
                DamageKind.COLUMNS_MOVED,
                f"列が増減しているか、並べ替えられています。{found_again}",
                mended=True,
            )

    # what stays

    def _fixed_texts(self) -> None:
        for where, text in self._form.fixed.items():
            at = place(where)
            now = self._moved.at(at) if at else None
            if now is None:
                continue
            self._accounted.add(now)
            cell = self._sheet.cells.get(now)
            there = cell.text if cell is not None else ""
            if squeezed(there) == squeezed(text):
                continue
            gone = "消えています" if not there.strip() else f"「{_short(there)}」に変わっています"
            self._tell(
                DamageKind.FIXED_TEXT,
                f"様式の文字「{_short(text)}」が{gone}。様式のとおりの欄として読みました。",
                mended=True,
                at=address(now),
                label=self._labelled_by(text),
            )
            self._word(there)

    def _labelled_by(self, text: str) -> str:
        """Labels of the fields that a text is part of; empty for none."""
        kept = squeezed(text)
        if not 2 <= len(kept) <= 60:
            return ""
        return named_together(f.label for f in self._fields if kept in squeezed(f.label))

    def _formulas(self) -> None:
        for where, formula in self._form.formulas.items():
            at = place(where)
            now = self._moved.at(at) if at else None
            if now is None:
                continue
            self._accounted.add(now)
            cell = self._sheet.cells.get(now) or RawCell()
            if cell.formula is None:
                there = f"値「{_short(cell.text)}」で上書きされて" if cell.text else "消えて"
                self._tell(
                    DamageKind.FORMULA_LOST,
                    f"様式の数式が{there}います。集計では様式の数式で計算し直します。",
                    mended=True,
                    at=address(now),
                )
            elif (
                formula and cell.formula and self._moved.in_place
                and self._sheet.name == self._form.name
                and _plain_formula(cell.formula) != _plain_formula(formula)
            ):  # fmt: skip
                self._tell(
                    DamageKind.FORMULA_CHANGED,
                    f"様式の数式(={_short(formula)})が「={_short(cell.formula)}」に変わっています。"
                    "集計では様式の数式で計算し直します。",
                    mended=True,
                    at=address(now),
                )

    # what was filled in

    def _read(self, field: FormField) -> None:
        places = [self._moved.at(at) for at in map(place, field.cells) if at]
        if any(now is None for now in places):
            rows = any(at[0] not in self._moved.rows for at in map(place, field.cells) if at)
            kind = DamageKind.ROWS_MOVED if rows else DamageKind.COLUMNS_MOVED
            self._tell(
                kind,
                f"{'行' if rows else '列'}が増減していて、どこがこの欄か決められません。増やした"
                f"{'行は削除し、消した行は' if rows else '列は削除し、消した列は'}元に戻すか、"
                "配られた様式を開き直して、そこに書き写してください。",
                mended=False,
                at=field.address,
                field=field,
            )
            return
        cells = []
        for at, now in zip(map(place, field.cells), places, strict=True):
            assert at is not None and now is not None  # noqa: S101,PT018  just looked at
            cell = self._cell(field, at, now)
            if cell is None:
                return
            cells.append(cell)
        shown = address(places[0]) if places[0] else field.address
        said = value_of(field, cells)
        empty = {*map(squeezed, field.template.split("\n")), squeezed(field.initial)}
        for cell in cells:
            if squeezed(cell.text) not in empty:
                self._word(cell.text)
        if said.value is not None:
            self.values[field.key] = said.value
        for kind, words, mended in said.told:
            self._tell(kind, words, mended=mended, at=shown, field=field)

    def _cell(self, field: FormField, at: Place, now: Place) -> RawCell | None:
        """The cell of a field; None, and told, where it is no cell of its own any more."""
        self._accounted.add(now)
        there = self._sheet.area(now)
        if there.first != now:
            self._tell(
                DamageKind.MERGED_OVER,
                f"{there.ref}に結合されていて、この欄の値がありません。結合を解いて記入してください。",
                mended=False,
                at=address(now),
                field=field,
            )
            return None
        cell = self._sheet.cells.get(now) or RawCell()
        merged = self._merged.get(at)
        if merged is None or there.size > 1:
            return cell
        return self._split(field, merged, now, cell)

    def _split(self, field: FormField, merged: Area, now: Place, cell: RawCell) -> RawCell | None:
        written = [] if cell.empty else [cell]
        for part in merged.places():
            each = self._moved.at(part)
            if each is None or each == now:
                continue
            self._accounted.add(each)
            other = self._sheet.cells.get(each)
            if other is not None and not other.empty:
                written.append(other)
        if len(written) > 1:
            shown = "、".join(f"「{_short(each.text)}」" for each in written[:4])
            self._tell(
                DamageKind.MERGE_SPLIT,
                f"結合が解かれ、{shown}が別々のセルに入っています。1つのセルにまとめてください。",
                mended=False,
                at=address(now),
                field=field,
            )
            return None
        self._tell(
            DamageKind.MERGE_SPLIT,
            "セルの結合が解かれています。中の値をこの欄の値として読みました。",
            mended=True,
            at=address(now),
            field=field,
        )
        return written[0] if written else cell

    # what is neither

    def _strays(self) -> None:
        blank = {
            now
            for field in self._fields
            if field.key not in self.values
            for at in map(place, field.cells)
            if at and (now := self._moved.at(at))
        }
        unsure = bool(len(self._moved.rows) < self._moved.last[0])
        told = 0
        for at, cell in self._sheet.written():
            if at in self._accounted or not cell.text.strip():
                continue
            told += 1
            self._word(cell.text)
            if told > _MOST_STRAY:
                continue
            near = any(
                (at[0] + r, at[1] + c) in blank for r, c in ((0, 1), (0, -1), (1, 0), (-1, 0))
            )
            harmless = cell.kind == "s" and not near and not unsure
            self._tell(
                DamageKind.STRAY,
                f"様式の記入欄でないところに「{_short(cell.text)}」と書かれています。この書き込みは読みません。"
                "答えであれば記入欄に移してください。",
                mended=harmless,
                at=address(at),
            )
        if told > _MOST_STRAY:
            self._tell(
                DamageKind.STRAY,
                f"ほか{told - _MOST_STRAY}か所にも、記入欄でない書き込みがあります。",
                mended=False,
            )

    def _word(self, text: str) -> None:
        if text.strip() and len(self.words) < _MOST_WORDS:
            self.words.append(text.strip()[:_LONGEST_WORD])


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= 30 else f"{plain[:30]}…"


def _plain_formula(formula: str) -> str:
    """A formula as every program writes it."""
    plain = re.sub(r"_xlfn\.|_xlws\.|\$|\s", "", formula).upper().replace("()", "").replace("'", "")
    return plain.lstrip("=+")
