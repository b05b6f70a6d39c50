"""見本の照会: two that are open with some answers, one being composed, one vote whose result is hidden."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from core.access.principal import CONSOLE, Principal, Role
from core.commands.inquiries import compose_inquiry, publish_inquiry
from core.commands.responses import hand_in, save_draft
from core.inquiry.answer import NOT_APPLICABLE
from core.inquiry.composition import Composition
from core.inquiry.question import Condition, Option, Question
from core.reference.pack import Reference
from core.store.engine import reading
from core.store.inquiries import inquiry_of
from core.values.fiscal import FiscalYear, budget_request_year
from core.values.municipality import Municipality
from core.values.written_number import Clock

_WHY = "画面を試すための架空の照会です。"
_PLACES = ("専任の職員がいる", "兼任の職員がいる", "いない")
_THEMES = ("文書管理", "窓口の予約", "職員の健康管理", "施設予約", "公用車の管理")
_ANSWERED, _VOTED, _DRAFTED = 12, 9, 3


def fill_inquiries(engine: Engine, reference: Reference, now: datetime) -> None:
    """Ask, and answer for some municipalities; what the prefecture does not offer is not asked about."""
    asked = _Asked(engine, reference, now)
    survey = asked.published(_survey(reference, now))
    for place, town in enumerate(reference.municipalities[:_ANSWERED]):
        asked.answered(survey, town, _surveyed(place))
    for town in reference.municipalities[_ANSWERED : _ANSWERED + _DRAFTED]:
        asked.drafted(survey, town, {"places": "o2"})
    vote = asked.published(_vote(now))
    for place, town in enumerate(reference.municipalities[:_VOTED]):
        first, second = place % len(_THEMES), (place * 2 + 1) % len(_THEMES)
        choice = [f"o{first + 1}", f"o{second + 1}"]
        asked.answered(vote, town, {"themes": choice[: 1 + (first != second)]})
    intentions = asked.published(_intentions(reference, now))
    for place, town in enumerate(reference.municipalities[2:7]):
        said = ("join", "interested", "not", "undecided")[place % 4]
        value = {"intention": said} | ({"when": f"{now.year + 1}年4月"} if said == "join" else {})
        programme = next(iter(reference.procurements.lots))
        asked.answered(intentions, town, {"systems": {programme: value}})
    asked.composed(_plans(reference, now))


class _Asked:
    """The commands, with what all of them are given."""

    def __init__(self, engine: Engine, reference: Reference, now: datetime) -> None:
        self._engine, self._reference, self._now = engine, reference, now
        self._requests = 0

    def composed(self, composition: Composition) -> int:
        """A draft of the secretariat."""
        return compose_inquiry(
            self._engine,
            CONSOLE,
            inquiry_id=0,
            composition=composition,
            seen_version=0,
            request_id=self._request(),
            now=self._now,
        )

    def published(self, composition: Composition) -> int:
        """Asked of everybody."""
        made = self.composed(composition)
        with reading(self._engine) as session:
            seen = inquiry_of(session, made).version.version_id
        publish_inquiry(
            self._engine,
            CONSOLE,
            inquiry_id=made,
            seen_version=seen,
            reference=self._reference,
            request_id=self._request(),
            now=self._now,
        )
        return made

    def answered(self, inquiry_id: int, town: Municipality, typed: dict[str, Any]) -> None:
        """A municipality hands in."""
        hand_in(
            self._engine,
            _officer(town),
            lg_code=town.lg_code,
            inquiry_id=inquiry_id,
            typed=typed,
            seen_revision=0,
            seen_event=0,
            reference=self._reference,
            clock=self._clock,
            request_id=self._request(),
            now=self._now,
        )

    def drafted(self, inquiry_id: int, town: Municipality, typed: dict[str, Any]) -> None:
        """A municipality is at it."""
        save_draft(
            self._engine,
            _officer(town),
            lg_code=town.lg_code,
            inquiry_id=inquiry_id,
            typed=typed,
            seen_revision=0,
            reference=self._reference,
            now=self._now,
        )

    def _clock(self, _: Session) -> datetime:
        return self._now

    def _request(self) -> str:
        self._requests += 1
        return f"mihon-inquiry-{self._requests}"


def _officer(town: Municipality) -> Principal:
    return Principal(f"mihon-{town.lg_code}", f"見本 {town.name}", Role.OFFICER, town.lg_code)


def _open(title: str, now: datetime, days: int, questions: Sequence[Question], **more: Any) -> Any:
    day = now.date()
    return Composition(
        title,
        int(FiscalYear.of(day)),
        opens_at=Clock(0).on(day),
        closes_at=Clock(17).on(day + timedelta(days=days)),
        why=_WHY,
        questions=tuple(questions),
        **more,
    )


def _options(labels: Sequence[str]) -> tuple[Option, ...]:
    return tuple(Option(f"o{n}", label) for n, label in enumerate(labels, start=1))


def _survey(reference: Reference, now: datetime) -> Any:
    towns = reference.names.towns
    return _open(
        f"見本照会 {towns}のDX推進体制",
        now,
        6,
        (
            Question("places", "single", "DXを担当する職員", options=_options(_PLACES)),
            Question(
                "staff",
                "number",
                "専任の職員の人数",
                unit="人",
                least=0,
                condition=Condition("places", ("o1",)),
            ),
            Question(
                "budget",
                "yen",
                "今年度のDX関係予算",
                not_applicable=True,
                help="補正を含む額。",
                least=0,
            ),
            Question("troubles", "text", "困っていること", required=False),
        ),
        explanation="今年度の4月1日時点でお答えください。",
    )


def _surveyed(place: int) -> dict[str, Any]:
    said: dict[str, Any] = {"places": f"o{place % 3 + 1}", "budget": str((place + 1) * 1_250_000)}
    if place % 3 == 0:
        said["staff"] = str(place // 3)
    if place % 4 == 3:
        said["budget"] = dict(NOT_APPLICABLE)
    if place % 2:
        said["troubles"] = "見本の回答です。人材の確保が課題です。"
    return said


def _vote(now: datetime) -> Any:
    return _open(
        "見本照会 次に共同調達したいシステム(投票)",
        now,
        12,
        (Question("themes", "ranking", "調達したい順", options=_options(_THEMES), points=(2, 1)),),
        hidden=True,
    )


def _intentions(reference: Reference, now: datetime) -> Any:
    programme = next(iter(reference.procurements.lots))
    label = reference.procurements.programme(programme).label
    return _open(
        f"見本照会 {label}への参加意向",
        now,
        20,
        (Question("systems", "join_intention", "参加の意向", programmes=(programme,), flows=True),),
    )


def _plans(reference: Reference, now: datetime) -> Any:
    year = int(budget_request_year(now.date()))
    offered = bool(reference.plan_offers(FiscalYear(year)).plans)
    return _open(
        f"見本照会 {FiscalYear(year).label}の希望調査(作成中)",
        now,
        30,
        (
            Question(
                "plans", "plan_wishes", "希望する支援プラン", fiscal_year=year, not_applicable=True
            )
            if offered
            else Question("wishes", "text", "希望すること", required=False),
        ),
    )
