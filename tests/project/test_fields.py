"""No field changes what was typed: numbers, times and long texts are typed as text and read by us."""

from __future__ import annotations

import re

import pytest

from core.settings import PROJECT

# A number field keeps what it understands of 「120万」, a time field makes 4:00 of 24:00, and a paste
# beyond max_chars vanishes whole (dashboard/kit/written.py says what instead).
_CHANGING = re.compile(r"\b(number_input|time_input|datetime_input)\(|\bmax_chars\s*=")


def changing(text: str) -> list[str]:
    return [found[0] for found in _CHANGING.finditer(text)]


def test_no_screen_has_a_field_that_changes_what_was_typed() -> None:
    found = {
        path.relative_to(PROJECT).as_posix(): fields
        for top in ("dashboard", "pages")
        for path in sorted((PROJECT / top).rglob("*.py"))
        if (fields := changing(path.read_text("utf-8")))
    }
    assert found == {}


_KEEPS_BACK = re.compile(r"\bst\.form\(|form_submit_button\(")


def test_no_screen_keeps_in_the_browser_what_is_typed_until_it_is_handed_in() -> None:
    """A sign-in that ends elsewhere would lose it; passwords are asked for where nothing is kept."""
    found = {
        path.relative_to(PROJECT).as_posix()
        for top in ("dashboard", "pages")
        for path in sorted((PROJECT / top).rglob("*.py"))
        if _KEEPS_BACK.search(path.read_text("utf-8"))
    }
    assert found == {"pages/password.py"}


@pytest.mark.parametrize(
    "text",
    ['st.number_input("額")', 'right.time_input("時刻")', 'st.text_input("名", max_chars=60)'],
)
def test_such_a_field_would_be_found(text: str) -> None:
    assert changing(text)
