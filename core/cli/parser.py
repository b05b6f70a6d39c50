"""The parser every command is added to; refuses in Japanese."""

from __future__ import annotations

import argparse
import sys
from typing import NoReturn, TypeAlias


class Parser(argparse.ArgumentParser):
    """Says in Japanese what cannot be used, on stderr, and exits with 2."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(2, f"{self.prog}: 指定を確認してください: {message}\n")


Commands: TypeAlias = "argparse._SubParsersAction[Parser]"
"""What a module adds its commands to."""
