"""The parser every command is added to; refuses in Japanese."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from typing import NoReturn, TypeAlias, TypeVar

from core.cli.japanese import speak_japanese
from core.values.fiscal import Precision, parse_date

T = TypeVar("T")
speak_japanese()


class Parser(argparse.ArgumentParser):
    """Says in one Japanese line what cannot be used, on stderr, and exits with 2."""

    def error(self, message: str) -> NoReturn:
        line = " ".join(message.split())
        self.exit(2, f"{self.prog}: 指定を確認してください: {line}(使い方: {self.prog} -h)\n")


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
def whole(text: str) -> int:
    """A whole number."""
    try:
        return int(text)
    except ValueError:
        raise ValueError(f"整数で指定してください: {text}") from None


@typed
def port(text: str) -> int:
    """A port somebody may listen at."""
    number = whole(text)
    if not 1 <= number <= 65535:
        raise ValueError(f"ポートは1から65535で指定してください: {text}")
    return number


@typed
def day(text: str) -> date:
    """A day; no month, no year."""
    found = parse_date(text)
    if found.precision is not Precision.DAY:
        raise ValueError(f"日まで指定してください: {text}")
    return found.first
