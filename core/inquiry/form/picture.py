"""A sheet as a screen draws it: texts, merged cells, widths, fills; no markup."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class PictureCell:
    """A cell that is drawn; those beneath a merged one are left out.

    Attributes:
        text: As it stands there; of a formula its last result.
        fill: ``#rrggbb``; empty for none.
        align: ``left``, ``center`` or ``right``.
    """

    address: str
    text: str
    columns: int = 1
    rows: int = 1
    fill: str = ""
    align: str = "left"
    bold: bool = False
    bordered: bool = False
    formula: bool = False
    unlocked: bool = False


@dataclass(frozen=True)
class PictureRow:
    """A row of the sheet; ``number`` from 1, ``height`` in points, 0 for the usual one."""

    number: int
    height: float
    cells: tuple[PictureCell, ...]


@dataclass(frozen=True)
class SheetPicture:
    """A sheet up to the last cell that holds or means something.

    Attributes:
        widths: Of its columns from A on, in half-width characters; 0 for a hidden one.
        cut: Whether rows or columns beyond what is drawn were left out.
    """

    name: str
    shown: bool
    protected: bool
    widths: tuple[float, ...]
    rows: tuple[PictureRow, ...]
    cut: bool = False

    def plain(self) -> dict[str, Any]:
        """As JSON holds it."""
        return asdict(self)

    @classmethod
    def of_plain(cls, plain: Mapping[str, Any]) -> SheetPicture:
        """What :meth:`plain` gave, after JSON."""
        rows = tuple(
            PictureRow(
                each["number"], each["height"], tuple(PictureCell(**cell) for cell in each["cells"])
            )
            for each in plain["rows"]
        )
        return cls(**{**plain, "widths": tuple(plain["widths"]), "rows": rows})
