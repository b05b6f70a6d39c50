"""成果・事例: what came of support, for others to find, by the rules of 好事例."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from core.consultation.example import ExampleState
from core.consultation.request import MAX_BODY, MAX_TITLE
from core.values.errors import ConflictError
from core.values.free_text import Text


@dataclass(frozen=True)
class OutcomeText:
    """What others read: no municipality, no person, no vendor."""

    title: Annotated[str, Text("題名", MAX_TITLE)]
    topic: Annotated[str, Text("課題と取組", MAX_BODY, lines=True)]
    result: Annotated[str, Text("成果", MAX_BODY, lines=True)]


@dataclass(frozen=True, order=True)
class OutcomeKey:
    """What an outcome is of: one plan of a contract, or one of its visits (0: the plan)."""

    contract_id: int
    plan: int
    visit_id: int = 0


@dataclass(frozen=True)
class OutcomeEvent:
    """What was said about publishing an outcome. Never edited.

    Attributes:
        text: What is published; None for every other state.
    """

    event_id: int
    key: OutcomeKey
    lg_code: str
    state: ExampleState
    text: OutcomeText | None
    recorded_at: datetime
    recorded_by: str


def last_said(events: Iterable[OutcomeEvent]) -> dict[OutcomeKey, OutcomeEvent]:
    """The last word on each outcome."""
    last: dict[OutcomeKey, OutcomeEvent] = {}
    for event in sorted(events, key=lambda each: each.event_id):
        last[event.key] = event
    return last


def check_held(visits_held: int, key: OutcomeKey) -> None:
    """Refuse a word on what has not been held yet.

    Raises:
        ConflictError: Nothing was held.
    """
    if not visits_held:
        what = "この支援回" if key.visit_id else "このプランの支援"
        raise ConflictError(f"{what}はまだ実施されていません。実施を記録した後に選んでください。")
