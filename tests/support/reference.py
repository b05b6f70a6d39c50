"""The pack of Osaka, read once for all tests."""

import inspect
from collections.abc import Callable
from typing import Any

from core.reference.pack import Reference, load_reference
from core.settings import DATA

REFERENCE = load_reference(DATA)


def where_wanted(function: Callable[..., Any]) -> dict[str, Reference]:
    """The pack as an argument, for a function that takes it; nothing for any other."""
    wanted = "reference" in inspect.signature(function).parameters
    return {"reference": REFERENCE} if wanted else {}
