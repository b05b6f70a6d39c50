"""Meeting sets and frozen moments, on both databases: what is frozen stays what it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from core.access.principal import Principal
from core.commands.meetings import (
    discard_meeting_set,
    freeze_meeting,
    keep_meeting_set,
    reveal_scene,
)
from core.commands.parameters import record_parameter
from core.commands.wishes import advance_wish, hand_in_wishes
from core.estimate.request import EstimateRequest, PlanChoice
from core.exports.meeting import FIGURES, meeting_file_name, meeting_workbook
from core.figures.registry import Said
from core.figures.scenes.kept import to_json
from core.figures.scenes.registry import makers, scenes_of
from core.figures.scenes.scene import Scene
from core.figures.trainings import ahead as sessions_ahead
from core.params import Basis
from core.store.engine import data_revision, reading, writing
from core.store.kpi import known
from core.store.meetings import meeting_sets
from core.store.trainings import fill_trainings
from core.store.wishes import wish_events
from core.support.wish import WishState, current_wishes
from core.values.errors import ConflictError, InvalidInputError, PermissionDeniedError
from core.views.meetings import (
    compared_view,
    frozen_view,
    meetings_view,
    wall_view,
)
from tests.support.reference import REFERENCE

DAY = date(2023, 10, 2)
SAKAI, SUITA = "271403", "272051"
Keep = Callable[..., str]


def wished(engine: Engine, officer: Principal, now: datetime, plan: int = 6) -> None:
    hand_in_wishes(
        engine,
        officer,
        lg_code=str(officer.lg_code),
        request=EstimateRequest(2024, (PlanChoice(plan, 12),)),
        state=WishState.WISHED,
        reference=REFERENCE,
        seen={},
        request_id=f"{officer.lg_code}-{plan}",
        now=now,
    )


def withdrawn(engine: Engine, officer: Principal, now: datetime, plan: int = 6) -> None:
    with reading(engine) as session:
        before = current_wishes(wish_events(session))[(str(officer.lg_code), 2024, plan)]
    advance_wish(
        engine,
        officer,
        lg_code=str(officer.lg_code),
        fiscal_year=2024,
        plan=plan,
        state=WishState.WITHDRAWN,
        reason="財源の都合",
        seen_event=before.event_id,
        request_id=f"no-{officer.lg_code}",
        now=now,
    )


def scenes_now(engine: Engine, *keys: str) -> tuple[Scene, ...]:
    with reading(engine) as session:
        return scenes_of(keys or makers(REFERENCE), Said(known(session, REFERENCE), DAY))


def number(scenes: tuple[Scene, ...]) -> int | None:
    return next(s for s in scenes if s.key == "number").figures[0].figure.value


def frozen_now(engine: Engine, who: Principal, now: datetime, request_id: str = "f") -> int:
    return freeze_meeting(
        engine,
        who,
        name="第3回",
        scenes=tuple(makers(REFERENCE)),
        as_of=DAY,
        set_id="",
        reference=REFERENCE,
        request_id=request_id,
        now=now,
    )


def revealed_now(
    engine: Engine, who: Principal, now: datetime, *, is_open: bool = True, set_id: str = ""
) -> None:
    reveal_scene(
        engine, who, set_id=set_id, scene="tiles", is_open=is_open, reference=REFERENCE,
        request_id=f"{set_id}{is_open}{now}", now=now,
    )  # fmt: skip


def test_a_correction_changes_neither_the_frozen_numbers_nor_their_export_but_shows(
    engine: Engine,
    secretariat: Principal,
    viewer: Principal,
    officer: Callable[[str], Principal],
    now: datetime,
) -> None:
    wished(engine, officer(SAKAI), now)
    wished(engine, officer(SUITA), now)
    before = data_revision(engine)
    frozen_id = frozen_now(engine, secretariat, now)
    then = frozen_view(engine, viewer, freeze_id=frozen_id)
    book = meeting_workbook(then, reference=REFERENCE, made_up=False)
    assert number(then.scenes) == 2
    assert (then.moment.revision, then.moment.as_of) == (before, DAY)
    assert (then.moment.frozen_at, then.moment.frozen_by) == (now, "jimukyoku")
    same = compared_view(engine, viewer, REFERENCE, freeze_id=frozen_id, as_of=DAY)
    assert (same.changed, same.moved_on) == ((), ())

    withdrawn(engine, officer(SUITA), now)
    assert number(scenes_now(engine)) == 1
    again = frozen_view(engine, viewer, freeze_id=frozen_id)
    assert again == then
    assert meeting_workbook(again, reference=REFERENCE, made_up=False) == book
    found = compared_view(engine, viewer, REFERENCE, freeze_id=frozen_id, as_of=DAY).changed
    assert ("のべ希望プラン", "2件", "1件", -1) in {
        (each.what, each.then, each.now, each.change) for each in found
    }


def test_freezing_equals_what_the_wall_shows_at_that_revision(
    engine: Engine,
    secretariat: Principal,
    officer: Callable[[str], Principal],
    now: datetime,
) -> None:
    wished(engine, officer(SAKAI), now)
    wall = wall_view(engine, secretariat, REFERENCE, set_id=None, as_of=DAY)
    frozen = frozen_view(engine, secretariat, freeze_id=frozen_now(engine, secretariat, now))
    told = [scene for scene in wall.scenes if not scene.covered_by]
    assert [scene for scene in frozen.scenes if scene.key not in ("tiles", "missing")] == told
    assert frozen.moment.revision == wall.revision


def test_nothing_of_a_hidden_scene_is_told_by_another_and_only_who_may_opens_it(
    engine: Engine,
    secretariat: Principal,
    viewer: Principal,
    officer: Callable[[str], Principal],
    now: datetime,
) -> None:
    wished(engine, officer(SAKAI), now)
    wished(engine, officer(SUITA), now)

    def told(who: Principal, as_of: date = DAY, set_id: str | None = None) -> dict[str, Scene]:
        wall = wall_view(engine, who, REFERENCE, set_id=set_id, as_of=as_of)
        return {scene.key: scene for scene in wall.scenes}

    for who in (viewer, secretariat):  # the wall of the one who may open it hangs in the room, too
        covered = told(who)
        assert {key for key, scene in covered.items() if scene.covered_by} == {"tiles", "missing"}
        assert covered["missing"].chart is None
        words = to_json(covered.values())
        for secret in ("、2団体", "2団体が", "41団体", "検討中0団体"):
            assert secret not in words
    with pytest.raises(PermissionDeniedError):
        revealed_now(engine, viewer, now)
    revealed_now(engine, secretariat, now)
    assert not any(scene.covered_by for scene in told(viewer).values())
    assert [part.value for part in (b.figure for b in told(viewer)["tiles"].figures)] == [2, 41]
    assert told(viewer, DAY + timedelta(1))["tiles"].covered_by  # the next meeting begins hidden
    revealed_now(engine, secretariat, now + timedelta(seconds=1), is_open=False)
    assert told(viewer)["tiles"].covered_by
    with pytest.raises(ConflictError, match="削除されています"):
        revealed_now(engine, secretariat, now, set_id="gone")


def test_what_was_hidden_when_a_moment_was_kept_is_told_to_nobody_who_may_not_open_it(
    engine: Engine,
    secretariat: Principal,
    viewer: Principal,
    officer: Callable[[str], Principal],
    now: datetime,
) -> None:
    wished(engine, officer(SAKAI), now)
    hidden = frozen_now(engine, secretariat, now)
    revealed_now(engine, secretariat, now)
    is_open = frozen_now(engine, secretariat, now + timedelta(seconds=1), "open")
    wished(engine, officer(SUITA), now + timedelta(seconds=2))

    def covered(who: Principal, number: int) -> set[str]:
        kept = frozen_view(engine, who, freeze_id=number)
        return {scene.key for scene in kept.scenes if scene.covered_by}

    assert covered(viewer, hidden) == {"tiles", "missing"}
    assert covered(viewer, is_open) == covered(secretariat, hidden) == set()
    for number in (hidden, is_open):
        found = compared_view(engine, viewer, REFERENCE, freeze_id=number, as_of=DAY)
        assert not {each.scene for each in found.changed} & {"43市町村の参加希望"}
        found = compared_view(engine, secretariat, REFERENCE, freeze_id=number, as_of=DAY)
        assert {each.scene for each in found.changed} >= {"43市町村の参加希望"}


def test_what_only_the_calendar_changed_is_told_apart_from_what_was_recorded(
    engine: Engine,
    secretariat: Principal,
    officer: Callable[[str], Principal],
    now: datetime,
) -> None:
    with writing(engine) as session:
        fill_trainings(session, REFERENCE.trainings, now)
    day = date(2022, 11, 1)
    number = freeze_meeting(
        engine, secretariat, name="", scenes=("trainings", "number"), as_of=day, set_id="",
        reference=REFERENCE, request_id="early", now=now,
    )  # fmt: skip
    same = compared_view(engine, secretariat, REFERENCE, freeze_id=number, as_of=day)
    assert (same.changed, same.moved_on) == ((), ())
    later = compared_view(engine, secretariat, REFERENCE, freeze_id=number, as_of=DAY)
    assert later.changed == ()
    assert "これからの日程" in {each.what for each in later.moved_on}
    wished(engine, officer(SAKAI), now + timedelta(minutes=1))
    both = compared_view(engine, secretariat, REFERENCE, freeze_id=number, as_of=DAY)
    assert {each.what for each in both.changed} == {"のべ希望プラン"}
    assert "これからの日程" in {each.what for each in both.moved_on}


def test_pressing_twice_freezes_once(engine: Engine, secretariat: Principal, now: datetime) -> None:
    assert frozen_now(engine, secretariat, now) == frozen_now(engine, secretariat, now)
    other = frozen_now(engine, secretariat, now + timedelta(seconds=1), "another")
    moments = meetings_view(engine, secretariat).moments
    assert [moment.freeze_id for moment in moments] == [other, other - 1]


def test_a_frozen_moment_there_is_not_says_so(engine: Engine, viewer: Principal) -> None:
    with pytest.raises(InvalidInputError, match="「41」はありません"):
        frozen_view(engine, viewer, freeze_id=41)


@pytest.mark.parametrize("table", ["meeting_freeze", "meeting_set"])
@pytest.mark.parametrize("change", ["UPDATE {} SET name = 'x'", "DELETE FROM {}"])
def test_the_database_itself_refuses_to_change_what_was_kept(
    engine: Engine, secretariat: Principal, now: datetime, table: str, change: str, keep: Keep
) -> None:
    frozen_now(engine, secretariat, now)
    keep()
    with engine.begin() as connection, pytest.raises(DBAPIError, match="never changed"):
        connection.execute(text(change.format(table)))


@pytest.fixture
def keep(engine: Engine, secretariat: Principal, now: datetime) -> Keep:
    def kept(**given: object) -> str:
        usual: dict[str, object] = {
            "set_id": None,
            "name": "第3回会議",
            "scenes": ("map", "tiles"),
            "seconds": 15,
            "seen_row": 0,
            "request_id": "keep",
            "now": now,
        }
        return keep_meeting_set(engine, secretariat, reference=REFERENCE, **(usual | given))  # type: ignore[arg-type]

    return kept


def test_a_set_keeps_its_scenes_in_order_and_the_wall_follows(
    engine: Engine, viewer: Principal, keep: Keep
) -> None:
    before = wall_view(engine, viewer, REFERENCE, set_id=None, as_of=DAY)
    assert [s.key for s in before.scenes] == list(makers(REFERENCE))
    set_id = keep()
    wall = wall_view(engine, viewer, REFERENCE, set_id=None, as_of=DAY)
    assert ([s.key for s in wall.scenes], wall.seconds, wall.name) == (
        ["map", "tiles"],
        15,
        "第3回会議",
    )
    keep(name="第4回会議", scenes=("number",), seconds=0, request_id="second")
    assert [s.key for s in wall_view(engine, viewer, REFERENCE, set_id=None, as_of=DAY).scenes] == [
        "number"
    ]
    asked = wall_view(engine, viewer, REFERENCE, set_id=set_id, as_of=DAY)
    assert [s.key for s in asked.scenes] == ["map", "tiles"]


def test_changing_and_discarding_a_set_are_inserts_and_stale_forms_are_refused(
    engine: Engine, secretariat: Principal, keep: Keep, now: datetime
) -> None:
    set_id = keep()
    [first] = meetings_view(engine, secretariat).sets
    keep(set_id=set_id, scenes=("tiles",), seen_row=first.row_id, request_id="change")
    with pytest.raises(ConflictError, match="変更しています"):
        keep(set_id=set_id, scenes=("map",), seen_row=first.row_id, request_id="late")
    [changed] = meetings_view(engine, secretariat).sets
    assert changed.scenes == ("tiles",)
    for _ in range(2):  # the second is the double click
        discard_meeting_set(
            engine,
            secretariat,
            set_id=set_id,
            seen_row=changed.row_id,
            request_id="discard",
            now=now,
        )
    assert meetings_view(engine, secretariat).sets == ()
    with pytest.raises(ConflictError, match="削除されています"):
        keep(set_id=set_id, seen_row=changed.row_id, request_id="too late")
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM meeting_set")).scalar() == 3
    with reading(engine) as session:
        assert meeting_sets(session)[set_id].state.value == "discarded"


def test_all_problems_of_the_form_are_named_at_once(keep: Keep) -> None:
    with pytest.raises(InvalidInputError) as refused:
        keep(name="  ", scenes=(), seconds=3)
    assert set(refused.value.problems) == {"name", "scenes", "seconds"}
    with pytest.raises(InvalidInputError, match="60文字以内"):
        keep(name="あ" * 61)


def test_a_name_is_taken_once(keep: Keep) -> None:
    assert keep() == keep()  # the same request
    with pytest.raises(ConflictError, match="既にあります"):
        keep(request_id="another")


def test_a_budget_of_an_earlier_year_says_nothing_about_this_one(
    engine: Engine, secretariat: Principal, now: datetime
) -> None:
    def budget() -> int | None:
        [talent] = scenes_now(engine, "talent")
        return talent.figures[1].figure.value

    for year, amount in ((2023, 9_000_000), (2024, 8_000_000)):
        assert budget() is None
        record_parameter(
            engine,
            secretariat,
            name="talent.programme_budget",
            text=str(amount),
            valid_from=date(year, 4, 1),
            basis=Basis.OFFICIAL,
            source="府通知",
            note="",
            request_id=f"budget-{year}",
            now=now,
        )
    assert budget() == 8_000_000


def test_the_workbook_holds_numbers_as_numbers_with_what_they_owe(
    engine: Engine,
    secretariat: Principal,
    officer: Callable[[str], Principal],
    now: datetime,
) -> None:
    wished(engine, officer(SAKAI), now)
    frozen = frozen_view(engine, secretariat, freeze_id=frozen_now(engine, secretariat, now))
    book = load_workbook(BytesIO(meeting_workbook(frozen, reference=REFERENCE, made_up=False)))
    sheet = book[FIGURES]
    assert sheet["A1"].value == "第3回"
    assert f"データ改訂番号 {frozen.moment.revision}" in sheet["A2"].value
    rows = list(sheet.iter_rows(min_row=5, values_only=True))
    figures = [big.figure for scene in frozen.scenes for big in scene.figures]
    assert [row[1] for row in rows] == [figure.label for figure in figures]
    assert [row[2] for row in rows] == [
        "不明" if figure.value is None else figure.value for figure in figures
    ]
    assert all(row[6] and row[7] and row[8] and row[9] for row in rows)
    assert book.sheetnames[1:] == [scene.title for scene in frozen.scenes if scene.rows]
    assert meeting_file_name(frozen, made_up=False) == "会議の控え_第3回_20231002_0930.xlsx"


def test_the_wall_lists_the_trainings_ahead_of_its_day_with_their_seats(
    engine: Engine, now: datetime
) -> None:
    with writing(engine) as session:
        fill_trainings(session, REFERENCE.trainings, now)
    with reading(engine) as session:
        everything = known(session, REFERENCE)
    ahead = sessions_ahead(everything, date(2022, 11, 1))
    assert sessions_ahead(everything, DAY) == ()
    assert ahead
    assert min(each.day for each in ahead) >= date(2022, 11, 1)
    assert {each.seats_left for each in ahead} == {None}
