"""What of an empty form is to be filled in: unlocked cells, named ones, or those marked by hand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from core.imports.file_kind import refused
from core.imports.form.book import RawBook, range_of
from core.imports.form.labels import UNITS, YEN_UNITS, Labels, narrow_runs
from core.imports.form.place import Area, Place, address, area
from core.imports.form.sheet import RawCell, RawSheet
from core.inquiry.form.field import (
    FieldKind,
    FormField,
    FormLayout,
    FormSheet,
    FoundBy,
    field_key,
)
from core.inquiry.form.template import LONGEST_TEMPLATE, box_options, has_boxes, has_date_gap
from core.values.errors import InvalidInputError

MOST_FIELDS = 3_000
"""Most fields of a form; more is a table that belongs into an import."""
_MOST_OPTIONS = 500
_ONE_FIGURE = 4.6
"""Widest cell for one figure, in half-width characters."""
_PLACES = frozenset("兆億千百十万円一")
Marks = Sequence[tuple[str, str]]
"""Sheet and address or range, as marked by hand."""


def layout_of(book: RawBook, marks: Marks | None = None) -> FormLayout:
    """The form a workbook is.

    Raises:
        InvalidInputError: Field ``file``: far too many cells; ``cells``: a mark is no cell.
    """
    if marks is not None:
        found_by, found = FoundBy.MARKS, _marked(book, marks)
    else:
        found_by, found = FoundBy.UNLOCKED, _unlocked(book)
        if not any(found.values()):
            found_by, found = FoundBy.NAMES, _named(book)
        if not any(found.values()):
            found_by = FoundBy.NOTHING
    if (count := sum(map(len, found.values()))) > MOST_FIELDS:
        raise refused(
            f"記入するセルが{count:,}個見つかりました。{MOST_FIELDS:,}個までです。"
            "記入欄だけロックを外してシートを保護し、もう一度選んでください。"
        )
    fields: list[FormField] = []
    sheets: list[FormSheet] = []
    notes: list[str] = []
    for number, sheet in enumerate(book.sheets, start=1):
        areas = found.get(sheet.name, [])
        of_sheet = _Fields(book, sheet, number, areas)
        made = of_sheet.fields()
        fields += made
        notes += of_sheet.notes
        sheets.append(_fingerprint(sheet, areas))
    if book.links_outside:
        notes.append("ほかのファイルを参照する数式があります。配る前に値に置き換えてください。")
    return FormLayout(tuple(sheets), tuple(_apart(fields)), found_by, tuple(notes), book.from_1904)


def _fingerprint(sheet: RawSheet, areas: Iterable[Area]) -> FormSheet:
    taken = {each.first for each in areas}
    fixed, formulas = {}, {}
    for at, cell in sheet.written():
        if cell.formula is not None:
            formulas[address(at)] = cell.formula
        elif at not in taken:
            fixed[address(at)] = cell.text
    merged = tuple(each.ref for each in sheet.merged)
    return FormSheet(sheet.name, sheet.shown, sheet.protected, fixed, formulas, merged, sheet.part)


# ── which cells ───────────────────────────────────────────────────────────────────────────────

_Found = dict[str, list[Area]]


def _unlocked(book: RawBook) -> _Found:
    found: _Found = {}
    for sheet in book.sheets:
        if sheet.protected and sheet.shown:
            found[sheet.name] = [
                sheet.area(at)
                for at, cell in sorted(sheet.cells.items())
                if cell.formula is None
                and not book.styles.look(cell.style).locked
                and sheet.area(at).first == at
                and _can_be_seen(sheet, at)
            ]
    return found


def _can_be_seen(sheet: RawSheet, at: Place) -> bool:
    row, column = at
    return sheet.heights.get(row) != 0 and sheet.width(column) != 0


def _named(book: RawBook) -> _Found:
    lists = {each.formula.lstrip("=") for sheet in book.sheets for each in sheet.lists}
    found: _Found = {}
    for name, (sheet_name, where) in book.names.items():
        sheet = book.sheet(sheet_name)
        if sheet is None or not sheet.shown or name in lists or name.startswith(("_", "Print_")):
            continue
        if where.size > MOST_FIELDS:
            continue
        found.setdefault(sheet_name, []).extend(_cells_within(sheet, where))
    return {name: sorted(set(areas)) for name, areas in found.items()}


def _cells_within(sheet: RawSheet, where: Area) -> Iterator[Area]:
    for at in where.places():
        cell = sheet.cells.get(at)
        if sheet.area(at).first == at and (cell is None or cell.formula is None):
            yield sheet.area(at)


def _marked(book: RawBook, marks: Marks) -> _Found:
    found: _Found = {}
    wrong = []
    for sheet_name, ref in marks:
        sheet, where = book.sheet(sheet_name), area(ref.strip().upper())
        if sheet is None or where is None or where.size > MOST_FIELDS:
            wrong.append(f"「{sheet_name}」の「{ref[:20]}」")
            continue
        cells = [*_cells_within(sheet, where)]
        if not cells:
            first = sheet.cells.get(sheet.area(where.first).first)
            why = "(数式)" if first is not None and first.formula is not None else "(結合の途中)"
            wrong.append(f"「{sheet_name}」の「{ref[:20]}」{why}")
        found.setdefault(sheet_name, []).extend(cells)
    if wrong:
        raise _no_cells(wrong)
    return {name: sorted(set(areas)) for name, areas in found.items()}


def _no_cells(wrong: Sequence[str]) -> InvalidInputError:
    told = "、".join(wrong[:10])
    return InvalidInputError(
        {"cells": f"{told}は記入欄にできません。この様式にある、数式でないセルを選んでください。"}
    )


# ── what each is ──────────────────────────────────────────────────────────────────────────────


class _Fields:
    """The fields of one sheet."""

    def __init__(self, book: RawBook, sheet: RawSheet, number: int, areas: Sequence[Area]) -> None:
        self._book, self._sheet, self._number = book, sheet, number
        self._areas = sorted(areas)
        self._labels = Labels(sheet, {each.first for each in self._areas})
        self._summed = _summed(sheet)
        self.notes: list[str] = []

    def fields(self) -> list[FormField]:
        """In the order of rows and columns."""
        grouped: dict[Area, FormField | None] = {}
        for run in self._digit_runs():
            grouped |= dict.fromkeys(run, None)
            grouped[run[0]] = self._digits(run)
        for group in self._box_groups():
            grouped |= dict.fromkeys(group, None)
            grouped[group[0]] = self._boxes(group)
        made = []
        for where in self._areas:
            field = grouped[where] if where in grouped else self._field(where)
            if field is not None:
                made.append(field)
        return made

    def _cell(self, where: Area) -> RawCell:
        return self._sheet.cells.get(where.first) or RawCell()

    def _new(self, group: Sequence[Area], kind: FieldKind, label: str) -> FormField:
        cells = tuple(address(each.first) for each in group)
        required = "必須" in label or label.endswith(("*", "＊"))
        return FormField(
            field_key(self._number, cells[0]),
            self._sheet.name,
            cells,
            label,
            kind,
            required=required,
            shows_day=self._shows_day(self._cell(group[0])),
        )

    def _shows_day(self, cell: RawCell) -> bool:
        codes = self._book.formats
        return 0 <= cell.style < len(codes) and _is_date_code(codes[cell.style])

    # one figure a cell

    def _digit_runs(self) -> Iterator[list[Area]]:
        plain = [
            each
            for each in self._areas
            if not self._cell(each).text.strip()
            and self._sheet.list_at(each.first) is None
            and not self._cell(each).shown_as
        ]
        for run in narrow_runs(plain, _ONE_FIGURE, self._sheet):
            headed = [self._labels.directly_above(each) for each in run]
            own = {text for each, text in filter(None, headed) if each.right - each.left < 2}
            if len(own) < 2 or own <= _PLACES:
                yield run

    def _digits(self, run: Sequence[Area]) -> FormField:
        label = self._labels.of(run[0])
        unit = self._labels.unit(run[-1], label)
        field = self._new(run, FieldKind.DIGITS, label)
        return replace(field, unit=unit, adds_up=bool(unit) and _adds_up(label, unit))

    # boxes

    def _box_groups(self) -> Iterator[list[Area]]:
        """Boxes alone in their cells, those of a row together."""
        group: list[Area] = []
        for each in self._areas:
            alone = len(box_options(self._cell(each).text)) == 1 and has_boxes(
                self._cell(each).text
            )
            if group and not (alone and each.top == group[0].top):
                yield group
                group = []
            if alone:
                group.append(each)
        if group:
            yield group

    def _boxes(self, group: Sequence[Area]) -> FormField:
        texts = [self._cell(each).text.strip() for each in group]
        options = [
            box_options(text)[0] or self._labels.right_of(each) or address(each.first)
            for text, each in zip(texts, group, strict=True)
        ]
        label = self._labels.of(group[0])
        if len(group) == 1 and options[0] not in label:
            label = f"{label} {options[0]}" if label != address(group[0].first) else options[0]
        field = self._new(group, FieldKind.CHECKBOX, label)
        return replace(field, options=tuple(options), template="\n".join(texts))

    # everything else

    def _field(self, where: Area) -> FormField | None:
        cell, label = self._cell(where), self._labels.of(where)
        text = cell.text.strip()
        if cell.kind == "s" and has_boxes(text):
            field = self._new([where], FieldKind.CHECKBOX, label)
            return replace(field, options=box_options(text), template=cell.text)
        if cell.kind == "s" and len(text) <= LONGEST_TEMPLATE and has_date_gap(text):
            label = label if self._labels.beside(where) else "日付"
            return replace(self._new([where], FieldKind.ERA_DATE, label), template=cell.text)
        kind, options = self._listed(where)
        unit = self._labels.unit(where, label)
        code = self._book.styles.look(cell.style).code
        if literal := re.search(r'"\s*([^"]{1,4}?)\s*"', code):
            unit = unit or (literal[1] if literal[1] in UNITS else "")
        if kind is None:
            kind = _kind_shown(cell, code, unit, label)
        if kind is FieldKind.YEN and not unit:
            unit = self._labels.whole_unit
        percent = "%" in code or unit in ("%", "％")
        number = kind in (FieldKind.NUMBER, FieldKind.YEN)
        covered = any(summed.holds(where.first) for summed in self._summed)
        return replace(
            self._new([where], kind, label),
            options=options,
            unit=unit if number else "",
            percent=number and "%" in code,
            initial=text,
            adds_up=number and not percent and (covered or _adds_up(label, unit)),
        )

    def _listed(self, where: Area) -> tuple[FieldKind | None, tuple[str, ...]]:
        """Kind and options from the rule for the cell (入力規則)."""
        rule = self._sheet.list_at(where.first)
        if rule is None:
            return None, ()
        if rule.kind in ("whole", "decimal"):
            return FieldKind.NUMBER, ()
        if rule.kind == "date":
            return FieldKind.DATE, ()
        if rule.kind != "list":
            return None, ()
        options = self._options(rule.formula)
        if not options:
            self.notes.append(
                f"シート「{self._sheet.name}」{address(where.first)}: リストの中身"
                f"「{rule.formula[:40]}」を読み取れないため、文字の欄として扱います。"
            )
            return FieldKind.TEXT, ()
        return FieldKind.CHOICE, options

    def _options(self, formula: str) -> tuple[str, ...]:
        formula = formula.strip().removeprefix("=")
        if formula.startswith('"') and formula.endswith('"'):
            return _distinct(formula[1:-1].replace('""', '"').split(","))
        target = self._book.names.get(formula) or range_of(formula)
        if target is None and (own := area(formula)) is not None:
            target = self._sheet.name, own
        if target is None or target[1].size > _MOST_OPTIONS:
            return ()
        sheet = self._book.sheet(target[0])
        return _distinct(sheet.text(at) for at in target[1].places()) if sheet else ()


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, (text.strip() for text in texts))))


_YEN_CODE = re.compile(r"円|[¥￥]|\[\$")
_NUMBER_LABEL = re.compile(r"(?:数|人口|面積|割合|率|件)$")
_YEN_LABEL = re.compile(r"(?:額|費|単価|料|予算|経費)$")
_NO_SUM = re.compile(r"率|割合|平均|単価|年度|番号|コード|順位|指数|年齢|１人当|1人当")


def _kind_shown(cell: RawCell, code: str, unit: str, label: str) -> FieldKind:
    """Kind by how the cell shows what is in it, else by what it is called."""
    if cell.shown_as and cell.kind in ("d", "s") and _is_date_code(code or cell.shown_as):
        return FieldKind.DATE
    if unit in YEN_UNITS or (code and code != "@" and _YEN_CODE.search(code)):
        return FieldKind.YEN
    if unit:
        return FieldKind.NUMBER
    last = re.sub(r"[(（\[〔].*?[)）\]〕]|[\s※*＊:：]+$", "", label).split(" ")[-1]
    if re.search(r"[0#]", code):
        return FieldKind.YEN if _YEN_LABEL.search(last) else FieldKind.NUMBER
    if code == "@":
        return FieldKind.TEXT
    if _YEN_LABEL.search(last):
        return FieldKind.YEN
    return FieldKind.NUMBER if _NUMBER_LABEL.search(last) else FieldKind.TEXT


def _is_date_code(code: str) -> bool:
    return bool(re.search("[ymdge]", re.sub(r'"[^"]*"|\[[^]]*\]|\\.', "", code.lower())))


def _adds_up(label: str, unit: str) -> bool:
    return not _NO_SUM.search(label) and unit not in ("年", "月", "日", "歳", "倍", "点", "割")


_SUM = re.compile(r"SUM\(([^()]*)\)", re.IGNORECASE)


def _summed(sheet: RawSheet) -> list[Area]:
    """Ranges of the sheet that a formula of it adds up."""
    found = []
    for cell in sheet.cells.values():
        for inside in _SUM.findall(cell.formula or ""):
            found += [where for each in inside.split(",") if (where := area(each.strip()))]
    return found[:200]


def _apart(fields: Sequence[FormField]) -> Iterator[FormField]:
    """Fields whose labels tell them apart: the address follows where two are called the same."""
    count: dict[tuple[str, str], int] = {}
    for field in fields:
        count[field.sheet, field.label] = count.get((field.sheet, field.label), 0) + 1
    for field in fields:
        if count[field.sheet, field.label] > 1 and field.label != field.cells[0]:
            yield replace(field, label=f"{field.label} {field.cells[0]}")
        else:
            yield field
