"""Which municipalities trainings have reached, theme by theme."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine

from core.access.permission import requires
from core.access.principal import Principal
from core.reference.pack import Reference
from core.reference.trainings import Theme
from core.store.attendance import attendance_events
from core.store.engine import reading
from core.store.enrolments import session_places
from core.store.trainings import conditions, session_lines
from core.training.attendance import AttendanceMark, attendance
from core.training.enrolment import PlaceKind
from core.training.filter import TrainingFilter
from core.training.reach import ReachCell, Reached, Taken, reach
from core.values.municipality import Municipality


@dataclass(frozen=True)
class ReachAnswer:
    """Municipality × theme."""

    municipalities: tuple[Municipality, ...]  # all, in the order of the codes
    themes: tuple[Theme, ...]  # those with a session held, in the order readers know
    cells: Mapping[tuple[str, str], ReachCell]  # by ``lg_code`` and key of the theme
    sessions: Mapping[str, int]  # sessions held, by theme
    as_of: date  # last day looked at, inclusive
    fiscal_year: int | None

    def not_yet(self, theme: str) -> tuple[Municipality, ...]:
        """Municipalities that have sent nobody to a theme yet; empty when nothing was recorded."""
        return tuple(
            each
            for each in self.municipalities
            if self.cells[each.lg_code, theme].reached in (Reached.NOBODY, Reached.ENROLLED_ONLY)
        )


@requires("training:reach")
def reach_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    reference: Reference,
    *,
    as_of: date,
    fiscal_year: int | None = None,
) -> ReachAnswer:
    """Who has sent somebody to which theme, from sessions held up to a day. Names no person."""
    with reading(engine) as session:
        wanted = TrainingFilter(last=as_of, fiscal_year=fiscal_year)
        lines = [
            line
            for line in session_lines(session, conditions(wanted, None, {}))
            if not line.cancelled
        ]
        ids = [line.session_id for line in lines]
        placed = session_places(session, ids)
        marks = attendance(attendance_events(session, ids))
    present = {
        enrolment_id
        for enrolment_id, event in marks.items()
        if event.mark is AttendanceMark.PRESENT
    }
    held: dict[str, list[str]] = {}
    taken: list[Taken] = []
    for line in lines:
        held.setdefault(line.content.theme, []).append(line.session_id)
        one = placed[line.session_id]
        seated, came = Counter[str](), Counter[str]()
        for each in one.enrolments:
            seated[each.lg_code] += one.places[each.enrolment_id].kind is PlaceKind.SEATED
            came[each.lg_code] += each.enrolment_id in present
        taken += [
            Taken(code, line.content.theme, line.session_id, came[code], seated[code])
            for code in seated
        ]
    recorded = {session_id for session_id, one in placed.items() if one.enrolments}
    municipalities = tuple(sorted(reference.municipalities, key=lambda m: m.lg_code))
    return ReachAnswer(
        municipalities=municipalities,
        themes=tuple(theme for theme in reference.trainings.themes if theme.key in held),
        cells=reach(taken, held, recorded, [m.lg_code for m in municipalities]),
        sessions={theme: len(ids) for theme, ids in held.items()},
        as_of=as_of,
        fiscal_year=fiscal_year,
    )
