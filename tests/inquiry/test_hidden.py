"""伏せた回答: until the secretariat reveals it, nothing of a hidden answer is in any view, scene, file."""

from __future__ import annotations

import inspect
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import Engine

from core.access.principal import Principal, Role
from core.commands.meetings import freeze_meeting, keep_meeting_set
from core.exports.inquiries.deck import inquiry_deck
from core.exports.inquiries.workbook import inquiry_codebook_csv, inquiry_csv, inquiry_workbook
from core.exports.meeting import meeting_workbook
from core.figures.scenes.kept import to_json
from core.inquiry.answer import content_digest
from core.inquiry.question import Question
from core.store.audit import AuditFilter
from core.store.engine import reading
from core.store.inquiries import inquiry_of, response_of
from core.values.errors import ConflictError, DashboardError, InvalidInputError
from core.views.administration import audit_export_view
from core.views.inquiries import inquiry_desk_view, inquiry_view, tally_view
from core.views.meetings import compared_view, frozen_view, meetings_view, wall_view
from tests.support.inquiry_functions import FUNCTIONS, given, inquiry_of_number
from tests.support.reference import REFERENCE
from tests.support.votes import VOTE, Asked

VOTER, OTHER, THIRD = tuple(REFERENCE.by_code)[:3]
SECRET = "毒の答え7731"
WHY = Question("why", "text", "選んだ理由")
OFFICE = Principal("jimukyoku", "事務局", Role.SECRETARIAT)
VIEWER = Principal("etsuran", "閲覧", Role.VIEWER)
NEIGHBOUR = Principal(f"tanto-{OTHER}", "担当", Role.OFFICER, OTHER)


@pytest.fixture
def vote(engine: Engine) -> Asked:
    asked = Asked(engine, VOTE, WHY, towns=(VOTER, OTHER, THIRD), hidden=True)
    asked.hands_in(VOTER, vote=["b", "d"], why=SECRET)
    return asked


def digests(asked: Asked) -> list[str]:
    with reading(asked.engine) as session:
        found = response_of(session, inquiry_of(session, asked.number), VOTER)
    return [each.digest for each in found.events]


def told(asked: Asked, found: object) -> str:
    """Everything a value holds, as text; what a set of answers would look like is sought, too."""
    text = f"{found!r}"
    assert SECRET not in text
    assert "['b', 'd']" not in text
    assert "('b', 'd')" not in text
    assert not [each for each in digests(asked) if each and each in text]
    return text


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda each: each.__name__)
def test_nothing_that_takes_an_inquiry_gives_a_hidden_answer_away(
    vote: Asked, function: Callable[..., Any]
) -> None:
    for who, code in (
        (OFFICE, VOTER),
        (OFFICE, OTHER),
        (VIEWER, VOTER),
        (NEIGHBOUR, OTHER),
        (NEIGHBOUR, VOTER),
    ):
        names = inspect.signature(function).parameters
        reference = {"reference": REFERENCE} if "reference" in names else {}
        try:
            found = function(vote.engine, who, **given(vote, function, code), **reference)
        except (DashboardError, TypeError) as error:
            found = error
        told(vote, getattr(found, "problems", found))
        told(vote, str(found))


def test_the_contract_looks_at_enough() -> None:
    names = {each.__name__ for each in FUNCTIONS}
    assert {"inquiry_view", "tally_view", "answering_view", "flow_view", "hand_in"} <= names


def test_the_list_the_board_the_trail_and_the_wall_say_how_many_and_no_more(vote: Asked) -> None:
    told(vote, inquiry_desk_view(vote.engine, OFFICE, now=vote.now))
    trail = audit_export_view(vote.engine, OFFICE, wanted=AuditFilter())
    assert SECRET not in repr(trail)  # digests stand in it, of what nobody can try
    wall = wall_view(
        vote.engine, OFFICE, REFERENCE, set_id=f"inquiry-{vote.number}", as_of=vote.now.date()
    )
    told(vote, wall)
    (scene,) = wall.scenes
    assert (scene.sealed, scene.chart, scene.rows) == (True, None, ())
    assert scene.figures[0].figure.value == 1
    assert set(wall.sealed) == {scene.key}
    assert inquiry_view(
        vote.engine, OFFICE, REFERENCE, inquiry_id=vote.number, now=vote.now, today=vote.now.date()
    ).hidden


def test_a_digest_in_the_trail_is_that_of_no_answer_somebody_could_try(vote: Asked) -> None:
    inquiry = inquiry_of_number(vote)
    plain = {"vote": ["b", "d"], "why": SECRET}
    tried = content_digest(inquiry.number.label, inquiry.version.version_id, VOTER, plain, {})
    assert tried not in digests(vote)
    with pytest.raises(ConflictError, match="変わっていません"):
        vote.hands_in(VOTER, **plain)


def tally(asked: Asked, who: Principal = OFFICE) -> Any:
    return tally_view(asked.engine, who, REFERENCE, inquiry_id=asked.number, today=asked.now.date())


