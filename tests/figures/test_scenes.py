"""Scenes are pure: the same day and the same records, the same words; unknown stays unknown."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.figures.indicator import Place
from core.figures.known import Known
from core.figures.registry import Said, indicators, shown
from core.figures.scenes.difference import ABSENT, differences
from core.figures.scenes.kept import from_json, to_json
from core.figures.scenes.registry import check_scenes, makers, scenes_of
from core.figures.scenes.scene import ChartKind, Scene
from core.params import Basis, Parameter
from core.procurement.event import EventKind, LedgerEvent
from core.support.wish import WishEvent, WishState
from core.training.reach import KnownSession
from core.values.errors import InvalidInputError
from core.values.figure import LEDGER_SOURCE
from core.values.fiscal import JAPAN, FiscalYear, parse_date
from core.values.money import Yen
from tests.support.facts import declared, facts
from tests.support.opened import OPENED
from tests.support.reference import REFERENCE

DAY = date(2023, 11, 1)
YEAR = FiscalYear(2024)
CODES = [m.lg_code for m in REFERENCE.municipalities]
AT = datetime(2023, 10, 2, tzinfo=JAPAN)
SCENES = makers(REFERENCE)


def wish(lg_code: str, plan: int, state: WishState = WishState.WISHED) -> WishEvent:
    return WishEvent(
        event_id=plan, lg_code=lg_code, fiscal_year=YEAR, plan=plan, state=state, visits=12,
        gross=Yen(1_200_000), subsidy=Yen(600_000), net=Yen(600_000), reason="",
        recorded_at=AT, recorded_by="tanto",
    )  # fmt: skip


def event(
    number: int, lg_code: str, programme: str, day: str, kind: EventKind = EventKind.JOINED
) -> LedgerEvent:
    return LedgerEvent(
        event_id=number, participant=lg_code, programme=programme, lot=None, kind=kind,
        effective=parse_date(day), target=None, source="府通知", note="", corrects=None,
        recorded_at=AT, recorded_by="jimukyoku",
    )  # fmt: skip


def session(day: date, title: str, place: str, left: int | None, source: str = "") -> KnownSession:
    return KnownSession(title, day, title, "ai", False, {}, {}, place, left, source)


def known(**given: object) -> Known:
    usual: dict[str, object] = {"ledger": (), "wishes": (), "sessions": ()}
    return facts(**(usual | given))  # type: ignore[arg-type]


def budget(amount: int) -> tuple[Parameter, ...]:
    own = Parameter(
        "talent.programme_budget", amount, YEAR.first_day, Basis.OFFICIAL, "府通知", "", None
    )
    return (*REFERENCE.parameters, own)


def scene(key: str, found: Known, day: date = DAY) -> Scene:
    [made] = scenes_of([key], Said(found, day))
    return made


def every_scene(found: Known) -> tuple[Scene, ...]:
    return scenes_of(SCENES, Said(found, DAY))


def values(made: Scene) -> list[object]:
    return [big.figure.value for big in made.figures]


GIVEN: dict[str, object] = {
    "wishes": (
        wish(CODES[0], 1),
        wish(CODES[0], 2, WishState.APPROVED),
        wish(CODES[1], 3, WishState.CONSIDERING),
        wish(CODES[2], 7, WishState.WITHDRAWN),
    ),
    "ledger": (
        event(1, CODES[0], "chat", "2021-05-01"),
        event(2, CODES[1], "chat", "2022-06-01", EventKind.JOINED_LATE),
        event(3, CODES[0], "docs", "2023-04-01"),
        event(4, CODES[3], "chat", "2023-12-01"),  # after the day
        event(5, CODES[4], "chat", "2023-01-01", EventKind.PLANNED),
    ),
    "sessions": (
        session(date(2023, 11, 10), "勉強会", "オンライン", 3),
        session(date(2023, 12, 1), "研修会", "府庁", None, "jirei"),
    ),
}
FILLED = known(**GIVEN)
COVERED = known(**GIVEN, coverage=declared(date(2021, 5, 1), "chat", "docs"))
WORLDS = pytest.mark.parametrize(
    "found", [known(), FILLED, COVERED], ids=["nothing recorded", "filled", "covered"]
)


@WORLDS
@pytest.mark.parametrize("key", SCENES)
def test_every_scene_says_what_it_owes(key: str, found: Known) -> None:
    made = scene(key, found)
    assert made.key == key
    assert 1 <= len(made.figures) <= 4
    assert made.title
    assert made.sentence.endswith("。")
    for big in made.figures:
        figure = big.figure
        assert all((figure.label, figure.unit, figure.definition, figure.basis, figure.as_of))
    known = {LEDGER_SOURCE, *REFERENCE.sources}
    assert set(made.sources) <= known
    assert {len(row) for row in made.rows} <= {len(made.columns)}
    assert len({row[0] for row in made.rows}) == len(made.rows)


@pytest.mark.parametrize("key", SCENES)
def test_every_chart_has_title_unit_basis_words_and_its_table(key: str) -> None:
    made = scene(key, FILLED)
    if made.chart is None:
        return
    chart = made.chart
    assert all((chart.title, chart.unit, chart.basis, chart.alt))
    assert made.rows
    signs = [mark.sign for mark in chart.legend]
    assert len(set(signs)) == len(signs)  # told apart without colour
    assert len({item.key for item in chart.items}) == len(chart.items)
    for item in chart.items:
        if chart.kind in (ChartKind.BARS, ChartKind.STEPS):
            assert len(item.values) == len(chart.legend)
        else:
            assert item.mark is not None
            assert 0 <= item.mark < len(chart.legend)


def test_wishes_are_counted_by_hand_and_what_is_considered_is_no_wish() -> None:
    number = scene("number", FILLED)
    assert values(number) == [2]
    assert "のべ2件" in number.sentence
    assert "1団体" not in number.sentence  # which the hidden tiles tell
    assert "2,400,000円" in number.sentence
    assert number.figures[0].beside == "検討中は別に1件"
    assert values(scene("tiles", FILLED)) == [1, 40]  # 辞退 is an answer
    assert "検討中1団体・辞退1団体" in scene("tiles", FILLED).figures[0].beside
    assert "希望以上は1団体、検討中は1団体、辞退は1団体" in scene("tiles", FILLED).sentence
    tiles = scene("tiles", FILLED).chart
    assert tiles is not None
    marks = {item.key: tiles.legend[item.mark or 0].label for item in tiles.items}
    assert [marks[code] for code in CODES[:4]] == ["議決", "検討中", "辞退", "未回答"]


def test_who_has_not_answered_is_named_and_before_anybody_was_asked_it_is_unknown() -> None:
    made = scene("missing", FILLED)
    assert values(made) == [40]  # 検討中 and 辞退 are answers
    assert made.chart is not None
    names = {REFERENCE.municipality(code).name for code in CODES[:3]}
    assert not names & {item.label for item in made.chart.items}
    assert len(made.rows) == len(made.chart.items) == 40
    nobody = scene("missing", known())
    assert values(nobody) == [None]
    assert "不明" in nobody.sentence
    all_answered = known(wishes=tuple(wish(code, 1) for code in CODES))
    assert "すべての市町村が回答しました" in scene("missing", all_answered).sentence


def test_the_forty_three_start_hidden_and_nothing_else_does() -> None:
    assert [made.key for made in every_scene(FILLED) if made.hidden] == ["tiles"]


def test_plans_are_those_recorded_and_before_that_those_published() -> None:
    recorded = scene("plans", FILLED)
    assert values(recorded) == [2]
    assert recorded.chart is not None
    assert [item.values for item in recorded.chart.items[:4]] == [(1, 0), (1, 0), (0, 1), (0, 0)]
    assert [row[3] for row in recorded.rows] == ["4", "3", "1", "5", "3", "7", "1"]
    published = scene("plans", known())
    assert values(published) == [24]
    assert published.chart is not None
    assert [item.values for item in published.chart.items] == [(n,) for n in (4, 3, 1, 5, 3, 7, 1)]
    assert "公表" in published.chart.title
    before = scene("plans", known(), date(2023, 2, 28))
    assert values(before) == [0]
    assert {row[3] for row in before.rows} == {"なし"}


def test_plans_are_those_of_the_year_that_is_budgeted_for() -> None:
    made = scene("plans", replace(known(), reference=OPENED), date(2026, 11, 26))
    assert [row[0] for row in made.rows][2:4] == ["プラン3 オンライン化", "プラン4 ポリシー改定"]
    assert made.rows[-1] == ("プラン8 生成AI", "0", "0", "なし")
    assert made.chart is not None
    assert (made.chart.items[-1].values, made.chart.items[-1].detail) == ((None,), "不明")


def test_an_unknown_budget_stays_unknown_and_is_not_zero() -> None:
    made = scene("talent", FILLED)
    assert values(made) == [1_200_000, None]
    assert made.figures[1].figure.text == "不明"
    assert "不明" in made.sentence
    assert made.chart is not None
    assert made.chart.limit is None


@pytest.mark.parametrize(
    ("amount", "share", "words"),
    [
        (1_500_000, "予算の80.0%", "残りは300,000円"),
        (1_200_000, "予算の100.0%", "残りは0円"),
        (400_000, "予算の300.0%", "800,000円上回って"),
        (0, "予算は0円", "1,200,000円上回って"),
    ],
)
def test_a_known_budget_is_compared_with_wishes_alone(amount: int, share: str, words: str) -> None:
    made = scene("talent", known(**GIVEN, parameters=budget(amount)))
    assert values(made) == [1_200_000, amount]
    assert made.figures[0].beside == f"{share}・検討中は別に600,000円"
    assert words in made.sentence
    assert "検討中は別に600,000円" in made.sentence


def test_participation_is_what_is_published_with_the_names_inside_it() -> None:
    made = scene("participation", FILLED)
    assert values(made) == [34, 35, 6, None]
    assert made.figures[0].beside == "公表 令和5年6月1日・名前がわかる2・予定1"
    assert made.figures[1].beside == "公表 令和5年6月1日・名前は未公表"
    assert made.figures[3].beside == ""
    assert made.chart is not None
    assert [item.values for item in made.chart.items] == [
        (2, 32, 1),
        (0, 35, 0),
        (1, 5, 0),
        (None, None, None),  # 不明 is no bar of 0
    ]
    covered = scene("participation", COVERED)
    assert values(covered) == [2, 35, 1, None]
    assert covered.figures[0].beside == "台帳 令和5年11月1日・予定1"
    assert covered.chart is not None
    assert covered.chart.items[0].values == (2, 0, 1)


def test_the_map_counts_records_and_says_what_their_absence_means() -> None:
    assert values(scene("map", FILLED)) == [2, 41]
    legend = scene("map", FILLED)
    assert legend.chart is not None
    assert (legend.chart.legend[0].label, legend.chart.legend[0].hatched) == (
        "記録なし(不明)",
        True,
    )
    everything = declared(date(2021, 5, 1), "chat", "eapply", "docs", "econtract", "talent")
    told = scene("map", known(**GIVEN, coverage=everything)).chart
    assert told is not None
    assert (told.legend[0].label, told.legend[0].hatched) == ("記録なし(不参加)", False)


def test_the_timeline_has_dots_where_published_and_lines_where_the_ledger_names_everyone() -> None:
    made = scene("timeline", FILLED)
    assert values(made) == [None]  # 電子契約 is unknown
    assert made.chart is not None
    assert {value for item in made.chart.items for value in item.values} == {None}
    dots = [(d.day, d.value, d.planned) for d in made.chart.dots if d.series == 0]
    assert dots == [
        ("2021-04-27", 22, False),
        ("2023-02-01", 30, False),
        ("2023-06-01", 34, False),
        ("2024-03-01", 33, True),
    ]
    covered = scene("timeline", COVERED).chart
    assert covered is not None
    lines = {item.key: item.values[0] for item in covered.items}
    assert [lines[day] for day in ("2021-04-27", "2021-05-01", "2022-06-01", "2023-11-01")] == [
        None,
        1,
        2,
        2,
    ]
    early = scene("timeline", FILLED, date(2022, 5, 31)).chart
    assert early is not None
    assert [d.value for d in early.dots] == [22, 11]  # nobody had said yet what is planned


def test_a_fact_that_shows_on_the_wall_is_a_scene_of_its_own() -> None:
    facts_shown = shown(REFERENCE, Place.WALL)
    assert facts_shown
    for each in facts_shown:
        assert SCENES[each.key].title == each.name
        [figure] = scene(each.key, FILLED).figures
        assert figure.figure == Said(FILLED, DAY)[each.key].figure
    assert not set(SCENES) & (set(indicators(REFERENCE)) - {each.key for each in facts_shown})


def test_trainings_ahead_name_the_next_and_what_is_left_of_its_seats() -> None:
    made = scene("trainings", FILLED)
    assert values(made) == [2]
    assert made.figures[0].beside == "次は9日後"
    assert made.rows[0] == ("令和5年11月10日(金)", "勉強会", "オンライン", "3席")
    assert made.rows[1][-1] == "定員の記載なし"


@given(
    states=st.lists(
        st.tuples(
            st.sampled_from(CODES),
            st.integers(min_value=1, max_value=7),
            st.sampled_from(WishState),
        ),
        max_size=40,
        unique_by=lambda each: each[:2],
    )
)
def test_tiles_money_and_counts_add_up_whatever_is_wished(
    states: list[tuple[str, int, WishState]],
) -> None:
    found = known(wishes=tuple(wish(code, plan, state) for code, plan, state in states))
    tiles, talent, number, plans = (
        scene(key, found) for key in ("tiles", "talent", "number", "plans")
    )
    considered = [each for each in states if each[2] is WishState.CONSIDERING]
    standing = [
        each for each in states if each[2] not in (WishState.WITHDRAWN, WishState.CONSIDERING)
    ]
    assert tiles.chart is not None
    assert talent.chart is not None
    assert len(tiles.chart.items) == 43
    assert values(number) == [len(standing)]
    assert values(talent)[0] == sum(v or 0 for v in talent.chart.items[0].values)
    assert values(talent)[0] == 600_000 * len(standing)
    considered_bar = talent.chart.items[1].values
    assert sum(v or 0 for v in considered_bar) == 600_000 * len(considered)
    assert sum(int(row[1]) for row in talent.rows) == len(standing) + len(considered)
    assert sum(int(row[1]) for row in plans.rows) == len(standing)
    assert sum(int(row[2]) for row in plans.rows) == len(considered)
    if states:
        assert values(tiles)[0] == len({each[0] for each in standing})
        assert values(tiles)[1] == 43 - len({each[0] for each in states})


@WORLDS
def test_a_scene_kept_as_text_is_the_same_scene(found: Known) -> None:
    made = every_scene(found)
    assert from_json(to_json(made)) == made


def test_a_moment_frozen_before_there_were_dots_still_opens() -> None:
    old = [json.loads(to_json([made]))[0] for made in every_scene(FILLED)]
    for each in old:
        if each["chart"]:
            del each["chart"]["dots"]
            for mark in each["chart"]["legend"]:
                del mark["hatched"]
    opened = from_json(json.dumps(old))
    assert [made.figures for made in opened] == [made.figures for made in every_scene(FILLED)]


def test_nothing_differs_from_itself_and_every_difference_is_named() -> None:
    then = every_scene(FILLED)
    assert differences(then, then) == ()
    later = replace(FILLED, wishes=(*FILLED.wishes, replace(wish(CODES[5], 3), event_id=9)))
    found = differences(then, every_scene(later))
    told = {(each.what, each.then, each.now, each.change) for each in found}
    assert ("のべ希望プラン", "2件", "3件", 1) in told
    assert ("未回答の団体", "40団体", "39団体", -1) in told
    name = REFERENCE.municipality(CODES[5]).name
    assert (f"{name} 参加希望の状態", "未回答", "希望", None) in told


def test_a_budget_that_became_known_differs_without_a_sum() -> None:
    then = [scene("talent", FILLED)]
    now = [scene("talent", known(**GIVEN, parameters=budget(5)))]
    [found] = [d for d in differences(then, now) if d.what == "府補助金の予算"]
    assert (found.then, found.now, found.change) == ("不明", "5円", None)


def test_a_row_that_is_gone_is_named() -> None:
    now = replace(FILLED, sessions=FILLED.sessions[1:])
    found = differences([scene("trainings", FILLED)], [scene("trainings", now)])
    assert {d.now for d in found if d.what.startswith("令和5年11月10日")} == {ABSENT}


@pytest.mark.parametrize(
    ("keys", "words"),
    [((), "1つ以上"), (("map", "map"), "2回"), (("map", "votes!"), "votes!")],
)
def test_a_choice_that_cannot_be_shown_is_refused(keys: tuple[str, ...], words: str) -> None:
    with pytest.raises(InvalidInputError, match=words):
        check_scenes(REFERENCE, keys)


def test_one_that_is_gone_is_left_out() -> None:
    found = scenes_of(["gone", "map"], Said(FILLED, DAY))
    assert [made.key for made in found] == ["map"]
