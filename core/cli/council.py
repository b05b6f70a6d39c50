"""``noriai export council``: a municipality's year for its council, or everybody's in one archive."""

from __future__ import annotations

import argparse
from pathlib import Path

from core.access.principal import CONSOLE
from core.cli.context import engine, made_up, now, reference, write_file
from core.cli.parser import Commands, typed
from core.exports.council import council_archive, council_pdf, council_workbook
from core.figures.year.year import OurYear
from core.values.errors import InvalidInputError
from core.values.fiscal import FiscalYear
from core.views.our_year import our_year_view

_year = typed(FiscalYear.parse)


def add_export_to(kinds: Commands) -> None:
    """``export council``."""
    council = kinds.add_parser(
        "council", help="議会・決算説明用の1枚(.pdf)、表(.xlsx)、全団体分(.zip)を書き出す"
    )
    council.add_argument("file", type=Path, metavar="FILE")
    council.add_argument(
        "--fiscal-year", type=_year, required=True, metavar="YEAR", help="年度(2023、R5、令和5年度)"
    )
    council.add_argument("--municipality", metavar="CODE", help="団体コード(6桁)。.zipには要らない")
    council.set_defaults(run=_export_council)


def _export_council(options: argparse.Namespace) -> None:
    kind, day = options.file.suffix.lower(), now().date()
    if kind not in (".pdf", ".xlsx", ".zip"):
        raise InvalidInputError(
            {"file": f"{options.file} の拡張子を.pdf、.xlsx、.zipにしてください。"}
        )
    if (kind == ".zip") == bool(options.municipality):
        raise InvalidInputError(
            {
                "municipality": "--municipality は1団体の.pdfと.xlsxに指定します。"
                "全団体分は指定せずに.zipへ書き出してください。"
            }
        )
    marked = made_up(engine())
    if kind == ".zip":
        years = (_year_of(town.lg_code, options) for town in reference().municipalities)
        write_file(options.file, council_archive(years, reference(), day, made_up=marked))
        return
    make = council_pdf if kind == ".pdf" else council_workbook
    found = _year_of(options.municipality, options)
    write_file(options.file, make(found, reference(), day, made_up=marked))


def _year_of(lg_code: str, options: argparse.Namespace) -> OurYear:
    return our_year_view(
        engine(),
        CONSOLE,
        reference(),
        lg_code=lg_code,
        fiscal_year=options.fiscal_year,
        now=now(),
        today=now().date(),
    )
