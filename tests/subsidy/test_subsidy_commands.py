"""Cases through the real commands: support plans, joint applications, strangers, two at once."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import URL, Engine, event, make_url

from core.access.principal import CONSOLE
from core.commands.parameters import record_parameter
from core.commands.subsidy import (
    apply_for_subsidy,
    decide_all_applications,
    record_municipal_step,
    record_office_step,
)
from core.figures.indicator import Subject
from core.figures.registry import Said
from core.params import Basis
from core.store.engine import open_engine, reading
from core.store.kpi import known
from core.subsidy.case import Channel
from core.subsidy.check import StepForm
from core.subsidy.due import Turn
from core.subsidy.step import CaseState, CaseStep
from core.values.errors import (
    ConflictError,
    DashboardError,
    InvalidInputError,
    PermissionDeniedError,
)
from core.views.subsidy import own_subsidy_view, subsidy_board_view
from tests.support.contracts import SIGNED, TERMS, approved, concluded
from tests.support.reference import REFERENCE
from tests.support.subsidies import (
    DAY,
    HERE,
    NOW,
    OFFICE,
    YEAR,
    A,
    B,
    C,
    Office,
    asked,
    officer,
)
from tests.support.waiting import PATIENCE_SECONDS

TODAY = NOW.date()


def of_ours(engine: Engine, lg_code: str = A, as_of: date = TODAY, **more: Any) -> Any:
    given = {"lg_code": lg_code, "fiscal_year": YEAR, "as_of": as_of} | more
    return own_subsidy_view(engine, officer(lg_code), HERE, **given)


def board(engine: Engine, programme: str = "kyodo", as_of: date = TODAY) -> Any:
    given = {"programme": programme, "fiscal_year": YEAR, "as_of": as_of}
    return subsidy_board_view(engine, OFFICE, HERE, **given)


def test_support_plans_are_applied_for_and_reported_as_they_are_recorded_here(
    engine: Engine,
) -> None:
    office = Office(engine, REFERENCE)
    with pytest.raises(InvalidInputError, match="議決の後に申請してください"):
        office.apply((), "talent", day=date(2023, 10, 2))
    concluded(engine)  # plans 4 (300,000円) and 6 (600,000円)
    approved(engine, choices=((2, 5),))
    typed = asked(99_000_000)
    case_id = office.apply(typed, "talent", day=date(2023, 10, 2))
    first = office.case(case_id)
    assert [(line.item, line.eligible) for line in first.last.lines] == [
        ("2", 500_000), ("4", 300_000), ("6", 600_000),
    ]  # fmt: skip
    assert first.last.amount == 700_000
    with pytest.raises(ConflictError, match="変更申請で行ってください"):
        office.apply((), "talent", day=date(2023, 10, 2))
    office.theirs(case_id, CaseStep.DECIDED, 650_000, day=date(2023, 10, 3), reason="予算の範囲")
    (shown,) = of_ours(engine).cases
    assert shown.due.missing[0].startswith("支援回の実施")
    office.ours(case_id, CaseStep.REPORTED, typed, day=date(2024, 3, 1))
    assert office.case(case_id).last.amount == 0  # nothing was held
    office.theirs(case_id, CaseStep.FINALISED, day=date(2024, 3, 2))
    assert office.case(case_id).state is CaseState.SETTLED


def test_a_joint_case_is_seen_by_every_member_and_moved_by_the_leading_one(engine: Engine) -> None:
    office = Office(engine)
    case_id = office.apply((*asked(1_000_000), *asked(500_001, town=B)))
    for code in (A, B):
        (shown,) = of_ours(engine, code).cases
        assert shown.case.members == (A, B)
    assert of_ours(engine, C).cases == ()
    rows = {row.lg_code: row for row in board(engine).rows if row.case}
    assert {code: row.leads for code, row in rows.items()} == {A: True, B: False}
    assert len(board(engine).rows) == len(HERE.by_code)
    with pytest.raises(ConflictError, match="代表の団体が行います"):
        office.ours(case_id, CaseStep.WITHDRAWN, town=B, reason="理由")
    office.theirs(case_id, CaseStep.SENT_BACK, reason="補正")
    with pytest.raises(InvalidInputError, match="共同申請に加わっていない団体の行"):
        office.ours(case_id, CaseStep.APPLIED, (*asked(1), *asked(1, town=C)))
    with pytest.raises(InvalidInputError, match="はありません。一覧から選び直してください"):
        office.apply((*asked(1), *asked(1, town="999999")))


def test_anothers_case_is_out_of_reach_by_every_way(engine: Engine) -> None:
    office = Office(engine)
    case_id = office.apply(asked(1_000_000))
    given = {"case_id": case_id, "amount": None, "seen_event": 1, **office.given()}
    with pytest.raises(PermissionDeniedError):
        own_subsidy_view(engine, officer(C), HERE, lg_code=A, fiscal_year=YEAR, as_of=NOW.date())
    with pytest.raises(PermissionDeniedError):
        subsidy_board_view(
            engine, officer(C), HERE, programme=None, fiscal_year=YEAR, as_of=NOW.date()
        )
    step = {"step": CaseStep.WITHDRAWN, "asked": ()}
    with pytest.raises(PermissionDeniedError):
        record_municipal_step(engine, officer(C), lg_code=A, **step, **given)
    for number in (case_id, 0, -1, 2**63, 10**30):
        with pytest.raises(InvalidInputError, match="この手続は見つかりません"):
            record_municipal_step(
                engine, officer(C), lg_code=C, **step, **{**given, "case_id": number}
            )
        with pytest.raises(InvalidInputError, match="この手続は見つかりません"):
            record_office_step(
                engine, OFFICE, lg_code=C, step=CaseStep.DECIDED, **{**given, "case_id": number}
            )
    with pytest.raises(PermissionDeniedError):
        record_office_step(engine, officer(A), lg_code=A, step=CaseStep.DECIDED, **given)
    for command, other in ((record_municipal_step, CaseStep.DECIDED), (record_office_step, CaseStep.REPORTED)):  # fmt: skip
        more = {"asked": ()} if command is record_municipal_step else {}
        with pytest.raises(ConflictError, match="手続です"):
            command(engine, OFFICE, lg_code=A, step=other, **more, **given)
    assert office.case(case_id).state is CaseState.APPLIED


def test_a_step_has_a_day_that_can_be_and_a_reason_where_one_is_wanted(engine: Engine) -> None:
    office = Office(engine)
    case_id = office.apply(asked(1_000_000))
    for day, words in (
        (date(2024, 3, 21), "日付は今日"),
        (date(2023, 5, 31), "前の手続「交付申請」の日"),
    ):
        with pytest.raises(InvalidInputError, match=words):
            office.theirs(case_id, CaseStep.DECIDED, 500_000, day=day)
    with pytest.raises(InvalidInputError, match="日付として早すぎます"):
        office.apply(asked(1), day=date(2022, 3, 31))
    with pytest.raises(InvalidInputError, match="「差戻し」の理由"):
        office.theirs(case_id, CaseStep.SENT_BACK, reason=" \n")
    with pytest.raises(InvalidInputError, match="減額する理由"):
        office.theirs(case_id, CaseStep.DECIDED, 499_999)
    with pytest.raises(InvalidInputError, match="0円の交付決定"):
        office.theirs(case_id, CaseStep.DECIDED, 0, reason="理由")
    with pytest.raises(InvalidInputError, match="費目を入力してください"):
        office.apply(tuple(replace(line, item=" ") for line in asked(1)))
    with pytest.raises(InvalidInputError, match="カタログにありません"):
        office.apply(asked(1), "nothing")


def test_what_the_secretariat_records_for_a_municipality_came_on_paper(engine: Engine) -> None:
    office = Office(engine)
    case_id = office.apply(asked(1_000_000))
    office.ours(case_id, CaseStep.WITHDRAWN, who=OFFICE, reason="書面による")
    first, last = office.case(case_id).events
    assert (first.channel, last.channel) == (Channel.SCREEN, Channel.PAPER)


def test_a_stale_form_is_refused_with_who_did_what(engine: Engine) -> None:
    office = Office(engine)
    case_id = office.apply(asked(1_000_000))
    office.theirs(case_id, CaseStep.DECIDED)
    with pytest.raises(ConflictError, match="jimukyokuが「交付決定」を記録しています"):
        record_municipal_step(
            engine, officer(A), lg_code=A, case_id=case_id, step=CaseStep.REPORTED, amount=None,
            asked=asked(1), seen_event=1, **office.given(),
        )  # fmt: skip


def test_an_advance_is_paid_where_the_programme_allows_it_and_comes_back_where_it_was_too_much(
    engine: Engine,
) -> None:
    office = Office(engine)
    case_id = office.apply(asked(2_000_000))
    office.theirs(case_id, CaseStep.DECIDED)
    for amount in (None, 0, 1_000_001):
        with pytest.raises(InvalidInputError, match="1円から1,000,000円"):
            office.ours(case_id, CaseStep.ADVANCE_CLAIMED, amount=amount)
    office.ours(case_id, CaseStep.ADVANCE_CLAIMED, amount=800_000)
    office.theirs(case_id, CaseStep.ADVANCE_PAID)
    with pytest.raises(ConflictError, match="取り下げられません"):
        office.ours(case_id, CaseStep.WITHDRAWN, reason="理由")
    office.ours(case_id, CaseStep.REPORTED, asked(1_500_001))
    office.theirs(case_id, CaseStep.FINALISED)
    with pytest.raises(ConflictError, match="請求できる額がありません"):
        office.ours(case_id, CaseStep.CLAIMED)
    office.theirs(case_id, CaseStep.REPAID)
    case = office.case(case_id)
    assert (case.state, case.final, case.paid, case.last.amount) == (
        CaseState.SETTLED, 750_000, 750_000, 50_000,
    )  # fmt: skip
    stated = office.apply(asked(1_000, amount=900), "stated")
    office.theirs(stated, CaseStep.DECIDED)
    with pytest.raises(ConflictError, match="概算払をしていません"):
        office.ours(stated, CaseStep.ADVANCE_CLAIMED, amount=1)


def decide_all(engine: Engine, office: Office, seen: dict[int, int], reason: str = "") -> int:
    return decide_all_applications(
        engine,
        OFFICE,
        programme="kyodo",
        fiscal_year=YEAR,
        seen=seen,
        **office.given(reason=reason),
    )


def test_all_are_decided_at_once_and_cut_to_the_yen_where_the_budget_is_short(
    engine: Engine,
) -> None:
    office = Office(engine)
    ids = [office.apply(asked(cost), town=town) for cost, town in ((4_000_000, A), (3_000_000, B), (1_000_000, C))]  # fmt: skip
    seen = {case_id: number for number, case_id in enumerate(ids, start=1)}
    assert board(engine).cuts == {ids[0]: 1_500_000, ids[1]: 1_125_000, ids[2]: 375_000}
    with pytest.raises(InvalidInputError, match="減額する理由"):
        decide_all(engine, office, seen)
    with pytest.raises(ConflictError, match="画面を開いた後に変わりました"):
        decide_all(engine, office, seen | {ids[2]: 9}, "按分")
    assert board(engine).standing.decided == 0
    assert decide_all(engine, office, seen, "予算の按分") == 3
    found = board(engine)
    assert (found.standing.decided, found.standing.left) == (3_000_000, 0)
    with pytest.raises(ConflictError, match="決定を待っている申請はありません"):
        decide_all(engine, office, {}, "按分")
    more = office.apply(asked(2_000))
    with pytest.raises(ConflictError, match="0円になる申請"):
        decide_all(engine, office, {more: 7}, "按分")
    with pytest.raises(InvalidInputError, match="予算の残り0円を超えます"):
        office.theirs(more, CaseStep.DECIDED)


def test_two_servers_deciding_at_once_never_exceed_the_budget(
    engine: Engine, database_url: URL
) -> None:
    office = Office(engine)
    ids = [office.apply(asked(4_000_000), town=town) for town in (A, B)]
    for case_id, town in zip(ids, (A, B), strict=True):
        assert office.case(case_id, town).last.amount == 2_000_000
    spawn = multiprocessing.get_context("spawn")
    address = database_url.render_as_string(hide_password=False)
    with spawn.Manager() as manager, ProcessPoolExecutor(2, mp_context=spawn) as pool:
        meet = manager.Barrier(2)
        said = [
            pool.submit(decide_for, address, meet, case_id, town)
            for case_id, town in zip(ids, (A, B), strict=True)
        ]
        answers = sorted(each.result(timeout=PATIENCE_SECONDS) for each in said)
    assert answers[0] == "done"
    assert "予算の残り1,000,000円を超えます" in answers[1]
    assert board(engine).standing.decided == 2_000_000


def decide_for(address: str, meet: Any, case_id: int, town: str) -> str:
    engine = open_engine(make_url(address))
    try:
        meet.wait(60)
        Office(engine).theirs(case_id, CaseStep.DECIDED, town=town)
    except DashboardError as error:
        return str(error)
    finally:
        engine.dispose()
    return "done"


def test_the_board_shows_everybody_the_late_first_from_few_queries(engine: Engine) -> None:
    office = Office(engine)
    for place, town in enumerate((A, B, C)):
        case_id = office.apply(asked(100_000 * (place + 1)), town=town)
        if town == C:
            office.theirs(case_id, CaseStep.DECIDED, town=town)
    concluded(engine)
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *seen: statements.append(seen[2]))
    found = board(engine)
    asked_for = [s for s in statements if s.lstrip().upper().startswith("SELECT")]
    assert len(asked_for) <= 10
    assert {row.lg_code for row in found.rows} == set(HERE.by_code)
    assert (found.rows[0].lg_code, found.rows[0].late_days(found.as_of)) == (C, 10)
    assert [row.due.turn for row in found.rows[1:3] if row.due] == [Turn.SECRETARIAT] * 2
    early = board(engine, as_of=date(2023, 5, 31))
    assert all(row.case is None for row in early.rows)
    assert early.standing.decided == 0


def test_figures_and_the_board_say_the_same_of_support_plans(engine: Engine) -> None:
    record_parameter(
        engine, CONSOLE, name="talent.programme_budget", text="1000000",
        valid_from=date(2023, 4, 1), basis=Basis.OFFICIAL, source="見本", note="", request_id="b",
        now=SIGNED,
    )  # fmt: skip
    approved(engine, officer(B), B, choices=((1, 6),))
    concluded(engine, terms=TERMS)
    office = Office(engine, REFERENCE)
    case_id = office.apply((), "talent", day=date(2023, 10, 2))
    office.theirs(case_id, CaseStep.DECIDED, 400_000, day=date(2023, 10, 2), reason="予算")
    day = date(2023, 10, 3)
    found = board(engine, "talent", day)
    with reading(engine) as session:
        said = Said(known(session, REFERENCE, [Subject.TALENT]), day)
    values = {key: said[f"grant_{key}"].value for key in ("decided", "final", "paid", "left", "forecast")}  # fmt: skip
    assert values == {
        "decided": 400_000, "final": 0, "paid": 0, "left": 600_000, "forecast": 700_000,
    }  # fmt: skip
    assert values["decided"] == found.standing.decided
    assert values["left"] == found.standing.left
    assert values["forecast"] == found.forecast.amount
    assert {row.lg_code for row in found.rows if row.expected} == {A, B}


def test_a_prefecture_without_grants_has_none(engine: Engine) -> None:
    bare = replace(REFERENCE, grants=(), sharing=None)
    given = {"programme": None, "fiscal_year": YEAR, "as_of": NOW.date()}
    assert subsidy_board_view(engine, OFFICE, bare, **given) is None
    own = own_subsidy_view(engine, officer(A), bare, lg_code=A, fiscal_year=YEAR, as_of=NOW.date())
    assert (own.programmes, own.cases, own.begin) == ({}, (), {})


def test_the_same_request_is_one_case(engine: Engine) -> None:
    given = {
        "lg_code": A, "fiscal_year": YEAR, "programme": "kyodo", "title": "事業",
        "asked": asked(1_000_000), "form": StepForm(DAY), "reference": HERE, "request_id": "r",
    }  # fmt: skip
    first = apply_for_subsidy(engine, officer(A), now=NOW, **given)
    assert apply_for_subsidy(engine, officer(A), now=datetime(2024, 3, 21, tzinfo=NOW.tzinfo), **given) == first  # fmt: skip
    assert len(of_ours(engine).cases) == 1
