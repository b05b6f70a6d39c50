"""Keeping prices: insert only, one's own only, shown by name only while agreed to as they stand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from core.access.principal import PUBLIC, Principal, Role
from core.commands import quotations as commands
from core.consultation.attachment import OfferedFile
from core.quotation.event import Change
from core.quotation.price import Document, Price, Tax, Way
from core.store.audit import latest_entries
from core.store.engine import reading
from core.store.quotations import QUOTATIONS
from core.values.errors import ConflictError, InvalidInputError, PermissionDeniedError
from core.values.fiscal import JAPAN
from core.views import quotations as views
from tests.support.quotations import A_PRICE, a_year
from tests.support.reference import REFERENCE, where_wanted

SAKAI, HIRAKATA = "271403", "272108"
NOW = datetime(2023, 10, 2, 9, 30, tzinfo=JAPAN)
OFFICE = Principal("jimukyoku", "事務局", Role.SECRETARIAT)
VIEWER = Principal("etsuran", "閲覧者", Role.VIEWER)
TOWNS = ["271004", SAKAI, "272027", "272035", "272043", "272051", "272078", "272086", "272094"]


def officer(lg_code: str = SAKAI) -> Principal:
    return Principal(f"tanto-{lg_code}", "担当", Role.OFFICER, lg_code)


class Desk:
    """Calls commands one after the other."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self._count = engine, 0

    def __call__(self, command: Callable[..., Any], who: Principal, **given: Any) -> Any:
        self._count += 1
        usual = {"request_id": f"r{self._count}", "now": NOW + timedelta(minutes=self._count)}
        return command(self.engine, who, **(usual | where_wanted(command) | given))

    def keep(self, lg_code: str = SAKAI, price: Price = A_PRICE, files: Any = ()) -> int:
        who = officer(lg_code)
        number: int = self(
            commands.record_quotation, who, lg_code=lg_code, price=price, files=files
        )
        return number

    def agree(self, lg_code: str, number: int, *, agreed: bool = True, seen: int = 0) -> None:
        self(
            commands.decide_quotation_consent, officer(lg_code), lg_code=lg_code,
            quotation_id=number, agreed=agreed, seen_event=seen or number,
        )  # fmt: skip

    def own(self, lg_code: str = SAKAI) -> views.OwnQuotations:
        return views.own_quotations_view(self.engine, officer(lg_code), REFERENCE, lg_code=lg_code)

    def compared(self, programme: str = "chat", way: Way = Way.JOINT) -> views.ComparedWay:
        found = views.price_comparison_view(self.engine, officer(HIRAKATA), REFERENCE)
        [lot] = [each for each in found if each.lot.slot.programme == programme]
        return next(each for each in lot.ways if each.way is way)


@pytest.fixture
def desk(engine: Engine) -> Desk:
    return Desk(engine)


def test_what_was_said_first_stays_and_what_was_said_last_holds(desk: Desk) -> None:
    number = desk.keep()
    changed = replace(A_PRICE, total=1_300_000)
    desk(
        commands.correct_quotation, OFFICE, lg_code=SAKAI, quotation_id=number, price=changed,
        files=(), reason="桁の誤り", seen_event=number,
    )  # fmt: skip
    desk(
        commands.withdraw_quotation, officer(), lg_code=SAKAI, quotation_id=number,
        reason="別の団体のもの", seen_event=number + 1,
    )  # fmt: skip
    with reading(desk.engine) as session:
        said = QUOTATIONS.all(session)
    assert [(each.change, each.price, each.reason) for each in said] == [
        (Change.RECORDED, A_PRICE, ""),
        (Change.CORRECTED, changed, "桁の誤り"),
        (Change.WITHDRAWN, None, "別の団体のもの"),
    ]
    [kept] = desk.own().quotations
    assert kept.price is None
    for late in ("correct", "withdraw", "agree"):
        with pytest.raises(ConflictError, match="取り下げられています"):
            _late(desk, late, number)


def _late(desk: Desk, what: str, number: int) -> None:
    given = {"lg_code": SAKAI, "quotation_id": number, "seen_event": number + 2}
    if what == "correct":
        more = {"price": A_PRICE, "files": (), "reason": "x"}
        desk(commands.correct_quotation, officer(), **given, **more)
    elif what == "withdraw":
        desk(commands.withdraw_quotation, officer(), **given, reason="x")
    else:
        desk(commands.decide_quotation_consent, officer(), **given, agreed=True)


