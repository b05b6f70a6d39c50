"""制度値の登録: checked like data/, dated, and never able to break what reads them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from fractions import Fraction

import pytest
from sqlalchemy import Engine

from core.access.principal import PUBLIC, Principal
from core.commands.parameters import record_parameter, withdraw_parameter
from core.estimate.request import EstimateRequest, PlanChoice
from core.params import Basis, Parameter, in_force
from core.store.engine import data_revision, writing
from core.store.parameters import fill_parameters
from core.values.errors import (
    ConflictError,
    InvalidInputError,
    NoValueInForceError,
    PermissionDeniedError,
)
from core.views.administration import administration_view
from core.views.plans import plans_view
from tests.support.reference import REFERENCE

PRICE, RATE = "talent.unit_price", "talent.subsidy_rate"
SHIPPED = len(REFERENCE.parameters)


@pytest.fixture
def record(engine: Engine, secretariat: Principal, now: datetime) -> Callable[..., str]:
    def record_(**changes: object) -> str:
        form: dict[str, object] = {
            "name": PRICE,
            "text": "120000",
            "valid_from": date(2024, 4, 1),
            "basis": Basis.OFFICIAL,
            "source": "令和6年度通知",
            "note": "",
            "request_id": repr(changes),
            "now": now,
        }
        return record_parameter(engine, secretariat, **form | changes)  # type: ignore[arg-type]

    return record_


@pytest.fixture
def history(engine: Engine, secretariat: Principal) -> Callable[[], tuple[Parameter, ...]]:
    return lambda: administration_view(engine, secretariat, REFERENCE).parameters


def gross(engine: Engine, year: int) -> int:
    request = EstimateRequest(year, (PlanChoice(6, 12),))
    return int(plans_view(engine, PUBLIC, REFERENCE, request=request).estimate.gross)


def test_what_shipped_is_there_and_is_not_filled_in_twice(
    engine: Engine, history: Callable
) -> None:
    assert history() == REFERENCE.parameters
    with writing(engine) as session:
        assert fill_parameters(session, REFERENCE.parameters) == 0
    assert len(history()) == SHIPPED


def test_a_later_date_wins_from_its_day_on_and_history_stays(
    engine: Engine, record: Callable, history: Callable, now: datetime
) -> None:
    revision = data_revision(engine)
    record(note=" 改定 ")
    assert data_revision(engine) == revision + 1
    assert history()[: len(REFERENCE.parameters)] == REFERENCE.parameters
    assert history()[SHIPPED:] == (
        Parameter(PRICE, 120_000, date(2024, 4, 1), Basis.OFFICIAL, "令和6年度通知", "改定", now),
    )
    assert in_force(history(), PRICE, date(2024, 3, 31)).value == 100_000
    assert in_force(history(), PRICE, date(2024, 4, 1)).value == 120_000
    assert (gross(engine, 2023), gross(engine, 2024)) == (1_200_000, 1_440_000)


def test_a_correction_for_the_same_day_wins_even_at_the_same_moment(
    engine: Engine, record: Callable, history: Callable
) -> None:
    record(text="1200000", request_id="mistake")
    record(text="120000", request_id="correction")
    assert [p.value for p in history()[SHIPPED:]] == [1_200_000, 120_000]
    assert gross(engine, 2024) == 1_440_000


def test_a_correction_wins_even_when_the_clock_was_set_back(
    engine: Engine, record: Callable, secretariat: Principal, now: datetime
) -> None:
    earlier = now - timedelta(hours=1)
    record(text="1200000")
    record(text="120000", now=earlier)
    assert gross(engine, 2024) == 1_440_000
    withdraw_parameter(
        engine, secretariat, name=PRICE, valid_from=date(2024, 4, 1), seen=3, reason="誤記",
        request_id="back", now=earlier - timedelta(hours=1),
    )  # fmt: skip
    assert gross(engine, 2024) == 14_400_000


def test_an_earlier_date_recorded_later_does_not_override(engine: Engine, record: Callable) -> None:
    record(text="130000", valid_from=date(2025, 4, 1))
    record(text="120000", valid_from=date(2024, 4, 1))
    assert [gross(engine, year) for year in (2023, 2024, 2025)] == [
        1_200_000,
        1_440_000,
        1_560_000,
    ]


def test_all_problems_come_at_once(record: Callable, history: Callable) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        record(text="十万", source=" ", note="長" * 1001)
    assert set(refusal.value.problems) == {"value", "source", "note"}
    with pytest.raises(InvalidInputError) as refusal:
        record(text="-1", source="長" * 1001)
    assert set(refusal.value.problems) == {"value", "source"}
    assert len(history()) == SHIPPED


def test_a_wrong_basis_is_named_together_with_a_missing_source(record: Callable) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        record(name="talent.subsidy_cap", text="", basis=Basis.OFFICIAL, source="")
    assert set(refusal.value.problems) == {"basis", "source"}


@pytest.mark.parametrize(
    ("text", "basis"),
    [
        ("", Basis.OFFICIAL),
        ("", Basis.ASSUMPTION),
        ("", Basis.UNDER_CONSIDERATION),
        ("0", Basis.UNKNOWN),
        ("500000", Basis.UNKNOWN),
    ],
)
def test_unknown_goes_with_an_empty_value_and_with_nothing_else(
    record: Callable, history: Callable, text: str, basis: Basis
) -> None:
    with pytest.raises(InvalidInputError, match="未公表") as refusal:
        record(name="talent.subsidy_cap", text=text, basis=basis)
    assert set(refusal.value.problems) == {"basis"}
    assert len(history()) == SHIPPED


def test_unknown_and_zero_are_two_things(record: Callable, history: Callable) -> None:
    record(name="talent.subsidy_cap", text="0", valid_from=date(2024, 4, 1))
    record(name="talent.subsidy_cap", text="", basis=Basis.UNKNOWN, valid_from=date(2025, 4, 1))
    zero = in_force(history(), "talent.subsidy_cap", date(2024, 4, 1))
    unknown = in_force(history(), "talent.subsidy_cap", date(2025, 4, 1))
    assert (zero.value, unknown.value) == (0, None)


def test_what_may_not_be_empty_is_refused(record: Callable) -> None:
    with pytest.raises(InvalidInputError, match="空欄にできません"):
        record(text="", basis=Basis.UNKNOWN)


def test_a_name_nobody_knows_is_refused(record: Callable, history: Callable) -> None:
    with pytest.raises(InvalidInputError, match="ない制度値です") as refusal:
        record(name="talent.secret" * 100)
    assert set(refusal.value.problems) == {"name"}
    assert len(str(refusal.value)) < 100
    assert len(history()) == SHIPPED


@pytest.mark.parametrize("text", ["33.3333%", "0.333333333", "1/3", "0.00000001", "12345/99999"])
def test_a_rate_that_was_accepted_can_be_read_by_every_page_afterwards(
    engine: Engine, record: Callable, history: Callable, text: str
) -> None:
    record(name=RATE, text=text)
    expected = Fraction(text.rstrip("%")) / (100 if text.endswith("%") else 1)
    assert in_force(history(), RATE, date(2024, 4, 1)).value == expected
    assert gross(engine, 2024) == 1_200_000


@pytest.mark.parametrize(
    "day", [date(1, 1, 1), date(1900, 1, 1), date(1989, 3, 31), date(2100, 4, 1), date.max]
)
def test_a_day_outside_every_fiscal_year_is_refused_and_breaks_nothing(
    engine: Engine, record: Callable, day: date
) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        record(valid_from=day)
    assert set(refusal.value.problems) == {"valid_from"}
    assert gross(engine, 2024) == 1_200_000


@pytest.mark.parametrize("day", [date(1989, 4, 1), date(2100, 3, 31)])
def test_the_first_and_the_last_day_there_is_may_be_recorded(
    engine: Engine, record: Callable, day: date
) -> None:
    record(valid_from=day)
    assert gross(engine, 2024) == 1_200_000


def test_the_same_request_again_changes_nothing(
    engine: Engine, record: Callable, history: Callable
) -> None:
    record(request_id="click")
    revision = data_revision(engine)
    record(request_id="click")
    record(request_id="click", text="999")
    assert len(history()) == SHIPPED + 1
    assert data_revision(engine) == revision


@pytest.mark.parametrize("field", ["source", "note"])
def test_a_zero_byte_gets_the_same_answer_on_both_databases(record: Callable, field: str) -> None:
    with pytest.raises(InvalidInputError):
        record(**{field: "通知\x00"})


def test_only_the_secretariat_records(
    engine: Engine,
    now: datetime,
    officer: Callable[[str], Principal],
    viewer: Principal,
    history: Callable,
) -> None:
    for principal in (PUBLIC, viewer, officer("271004")):
        with pytest.raises(PermissionDeniedError):
            record_parameter(
                engine,
                principal,
                name=PRICE,
                text="1",
                valid_from=date(2024, 4, 1),
                basis=Basis.OFFICIAL,
                source="通知",
                note="",
                request_id="a",
                now=now,
            )
    assert len(history()) == SHIPPED


BUDGET = "talent.programme_budget"


def test_a_wrong_value_is_taken_back_and_what_was_said_before_holds_again(
    engine: Engine, record: Callable, history: Callable, secretariat: Principal, now: datetime
) -> None:
    record()
    record(text="12000", request_id="typo")
    assert gross(engine, 2024) == 144_000
    common = {"name": PRICE, "valid_from": date(2024, 4, 1), "reason": "桁の誤り", "now": now}
    words = withdraw_parameter(engine, secretariat, seen=3, request_id="w", **common)
    assert "使う値は変わりません" not in words
    assert gross(engine, 2024) == 1_440_000
    assert [p.withdrawn for p in history()[SHIPPED:]] == [False, False, True]
    with pytest.raises(ConflictError, match="登録または取下げ"):
        withdraw_parameter(engine, secretariat, seen=3, request_id="late", **common)
    withdraw_parameter(engine, secretariat, seen=4, request_id="again", **common)
    assert gross(engine, 2024) == 1_200_000
    with pytest.raises(InvalidInputError, match="値はありません"):
        withdraw_parameter(engine, secretariat, seen=5, request_id="third", **common)


def test_the_only_value_there_is_cannot_be_taken_back(
    engine: Engine, secretariat: Principal, now: datetime
) -> None:
    with pytest.raises(InvalidInputError, match="ほかに値がない"):
        withdraw_parameter(
            engine, secretariat, name=PRICE, valid_from=date(2023, 4, 1), seen=1,
            reason="試し", request_id="w", now=now,
        )  # fmt: skip


def test_registering_says_which_years_a_value_serves_and_whether_anything_changes(
    record: Callable,
) -> None:
    budget = {"name": BUDGET, "text": "28800000"}
    assert record(**budget) == "令和6年度(2024年度)だけに使い、他の年度には使いません。"
    past = record(**budget | {"valid_from": date(2022, 4, 1), "request_id": "past"})
    assert past.endswith("いまの対象の令和6年度(2024年度)に使う値は変わりません。")
    assert record(request_id="p") == "令和6年4月1日から、次の値を登録するまで使います。"
    bounded = record(valid_from=date(2023, 10, 1), request_id="b")
    assert bounded.startswith("令和5年10月1日から令和6年3月31日まで使います")
    with pytest.raises(InvalidInputError, match="年度ごとの値"):
        record(**budget | {"valid_from": date(2024, 6, 1), "request_id": "mid"})


def test_a_budget_holds_in_its_own_year_alone(record: Callable, history: Callable) -> None:
    record(name=BUDGET, text="28800000")
    assert in_force(history(), BUDGET, date(2025, 3, 31)).value == 28_800_000
    with pytest.raises(NoValueInForceError):
        in_force(history(), BUDGET, date(2025, 4, 1))
