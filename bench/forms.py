"""How long forms that came back take until they are one workbook.

``make bench``. A form of 200 cells, filled by 43 and by 1,741 municipalities, from bytes to the
merged workbook: read and checked cell by cell in one reading process, merged with a sheet per
municipality and with a row per municipality, and tallied. Beside it: openpyxl loading the same
files and nothing more. Aim: 43 files to the merged workbook within 10 seconds. Written as JSON to
bench/results/.
"""

from __future__ import annotations

import argparse
import io
import json
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from random import Random
from typing import TypeVar

import openpyxl

from core.exports.form.by_row import merged_by_row
from core.exports.form.by_sheet import merged_by_sheet
from core.exports.form.handed_out import handed_out
from core.exports.form.tally import tally_workbook
from core.imports.form.reading import found_layout, read_forms
from core.inquiry.form.answer import FormRow
from tests.support.forms import answers, many_rows

T = TypeVar("T")

COUNTS, AIM_FILES, AIM_SECONDS = (43, 1741), 43, 10
RESULTS = Path(__file__).parent / "results"


def run(counts: Sequence[int] = COUNTS) -> dict[str, float]:
    """Measure, print, and give the figures."""
    figures: dict[str, float] = {}
    form = many_rows()
    layout = found_layout(form.body)  # starts the process, as the secretariat's upload does
    for count in counts:
        codes = [f"{100_000 + number}" for number in range(count)]
        typed = {code: answers(layout, code, f"第{code}市", Random(code)) for code in codes}  # noqa: S311  made up
        files = [handed_out(layout, form.body, values) for values in typed.values()]
        read_seconds, readings = _timed(lambda files=files: read_forms(layout, files))
        if [reading.values for reading in readings] != [*typed.values()]:
            raise RuntimeError("what was read is not what was typed")
        rows = [
            FormRow(code, f"第{code}市", reading.values)
            for code, reading in zip(codes, readings, strict=True)
        ]
        sheets, book = _timed(lambda rows=rows: merged_by_sheet(layout, form.body, rows))
        if len(openpyxl.load_workbook(io.BytesIO(book), read_only=True).sheetnames) != count:
            raise RuntimeError("not a sheet per municipality")
        lines, _ = _timed(lambda rows=rows: merged_by_row(layout, form.body, rows))
        counted, _ = _timed(
            lambda rows=rows: tally_workbook(
                layout, rows, title="調査", made_on=date(2026, 1, 1), made_up=False
            )
        )
        reference, _ = _timed(lambda files=files: [_loaded(each) for each in files])
        figures |= {
            f"{count:,} files, cells each": float(sum(len(f.cells) for f in layout.fields)),
            f"{count:,} files read and checked, s": read_seconds,
            f"{count:,} files merged, a sheet each, s": sheets,
            f"{count:,} files merged, a row each, s": lines,
            f"{count:,} files tallied, s": counted,
            f"{count:,} files only loaded by openpyxl, s": reference,
        }
    for name, value in figures.items():
        print(f"{name:>45}  {value:,.2f}")
    if AIM_FILES in counts:
        took = figures[f"{AIM_FILES} files read and checked, s"] + max(
            figures[f"{AIM_FILES} files merged, a {kind} each, s"] for kind in ("sheet", "row")
        )
        met = "met" if took <= AIM_SECONDS else "NOT MET"
        print(
            f"aim: {AIM_FILES} files to the merged workbook within {AIM_SECONDS} s: {took:.1f} s  {met}"
        )
    return figures


def _loaded(body: bytes) -> int:
    return len(openpyxl.load_workbook(io.BytesIO(body)).worksheets)


def _timed(make: Callable[[], T]) -> tuple[float, T]:
    begin = time.perf_counter()
    made = make()
    return time.perf_counter() - begin, made


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, action="append")
    measured = run(parser.parse_args().count or COUNTS)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "forms.json").write_text(json.dumps(measured, indent=2), "utf-8")