def test_a_form_drawn_before_somebody_corrected_is_refused(desk: Desk) -> None:
    number = desk.keep()
    given = {
        "lg_code": SAKAI, "quotation_id": number, "files": (), "reason": "x", "seen_event": number,
    }  # fmt: skip
    desk(commands.correct_quotation, officer(), price=replace(A_PRICE, total=1), **given)
    with pytest.raises(ConflictError, match="訂正して"):
        desk(commands.correct_quotation, officer(), price=replace(A_PRICE, total=2), **given)


def test_all_that_is_wrong_with_a_form_and_its_file_is_said_at_once(desk: Desk) -> None:
    with pytest.raises(InvalidInputError) as refused:
        desk.keep(
            price=replace(A_PRICE, total=None, basis=""),
            files=[OfferedFile("実行.exe", b"MZ\x90\x00")],
        )
    assert set(refused.value.problems) == {"initial", "basis", "attachments"}
    assert desk.own().quotations == ()


def test_another_municipalitys_number_is_as_unknown_as_none(desk: Desk) -> None:
    theirs = desk.keep(HIRAKATA, files=[OfferedFile("a.txt", "見積".encode())])
    given = {"lg_code": SAKAI, "seen_event": theirs}
    for number in (theirs, 0, -1, 99, 10**30):
        for command, more in (
            (commands.withdraw_quotation, {"reason": "x"}),
            (commands.decide_quotation_consent, {"agreed": True}),
            (commands.correct_quotation, {"price": A_PRICE, "files": (), "reason": "x"}),
        ):
            with pytest.raises(InvalidInputError, match="この見積は見つかりません"):
                desk(command, officer(), quotation_id=number, **given, **more)
        with pytest.raises(InvalidInputError, match="この添付は見つかりません"):
            views.quotation_file_view(desk.engine, officer(), lg_code=SAKAI, file_id=number)
    for reader in (officer(), PUBLIC, VIEWER):
        for view in (views.own_quotations_view, views.quotation_file_view):
            more = {"file_id": 1} if view is views.quotation_file_view else {}
            reference = (REFERENCE,) if view is views.own_quotations_view else ()
            with pytest.raises(PermissionDeniedError):
                view(desk.engine, reader, *reference, lg_code=HIRAKATA, **more)  # type: ignore[operator]
        with pytest.raises(PermissionDeniedError):
            views.boarding_prices_view(desk.engine, reader, lg_code=HIRAKATA, programme="chat")
        with pytest.raises(PermissionDeniedError):
            views.quotation_office_view(desk.engine, reader, REFERENCE, today=NOW.date())
    assert desk.own().quotations == ()


def test_four_are_told_nothing_five_are_and_a_sixth_changes_nothing(desk: Desk) -> None:
    told = []
    for place, code in enumerate(TOWNS[:6]):
        desk.keep(code, a_year(1_000_000 * (place + 1)))
        told.append(desk.compared().spread)
    assert told[:4] == [None] * 4
    assert told[4] is not None
    assert told[4].municipalities == 5
    assert told[5] == told[4]
    assert desk.compared().named == ()


def test_a_name_is_shown_while_agreed_to_as_the_price_stands(desk: Desk) -> None:
    number = desk.keep()
    desk.agree(SAKAI, number)
    assert [(each.municipality, each.price) for each in desk.compared().named] == [
        ("堺市", replace(A_PRICE, vendor="", basis=""))
    ]
    with pytest.raises(ConflictError, match="すでに公開に同意しています"):
        desk.agree(SAKAI, number)
    desk(
        commands.correct_quotation, officer(), lg_code=SAKAI, quotation_id=number,
        price=replace(A_PRICE, total=7), files=(), reason="誤記", seen_event=number,
    )  # fmt: skip
    assert desk.compared().named == ()
    assert desk.own().quotations[0].lapsed
    desk.agree(SAKAI, number, seen=number + 1)
    assert desk.compared().named[0].price.total == 7
    desk.agree(SAKAI, number, agreed=False, seen=number + 1)
    assert desk.compared().named == ()


def test_nobody_agrees_for_a_municipality(desk: Desk) -> None:
    number = desk.keep()
    given = {"lg_code": SAKAI, "quotation_id": number, "agreed": True, "seen_event": number}
    for who in (OFFICE, officer(HIRAKATA), VIEWER):
        with pytest.raises(PermissionDeniedError):
            desk(commands.decide_quotation_consent, who, **given)


