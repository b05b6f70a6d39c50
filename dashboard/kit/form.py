"""Fields of one form: what each holds, and the place beneath it where its refusal stands.

No form is an ``st.form``: that keeps what is typed in the browser until it is handed in, and loses it
when the sign-in ends meanwhile (docs/decisions.md).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.kit.sight import problem_mark
from dashboard.kit.typed import paragraphs

_TOLD = "form.told"


def form_box(form: str) -> DeltaGenerator:
    """The frame around the fields and the button of a form; it does not go to paper."""
    return st.container(border=True, key=f"noriai-form-{form}")


class Place:
    """Beneath a field: a refusal stands there until the field holds something else."""

    def __init__(self, key: str, held: object = None, at: DeltaGenerator | None = None) -> None:
        """``held`` is what the field holds; of a refusal of None only the next try takes it away."""
        self._key, self._held = key, held
        self._where = at.empty() if at else st.empty()
        told = st.session_state.get(_TOLD, {}).get(key)
        if told and told[0] == self._print():
            self._where.error(paragraphs(told[1]), icon=":material/error:")

    def tell(self, problem: str) -> None:
        """Have the reader led here, and the refusal stand."""
        before = st.session_state.get(_TOLD, {})
        st.session_state[_TOLD] = {**before, self._key: (self._print(), problem)}
        with problem_mark(self._where):
            st.error(paragraphs(problem), icon=":material/error:")

    def clear(self) -> None:
        """It is tried once more."""
        before = st.session_state.get(_TOLD, {})
        if self._key in before:
            st.session_state[_TOLD] = {k: told for k, told in before.items() if k != self._key}
            self._where.empty()

    def _print(self) -> int:
        return hash(repr(self._held))


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
        self.places: dict[str, Place] = {}

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
        self.place(name, at)
        return self.values[name]

    def place(self, name: str, at: DeltaGenerator | None = None) -> None:
        """The place of a field that was drawn otherwise, where ``values`` has it."""
        self.places[name] = Place(f"{self._key}.{name}", self.values.get(name), at)
