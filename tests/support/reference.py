"""The pack of Osaka, read once for all tests."""

import inspect
from collections.abc import Callable
from datetime import datetime
from typing import Any

from core.reference.pack import load_reference
from core.settings import DATA
from core.values.fiscal import JAPAN

REFERENCE = load_reference(DATA)


def where_wanted(function: Callable[..., Any]) -> dict[str, Any]:
    """The pack and a clock that stands still, for a function that takes them; else nothing."""
    known = {"reference": REFERENCE, "clock": standing_clock}
    return {
        name: value
        for name, value in known.items()
        if name in inspect.signature(function).parameters
    }


def standing_clock(_session: object) -> datetime:
    """The clock of a database in which it is always half past nine of October 2nd, 2023."""
    return datetime(2023, 10, 2, 9, 30, tzinfo=JAPAN)
