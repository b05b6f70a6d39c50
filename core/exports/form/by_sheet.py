"""様式にまとめる(1団体1シート): the form's own workbook with its sheets once per municipality."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from core.exports.form.formula import renamed, sheets_in
from core.exports.form.handed_out import filled_sheet, first_day
from core.exports.form.package import OfficePackage, elements, form_package
from core.exports.sheet_xml import computed_anew
from core.imports.xml_tree import local, parsed, written
from core.inquiry.form.answer import FormRow, FormValues
from core.inquiry.form.field import FormLayout
from core.values.errors import InvalidInputError

_LONGEST_NAME = 31
_FORMULAS = ("f", "formula", "formula1", "formula2", "definedName")
"""Elements whose text is a formula, in sheets and in charts."""


def answered(rows: Sequence[FormRow]) -> list[tuple[FormRow, FormValues]]:
    """Rows with values.

    Raises:
        InvalidInputError: ``rows``: there is none.
    """
    found = [(row, row.values) for row in rows if row.values is not None]
    if not found:
        raise InvalidInputError({"rows": "まだどの団体も回答していないため、まとめられません。"})
    return found


def merged_by_sheet(
    layout: FormLayout, body: bytes, rows: Sequence[FormRow], *, made_up: bool = False
) -> bytes:
    """The form's workbook with a sheet per municipality, named by code and name.

    Sheets without fields (lists, explanations) stay once. Rows without values are left out.

    Raises:
        InvalidInputError: ``rows``: nobody has answered.
    """
    every = answered(rows)
    package = form_package(layout, body)
    epoch = first_day(layout)
    repeated = _repeated(layout, package)
    originals = {name: package[part] for name, part in package.sheets.items()}
    names = _Names(package.sheets)
    copies: list[tuple[str, str, dict[str, str]]] = []  # name, part, names of its municipality
    for number, (row, values) in enumerate(every, start=1):
        tables: dict[str, str] = {}
        named = {name: names.of(row, name, alone=len(repeated) == 1) for name in repeated}
        for name in repeated:
            part = package.sheets[name]
            if number > 1:
                part = package.copied(part, f"m{number}")
                _rename_charts(package, part, named)
                tables = _rename_tables(package, part, number)
            fields = [each for each in layout.fields_of(name) if each.key in values]
            filled = filled_sheet(originals[name], fields, values, epoch, made_up=made_up)
            package[part] = _own(filled, named, tables, first=not copies)
            copies.append((named[name], part, named))
    firsts = copies[0][2]
    for name in repeated:
        _rename_charts(package, package.sheets[name], firsts)
    for name, part in package.sheets.items():
        if name not in repeated:
            package[part] = _own(
                filled_sheet(originals[name], [], {}, epoch, made_up=made_up), {}, {}, first=False
            )
    _list_sheets(package, repeated, copies)
    package.without("calcChain")
    return package.saved()


def _repeated(layout: FormLayout, package: OfficePackage) -> list[str]:
    """Sheets that are had once per municipality: with fields, or computing from such."""
    wanted = {name for name in package.sheets if layout.fields_of(name)}
    refers = {
        name: {sheet for text in _formula_texts(package[part]) for sheet in sheets_in(text)}
        for name, part in package.sheets.items()
    }
    while more := {name for name in refers if name not in wanted and refers[name] & wanted}:
        wanted |= more
    return [name for name in package.sheets if name in wanted]


def _formula_texts(part: bytes) -> Iterable[str]:
    return (each.text or "" for each in elements(parsed(part), "f"))


class _Names:
    """Names of sheets, none twice."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = {name.lower() for name in taken}

    def of(self, row: FormRow, sheet: str, *, alone: bool) -> str:
        """Code and name, and what the sheet is called where there are several."""
        plain = re.sub(r"[\[\]:*?/\\']", "", f"{row.lg_code}{row.name}")
        name = plain[:_LONGEST_NAME]
        if not alone:
            called = re.sub(r"[\[\]:*?/\\']", "", sheet)
            plain = plain[: max(_LONGEST_NAME - 1 - len(called), 16)]
            name = f"{plain} {called}"[:_LONGEST_NAME].strip()
        number, base = 2, name
        while name.lower() in self._taken:
            name = f"{base[: _LONGEST_NAME - len(str(number)) - 1]}_{number}"
            number += 1
        self._taken.add(name.lower())
        return name


def _own(part: bytes, named: Mapping[str, str], tables: Mapping[str, str], *, first: bool) -> bytes:
    """A sheet with the other names in its formulas, unselected unless it is the first."""
    root = parsed(part)
    rename_in(root, named)
    for old, new in tables.items():
        for each in elements(root, *_FORMULAS):
            each.text = re.sub(rf"(?<!\w){re.escape(old)}\[", f"{new}[", each.text or "")
    for view in elements(root, "sheetView"):
        view.attrib.pop("tabSelected", None)
        if first:
            view.set("tabSelected", "1")
    for properties in elements(root, "sheetPr"):
        properties.attrib.pop("codeName", None)
    return written(root)


