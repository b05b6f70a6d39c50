"""Tables: one thing a row, columns by heading, and what they say in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.kit.typed import escaped


def table(columns: Mapping[str, Iterable[object]], alt: str) -> None:
    """All of it in sight; the first column names the rows. Text is shown as it was typed."""
    shown = {_shown(name): map(_shown, values) for name, values in columns.items()}
    st.table(_frame(shown).set_index(next(iter(shown))), alt=alt)


def list_rows(columns: Mapping[str, Iterable[object]], alt: str, **more: Any) -> None:
    """Rows to scroll, sort and search; more as ``st.dataframe`` takes it."""
    st.dataframe(_frame(columns), hide_index=True, alt=alt, **more)


def _shown(cell: Any) -> Any:
    return str(escaped(cell)) if isinstance(cell, str) else cell


def _frame(columns: Mapping[str, Iterable[object]]) -> pd.DataFrame:
    return pd.DataFrame({name: list(values) for name, values in columns.items()})
