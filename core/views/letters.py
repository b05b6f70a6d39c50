"""Whom a change of a training touches, and what they are told."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Engine

from core.access.permission import requires
from core.access.principal import Principal
from core.news.letter import Touched, touched
from core.store.engine import reading
from core.store.letters import AddressedLetter, addressed_letters, training_on_record
from core.training.training import TrainingContent
from core.training.vocabulary import TrainingState


@requires("training:manage")
def touched_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    *,
    training_id: str,
    content: TrainingContent | None,
    reason: str = "",
    address: str,
    now: datetime,
) -> Touched:
    """Whom a change would touch and the letters it would bring; nothing is saved.

    Args:
        content: As the form has it; None: the whole training is called off.
        reason: Why it is.
        address: Where the screen shows the training.
        now: When it would be saved.

    Raises:
        InvalidInputError: There is no such training.
    """
    with reading(engine) as session:
        history, events = training_on_record(session, training_id)
    last = history[-1]
    after = replace(
        last,
        version=last.version + 1,
        content=content or last.content,
        state=last.state if content else TrainingState.CANCELLED,
        reason=reason,
        recorded_at=now,
    )
    return touched(history, after, events, address)


@requires("training:manage")
def letters_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    *,
    training_id: str,
    address: str,
) -> tuple[AddressedLetter, ...]:
    """What those enrolled are to be told of a training and who was told, the latest first.

    Args:
        address: Where the screen shows the training.

    Raises:
        InvalidInputError: There is no such training.
    """
    with reading(engine) as session:
        return addressed_letters(session, training_id, address)
