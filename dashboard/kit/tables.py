"""Tables: one thing a row, columns by heading, and what they say in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
import streamlit as st


def table(columns: Mapping[str, Iterable[object]], alt: str) -> None:
    """All of it in sight; the first column names the rows."""
    st.table(_frame(columns).set_index(next(iter(columns))), alt=alt)


def list_rows(columns: Mapping[str, Iterable[object]], alt: str, **more: Any) -> None:
    """Rows to scroll, sort and search; more as ``st.dataframe`` takes it."""
    st.dataframe(_frame(columns), hide_index=True, alt=alt, **more)


def _frame(columns: Mapping[str, Iterable[object]]) -> pd.DataFrame:
    return pd.DataFrame({name: list(values) for name, values in columns.items()})
