"""Which municipality has sent somebody to which theme, and which has not yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

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
class KnownSession:
    """One 日程 that is not cancelled, with who came; names no person."""

    session_id: str
    day: date
    title: str  # 題名 of its training
    theme: str  # key of its テーマ
    recorded: bool  # whether applications or attendance were recorded here at all
    present: Mapping[str, int]  # 団体コード → persons who came
    seated: Mapping[str, int]  # 団体コード → persons with a seat
    place: str = ""  # 会場 or 開催形式; empty when not said
    seats_left: int | None = None  # 残席 now; None when no 定員 was given, which is not "no limit"
    source: str = ""  # key in data/sources.yaml; empty for recorded here


@dataclass(frozen=True)
class ReachCell:
    """One municipality and one theme."""

    reached: Reached
    present: int | None  # のべ出席者数, persons; None when nothing was recorded, which is not 0
    seated: int | None  # のべ参加確定者数, persons; None when nothing was recorded


def reach(
    sessions: Iterable[KnownSession], lg_codes: Collection[str]
) -> dict[tuple[str, str], ReachCell]:
    """Every municipality × theme, by ``lg_code`` and theme.

    Args:
        sessions: Those held; of one without any record nobody knows who came.
        lg_codes: All municipalities.
    """
    held: dict[str, list[KnownSession]] = {}
    for session in sessions:
        held.setdefault(session.theme, []).append(session)
    cells = {}
    for theme, of_theme in held.items():
        present, seated = Counter[str](), Counter[str]()
        for session in of_theme:
            present.update(session.present)
            seated.update(session.seated)
        recorded = any(session.recorded for session in of_theme)
        for lg_code in lg_codes:
            came, sat = present[lg_code], seated[lg_code]
            how = Reached.SENT if came else Reached.ENROLLED_ONLY if sat else Reached.NOBODY
            cells[lg_code, theme] = (
                ReachCell(how, came, sat) if recorded else ReachCell(Reached.UNRECORDED, None, None)
            )
    return cells
