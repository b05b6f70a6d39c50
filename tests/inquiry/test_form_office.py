"""Forms of six kinds, 43 each, saved by LibreOffice, harmed, read, merged and opened again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

import pytest
from openpyxl import load_workbook

from core.exports.form.by_row import merged_by_row
from core.exports.form.by_sheet import merged_by_sheet
from core.exports.form.handed_out import handed_out
from core.exports.form.tally import tally_workbook
from core.imports.form.book import RawBook
from core.imports.form.check import reading_of
from core.imports.form.reading import read_forms
from core.inquiry.form.answer import FormRow
from core.inquiry.form.field import FormLayout
from core.inquiry.form.recognise import recognised
from tests.inquiry.test_form_damage import wrong_values
from tests.support.form_damage import FEWEST, HARMS, Damaged
from tests.support.forms import MAKERS, AForm, answers, many_rows, one_row
from tests.support.office import convert
from tests.support.reference import REFERENCE

pytestmark = pytest.mark.office
TOWNS = REFERENCE.municipalities
AT_ONCE = 130
"""Files LibreOffice is given in one run; it stops in silence before the 250th."""


@dataclass(frozen=True)
class Sent:
    """What 43 municipalities typed into a form, and their files as LibreOffice saved them."""

    form: AForm
    layout: FormLayout
    typed: Mapping[str, dict[str, str]]
    files: Mapping[str, bytes]


def forms() -> list[AForm]:
    """All of them; the table of many rows is shorter, the bench has it whole."""
    return [many_rows(12) if make is many_rows else make() for make in MAKERS]


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> list[Sent]:
    folder = tmp_path_factory.mktemp("forms")
    (folder / "typed").mkdir()
    paths: list[Path] = []
    typed: list[tuple[AForm, FormLayout, dict[str, dict[str, str]]]] = []
    for form in forms():
        layout = form.layout
        values = {
            town.lg_code: answers(
                layout, town.lg_code, town.name, Random(f"{form.name}{town.lg_code}")
            )
            for town in TOWNS
        }
        typed.append((form, layout, values))
        for code, each in values.items():
            paths.append(folder / "typed" / f"{form.name}_{code}.xlsx")
            paths[-1].write_bytes(handed_out(layout, form.body, each))
    saved = {}
    for begin in range(0, len(paths), AT_ONCE):
        made = convert(paths[begin : begin + AT_ONCE], "xlsx", folder / f"saved{begin}")
        saved |= {path.stem: path.read_bytes() for path in made}
    return [
        Sent(form, layout, values, {code: saved[f"{form.name}_{code}"] for code in values})
        for form, layout, values in typed
    ]


def test_what_libreoffice_saved_is_read_as_it_was_typed_and_the_town_is_known(
    sent: Sequence[Sent],
) -> None:
    assert {len(each.files) for each in sent} == {43}
    for each in sent:
        readings = read_forms(each.layout, [*each.files.values()])
        for (code, values), reading in zip(each.typed.items(), readings, strict=True):
            assert (reading.values, reading.damages) == (values, ()), f"{each.form.name} {code}"
            told = recognised(each.layout, reading, "様式.xlsx", TOWNS)
            assert told.lg_code == code


def test_twelve_damages_and_more_in_43_files_each_are_named_and_the_rest_is_merged(
    sent: Sequence[Sent],
) -> None:
    for each in sent:
        happened = [
            _harmed(each, number, code, body)
            for number, (code, body) in enumerate(each.files.items())
        ]
        readings = read_forms(each.layout, [done.body for done in happened])
        rows = []
        for code, done, reading in zip(each.files, happened, readings, strict=True):
            told = f"{each.form.name} {code} {done.kind}"
            assert done.kind in {damage.kind for damage in reading.damages}, told
            assert wrong_values(each.layout, done, each.typed[code], reading) == [], told
            rows.append(FormRow(code, code, dict(reading.values)))
        named = {done.kind for done in happened}
        assert len(named) >= FEWEST
        book = RawBook(merged_by_sheet(each.layout, each.form.body, rows))
        sheets = list(book.sheets)
        for row in rows:
            book.sheets = [sheet for sheet in sheets if sheet.name.startswith(row.lg_code)]
            assert reading_of(each.layout, book).values == row.values


def _harmed(sent: Sent, number: int, code: str, body: bytes) -> Damaged:
    """A file after the next thing that can happen to its form."""
    for step in range(len(HARMS)):
        harm = HARMS[(number + step) % len(HARMS)]
        if (done := harm(sent.layout, body, sent.typed[code])) is not None:
            return done
    raise AssertionError("nothing happens to this form")


def test_libreoffice_opens_every_merged_file_and_its_formulas_compute(
    sent: Sequence[Sent], tmp_path: Path
) -> None:
    (tmp_path / "made").mkdir()
    paths = []
    single = one_row()
    typed = {
        town.lg_code: answers(single.layout, town.lg_code, town.name, Random(town.lg_code))
        for town in TOWNS[:5]
    }
    made_of = [(each.form, each.layout, each.typed) for each in sent]
    for form, layout, values in [*made_of, (single, single.layout, typed)]:
        rows = [FormRow(town.lg_code, town.name, values[town.lg_code]) for town in TOWNS[:5]]
        rows += [FormRow(town.lg_code, town.name, None) for town in TOWNS[5:7]]
        files = {
            "sheets": merged_by_sheet(layout, form.body, rows),
            "rows": merged_by_row(layout, form.body, rows),
            "tally": tally_workbook(
                layout, rows, title="調査", made_on=date(2026, 1, 1), made_up=False
            ),
        }
        for name, body in files.items():
            paths.append(tmp_path / "made" / f"{form.name}_{name}.xlsx")
            paths[-1].write_bytes(body)
    for path in convert(paths, "xlsx", tmp_path / "opened"):
        made = load_workbook(tmp_path / "made" / path.name)
        opened = load_workbook(path, data_only=True)
        assert opened.sheetnames == made.sheetnames
        for sheet in made:
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.data_type == "f":
                        shown = opened[sheet.title][cell.coordinate].value
                        assert shown is None or not str(shown).startswith("#"), (
                            f"{path.name} {sheet.title} {cell.coordinate} {cell.value}: {shown}"
                        )
    total = load_workbook(tmp_path / "opened" / "one_row_rows.xlsx", data_only=True)["一覧"]
    wanted = sum(float(_number(values.get("s1_C5"))) for values in typed.values())
    assert total["C10"].value == pytest.approx(wanted)
    assert total["E10"].value is not None


def _number(value: str | None) -> str:
    return "0" if value in (None, "該当なし") else str(value)
