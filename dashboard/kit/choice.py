"""A choice among labelled things, whatever widget shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import streamlit as st

from core.values.label import Labelled
from dashboard.kit.typed import escaped

_WIDGETS_OWN = object()


def choose(
    draw: Callable[..., Any],
    label: str,
    options: Mapping[Any, str] | Iterable[Labelled],
    usual: Any = _WIDGETS_OWN,
    **more: Any,
) -> Any:
    """Draw a widget that chooses; the session holds plain values.

    Args:
        draw: ``st.selectbox``, ``column.radio``, ``st.pills`` and the like.
        label: As the widget shows it.
        options: Label by key, or members of an enum.
        usual: What is chosen at first, several for a widget of several; None for nothing. Left
            out: as the widget or the session has it.
        more: As the widget takes it.

    Returns:
        The key or the member; None for nothing, a list from a widget of several.
    """
    members = {} if isinstance(options, Mapping) else {each.value: each for each in options}
    labels = options if isinstance(options, Mapping) else {k: m.label for k, m in members.items()}
    if usual is not _WIDGETS_OWN and draw.__name__ in ("selectbox", "radio"):
        more["index"] = list(labels).index(usual) if usual in labels else None
    elif usual is not _WIDGETS_OWN:
        more["default"] = (
            [*map(_plain, usual)] if isinstance(usual, list | tuple) else _plain(usual)
        )
    found = draw(label, list(labels), format_func=_shown(draw, labels), **more)
    if isinstance(found, list):
        return [members.get(each, each) for each in found]
    return members.get(found, found)


def _shown(draw: Callable[..., Any], labels: Mapping[Any, str]) -> Callable[[Any], str]:
    """A list that unfolds shows its options as they are; what stands open reads them as Markdown."""
    if draw.__name__ in ("selectbox", "multiselect"):
        return labels.__getitem__
    return lambda key: escaped(labels[key])


def choose_or_all(
    label: str, options: Mapping[str, str] | Iterable[Labelled], key: str, **more: Any
) -> str:
    """One of several by its key, or all of them, which is an empty text."""
    labels = options if isinstance(options, Mapping) else {e.value: e.label for e in options}
    return str(choose(st.selectbox, label, {"": "すべて", **labels}, key=key, **more))


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Labelled) else value
