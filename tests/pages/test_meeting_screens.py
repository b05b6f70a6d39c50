"""会議・会議の準備: what the component is given, sets, freezing, reopening, comparing."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.access.principal import CONSOLE
from core.commands.meetings import freeze_meeting, keep_meeting_set
from core.commands.wishes import hand_in_wishes
from core.estimate.request import EstimateRequest, PlanChoice
from core.figures.scenes.registry import makers
from core.support.wish import WishState
from core.values.errors import DatabaseTroubleError, Trouble
from dashboard import context
from dashboard.meeting import wall
from dashboard.served.short_address import code_of, short_address, wish_path
from tests.support.cards import tables_of
from tests.support.reference import REFERENCE
from tests.support.screens import Screens, queries

Make = Callable[[str], Screens]


def component(app: AppTest) -> dict[str, Any]:
    """What the wall's component was given."""
    found = [
        json.loads(each.json)
        for each in _components(app)
        if each.component_name.endswith("noriai_wall")
    ]
    [data] = found
    return dict(data)


def _components(app: AppTest) -> list[Any]:
    protos = [getattr(node, "proto", None) for node in app.main]
    return [proto for proto in protos if type(proto).__name__ == "BidiComponent"]


def wished(screens: Screens, lg_code: str = "272051") -> None:
    hand_in_wishes(
        screens.engine,
        CONSOLE,
        lg_code=lg_code,
        request=EstimateRequest(2027, (PlanChoice(1, 12),)),
        state=WishState.WISHED,
        reference=REFERENCE,
        seen={},
        request_id=lg_code,
        now=context.now(),
    )


def number(data: dict[str, Any]) -> str:
    found = {scene["key"]: scene for scene in data["scenes"]}
    return str(found["number"]["figures"][0]["value"])


@pytest.mark.parametrize("reader", ["viewer", "secretariat"])
def test_the_wall_is_given_every_scene_and_who_may_freeze(screens_on: Make, reader: str) -> None:
    screens = screens_on("filled")
    data = component(screens.open(screens.signed_in(reader), "meeting"))
    assert [scene["key"] for scene in data["scenes"]] == list(makers(REFERENCE))
    assert data["canFreeze"] is data["canReveal"] is (reader == "secretariat")
    assert data["spoken"] == "127.0.0.1:8501/w"
    assert number(data) == "6"
    tiles = next(scene for scene in data["scenes"] if scene["key"] == "tiles")
    assert {item["mark"] for item in tiles["chart"]["items"]} == {
        None
    }  # nothing to find in the page
    assert {figure["value"] for figure in tiles["figures"]} == {"？"}
    assert data["fixed"] is True
    for scene in data["scenes"]:
        assert scene["sources"]
        assert scene["publishers"]


def test_a_new_wish_is_in_the_next_answer_and_asking_again_costs_four_queries(
    screens_on: Make,
) -> None:
    screens = screens_on("filled")
    app = screens.open(screens.signed_in("viewer"), "meeting")
    before = component(app)
    screens.statements.clear()
    app.run()
    assert len(queries(screens.statements)) <= 4  # who it is and the revision, for page and wall
    assert component(app) == before
    wished(screens)
    app.run()
    after = component(app)
    assert number(after) == str(int(number(before)) + 1)
    assert after["revision"] > before["revision"]


def test_a_set_decides_scenes_and_pace(screens_on: Make) -> None:
    screens = screens_on("empty")
    set_id = keep_meeting_set(
        screens.engine, CONSOLE, set_id=None, name="第3回", scenes=("map", "number"), seconds=0,
        seen_row=0, reference=REFERENCE, request_id="k", now=context.now(),
    )  # fmt: skip
    for query in ("", f"set={set_id}", "set=gone", "set=<script>"):
        data = component(screens.open(screens.signed_in("viewer"), "meeting", query))
        assert [scene["key"] for scene in data["scenes"]] == ["map", "number"]
        assert data["seconds"] == 0
        assert ("「第3回」を映しています" in data["notice"]) is query.startswith(
            ("set=gone", "set=<")
        )


