"""回答の記入中: what stands in the fields of one inquiry, and the draft it is kept as."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import streamlit as st

from core.access.principal import Principal
from core.commands.responses import save_draft
from core.inquiry.answer import NOTHING, Answers, unsalted
from core.inquiry.reading import same
from core.inquiry.response import Response
from core.inquiry.round import InquiryState
from core.values.errors import ConflictError
from core.views.inquiries import AnsweringAnswer
from dashboard import context
from dashboard.kit.submit import as_shown


@dataclass(frozen=True)
class Desk:
    """What one session has before it.

    Attributes:
        revision: Of the draft it began from or saved last; 0 for none.
        saved: What is kept as that draft, or was handed in last where there is none.
        typed: What stands in the fields; differs from ``saved`` while it cannot be kept.
        epoch: Rises when the fields begin anew; part of their keys.
    """

    revision: int
    saved: Answers = field(default_factory=dict)
    typed: Answers = field(default_factory=dict)
    epoch: int = 0


def desk_of(found: AnsweringAnswer) -> Desk:
    """What this session has before it; anew when a step was taken since, by whomever."""
    number, last = found.inquiry.inquiry_id, found.response.last
    event = last.event_id if last else 0
    kept = st.session_state.get(_name(number))
    if kept is not None and kept["event"] == event:
        return Desk(**kept["desk"])
    epoch = kept["desk"]["epoch"] + 1 if kept else 0
    return put(found, _begun(found.response, epoch))


def _begun(response: Response, epoch: int) -> Desk:
    draft = response.draft
    typed = dict(draft.typed if draft else _last_answers(response))
    return Desk(draft.revision if draft else 0, typed, typed, epoch)


def _last_answers(response: Response) -> Answers:
    """What was handed in last, returned or not, or was to be confirmed."""
    said = (each.answers for each in reversed(response.events) if each.answers is not None)
    return unsalted(next(said, NOTHING))


def put(found: AnsweringAnswer, desk: Desk) -> Desk:
    """Remember it for the next run; plain values only."""
    last = found.response.last
    st.session_state[_name(found.inquiry.inquiry_id)] = {
        "event": last.event_id if last else 0,
        "desk": {name: getattr(desk, name) for name in Desk.__dataclass_fields__},
    }
    return desk


def forget(found: AnsweringAnswer) -> None:
    """Have the next run begin anew from what is kept."""
    if kept := st.session_state.get(_name(found.inquiry.inquiry_id)):
        st.session_state[_name(found.inquiry.inquiry_id)] = {**kept, "event": -1}


def taken_over(found: AnsweringAnswer, typed: Answers | None = None) -> Desk:
    """Begin from the draft as it is kept now, or with what was chosen in its place."""
    desk = desk_of(found)
    begun = _begun(found.response, desk.epoch + 1)
    return put(found, begun if typed is None else replace(begun, typed=dict(typed)))


def seen_event(found: AnsweringAnswer) -> int:
    """The last step as the screen showed it when its reader clicked."""
    last = found.response.last
    return as_shown(f"answering.{found.inquiry.inquiry_id}", last.event_id if last else 0)


def may_write(found: AnsweringAnswer) -> bool:
    """Whether something can be typed: not while it is confirmed, not after the deadline."""
    if found.response.asked is not None:
        return False
    if found.state in (InquiryState.ANNOUNCED, InquiryState.OPEN):
        return True
    return found.state is InquiryState.CLOSED and found.response.returned is not None


def saved_elsewhere(found: AnsweringAnswer, desk: Desk) -> bool:
    """Whether the draft is no longer the one this session began from."""
    draft = found.response.draft
    return (draft.revision if draft else 0) != desk.revision


def keep(principal: Principal, found: AnsweringAnswer, desk: Desk, typed: Answers) -> Desk | None:
    """Keep what is typed as the draft; None where another hand was there first."""
    desk = put(found, replace(desk, typed=dict(typed)))
    try:
        revision = save_draft(
            context.engine(),
            principal,
            lg_code=found.response.lg_code,
            inquiry_id=found.inquiry.inquiry_id,
            typed=typed,
            seen_revision=desk.revision,
            reference=context.reference(),
            now=context.now(),
        )
    except ConflictError:
        return None
    return put(found, replace(desk, revision=revision, saved=dict(typed)))


def changed(found: AnsweringAnswer, before: Answers, typed: Answers) -> bool:
    """Whether anything is said differently; written otherwise, it is the same."""
    return any(
        not same(each, before.get(each.key), typed.get(each.key), found.scope)
        for each in found.inquiry.composition.questions
    )


def _name(inquiry_id: int) -> str:
    return f"answering.{inquiry_id}"
