"""Trainings and persons that tests begin from."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from typing import Any

from core.training.person import Applicant, Person
from core.training.training import TrainingContent, TrainingSession
from core.training.vocabulary import Audience, SessionFormat, TrainingKind

ADDRESS = "https://meeting.example/j/8412?pwd=aikotoba"


def a_content(**changes: Any) -> TrainingContent:
    """A complete training with one online session for two."""
    capacity = changes.pop("capacity", 2)
    content = TrainingContent(
        host="大阪府",
        kind=TrainingKind.SEMINAR,
        title="生成AIの庁内利用",
        purpose="利用の手引きを学ぶ",
        theme="ai",
        sessions=(
            TrainingSession(
                session_id="",
                date=date(2023, 11, 20),
                start=time(14),
                end=time(16),
                formats=(SessionFormat.ONLINE,),
                joining_address=ADDRESS,
                capacity=capacity,
            ),
        ),
        audience=Audience.ALL_MUNICIPALITIES,
        deadline=date(2023, 11, 10),
    )
    return replace(content, **changes)


def an_applicant(number: int, attending: SessionFormat | None = None) -> Applicant:
    """One of many persons, all different."""
    person = Person(f"職員{number}", f"第{number}課", f"shokuin{number}@city.example.lg.jp")
    return Applicant(person, attending)