def rename_in(root: Any, named: Mapping[str, str]) -> None:
    """Exchange names of sheets in whatever formulas a part has."""
    if not named:
        return
    for each in elements(root, *_FORMULAS):
        if each.text:
            each.text = renamed(each.text, named)
    for link in elements(root, "hyperlink"):
        if place := link.get("location"):
            link.set("location", renamed(place, named))


def _rename_charts(package: OfficePackage, part: str, named: Mapping[str, str]) -> None:
    for _, kind, drawing, outside in package.relations(part):
        if kind != "drawing" or outside:
            continue
        for _, inner, chart, elsewhere in package.relations(drawing):
            if inner == "chart" and not elsewhere:
                root = parsed(package[chart])
                rename_in(root, named)
                package[chart] = written(root)


def _rename_tables(package: OfficePackage, part: str, number: int) -> dict[str, str]:
    """Give the tables of a copy a number and a name of their own; the new names by the old."""
    found = {}
    for _, kind, table, outside in package.relations(part):
        if kind == "table" and not outside:
            root = parsed(package[table])
            old = root.get("displayName", "")
            root.set("id", str(int(root.get("id", "0")) + 1000 * number))
            root.set("displayName", f"{old}_{number}")
            root.set("name", f"{root.get('name', old)}_{number}")
            package[table] = written(root)
            found[old] = f"{old}_{number}"
    return found


# ── the list of sheets ────────────────────────────────────────────────────────────────────────


def _list_sheets(
    package: OfficePackage,
    repeated: Sequence[str],
    copies: Sequence[tuple[str, str, dict[str, str]]],
) -> None:
    root = parsed(computed_anew(package[package.main]))
    listed = next(elements(root, "sheets"))
    old = list(listed)
    names_before = [each.get("name", "") for each in old]
    by_name = dict(zip(names_before, old, strict=True))
    number = max((int(each.get("sheetId", "0")) for each in old), default=0)
    key_name = next(k for k in old[0].attrib if k.rpartition("}")[2] == "id")
    for each in old:
        listed.remove(each)
    index: dict[tuple[str, str], int] = {}
    for name, part, named in copies:
        original = next(o for o, new in named.items() if new == name)
        if part == package.sheets[original]:
            element = by_name[original]
        else:
            number += 1
            element = listed.makeelement(by_name[original].tag, dict(by_name[original].attrib))
            element.set("sheetId", str(number))
            element.set(key_name, package.related(part))
        element.set("name", name)
        element.attrib.pop("state", None)
        index[original, name] = len(listed)
        listed.append(element)
    kept = {}
    for place, (name, each) in enumerate(zip(names_before, old, strict=True)):
        if name not in repeated:
            kept[place] = len(listed)
            listed.append(each)
    for view in elements(root, "workbookView"):
        view.set("activeTab", "0")
        view.set("firstSheet", "0")
    _names(root, names_before, copies, index, kept)
    package[package.main] = written(root)


def _names(
    root: Any,
    before: Sequence[str],
    copies: Sequence[tuple[str, str, dict[str, str]]],
    index: Mapping[tuple[str, str], int],
    kept: Mapping[int, int],
) -> None:
    """Defined names, once for each sheet that they speak of."""
    holder = next((each for each in root if local(each) == "definedNames"), None)
    if holder is None:
        return
    families = list({id(named): named for _, _, named in copies}.values())
    for each in list(holder):
        place, text = each.get("localSheetId"), each.text or ""
        if place is not None and int(place) in kept:
            each.set("localSheetId", str(kept[int(place)]))
            continue
        own = before[int(place)] if place is not None and int(place) < len(before) else None
        holder.remove(each)
        spoken_of = own if own is not None else next(iter(sheets_in(text) & {*families[0]}), None)
        if spoken_of is None:
            holder.append(each)
            continue
        for family, named in enumerate(families):
            copy = each.makeelement(each.tag, dict(each.attrib))
            copy.text = renamed(text, named)
            copy.set("localSheetId", str(index[spoken_of, named[spoken_of]]))
            holder.append(copy)
            if own is None and family == 0:
                everywhere = each.makeelement(each.tag, dict(each.attrib))
                everywhere.text = renamed(text, named)
                holder.append(everywhere)
            if (
                own is None and len(named) > 1
            ):  # the other sheets of this municipality ask for it too
                for other, new in named.items():
                    if other != spoken_of:
                        again = each.makeelement(each.tag, dict(each.attrib))
                        again.text = renamed(text, named)
                        again.set("localSheetId", str(index[other, new]))
                        holder.append(again)
