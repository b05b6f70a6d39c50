"""記録する: everything a new event must satisfy before it enters the ledger."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Annotated

from core.procurement.carried import Cell, check_follows
from core.procurement.event import PROVISIONAL, EventKind, LedgerEvent, corrected
from core.values.errors import ConflictError, InvalidInputError
from core.values.fiscal import FiscalYear, PartialDate, japan_day, outside_fiscal_years
from core.values.free_text import Text, cleaned
from core.values.succession import Succession

UNCHANGED = Succession(())
"""Of participants that never change."""

SOURCE = Text("出典", 500, lines=True, example="通知の名称・日付など")
NOTE = Text("備考", 2000, lines=True, optional=True)
WHY = Text("訂正の理由", 500, lines=True)
MAX_SOURCE, MAX_NOTE = SOURCE.longest, NOTE.longest


@dataclass(frozen=True)
class System:
    """What the ledger must know of a programme."""

    label: str
    lots: tuple[str, ...]  # 区分; empty when undivided
    free_edition: bool
    also: tuple[str, ...] = ()  # what else it is called: on screens, as printed
    lot_labels: tuple[str, ...] = ()  # what the documents call the lots, in the same order
    began: date | None = None  # first day of the 年度 it was procured in; None when not known


@dataclass(frozen=True)
class Entry:
    """What somebody wants recorded, before it is checked."""

    participant: str  # code of a municipality or of the prefecture
    programme: str
    kind: EventKind
    effective: PartialDate
    source: Annotated[str, SOURCE]
    lot: str | None = None
    target: PartialDate | None = None  # for 予定 and 委任状: when participation is meant to begin
    note: Annotated[str, NOTE] = ""


def event_of(
    entry: Entry,
    recorded_at: datetime,
    recorded_by: str,
    corrects: int | None = None,
    event_id: int = 0,
) -> LedgerEvent:
    """An entry as an event, as long as it is not recorded without a number or a provisional one."""
    return LedgerEvent(
        event_id=event_id,
        participant=entry.participant,
        programme=entry.programme,
        lot=entry.lot,
        kind=entry.kind,
        effective=entry.effective,
        target=entry.target,
        source=cleaned(entry.source),
        note=cleaned(entry.note),
        corrects=corrects,
        recorded_at=recorded_at,
        recorded_by=recorded_by,
    )


def voiding(event: LedgerEvent, why: str, recorded_at: datetime, recorded_by: str) -> LedgerEvent:
    """The 訂正 that takes an event out of the ledger without putting another in its place."""
    return replace(
        event,
        event_id=0,
        kind=EventKind.CORRECTION,
        target=None,
        source=cleaned(why),
        note="",
        corrects=event.event_id,
        recorded_at=recorded_at,
        recorded_by=recorded_by,
    )


def check_entry(
    event: LedgerEvent,
    participants: Collection[str],
    systems: Mapping[str, System],
    succession: Succession = UNCHANGED,
) -> None:
    """Refuse what is wrong with an event by itself.

    Args:
        succession: Who of the participants is there on which day.

    Raises:
        InvalidInputError: Fields ``participant``, ``programme``, ``lot``, ``kind``, ``effective``,
            ``target``, ``source``, ``note``.
    """
    problems = _place(event, participants, systems)
    for field, day in (("effective", event.effective), ("target", event.target)):
        if day is not None and (problem := outside_fiscal_years(day.first)):
            problems[field] = problem
    gone = [succession.absence(event.participant, d) for d in _ends(event.effective)]
    if all(gone) and "participant" not in problems:
        problems["participant"] = gone[0]
    if event.target is not None and event.kind not in (EventKind.PLANNED, EventKind.MANDATE):
        problems["target"] = (
            f"開始予定は「予定」「委任状」だけに書けます。「{event.kind.label}」では空にしてください。"
        )
    if (
        event.target is not None
        and not {"effective", "target"} & problems.keys()
        and event.target.last < event.effective.first
    ):
        problems["target"] = (
            f"開始予定({event.target.label})が適用日({event.effective.label})より前です。"
        )
    problems.update(text_problems(event.source, event.note))
    if problems:
        raise InvalidInputError(problems)


def _ends(day: PartialDate) -> tuple[date, date]:
    return day.first, day.last


AHEAD = {"effective": 1, "target": 3}
"""Years from the end of this 年度 on after which a day is asked about."""


def doubts(
    system: System | None, effective: PartialDate | None, target: PartialDate | None, today: date
) -> tuple[str, ...]:
    """Why a day that is a day may still be a slip: before the system was procured, or far ahead."""
    found = []
    began = system.began if system else None
    for label, day, years in (
        ("適用日", effective, AHEAD["effective"]),
        ("開始予定", target, AHEAD["target"]),
    ):
        if day is None:
            continue
        if system and began and day.last < began:
            found.append(
                f"{label}({day.label})が、{system.label}の共同調達が始まった{FiscalYear.of(began).label}"
                "より前です。"
            )
        elif day.first > FiscalYear(FiscalYear.of(today) + years).last_day:
            found.append(f"{label}({day.label})が今日から見てずっと先です。")
    return tuple(found)


def text_problems(source: str, note: str) -> dict[str, str]:
    """What is wrong with 出典 and 備考, by field ``source`` and ``note``."""
    problems: dict[str, str] = {}
    SOURCE.read_into(problems, "source", source)
    NOTE.read_into(problems, "note", note)
    return problems


def _place(
    event: LedgerEvent, participants: Collection[str], systems: Mapping[str, System]
) -> dict[str, str]:
    problems: dict[str, str] = {}
    if event.participant not in participants:
        problems["participant"] = (
            f"団体コード「{event.participant[:20]}」の団体はありません。一覧から選び直してください。"
        )
    system = systems.get(event.programme)
    if system is None:
        return problems | no_programme(event.programme, systems)
    if event.lot is not None and event.lot not in system.lots:
        known = "、".join(system.lots) or "なし"
        problems["lot"] = f"{system.label}に区分「{event.lot[:20]}」はありません(区分: {known})。"
    if event.kind is EventKind.FREE_EDITION and not system.free_edition:
        problems["kind"] = f"{system.label}に無償版はありません。"
    if event.kind is EventKind.LOT_CHANGED and event.lot is None:
        problems["lot"] = "「区分変更」には変更後の区分が必要です。"
    return problems


def no_programme(key: str, systems: Iterable[str]) -> dict[str, str]:
    """What is wrong with a programme that is none of these."""
    known = "、".join(systems)
    return {"programme": f"共同調達「{key[:40]}」はありません。{known}から選んでください。"}


def check_correction(existing: Sequence[LedgerEvent], number: int) -> None:
    """Refuse to correct what is not in the participant's programme, a 訂正, or what was corrected.

    Raises:
        ConflictError: Names what is in the way.
    """
    found = next((event for event in existing if event.event_id == number), None)
    if found is None:
        raise ConflictError(
            f"記録番号{number}は、この団体のこの共同調達の記録ではありません。"
            "訂正できるのは同じ団体・同じ共同調達の記録だけです。"
        )
    if found.kind is EventKind.CORRECTION:
        raise ConflictError(
            f"記録番号{number}は訂正そのものなので、訂正できません。"
            "取り消した内容をもう一度記録してください。"
        )
    earlier = corrected(existing).get(number)
    if earlier is not None:
        by = next(event for event in existing if event.event_id == earlier)
        raise ConflictError(
            f"記録番号{number}は{japan_day(by.recorded_at)}に記録番号{earlier}で訂正済みです。"
            "画面を更新して、新しい記録を訂正してください。"
        )


def admitted(
    existing: Sequence[LedgerEvent],
    event: LedgerEvent,
    participants: Collection[str],
    systems: Mapping[str, System],
    succession: Succession = UNCHANGED,
    former: Cell = MappingProxyType({}),
) -> LedgerEvent:
    """The event as it may be added, or a refusal.

    Its moment is never before that of the last record it stands on, so that what was known at
    any moment is itself a valid path, whatever the clocks of two servers say.

    Args:
        existing: All events of the participant in the programme.
        event: Without a number.
        former: Code → events in the programme of whoever became part of the participant.

    Raises:
        InvalidInputError: Something is wrong with the event by itself.
        ConflictError: It cannot be corrected so, or the path would break; names the earlier event.
    """
    check_entry(event, participants, systems, succession)
    if event.corrects is not None:
        check_correction(existing, event.corrects)
    cell = {**former, event.participant: existing}
    check_follows(succession, cell, event.participant, [replace(event, event_id=PROVISIONAL)])
    latest = max((earlier.recorded_at for earlier in existing), default=event.recorded_at)
    return replace(event, recorded_at=max(event.recorded_at, latest))
