"""What readers of each role are given, and what a viewer must not learn."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest
from sqlalchemy import Engine

from core.access.principal import CONSOLE, Principal
from core.commands.consultations import request_consultation
from core.commands.wishes import hand_in_wishes
from core.consultation.request import RequestForm
from core.estimate.request import EstimateRequest, PlanChoice
from core.kpi.history import year_before
from core.kpi.indicator import SizeClass
from core.kpi.registry import indicators
from core.reference.catalogue import shipped
from core.reference.ledger_seed import seed_events
from core.store.engine import writing
from core.store.ledger import fill_ledger
from core.store.trainings import fill_trainings
from core.support.wish import WishState
from core.values.errors import InvalidInputError, PermissionDeniedError
from core.views.kpi import HIDDEN, kpi_detail_view, kpi_view
from core.views.peers import peers_view, visit_view
from tests.support.facts import HIRAKATA, SAKAI, at

JUNE, FEBRUARY = date(2023, 6, 30), date(2023, 2, 28)


@pytest.fixture
def filled(engine: Engine, officer: Callable[[str], Principal]) -> Engine:
    moment: datetime = at(date(2023, 6, 20))
    with writing(engine) as session:
        fill_ledger(session, seed_events(shipped(), moment))
        fill_trainings(session, shipped().trainings, moment)
    hand_in_wishes(
        engine,
        CONSOLE,
        lg_code=HIRAKATA,
        request=EstimateRequest(2023, (PlanChoice(6, 12), PlanChoice(4, 11))),
        state=WishState.WISHED,
        plans=[plan.number for plan in shipped().plans],
        seen={},
        request_id="w",
        now=moment,
    )
    request_consultation(
        engine,
        officer(SAKAI),
        lg_code=SAKAI,
        form=RequestForm(
            theme="security", title="秘密の相談", question="問", tried="", meeting="written",
            wished=(), wished_note="", department="課", contact="山田", phone="",
            mail="sakai@city.example.lg.jp",
        ),
        files=[],
        request_id="c",
        now=moment,
    )  # fmt: skip
    return engine


def test_the_database_gives_what_was_worked_out_by_hand(
    filled: Engine, secretariat: Principal
) -> None:
    answer = kpi_view(filled, secretariat, as_of=JUNE, compared_with=FEBRUARY)
    found = {reading.key: reading for reading in answer.readings}
    assert list(found) == list(indicators())
    assert {key: (found[key].before, found[key].value) for key in (
        "chat_paid", "econtract_paid", "chat_published", "talent_plans", "talent_gross",
        "trainings_held", "consultations_received", "in_none",
    )} == {
        "chat_paid": (22, 22),
        "econtract_paid": (0, 2),
        "chat_published": (30, 34),
        "talent_plans": (0, 2),
        "talent_gross": (0, 2_300_000),
        "trainings_held": (21, 0),
        "consultations_received": (0, 1),
        "in_none": (21, 21),
    }  # fmt: skip
    assert found["budget_advisors"].compared_with is None  # a printed figure has no earlier day


def test_detail_rows_history_and_breakdowns_agree_with_the_card(
    filled: Engine, secretariat: Principal
) -> None:
    for key in ("chat_paid", "population", "talent_subsidy", "consultations_received"):
        detail = kpi_detail_view(
            filled, secretariat, indicator=key, as_of=JUNE, first=date(2021, 4, 1),
            compared_with=year_before(JUNE), area="泉北", size=SizeClass.LARGE,
        )  # fmt: skip
        each = indicators()[key]
        assert each.value(detail.rows) == detail.reading.value == detail.points[-1].value
        (area,) = detail.breakdowns[0].parts
        assert area == ("泉北", detail.reading.value)
        assert each.value(detail.before) == detail.reading.before


def test_a_viewer_never_learns_who_asked(filled: Engine, viewer: Principal) -> None:
    key = "consultations_received"
    answer = kpi_view(filled, viewer, as_of=JUNE)
    assert key in {reading.key for reading in answer.readings}
    narrowed = kpi_view(filled, viewer, as_of=JUNE, area="泉北")
    assert not [r for r in narrowed.readings if indicators()[r.key].private]
    detail = kpi_detail_view(filled, viewer, indicator=key, as_of=JUNE, first=JUNE)
    assert [row.lg_code for row in detail.rows] == [None]
    assert "堺市" not in repr(detail)
    assert HIDDEN in detail.rows[0].label
    with pytest.raises(InvalidInputError, match="事務局だけ"):
        kpi_detail_view(filled, viewer, indicator=key, as_of=JUNE, first=JUNE, category="中核市")


def test_unknown_places_and_indicators_are_refused_at_once(
    filled: Engine, secretariat: Principal
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        kpi_view(filled, secretariat, as_of=JUNE, area="東京", category="特別区")
    assert set(refused.value.problems) == {"area", "category"}
    with pytest.raises(InvalidInputError, match="fax"):
        kpi_detail_view(filled, secretariat, indicator="fax", as_of=JUNE, first=JUNE)


def test_peers_name_what_is_published_and_nothing_else(
    filled: Engine, officer: Callable[[str], Principal]
) -> None:
    answer = peers_view(filled, officer(SAKAI), lg_code=SAKAI, as_of=JUNE)
    assert answer.rows[0].municipality.name == "堺市"
    assert HIRAKATA in [row.municipality.lg_code for row in answer.rows]
    measures = {each.name: each for each in answer.measures}
    wishes = measures["支援プランの希望"]
    assert (wishes.ours, wishes.median, wishes.above_zero) == (0, 0, 1)
    assert measures["アドバイザー相談"].ours == 1
    assert measures["参加しているシステム・事業"].ours == 1
    assert "枚方" not in repr(answer.measures)
    with pytest.raises(PermissionDeniedError):
        peers_view(filled, officer(SAKAI), lg_code=HIRAKATA, as_of=JUNE)


def test_a_visit_brings_no_words_of_a_consultation(filled: Engine, secretariat: Principal) -> None:
    answer = visit_view(filled, secretariat, lg_code=SAKAI, as_of=JUNE)
    assert [line.number for line in answer.consultations] == ["R5-001"]
    assert "秘密" not in repr(answer)
    assert "山田" not in repr(answer)
