"""数えた照会: what a wall and a file say of an inquiry's answers, and nothing while they are hidden."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from core.inquiry.answer import Answers
from core.inquiry.kinds.kind import Scope
from core.inquiry.response import Response, answers_in
from core.inquiry.round import Inquiry
from core.inquiry.tally import QuestionTally, tallies


@dataclass(frozen=True)
class Counted:
    """An inquiry as far as it may be told.

    Attributes:
        hidden: Whether its answers are hidden and not revealed yet: then everything below
            ``as_of`` is empty.
        asked: Who counts, ``lg_code``.
        are_in: How many of them have handed in.
        as_of: When the last of the answers counted was handed in; None while there is none.
        answers: What was handed in and counts, by municipality.
    """

    inquiry: Inquiry
    hidden: bool
    asked: tuple[str, ...]
    are_in: int
    as_of: datetime | None
    questions: tuple[QuestionTally, ...]
    answers: Mapping[str, Answers]


def counted(
    inquiry: Inquiry,
    responses: Mapping[str, Response],
    scope: Scope,
    codes: Collection[str] | None = None,
) -> Counted:
    """Count it.

    Args:
        codes: Only these municipalities count; None for everybody asked.
    """
    asked = tuple(code for code in inquiry.audience if codes is None or code in codes)
    own = {code: responses[code] for code in asked}
    given = [each for response in own.values() if (each := response.counted) is not None]
    hidden = not inquiry.revealed
    answers = {} if hidden else answers_in(own)
    return Counted(
        inquiry=inquiry,
        hidden=hidden,
        asked=asked,
        are_in=len(given),
        as_of=max((each.recorded_at for each in given), default=None),
        questions=() if hidden else tallies(inquiry.composition, asked, answers, scope),
        answers=answers,
    )
