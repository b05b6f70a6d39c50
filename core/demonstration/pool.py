"""見本: experts of the vendors there are, who comes to which visit, days proposed, an outcome."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import cycle

from sqlalchemy import Engine

from core.access.principal import CONSOLE, Principal, Role
from core.commands.experts import add_expert, assign_expert
from core.commands.outcomes import decide_outcome_consent, publish_outcome
from core.commands.proposals import propose_days
from core.reference.pack import Reference
from core.store.engine import reading
from core.store.outcomes import outcome_events
from core.store.support import contracts, vendors, visits
from core.support.contract import Contract
from core.support.expert import ExpertField, ExpertForm, Offer
from core.support.outcome import OutcomeKey, OutcomeText
from core.support.proposal import ProposedDay
from core.support.visit import Visit, VisitState

VENDOR = "見本デジタル株式会社"
"""Where no contract names one."""
_PEOPLE = (
    ("見本 太郎", "市の情報政策課で12年。標準化と調達を担当。", 12, 4),
    ("見本 花子", "都道府県の行政改革担当で窓口の業務改革を担当。", 8, 7),
    ("見本 次郎", "民間のセキュリティ監査から転じ、方針の改定を20団体で支援。", None, 4),
)
_FIELDS = (
    (ExpertField.STANDARDIZATION, ExpertField.PROCUREMENT),
    (ExpertField.SERVICE_DESIGN, ExpertField.ONLINE, ExpertField.DATA),
    (ExpertField.SECURITY, ExpertField.PLANNING),
)
_TEXT = OutcomeText(
    "標準化のFit&Gapを、原課と一緒に3か月で終えた",
    "ベンダーから届いた仕様の差が400件あり、原課が判断できずに止まっていた。"
    "差を「運用で変える」「要望する」「そのまま」に分け、月1回、原課と一緒に決めた。",
    "3か月で全件の扱いを決め、移行の計画を予定どおりに出せた。原課が自分で判断できるようになった。",
)


def fill_pool(engine: Engine, reference: Reference, now: datetime) -> None:
    """The pool, and what it does in the contracts there are."""
    with reading(engine) as session:
        names = [each.name for each in vendors(session).values()] or [VENDOR]
    plans = [plan.number for plan in reference.plans]
    served = [plans[0::3], plans[1::3], plans[2::3]] if len(names) == 1 else [plans] * 3
    by_vendor: dict[str, list[tuple[int, tuple[int, ...]]]] = {name: [] for name in names}
    people = zip(_PEOPLE, _FIELDS, served, cycle(names), strict=False)
    for place, ((name, experience, years, days), fields, its, vendor) in enumerate(people):
        offer = Offer(fields, tuple(its), days, (), (), now.date() - timedelta(days=200))
        form = ExpertForm(vendor, name, experience, years, offer)
        number = add_expert(
            engine,
            CONSOLE,
            form=form,
            reference=reference,
            request_id=f"mihon-expert-{place}",
            now=now,
        )
        by_vendor[vendor].append((number, tuple(its)))
    with reading(engine) as session:
        every = [each for each in contracts(session) if each.stands]
    for contract in every:
        _assign(engine, contract, by_vendor.get(contract.vendor.name, []), now)
    if every:
        _propose(engine, every, now)
        _tell(engine, reference, every, now)


def _officer(lg_code: str) -> Principal:
    return Principal(f"mihon-{lg_code}", "見本", Role.OFFICER, lg_code)


def _visits(engine: Engine, contract: Contract) -> list[Visit]:
    with reading(engine) as session:
        return visits(session, contract.lg_code, contract_ids=[contract.contract_id])


def _assign(
    engine: Engine, contract: Contract, people: list[tuple[int, tuple[int, ...]]], now: datetime
) -> None:
    """Visits of the plans somebody serves; the last one of each plan stays open."""
    for number, plans in people:
        for line in contract.terms.lines:
            ours = _visits(engine, contract)
            ahead = [
                v.visit_id
                for v in ours
                if v.plan == line.plan
                and v.state is VisitState.PLANNED
                and v.planned
                and not v.planned.expert_id
            ]
            if line.plan not in plans or len(ahead) < 2:
                continue
            assign_expert(
                engine,
                CONSOLE,
                lg_code=contract.lg_code,
                contract_id=contract.contract_id,
                visit_ids=tuple(ahead[:-1]),
                expert_id=number,
                seen_event=max(each.last.event_id for each in ours),
                request_id=f"mihon-assign-{contract.contract_id}-{line.plan}-{number}",
                now=now,
            )


def _propose(engine: Engine, every: list[Contract], now: datetime) -> None:
    """One municipality proposes two days for its next visit."""
    for contract in every:
        ahead = [
            v
            for v in _visits(engine, contract)
            if v.state is VisitState.PLANNED and v.when and v.when.last >= now.date()
        ]
        last_day = contract.terms.last_day
        days = [day for day in _working_days(now.date()) if day <= last_day][5:8:2]
        if ahead and days:
            propose_days(
                engine,
                _officer(contract.lg_code),
                lg_code=contract.lg_code,
                visit_id=ahead[0].visit_id,
                days=tuple(ProposedDay(day) for day in days),
                note="議会の会期を避けたいです。",
                seen_event=0,
                request_id="mihon-propose",
                now=now,
            )
            return


def _working_days(today: date) -> list[date]:
    days = (today + timedelta(days=number) for number in range(1, 21))
    return [day for day in days if day.weekday() < 5]


def _tell(engine: Engine, reference: Reference, every: list[Contract], now: datetime) -> None:
    """One outcome that is published, and one that waits for its text."""
    told = 0
    for contract in every:
        held = [v for v in _visits(engine, contract) if v.state is VisitState.HELD]
        for plan in sorted({visit.plan for visit in held})[:1]:
            key = OutcomeKey(contract.contract_id, plan)
            decide_outcome_consent(
                engine,
                _officer(contract.lg_code),
                lg_code=contract.lg_code,
                key=key,
                agreed=True,
                request_id="mihon-outcome",
                now=now,
            )
            if not told:
                _publish(engine, reference, contract, key, now)
            told += 1
        if told == 2:
            return


def _publish(
    engine: Engine, reference: Reference, contract: Contract, key: OutcomeKey, now: datetime
) -> None:
    with reading(engine) as session:
        seen = outcome_events(session, contract.lg_code)[-1].event_id
    publish_outcome(
        engine,
        CONSOLE,
        lg_code=contract.lg_code,
        key=key,
        text=_TEXT,
        seen_event=seen,
        reference=reference,
        request_id="mihon-outcome-text",
        now=now,
    )
