"""Windows, statements and steps through the real commands, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

from core.access.principal import PUBLIC, Principal
from core.boarding.steps import BoardingStep
from core.commands.boarding import (
    close_boarding_window,
    open_boarding_window,
    record_boarding_step,
    state_boarding,
)
from core.commands.ledger import record_participation
from core.procurement.event import EventKind
from core.procurement.recording import Entry
from core.procurement.standing import Standing
from core.store.engine import data_revision, reading
from core.store.ledger import events_of
from core.values.errors import ConflictError, InvalidInputError, PermissionDeniedError
from core.values.fiscal import JAPAN, PartialDate, Precision
from core.views.boarding import (
    OwnBoarding,
    boarding_office_view,
    boarding_view,
    own_boarding_view,
)
from tests.support.reference import REFERENCE

SAKAI, HIRAKATA = "271403", "272108"
OCTOBER = datetime(2026, 10, 1, 0, 0, tzinfo=JAPAN)
LAST_MOMENT = datetime(2026, 11, 30, 23, 59, 59, tzinfo=JAPAN)
Officer = Callable[[str], Principal]


def open_window(engine: Engine, who: Principal, **values: Any) -> None:
    arguments = {
        "programme": "docs",
        "fiscal_year": 2027,
        "first_day": date(2026, 10, 1),
        "last_day": date(2026, 11, 30),
        "source": "令和8年9月1日付け 府通知第45号",
        "note": "",
        "request_id": "open",
        "now": OCTOBER - timedelta(days=20),
    }
    open_boarding_window(engine, who, reference=REFERENCE, **(arguments | values))


def state(engine: Engine, who: Principal, **values: Any) -> None:
    arguments = {
        "lg_code": SAKAI,
        "programme": "docs",
        "window_id": 1,
        "kind": EventKind.PLANNED,
        "lot": None,
        "start_month": 7,
        "note": "財政課と調整中",
        "seen_event": 0,
        "request_id": "state",
        "now": OCTOBER,
    }
    state_boarding(engine, who, reference=REFERENCE, **(arguments | values))


def step(engine: Engine, who: Principal, which: BoardingStep, day: date, **values: Any) -> None:
    arguments = {
        "lg_code": SAKAI,
        "programme": "docs",
        "step": which,
        "done_on": day,
        "taken_back": False,
        "note": "",
        "request_id": f"step-{which}-{day}",
        "now": LAST_MOMENT,
    }
    record_boarding_step(engine, who, reference=REFERENCE, **(arguments | values))


def docs_of(engine: Engine, who: Principal, as_of: date) -> OwnBoarding:
    found = own_boarding_view(engine, who, REFERENCE, lg_code=SAKAI, as_of=as_of)
    return next(own for own in found if own.procurement.key == "docs")


def marks(own: OwnBoarding) -> str:
    return "".join(each.status.mark for each in own.steps)


@pytest.mark.parametrize("at", [OCTOBER, LAST_MOMENT, datetime.fromisoformat("2026-09-30T15:00Z")])
def test_a_statement_is_taken_on_the_first_and_the_last_day_in_japan(
    engine: Engine, secretariat: Principal, officer: Officer, at: datetime
) -> None:
    open_window(engine, secretariat)
    state(engine, officer(SAKAI), now=at)
    with reading(engine) as session:
        (event,) = events_of(session, SAKAI, "docs")
    assert event.kind is EventKind.PLANNED
    assert event.effective == PartialDate(at.astimezone(JAPAN).date(), Precision.DAY)
    assert event.target == PartialDate(date(2027, 7, 1), Precision.MONTH)
    assert event.recorded_by == f"tanto-{SAKAI}"


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (OCTOBER - timedelta(seconds=1), "次の募集は令和9年度利用開始分、令和8年10月1日から"),
        (LAST_MOMENT + timedelta(seconds=1), "令和8年11月30日まで"),
    ],
)
def test_a_second_outside_the_window_is_refused_with_its_dates(
    engine: Engine, secretariat: Principal, officer: Officer, at: datetime, words: str
) -> None:
    open_window(engine, secretariat)
    with pytest.raises(ConflictError, match=words):
        state(engine, officer(SAKAI), now=at)
    with reading(engine) as session:
        assert events_of(session, SAKAI, "docs") == []


def test_another_programmes_window_does_not_help(
    engine: Engine, secretariat: Principal, officer: Officer
) -> None:
    open_window(engine, secretariat, programme="econtract")
    with pytest.raises(ConflictError, match="登録されていません"):
        state(engine, officer(SAKAI))


def test_an_officer_never_writes_another_municipalitys_row(
    engine: Engine, secretariat: Principal, officer: Officer, viewer: Principal
) -> None:
    open_window(engine, secretariat)
    revision = data_revision(engine)
    for who in (officer(HIRAKATA), secretariat, viewer, PUBLIC):
        with pytest.raises(PermissionDeniedError):
            state(engine, who)
        with pytest.raises(PermissionDeniedError):
            step(engine, who, BoardingStep.BUDGET, date(2026, 10, 1))
    for who in (officer(SAKAI), viewer, PUBLIC):
        with pytest.raises(PermissionDeniedError):
            open_window(engine, who, request_id="x", fiscal_year=2028)
    assert data_revision(engine) == revision


def test_a_clock_set_back_takes_no_step_away_and_brings_none_back(
    engine: Engine, secretariat: Principal, officer: Officer
) -> None:
    open_window(engine, secretariat)
    ours, earlier = officer(SAKAI), LAST_MOMENT - timedelta(hours=3)
    state(engine, ours, request_id="a", now=LAST_MOMENT)
    step(engine, ours, BoardingStep.BUDGET, date(2026, 10, 20), now=earlier)
    assert marks(docs_of(engine, ours, LAST_MOMENT.date())) == "●●▶○○○"
    gone = {"kind": EventKind.WITHDRAWN, "start_month": None, "seen_event": 1}
    state(engine, ours, **gone, request_id="b", now=earlier - timedelta(hours=1))
    state(engine, ours, seen_event=2, request_id="c", now=earlier - timedelta(hours=2))
    assert marks(docs_of(engine, ours, LAST_MOMENT.date())) == "●▶○○○○"


def test_interest_then_plan_then_withdrawal(
    engine: Engine, secretariat: Principal, officer: Officer
) -> None:
    open_window(engine, secretariat)
    ours = officer(SAKAI)
    state(engine, ours, kind=EventKind.INTEREST, request_id="a")
    state(engine, ours, seen_event=1, request_id="b", start_month=None)
    own = docs_of(engine, ours, OCTOBER.date())
    assert (own.state.standing, marks(own)) == (Standing.PLANNED, "●▶○○○○")
    assert own.state.target == PartialDate(date(2027, 4, 1), Precision.FISCAL_YEAR)
    state(engine, ours, kind=EventKind.WITHDRAWN, seen_event=own.last_event, request_id="c")
    own = docs_of(engine, ours, OCTOBER.date())
    assert own.state.standing is Standing.WITHDRAWN
    assert own.may_state == (EventKind.PLANNED, EventKind.INTEREST)


@pytest.mark.parametrize(
    "kind", [EventKind.MANDATE, EventKind.JOINED_LATE, EventKind.LIVE, EventKind.LEFT]
)
def test_what_the_secretariat_confirms_is_not_the_officers_to_state(
    engine: Engine, secretariat: Principal, officer: Officer, kind: EventKind
) -> None:
    open_window(engine, secretariat)
    with pytest.raises(InvalidInputError, match="事務局が記録します"):
        state(engine, officer(SAKAI), kind=kind)


def test_once_in_nothing_is_stated_any_more(
    engine: Engine, secretariat: Principal, officer: Officer
) -> None:
    open_window(engine, secretariat)
    entry = Entry(
        SAKAI, "docs", EventKind.JOINED_LATE, PartialDate(date(2026, 10, 1), Precision.DAY), "報告"
    )
    record_participation(
        engine,
        secretariat,
        entry=entry,
        seen_event=0,
        reference=REFERENCE,
        request_id="j",
        now=OCTOBER,
    )
    with pytest.raises(ConflictError, match="「後乗り」"):
        state(engine, officer(SAKAI), seen_event=1, now=LAST_MOMENT)


def test_a_stale_screen_and_a_double_click(
    engine: Engine, secretariat: Principal, officer: Officer
) -> None:
    open_window(engine, secretariat)
    open_window(engine, secretariat)
    state(engine, officer(SAKAI))
    state(engine, officer(SAKAI))
    with pytest.raises(ConflictError, match="画面を更新"):
        state(engine, officer(SAKAI), request_id="later", start_month=8)
    with reading(engine) as session:
        assert len(events_of(session, SAKAI, "docs")) == 1
    assert (
        len(
            boarding_view(
                engine, PUBLIC, REFERENCE, programme="docs", as_of=date(2026, 10, 1)
            ).windows
        )
        == 1
    )


def test_lots_and_words_are_checked_by_the_ledger(
    engine: Engine, secretariat: Principal, officer: Officer
) -> None:
    open_window(engine, secretariat, programme="eapply")
    with pytest.raises(InvalidInputError) as refused:
        state(engine, officer(SAKAI), programme="eapply", lot="C", note="あ" * 2001)
    assert set(refused.value.problems) == {"lot", "note"}
    state(engine, officer(SAKAI), programme="eapply", lot="B")


def test_own_steps_one_after_the_other(
    engine: Engine, secretariat: Principal, officer: Officer
) -> None:
    open_window(engine, secretariat)
    ours = officer(SAKAI)
    with pytest.raises(ConflictError, match="「予定」を記録"):
        step(engine, ours, BoardingStep.BUDGET, date(2026, 10, 9))
    state(engine, ours)
    step(engine, ours, BoardingStep.BUDGET, date(2026, 10, 9))
    step(engine, ours, BoardingStep.APPROVAL, date(2026, 11, 20))
    assert marks(docs_of(engine, ours, date(2026, 10, 8))) == "●▶○○○○"
    assert marks(docs_of(engine, ours, date(2026, 10, 9))) == "●●▶○○○"
    own = docs_of(engine, ours, date(2026, 11, 20))
    assert marks(own) == "●●●▶○○"
    (line,) = boarding_office_view(
        engine, secretariat, REFERENCE, as_of=date(2026, 11, 20)
    ).intentions
    assert (line.municipality.name, line.note) == ("堺市", "財政課と調整中")
    assert [record.step for record in line.own_steps] == list(BoardingStep)[1:3]
    entry = Entry(
        SAKAI, "docs", EventKind.MANDATE, PartialDate(date(2026, 11, 25), Precision.DAY), "委任状"
    )
    record_participation(
        engine,
        secretariat,
        entry=entry,
        seen_event=line.last_event,
        reference=REFERENCE,
        request_id="m",
        now=LAST_MOMENT,
    )
    own = docs_of(engine, ours, date(2026, 11, 25))
    assert marks(own) == "●●●●▶○"
    assert own.may_state == ()
    step(engine, ours, BoardingStep.APPROVAL, date(2026, 11, 20), taken_back=True, request_id="t")
    assert marks(docs_of(engine, ours, date(2026, 11, 25))) == "●●◌●▶○"


def test_a_window_is_closed_once_and_what_was_announced_stays(
    engine: Engine, secretariat: Principal, officer: Officer
) -> None:
    open_window(engine, secretariat)
    close = {"window_id": 1, "last_day": date(2026, 10, 31), "note": "予算に達した", "now": OCTOBER}
    close_boarding_window(engine, secretariat, request_id="c", **close)
    close_boarding_window(engine, secretariat, request_id="c", **close)
    with pytest.raises(ConflictError, match="終了しています"):
        close_boarding_window(engine, secretariat, request_id="d", **close)
    with pytest.raises(InvalidInputError, match="見つかりません"):
        close_boarding_window(engine, secretariat, request_id="e", **(close | {"window_id": 9}))
    with pytest.raises(ConflictError, match="令和8年10月31日まで"):
        state(engine, officer(SAKAI), now=datetime(2026, 11, 1, tzinfo=JAPAN))
    state(engine, officer(SAKAI), now=datetime(2026, 10, 31, 23, 0, tzinfo=JAPAN))
    (window,) = boarding_view(
        engine, PUBLIC, REFERENCE, programme="docs", as_of=date(2026, 10, 1)
    ).windows
    assert (window.opened.last_day, window.last_day) == (date(2026, 11, 30), date(2026, 10, 31))


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"programme": "faxes"}, "programme"),
        ({"fiscal_year": 3000}, "fiscal_year"),
        ({"source": ""}, "source"),
        ({"last_day": date(2026, 9, 1)}, "last_day"),
    ],
)
def test_a_window_that_cannot_be_is_refused(
    engine: Engine, secretariat: Principal, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        open_window(engine, secretariat, **values)
    assert set(refused.value.problems) == {field}


def test_the_open_window_decides_where_the_comparison_starts(
    engine: Engine, secretariat: Principal
) -> None:
    open_window(engine, secretariat, fiscal_year=2028)
    during = boarding_view(engine, PUBLIC, REFERENCE, programme="docs", as_of=date(2026, 10, 1))
    before = boarding_view(engine, PUBLIC, REFERENCE, programme="docs", as_of=date(2026, 9, 30))
    assert (during.default_start, before.default_start) == (date(2028, 4, 1), date(2026, 4, 1))


def test_the_tables_refuse_to_forget(
    engine: Engine, secretariat: Principal, officer: Officer
) -> None:
    open_window(engine, secretariat)
    state(engine, officer(SAKAI))
    step(engine, officer(SAKAI), BoardingStep.BUDGET, date(2026, 10, 9))
    for table in ("boarding_window", "boarding_step"):
        for statement in (f"UPDATE {table} SET note = 'x'", f"DELETE FROM {table}"):
            with (
                engine.connect() as connection,
                pytest.raises(Exception, match="never changed"),
            ):
                connection.execute(text(statement))
