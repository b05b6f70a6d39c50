"""Whether a figure has happened or was foreseen."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """Actual or planned (実績・予定); the two are never drawn alike."""

    ACTUAL = "actual"
    PLANNED = "planned"

    @property
    def label(self) -> str:
        """実績, 予定."""
        return {Status.ACTUAL: "実績", Status.PLANNED: "予定"}[self]
