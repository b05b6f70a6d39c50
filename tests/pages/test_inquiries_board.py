"""回答状況 and 集計 under AppTest: empty and filled, one answer opened, sent back, recorded; a hidden vote."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from streamlit.testing.v1 import AppTest

from core.commands.responses import save_draft
from core.inquiry.question import Condition, Option, Question
from core.inquiry.response import ResponseState, Way
from core.store.engine import reading
from core.store.inquiries import inquiry_of, response_of
from core.store.wishes import wish_events
from core.support.wish import WishState, current_wishes
from dashboard.inquiries.tally import _KINDS
from tests.pages.test_inquiries_office import agreed, button, opened, refused, said, words
from tests.pages.test_meeting_screens import component
from tests.support.cards import cards_of, tables_of
from tests.support.reference import REFERENCE
from tests.support.screens import HIRAKATA, SAKAI, Screens, japan_now
from tests.support.votes import VOTE, Asked

Make = Callable[[str], Screens]
THIRD = "272027"
EVERY = (
    Question("one", "single", "体制", options=(Option("a", "専任<b>"), Option("b", "兼務")), not_applicable=True),
    Question("many", "several", "課題", options=(Option("a", "人"), Option("b", "予算")), required=False),
    Question("yes", "yes_no", "関心"),
    Question("why", "text", "分野", condition=Condition("yes", ("yes",)), required=False),
    Question("people", "number", "職員数", unit="人", required=False),
    Question("cost", "yen", "予算", required=False),
    Question("day", "day", "予定日", required=False),
    Question("plans", "plan_wishes", "プラン", fiscal_year=2026, required=False),
    Question("join", "join_intention", "意向", programmes=("eapply",), required=False),
)  # fmt: skip
FULL: dict[str, Any] = {
    "one": "a",
    "many": ["a", "b"],
    "yes": "yes",
    "why": "窓口の*共同化*",
    "people": "12",
    "cost": "1,200万",
    "day": "2027-01-15",
    "plans": [{"plan": 6, "visits": 12, "state": "wished"}],
    "join": {"eapply": {"intention": "interested"}},
}


def asked_of_three(screens: Screens, *questions: Question, hidden: bool = False) -> Asked:
    towns = (SAKAI, HIRAKATA, THIRD)
    return Asked(screens.engine, *questions, towns=towns, hidden=hidden, now=japan_now())


def names(app: AppTest) -> dict[str, str]:
    """State by municipality, as the table of the board has it."""
    [found] = [each for each in tables_of(app) if "状態" in each.columns]
    return {str(name): str(row["状態"]) for name, row in found.iterrows()}


def test_an_unanswered_inquiry_has_a_board_and_no_tally(screens_on: Make) -> None:
    screens = screens_on("empty")
    asked_of_three(screens, *EVERY)
    app = opened(screens)
    assert not app.exception
    assert names(app) == dict.fromkeys(("堺市", "枚方市", "岸和田市"), "－ 未着手")
    assert {each.title: each.value for each in cards_of(app)}["まだの団体"] == "3団体"
    app = opened(screens, tab="集計")
    assert not app.exception
    assert "まだ提出がありません" in "".join(each.value for each in app.info)


def test_every_kind_stands_in_the_tally_by_group_and_side_by_side(screens_on: Make) -> None:
    screens = screens_on("filled")
    asked = asked_of_three(screens, *EVERY)
    asked.hands_in(SAKAI, **FULL)
    asked.hands_in(HIRAKATA, one={"not_applicable": True}, yes="no")
    app = opened(screens, tab="集計")
    assert not app.exception
    words = "\n".join(str(each.value) for each in app.markdown)
    assert words.count("3団体に照会。") == len(EVERY)
    assert "回答 1団体、該当なし 1団体、未回答 1団体。" in words
    assert "聞いていない 1団体" in words
    [money] = [each for each in tables_of(app) if "歳出" in each.columns]
    assert money.loc["希望・予算要求"]["歳出"] == "1,200,000円"
    app.selectbox(key=f"inquiry.by.{asked.number}").select("size").run()
    assert not app.exception
    assert any("30万人以上(1/2)" in each.columns for each in tables_of(app))
    app = opened(screens, tab="集計&by=団体を並べる")
    assert not app.exception
    [beside] = [each for each in tables_of(app) if list(each.columns) == ["堺市", "枚方市"]]
    assert list(beside.loc["5. 職員数"]) == ["12人", "無記入"]


def test_every_kind_is_drawn_by_its_own_or_side_by_side() -> None:
    from core.inquiry.kinds.registry import KINDS

    assert set(_KINDS) <= set(KINDS)
    assert {"text", "person", "file"}.isdisjoint(_KINDS)


def test_an_answer_is_opened_sent_back_and_recorded_for_somebody(screens_on: Make) -> None:
    screens = screens_on("empty")
    asked = asked_of_three(screens, *EVERY[:1])
    asked.hands_in(SAKAI, one="a")
    receipt = asked.hands_in(SAKAI, one="b")
    app = opened(screens, tab=f"&answer={SAKAI}")
    [board] = [each for each in tables_of(app) if "最後の提出" in each.columns]
    assert board.loc["堺市"]["受領番号"] == str(receipt.number)
    [answers] = [each for each in tables_of(app) if list(each.columns) == ["回答"]]
    assert answers.loc["1. 体制"]["回答"] == "兼務"
    assert any({"前", "後"} <= set(each.columns) for each in tables_of(app))
    button(app, "差し戻す").click().run()
    agreed(app, "差し戻す")
    assert any("理由" in each for each in refused(app))
    next(each for each in app.text_area if each.label == "差し戻す理由(必須)").input(
        "数を確かめて"
    ).run()
    agreed(app, "差し戻す")
    assert "差し戻しました" in said(app)
    assert names(app)["堺市"] == "▲ 差戻し"
    app = opened(screens, tab=f"&answer={THIRD}")
    [choice] = [each for each in app.radio if "体制" in each.label or "回答" in each.label][:1] or [
        app.radio[-1]
    ]
    choice.set_value("b").run()
    button(app, "この内容で記録する").click().run()
    assert not app.exception
    assert "岸和田市の回答を記録しました。受領番号" in said(app)
    with reading(screens.engine) as session:
        found = response_of(session, inquiry_of(session, asked.number), THIRD)
    assert found.state is ResponseState.HANDED_IN
    assert (found.events[-1].way, found.events[-1].answers) == (Way.TELEPHONE, {"one": "b"})


def test_a_hidden_vote_says_how_many_on_the_screen_and_on_the_wall_until_it_is_revealed(
    screens_on: Make,
) -> None:
    screens = screens_on("empty")
    asked = asked_of_three(screens, VOTE, hidden=True)
    asked.hands_in(SAKAI, vote=["c", "a"])
    app = opened(screens, tab="集計")
    assert "**1団体**が投票しました(3団体のうち" in "".join(each.value for each in app.info)
    assert "候補c" not in "".join(str(each.value) for each in (*app.markdown, *app.caption))
    assert any("R4.4.7" in each.label for each in app.expander)
    assert "集計表は図であり" in "".join(str(each.value) for each in app.markdown)
    app = screens.open(screens.signed_in("secretariat"), "meeting", f"set=inquiry-{asked.number}")
    data = component(app)
    [scene] = data["scenes"]
    assert (scene["sealed"], scene["chart"], scene["rows"]) == (True, None, [])
    assert [scene["figures"][0][key] for key in ("label", "value")] == ["投票した団体", "1"]
    assert "候補" not in json.dumps(data, ensure_ascii=False)
    asked.reveals()
    app.run()
    [scene] = component(app)["scenes"]
    assert scene["sealed"] is False
    assert scene["rows"][0][:3] == ["候補c", "1位", "2点"]
    app = opened(screens, tab="集計")
    assert not app.exception
    assert any("公開したときの控え" in str(each.proto) for each in app.main)


def test_the_state_and_the_area_narrow_the_table(screens_on: Make) -> None:
    screens = screens_on("empty")
    asked = asked_of_three(screens, *EVERY[:1])
    asked.hands_in(SAKAI, one="a")
    from tests.support.inquiries import officer

    save_draft(
        screens.engine, officer(HIRAKATA), lg_code=HIRAKATA, inquiry_id=asked.number,
        typed={"one": "a"}, seen_revision=0, reference=REFERENCE, now=japan_now(),
    )  # fmt: skip
    app = opened(screens)
    assert names(app)["枚方市"] == "✎ 下書き"
    app.selectbox(key=f"inquiry.state.{asked.number}").select("missing").run()
    assert set(names(app)) == {"枚方市", "岸和田市"}
    area = REFERENCE.by_code[THIRD].area
    app.selectbox(key=f"inquiry.area.{asked.number}").select(area).run()
    assert set(names(app)) == {"岸和田市"}


def test_what_is_reflected_and_taken_back_later_is_withdrawn_on_the_screen(
    screens_on: Make,
) -> None:
    screens = screens_on("empty")
    wished = Question("plans", "plan_wishes", "希望", fiscal_year=2026, flows=True)
    asked = asked_of_three(screens, wished)
    both = [{"plan": plan, "visits": 3, "state": "wished"} for plan in (2, 3)]
    asked.hands_in(SAKAI, plans=both)
    app = opened(screens, tab="反映")
    button(app, "すべて選ぶ").click().run()
    button(app, "1団体の回答を反映する").click().run()
    assert "1団体の回答を参加希望に反映しました(新しい記録 2件" in said(app)
    assert "回答から外れたプラン" not in words(app)
    asked.now += timedelta(minutes=1)
    asked.hands_in(SAKAI, plans=both[:1])
    app = opened(screens, tab="反映")
    assert "反映した後に回答が変わった団体があります: 堺市" in "".join(w.value for w in app.warning)
    assert "回答から外れたプラン" in words(app)
    [taken] = [each for each in app.checkbox if str(each.key).startswith("inquiry.dropped.")]
    assert "堺市" in taken.label
    assert button(app, "0件の希望を辞退にする").disabled
    taken.check().run()
    button(app, "1件の希望を辞退にする").click().run()
    assert "1件の希望を「辞退」として記録しました" in said(app)
    app = opened(screens, tab="反映")
    assert "回答から外れたプラン" not in words(app)
    with reading(screens.engine) as session:
        wishes = current_wishes(wish_events(session, SAKAI))
    states = {plan: wish.state for (_, year, plan), wish in wishes.items() if year == 2026}
    assert states[2] is WishState.WISHED
    assert states[3] is WishState.WITHDRAWN
