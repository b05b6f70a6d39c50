"""The pool, proposals and outcomes through commands and views, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import Engine

from core.access.principal import Principal, Role
from core.commands.experts import add_expert, assign_expert, change_expert, let_expert_go
from core.commands.outcomes import decide_outcome_consent, publish_outcome, unpublish_outcome
from core.commands.proposals import (
    accept_proposal,
    decline_proposal,
    propose_days,
    withdraw_proposal,
)
from core.commands.purge import delete_former_experts
from core.commands.visits import amend_visit, cancel_visit, hold_visit, move_visit, rate_visit
from core.consultation.theme import MeetingForm
from core.store.engine import reading
from core.store.experts import experts
from core.store.support import visits
from core.support.expert import ExpertField, ExpertForm, Offer
from core.support.load import Demand
from core.support.outcome import OutcomeKey, OutcomeText
from core.support.proposal import ProposedDay
from core.support.visit import CancelledBy, Held, Planned, Visit, VisitState
from core.values.errors import ConflictError, InvalidInputError
from core.values.fiscal import FiscalYear, PartialDate, Precision
from core.views.outcomes import SUPPORT, outcome_desk_view, outcomes_view, own_outcomes_view
from core.views.pool import Promise, own_experts_view, pool_view
from tests.support.pool import a_contract, a_vendor, a_visit, adviser
from tests.support.reference import REFERENCE

SAKAI, HIRAKATA = "271403", "272108"
FIRM, OTHER = "株式会社みほん", "合同会社べつ"
OFFICE = Principal("jimukyoku", "事務局", Role.SECRETARIAT)
OFFICER = Principal("tanto", "担当", Role.OFFICER, SAKAI)
STAGES = (Demand.CONTRACTED, Demand.APPROVED, Demand.WISHED)
FORM = ExpertForm(
    FIRM,
    "山田 花子",
    "市で5年",
    5,
    Offer((ExpertField.DATA,), (1,), 2, (), (), date(2023, 4, 1)),
)


class Pool:
    """A contract of 堺市 with two visits to come, and somebody who could make them."""

    def __init__(self, engine: Engine, now: datetime) -> None:
        self.engine, self.now, self._count = engine, now, 0
        self.today = now.date()
        self.contract = a_contract(engine, FIRM, SAKAI, now)
        self.days = (self.today + timedelta(days=20), self.today + timedelta(days=50))
        self.first, self.second = (
            a_visit(engine, self.contract, SAKAI, day, now, serial=n)
            for n, day in enumerate(self.days, 1)
        )
        self.expert = self.add(FORM)

    def does(self, command: object, who: Principal, **given: object) -> object:
        self._count += 1
        return command(  # type: ignore[operator]
            self.engine, who, **{"request_id": f"r{self._count}", "now": self.now, **given}
        )

    def add(self, form: ExpertForm) -> int:
        return int(str(self.does(add_expert, OFFICE, form=form, reference=REFERENCE)))

    def visit(self, number: int) -> Visit:
        with reading(self.engine) as session:
            return next(each for each in visits(session) if each.visit_id == number)

    @property
    def last(self) -> int:
        with reading(self.engine) as session:
            return max(each.last.event_id for each in visits(session, contract_ids=[self.contract]))

    def assign(self, who: int | None, *numbers: int, **changes: object) -> object:
        given = {
            "lg_code": SAKAI, "contract_id": self.contract, "visit_ids": numbers,
            "expert_id": who, "seen_event": self.last,
        }  # fmt: skip
        return self.does(assign_expert, OFFICE, **(given | changes))

    def propose(self, *days: ProposedDay, seen: int = 0, visit: int = 0) -> None:
        self.does(
            propose_days, OFFICER, lg_code=SAKAI, visit_id=visit or self.first, days=days,
            note="", seen_event=seen,
        )  # fmt: skip

    def hold(self, visit: int) -> None:
        self.does(
            hold_visit, OFFICER, lg_code=SAKAI, visit_id=visit, held=held(self.today), files=[],
            seen_event=self.visit(visit).last.event_id,
        )  # fmt: skip

    def load(self, promise: Promise | None = None):
        return pool_view(
            self.engine, OFFICE, REFERENCE, fiscal_year=FiscalYear.of(self.today), counted=STAGES,
            promise=promise, today=self.today,
        )  # fmt: skip

    def own(self, who: Principal = OFFICER):
        return own_experts_view(self.engine, who, lg_code=SAKAI, today=self.today)


def held(day: date, **changes: object) -> Held:
    return replace(
        Held(day, 60, MeetingForm.ONLINE, "", "棚卸し", "一覧にした。"),
        **changes,  # type: ignore[arg-type]
    )


@pytest.fixture
def pool(engine: Engine, now: datetime) -> Pool:
    return Pool(engine, now)


# ── experts and who comes ─────────────────────────────────────────────────────────────────────


def test_one_step_assigns_several_visits_and_the_municipality_sees_who_comes(pool: Pool) -> None:
    assert pool.own().experts == ()
    assert pool.assign(pool.expert, pool.first, pool.second) == 2
    (who,) = pool.own().experts
    assert (who.name, who.experience) == ("山田 花子", "行政経験5年。市で5年")
    assert [each.expert.name for each in pool.own().contracts[0].visits] == ["山田 花子"] * 2
    assert pool.load().assigned == {pool.expert: 2}
    with pytest.raises(ConflictError, match="変更がありません"):
        pool.assign(pool.expert, pool.first)
    assert pool.assign(None, pool.first) == 1
    assert [each.nobody for each in pool.load().to_assign] == [1]


def test_who_is_of_another_vendor_or_does_not_serve_the_plan_is_not_assigned(
    pool: Pool, engine: Engine, now: datetime
) -> None:
    other = pool.add(replace(FORM, vendor=OTHER))
    elsewhere = pool.add(replace(FORM, offer=replace(FORM.offer, plans=(2,))))
    ends = replace(FORM.offer, ends=pool.today)
    gone = pool.add(replace(FORM, offer=ends))
    for who, words in (
        (other, FIRM),
        (elsewhere, "担当できません"),
        (gone, "担当できません"),
        (10**9, "見つかりません"),
    ):
        with pytest.raises(InvalidInputError, match=words):
            pool.assign(who, pool.first)
    theirs = a_contract(engine, OTHER, HIRAKATA, now)
    foreign = a_visit(engine, theirs, HIRAKATA, pool.days[0], now)
    for numbers in ((), (foreign,), (pool.first, foreign), (10**9,)):
        with pytest.raises(InvalidInputError, match="この契約の支援回"):
            pool.assign(pool.expert, *numbers)
    assert pool.visit(pool.first).planned.expert_id is None


def test_nobody_plans_or_holds_a_visit_with_somebody_of_another_vendor(pool: Pool) -> None:
    other = pool.add(replace(FORM, vendor=OTHER))
    planned = Planned(PartialDate(pool.days[1], Precision.DAY), expert_id=other)
    seen = pool.visit(pool.first).last.event_id
    at = {"lg_code": SAKAI, "visit_id": pool.first, "seen_event": seen}
    for who in (other, 10**18, -1):
        with pytest.raises(InvalidInputError, match="この契約の事業者"):
            pool.does(
                move_visit, OFFICER, **at, planned=replace(planned, expert_id=who), reason="都合"
            )
        with pytest.raises(InvalidInputError, match="この契約の事業者"):
            pool.does(hold_visit, OFFICER, **at, held=held(pool.today, expert_id=who), files=[])


def test_a_change_and_a_leave_are_said_once_and_a_stale_form_is_refused(pool: Pool) -> None:
    pool.assign(pool.expert, pool.first, pool.second)
    said = {"expert_id": pool.expert, "reason": "都合", "seen_event": 1}
    with pytest.raises(ConflictError, match="変更がありません"):
        pool.does(change_expert, OFFICE, **said, form=FORM, reference=REFERENCE)
    more = replace(FORM, name="山田 華子")
    pool.does(change_expert, OFFICE, **said, form=more, reference=REFERENCE)
    with pytest.raises(ConflictError, match="画面を更新"):
        pool.does(change_expert, OFFICE, **said, form=FORM, reference=REFERENCE)
    left = said | {"last_day": pool.days[0], "seen_event": 2}
    assert pool.does(let_expert_go, OFFICE, **left) == 1  # the later visit is to be assigned anew
    with pytest.raises(ConflictError, match="もう一度追加"):
        pool.does(let_expert_go, OFFICE, **(left | {"seen_event": 3}))


def test_the_name_goes_after_the_period_and_the_visits_stay(pool: Pool, now: datetime) -> None:
    pool.assign(pool.expert, pool.first)
    last = pool.days[0]
    pool.does(
        let_expert_go, OFFICE, expert_id=pool.expert, last_day=last, reason="異動", seen_event=1
    )
    later = now + timedelta(days=4000)
    assert delete_former_experts(pool.engine, OFFICE, now=now) == 0
    assert delete_former_experts(pool.engine, OFFICE, now=later) == 1
    assert delete_former_experts(pool.engine, OFFICE, now=later) == 0
    with reading(pool.engine) as session:
        (kept,) = experts(session)
    assert kept.person is None
    assert kept.name == f"専門人材{pool.expert}(氏名は削除済み)"
    assert pool.own().experts[0].name == kept.name


# ── load and gaps ─────────────────────────────────────────────────────────────────────────────


def test_the_load_counts_planned_and_open_visits_and_a_promise_before_it_is_made(
    pool: Pool,
) -> None:
    found = pool.load()
    (plan,) = [each for each in found.load.plans if each.plan == 1]
    assert plan.visits == {Demand.CONTRACTED: 12}  # two planned, ten spread over the months left
    assert plan.experts == (pool.expert,)
    assert found.load.unmet == 0  # two days in each of the six months
    thought = pool.load(Promise(1, 1, 12))
    assert thought.without.unmet == 0
    assert thought.load.unmet == 12
    nobody = pool.load(Promise(7, 2, 3))
    (seven,) = [each for each in nobody.load.plans if each.plan == 7]
    assert (seven.nobody, seven.unmet) == (True, 6)


# ── days proposed ─────────────────────────────────────────────────────────────────────────────


def test_an_accepted_day_moves_the_visit_and_answers_the_proposal(pool: Pool) -> None:
    vendor = a_vendor(pool.engine, FIRM, pool.now)
    pool.assign(pool.expert, pool.first)
    days = [ProposedDay(pool.today + timedelta(days=n), time(14)) for n in (30, 10)]
    pool.propose(*days)
    (coming, _) = pool.own().contracts[0].visits
    assert coming.proposal.days == tuple(sorted(days, key=lambda each: each.day))
    answer = {"lg_code": SAKAI, "visit_id": pool.first, "seen_event": coming.seen_proposal}
    with pytest.raises(InvalidInputError, match="提案された日の中から"):
        pool.does(accept_proposal, OFFICE, **answer, chosen=replace(days[0], start=None))
    pool.does(accept_proposal, adviser(vendor, SAKAI), **answer, chosen=days[1])
    visit = pool.visit(pool.first)
    assert (visit.when.first, visit.planned.start) == (days[1].day, time(14))
    assert visit.planned.expert_id == pool.expert
    with pytest.raises(ConflictError, match="画面を更新"):
        pool.does(accept_proposal, OFFICE, **answer, chosen=days[0])
    again = answer | {"seen_event": coming.seen_proposal + 1}
    with pytest.raises(ConflictError, match="「決定」と記録"):
        pool.does(decline_proposal, OFFICE, **again, reason="遅い")


@pytest.mark.parametrize(
    ("offsets", "words"),
    [
        ((), "1つ以上"),
        ((1, 2, 3, 4), "3つまで"),
        ((-1,), "過ぎています"),
        ((400,), "契約期間"),
        ((1, 1), "同じ日が2回"),
    ],
)
def test_days_that_cannot_be_are_refused(pool: Pool, offsets: tuple[int, ...], words: str) -> None:
    days = [
        ProposedDay(pool.today + timedelta(days=n), time(9 + place))
        for place, n in enumerate(offsets)
    ]
    with pytest.raises(InvalidInputError, match=words):
        pool.propose(*days)


def test_a_proposal_is_withdrawn_declined_and_made_anew(pool: Pool) -> None:
    day = ProposedDay(pool.today + timedelta(days=9))
    at = {"lg_code": SAKAI, "visit_id": pool.first}
    with pytest.raises(ConflictError, match="まだ日程の提案がありません"):
        pool.does(withdraw_proposal, OFFICER, **at, seen_event=0)
    pool.propose(day)
    pool.does(withdraw_proposal, OFFICER, **at, seen_event=1)
    pool.propose(day, seen=2)
    pool.does(decline_proposal, OFFICE, **at, reason="先約", seen_event=3)
    (coming, _) = pool.own().contracts[0].visits
    assert (coming.proposal, coming.answered.note) == (None, "先約")
    pool.propose(day, seen=4)
    pool.hold(pool.second)
    with pytest.raises(ConflictError, match="「実施済」です"):
        pool.propose(day, visit=pool.second)


# ── an adviser's word ─────────────────────────────────────────────────────────────────────────


def test_an_adviser_records_what_was_done_and_never_touches_the_satisfaction(pool: Pool) -> None:
    who = adviser(a_vendor(pool.engine, FIRM, pool.now), SAKAI)
    at = {"lg_code": SAKAI, "visit_id": pool.first}
    said = held(pool.today, satisfaction=5)
    pool.does(
        hold_visit, who, **at, held=said, files=[], seen_event=pool.visit(pool.first).last.event_id
    )
    visit = pool.visit(pool.first)
    assert (visit.state, visit.held.satisfaction) == (VisitState.HELD, None)
    pool.does(rate_visit, OFFICER, **at, satisfaction=2, seen_event=visit.last.event_id)
    better = held(pool.today, topic="棚卸しの続き", satisfaction=5)
    seen = pool.visit(pool.first).last.event_id
    pool.does(amend_visit, who, **at, held=better, reason="書き足し", seen_event=seen)
    visit = pool.visit(pool.first)
    assert (visit.held.topic, visit.held.satisfaction) == ("棚卸しの続き", 2)
    with pytest.raises(ConflictError, match="団体か事務局が行います"):
        pool.does(
            cancel_visit, who, **at, cancelled_by=CancelledBy.VENDOR, reason="誤り",
            seen_event=visit.last.event_id,
        )  # fmt: skip


# ── outcomes ──────────────────────────────────────────────────────────────────────────────────

TEXT = OutcomeText("棚卸しの進め方", "業務を一覧にした。", "優先順位が決まった。")


def test_an_outcome_is_found_only_while_the_municipality_agrees(pool: Pool) -> None:
    key = OutcomeKey(pool.contract, 1)
    at = {"lg_code": SAKAI, "key": key}

    def found(words: str = "", kind: str = "") -> list[str]:
        cases = outcomes_view(pool.engine, OFFICER, REFERENCE, words=words, kind=kind)
        return [case.title for case in cases]

    def publish(seen: int, text: OutcomeText = TEXT) -> None:
        pool.does(publish_outcome, OFFICE, **at, text=text, seen_event=seen, reference=REFERENCE)

    with pytest.raises(ConflictError, match="まだ実施されていません"):
        pool.does(decide_outcome_consent, OFFICER, **at, agreed=True)
    pool.hold(pool.first)
    with pytest.raises(ConflictError, match="同意がまだありません"):
        publish(0)
    assert [each.key for each in own_outcomes_view(pool.engine, OFFICER, lg_code=SAKAI)] == [
        key, OutcomeKey(pool.contract, 1, pool.first),
    ]  # fmt: skip
    assert outcome_desk_view(pool.engine, OFFICE) == ()
    pool.does(decide_outcome_consent, OFFICER, **at, agreed=True)
    assert [each.key for each in outcome_desk_view(pool.engine, OFFICE)] == [key]
    for text in ("堺市で", "さかいし", "株式会社 みほん", "山田花子さん", "ﾐﾎﾝ、株式会社みほんと"):
        with pytest.raises(InvalidInputError, match="分かる語を除いて"):
            publish(1, replace(TEXT, result=text))
    publish(1)
    assert found() == found("優先順位 棚卸し") == found(kind=SUPPORT) == ["棚卸しの進め方"]
    assert found("無線LAN") == []
    (case,) = outcomes_view(pool.engine, OFFICE, REFERENCE, words="", kind="")
    assert not {"堺市", FIRM, "山田 花子"} & set(str(case).replace("'", " ").split())
    pool.does(unpublish_outcome, OFFICE, **at)
    assert found() == []
    publish(3)
    pool.does(decide_outcome_consent, OFFICER, **at, agreed=False)
    assert found() == []
    with pytest.raises(ConflictError, match="同意しない"):
        publish(5)


def test_an_outcome_of_another_contract_plan_or_visit_is_as_unknown_as_none(
    pool: Pool, engine: Engine, now: datetime
) -> None:
    theirs = a_contract(engine, OTHER, HIRAKATA, now)
    visit = a_visit(engine, theirs, HIRAKATA, pool.days[0], now)
    for key in (
        OutcomeKey(theirs, 1),
        OutcomeKey(pool.contract, 2),
        OutcomeKey(pool.contract, 1, visit),
        OutcomeKey(10**18, 1),
    ):
        with pytest.raises(InvalidInputError, match="見つかりません"):
            pool.does(decide_outcome_consent, OFFICER, lg_code=SAKAI, key=key, agreed=True)
