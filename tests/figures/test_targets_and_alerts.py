"""Targets and alerts: set, taken back, seen by the next reader, decided by a pure rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from core.access.principal import Principal
from core.boarding.window import Window, WindowChange, WindowEvent
from core.commands.kpi import set_alert, set_target
from core.consultation.theme import Theme
from core.figures.alert import (
    Alert,
    AlertKind,
    AlertRule,
    AlertState,
    Watch,
    current_rules,
    evaluated,
)
from core.figures.known import Known
from core.figures.registry import Said
from core.figures.registry import indicator as indicator_of
from core.figures.target import Target, current_targets, reached
from core.params import Basis, Parameter
from core.store.engine import reading
from core.store.kpi import RULES, TARGETS
from core.subsidy.step import CaseStep
from core.support.wish import WishState
from core.values.errors import ConflictError, InvalidInputError, PermissionDeniedError
from core.values.fiscal import FiscalYear
from core.views.kpi import alerts_view, kpi_settings_view, kpi_view
from tests.subsidy.test_subsidy_money import a_case, event
from tests.support.facts import SAKAI, consultation, facts, wish
from tests.support.reference import REFERENCE

JUNE = date(2023, 6, 30)
MOMENT = datetime(2023, 6, 30, 10, tzinfo=UTC)


def target(value: int | None, day: date = JUNE, key: str = "chat_named", row: int = 1) -> Target:
    return Target(row, key, day, value, "会議で決定", MOMENT, "jimukyoku")


def said(kind: AlertKind, threshold: int, known: Known, *aims: Target) -> Alert:
    rule = AlertRule(1, kind, threshold, MOMENT, "jimukyoku")
    (alert,) = evaluated([rule], Watch(Said(known, JUNE), aims))
    return alert


def test_in_none_counts_and_names() -> None:
    alert = said(AlertKind.IN_NONE, 21, facts())
    assert alert.state is AlertState.RAISED
    assert len(alert.named) == 21
    assert "大阪市" in alert.named
    assert said(AlertKind.IN_NONE, 22, facts()).state is AlertState.QUIET


@pytest.mark.parametrize(
    ("last", "state"),
    [
        (0, AlertState.RAISED),
        (13, AlertState.RAISED),
        (14, AlertState.QUIET),
        (-1, AlertState.QUIET),
    ],
)
def test_a_window_is_about_to_close_while_it_is_open(last: int, state: AlertState) -> None:
    opened = WindowEvent(
        1, "chat", FiscalYear(2024), WindowChange.OPENED, None, date(2023, 6, 1),
        JUNE + timedelta(last), "通知", "", MOMENT, "jimukyoku",
    )  # fmt: skip
    alert = said(AlertKind.WINDOW_CLOSING, 14, facts(windows=(Window(opened),)))
    assert alert.state is state
    assert len(alert.named) == (state is AlertState.RAISED)


def test_a_share_of_an_unknown_budget_is_not_decided() -> None:
    wishes = [wish(1, SAKAI, 6, WishState.WISHED, date(2023, 6, 1), year=2023)]

    def share(amount: int | None, threshold: int) -> AlertState:
        own = Parameter(
            "talent.programme_budget", amount, date(2023, 4, 1), Basis.OFFICIAL, "府予算", "", None
        )
        known = facts(wishes=wishes, parameters=(*REFERENCE.parameters, own))
        return said(AlertKind.BUDGET_SHARE, threshold, known).state

    assert share(None, 90) is AlertState.UNDECIDED
    assert share(660_000, 90) is AlertState.RAISED  # 600,000 of it: 90.9%
    assert share(660_000, 91) is AlertState.QUIET
    assert share(0, 90) is AlertState.UNDECIDED


def test_how_much_of_a_budget_is_granted_is_watched() -> None:
    def share(budget: int | None, threshold: int) -> Alert:
        own = Parameter(
            "talent.programme_budget", budget, date(2023, 4, 1), Basis.OFFICIAL, "府予算", "", None
        )
        case = a_case(
            event(CaseStep.APPLIED, 600_000), event(CaseStep.DECIDED, 540_000), programme="talent"
        )
        known = facts(cases=(case,), parameters=(*REFERENCE.parameters, own))
        return said(AlertKind.GRANTED_SHARE, threshold, known)

    assert share(600_000, 90).state is AlertState.RAISED
    assert "予算の90.0%、残りは60,000円です" in share(600_000, 90).text
    assert share(600_000, 91).state is AlertState.QUIET
    assert share(None, 90).state is AlertState.UNDECIDED
    assert share(0, 90).state is AlertState.UNDECIDED


def test_consultations_that_wait_and_wishes_without_answer() -> None:
    known = facts(consultations=[consultation(1, SAKAI, Theme.SECURITY, date(2023, 6, 25))])
    assert said(AlertKind.WAITING_DAYS, 5, known).named == ("R5-001(5日経過)",)
    assert said(AlertKind.WAITING_DAYS, 6, known).state is AlertState.QUIET
    assert said(AlertKind.UNANSWERED_WISHES, 42, known).state is AlertState.UNDECIDED
    asked = facts(wishes=[wish(1, SAKAI, 6, WishState.WISHED, date(2023, 6, 1), year=2023)])
    assert said(AlertKind.UNANSWERED_WISHES, 42, asked).state is AlertState.RAISED
    assert said(AlertKind.UNANSWERED_WISHES, 43, asked).state is AlertState.QUIET


def test_a_target_is_missed_near_its_day_and_an_unknown_one_is_not_called_missed() -> None:
    near = JUNE + timedelta(30)
    assert said(AlertKind.TARGET_MISSED, 30, facts(), target(23, near)).state is AlertState.RAISED
    assert said(AlertKind.TARGET_MISSED, 29, facts(), target(23, near)).state is AlertState.QUIET
    assert said(AlertKind.TARGET_MISSED, 30, facts(), target(22, near)).state is AlertState.QUIET
    unknown = target(1, near, "econtract_published")
    assert said(AlertKind.TARGET_MISSED, 30, facts(), unknown).state is AlertState.UNDECIDED
    past = target(30, date(2023, 3, 31)), target(22, JUNE)
    assert said(AlertKind.TARGET_MISSED, 30, facts(), *past).state is AlertState.QUIET


def test_less_is_better_turns_a_target_round() -> None:
    assert reached(indicator_of(REFERENCE, "chat_named"), target(22), 22) is True
    assert reached(indicator_of(REFERENCE, "chat_named"), target(23), 22) is False
    assert reached(indicator_of(REFERENCE, "in_none"), target(20, key="in_none"), 21) is False
    assert reached(indicator_of(REFERENCE, "population"), target(47), Fraction(95, 2)) is True
    assert reached(indicator_of(REFERENCE, "chat_named"), target(22), None) is None


@given(
    st.lists(st.tuples(st.sampled_from(["a", "b"]), st.integers(0, 2), st.none() | st.integers()))
)
def test_the_last_word_on_an_indicator_and_day_counts(
    words: list[tuple[str, int, int | None]],
) -> None:
    recorded = [
        target(value, JUNE + timedelta(day), key, row)
        for row, (key, day, value) in enumerate(words, start=1)
    ]
    model: dict[tuple[str, date], int | None] = {}
    for each in recorded:
        model[each.indicator, each.day] = each.value
    found = {(t.indicator, t.day): t.value for t in current_targets(reversed(recorded))}
    assert found == {key: value for key, value in model.items() if value is not None}


def set_one(engine: Engine, who: Principal, **changed: object) -> int:
    arguments = {
        "indicator": "chat_paid", "day": JUNE, "value": 33, "note": "計画", "seen_row": 0,
        "request_id": "t", "now": MOMENT,
    }  # fmt: skip
    return set_target(engine, who, reference=REFERENCE, **{**arguments, **changed})  # type: ignore[arg-type]


def test_a_target_is_set_read_beside_the_number_and_taken_back(
    engine: Engine, secretariat: Principal
) -> None:
    row = set_one(engine, secretariat)
    assert set_one(engine, secretariat) == row  # the same click twice
    found = {r.key: r for r in kpi_view(engine, secretariat, REFERENCE, as_of=JUNE).readings}
    shown = found["chat_paid"].target
    assert shown is not None
    assert (shown.value, shown.day) == (33, JUNE)
    set_one(engine, secretariat, value=None, note="廃止", seen_row=row, request_id="u")
    settings = kpi_settings_view(engine, secretariat)
    assert settings.targets == ()
    with reading(engine) as session:
        assert [each.value for each in TARGETS.all(session)] == [33, None]
    with pytest.raises(ConflictError, match="ありません"):
        set_one(
            engine, secretariat, value=None, request_id="v",
            seen_row=settings.last_rows["chat_paid", JUNE],
        )  # fmt: skip


def test_a_stale_form_and_a_target_without_reason_are_refused(
    engine: Engine, secretariat: Principal
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        set_one(engine, secretariat, note="  ", value=10**16)
    assert set(refused.value.problems) == {"note", "value"}
    with pytest.raises(InvalidInputError):
        set_one(engine, secretariat, indicator="fax")
    for nonsense in (
        {"value": 0},  # reached before anybody does anything
        {"value": -5},
        {"value": 44},  # there are 43
        {"indicator": "late_share", "value": 101},
        {"indicator": "talent_unanswered", "value": -1},
    ):
        with pytest.raises(InvalidInputError) as refused:
            set_one(engine, secretariat, **nonsense)
        assert set(refused.value.problems) == {"value"}
    with pytest.raises(InvalidInputError, match="今日以降"):
        set_one(engine, secretariat, day=JUNE - timedelta(1))
    set_one(engine, secretariat, indicator="talent_unanswered", value=0, request_id="none left")
    set_one(engine, secretariat, indicator="talent_budget_left", value=-5, request_id="owed")
    set_one(engine, secretariat)
    with pytest.raises(ConflictError, match="jimukyokuが設定"):
        set_one(engine, secretariat, value=40, request_id="other")
    with reading(engine) as session:
        assert len(TARGETS.all(session)) == 3


def test_alerts_are_set_changed_stopped_and_seen(
    engine: Engine, secretariat: Principal, viewer: Principal
) -> None:
    def watch(threshold: int | None, seen: int, request: str) -> int:
        return set_alert(
            engine, secretariat, kind=AlertKind.IN_NONE, threshold=threshold, seen_row=seen,
            request_id=request, now=MOMENT,
        )  # fmt: skip

    assert alerts_view(engine, viewer, REFERENCE, as_of=JUNE) == ()
    first = watch(10, 0, "a")
    (alert,) = alerts_view(engine, viewer, REFERENCE, as_of=JUNE)
    assert alert.state is AlertState.RAISED  # an empty ledger names nobody
    with pytest.raises(ConflictError):
        watch(11, 0, "b")
    second = watch(44, first, "c")
    assert alerts_view(engine, viewer, REFERENCE, as_of=JUNE)[0].state is AlertState.QUIET
    watch(None, second, "d")
    assert alerts_view(engine, viewer, REFERENCE, as_of=JUNE) == ()
    with reading(engine) as session:
        assert len(RULES.all(session)) == 3
    with pytest.raises(InvalidInputError, match="1から1,000団体"):
        watch(0, second, "e")


def test_only_the_secretariat_sets(
    engine: Engine, viewer: Principal, officer: Callable[[str], Principal]
) -> None:
    for who in (viewer, officer(SAKAI)):
        with pytest.raises(PermissionDeniedError):
            set_one(engine, who)
    with pytest.raises(PermissionDeniedError):
        kpi_view(engine, officer(SAKAI), REFERENCE, as_of=JUNE)


def test_the_database_itself_refuses_to_change_what_was_set(
    engine: Engine, secretariat: Principal
) -> None:
    set_one(engine, secretariat)
    for statement in ("UPDATE kpi_target SET value = 1", "DELETE FROM kpi_target"):
        with pytest.raises(DBAPIError, match="never changed"), engine.begin() as connection:
            connection.execute(text(statement))


def test_every_kind_has_a_usual_threshold_within_its_limits_and_stopping_wins() -> None:
    for kind in AlertKind:
        lowest, highest = kind.limits
        assert lowest <= kind.usual <= highest
        rule = AlertRule(1, kind, kind.usual, MOMENT, "jimukyoku")
        assert current_rules([rule]) == (rule,)
        assert current_rules([replace(rule, row_id=2, threshold=None), rule]) == ()


def test_a_filter_narrows_what_it_means_anything_for_and_tells_nobody_whose_a_consultation_is(
    engine: Engine, secretariat: Principal, viewer: Principal
) -> None:
    for kind in AlertKind:
        set_alert(
            engine, secretariat, kind=kind, threshold=kind.usual, seen_row=0,
            request_id=kind.value, now=MOMENT,
        )  # fmt: skip

    def told(who: Principal, area: str | None) -> dict[AlertKind, Alert]:
        overview = kpi_view(engine, who, REFERENCE, as_of=JUNE, area=area).alerts
        assert overview == alerts_view(engine, who, REFERENCE, as_of=JUNE, area=area)
        return {alert.rule.kind: alert for alert in overview}

    here = {m.name for m in REFERENCE.municipalities if m.area == "泉北"}
    whole, narrowed = told(secretariat, None), told(secretariat, "泉北")
    assert set(narrowed[AlertKind.IN_NONE].named) == here  # an empty ledger names nobody
    assert len(whole[AlertKind.IN_NONE].named) == 43
    for kind in AlertKind:
        if not kind.filterable:
            assert narrowed[kind] == whole[kind]
    assert set(told(viewer, None)) == set(AlertKind)
    assert set(AlertKind) - set(told(viewer, "泉北")) == {AlertKind.WAITING_DAYS}
