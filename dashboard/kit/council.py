"""議会・決算説明用: the page and the workbook of one municipality's year, made when they are asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from core.access.principal import Principal
from core.exports.council import (
    council_archive,
    council_file_name,
    council_pdf,
    council_workbook,
)
from core.exports.council.wording import PURPOSE
from core.exports.file import file_name
from core.figures.year.year import OurYear
from core.values.fiscal import FiscalYear
from core.values.municipality import Municipality
from core.views.our_year import our_year_view
from dashboard import context
from dashboard.kit import widgets
from dashboard.kit.making import step
from dashboard.kit.submit import download
from dashboard.kit.typed import escaped

_FILES: tuple[tuple[str, str, str, Callable[..., bytes]], ...] = (
    ("議会・決算説明用の1枚(PDF)", ".pdf", "picture_as_pdf", council_pdf),
    ("同じ内容の表(Excel)", ".xlsx", "table", council_workbook),
)


def draw_council(town: Municipality, year: FiscalYear, *, key: str) -> None:
    """A button for each file.

    Args:
        key: Begins the keys.
    """
    with st.container(horizontal=True):
        for label, suffix, icon, make in _FILES:
            download(
                escaped(label),
                partial(_file, make, town.lg_code, year),
                council_file_name(town, year, context.today(), suffix, made_up=widgets.made_up()),
                icon=f":material/{icon}:",
                key=f"{key}{suffix}",
            )


def year_of(who: Principal, lg_code: str, year: FiscalYear) -> OurYear:
    """A municipality's year as it is now, for whoever asks."""
    return our_year_view(
        context.engine(),
        who,
        context.reference(),
        lg_code=lg_code,
        fiscal_year=year,
        now=context.now(),
        today=context.today(),
    )


def _file(make: Callable[..., bytes], lg_code: str, year: FiscalYear, who: Principal) -> bytes:
    found = year_of(who, lg_code, year)
    return make(found, context.reference(), context.today(), made_up=widgets.made_up())


def draw_every_council(year: FiscalYear, *, key: str) -> None:
    """A button for the files of all municipalities."""
    day, made_up = f"{context.today():%Y%m%d}", widgets.made_up()
    download(
        "全団体分(PDFとExcelのzip)",
        partial(_archive, year),
        file_name(PURPOSE, "全団体", year.short, day, suffix=".zip", made_up=made_up),
        icon=":material/folder_zip:",
        key=key,
    )


def _archive(year: FiscalYear, who: Principal) -> bytes:
    reference = context.reference()
    years = (year_of(who, town.lg_code, year) for town in reference.municipalities)
    return council_archive(years, reference, context.today(), made_up=widgets.made_up(), step=step)
