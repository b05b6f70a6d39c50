"""Ledgers drawn at random in which every record was admitted."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from core.procurement.event import EventKind, LedgerEvent
from core.procurement.recording import Entry, System, admitted, event_of, voiding
from core.values.errors import DashboardError
from core.values.fiscal import PartialDate, Precision
from core.values.municipality import Municipality

TOWNS = tuple(
    Municipality(
        f"27{n}", f"町{n}", "まち", ("市", "町")[n % 2], f"地域{n % 3}", 10**n, 34.0, 135.0
    )
    for n in range(1, 5)
)
PREFECTURE = "270008"
PARTICIPANTS = (*(town.lg_code for town in TOWNS), PREFECTURE)
SYSTEMS = {"chat": System("チャット", (), True), "eapply": System("申請", ("A", "B"), False)}
WINDOW = [date(2023, 3, 26) + timedelta(days=n) for n in range(12)]
TARGETS = [
    None,
    PartialDate(date(2023, 4, 1), Precision.MONTH),
    PartialDate(date(2023, 6, 1), Precision.MONTH),
]
KINDS = [kind for kind in EventKind if kind is not EventKind.CORRECTION]


@st.composite
def ledgers(draw: st.DrawFn) -> list[LedgerEvent]:
    """Valid ledgers: of what is tried, what is admitted; corrections among them."""
    events: list[LedgerEvent] = []
    for number in range(1, draw(st.integers(0, 40)) + 1):
        programme = draw(st.sampled_from(sorted(SYSTEMS)))
        participant = draw(st.sampled_from(PARTICIPANTS))
        existing = [e for e in events if (e.programme, e.participant) == (programme, participant)]
        at = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(hours=number)
        if existing and draw(st.integers(0, 4)) == 0:
            event = voiding(draw(st.sampled_from(existing)), "誤り", at, "a")
        else:
            kind = draw(st.sampled_from([*KINDS, EventKind.JOINED, EventKind.PLANNED]))
            entry = Entry(
                participant,
                programme,
                kind,
                PartialDate(draw(st.sampled_from(WINDOW)), Precision.DAY),
                "試験",
                lot=draw(st.sampled_from((None, *SYSTEMS[programme].lots))),
                target=draw(st.sampled_from(TARGETS))
                if kind in (EventKind.PLANNED, EventKind.MANDATE)
                else None,
            )
            event = event_of(entry, at, "a")
        try:
            checked = admitted(existing, event, PARTICIPANTS, SYSTEMS)
        except DashboardError:
            continue
        events.append(
            LedgerEvent(number, *(getattr(checked, f) for f in LedgerEvent.__slots__[1:]))
        )
    return events
