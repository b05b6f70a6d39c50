"""An adviser reaches nothing of another 事業者 nor of a municipality not served, by any way in."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from core.access.principal import CONSOLE, POLICY, PUBLIC, Principal, Role, Scope
from core.commands.accounts import add_account, change_account, set_account_active
from core.commands.calendar_tokens import make_visit_calendar_token, revoke_visit_calendar_token
from core.commands.experts import add_expert
from core.commands.visits import hold_visit, move_visit
from core.consultation.attachment import OfferedFile
from core.consultation.theme import MeetingForm
from core.exports.calendar import vendor_calendar
from core.store.engine import reading, writing
from core.store.support import VISIT_FILES, visits
from core.support.expert import ExpertField, ExpertForm, Offer
from core.support.proposal import ProposedDay
from core.support.visit import CancelledBy, Held, Planned, VisitFile
from core.support.year_plan import DayRule
from core.values.errors import DashboardError, InvalidInputError, PermissionDeniedError
from core.values.fiscal import PartialDate, Precision
from core.views.assignments import (
    assignments_view,
    vendor_calendar_view,
    visit_calendar_tokens_view,
)
from core.views.support import visit_file_view
from tests.access.test_permission import FUNCTIONS, names
from tests.support.pool import a_contract, a_vendor, a_visit, adviser
from tests.support.reference import REFERENCE, where_wanted

SAKAI, HIRAKATA = "271403", "272108"
OURS, THEIRS = "株式会社みほん", "合同会社べつ"
SECRETS = ("合同会社べつ", "別 太郎", "べつの場所", "べつの議題", "べつの内容")
OFFICE = Principal("jimukyoku", "事務局", Role.SECRETARIAT)
NOT_REACHED = "見つかりません"


class Two:
    """Two 事業者 at 堺市, the other one also at 枚方市; each with a held and a planned visit."""

    def __init__(self, engine: Engine, now: datetime) -> None:
        self.engine, self.now, self.today = engine, now, now.date()
        self.ours = self.work(OURS, SAKAI, "山田 花子", "市役所", "棚卸し", "一覧にした。")
        self.theirs = self.work(THEIRS, SAKAI, "別 太郎", "べつの場所", "べつの議題", "べつの内容")
        self.away = self.work(THEIRS, HIRAKATA, "別 太郎", "べつの場所", "べつの議題", "べつの内容")
        self.who = adviser(a_vendor(engine, OURS, now), SAKAI)

    def does(self, command: Callable[..., Any], who: Principal, **given: Any) -> Any:
        asked = where_wanted(command) | {"request_id": str(len(str(given))), "now": self.now}
        taken = inspect.signature(command).parameters
        return command(self.engine, who, **{k: v for k, v in asked.items() if k in taken}, **given)

    def work(
        self, vendor: str, town: str, name: str, place: str, topic: str, done: str
    ) -> dict[str, int]:
        contract = a_contract(self.engine, vendor, town, self.now)
        offer = Offer((ExpertField.DATA,), (1,), 3, (), (), date(2023, 4, 1))
        expert = add_expert(
            self.engine, OFFICE, form=ExpertForm(vendor, name, "", None, offer),
            reference=REFERENCE, request_id=f"{vendor}{town}", now=self.now,
        )  # fmt: skip
        day = self.today + timedelta(days=9)
        held_id = a_visit(self.engine, contract, town, day, self.now)
        planned_id = a_visit(self.engine, contract, town, day, self.now, serial=2, expert_id=expert)
        said = Held(self.today, 60, MeetingForm.ONLINE, "", topic, done, satisfaction=2)
        hold_visit(
            self.engine, OFFICE, lg_code=town, visit_id=held_id, held=said, files=[],
            seen_event=self.last(held_id), request_id=f"h{held_id}", now=self.now,
        )  # fmt: skip
        planned = Planned(PartialDate(day, Precision.DAY), place=place, expert_id=expert)
        move_visit(
            self.engine, OFFICE, lg_code=town, visit_id=planned_id, planned=planned, reason="場所",
            seen_event=self.last(planned_id), request_id=f"m{planned_id}", now=self.now,
        )  # fmt: skip
        with writing(self.engine) as session:
            file = VisitFile(
                0, planned_id, "議事録.txt", "text/plain", 4, "0" * 64, (), self.now, "data"
            )
            file_id = VISIT_FILES.add(session, file, content=b"data")
        return {
            "contract_id": contract, "visit_id": planned_id, "held": held_id, "file_id": file_id,
        }  # fmt: skip

    def last(self, visit: int) -> int:
        with reading(self.engine) as session:
            return next(v.last.event_id for v in visits(session) if v.visit_id == visit)


@pytest.fixture
def two(engine: Engine, now: datetime) -> Two:
    return Two(engine, now)


def own_functions() -> list[Callable[..., Any]]:
    """What an adviser may do and others may not: of the own municipalities, or of nobody's."""
    return [f for f in FUNCTIONS if POLICY[f.action].get(Role.ADVISER) is Scope.OWN]


