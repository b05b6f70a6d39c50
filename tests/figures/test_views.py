"""What readers of each role are given, and what a viewer must not learn."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine

from core.access.principal import CONSOLE, Principal
from core.commands.consultations import request_consultation
from core.commands.letters import note_reminder
from core.commands.wishes import hand_in_wishes
from core.consultation.request import RequestForm
from core.estimate.request import EstimateRequest, PlanChoice
from core.figures.history import year_before
from core.figures.indicator import Subject
from core.figures.reading import HIDDEN, Reading
from core.figures.registry import Said, indicators, of_subject
from core.figures.week import WeekLine
from core.reference.ledger_seed import seed_events
from core.store.engine import reading, writing
from core.store.kpi import known
from core.store.ledger import fill_ledger
from core.store.letters import AddressedLetter
from core.store.trainings import fill_trainings
from core.support.wish import WishState
from core.values.errors import ConflictError, InvalidInputError, PermissionDeniedError
from core.values.fiscal import FiscalYear
from core.values.municipality import SizeClass
from core.views.home import home_view
from core.views.kpi import (
    KpiAnswer,
    courses_view,
    figures_view,
    kpi_detail_view,
    kpi_view,
    week_view,
)
from core.views.letters import reminder_view
from core.views.meetings import wall_view
from core.views.peers import peers_view, visit_view
from tests.support.facts import HIRAKATA, SAKAI, at
from tests.support.reference import REFERENCE

JUNE, FEBRUARY = date(2023, 6, 30), date(2023, 2, 28)
OSAKA, TOYONAKA = "271004", "272035"


@pytest.fixture
def filled(engine: Engine, officer: Callable[[str], Principal]) -> Engine:
    moment: datetime = at(date(2023, 6, 20))
    with writing(engine) as session:
        fill_ledger(session, seed_events(REFERENCE, moment))
        fill_trainings(session, REFERENCE.trainings, moment)
    hand_in_wishes(
        engine,
        CONSOLE,
        lg_code=HIRAKATA,
        request=EstimateRequest(2023, (PlanChoice(6, 12), PlanChoice(4, 11))),
        state=WishState.WISHED,
        reference=REFERENCE,
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
        reference=REFERENCE, request_id="c",
        now=moment,
    )  # fmt: skip
    return engine


def test_the_database_gives_what_was_worked_out_by_hand(
    filled: Engine, secretariat: Principal
) -> None:
    answer = kpi_view(filled, secretariat, REFERENCE, as_of=JUNE, compared_with=FEBRUARY)
    found = {reading.key: reading for reading in answer.readings}
    assert list(found) == list(indicators(REFERENCE))
    assert {key: (found[key].before, found[key].value) for key in (
        "chat_paid", "chat_named", "econtract_named", "chat_published", "talent_plans", "talent_gross",
        "trainings_held", "consultations_received", "in_none",
    )} == {
        "chat_paid": (30, 34),
        "chat_named": (22, 22),
        "econtract_named": (0, 2),
        "chat_published": (30, 34),
        "talent_plans": (0, 2),
        "talent_gross": (0, 2_300_000),
        "trainings_held": (21, 0),
        "consultations_received": (0, 1),
        "in_none": (21, 21),
    }  # fmt: skip


def test_detail_rows_history_and_breakdowns_agree_with_the_card(
    filled: Engine, secretariat: Principal
) -> None:
    for key in ("chat_named", "in_none", "talent_subsidy", "consultations_received"):
        detail = kpi_detail_view(
            filled, secretariat, REFERENCE, indicator=key, as_of=JUNE, first=date(2021, 4, 1),
            compared_with=year_before(JUNE), area="泉北", size=SizeClass.LARGE,
        )  # fmt: skip
        each = indicators(REFERENCE)[key]
        assert each.value(detail.reading.parts) == detail.reading.value == detail.points[-1].value
        (area,) = detail.breakdowns[0].parts
        assert area == ("泉北", detail.reading.value)
        assert each.value(detail.before) == detail.reading.before


def _readings(answer: object) -> tuple[Reading, ...]:
    if isinstance(answer, KpiAnswer):
        return answer.readings
    assert isinstance(answer, tuple)
    return tuple(each.reading if isinstance(each, WeekLine) else each for each in answer)


def test_the_week_names_whom_it_is_about_and_where_it_is_settled(
    filled: Engine, secretariat: Principal, viewer: Principal
) -> None:
    lines = {
        line.reading.key: line for line in week_view(filled, secretariat, REFERENCE, as_of=JUNE)
    }
    assert len(lines) == 10
    assert lines["talent_municipalities"].names == ("枚方市",)
    assert [(g.label, g.value) for g in lines["talent_by_plan"].groups] == [
        (plan.label, 1) for plan in REFERENCE.plans if plan.number in (4, 6)
    ]
    assert lines["talent_unanswered"].reading.value == 42
    assert lines["mandate_missing"].reading.value == 11
    assert lines["consultations_unanswered"].names == ("R5-001 堺市",)
    told = {line.reading.key: line for line in week_view(filled, viewer, REFERENCE, as_of=JUNE)}
    assert told["consultations_unanswered"].names == ()
    assert told["talent_municipalities"].names == ("枚方市",)


def test_a_letter_of_the_week_remembers_the_day_and_whom_it_told(
    filled: Engine, secretariat: Principal, now: datetime
) -> None:
    def found(day: date) -> AddressedLetter:
        return reminder_view(
            filled, secretariat, REFERENCE, key=key, as_of=day, today=JUNE, address="http://a"
        )

    def noted(day: date, request_id: str) -> int:
        return note_reminder(
            filled,
            secretariat,
            key=key,
            as_of=day,
            reference=REFERENCE,
            request_id=request_id,
            now=datetime.combine(day, now.timetz()),
        )

    key, later = "talent_unanswered", JUNE + timedelta(7)
    assert "272108" not in found(JUNE).letter.whom  # 枚方市 has answered
    assert (len(found(JUNE).untold), found(JUNE).told) == (42, ())
    assert [noted(JUNE, "a"), noted(JUNE, "a")] == [42, 42]
    with pytest.raises(ConflictError, match=f"{JUNE}に{secretariat.username}が全員に知らせて"):
        noted(JUNE, "b")
    assert found(JUNE).waiting == ()
    assert len(found(JUNE).told) == 42
    assert len(found(later).untold) == 42  # of another day another letter; the first is in sight
    assert found(later).before == found(JUNE).told
    assert noted(later, "c") == 42
    assert len(found(later).before) == 42
    with pytest.raises(InvalidInputError, match="知らせる文がありません"):
        reminder_view(
            filled, secretariat, REFERENCE, key="overdue", as_of=JUNE, today=JUNE, address=""
        )


def test_what_is_said_after_the_day_is_not_shown_on_it(
    filled: Engine, secretariat: Principal
) -> None:
    day = date(2023, 6, 19)  # the wish is of the 20th
    home = home_view(filled, secretariat, REFERENCE, as_of=day, fiscal_year=FiscalYear(2023))
    shown = {each.key: each.value for each in home.office}
    assert shown["talent_plans"] == 0
    assert shown["talent_unanswered"] is None
    for shown_on, plans in ((day, 0), (JUNE, 2)):
        wall = wall_view(filled, secretariat, REFERENCE, set_id=None, as_of=shown_on)
        assert wall.scenes[0].figures[0].figure.value == plans


def test_a_viewer_never_learns_who_asked(filled: Engine, viewer: Principal) -> None:
    key = "consultations_received"
    answer = kpi_view(filled, viewer, REFERENCE, as_of=JUNE)
    assert key in {reading.key for reading in answer.readings}
    narrowed = kpi_view(filled, viewer, REFERENCE, as_of=JUNE, area="泉北")
    assert not [r for r in narrowed.readings if r.indicator.private]
    for found in (
        answer,
        week_view(filled, viewer, REFERENCE, as_of=JUNE),
        figures_view(filled, viewer, REFERENCE, as_of=JUNE),
    ):
        private = [r for r in _readings(found) if r.indicator.private]
        assert private
        assert "堺市" not in repr([(r.parts, r.why) for r in private])
    detail = kpi_detail_view(filled, viewer, REFERENCE, indicator=key, as_of=JUNE, first=JUNE)
    assert [part.lg_code for part in detail.reading.parts] == [None]
    assert "堺市" not in repr(detail)
    assert HIDDEN in detail.reading.parts[0].label
    with pytest.raises(InvalidInputError, match="事務局だけ"):
        kpi_detail_view(
            filled, viewer, REFERENCE, indicator=key, as_of=JUNE, first=JUNE, category="中核市"
        )


def test_unknown_places_and_indicators_are_refused_at_once(
    filled: Engine, secretariat: Principal
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        kpi_view(filled, secretariat, REFERENCE, as_of=JUNE, area="東京", category="特別区")
    assert set(refused.value.problems) == {"area", "category"}
    with pytest.raises(InvalidInputError, match="fax"):
        kpi_detail_view(filled, secretariat, REFERENCE, indicator="fax", as_of=JUNE, first=JUNE)


def test_peers_name_what_is_published_and_nothing_else(
    filled: Engine, officer: Callable[[str], Principal]
) -> None:
    answer = peers_view(filled, officer(SAKAI), REFERENCE, lg_code=SAKAI, as_of=JUNE)
    assert answer.rows[0].municipality.name == "堺市"
    # six share 区分, 地域 or size with it, so six are looked at
    assert [row.municipality.name for row in answer.rows[1:3]] == ["東大阪市", "大阪市"]
    assert len(answer.rows) == 1 + 6
    measures = {each.indicator.key: each for each in answer.measures}
    assert measures["consultations_received"].ours == 1
    assert measures["participation_records"].ours == 1
    assert "枚方" not in repr([(each.ours, each.median) for each in answer.measures])
    beside = peers_view(filled, officer(TOYONAKA), REFERENCE, lg_code=TOYONAKA, as_of=JUNE)
    assert HIRAKATA in [row.municipality.lg_code for row in beside.rows]
    [wishes] = [each for each in beside.measures if each.indicator.key == "talent_plans"]
    assert (wishes.ours, wishes.median, wishes.above_zero) == (0, 0, 1)
    large = peers_view(filled, officer(OSAKA), REFERENCE, lg_code=OSAKA, as_of=JUNE)
    assert [row.municipality.name for row in large.rows] == ["大阪市", "堺市"]  # 政令指定都市 both
    # the median of one is that one's number
    assert {(each.median, each.above_zero) for each in large.measures} == {(None, None)}
    assert {each.ours for each in large.measures} == {0}
    with pytest.raises(PermissionDeniedError):
        peers_view(filled, officer(SAKAI), REFERENCE, lg_code=HIRAKATA, as_of=JUNE)


def test_a_visit_brings_no_words_of_a_consultation(filled: Engine, secretariat: Principal) -> None:
    answer = visit_view(filled, secretariat, REFERENCE, lg_code=SAKAI, as_of=JUNE)
    assert [line.number for line in answer.consultations] == ["R5-001"]
    assert "秘密" not in repr(answer)
    assert "山田" not in repr(answer)


def test_what_was_not_read_is_no_empty_answer(filled: Engine) -> None:
    with reading(filled) as session:
        said = Said(known(session, REFERENCE, [Subject.CONSULTATIONS]), JUNE)
    assert said["consultations_received"].value == 1
    for key in ("talent_plans", "chat_paid", "trainings_held"):
        with pytest.raises((LookupError, AttributeError)):
            said[key]


def test_the_courses_of_a_subject_are_the_histories_of_its_indicators(
    filled: Engine, secretariat: Principal, viewer: Principal
) -> None:
    asked = {"as_of": JUNE, "first": date(2022, 4, 1)}
    found = courses_view(filled, secretariat, REFERENCE, subject=Subject.TALENT, **asked)
    assert [each.reading.key for each in found] == [
        each.key for each in of_subject(REFERENCE, Subject.TALENT)
    ]
    for each in found:
        detail = kpi_detail_view(
            filled, secretariat, REFERENCE, indicator=each.reading.key, **asked
        )
        assert (each.points, each.reading.value) == (detail.points, detail.reading.value)
        assert each.known is any(point.value for point in each.points)
    narrowed = courses_view(
        filled, viewer, REFERENCE, subject=Subject.CONSULTATIONS, area="泉北", **asked
    )
    assert not any(each.reading.indicator.private for each in narrowed)
