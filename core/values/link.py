"""A request as plain text: in an address, in a database row, in a file name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from core.values.errors import InvalidInputError

R = TypeVar("R")


@dataclass(frozen=True)
class Part:
    """One field of a request.

    Attributes:
        key: Its address parameter.
        label: What a refusal calls it.
        read: Its value from a text; ValueError when it is none.
        write: The text of a value.
    """

    key: str
    label: str
    read: Callable[[str], Any]
    write: Callable[[Any], str] = str


@dataclass(frozen=True)
class Link(Generic[R]):
    """The address parameters of a kind of request.

    Attributes:
        request: A dataclass; only its first field has no default.
        parts: Each field, by name.
    """

    request: Callable[..., R]
    parts: Mapping[str, Part]

    @property
    def keys(self) -> frozenset[str]:
        """Every address parameter a request may use."""
        return frozenset(part.key for part in self.parts.values())

    def write(self, request: R) -> dict[str, str]:
        """The request as address parameters; what equals the default is left out."""
        first = next(iter(self.parts))
        usual = self.request(getattr(request, first))
        return {
            part.key: part.write(value)
            for name, part in self.parts.items()
            if (value := getattr(request, name)) != getattr(usual, name) or name == first
        }

    def read(self, link: Mapping[str, str], first: object) -> R:
        """Read what :meth:`write` wrote; other keys are ignored.

        Args:
            first: Value of the first field when none is named.

        Raises:
            InvalidInputError: What cannot be read, one problem a key, all at once. Whether a
                request can be computed is for the computation to say.
        """
        values: dict[str, Any] = {next(iter(self.parts)): first}
        problems = {}
        for name, part in self.parts.items():
            if part.key not in link:
                continue
            try:
                values[name] = part.read(link[part.key].strip())
            except ValueError:
                shown = link[part.key][:40]
                problems[part.key] = f"リンクの「{part.label}」を読めません: {shown}"
        if problems:
            raise InvalidInputError(problems)
        return self.request(**values)
