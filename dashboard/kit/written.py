"""Fields for what people write: amounts, counts, times and texts, read and answered, never changed.

A field keeps what was typed. Beneath it stands what was understood (「120万 = 1,200,000円」), or why
it was not; then it says None, :func:`wrong` tells so anywhere on the page, and :func:`stale` greys
the result that belongs to the text before. The readers are those of core/values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import streamlit as st

from core.values.free_text import Text
from core.values.written_number import YEN, Clock, Measure, counted, read_clock, read_number
from dashboard.kit.typed import escaped

_PROBLEMS, _LAST = "written.problems", "written.last"
_AMOUNT_WIDTH, _COUNT_WIDTH, _CLOCK_WIDTH = 260, 180, 180


def amount(
    label: str,
    *,
    key: str,
    value: int | None = None,
    least: int | None = 0,
    most: int | None = None,
    required: bool = False,
    **more: Any,
) -> int | None:
    """金額 in whole yen.

    Args:
        key: Of the widget; the session holds the text. A number put there by an address or a
            callback is shown as one.
        value: What stands there at first.
        least: Smallest that is taken; None for any.
        most: Largest that is taken; None for any.
        required: Marked 必須; emptied, a field that had a value says that it wants one.
        more: As ``st.text_input`` takes it: help, placeholder, persist_state, on_change, width.

    Returns:
        The amount; None while the field is empty or cannot be read.
    """
    more.setdefault("width", _AMOUNT_WIDTH)
    return _number(label, YEN, key, value, least, most, required=required, **more)


def count(
    label: str,
    *,
    key: str,
    unit: str = "",
    value: int | None = None,
    least: int | None = 0,
    most: int | None = None,
    required: bool = False,
    **more: Any,
) -> int | None:
    """Whole things: 回, 人, 団体; as :func:`amount`."""
    more.setdefault("width", _COUNT_WIDTH)
    return _number(label, counted(unit), key, value, least, most, required=required, **more)


def clock(
    label: str, *, key: str, value: Clock | None = None, required: bool = False, **more: Any
) -> Clock | None:
    """時刻 as :class:`core.values.written_number.Clock`, which knows 24:00; as :func:`amount`."""
    more.setdefault("width", _CLOCK_WIDTH)

    def read(text: str) -> tuple[Clock, str]:
        found = read_clock(text)
        return found, str(found)

    return _draw(label, key, "" if value is None else str(value), read, required=required, **more)  # type: ignore[no-any-return]


def text(
    label: str,
    *,
    key: str,
    longest: int,
    lines: bool = False,
    value: str = "",
    required: bool = False,
    **more: Any,
) -> str | None:
    """Words; a paste that is too long is kept, and the field says by how much.

    Args:
        longest: Most characters.
        lines: A field of several lines.
        more: As ``st.text_input`` or ``st.text_area`` takes it.

    Returns:
        The words as they are kept, empty without any; None while they cannot be taken.
    """
    declared = Text(label, longest, lines=lines, optional=True)

    def read(words: str) -> tuple[str, str]:
        return declared.read(words), ""

    if lines:
        more["draw"] = st.text_area
    found = _draw(label, key, value, read, required=required, **more)
    return "" if found is None and not wrong(key) else found


def line(label: str, *, key: str, read: Callable[[str], str], value: str = "", **more: Any) -> str:
    """A line somebody reads with a reader of their own; what was typed is what counts.

    Args:
        read: What was understood, in words, empty where the line says it; ValueError with why not.
        value: What stands there at first.
        more: As ``st.text_input`` takes it.

    Returns:
        The text as it was typed, also one that cannot be read (:func:`wrong`).
    """
    _draw(label, key, value, lambda text: (text, read(text)), required=False, **more)
    return str(st.session_state.get(key) or "")


def wrong(*keys: str) -> bool:
    """Whether any of the fields, as last drawn, holds what cannot be read: buttons are off then.

    A field whose text is gone, because it is not drawn any more, holds nothing.
    """
    problems = st.session_state.get(_PROBLEMS, {})
    return any(key in problems and key in st.session_state for key in keys)


def last(key: str) -> Any:
    """What a field last could be read as: what a greyed result was made from; None for nothing."""
    return st.session_state.get(_LAST, {}).get(key)


@contextmanager
def stale(key: str, *fields: str) -> Iterator[bool]:
    """Round about a result: greyed and said to be old while one of the fields cannot be read.

    Yields:
        Whether it is.
    """
    old = wrong(*fields)
    with st.container(key=f"noriai-stale-{key}" if old else None):
        if old:
            st.caption("下は直す前の入力での結果です。入力を直すと、計算し直します。")
        yield old


def _number(
    label: str,
    measure: Measure,
    key: str,
    value: int | None,
    least: int | None,
    most: int | None,
    **more: Any,
) -> int | None:
    def read(text: str) -> tuple[int, str]:
        found = read_number(text, measure, least=least, most=most)
        usual = (f"{found:,}", measure.told(found))
        return found, "" if text.strip() in usual else measure.told(found)

    held = st.session_state.get(key)
    if isinstance(held, int):
        st.session_state[key] = f"{held:,}"
    usual = "" if value is None else f"{value:,}"
    return _draw(label, key, usual, read, **more)  # type: ignore[no-any-return]


def _draw(
    label: str,
    key: str,
    usual: str,
    read: Callable[[str], tuple[Any, str]],
    *,
    required: bool,
    draw: Callable[..., Any] | None = None,
    **more: Any,
) -> Any:
    """One field and what stands beneath it."""
    if key not in st.session_state:
        more["value"] = usual
    shown = escaped(f"{label}(必須)" if required else label)
    typed = str((draw or st.text_input)(shown, key=key, **more) or "")
    found, said, problem = None, "", ""
    if typed.strip():
        try:
            found, said = read(typed)
        except ValueError as error:
            problem = str(error)
    elif required and usual:
        problem = f"{label}を書いてください。"
    _note(key, found, problem)
    if problem:
        with st.container(key=f"noriai-wrong-{key}"):
            st.error(escaped(problem), icon=":material/error:")
    elif said and said != typed.strip():
        with st.container(key=f"noriai-read-{key}"):
            st.caption(f"{escaped(typed.strip())} = {escaped(said)}")
    return found


def _note(key: str, found: Any, problem: str) -> None:
    state = st.session_state
    before = state.get(_PROBLEMS, {})
    if before.get(key, "") != problem:
        rest = {each: text for each, text in before.items() if each != key}
        state[_PROBLEMS] = {**rest, key: problem} if problem else rest
    if found is not None and last(key) != found:
        state[_LAST] = {**state.get(_LAST, {}), key: found}