def test_when_the_database_goes_the_last_numbers_are_given_again(
    screens_on: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    screens = screens_on("filled")
    app = screens.open(screens.signed_in("viewer"), "meeting")
    before = component(app)

    def gone(*_: object, **__: object) -> None:
        raise DatabaseTroubleError(Trouble.AWAY)

    with monkeypatch.context() as patched:
        patched.setattr(wall.context, "answer", gone)
        app.run()
        assert not app.exception
        assert component(app) == {**before, "troubled": True}
    app.run()
    assert component(app) == before


def test_a_frozen_moment_opens_as_it_was(screens_on: Make) -> None:
    screens = screens_on("filled")
    frozen = freeze_meeting(
        screens.engine, CONSOLE, name="第3回", scenes=tuple(makers(REFERENCE)), as_of=context.today(),
        set_id="", reference=REFERENCE, request_id="f", now=context.now(),
    )  # fmt: skip
    wished(screens)
    data = component(screens.open(screens.signed_in("viewer"), "meeting", f"freeze={frozen}"))
    assert number(data) == "6"
    assert data["frozen"]["text"].startswith("控え 2026-11-24")
    assert data["name"] == "第3回"
    assert data["canFreeze"] is False
    assert data["canReveal"] is False


@pytest.mark.parametrize("query", ["freeze=999", "freeze=" + "9" * 400, "freeze=abc", "freeze="])
def test_a_frozen_moment_there_is_not_says_so(screens_on: Make, query: str) -> None:
    screens = screens_on("empty")
    app = screens.open(screens.signed_in("viewer"), "meeting", query)
    assert not app.exception
    assert "ありません" in app.error[0].value


def test_keeping_a_set_empties_the_form_and_discarding_takes_it_off_the_list(
    screens_on: Make,
) -> None:
    screens = screens_on("empty")
    app = screens.open(screens.signed_in("secretariat"), "meeting_preparation")
    app.text_input[0].set_value("第3回 <b>会議</b>")
    app.button[[b.label for b in app.button].index("保存")].click().run()
    assert not app.exception
    assert "保存しました" in app.success[0].value
    assert app.text_input[0].value == ""
    assert any(r"\<b\>会議\<\/b\>" in m.value or r"\<b\>" in m.value for m in app.markdown)
    app.button[[b.label for b in app.button].index("削除")].click().run()
    app.button[[b.label for b in app.button].index("削除する")].click().run()
    assert not app.exception
    assert any("削除しました" in s.value for s in app.success)
    assert not [b for b in app.button if b.label == "削除する"]


def test_a_form_without_name_or_scenes_says_both(screens_on: Make) -> None:
    screens = screens_on("empty")
    app = screens.open(screens.signed_in("secretariat"), "meeting_preparation")
    app.multiselect[0].set_value([])
    app.button[[b.label for b in app.button].index("保存")].click().run()
    assert not app.exception
    assert "名前" in app.error[0].value
    assert "場面" in app.error[0].value


def test_a_difference_since_the_freeze_is_shown(screens_on: Make) -> None:
    screens = screens_on("filled")
    freeze_meeting(
        screens.engine, CONSOLE, name="第3回", scenes=tuple(makers(REFERENCE)), as_of=context.today(),
        set_id="", reference=REFERENCE, request_id="f", now=context.now(),
    )  # fmt: skip
    app = screens.signed_in("secretariat")
    app.session_state["meeting_preparation.tab"] = "控え"
    screens.open(app, "meeting_preparation")
    assert any("記録で変わった数字はありません" in s.value for s in app.success)
    wished(screens)
    app.run()
    assert not app.exception
    [_, differing] = tables_of(app)
    assert ["のべ希望プラン", "6件", "7件", "+1件"] in differing.to_numpy().tolist()


def test_the_code_is_made_here_and_leads_to_the_plans_of_the_year_being_budgeted(
    screens_on: Make,
) -> None:
    screens_on("empty")
    assert short_address() == "http://127.0.0.1:8501/w"
    assert wish_path() == "plans?fy=2027"
    assert code_of(short_address()).startswith("data:image/svg+xml")


def test_every_scene_has_a_line_on_what_it_is_for(screens_on: Make) -> None:
    screens = screens_on("empty")
    app = screens.open(screens.signed_in("secretariat"), "meeting_preparation")
    told = "\n".join(m.value for m in app.markdown)
    assert all(maker.purpose in told for maker in makers(REFERENCE).values())
