"""What the page カタログ shows: a fiscal year beside the one before, and every thing with its past."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, func, select

from core.access.permission import requires
from core.access.principal import Principal
from core.reference.catalogue import Catalogue, YearState
from core.reference.entry import Entry
from core.reference.pack import Reference
from core.reference.parts import PARTS, Part, carried
from core.store.boarding import WINDOWS
from core.store.catalogue import catalogue_in
from core.store.engine import reading
from core.store.estimates import ESTIMATES, KeptState
from core.store.ledger import LEDGER
from core.store.meetings import MOMENTS
from core.store.wishes import WISHES
from core.values.errors import ConflictError
from core.values.fiscal import FiscalYear
from core.values.label import Labelled


class Decision(Labelled):
    """What was decided of a thing for a fiscal year, against the year before."""

    OPEN = "open", "未定"
    CARRIED = "carried", "引き継ぐ"
    CHANGED = "changed", "変える"
    ENDED = "ended", "終える"
    NEW = "new", "新しい"


@dataclass(frozen=True)
class Thing:
    """One thing of the catalogue.

    Attributes:
        before: Its entry in the published year before; None where there is none, or no year.
        now: Its last entry; None while nothing was decided.
        past: Every entry of it, the newest first.
    """

    part: Part
    key: str
    before: Entry | None
    now: Entry | None
    past: tuple[Entry, ...]

    @property
    def shown(self) -> Mapping[str, Any]:
        """What it holds, or held last."""
        for entry in (self.now, self.before, *self.past):
            if entry is not None and entry.content is not None:
                held: Mapping[str, Any] = entry.value
                return held
        return {}

    @property
    def title(self) -> str:
        """How a reader calls it."""
        held = self.shown
        for name in ("label", "title", "name", "system", "coordinator"):
            if held.get(name):
                number = f"{held['number']}. " if "number" in held else ""
                return f"{number}{held[name]}"
        return self.key or self.part.label

    @property
    def ended(self) -> bool:
        """Whether it is not offered any more."""
        return self.now is not None and self.now.content is None

    @property
    def decision(self) -> Decision:
        """Against the year before."""
        if self.now is None:
            return Decision.OPEN
        if self.now.content is None:
            return Decision.ENDED
        if self.before is None:
            return Decision.NEW
        return Decision.CHANGED if self.differences else Decision.CARRIED

    @property
    def differences(self) -> tuple[str, ...]:
        """Headings under which it holds something else than in the year before; not the year itself."""
        if self.before is None or self.now is None or self.now.content is None:
            return ()
        new: Mapping[str, Any] = self.now.value
        old = carried(self.before.value, int(self.now.fiscal_year or 0))
        return tuple(
            name
            for name in dict.fromkeys([*old, *new])
            if name != "fiscal_year" and old.get(name) != new.get(name)
        )

    @property
    def seen(self) -> int:
        """Number of the entry that a form shows."""
        entry = self.now or self.before
        return entry.entry_id if entry else 0


@dataclass(frozen=True)
class CatalogueAnswer:
    """Everything the secretariat keeps, for one fiscal year."""

    states: Mapping[FiscalYear, YearState]  # in their order
    year: FiscalYear  # that is looked at
    before: FiscalYear | None  # the published year it stands beside
    yearly: tuple[Thing, ...]  # what is offered by the year, by part and number
    lasting: tuple[Thing, ...]  # what holds whatever the year
    reference: Reference  # as it would be read, drafts included

    @property
    def undecided(self) -> tuple[Thing, ...]:
        """What the year before offers and nothing was decided of."""
        return tuple(thing for thing in self.yearly if thing.decision is Decision.OPEN)

    def of(self, part: str) -> tuple[Thing, ...]:
        """The things of a part."""
        return tuple(t for t in (*self.yearly, *self.lasting) if t.part.name == part)


@requires("catalogue:read")
def catalogue_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    *,
    fiscal_year: int | None = None,
) -> CatalogueAnswer:
    """The catalogue of a fiscal year, drafts included.

    Args:
        fiscal_year: A year that was opened; None for the last one.

    Raises:
        ConflictError: Nothing has filled the catalogue yet, or the year was not opened.
    """
    with reading(engine) as session:
        known = catalogue_in(session)
    years = [y for y, state in known.states.items() if state is not YearState.DISCARDED]
    if not years:
        raise ConflictError("カタログはまだ空です。サーバーを起動し直すと、初期データが入ります。")
    year = years[-1] if fiscal_year is None else FiscalYear(fiscal_year)
    if year not in years:
        raise ConflictError(f"{year.label}のカタログはまだひらいていません。")
    draft = known.states[year] is YearState.DRAFT
    return CatalogueAnswer(
        states=known.states,
        year=year,
        before=known.before(year),
        yearly=_things(known, year),
        lasting=_things(known, None),
        reference=known.draft(year) if draft else known.of(year),
    )


def _things(known: Catalogue, year: FiscalYear | None) -> tuple[Thing, ...]:
    earlier = None if year is None else known.before(year)
    before = {} if earlier is None else known.latest(earlier)
    now = known.latest(year)
    past: dict[tuple[str, str], list[Entry]] = {}
    for entry in known.entries:
        past.setdefault((entry.part, entry.key), []).append(entry)
    order = [*PARTS]
    keys = dict.fromkeys(
        [*now, *(thing for thing, entry in before.items() if entry.content is not None)]
    )
    return tuple(
        Thing(
            PARTS[part],
            key,
            before.get((part, key)),
            now.get((part, key)),
            (*past[part, key][::-1],),
        )
        for part, key in sorted(
            keys, key=lambda each: (order.index(each[0]), int(each[1]) if each[1].isdigit() else 0)
        )
        if PARTS[part].kept and PARTS[part].yearly == (year is not None)
    )


@dataclass(frozen=True)
class Touches:
    """What rests on a thing, so that whoever changes it knows."""

    label: str
    number: int


@requires("catalogue:read")
def catalogue_touches_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    *,
    part: str,
    key: str,
    fiscal_year: int | None,
) -> tuple[Touches, ...]:
    """How much was recorded that speaks of a thing; none of it changes with the thing."""
    with reading(engine) as session:

        def count(query: Any) -> int:
            return session.scalar(query) or 0

        found: list[Touches] = []
        if part == "plans" and fiscal_year is not None:
            same = (WISHES.c.fiscal_year == fiscal_year, WISHES.c.plan == int(key))
            towns = select(func.count(WISHES.c.lg_code.distinct())).where(*same)
            found.append(Touches("参加希望を出した団体", count(towns)))
            kept = {each.estimate_id: each for each in ESTIMATES.all(session)}
            chosen = [
                each
                for each in kept.values()
                if each.state is KeptState.KEPT
                and each.request.fiscal_year == fiscal_year
                and any(choice.plan == int(key) for choice in each.request.choices)
            ]
            found.append(Touches("保存した試算", len(chosen)))
        elif part == "procurements":
            for label, stored in (("参加台帳の記録", LEDGER), ("後乗りの募集", WINDOWS)):
                rows = select(func.count()).select_from(stored.table)
                found.append(Touches(label, count(rows.where(stored.c.programme == key))))
        found.append(Touches("会議の控え", count(select(func.count()).select_from(MOMENTS.table))))
    return tuple(each for each in found if each.number)
