"""What is answered goes on without retyping, and what was corrected since says so on both sides."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from core.access.principal import CONSOLE, Principal, Role
from core.commands import flow, inquiries, responses
from core.commands.initial_data import fill_initial_data
from core.commands.ledger import record_participation
from core.commands.wishes import advance_wish
from core.figures.registry import indicators
from core.inquiry.composition import Audience, AudienceKind, Composition
from core.inquiry.flow import Dropped, FlowState, FlowTarget
from core.inquiry.question import Question
from core.procurement.event import EventKind
from core.procurement.recording import Entry
from core.store.catalogue import kept_catalogue
from core.store.engine import reading
from core.store.ledger import events_of
from core.store.wishes import wish_events
from core.support.wish import WishEvent, WishState, current_wishes
from core.values.errors import ConflictError, InvalidInputError
from core.values.fiscal import JAPAN, FiscalYear, parse_date
from core.views.inquiries import flow_view, flowed_view, our_flows_view, our_inquiries_view
from tests.support.reference import REFERENCE, where_wanted

OFFICE = Principal("jimukyoku", "事務局", Role.SECRETARIAT)
SAKAI, HIRAKATA, TOYONAKA = "271403", "272108", "272035"
NOW = datetime(2026, 11, 26, 10, 0, tzinfo=JAPAN)
QUESTIONS = (
    Question("plans", "plan_wishes", "プラン", fiscal_year=2023, flows=True, not_applicable=True),
    Question("join", "join_intention", "参加", programmes=("docs", "econtract"), flows=True),
    Question("ready", "yes_no", "準備はできていますか"),
)


class Asked:
    """An inquiry of three questions, two of which go on, to three municipalities."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.now, self.count = engine, NOW, 0
        fill_initial_data(engine, CONSOLE, reference=REFERENCE, now=NOW)
        composition = Composition(
            "次年度の希望",
            2026,
            NOW,
            NOW + timedelta(days=5),
            Audience(AudienceKind.LIST, codes=(SAKAI, HIRAKATA, TOYONAKA)),
            questions=QUESTIONS,
        )
        self.number = self.does(
            inquiries.compose_inquiry,
            OFFICE,
            inquiry_id=0,
            composition=composition,
            seen_version=0,
        )
        self.does(inquiries.publish_inquiry, OFFICE, inquiry_id=self.number, seen_version=1)

    def does(self, command: Any, who: Principal, **arguments: Any) -> Any:
        self.count += 1
        wanted = where_wanted(command)
        if "clock" in wanted:
            wanted["clock"] = lambda _: self.now
        given = {"request_id": f"r{self.count}", "now": self.now} | wanted | arguments
        return command(self.engine, who, **given)

    def answers(self, code: str, plans: list[tuple[int, int]], join: str = "not") -> None:
        seen = max((e.last.event_id for e in self.said(code) if e.last), default=0)
        typed = {
            "plans": [{"plan": p, "visits": v, "state": "wished"} for p, v in plans]
            or {"not_applicable": True},
            "join": {
                "docs": {"intention": join, "when": "令和9年4月" if join == "join" else ""},
                "econtract": {"intention": "undecided"},
            },
            "ready": "yes",
        }
        officer = Principal(f"tanto-{code}", "担当", Role.OFFICER, code)
        self.does(
            responses.hand_in,
            officer,
            lg_code=code,
            inquiry_id=self.number,
            typed=typed,
            seen_revision=0,
            seen_event=seen,
        )

    def wishes(self, code: str) -> list[WishEvent]:
        """What was said last of each plan, by plan."""
        with reading(self.engine) as session:
            return sorted(current_wishes(wish_events(session, code)).values(), key=lambda w: w.plan)

    def advances(self, wish: WishEvent, *states: WishState) -> None:
        for state in states:
            (last,) = [each for each in self.wishes(wish.lg_code) if each.plan == wish.plan]
            self.does(
                advance_wish,
                OFFICE,
                lg_code=wish.lg_code,
                fiscal_year=int(wish.fiscal_year),
                plan=wish.plan,
                state=state,
                reason="",
                seen_event=last.event_id,
            )

    def dropped(self) -> dict[tuple[str, int], Dropped]:
        found = flow_view(self.engine, OFFICE, REFERENCE, inquiry_id=self.number)
        (plans,) = [each for each in found.questions if each.question.key == "plans"]
        return {(each.wish.lg_code, each.wish.plan): each for each in plans.dropped}

    def withdraws(self, *wishes: int) -> Any:
        given = {"inquiry_id": self.number, "question": "plans", "wishes": wishes}
        return self.does(flow.withdraw_dropped, OFFICE, **given)

    def in_ledger(self, code: str, kind: EventKind) -> None:
        target = parse_date("令和9年4月") if kind is EventKind.PLANNED else None
        entry = Entry(code, "docs", kind, parse_date("令和8年4月"), "通知", target=target)
        self.does(record_participation, OFFICE, entry=entry, seen_event=0)

    def said(self, code: str) -> list[Any]:
        officer = Principal(f"tanto-{code}", "担当", Role.OFFICER, code)
        found = our_inquiries_view(self.engine, officer, lg_code=code, now=self.now)
        return [each.response for each in found]

    def lines(self, question: str) -> dict[str, Any]:
        found = flow_view(self.engine, OFFICE, REFERENCE, inquiry_id=self.number)
        (one,) = [each for each in found.questions if each.question.key == question]
        return {each.lg_code: each for each in one.lines}

    def flows(self, question: str, *codes: str) -> Any:
        lines = self.lines(question)
        seen = {code: lines[code].said.event_id for code in codes}
        return self.does(
            flow.flow_answers, OFFICE, inquiry_id=self.number, question=question, seen=seen
        )


