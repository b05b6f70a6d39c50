"""Record what the programme offers, and open the next fiscal year (カタログ)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any

from core.reference.catalogue import Catalogue, YearState, year_entry
from core.reference.entry import Entry, content_of
from core.reference.parts import PARTS, Part, carried
from core.store.catalogue import (
    ENTRIES,
    catalogue_in,
    entry_now,
    new_source_key,
    refuse_unreadable,
)
from core.store.work import Work, command, refuse_stale
from core.values.errors import ConflictError, InvalidInputError
from core.values.fiscal import FiscalYear
from core.values.free_text import Text

REASON = Text(
    "変更の理由", 400, lines=True, optional=True, example="令和9年度の募集要領の確定による"
)


@command("catalogue:record", "カタログの記録", "catalogue:manage")
def record_entry(
    work: Work,
    *,
    part: str,
    key: str,
    fiscal_year: int | None,
    content: Mapping[str, Any] | None,
    reason: Annotated[str, REASON],
    seen: int,
    new_source: Mapping[str, Any] | None = None,
    request_id: str,
    now: datetime,
) -> int:
    """Record one thing as it is from now on, or that it is not offered any more; its entry's number.

    In a draft it decides for that year; of what is published it corrects what everybody sees. What
    was said before stays on record, and so does what was made of it: estimates, wishes, snapshots.

    Args:
        key: What tells it from others of its part; another one is another thing.
        fiscal_year: 年度 it is offered in, for parts that are offered by the year.
        content: As a file of a pack says it; None ends it.
        seen: Number of the thing's last entry that the form showed; 0 for a new thing.
        new_source: A source (出典) to be recorded with it; the content cites it as
            :data:`NEW_SOURCE`.

    Raises:
        InvalidInputError: What is not as declared, under the heading it stands at.
        ConflictError: It was changed meanwhile, is there already, or the year is not open.
    """
    declared, known = _part(part), catalogue_in(work.session)
    if part == "municipalities":
        raise ConflictError("市町村は、変更する日か合併の日とともに「市町村」で記録してください。")
    year = _year_of(known, declared, fiscal_year)
    added: tuple[Entry, ...] = ()
    if content is not None and (new_source is not None or part == "sources"):
        made_key = new_source_key(known, work)
        if new_source is not None:
            added = (entry_now(work, "sources", made_key, None, new_source, reason),)
            content = _citing(content, made_key)
        elif not key:
            key = made_key
    if content is not None and declared.key:
        key = declared.key_of(content)
    before = known.latest(year).get((part, key))
    _refuse_stale(known, before, declared, key, seen, year)
    if content is None and key not in {k for p, k in _standing(known, year) if p == part}:
        raise ConflictError(f"{declared.label}「{key[:40]}」はありません。画面を更新してください。")
    made = entry_now(work, part, key, year, content, reason)
    refuse_unreadable(Catalogue((*known.entries, *added, made)), made)
    for each in added:
        ENTRIES.add(work.session, each)
    number = ENTRIES.add(work.session, made)
    _audit(work, made)
    return number


@command("catalogue:carry", "カタログの引継ぎ", "catalogue:manage")
def carry_over(
    work: Work,
    *,
    fiscal_year: int,
    things: Iterable[tuple[str, str]],
    request_id: str,
    now: datetime,
) -> int:
    """Decide that things stay in a draft as they are in the year before; how many.

    Args:
        things: Part and key of each.

    Raises:
        ConflictError: The year is no draft, or one of them is decided already or is not there.
    """
    known, year = catalogue_in(work.session), FiscalYear(fiscal_year)
    _refuse_no_draft(known, year)
    open_ = {(each.part, each.key): each for each in known.undecided(year)}
    asked = [*things]
    if not asked or not open_.keys() >= {*asked}:
        raise ConflictError(
            "引き継ぐものが、もう決まっているか、前の年度にありません。画面を更新してください。"
        )
    for thing in asked:
        ENTRIES.add(work.session, _carried(open_[thing], year, work))
    work.audit(year.label, fiscal_year=int(year), carried=[f"{part}:{key}" for part, key in asked])
    return len(asked)


@command("catalogue:open_year", "カタログの年度をひらく", "catalogue:manage")
def open_year(work: Work, *, fiscal_year: int, request_id: str, now: datetime) -> None:
    """Begin the draft of a fiscal year; nobody else sees it, and nothing is carried over by itself.

    Raises:
        ConflictError: It is open or published already, or not after what is published.
    """
    known, year = catalogue_in(work.session), FiscalYear(fiscal_year)
    state = known.states.get(year)
    if state in (YearState.DRAFT, YearState.PUBLISHED):
        raise ConflictError(f"{year.label}のカタログは、もうあります({state.label})。")
    if not known.published or year <= known.published[-1]:
        last = known.published[-1].label if known.published else "なし"
        raise ConflictError(f"公開された最後の年度({last})より後の年度を選んでください。")
    _set_state(work, year, YearState.DRAFT, "")


@command("catalogue:publish_year", "カタログの年度の公開", "catalogue:manage")
def publish_year(work: Work, *, fiscal_year: int, request_id: str, now: datetime) -> None:
    """Show the draft of a fiscal year to everybody, as a whole.

    Raises:
        ConflictError: It is no draft, or something of the year before is not decided yet.
        InvalidInputError: It cannot be read as it stands.
    """
    known, year = catalogue_in(work.session), FiscalYear(fiscal_year)
    _refuse_no_draft(known, year)
    if left := known.undecided(year):
        named = "、".join(f"{PARTS[each.part].label}{each.key}" for each in left[:_NAMED])
        more = f"、ほか{len(left) - _NAMED}件" if len(left) > _NAMED else ""
        raise ConflictError(
            f"まだ決めていないものがあるため公開できません: {named}{more}。"
            "引き継ぐ、変える、終えるのどれかを選んでください。"
        )
    made = year_entry(year, YearState.PUBLISHED, "", work.now, work.by)
    refuse_unreadable(Catalogue((*known.entries, made)), made)
    _set_state(work, year, YearState.PUBLISHED, "")


@command("catalogue:discard_year", "カタログの年度の取りやめ", "catalogue:manage")
def discard_year(
    work: Work, *, fiscal_year: int, reason: Annotated[str, REASON], request_id: str, now: datetime
) -> None:
    """Give up the draft of a fiscal year; opened again, it goes on from what was decided.

    Raises:
        ConflictError: It is no draft.
    """
    known, year = catalogue_in(work.session), FiscalYear(fiscal_year)
    _refuse_no_draft(known, year)
    _set_state(work, year, YearState.DISCARDED, reason)


_NAMED = 5
NEW_SOURCE = "+"
"""Stands in a content where the source that is recorded with it is cited."""


def _standing(known: Catalogue, year: FiscalYear | None) -> set[tuple[str, str]]:
    """What a form may have shown: recorded for the year, or open from the year before."""
    shown = {*known.latest(year)}
    return shown if year is None else shown | {(e.part, e.key) for e in known.undecided(year)}


def _citing(content: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {
        name: key if value == NEW_SOURCE and name == "source" else value
        for name, value in content.items()
    }


def _part(name: str) -> Part:
    found = PARTS.get(name)
    if found is None or not found.kept:
        raise InvalidInputError({"part": f"カタログに「{name[:40]}」という部はありません。"})
    return found


def _year_of(known: Catalogue, part: Part, fiscal_year: int | None) -> FiscalYear | None:
    if not part.yearly:
        return None
    year = None if fiscal_year is None else FiscalYear(fiscal_year)
    if year is None or known.states.get(year) not in (YearState.DRAFT, YearState.PUBLISHED):
        raise ConflictError(
            f"{part.label}は年度ごとに記録します。先に、その年度をひらいてください。"
        )
    return year


def _refuse_stale(
    known: Catalogue,
    before: Entry | None,
    part: Part,
    key: str,
    seen: int,
    year: FiscalYear | None,
) -> None:
    what = f"{part.label}「{key or part.label}」"
    number = before.entry_id if before else 0
    shown = {number}
    if year is not None and before is None:  # the form of a draft showed the year before's
        shown |= {e.entry_id for e in known.undecided(year) if (e.part, e.key) == (part.name, key)}
    if seen == 0 and before is not None and before.content is not None:
        raise ConflictError(f"{what}は、もうあります。一覧から選んで変更してください。")
    if seen not in shown and not (seen == 0 and before is not None):
        refuse_stale(before, number, seen, what, "変更して")
        raise ConflictError(
            f"{what}は、この画面を開いたあとに変わりました。画面を更新してください。"
        )


def _refuse_no_draft(known: Catalogue, year: FiscalYear) -> None:
    state = known.states.get(year)
    if state is not YearState.DRAFT:
        said = state.label if state else "まだひらいていない"
        raise ConflictError(f"{year.label}のカタログは下書きではありません({said})。")


def _carried(entry: Entry, year: FiscalYear, work: Work) -> Entry:
    return replace(
        entry,
        fiscal_year=year,
        content=content_of(carried(entry.value, int(year))),
        note="引継ぎ",
        recorded_at=work.now,
        recorded_by=work.by,
    )


def _set_state(work: Work, year: FiscalYear, state: YearState, note: str) -> None:
    ENTRIES.add(work.session, year_entry(year, state, note, work.now, work.by))
    work.audit(year.label, fiscal_year=int(year), state=state, note=note)


def _audit(work: Work, made: Entry) -> None:
    work.audit(
        f"{made.part}:{made.key}",
        fiscal_year=None if made.fiscal_year is None else int(made.fiscal_year),
        ended=made.content is None,
        note=made.note,
    )