def test_a_price_withdrawn_is_shown_to_nobody_by_name(desk: Desk) -> None:
    number = desk.keep()
    desk.agree(SAKAI, number)
    desk(
        commands.withdraw_quotation, officer(), lg_code=SAKAI, quotation_id=number, reason="x",
        seen_event=number,
    )  # fmt: skip
    assert desk.compared().named == ()


def test_the_trail_names_what_was_done_and_no_amount(desk: Desk) -> None:
    desk.keep(price=replace(A_PRICE, total=987_654_321))
    with reading(desk.engine) as session:
        (entry, *_) = latest_entries(session, 1)
    assert (entry.action, entry.subject) == ("quotation:record", "見積No.1")
    assert "987654321" not in str(entry.detail)


def test_the_secretariat_sees_names_exact_sums_and_who_has_kept_none(desk: Desk) -> None:
    desk.keep(SAKAI, a_year(1_000_000, way=Way.STANDARD, document=Document.QUOTED))
    desk.keep(SAKAI, a_year(700_000))
    desk.keep(HIRAKATA, a_year(500_000, tax=Tax.EXCLUDED))
    office = views.quotation_office_view(desk.engine, OFFICE, REFERENCE, today=NOW.date())
    assert [(each.municipality, each.price.way) for each in office.lines] == [
        ("堺市", Way.STANDARD), ("堺市", Way.JOINT), ("枚方市", Way.JOINT),
    ]  # fmt: skip
    chat = office.savings[0]
    assert (chat.yearly, len(chat.of), chat.towns, chat.percent) == (300_000, 1, 43, 30)
    assert office.savings[1].yearly is None


def test_hours_are_said_anew_only_with_a_reason_and_taken_back_to_unknown(desk: Desk) -> None:
    given: dict[str, Any] = {"lg_code": SAKAI, "programme": "chat", "fiscal_year": 2023}

    def state(hours: int | None, *, reason: str = "", seen: int = 0, **more: Any) -> None:
        said = {"measured": "1件15分", "reason": reason, "seen_event": seen}
        desk(commands.state_saved_hours, officer(), **(given | said | {"hours": hours} | more))

    for wrong, field in (
        ({"hours": None}, "hours"), ({"hours": -1}, "hours"), ({"hours": 10**9}, "hours"),
        ({"programme": "talent"}, "programme"), ({"fiscal_year": 2024}, "fiscal_year"),
        ({"fiscal_year": 10**9}, "fiscal_year"), ({"measured": ""}, "measured"),
    ):  # fmt: skip
        with pytest.raises(InvalidInputError) as refused:
            state(**({"hours": 1} | wrong))  # type: ignore[arg-type]
        assert set(refused.value.problems) == {field}
    state(400)
    with pytest.raises(InvalidInputError, match="理由"):
        state(500, seen=1)
    with pytest.raises(ConflictError, match="変更がありません"):
        state(400, seen=1, reason="x")
    with pytest.raises(ConflictError, match="画面を更新"):
        state(500, seen=0, reason="x")
    state(500, seen=1, reason="数え直し")
    assert [each.hours for each in desk.own().hours] == [500]
    desk(commands.take_back_saved_hours, officer(), **given, reason="不明", seen_event=2)
    assert desk.own().hours == ()
    state(0)
    assert [each.hours for each in desk.own().hours] == [0]


def test_boarding_asks_for_what_the_municipality_kept(desk: Desk) -> None:
    alone = replace(
        A_PRICE, way=Way.ALONE, document=Document.QUOTED, total=None, initial=500_000,
        monthly=40_000, months=60, tax=Tax.EXCLUDED,
    )  # fmt: skip
    desk.keep(SAKAI, alone)
    desk.keep(SAKAI, replace(alone, way=Way.STANDARD, dated=date(2023, 5, 1)))
    desk.keep(SAKAI, replace(alone, dated=date(2022, 5, 1), initial=1))
    desk.keep(HIRAKATA, replace(alone, initial=9))
    found = views.boarding_prices_view(desk.engine, officer(), lg_code=SAKAI, programme="chat")
    assert found.before is not None
    assert found.before.price == alone
    assert found.joint is None
