"""The parser every command is added to; refuses in Japanese."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import date
from typing import NoReturn, TypeAlias, TypeVar

from core.values.fiscal import Precision, parse_date

T = TypeVar("T")


class Parser(argparse.ArgumentParser):
    """Says in Japanese what cannot be used, on stderr, and exits with 2."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(2, f"{self.prog}: 指定を確認してください: {message}\n")


Commands: TypeAlias = "argparse._SubParsersAction[Parser]"
"""What a module adds its commands to."""


def typed(read: Callable[[str], T]) -> Callable[[str], T]:
    """The type of an argument whose reader says in Japanese why it refuses a text."""

    def argument(text: str) -> T:
        try:
            return read(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return argument


@typed
def day(text: str) -> date:
    """A day; no month, no year."""
    found = parse_date(text)
    if found.precision is not Precision.DAY:
        raise ValueError(f"日まで指定してください: {text}")
    return found.first
