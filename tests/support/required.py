"""Programs the tests use for real: skipped without on a desk, a failure where CI is set."""

from __future__ import annotations

import os
import shutil
from typing import NoReturn

import pytest


def program(purpose: str, *names: str) -> str:
    """Path of the first of some programs that is installed."""
    found = next(filter(None, map(shutil.which, names)), None)
    return found or _missing(f"{purpose}: none of {', '.join(names)} is installed")


def _missing(reason: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
