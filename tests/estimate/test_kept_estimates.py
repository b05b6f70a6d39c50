"""保存した試算: kept, renamed, discarded; every change is a row and nothing comes from outside."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import date, datetime, timedelta
from fractions import Fraction

import pytest
from sqlalchemy import Engine, func, select

from core.access.principal import Principal
from core.commands import estimates
from core.commands.estimates import discard_estimate, keep_estimate, rename_estimate
from core.commands.parameters import record_parameter
from core.estimate.request import EstimateRequest, ExpenditureKind, PlanChoice
from core.params import Basis, RoundingScope
from core.store.engine import data_revision, reading
from core.store.estimates import ESTIMATES, KeptEstimate
from core.values.errors import ConflictError, InvalidInputError, PermissionDeniedError
from core.values.money import Direction, parse_rate
from core.views.plans import own_plans_view
from tests.support.reference import REFERENCE

OURS, NEIGHBOUR = "271004", "271403"
REQUEST = EstimateRequest(2023, (PlanChoice(6, 12), PlanChoice(4, 11)))


@pytest.fixture
def ours(officer: Callable[[str], Principal]) -> Principal:
    return officer(OURS)


@pytest.fixture
def neighbour(officer: Callable[[str], Principal]) -> Principal:
    return officer(NEIGHBOUR)


@pytest.fixture
def keep(engine: Engine, ours: Principal, now: datetime) -> Callable[..., str]:
    def keep_(
        name: str,
        request: EstimateRequest = REQUEST,
        request_id: str | None = None,
        principal: Principal = ours,
    ) -> str:
        return keep_estimate(
            engine,
            principal,
            lg_code=str(principal.lg_code),
            name=name,
            request=request,
            reference=REFERENCE,
            request_id=request_id or f"keep {name}",
            now=now,
        )

    return keep_


def listed(engine: Engine, principal: Principal) -> list[KeptEstimate]:
    return list(own_plans_view(engine, principal, lg_code=str(principal.lg_code)).kept)


def rows(engine: Engine) -> int:
    with reading(engine) as session:
        return session.scalar(select(func.count()).select_from(ESTIMATES.table)) or 0


def test_an_estimate_is_kept_with_its_request_and_amounts(
    engine: Engine, ours: Principal, keep: Callable[..., str], now: datetime
) -> None:
    estimate_id = keep("  当初案 ")
    (kept,) = listed(engine, ours)
    assert kept.estimate_id == estimate_id
    assert (kept.name, kept.lg_code, kept.recorded_by) == ("当初案", OURS, ours.username)
    assert kept.request == REQUEST
    assert (kept.gross, kept.subsidy, kept.net) == (2_300_000, 1_150_000, 1_150_000)
    assert kept.recorded_at == now


def test_every_part_of_a_request_is_kept(
    engine: Engine, ours: Principal, keep: Callable[..., str]
) -> None:
    request = EstimateRequest(
        2024,
        (PlanChoice(7, 1), PlanChoice(1, 12)),
        start_month=7,
        years=3,
        kind=ExpenditureKind.CONTRIBUTION,
        unit_price=1_234_567,
        rate=Fraction(1, 3),
        rounding_unit=10,
        rounding_direction=Direction.UP,
        rounding_scope=RoundingScope.PLAN,
    )
    keep("全部", request)
    assert listed(engine, ours)[0].request == request


def test_a_rate_with_many_decimals_is_kept(
    engine: Engine, ours: Principal, keep: Callable[..., str]
) -> None:
    request = EstimateRequest(2023, (PlanChoice(6, 12),), rate=parse_rate("0.333333333"))
    keep("三分の一", request)
    assert listed(engine, ours)[0].request == request


def test_the_newest_comes_first(engine: Engine, ours: Principal, keep: Callable[..., str]) -> None:
    for name in ("一", "二", "三"):
        keep(name)
    assert [kept.name for kept in listed(engine, ours)] == ["三", "二", "一"]


def test_a_name_is_used_once_by_a_municipality(
    engine: Engine, ours: Principal, neighbour: Principal, keep: Callable[..., str]
) -> None:
    keep("案")
    with pytest.raises(ConflictError, match="「案」という試算は既にあります"):
        keep(" 案 ", request_id="other")
    keep("案", principal=neighbour)
    assert rows(engine) == 2


@pytest.mark.parametrize("name", ["", "   ", "\u3000", "長" * 61])
def test_a_name_has_one_to_sixty_characters(
    engine: Engine, keep: Callable[..., str], name: str
) -> None:
    with pytest.raises(InvalidInputError, match=r"試算の名前(を入力|は60文字以内)") as refusal:
        keep(name)
    assert set(refusal.value.problems) == {"name"}
    assert rows(engine) == 0


def test_a_name_of_sixty_characters_is_kept(engine: Engine, keep: Callable[..., str]) -> None:
    keep("長" * 60)
    assert rows(engine) == 1


def test_a_zero_byte_gets_the_same_answer_on_both_databases(
    engine: Engine, keep: Callable[..., str]
) -> None:
    with pytest.raises(InvalidInputError):
        keep("案\x00")
    assert rows(engine) == 0


def test_a_double_click_is_one_row_and_one_answer(engine: Engine, keep: Callable[..., str]) -> None:
    first = keep("案", request_id="click")
    revision = data_revision(engine)
    assert keep("案", request_id="click") == first
    assert keep("別の名前", request_id="click") == first
    assert rows(engine) == 1
    assert data_revision(engine) == revision


def test_a_request_id_belongs_to_one_person(
    engine: Engine, neighbour: Principal, keep: Callable[..., str]
) -> None:
    first = keep("案", request_id="click")
    assert keep("案", request_id="click", principal=neighbour) != first
    assert rows(engine) == 2


def test_a_refused_request_can_be_sent_again_with_the_same_id(
    engine: Engine, keep: Callable[..., str]
) -> None:
    wrong = EstimateRequest(2022, (PlanChoice(6, 13),))
    with pytest.raises(InvalidInputError) as refusal:
        keep("案", wrong, request_id="form")
    assert set(refusal.value.problems) == {"fiscal_year", "visits.6"}
    assert rows(engine) == 0
    keep("案", request_id="form")
    assert rows(engine) == 1


def test_no_amount_can_be_handed_in() -> None:
    names = set(inspect.signature(keep_estimate).parameters)
    assert not names & {"gross", "subsidy", "net", "amount", "estimate", "result"}


def test_amounts_stay_as_they_were_when_kept(
    engine: Engine,
    ours: Principal,
    secretariat: Principal,
    keep: Callable[..., str],
    now: datetime,
) -> None:
    keep("前")
    record_parameter(
        engine,
        secretariat,
        name="talent.unit_price",
        text="200000",
        valid_from=date(2023, 4, 1),
        basis=Basis.OFFICIAL,
        source="通知",
        note="",
        request_id="p",
        now=now,
    )
    keep("後")
    after, before = listed(engine, ours)
    assert (before.gross, after.gross) == (2_300_000, 4_600_000)
    assert (before.subsidy, after.subsidy) == (1_150_000, 2_300_000)


def test_renaming_adds_a_row_and_keeps_everything_else(
    engine: Engine, ours: Principal, keep: Callable[..., str], now: datetime
) -> None:
    estimate_id = keep("案")
    (before,) = listed(engine, ours)
    later = now + timedelta(days=1)
    rename_estimate(
        engine,
        ours,
        lg_code=OURS,
        estimate_id=estimate_id,
        name=" 財政課提出 ",
        seen_row=before.row_id,
        now=later,
    )
    (after,) = listed(engine, ours)
    assert after.name == "財政課提出"
    assert after.row_id > before.row_id
    assert (after.estimate_id, after.request, after.net) == (
        before.estimate_id,
        before.request,
        before.net,
    )
    assert after.recorded_at == later
    assert rows(engine) == 2


def test_a_stale_renaming_or_discarding_says_what_changed(
    engine: Engine, ours: Principal, keep: Callable[..., str], now: datetime
) -> None:
    estimate_id = keep("案")
    (before,) = listed(engine, ours)
    form = {"lg_code": OURS, "estimate_id": estimate_id, "seen_row": before.row_id, "now": now}
    rename_estimate(engine, ours, name="新案", **form)
    message = "2023-10-02にtanto-271004が「新案」に変更しています"
    with pytest.raises(ConflictError, match=message):
        rename_estimate(engine, ours, name="別案", **form)
    with pytest.raises(ConflictError, match=message):
        discard_estimate(engine, ours, **form)
    (after,) = listed(engine, ours)
    discard_estimate(engine, ours, **form | {"seen_row": after.row_id})
    assert listed(engine, ours) == []
    with pytest.raises(ConflictError, match="削除しています"):
        rename_estimate(engine, ours, name="別案", **form | {"seen_row": after.row_id})
    assert rows(engine) == 3


def test_a_name_is_free_again_after_discarding_and_not_while_another_has_it(
    engine: Engine, ours: Principal, keep: Callable[..., str], now: datetime
) -> None:
    first, _ = keep("案"), keep("控え")
    by_name = {kept.name: kept for kept in listed(engine, ours)}
    with pytest.raises(ConflictError, match="「控え」という試算は既にあります"):
        rename_estimate(
            engine,
            ours,
            lg_code=OURS,
            estimate_id=first,
            name="控え",
            seen_row=by_name["案"].row_id,
            now=now,
        )
    discard_estimate(
        engine,
        ours,
        lg_code=OURS,
        estimate_id=first,
        seen_row=by_name["案"].row_id,
        now=now,
    )
    keep("案", request_id="again")
    assert [kept.name for kept in listed(engine, ours)] == ["案", "控え"]
    assert rows(engine) == 4


def test_a_neighbours_estimate_is_out_of_reach(
    engine: Engine,
    ours: Principal,
    neighbour: Principal,
    secretariat: Principal,
    viewer: Principal,
    keep: Callable[..., str],
    now: datetime,
) -> None:
    estimate_id = keep("案")
    (kept,) = listed(engine, ours)
    form = {"estimate_id": estimate_id, "seen_row": kept.row_id, "now": now}
    for other in (neighbour, viewer, secretariat):
        with pytest.raises(PermissionDeniedError):
            rename_estimate(engine, other, lg_code=OURS, name="奪取", **form)
        with pytest.raises(PermissionDeniedError):
            discard_estimate(engine, other, lg_code=OURS, **form)
    with pytest.raises(InvalidInputError, match="見つかりません"):
        rename_estimate(engine, neighbour, lg_code=NEIGHBOUR, name="奪取", **form)
    with pytest.raises(InvalidInputError, match="見つかりません"):
        discard_estimate(engine, neighbour, lg_code=NEIGHBOUR, **form)
    assert listed(engine, neighbour) == []
    assert listed(engine, ours) == [kept]


def test_there_is_a_most_that_a_municipality_keeps(
    engine: Engine, keep: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(estimates, "MAX_KEPT", 2)
    keep("一")
    keep("二")
    with pytest.raises(ConflictError, match="2件まで"):
        keep("三")
    assert rows(engine) == 2
