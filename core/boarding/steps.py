"""後乗りの手順: 意向 → 予算要求 → 議決 → 委任状 → 契約 → 運用開始, and what comes next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.procurement.event import EventKind
from core.procurement.standing import FORESEEN, NO_RECORD, PAID, Standing, Step
from core.values.errors import ConflictError, InvalidInputError
from core.values.fiscal import FiscalYear, PartialDate, day_in_japan, era_date, japan_day
from core.values.label import Labelled


class BoardingStep(Labelled):
    """後乗りの手順, in order."""

    INTENTION = "intention", "意向", "団体が募集期間内に「予定」と記録"
    BUDGET = "budget", "予算要求", "団体のDX担当が財政課へ要求し、団体が記録"
    APPROVAL = "approval", "議決", "団体の議会が議決し、団体が記録"
    MANDATE = "mandate", "委任状", "団体が事務局へ提出し、事務局が台帳で確認"
    CONTRACT = "contract", "契約", "団体が事業者と契約し、事務局が台帳で確認(後乗り)"
    LIVE = "live", "運用開始", "団体が運用を始め、事務局が台帳で確認"

    @property
    def who(self) -> str:
        """Who does it, and who records it here."""
        return self.words[1]


OWN_STEPS = frozenset({BoardingStep.BUDGET, BoardingStep.APPROVAL})
"""Steps the ledger has no event for; the municipality records them itself."""


@dataclass(frozen=True)
class StepRecord:
    """What a municipality recorded about one of its own steps.

    Attributes:
        record_id: Order of recording; 0 before it is recorded.
        step: One of :data:`OWN_STEPS`.
        taken_back: An earlier record of the same day no longer counts (取消し).
        after_event: Number of the ledger's last record of the same municipality and programme by
            then, 0 for none: what came first, whatever a clock said.
    """

    record_id: int
    lg_code: str
    programme: str
    step: BoardingStep
    done_on: date
    taken_back: bool
    note: str
    after_event: int
    recorded_at: datetime
    recorded_by: str


class StepStatus(Labelled):
    """手順の状態."""

    DONE = "done", "済み", "●"
    PASSED = "passed", "記録なし(後の手順が済み)", "◌"
    NEXT = "next", "次", "▶"
    LATER = "later", "これから", "○"

    @property
    def mark(self) -> str:
        """● ◌ ▶ ○."""
        return self.words[1]


@dataclass(frozen=True)
class StepState:
    """One step of one municipality in one programme.

    Attributes:
        done: When it was done, as a reader sees it; empty unless done.
        due: When it is due, as a reader sees it; empty when done or not known.
        due_on: The day behind ``due``.
        assumed: Whether ``due`` is a usual date (仮定), not an announced one.
    """

    step: BoardingStep
    status: StepStatus
    done: str
    due: str
    due_on: date | None
    assumed: bool
    note: str


def current_run(path: Sequence[Step]) -> list[Step]:
    """The steps of the ledger since the last 取下げ or 離脱: what was said before starts anew."""
    ended = [
        index
        for index, step in enumerate(path)
        if step.event.kind in (EventKind.WITHDRAWN, EventKind.LEFT)
    ]
    return list(path[ended[-1] + 1 :]) if ended else list(path)


def own_records(
    records: Iterable[StepRecord], path: Sequence[Step]
) -> dict[BoardingStep, StepRecord]:
    """The last word on each own step in the current run; what was taken back is left out.

    A record made before the last 取下げ or 離脱 was recorded belongs to an earlier attempt.
    """
    run = current_run(path)
    before = path[: len(path) - len(run)]
    ended = before[-1].event.event_id if before else 0
    last: dict[BoardingStep, StepRecord] = {}
    for record in sorted(records, key=lambda record: record.record_id):
        if record.after_event >= ended:
            last[record.step] = record
    return {step: record for step, record in last.items() if not record.taken_back}


def step_states(
    path: Sequence[Step],
    records: Iterable[StepRecord],
    last_day: date | None,
    default: FiscalYear,
    as_of: date,
) -> tuple[StepState, ...]:
    """All six steps in order; at most one is next.

    Args:
        path: The ledger's steps of the municipality in the programme, oldest first.
        last_day: Last day of the open window; None when none is open.
        default: 年度 use begins in where the ledger names no target.
        as_of: 基準日; what was due before it is said to have passed.
    """
    run = current_run(path)
    done = _done_in_ledger(run)
    for step, record in own_records(records, path).items():
        done[step] = era_date(record.done_on)
    reached = max((list(BoardingStep).index(step) for step in done), default=-1)
    state = path[-1].state if path else NO_RECORD
    due = _due_dates(last_day, state.target, default)
    if state.standing in PAID:
        due[BoardingStep.LIVE] = (None, "運用開始の記録待ち", False)
    states: list[StepState] = []
    for index, step in enumerate(BoardingStep):
        status = (
            StepStatus.DONE
            if step in done
            else StepStatus.PASSED
            if index < reached
            else StepStatus.LATER
        )
        if status is StepStatus.LATER and not any(s.status is StepStatus.NEXT for s in states):
            status = StepStatus.NEXT
        open_still = status in (StepStatus.NEXT, StepStatus.LATER)
        due_on, text, assumed = due[step] if open_still else (None, "", False)
        if due_on is not None and due_on < as_of:
            text += "(過ぎています)"
        interested = state.standing is Standing.INTEREST and step is BoardingStep.INTENTION
        note = "いまは「関心」です。" if interested else ""
        states.append(StepState(step, status, done.get(step, ""), text, due_on, assumed, note))
    return tuple(states)


def next_step(states: Sequence[StepState]) -> StepState | None:
    """The one that is next; None when all is done."""
    return next((state for state in states if state.status is StepStatus.NEXT), None)


_LEDGER_STEPS = {
    EventKind.PLANNED: BoardingStep.INTENTION,
    EventKind.MANDATE: BoardingStep.MANDATE,
    EventKind.JOINED: BoardingStep.CONTRACT,
    EventKind.JOINED_LATE: BoardingStep.CONTRACT,
}


def _done_in_ledger(run: Sequence[Step]) -> dict[BoardingStep, str]:
    done = {
        _LEDGER_STEPS[step.event.kind]: step.event.effective.label
        for step in run
        if step.event.kind in _LEDGER_STEPS
    }
    state = run[-1].state if run else NO_RECORD
    if state.standing in PAID and state.live_since is not None:
        done[BoardingStep.LIVE] = state.live_since.label
    return done


def _due_dates(
    last_day: date | None, target: PartialDate | None, default: FiscalYear
) -> dict[BoardingStep, tuple[date | None, str, bool]]:
    """When each step is due: the window's last day as announced, the rest as is usual (仮定).

    当初予算: requested by the end of November before, voted by the end of March before; mandate
    and contract in the month before use begins, not before the fiscal year of the budget.
    """
    begins = target.first if target else default.first_day
    year = FiscalYear.of(begins)
    before = max(begins - timedelta(days=1), year.first_day)
    usual = {
        BoardingStep.BUDGET: date(year - 1, 11, 30),
        BoardingStep.APPROVAL: date(year, 3, 31),
        BoardingStep.MANDATE: before,
        BoardingStep.CONTRACT: before,
    }
    due: dict[BoardingStep, tuple[date | None, str, bool]] = {
        step: (day, f"{era_date(day)}ごろ", True) for step, day in usual.items()
    }
    due[BoardingStep.INTENTION] = (
        (last_day, f"{era_date(last_day)}まで", False)
        if last_day
        else (None, "募集が始まったら", False)
    )
    due[BoardingStep.LIVE] = (
        (begins, target.label, False) if target else (begins, f"{year.label}(未定)", True)
    )
    return due


def check_own_step(
    record: StepRecord,
    path: Sequence[Step],
    known: Mapping[BoardingStep, StepRecord],
    now: datetime,
) -> None:
    """Refuse a record that cannot be.

    Raises:
        InvalidInputError: Keys ``step``, ``done_on``.
        ConflictError: Nothing is planned, joined already, out of order, or nothing to take back.
    """
    problems = {}
    if record.step not in OWN_STEPS:
        problems["step"] = (
            f"「{record.step.label}」は事務局が台帳で確認します。済んだら事務局に連絡してください。"
        )
    today = day_in_japan(now)
    if record.done_on > today:
        problems["done_on"] = (
            f"まだ来ていない日は記録できません: {era_date(record.done_on)}。済んだ日を入力してください。"
        )
    if problems:
        raise InvalidInputError(problems)
    _refuse_out_of_order(record, path, known)


def _refuse_out_of_order(
    record: StepRecord, path: Sequence[Step], known: Mapping[BoardingStep, StepRecord]
) -> None:
    state = path[-1].state if path else NO_RECORD
    earlier = known.get(record.step)
    if record.taken_back:
        if earlier is None:
            raise ConflictError(f"取り消す「{record.step.label}」の記録がありません。")
        later = known.get(BoardingStep.APPROVAL)
        if record.step is BoardingStep.BUDGET and later is not None:
            raise ConflictError(
                "「議決」が記録されています。先に「議決」の記録を取り消してください。"
            )
        return
    if state.standing in PAID:
        raise ConflictError(
            f"「{state.standing.label}」と記録されており、参加済みです。手順の記録は要りません。"
        )
    if state.standing not in FORESEEN and not state.foreseen:
        raise ConflictError(
            f"「{record.step.label}」の前に、募集期間内に「予定」を記録してください。"
        )
    if earlier is not None:
        raise ConflictError(
            f"「{record.step.label}」は{japan_day(earlier.recorded_at)}に{earlier.recorded_by}が"
            f"{era_date(earlier.done_on)}として記録しています。"
            "直す場合は、先に取り消してください。"
        )
    budget = known.get(BoardingStep.BUDGET)
    if record.step is BoardingStep.APPROVAL and (budget is None or budget.done_on > record.done_on):
        said = "まだ記録がありません" if budget is None else era_date(budget.done_on)
        raise ConflictError(
            f"「議決」({era_date(record.done_on)})の前に「予算要求」が要ります({said})。"
            "先に「予算要求」を記録するか、日付を確かめてください。"
        )
