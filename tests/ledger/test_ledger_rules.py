"""What may follow what, and how a refusal reads."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from core.procurement.event import EventKind as K
from core.procurement.event import LedgerEvent, in_order
from core.procurement.recording import Entry, System, admitted, check_entry, event_of, voiding
from core.procurement.standing import FOLLOWS, Standing, state_on, steps
from core.values.errors import ConflictError, InvalidInputError
from core.values.fiscal import PartialDate, Precision, parse_date

SYSTEMS = {"chat": System("チャット", (), True), "eapply": System("電子申請", ("A", "B"), False)}
TOWNS = {"271403": "堺市"}
NOW = datetime(2023, 10, 2, tzinfo=UTC)


def said(number: int, kind: K, day: str, lot: str | None = None, **more: object) -> LedgerEvent:
    entry = Entry("271403", "eapply", kind, parse_date(day), "通知", lot)
    return replace(event_of(entry, NOW, "a"), event_id=number, **more)


def path(*events: tuple[K, str] | tuple[K, str, str]) -> list[LedgerEvent]:
    return [said(number, *event) for number, event in enumerate(events, start=1)]


def end(*events: tuple[K, str] | tuple[K, str, str]) -> Standing:
    return steps(path(*events))[-1].state.standing


def test_every_event_but_a_correction_has_its_place_in_the_table() -> None:
    assert set(FOLLOWS) == set(K) - {K.CORRECTION}


@pytest.mark.parametrize(
    ("events", "words"),
    [
        ([(K.LIVE, "2023-06-01")], "「運用開始」(令和5年6月1日)は記録できません"),
        ([(K.LEFT, "2023-06-01")], "これより前に参加の記録がありません"),
        ([(K.JOINED, "2021-04-01"), (K.JOINED, "2022-04-01")], "記録番号1の「当初参加」"),
        ([(K.JOINED, "2021-04-01"), (K.JOINED_LATE, "2022-04-01")], "記録番号1の「当初参加」"),
        ([(K.JOINED, "2021-04-01"), (K.FREE_EDITION, "2022-04-01")], "状態は「当初参加」"),
        ([(K.JOINED, "2021-04-01"), (K.INTEREST, "2022-04-01")], "状態は「当初参加」"),
        (
            [(K.JOINED, "2021-04-01"), (K.LIVE, "2021-05-01"), (K.LIVE, "2021-06-01")],
            "運用開始済み",
        ),
        (
            [(K.JOINED, "2021-04-01"), (K.LEFT, "2022-03-31"), (K.LEFT, "2022-04-01")],
            "記録番号2の「離脱」",
        ),
        (
            [(K.JOINED, "2021-04-01"), (K.LEFT, "2022-03-31"), (K.JOINED, "2022-04-01")],
            "状態は「離脱」",
        ),
        ([(K.MANDATE, "2021-04-01"), (K.MANDATE, "2021-05-01")], "状態は「委任状提出」"),
        ([(K.PLANNED, "2021-04-01"), (K.INTEREST, "2021-05-01")], "状態は「予定」"),
        ([(K.JOINED, "2021-04-01", "A"), (K.LOT_CHANGED, "2022-04-01", "A")], "区分A"),
        (
            [(K.FREE_EDITION, "2021-04-01"), (K.WITHDRAWN, "2021-05-01")],
            "状態は「無償版」",
        ),
    ],
)
def test_what_cannot_be_names_the_earlier_event(events: list[tuple[K, str]], words: str) -> None:
    *before, last = path(*events)
    with pytest.raises(ConflictError, match="記録できません") as refusal:
        admitted(before, replace(last, event_id=0), TOWNS, _FREE_EVERYWHERE)
    assert words in str(refusal.value)
    assert "訂正してください" in str(refusal.value)


_FREE_EVERYWHERE = {"eapply": System("電子申請", ("A", "B"), True)}


def test_an_interested_municipality_goes_all_the_way_and_comes_back() -> None:
    assert end((K.INTEREST, "2021-04-01"), (K.WITHDRAWN, "2021-05-01")) is Standing.WITHDRAWN
    events = path(
        (K.INTEREST, "2021-04-01"),
        (K.PLANNED, "2021-05-01"),
        (K.MANDATE, "2021-06-01"),
        (K.JOINED, "2021-07-01", "B"),
        (K.LIVE, "2021-08-01"),
        (K.LOT_CHANGED, "2022-04-01", "A"),
        (K.LEFT, "2023-03-31"),
        (K.JOINED_LATE, "2023-04-01", "A"),
    )
    walked = steps(events)
    assert state_on(walked, parse_date("2022-03-31").first).lot == "B"
    changed = state_on(walked, parse_date("2022-04-01").first)
    assert (changed.lot, changed.standing, changed.live) == ("A", Standing.PAID_INITIAL, True)
    assert changed.since == parse_date("2021-07-01")
    left = state_on(walked, parse_date("2023-03-31").first)
    assert (left.standing, left.lot, left.live) == (Standing.LEFT, None, False)
    assert walked[-1].state.standing is Standing.PAID_LATE


def test_a_free_edition_foreseen_to_become_paid_stays_free_until_it_is() -> None:
    events = path(
        (K.FREE_EDITION, "2021-04-01"),
        (K.LIVE, "2021-04-01"),
        (K.PLANNED, "2022-04-01"),
        (K.MANDATE, "2022-05-01"),
        (K.JOINED_LATE, "2022-06-01"),
    )
    states = [step.state for step in steps(events)]
    assert [s.standing for s in states] == [Standing.FREE] * 4 + [Standing.PAID_LATE]
    assert [s.foreseen for s in states] == [None, None, Standing.PLANNED, Standing.MANDATE, None]
    assert states[-1].live_since == parse_date("2021-04-01")  # the same tool, still running


def test_a_plan_may_move_after_the_mandate_was_handed_in() -> None:
    events = path((K.PLANNED, "2023-04-01"), (K.MANDATE, "2023-05-01"), (K.PLANNED, "2023-06-01"))
    events[0] = replace(events[0], target=parse_date("2023-10"))
    events[2] = replace(events[2], target=parse_date("2024-01"))
    state = steps(events)[-1].state
    assert (state.standing, state.target) == (Standing.MANDATE, parse_date("2024-01"))


def test_order_is_first_possible_day_then_recording() -> None:
    events = [
        said(1, K.LIVE, "2023-04-01"),
        said(2, K.JOINED, "2023年度"),
        said(3, K.PLANNED, "2023-03-31"),
    ]
    assert [event.event_id for event in in_order(events)] == [3, 1, 2]


def test_a_refusal_about_a_rough_date_says_how_it_is_read() -> None:
    before = [said(1, K.PLANNED, "2023-06-01")]
    with pytest.raises(ConflictError, match="その最初の日として扱います") as refusal:
        admitted(before, said(0, K.JOINED, "令和5年度"), TOWNS, SYSTEMS)
    assert "先に記録番号1の「予定」(令和5年6月1日)を訂正してください" in str(refusal.value)


def test_a_corrected_event_never_counts_again() -> None:
    first = said(1, K.JOINED, "2021-04-01")
    second = replace(said(2, K.JOINED_LATE, "2022-04-01"), corrects=1)
    third = replace(said(3, K.JOINED_LATE, "2023-04-01"), corrects=2)
    assert [e.event_id for e in in_order([first, second, third])] == [3]
    assert [e.event_id for e in in_order([first, second, voiding(second, "誤り", NOW, "a")])] == []


def test_a_correction_must_leave_a_valid_path() -> None:
    existing = path((K.JOINED, "2021-04-01"), (K.LIVE, "2021-05-01"))
    with pytest.raises(ConflictError, match=r"記録番号2の「運用開始」.*が成り立たなくなります"):
        admitted(existing, voiding(existing[0], "誤り", NOW, "a"), TOWNS, SYSTEMS)
    moved = replace(said(0, K.JOINED, "2021-06-01"), corrects=1)
    with pytest.raises(ConflictError, match="記録番号2の"):
        admitted(existing, moved, TOWNS, SYSTEMS)
    earlier = replace(said(0, K.JOINED_LATE, "2021-04-15", "B"), corrects=1)
    assert admitted(existing, earlier, TOWNS, SYSTEMS).lot == "B"


def test_a_clock_that_runs_behind_does_not_make_the_past_invalid() -> None:
    existing = [said(1, K.JOINED, "2021-04-01")]
    behind = replace(said(0, K.LIVE, "2021-05-01"), recorded_at=NOW.replace(year=2022))
    assert admitted(existing, behind, TOWNS, SYSTEMS).recorded_at == NOW


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"participant": "999999"}, "participant", "999999"),
        ({"programme": "fax"}, "programme", "fax"),
        ({"lot": "C"}, "lot", "区分「C」はありません(区分: A、B)"),
        ({"programme": "chat", "lot": "A"}, "lot", "区分: なし"),
        ({"kind": K.FREE_EDITION}, "kind", "電子申請に無償版はありません"),
        ({"kind": K.LOT_CHANGED}, "lot", "変更後の区分"),
        ({"source": ""}, "source", "出典を入力"),
        ({"source": "あ" * 501}, "source", "現在501文字"),
        ({"note": "\x07"}, "note", "使えない文字"),
        ({"note": "\ud800"}, "note", "使えない文字"),
        ({"effective": PartialDate(date(9999, 4, 1), Precision.DAY)}, "effective", "9999-04-01"),
        ({"target": parse_date("2024-01")}, "target", "「予定」「委任状」だけ"),
        (
            {"kind": K.PLANNED, "target": parse_date("2021-03")},
            "target",
            "適用日(令和3年4月1日)より前",
        ),
    ],
)
def test_what_is_wrong_with_an_entry_by_itself_is_told_by_field(
    change: dict[str, object], field: str, words: str
) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        check_entry(replace(said(0, K.JOINED, "2021-04-01"), **change), TOWNS, SYSTEMS)
    assert list(refusal.value.problems) == [field]
    assert words in refusal.value.problems[field]