def test_no_file_is_made_of_hidden_answers(vote: Asked) -> None:
    found, day = tally(vote), vote.now.date()
    assert (found.hidden, found.are_in, found.questions, found.answers) == (True, 1, (), {})
    wall = wall_view(vote.engine, OFFICE, REFERENCE, set_id=f"inquiry-{vote.number}", as_of=day)
    for make in (
        lambda: inquiry_workbook(found, day, reference=REFERENCE, made_up=False),
        lambda: inquiry_csv(found, reference=REFERENCE, made_up=False),
        lambda: inquiry_deck(wall, day, reference=REFERENCE, made_up=False),
    ):
        with pytest.raises(ConflictError, match="結果を公開するまで"):
            make()
    told(vote, inquiry_codebook_csv(found, made_up=False).decode("utf-8-sig"))


def test_what_is_revealed_is_kept_as_it_was_then(vote: Asked) -> None:
    key = f"inquiry-{vote.number}-vote"
    name = "第1回 連携会議"
    kept = vote.does(
        keep_meeting_set, OFFICE, set_id=None, name=name, scenes=("number", key), seconds=0,
        seen_row=0, reference=REFERENCE,
    )  # fmt: skip
    before = vote.does(
        freeze_meeting, OFFICE, name="", scenes=("number", key), as_of=vote.now.date(),
        set_id=kept, reference=REFERENCE,
    )  # fmt: skip
    told(vote, to_json(frozen_view(vote.engine, OFFICE, freeze_id=before).scenes))
    vote.now += timedelta(hours=1)
    vote.reveals()
    moment = tally(vote).moment
    assert moment is not None
    scenes = frozen_view(vote.engine, VIEWER, freeze_id=moment).scenes
    (scene,) = scenes
    assert scene.sealed is False
    assert [(row[0], row[1], row[2]) for row in scene.rows] == [
        ("候補b", "1位", "2点"),
        ("候補d", "2位", "1点"),
        ("候補a", "3位", "0点"),
        ("候補c", "3位", "0点"),
    ]
    vote.now += timedelta(hours=1)
    vote.hands_in(OTHER, vote=["d", "b"], why="あとから")
    assert frozen_view(vote.engine, VIEWER, freeze_id=moment).scenes == scenes
    wall = wall_view(vote.engine, VIEWER, REFERENCE, set_id=kept, as_of=vote.now.date())
    live = wall.scenes[1]
    assert [(row[0], row[1], row[2]) for row in live.rows][:2] == [
        ("候補b", "1位", "3点"),
        ("候補d", "1位", "3点"),
    ]
    assert [each.figure.label for each in live.figures][:2] == [
        "1位(同点) 候補b",
        "1位(同点) 候補d",
    ]
    changed = compared_view(
        vote.engine, OFFICE, REFERENCE, freeze_id=moment, as_of=vote.now.date()
    ).changed
    assert "候補d 得点" in {each.what for each in changed}
    with pytest.raises(ConflictError):
        vote.reveals()


def test_a_viewer_sees_of_an_inquiry_what_a_set_shows_and_no_address_opens_more(
    engine: Engine,
) -> None:
    asked = Asked(engine, WHY, VOTE, towns=(VOTER, OTHER))
    asked.hands_in(VOTER, vote=["b"], why=SECRET)
    wall = wall_view(
        engine, VIEWER, REFERENCE, set_id=f"inquiry-{asked.number}", as_of=asked.now.date()
    )
    assert wall.unknown_set
    assert not any(each.key.startswith("inquiry-") for each in wall.scenes)
    assert meetings_view(engine, VIEWER).asked == {}
    assert list(meetings_view(engine, OFFICE).asked) == [f"inquiry-{asked.number}-vote"]


def test_a_scene_of_no_inquiry_is_refused(engine: Engine) -> None:
    asked = Asked(engine, VOTE, towns=(VOTER,))
    for scene in ("inquiry-999-vote", f"inquiry-{asked.number}-gone", "inquiry-x"):
        with pytest.raises(InvalidInputError):
            asked.does(
                keep_meeting_set, OFFICE, set_id=None, name="会議", scenes=(scene,), seconds=0,
                seen_row=0, reference=REFERENCE,
            )  # fmt: skip


def test_questions_that_ask_alike_have_a_sheet_each_in_the_workbook_of_a_moment(
    engine: Engine,
) -> None:
    alike = Question("one", "yes_no", "設問[1]:'", required=False)
    other = replace(alike, key="two")
    asked = Asked(engine, alike, other, towns=(VOTER,))
    asked.hands_in(VOTER, one="yes")
    keys = tuple(f"inquiry-{asked.number}-{key}" for key in ("one", "two"))
    number = asked.does(
        freeze_meeting, OFFICE, name="", scenes=keys, as_of=asked.now.date(), set_id="",
        reference=REFERENCE,
    )  # fmt: skip
    frozen = frozen_view(engine, OFFICE, freeze_id=number)
    body = meeting_workbook(frozen, reference=REFERENCE, made_up=False)
    assert load_workbook(io.BytesIO(body)).sheetnames == ["数字", "設問1", "設問1(2)"]
