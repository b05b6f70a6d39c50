"""Scenes are pure: the same day and the same records, the same words; unknown stays unknown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.params import Basis
from core.procurement.event import EventKind, LedgerEvent
from core.reference.catalogue import shipped
from core.scenes.difference import ABSENT, differences
from core.scenes.material import Budget, Material, TrainingAhead
from core.scenes.registry import SCENES, check_scenes, scene_keys, scenes_of
from core.scenes.scene import ChartKind, Scene
from core.scenes.values import from_json, to_json
from core.support.wish import WishEvent, WishState
from core.values.errors import InvalidInputError
from core.values.figure import LEDGER_SOURCE
from core.values.fiscal import JAPAN, FiscalYear, parse_date
from core.values.money import Yen

DAY = date(2023, 11, 1)
YEAR = FiscalYear(2024)
CODES = [m.lg_code for m in shipped().municipalities]
UNKNOWN = Budget(None, Basis.UNKNOWN, "jirei")
AT = datetime(2023, 10, 2, tzinfo=JAPAN)


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


def material(**given: object) -> Material:
    usual = Material(DAY, YEAR, shipped(), (), UNKNOWN, (), ())
    return replace(usual, **given)  # type: ignore[arg-type]


def scene(key: str, found: Material) -> Scene:
    [made] = scenes_of([key], found)
    return made


def values(made: Scene) -> list[int | None]:
    return [big.figure.value for big in made.figures]


FILLED = material(
    wishes=(
        wish(CODES[0], 1),
        wish(CODES[0], 2, WishState.APPROVED),
        wish(CODES[1], 1, WishState.CONSIDERING),
        wish(CODES[2], 7, WishState.WITHDRAWN),
    ),
    ledger=(
        event(1, CODES[0], "chat", "2021-05-01"),
        event(2, CODES[1], "chat", "2022-06-01", EventKind.JOINED_LATE),
        event(3, CODES[0], "docs", "2023-04-01"),
        event(4, CODES[3], "chat", "2023-12-01"),  # after the day
        event(5, CODES[4], "chat", "2023-01-01", EventKind.PLANNED),
    ),
    trainings=(
        TrainingAhead(date(2023, 11, 10), "勉強会", "オンライン", 3, LEDGER_SOURCE),
        TrainingAhead(date(2023, 12, 1), "研修会", "府庁", None, "jirei"),
    ),
)


@pytest.mark.parametrize("found", [material(), FILLED], ids=["nothing recorded", "filled"])
@pytest.mark.parametrize("key", scene_keys())
def test_every_scene_says_what_it_owes(key: str, found: Material) -> None:
    made = scene(key, found)
    assert made.key == key
    assert 1 <= len(made.figures) <= 4
    assert made.title
    assert made.sentence.endswith("。")
    for big in made.figures:
        figure = big.figure
        assert all((figure.label, figure.unit, figure.definition, figure.basis, figure.as_of))
    known = {LEDGER_SOURCE, *shipped().sources}
    assert set(made.sources) <= known
    assert {len(row) for row in made.rows} <= {len(made.columns)}
    assert len({row[0] for row in made.rows}) == len(made.rows)


@pytest.mark.parametrize("key", scene_keys())
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


def test_wishes_are_counted_by_hand() -> None:
    assert values(scene("number", FILLED)) == [3]
    assert "2団体がのべ3件" in scene("number", FILLED).sentence
    assert "3,600,000円" in scene("number", FILLED).sentence
    assert values(scene("tiles", FILLED)) == [2, 40]  # 辞退 is an answer
    tiles = scene("tiles", FILLED).chart
    assert tiles is not None
    marks = {item.key: tiles.legend[item.mark or 0].label for item in tiles.items}
    assert [marks[code] for code in CODES[:4]] == ["議決", "検討中", "辞退", "未回答"]


def test_the_forty_three_start_hidden_and_nothing_else_does() -> None:
    assert [made.key for made in scenes_of(scene_keys(), FILLED) if made.hidden] == ["tiles"]


def test_an_unknown_budget_stays_unknown_and_is_not_zero() -> None:
    made = scene("talent", FILLED)
    assert values(made) == [1_800_000, None]
    assert made.figures[1].figure.text == "不明"
    assert "不明" in made.sentence
    assert made.chart is not None
    assert made.chart.limit is None


@pytest.mark.parametrize(
    ("budget", "share", "words"),
    [
        (2_000_000, "予算の90%", "残りは200,000円"),
        (1_800_000, "予算の100%", "残りは0円"),
        (1_000_000, "予算の180%", "800,000円上回って"),
        (0, "予算は0円", "1,800,000円上回って"),
    ],
)
def test_a_known_budget_is_compared(budget: int, share: str, words: str) -> None:
    made = scene("talent", replace(FILLED, budget=Budget(Yen(budget), Basis.OFFICIAL, "府通知")))
    assert values(made) == [1_800_000, budget]
    assert made.figures[0].beside == share
    assert words in made.sentence


def test_participation_by_hand_and_a_system_nobody_is_named_for_is_unknown() -> None:
    made = scene("participation", FILLED)
    by_label = {big.figure.label: big.figure.value for big in made.figures}
    assert list(by_label.values()) == [2, None, 1, None]
    assert made.chart is not None
    assert made.chart.items[0].values == (1, 1, 0, 1)
    assert made.chart.items[1].values == (None, None, None, None)
    assert made.figures[0].beside.startswith("公表値 34団体")


def test_the_map_counts_systems_and_the_timeline_days() -> None:
    assert values(scene("map", FILLED)) == [2, 41]
    timeline = scene("timeline", FILLED)
    assert values(timeline) == [3]
    assert timeline.chart is not None
    assert [(item.key, item.values) for item in timeline.chart.items] == [
        ("2021-05-01", (1, 0)),
        ("2022-06-01", (2, 0)),
        ("2023-01-01", (2, 0)),
        ("2023-04-01", (2, 1)),
        ("2023-11-01", (2, 1)),
    ]
    earlier = scene("timeline", replace(FILLED, as_of=date(2022, 5, 31)))
    assert values(earlier) == [1]


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
    found = material(wishes=tuple(wish(code, plan, state) for code, plan, state in states))
    tiles, talent, number = (scene(key, found) for key in ("tiles", "talent", "number"))
    standing = [each for each in states if each[2] is not WishState.WITHDRAWN]
    assert tiles.chart is not None
    assert talent.chart is not None
    assert len(tiles.chart.items) == 43
    assert values(number) == [len(standing)]
    assert values(talent)[0] == sum(v or 0 for v in talent.chart.items[0].values)
    assert values(talent)[0] == 600_000 * len(standing)
    assert sum(int(row[2]) for row in talent.rows) == len(standing)
    assert values(tiles) == [len({e[0] for e in standing}), 43 - len({e[0] for e in states})]


@pytest.mark.parametrize("found", [material(), FILLED], ids=["nothing recorded", "filled"])
def test_a_scene_kept_as_text_is_the_same_scene(found: Material) -> None:
    made = scenes_of(scene_keys(), found)
    assert from_json(to_json(made)) == made


def test_nothing_differs_from_itself_and_every_difference_is_named() -> None:
    then = scenes_of(scene_keys(), FILLED)
    assert differences(then, then) == ()
    later = replace(FILLED, wishes=(*FILLED.wishes, wish(CODES[5], 3)))
    found = differences(then, scenes_of(scene_keys(), later))
    told = {(each.what, each.then, each.now, each.change) for each in found}
    assert ("のべ希望プラン", "3件", "4件", 1) in told
    assert ("未回答", "40団体", "39団体", -1) in told
    name = shipped().municipality(CODES[5]).name
    assert (f"{name} 参加希望の状態", "未回答", "希望", None) in told


def test_a_budget_that_became_known_differs_without_a_sum() -> None:
    then = scenes_of(["talent"], FILLED)
    known = replace(FILLED, budget=Budget(Yen(5), Basis.OFFICIAL, "府通知"))
    [found] = [d for d in differences(then, scenes_of(["talent"], known)) if d.what == "府の予算"]
    assert (found.then, found.now, found.change) == ("不明", "5円", None)


def test_a_row_that_is_gone_is_named() -> None:
    then = scenes_of(["trainings"], FILLED)
    now = scenes_of(["trainings"], replace(FILLED, trainings=FILLED.trainings[1:]))
    gone = [d for d in differences(then, now) if d.what.startswith("令和5年11月10日")]
    assert {d.now for d in gone} == {ABSENT}


@pytest.mark.parametrize(
    ("keys", "words"),
    [((), "1つ以上"), (("map", "map"), "2回"), (("map", "votes!"), "votes!")],
)
def test_a_choice_that_cannot_be_shown_is_refused(keys: tuple[str, ...], words: str) -> None:
    with pytest.raises(InvalidInputError, match=words):
        check_scenes(keys)


def test_keys_are_unique_and_one_that_is_gone_is_left_out() -> None:
    assert len({maker.key for maker in SCENES}) == len(SCENES)
    assert [made.key for made in scenes_of(["gone", "map"], FILLED)] == ["map"]