def arguments(function: Callable[..., Any], two: Two, of: dict[str, int]) -> dict[str, Any]:
    """Whatever a function asks for, about one contract."""
    day = two.today + timedelta(days=12)
    known: dict[str, Any] = {
        "lg_code": SAKAI,
        "contract_id": of["contract_id"],
        "visit_id": of["visit_id"],
        "file_id": of["file_id"],
        "plan": 1,
        "plans": (1,),
        "planned": Planned(PartialDate(day, Precision.DAY)),
        "usual": Planned(PartialDate(day, Precision.DAY)),
        "first_month": day,
        "rule": DayRule(),
        "held": Held(two.today, 60, MeetingForm.ONLINE, "", "議題", "内容"),
        "files": [OfferedFile("メモ.txt", "メモ".encode())],
        "reason": "都合",
        "cancelled_by": CancelledBy.VENDOR,
        "chosen": ProposedDay(day),
        "label": "予定表",
        "token_id": "x",
        "seen_event": 0,
        "today": two.today,
        "now": two.now,
        "request_id": "r",
    }
    taken = list(inspect.signature(function).parameters)[2:]
    return where_wanted(function) | {name: known[name] for name in taken if name != "reference"}


def test_every_function_about_a_contract_or_visit_knows_none_of_another_vendor(two: Two) -> None:
    about = [
        f
        for f in own_functions()
        if {"contract_id", "visit_id", "file_id"} & set(inspect.signature(f).parameters)
    ]
    assert len(about) >= 8
    for function in about:
        with pytest.raises(InvalidInputError, match=NOT_REACHED):
            function(two.engine, two.who, **arguments(function, two, two.theirs))
        elsewhere = arguments(function, two, two.away) | {"lg_code": HIRAKATA}
        with pytest.raises(PermissionDeniedError, match="契約のない団体"):
            function(two.engine, two.who, **elsewhere)
        with pytest.raises(InvalidInputError, match=NOT_REACHED):
            function(two.engine, two.who, **arguments(function, two, two.away))


def test_no_view_an_adviser_may_ask_tells_of_another_vendor_an_amount_or_a_rating(
    two: Two,
) -> None:
    views = [f for f in own_functions() if f.__module__.startswith("core.views")]
    assert {f.__name__ for f in views} == {
        "assignments_view", "own_experts_view", "visit_calendar_tokens_view",
    }  # fmt: skip
    for function in views:
        told = repr(function(two.engine, two.who, **arguments(function, two, two.ours)))
        assert [secret for secret in SECRETS if secret in told] == [], function.__name__
        assert "1200000" not in told.replace("_", "").replace(",", "")
        assert "satisfaction=2" not in told, function.__name__


