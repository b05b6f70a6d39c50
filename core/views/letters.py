"""Whom a change of a training touches, and what they are told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from core.access.permission import requires
from core.access.principal import Principal
from core.news.letter import Letter, Touched, letters, touched
from core.store.engine import reading
from core.store.enrolments import enrolment_events, people
from core.store.trainings import training_history
from core.training.enrolment import EnrolmentEvent
from core.training.training import NO_TRAINING, Training, TrainingContent
from core.training.vocabulary import TrainingState
from core.values.errors import InvalidInputError


@requires("training:manage")
def touched_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    *,
    training_id: str,
    content: TrainingContent | None,
    reason: str = "",
) -> Touched:
    """Whom a change would touch; nothing is saved.

    Args:
        content: As the form has it; None: the whole training is called off.
        reason: Why it is.

    Raises:
        InvalidInputError: There is no such training.
    """
    with reading(engine) as session:
        history, events = _known(session, training_id)
    last = history[-1]
    after = replace(
        last,
        version=last.version + 1,
        content=content or last.content,
        state=last.state if content else TrainingState.CANCELLED,
        reason=reason,
    )
    return touched(history, after, events)


@dataclass(frozen=True)
class AddressedLetter:
    """A letter and where it goes."""

    letter: Letter
    to: tuple[str, ...]  # addresses, each once, in order of application
    forgotten: int  # persons whose data was deleted and who cannot be told


@requires("training:manage")
def letters_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    *,
    training_id: str,
    address: str,
) -> tuple[AddressedLetter, ...]:
    """What those enrolled are to be told of a training, the latest first.

    Args:
        address: Where the screen shows the training.

    Raises:
        InvalidInputError: There is no such training.
    """
    with reading(engine) as session:
        history, events = _known(session, training_id)
        written = letters(history, events, address)
        known = people(session, {who for each in written for who in each.enrolments})
    return tuple(
        AddressedLetter(
            each,
            tuple(dict.fromkeys(known[who].mail for who in each.enrolments if who in known)),
            sum(who not in known for who in each.enrolments),
        )
        for each in written
    )


def _known(
    session: Session, training_id: str
) -> tuple[list[Training], dict[str, Sequence[EnrolmentEvent]]]:
    history = training_history(session, training_id)
    if not history:
        raise InvalidInputError(NO_TRAINING)
    ids = list(dict.fromkeys(s.session_id for each in history for s in each.content.sessions))
    events: dict[str, list[EnrolmentEvent]] = {session_id: [] for session_id in ids}
    for event in enrolment_events(session, ids):
        events[event.session_id].append(event)
    return history, {session_id: said for session_id, said in events.items() if said}
