"""Which municipalities trainings have reached, theme by theme."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Engine

from core.access.permission import requires
from core.access.principal import Principal
from core.reference.pack import Reference
from core.reference.trainings import Theme
from core.store.engine import reading
from core.store.kpi import known_sessions
from core.training.filter import TrainingFilter
from core.training.reach import KnownSession, ReachCell, Reached, reach
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
        held = known_sessions(session, TrainingFilter(last=as_of, fiscal_year=fiscal_year))
    sessions = Counter(each.theme for each in held)
    reference = reference.on(as_of)
    municipalities = tuple(sorted(reference.municipalities, key=lambda m: m.lg_code))
    return ReachAnswer(
        municipalities=municipalities,
        themes=tuple(theme for theme in reference.trainings.themes if theme.key in sessions),
        cells=reach(_of_heirs(held, reference, as_of), [m.lg_code for m in municipalities]),
        sessions=sessions,
        as_of=as_of,
        fiscal_year=fiscal_year,
    )


def _of_heirs(
    held: Iterable[KnownSession], reference: Reference, as_of: date
) -> list[KnownSession]:
    """Sessions with those who came and were seated under the municipality that counts for theirs."""

    def under(people: Mapping[str, int]) -> Counter[str]:
        found = Counter[str]()
        for code, number in people.items():
            found[reference.succession.heir(code, as_of)] += number
        return found

    return [replace(each, present=under(each.present), seated=under(each.seated)) for each in held]
