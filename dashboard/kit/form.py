"""Fields of one form: what each holds, and the place beneath it where its refusal stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator


class Fields:
    """Draws the fields of one form, each named as the command names it.

    Attributes:
        values: What the fields hold, by name.
        places: As :func:`dashboard.kit.submit.submit` takes them.
    """

    def __init__(self, key: str) -> None:
        """``key`` begins the keys of all fields: another one empties them."""
        self._key = key
        self.values: dict[str, Any] = {}
        self.places: dict[str, DeltaGenerator] = {}

    def __call__(
        self,
        name: str,
        draw: Callable[..., Any],
        *args: Any,
        at: DeltaGenerator | None = None,
        **more: Any,
    ) -> Any:
        """Draw one field, ``at`` a column or where the form stands, and say what it holds."""
        self.values[name] = draw(*args, key=f"{self._key}.{name}", **more)
        self.places[name] = at.empty() if at else st.empty()
        return self.values[name]
