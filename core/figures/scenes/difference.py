"""今と比べる: what a frozen moment said, beside what the same scenes say now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from core.figures.indicator import difference
from core.figures.scenes.scene import Scene
from core.values.figure import Value, number_text


@dataclass(frozen=True)
class Difference:
    """One figure or one cell that is no longer what it was."""

    scene: str
    what: str  # label of the figure; row and column of the cell
    then: str  # as frozen; 記載なし when it was not there
    now: str  # as it is; 記載なし when it is no longer there
    change: Value = None  # now less then; None where either is unknown or not a number
    unit: str = ""  # 単位 of ``change``; empty without one

    @property
    def change_text(self) -> str:
        """What changed, signed; empty where it is not a number."""
        if self.change is None:
            return ""
        return f"{'+' if self.change > 0 else ''}{number_text(self.change)}{self.unit}"


ABSENT = "記載なし"


def differences(then: Iterable[Scene], now: Iterable[Scene]) -> tuple[Difference, ...]:
    """Everything that differs, in the order of the frozen scenes.

    A scene that no longer exists has nothing to be compared with and is left out.
    """
    present = {scene.key: scene for scene in now}
    return tuple(
        difference
        for scene in then
        if scene.key in present
        for difference in (*_figures(scene, present[scene.key]), *_cells(scene, present[scene.key]))
    )


def _figures(then: Scene, now: Scene) -> Iterator[Difference]:
    before = {big.figure.label: big.figure for big in then.figures}
    after = {big.figure.label: big.figure for big in now.figures}
    for label in {**before, **after}:
        old, new = before.get(label), after.get(label)
        if old is not None and new is not None and old.value == new.value:
            continue
        known = old is not None and new is not None
        change = difference(new.value, old.value) if old and new else None
        yield Difference(
            scene=then.title,
            what=label,
            then=old.text if old else ABSENT,
            now=new.text if new else ABSENT,
            change=change,
            unit=old.unit if known and old else "",
        )


def _cells(then: Scene, now: Scene) -> Iterator[Difference]:
    before, after = _table(then), _table(now)
    for key in {**before, **after}:
        old, new = before.get(key, ABSENT), after.get(key, ABSENT)
        if old != new:
            row, column = key
            yield Difference(then.title, f"{row} {column}", old, new)


def _table(scene: Scene) -> dict[tuple[str, str], str]:
    return {
        (row[0], column): cell
        for row in scene.rows
        for column, cell in zip(scene.columns[1:], row[1:], strict=True)
    }