@pytest.fixture
def asked(engine: Engine) -> Asked:
    return Asked(engine)


def test_wishes_go_on_with_the_amounts_of_one_estimate(asked: Asked) -> None:
    asked.answers(SAKAI, [(6, 12), (4, 11)])
    asked.answers(HIRAKATA, [])
    states = {code: line.state for code, line in asked.lines("plans").items()}
    assert states == {
        SAKAI: FlowState.WAITING,
        HIRAKATA: FlowState.NOTHING,
        TOYONAKA: FlowState.NOTHING,
    }
    assert asked.flows("plans", SAKAI) == 2
    with reading(asked.engine) as session:
        wishes = wish_events(session, SAKAI)
    assert [(w.plan, w.visits, w.gross, w.subsidy, w.state) for w in wishes] == [
        (4, 11, 1_100_000, 550_000, WishState.WISHED),
        (6, 12, 1_200_000, 600_000, WishState.WISHED),
    ]
    assert asked.lines("plans")[SAKAI].state is FlowState.DONE
    with pytest.raises(ConflictError, match="反映済みです"):
        asked.flows("plans", SAKAI)


def test_a_correction_says_so_on_both_sides_and_goes_on_again(asked: Asked) -> None:
    asked.answers(SAKAI, [(6, 12)])
    asked.flows("plans", SAKAI)
    officer = Principal(f"tanto-{SAKAI}", "担当", Role.OFFICER, SAKAI)
    (flowed,) = our_flows_view(asked.engine, officer, lg_code=SAKAI)
    assert (flowed.target, flowed.corrected) == (FlowTarget.WISHES, False)
    asked.answers(SAKAI, [(6, 9)])
    assert asked.lines("plans")[SAKAI].state is FlowState.CORRECTED
    (flowed,) = flowed_view(asked.engine, OFFICE)
    assert flowed.corrected
    assert asked.flows("plans", SAKAI) == 1
    with reading(asked.engine) as session:
        assert [each.visits for each in wish_events(session, SAKAI)] == [12, 9]
    assert asked.lines("plans")[SAKAI].state is FlowState.DONE