def test_what_is_own_is_there(two: Two) -> None:
    found = assignments_view(two.engine, two.who, REFERENCE, today=two.today)
    assert {(v.visit_id, v.lg_code) for v in found.visits} == {
        (two.ours["visit_id"], SAKAI), (two.ours["held"], SAKAI),
    }  # fmt: skip
    (held,) = [v.held for v in found.visits if v.held]
    assert (held.topic, held.satisfaction) == ("棚卸し", None)
    (plan,) = found.plans
    assert (plan.agreed, plan.held, plan.planned, plan.unplanned) == (12, 1, 1, 10)


def test_everything_else_is_refused_to_an_adviser(two: Two) -> None:
    for_nobody = [f for f in FUNCTIONS if Role.ADVISER not in POLICY[f.action]]
    reached = []
    for function in for_nobody:
        try:
            function(two.engine, two.who, **dict.fromkeys(_named(function), SAKAI))
        except PermissionDeniedError:
            continue
        except (DashboardError, TypeError):
            pass
        reached.append(function)
    assert names(reached) == []


def _named(function: Callable[..., Any]) -> list[str]:
    """Its arguments, so that it can be called; the guard stands before any of them is looked at."""
    return list(inspect.signature(function).parameters)[2:]


def test_no_file_of_a_visit_is_handed_to_an_adviser(two: Two) -> None:
    for each in (two.ours, two.theirs):
        with pytest.raises(PermissionDeniedError):
            visit_file_view(two.engine, two.who, lg_code=SAKAI, file_id=each["file_id"])


# ── the calendar ──────────────────────────────────────────────────────────────────────────────


def an_address(two: Two, username: str = "kaisha") -> str:
    add_account(
        two.engine, CONSOLE, username=username, display_name="担当", role=Role.ADVISER,
        lg_code=None, vendor=OURS, known_codes=frozenset(), now=two.now,
    )  # fmt: skip
    who = replace(two.who, username=username)
    return make_visit_calendar_token(two.engine, who, label="予定表", now=two.now)


def shown(two: Two, token: str) -> str | None:
    found = vendor_calendar_view(two.engine, PUBLIC, REFERENCE, token=token, today=two.today)
    if found is None:
        return None
    file = vendor_calendar(
        found.visits, found.vendor, "https://noriai.example/support", town=REFERENCE.called,
        made_up=True,
    )  # fmt: skip
    return file.body.decode().replace("\r\n ", "")


def test_a_vendors_calendar_holds_its_visits_and_nothing_that_was_said(two: Two) -> None:
    told = shown(two, an_address(two))
    assert told is not None
    assert told.count("BEGIN:VEVENT") == 2
    assert "堺市 プラン1 第2回" in told
    assert "担当: 山田 花子" in told
    assert "見本データ" in told
    hidden = (*SECRETS, "枚方", "棚卸し", "一覧にした", "1200000", "満足")
    assert [each for each in hidden if each in told] == []


def test_an_address_ends_with_what_it_stands_on(two: Two) -> None:
    token = an_address(two)
    assert shown(two, "guessed") is None
    set_account_active(two.engine, CONSOLE, username="kaisha", active=False, now=two.now)
    assert shown(two, token) is None
    set_account_active(two.engine, CONSOLE, username="kaisha", active=True, now=two.now)
    assert shown(two, token) is not None
    change_account(
        two.engine, CONSOLE, username="kaisha", display_name="担当", role=Role.ADVISER,
        officer_of=None, vendor=THEIRS, known_codes=frozenset(), now=two.now,
    )  # fmt: skip
    assert shown(two, token) is None


def test_an_address_is_revoked_by_its_own_vendor_only(two: Two) -> None:
    token = an_address(two)
    (known,) = visit_calendar_tokens_view(two.engine, two.who)
    other = adviser(a_vendor(two.engine, THEIRS, two.now), SAKAI, HIRAKATA)
    assert visit_calendar_tokens_view(two.engine, other) == ()
    with pytest.raises(InvalidInputError, match=NOT_REACHED):
        revoke_visit_calendar_token(two.engine, other, token_id=known.token_id, now=two.now)
    assert shown(two, token) is not None
    revoke_visit_calendar_token(two.engine, two.who, token_id=known.token_id, now=two.now)
    assert shown(two, token) is None
