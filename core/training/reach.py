"""Which municipality has sent somebody to which theme, and which has not yet."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from core.values.label import Labelled


class Reached(Labelled):
    """How far a theme has reached a municipality (研修の浸透)."""

    SENT = "sent", "出席あり", "●"
    ENROLLED_ONLY = "enrolled_only", "申込のみ", "○"
    NOBODY = "nobody", "なし", "－"
    UNRECORDED = "unrecorded", "記録なし", "？"

    @property
    def mark(self) -> str:
        """● ○ － ？, so that nothing relies on colour."""
        return self.words[1]


@dataclass(frozen=True)
class Taken:
    """What one municipality did in one session."""

    lg_code: str
    theme: str
    session_id: str
    present: int  # 出席, persons
    seated: int  # 参加確定, persons; those present included


@dataclass(frozen=True)
class ReachCell:
    """One municipality and one theme."""

    reached: Reached
    present: int | None  # のべ出席者数, persons; None when nothing was recorded, which is not 0
    seated: int | None  # のべ参加確定者数, persons; None when nothing was recorded


def reach(
    taken: Iterable[Taken],
    sessions: Mapping[str, Collection[str]],
    recorded: Collection[str],
    lg_codes: Collection[str],
) -> dict[tuple[str, str], ReachCell]:
    """Every municipality × theme.

    Args:
        taken: What each municipality did in each session.
        sessions: Theme → sessions that were held.
        recorded: Sessions for which applications or attendance were recorded here at all; of
            others nobody knows who came.

    Returns:
        By ``lg_code`` and theme.
    """
    present: dict[tuple[str, str], int] = {}
    seated: dict[tuple[str, str], int] = {}
    for each in taken:
        key = each.lg_code, each.theme
        present[key] = present.get(key, 0) + each.present
        seated[key] = seated.get(key, 0) + each.seated
    cells = {}
    known = {theme for theme, ids in sessions.items() if any(each in recorded for each in ids)}
    for theme in sessions:
        for lg_code in lg_codes:
            key = lg_code, theme
            if theme not in known:
                cells[key] = ReachCell(Reached.UNRECORDED, None, None)
                continue
            came, sat = present.get(key, 0), seated.get(key, 0)
            how = Reached.SENT if came else Reached.ENROLLED_ONLY if sat else Reached.NOBODY
            cells[key] = ReachCell(how, came, sat)
    return cells