def test_plans_taken_out_of_an_answer_are_withdrawn_with_the_round_as_reason(asked: Asked) -> None:
    asked.answers(SAKAI, [(6, 12), (4, 11), (1, 12)])
    asked.answers(HIRAKATA, [(6, 12)])
    asked.flows("plans", SAKAI, HIRAKATA)
    assert asked.dropped() == {}
    asked.now += timedelta(hours=1)
    asked.answers(SAKAI, [(6, 12)])
    asked.answers(HIRAKATA, [])  # 該当なし
    asked.flows("plans", SAKAI)  # reflected again first: what was taken out is still offered
    found = asked.dropped()
    assert list(found) == [(SAKAI, 1), (SAKAI, 4), (HIRAKATA, 6)]
    assert {each.why_not for each in found.values()} == {""}
    assert asked.withdraws(*(each.wish.event_id for each in found.values())) == 3
    assert [(w.plan, w.state, w.visits) for w in asked.wishes(SAKAI)] == [
        (1, WishState.WITHDRAWN, 12),
        (4, WishState.WITHDRAWN, 11),
        (6, WishState.WISHED, 12),
    ]
    (gone,) = asked.wishes(HIRAKATA)
    assert gone.reason == (
        "R8-照会001「次年度の希望」への回答(2026-11-26提出)でプランの希望がなくなったため"
    )
    assert asked.dropped() == {}


def test_a_wish_that_went_further_since_or_is_under_contract_is_not_withdrawn(
    asked: Asked,
) -> None:
    asked.answers(SAKAI, [(6, 12), (4, 11), (1, 12)])
    asked.flows("plans", SAKAI)
    ends, later, free = (each for each in asked.wishes(SAKAI))
    further = (WishState.BUDGET_REQUESTED, WishState.APPROVED, WishState.CONTRACTED)
    asked.advances(ends, *further)
    asked.now += timedelta(hours=1)
    asked.answers(SAKAI, [(2, 3)])
    asked.now += timedelta(hours=1)
    asked.advances(later, WishState.BUDGET_REQUESTED)
    found = asked.dropped()
    why = {plan: each.why_not for (_, plan), each in found.items()}
    assert "「契約」は辞退にできません" in why[1]
    assert "回答の後、2026-11-26に「予算要求」と記録されています" in why[4]
    assert why[6] == ""
    before = asked.wishes(SAKAI)
    numbers = {each.wish.plan: each.wish.event_id for each in found.values()}
    for plan, said in ((1, "契約"), (4, "予算要求")):
        with pytest.raises(ConflictError, match=f"堺市 プラン{plan}: .*{said}"):
            asked.withdraws(numbers[6], numbers[plan])
    with pytest.raises(ConflictError, match="回答か希望が変わりました"):
        asked.withdraws(numbers[6], later.event_id)  # as it stood before it went further
    assert asked.wishes(SAKAI) == before
    assert asked.withdraws(numbers[6]) == 1
    assert free.plan == 6


def test_a_plan_that_is_back_or_an_answer_that_was_sent_back_withdraws_nothing(
    asked: Asked,
) -> None:
    asked.answers(SAKAI, [(6, 12), (4, 11)])
    asked.flows("plans", SAKAI)
    asked.now += timedelta(hours=1)
    asked.answers(SAKAI, [(6, 12)])
    (found,) = asked.dropped().values()
    seen = found.said.event_id
    given = {"lg_code": SAKAI, "inquiry_id": asked.number, "reason": "確かめてください"}
    asked.does(responses.return_answer, OFFICE, **given, seen_event=seen)
    assert asked.dropped() == {}
    with pytest.raises(ConflictError, match="堺市 プラン4: 回答か希望が変わりました"):
        asked.withdraws(found.wish.event_id)
    asked.answers(SAKAI, [(6, 12), (4, 11)])
    assert asked.dropped() == {}
    with pytest.raises(InvalidInputError, match="選んでください"):
        asked.withdraws()
    neighbour = [each for each in asked.wishes(SAKAI) if each.plan == 6]
    with pytest.raises(ConflictError, match="回答か希望が変わりました"):
        asked.withdraws(neighbour[0].event_id)  # a wish the answer still names
    with pytest.raises(ConflictError, match="この希望"):
        asked.withdraws(10**30)


