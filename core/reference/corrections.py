"""Corrections (訂正): what a scan printed beside what it is read as."""

from __future__ import annotations

from dataclasses import dataclass

from core.reference.entry import Entry
from core.reference.yaml_tree import scalars


@dataclass(frozen=True)
class Correction:
    """One reading that differs from the printed form.

    Attributes:
        printed: As it stands in the source.
        read_as: As it stands here.
        certain: False when the reading is only probable.
    """

    printed: str
    read_as: str
    certain: bool


def read_corrections(entry: Entry) -> tuple[Correction, ...]:
    """The corrections of one item; each reading must occur in the item's own text.

    Raises:
        ReferenceDataError: A correction changes nothing, or its reading is nowhere in the item.
    """
    texts = [
        str(node.value)
        for key, node in scalars(entry.node)
        if key not in ("printed", "read_as", "note")
    ]
    found = []
    for below in entry.entries("corrections", "printed read_as certain"):
        correction = Correction(
            below.text("printed"), below.text("read_as"), below.truth("certain")
        )
        if correction.printed == correction.read_as:
            raise below.refusal("訂正の前と後が同じです。")
        if not any(correction.read_as in text for text in texts):
            raise below.refusal(f"訂正後の「{correction.read_as}」がこの項目の文にありません。")
        found.append(correction)
    return tuple(found)
