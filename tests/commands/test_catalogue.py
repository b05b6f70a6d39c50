"""The next year, opened and published; what was said of the years before stays as it was said."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import Engine

from core.access.principal import CONSOLE, PUBLIC, Principal, Role
from core.commands.boarding import open_boarding_window
from core.commands.catalogue import (
    carry_over,
    discard_year,
    open_year,
    publish_year,
    record_entry,
)
from core.commands.initial_data import fill_initial_data
from core.commands.wishes import hand_in_wishes
from core.estimate.request import EstimateRequest, PlanChoice
from core.exports.budget import budget_workbook
from core.figures.registry import indicators
from core.procurement.counting import CountBasis
from core.reference.pack import Reference
from core.store.catalogue import kept_catalogue
from core.support.wish import WishState
from core.values.errors import ConflictError, InvalidInputError, PermissionDeniedError
from core.values.fiscal import FiscalYear
from core.views.catalogue import Decision, catalogue_touches_view, catalogue_view
from core.views.ledger import counts_view
from core.views.plans import plans_view
from tests.commands.examples import NOW, OFFICE, OFFICER, OURS, World
from tests.support.reference import REFERENCE

NEXT = FiscalYear(2024)
PLAN_8 = {
    "number": 8, "name": "生成AI活用支援プラン", "short_name": "生成AI", "supports": ["使い方の支援"],
    "corrections": [], "unit_price": 120_000, "visits": 6, "source": "jirei",
}  # fmt: skip
GENAI = {
    "key": "genai", "label": "生成AI", "short_label": "生成AI", "fiscal_year": 2024, "what": "文章の下書き",
    "effects": [], "features": [], "free_edition": False, "scheme": "joint", "note": "",
    "lots": [
        {"key": "A", "label": "全庁", "description": "", "note": ""},
        {"key": "B", "label": "試行", "description": "", "note": ""},
    ],
    "corrections": [], "source": "jirei",
    "schedule": [{"stage": "tendered", "on": "2024-06", "status": "planned"}],
}  # fmt: skip
TOTAL = {
    "programme": "genai", "lot": "", "basis": "paid", "metric": "participants", "period": "",
    "value": "12", "as_of": "2023-10-01", "date_precision": "day", "status": "actual",
    "source": "jirei",
}  # fmt: skip
THIS_YEAR = EstimateRequest(2023, (PlanChoice(6, 12), PlanChoice(3, 4)))


@pytest.fixture
def world(engine: Engine) -> World:
    fill_initial_data(engine, CONSOLE, reference=REFERENCE, now=NOW)
    return World(engine)


def record(world: World, part: str, content: Any, year: int | None = None, **more: Any) -> int:
    given = {"key": "", "reason": "", "seen": 0} | more
    return int(
        world.does(record_entry, OFFICE, part=part, content=content, fiscal_year=year, **given)
    )


def offered(world: World, year: int) -> Reference:
    known = kept_catalogue(world.engine)
    assert known is not None
    return known.of(FiscalYear(year))


def cells(world: World, request: EstimateRequest) -> list[object]:
    """Every value of the workbook of an estimate."""
    reference = offered(world, request.fiscal_year)
    answer = plans_view(world.engine, PUBLIC, reference, request=request)
    body = budget_workbook(
        answer.estimate, reference=reference, municipality="堺市", made_on=date(2023, 10, 2),
        link="", made_up=False,
    )  # fmt: skip
    sheets = load_workbook(BytesIO(body)).worksheets
    return [cell.value for sheet in sheets for row in sheet.iter_rows() for cell in row]


def published(world: World, new: dict[str, Any] | None = PLAN_8) -> None:
    """令和6年度: プラン3 ends, プラン6 stays, プラン8 is new, the rest is carried over."""
    world.does(open_year, OFFICE, fiscal_year=NEXT)
    three = next(
        each for each in catalogue_view(world.engine, OFFICE).of("plans") if each.key == "3"
    )
    record(world, "plans", None, NEXT, key="3", seen=three.seen)
    if new:
        record(world, "plans", new, NEXT)
    left = [(each.part.name, each.key) for each in catalogue_view(world.engine, OFFICE).undecided]
    world.does(carry_over, OFFICE, fiscal_year=NEXT, things=left)
    world.does(publish_year, OFFICE, fiscal_year=NEXT)


def test_a_draft_changes_nothing_for_anybody_and_a_published_year_that_year_alone(
    world: World,
) -> None:
    before = cells(world, THIS_YEAR)
    world.does(open_year, OFFICE, fiscal_year=NEXT)
    record(world, "plans", PLAN_8, NEXT)
    assert 8 not in [plan.number for plan in offered(world, NEXT).plans]
    world.does(discard_year, OFFICE, fiscal_year=NEXT, reason="見送り")
    published(world, new=None)  # goes on from what was decided before
    assert [plan.number for plan in offered(world, NEXT).plans] == [1, 2, 4, 5, 6, 7, 8]
    assert [plan.number for plan in offered(world, 2023).plans] == [1, 2, 3, 4, 5, 6, 7]
    assert cells(world, THIS_YEAR) == before


def test_the_fee_of_the_new_plan_is_what_the_estimate_and_the_wish_take(world: World) -> None:
    published(world)
    request = EstimateRequest(NEXT, (PlanChoice(6, 12), PlanChoice(8, 6)))
    reference = offered(world, NEXT)
    answer = plans_view(world.engine, PUBLIC, reference, request=request)
    assert (answer.estimate.gross, answer.estimate.subsidy) == (1_920_000, 960_000)
    assert 120_000 in cells(world, request)
    assert {plan.wishes for plan in reference.plans} == {None}  # those of 令和5年度 stay with it
    assert answer.published_wishes is None
    assert [plan.wishes for plan in offered(world, 2023).plans] == [4, 3, 1, 5, 3, 7, 1]
    world.does(
        hand_in_wishes, OFFICER, lg_code=OURS, request=request, state=WishState.WISHED, seen={},
        reference=reference,
    )  # fmt: skip
    (wishes,) = catalogue_touches_view(
        world.engine, OFFICE, part="plans", key="8", fiscal_year=NEXT
    )
    assert (wishes.label, wishes.number) == ("参加希望を出した団体", 1)
    ended = EstimateRequest(NEXT, (PlanChoice(3, 4),))
    with pytest.raises(InvalidInputError, match="3"):
        plans_view(world.engine, PUBLIC, reference, request=ended)


def test_a_new_system_is_counted_shown_and_boarded_without_a_line_of_code(world: World) -> None:
    record(world, "procurements", GENAI)
    record(world, "published_totals", TOTAL)
    reference = offered(world, 2023)
    found = counts_view(
        world.engine, PUBLIC, reference, as_of=date(2023, 10, 2), basis=CountBasis.PAID
    )
    (genai,) = [each for each in found if each.programme == "genai"]
    assert genai.value == 12
    world.does(
        open_boarding_window, OFFICE, programme="genai", fiscal_year=2024,
        first_day=date(2023, 10, 1), last_day=date(2023, 11, 30), source="府通知", note="",
        reference=reference,
    )  # fmt: skip
    assert {"genai_paid", "genai_named", "genai_planned"} <= indicators(reference).keys()


def test_what_is_undecided_is_not_published_and_what_was_decided_is_told_apart(
    world: World,
) -> None:
    world.does(open_year, OFFICE, fiscal_year=NEXT)
    plans = {each.key: each for each in catalogue_view(world.engine, OFFICE).of("plans")}
    changed = {**plans["4"].shown, "unit_price": 90_000}
    record(world, "plans", changed, NEXT, key="4", seen=plans["4"].seen)
    record(world, "plans", None, NEXT, key="3", seen=plans["3"].seen)
    world.does(carry_over, OFFICE, fiscal_year=NEXT, things=[("plans", "1"), ("talent", "")])
    record(world, "plans", PLAN_8, NEXT)
    found = {each.key: each.decision for each in catalogue_view(world.engine, OFFICE).of("plans")}
    assert found == {
        "1": Decision.CARRIED, "2": Decision.OPEN, "3": Decision.ENDED, "4": Decision.CHANGED,
        "5": Decision.OPEN, "6": Decision.OPEN, "7": Decision.OPEN, "8": Decision.NEW,
    }  # fmt: skip
    (talent,) = catalogue_view(world.engine, OFFICE).of("talent")
    assert talent.decision is Decision.CARRIED  # another year in it is no change of it
    assert talent.shown["fiscal_year"] == NEXT
    assert "participants" not in talent.shown
    with pytest.raises(ConflictError, match="まだ決めていない"):
        world.does(publish_year, OFFICE, fiscal_year=NEXT)
    with pytest.raises(ConflictError, match="もう決まっている"):
        world.does(carry_over, OFFICE, fiscal_year=NEXT, things=[("plans", "1")])


@pytest.mark.parametrize(
    ("content", "field", "said"),
    [
        ({**PLAN_8, "short_name": "生成AIを活用するための支援"}, "short_name", "12文字"),
        ({**PLAN_8, "unit_price": 0}, "unit_price", "1以上"),
        ({**PLAN_8, "source": "nowhere"}, "source", "出典"),
        ({**PLAN_8, "name": "AI\u202e"}, "content", "使えない文字"),
    ],
)
def test_what_cannot_stand_is_refused_at_its_heading(
    world: World, content: dict[str, Any], field: str, said: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        record(world, "plans", content, 2023)
    assert said in refused.value.problems[field]
    assert "8" not in [each.key for each in catalogue_view(world.engine, OFFICE).of("plans")]


def test_two_who_change_the_same_thing_are_told_and_nobody_else_may(world: World) -> None:
    chat = next(
        each for each in catalogue_view(world.engine, OFFICE).lasting
        if (each.part.name, each.key) == ("procurements", "chat")
    )  # fmt: skip
    record(world, "procurements", {**chat.shown, "note": "一"}, key="chat", seen=chat.seen)
    with pytest.raises(ConflictError, match="jimukyoku"):
        record(world, "procurements", {**chat.shown, "note": "二"}, key="chat", seen=chat.seen)
    with pytest.raises(ConflictError, match="もうあります"):
        record(world, "procurements", {**chat.shown, "note": "三"})
    for who in (PUBLIC, OFFICER, Principal("etsuran", "閲覧", Role.VIEWER)):
        with pytest.raises(PermissionDeniedError):
            world.does(open_year, who, fiscal_year=NEXT)
        with pytest.raises(PermissionDeniedError):
            catalogue_view(world.engine, who)


def test_a_source_typed_with_a_change_is_recorded_with_it_or_not_at_all(world: World) -> None:
    source = {
        "title": "募集要領", "publisher": "事務局", "url": None, "licence": "明示なし", "date": "2023-10-01",
        "note": "", "files": [], "used_for": None,
    }  # fmt: skip
    before = len(offered(world, 2023).sources)
    with pytest.raises(InvalidInputError):
        record(world, "budgets", {"key": "x", "source": "+"}, new_source=source)
    assert len(offered(world, 2023).sources) == before
    budget = {
        "key": "genai_2024", "label": "生成AI", "thousand_yen": 1200, "fiscal_year": 2024,
        "fiscal_year_note": "予算書", "description": "調達", "source": "+",
    }  # fmt: skip
    record(world, "budgets", budget, new_source=source)
    (made,) = [b for b in offered(world, 2023).programmes.budgets if b.key == "genai_2024"]
    assert offered(world, 2023).sources[made.source].title == "募集要領"