def test_intentions_become_records_of_the_ledger_with_the_round_as_source(asked: Asked) -> None:
    asked.answers(SAKAI, [], "join")
    asked.answers(HIRAKATA, [], "interested")
    asked.answers(TOYONAKA, [], "not")
    assert asked.lines("join")[TOYONAKA].state is FlowState.NOTHING
    assert asked.flows("join", SAKAI, HIRAKATA) == 2
    with reading(asked.engine) as session:
        (planned,) = events_of(session, SAKAI, "docs")
        (interest,) = events_of(session, HIRAKATA, "docs")
    assert (planned.kind, interest.kind) == (EventKind.PLANNED, EventKind.INTEREST)
    assert planned.target is not None
    assert planned.target.label == "令和9年4月"
    assert planned.source == "R8-照会001「次年度の希望」への回答(2026-11-26提出)"


def test_a_wish_that_went_further_stays_as_it_is(asked: Asked) -> None:
    asked.answers(SAKAI, [(6, 12)])
    asked.flows("plans", SAKAI)
    (wish,) = asked.wishes(SAKAI)
    asked.advances(wish, WishState.BUDGET_REQUESTED)
    asked.answers(SAKAI, [(6, 12), (4, 11)])
    assert asked.flows("plans", SAKAI) == 1
    with reading(asked.engine) as session:
        wishes = wish_events(session, SAKAI)
    assert [(w.plan, w.state) for w in wishes] == [
        (6, WishState.WISHED),
        (6, WishState.BUDGET_REQUESTED),
        (4, WishState.WISHED),
    ]
    assert asked.lines("plans")[SAKAI].state is FlowState.DONE


def test_who_takes_part_or_is_foreseen_is_not_recorded_again(asked: Asked) -> None:
    asked.in_ledger(SAKAI, EventKind.JOINED_LATE)
    asked.in_ledger(HIRAKATA, EventKind.PLANNED)
    asked.in_ledger(TOYONAKA, EventKind.PLANNED)
    asked.answers(SAKAI, [], "join")
    asked.answers(HIRAKATA, [], "interested")
    asked.answers(TOYONAKA, [], "join")  # says when: a plan is said anew
    assert asked.flows("join", SAKAI, HIRAKATA, TOYONAKA) == 1
    with reading(asked.engine) as session:
        kinds = {
            code: [each.kind for each in events_of(session, code, "docs")]
            for code in (SAKAI, HIRAKATA, TOYONAKA)
        }
    assert kinds == {
        SAKAI: [EventKind.JOINED_LATE],
        HIRAKATA: [EventKind.PLANNED],
        TOYONAKA: [EventKind.PLANNED, EventKind.PLANNED],
    }
    assert asked.lines("join")[SAKAI].last.records == ()


def test_one_that_cannot_go_on_keeps_all_back(asked: Asked) -> None:
    asked.answers(SAKAI, [(6, 12)])
    asked.answers(HIRAKATA, [(6, 12)])
    stale = {code: line.said.event_id for code, line in asked.lines("plans").items() if line.said}
    asked.answers(HIRAKATA, [(6, 5)])
    with pytest.raises(ConflictError, match="枚方市: 回答が変わりました"):
        asked.does(
            flow.flow_answers,
            OFFICE,
            inquiry_id=asked.number,
            question="plans",
            seen=stale,
        )
    with reading(asked.engine) as session:
        assert wish_events(session) == []


def test_a_question_becomes_a_figure_with_its_round_as_source(asked: Asked) -> None:
    asked.answers(SAKAI, [])
    asked.answers(HIRAKATA, [])
    given = {"inquiry_id": asked.number, "question": "ready"}
    asked.does(flow.flow_survey, OFFICE, **given, seen=0)
    catalogue = kept_catalogue(asked.engine)
    assert catalogue is not None
    reference = catalogue.of(FiscalYear(2026))
    key = f"survey_inquiry-{asked.number}-ready_1"
    fact = indicators(reference)[key]
    assert fact.name == "準備はできていますか: はい"
    assert reference.sources[fact.source].title == "R8-照会001「次年度の希望」の回答"
    (part,) = fact.parts(None, NOW.date(), None)  # type: ignore[arg-type]  # looks at neither
    assert part.numerator == 2
    (before,) = fact.parts(None, NOW.date() - timedelta(days=1), None)  # type: ignore[arg-type]
    assert before.numerator is None
    assert (
        replace(QUESTIONS[2]).key
        in flow_view(asked.engine, OFFICE, REFERENCE, inquiry_id=asked.number).surveys
    )
