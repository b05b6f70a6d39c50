"""Records as rows of a table: when, what, by whom, and what became of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.access.principal import shown_name
from core.procurement.coverage import CoverageEvent
from core.procurement.event import EventKind, LedgerEvent
from core.values.fiscal import JAPAN
from dashboard.kit import widgets
from dashboard.kit.tables import table
from dashboard.procurement import wording


def standing_of(event: LedgerEvent, corrected_by: int | None) -> str:
    """Whether a record counts, corrects another, or was corrected."""
    if corrected_by is not None:
        return f"{corrected_by}で訂正済み"
    if event.kind is EventKind.CORRECTION:
        return f"{event.corrects}の取消し"
    return f"有効({event.corrects}を訂正)" if event.corrects is not None else "有効"


def recorded(event: LedgerEvent | CoverageEvent) -> str:
    """When it was recorded, in Japan."""
    return f"{event.recorded_at.astimezone(JAPAN):%Y-%m-%d %H:%M}"


def draw_events(events: Sequence[LedgerEvent], corrected_by: Mapping[int, int]) -> None:
    """The history of one participant in one joint procurement, newest first."""
    if not events:
        widgets.empty_state("この団体のこの共同調達には、まだ記録がありません。", "history")
        return
    newest = [*reversed(events)]
    table(
        {
            "番号": (str(event.event_id) for event in newest),  # numbers alone are not drawn
            "適用日": (event.effective.label for event in newest),
            "記録": (wording.record_text(event) for event in newest),
            "状態": (standing_of(e, corrected_by.get(e.event_id)) for e in newest),
            "記録した人と日時": (
                f"{shown_name(event.recorded_by)} {recorded(event)}" for event in newest
            ),
        },
        "記録の履歴、新しい順",
    )
