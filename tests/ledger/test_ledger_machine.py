"""The ledger through its real commands, whatever is tried, beside a model of its own."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace as replaced
from datetime import date, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Engine

from core.access.principal import CONSOLE, PUBLIC
from core.commands.ledger import correct_participation, record_participation
from core.commands.ledger_import import import_ledger
from core.exports.ledger import Words, ledger_csv
from core.procurement.event import EventKind
from core.procurement.recording import Entry
from core.store.engine import data_revision, reading
from core.store.ledger import ledger_events
from core.store.verification import verify
from core.values.errors import ConflictError, InvalidInputError
from core.values.fiscal import JAPAN, PartialDate, Precision
from core.views.ledger import ledger_export_view
from core.views.procurement import procurement_view
from tests.support.ledger_model import Said, first_wrong, standing
from tests.support.ledgers import PREFECTURE
from tests.support.reference import REFERENCE

_ids = itertools.count(1)
PARTICIPANTS = ["271004", "271403", PREFECTURE]
PROGRAMMES = {"chat": [None], "eapply": [None, "A", "B"]}
WINDOW = [date(2023, 3, 26) + timedelta(days=n) for n in range(12)]
DAYS = st.one_of(
    st.sampled_from(WINDOW).map(lambda day: PartialDate(day, Precision.DAY)),
    st.sampled_from(
        [
            PartialDate(date(2023, 4, 1), Precision.MONTH),
            PartialDate(date(2023, 4, 1), Precision.MONTH_OR_LATER),
            PartialDate(date(2023, 4, 1), Precision.FISCAL_YEAR),
        ]
    ),
)
KINDS = [kind for kind in EventKind if kind is not EventKind.CORRECTION]
LIKELY = st.sampled_from(
    [*KINDS, EventKind.JOINED, EventKind.JOINED_LATE, EventKind.LIVE, EventKind.PLANNED]
)
Cell = tuple[str, str]
CELLS = st.sampled_from([(p, c) for p in PROGRAMMES for c in PARTICIPANTS])


class LedgerMachine(RuleBasedStateMachine):
    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self.engine = engine
        self.model: dict[Cell, list[Said]] = {}
        self.revision = data_revision(engine)
        self.used: list[tuple[str, int]] = []
        self.corrections: set[int] = set()
        self.moment = datetime(2024, 1, 1, tzinfo=JAPAN)

    def _stored(self) -> dict[Cell, list[Said]]:
        found: dict[Cell, list[Said]] = {}
        with reading(self.engine) as session:
            for event in ledger_events(session):
                said = found.setdefault((event.programme, event.participant), [])
                for each in said:
                    each.dead |= each.number == event.corrects
                said.append(Said(event.event_id, event.kind, event.effective.first, event.lot))
        return found

    def seen(self, cell: Cell, *, stale: bool) -> int:
        said = self.model.get(cell, [])
        return (said[-1].number if said else 0) - (1 if stale and said else 0)

    def attempt(
        self, act: Callable[[str, datetime], int], expected: list[str], after: Callable[[int], None]
    ) -> None:
        request = f"m{next(_ids)}"
        self.moment += timedelta(minutes=1)
        if expected:
            with pytest.raises((ConflictError, InvalidInputError)) as refusal:
                act(request, self.moment)
            for words in expected:
                assert words in str(refusal.value), (words, str(refusal.value))
            return
        number = act(request, self.moment)
        after(number)
        self.used.append((request, number))
        self.revision += 1

    def objections(self, cell: Cell, entry: Entry, corrects: int | None = None) -> list[str]:
        """Words the refusal must contain; empty when nothing speaks against it."""
        programme, _ = cell
        if entry.kind is EventKind.FREE_EDITION and programme != "chat":
            return ["無償版はありません"]
        if entry.kind is EventKind.LOT_CHANGED and entry.lot is None:
            return ["変更後の区分が必要です"]
        tried = [replaced(each) for each in self.model.get(cell, [])]
        for each in tried:
            each.dead |= each.number == corrects
        new = Said(2**60, entry.kind, entry.effective.first, entry.lot)
        return self.broken([*tried, new], new)

    def broken(self, tried: list[Said], new: Said | None) -> list[str]:
        wrong = first_wrong(tried)
        if wrong is None:
            return []
        event, before = wrong
        words = [f"「{EventKind(event.kind).label}」"]
        if event is not new:
            words.append(f"先に記録番号{event.number}の")
        if before is None:
            words.append("これより前に参加の記録がありません")
        elif before is not new:
            words.append(f"その前は記録番号{before.number}の「{EventKind(before.kind).label}」")
        return words

    @rule(
        cell=CELLS,
        kind=LIKELY,
        day=DAYS,
        lot=st.sampled_from([None, "A", "B"]),
        stale=st.sampled_from([False, False, False, True]),
    )
    def record(
        self, cell: Cell, kind: EventKind, day: PartialDate, lot: str | None, stale: bool
    ) -> None:
        programme, participant = cell
        lot = lot if lot in PROGRAMMES[programme] else None
        entry = Entry(participant, programme, kind, day, "試験", lot)
        stale = stale and bool(self.model.get(cell))
        expected = ["画面を更新"] if stale else self.objections(cell, entry)
        seen = self.seen(cell, stale=stale)

        def act(request: str, now: datetime) -> int:
            return record_participation(
                self.engine,
                CONSOLE,
                entry=entry,
                seen_event=seen,
                reference=REFERENCE,
                request_id=request,
                now=now,
            )

        self.attempt(
            act,
            expected,
            lambda number: self.model.setdefault(cell, []).append(
                Said(number, kind, day.first, lot)
            ),
        )

    @precondition(lambda self: any(self.model.values()))
    @rule(
        data=st.data(),
        kind=st.one_of(st.none(), LIKELY),
        day=DAYS,
        lot=st.sampled_from([None, "A", "B"]),
    )
    def correct(
        self, data: st.DataObject, kind: EventKind | None, day: PartialDate, lot: str | None
    ) -> None:
        cell = data.draw(st.sampled_from(sorted(c for c, said in self.model.items() if said)))
        target = data.draw(st.sampled_from(self.model[cell]))
        programme, participant = cell
        lot = lot if lot in PROGRAMMES[programme] else None
        entry = kind and Entry(participant, programme, kind, day, "試験", lot)
        if entry and self.objections(cell, entry)[:1] in (
            ["無償版はありません"],
            ["変更後の区分が必要です"],
        ):
            expected = self.objections(cell, entry)
        elif target.kind == "correction":
            expected = ["訂正そのもの"]
        elif target.dead:
            expected = [f"記録番号{target.number}は", "訂正済み"]
        elif entry:
            expected = self.objections(cell, entry, target.number)
        else:
            tried = [replaced(each) for each in self.model[cell]]
            for each in tried:
                each.dead |= each.number == target.number
            expected = self.broken(tried, None)
        seen = self.seen(cell, stale=False)

        def act(request: str, now: datetime) -> int:
            return correct_participation(
                self.engine,
                CONSOLE,
                event_id=target.number,
                replacement=entry,
                why="二重に記録したため",
                seen_event=seen,
                reference=REFERENCE,
                request_id=request,
                now=now,
            )

        def after(number: int) -> None:
            target.dead = True
            self.corrections.add(number)
            said = Said(number, kind or "correction", day.first, lot)
            self.model[cell].append(
                said if kind else replaced(said, day=target.day, lot=target.lot)
            )

        self.attempt(act, expected, after)

    @precondition(lambda self: self.used)
    @rule(data=st.data(), cell=CELLS)
    def click_again(self, data: st.DataObject, cell: Cell) -> None:
        """A request that was answered changes nothing, whatever else it says now."""
        request, number = data.draw(st.sampled_from(self.used))
        entry = Entry(
            cell[1], cell[0], EventKind.INTEREST, PartialDate(WINDOW[0], Precision.DAY), "x"
        )

        def again() -> int:
            return record_participation(
                self.engine,
                CONSOLE,
                entry=entry,
                seen_event=0,
                reference=REFERENCE,
                request_id=request,
                now=self.moment,
            )

        if number in self.corrections:
            with pytest.raises(ConflictError, match="別の操作"):
                again()
        else:
            assert again() == number

    @rule()
    def import_what_was_exported(self) -> None:
        """A file of the whole ledger changes nothing."""
        events = ledger_export_view(self.engine, CONSOLE)
        if not events:
            return
        result = import_ledger(
            self.engine,
            CONSOLE,
            name="全部.csv",
            content=ledger_csv(events, Words.of(REFERENCE), made_up=False),
            accept_names=False,
            seen_event=events[-1].event_id,
            reference=REFERENCE,
            request_id=f"m{next(_ids)}",
            now=self.moment,
        )
        assert (result.new, result.unchanged) == (0, len(events))

    @invariant()
    def what_is_stored_is_what_was_said(self) -> None:
        assert self._stored() == {cell: said for cell, said in self.model.items() if said}
        assert data_revision(self.engine) == self.revision

    @rule(day=st.sampled_from([WINDOW[0] - timedelta(days=1), *WINDOW]))
    def every_day_is_answered_as_the_model_does(self, day: date) -> None:
        answer = procurement_view(self.engine, PUBLIC, REFERENCE, as_of=day)
        keys = [system.procurement.key for system in answer.systems]
        for row in (*answer.rows, answer.prefecture):
            for key, state in zip(keys, row.states, strict=True):
                said = self.model.get((key, row.participant), [])
                assert state.standing == standing(said, day), (key, row.participant)
        for system in answer.systems:
            key = system.procurement.key
            stands = [standing(self.model.get((key, c), []), day) for c in PARTICIPANTS[:2]]
            counts = system.counts
            assert counts.initial == stands.count("paid_initial")
            assert counts.late == stands.count("paid_late")
            assert counts.free == stands.count("free")
            assert counts.planned == stands.count("planned") + stands.count("mandate")
            assert counts.left == stands.count("left")
            assert counts.withdrawn == stands.count("withdrawn")
            prefecture = standing(self.model.get((key, PREFECTURE), []), day)
            assert counts.prefecture == prefecture.startswith("paid")
            assert sum(a.counts.paid for a in system.areas) == counts.paid
            assert sum(c.counts.free for c in system.categories) == counts.free

    @precondition(lambda self: self.used)
    @rule(minutes=st.integers(0, 60))
    def what_was_known_earlier_is_a_valid_ledger_too(self, minutes: int) -> None:
        moment = self.moment - timedelta(minutes=minutes)
        answer = procurement_view(self.engine, PUBLIC, REFERENCE, as_of=WINDOW[-1], known_at=moment)
        assert answer.known_at == moment

    def teardown(self) -> None:
        with reading(self.engine) as session:
            assert verify(session).findings == []


def test_the_commands_agree_with_the_model_whatever_is_tried(
    fresh_engine: Callable[[], Engine],
) -> None:
    run_state_machine_as_test(
        lambda: LedgerMachine(fresh_engine()),
        settings=settings(max_examples=20, stateful_step_count=30),
    )
