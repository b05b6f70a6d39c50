"""What the browser keeps of the widgets on a page: their values, sent with every rerun."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from streamlit.proto.Element_pb2 import Element

# Kind of element → field of WidgetState that carries its value; other kinds keep their default.
_VALUE_FIELDS = {
    "checkbox": "bool_value",
    "number_input": "double_value",
    "selectbox": "string_value",
    "text_input": "string_value",
}


@dataclass
class Widget:
    """An input on the page; a value of None is an empty one and is not sent."""

    id: str
    label: str
    field: str
    value: Any


def widget_of(element: Element, known: Mapping[str, Widget]) -> Widget | None:
    """The widget an element is: as the reader left it, unless the script sets its value anew.

    None for what is not an input, and for kinds of input no measured page has.
    """
    kind = str(element.WhichOneof("type"))
    if kind not in _VALUE_FIELDS:
        return None
    drawn = getattr(element, kind)
    if drawn.id in known and not drawn.set_value:
        return known[drawn.id]
    return Widget(drawn.id, drawn.label, _VALUE_FIELDS[kind], _value_of(kind, drawn))


def _value_of(kind: str, widget: Any) -> Any:
    name = "default"
    if widget.set_value:
        name = "raw_value" if kind == "selectbox" else "value"
    if widget.DESCRIPTOR.fields_by_name[name].has_presence and not widget.HasField(name):
        return None
    value = getattr(widget, name)
    return widget.options[value] if kind == "selectbox" and name == "default" else value
