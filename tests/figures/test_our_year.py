"""A municipality's year: worked out by hand step by step, and the same number wherever it stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import Engine, event

from core.access.principal import CONSOLE, Principal, Role
from core.commands.contracts import record_payment
from core.commands.visits import hold_unplanned_visit
from core.demonstration.fill import fill_demonstration
from core.exports.council import council_pdf, council_workbook
from core.figures.year.saved import saved_in
from core.figures.year.year import OurYear
from core.quotation.cut import Slot
from core.quotation.event import Quotation, quotations_of
from core.quotation.price import Document, Way
from core.reference.grants import TALENT
from core.start import start
from core.store.engine import reading
from core.store.subsidy import cases
from core.store.support import contracts, visits
from core.subsidy.money import AskedLine
from core.subsidy.share import share_of
from core.subsidy.step import CaseStep
from core.support.contract import PaidLine
from core.support.visit import Held
from core.values.errors import InvalidInputError, PermissionDeniedError
from core.values.figure import Status
from core.values.fiscal import JAPAN, FiscalYear
from core.values.money import Yen
from core.views.kpi import kpi_detail_view
from core.views.our_year import our_year_view, our_years_view
from core.views.peers import peers_view
from core.views.quotations import own_quotations_view
from core.views.subsidy import own_subsidy_view
from core.views.support import own_support_view
from tests.support.contracts import HELD, NEIGHBOUR, OFFICER, OURS, concluded
from tests.support.quotations import Words, a_year
from tests.support.reference import REFERENCE
from tests.support.subsidies import HERE, A, B, Office

R5 = FiscalYear(2023)
LATE = datetime(2024, 3, 20, 9, 30, tzinfo=JAPAN)
CHAT = Slot("chat", None)


def year_of(
    engine: Engine, lg_code: str = OURS, now: datetime = LATE, reference: Any = REFERENCE
) -> OurYear:
    return our_year_view(
        engine, CONSOLE, reference, lg_code=lg_code, fiscal_year=R5, now=now, today=now.date()
    )


def values(year: OurYear) -> dict[str, Any]:
    return {key: told.figure.value for key, told in year.told.items()}


def hold(
    engine: Engine, contract_id: int, plan: int, day: date, who: Principal = OFFICER, **said: Any
) -> None:
    with reading(engine) as session:
        seen = max((v.last.event_id for v in visits(session, OURS)), default=0)
    held: Held = replace(HELD, day=day, **said)
    hold_unplanned_visit(
        engine, who, lg_code=OURS, contract_id=contract_id, plan=plan, held=held, files=[],
        seen_event=seen, request_id=f"{plan}-{day}", now=LATE,
    )  # fmt: skip


def pay(engine: Engine, contract_id: int, **plans: int) -> None:
    with reading(engine) as session:
        [contract] = contracts(session, OURS)
    seen = contract.payments[-1].event_id if contract.payments else 0
    lines = tuple(PaidLine(int(key[1:]), Yen(amount)) for key, amount in plans.items())
    record_payment(
        engine, OFFICER, lg_code=OURS, contract_id=contract_id, paid_on=date(2024, 3, 18),
        lines=lines, note="", seen_payment=seen, request_id=f"pay{seen}", now=LATE,
    )  # fmt: skip


def test_a_year_from_the_contract_to_the_money_by_hand(engine: Engine) -> None:
    """300,000 + 600,000 yen for 3 + 6 visits; one plan ends after two of six; half is granted."""
    contract = concluded(engine)
    year = year_of(engine)
    found = values(year)
    assert (found["visits"], found["contracted"]) == (0, 900_000)
    assert [found[key] for key in ("paid", "decided", "final", "received", "burden")] == [None] * 5
    assert year.told["paid"].beside == "支払の記録がない"
    office = Office(engine, REFERENCE)
    case = office.apply((), TALENT, town=OURS)
    assert values(year_of(engine))["burden"] is None
    office.theirs(case, CaseStep.DECIDED, town=OURS)
    year = year_of(engine)
    assert (values(year)["decided"], year.money.burden, year.money.foreseen) == (
        450_000,
        None,
        450_000,
    )
    burden = year.told["burden"]
    assert (burden.figure.value, burden.figure.status) == (450_000, Status.PLANNED)
    assert "決定額で見た見込み" in burden.beside
    for month, day in ((10, 11), (11, 8), (12, 13)):
        hold(engine, contract, 4, date(2023, month, day), topic=f"{month}月の議題")
    for day in (date(2023, 10, 18), date(2024, 1, 17)):
        hold(engine, contract, 6, day)
    pay(engine, contract, p4=300_000)
    year = year_of(engine)
    assert (values(year)["visits"], values(year)["paid"]) == (5, 300_000)
    assert any("プラン6は支払の記録がない" in note for note in year.notes)
    pay(engine, contract, p6=200_000)
    office.ours(case, CaseStep.REPORTED, town=OURS)
    office.theirs(case, CaseStep.FINALISED, town=OURS)
    year = year_of(engine)
    found = values(year)
    assert [found[key] for key in ("paid", "decided", "final", "received", "burden")] == [
        500_000, 450_000, 250_000, 0, 250_000,
    ]  # fmt: skip
    assert year.told["burden"].figure.status is Status.ACTUAL
    assert [(p.plan, p.held, p.money.final, p.money.burden) for p in year.plans] == [
        (4, 3, 150_000, 150_000),
        (6, 2, 100_000, 100_000),
    ]
    office.ours(case, CaseStep.CLAIMED, town=OURS)
    office.theirs(case, CaseStep.PAID, town=OURS)
    year = year_of(engine)
    assert values(year)["received"] == 250_000
    assert [topic.text for topic in year.topics if topic.plan == 4] == [
        "10月の議題", "11月の議題", "12月の議題",
    ]  # fmt: skip
    written = load_workbook(BytesIO(council_workbook(year, REFERENCE, LATE.date(), made_up=False)))
    rows = {row[0]: row[1] for row in written["まとめ"].iter_rows(values_only=True)}
    assert (rows["支払った額"], rows["府補助金の確定額"], rows["団体の負担"]) == (
        500_000, 250_000, 250_000,
    )  # fmt: skip
    [page] = PdfReader(BytesIO(council_pdf(year, REFERENCE, LATE.date(), made_up=False))).pages
    text = "".join(page.extract_text().split())
    assert "団体の負担250,000円実績" in text
    assert "11月の議題" in text
    assert "合計5/9回900,000900,000500,000450,000250,000250,000" in text


def test_what_nobody_paid_for_leaves_the_burden_unknown(engine: Engine) -> None:
    contract = concluded(engine)
    office = Office(engine, REFERENCE)
    case = office.apply((), TALENT, town=OURS)
    office.theirs(case, CaseStep.DECIDED, town=OURS)
    hold(engine, contract, 4, date(2023, 10, 11))
    pay(engine, contract, p4=100_000)
    office.ours(case, CaseStep.REPORTED, town=OURS)
    office.theirs(case, CaseStep.FINALISED, town=OURS)
    year = year_of(engine)
    assert (year.money.paid, year.money.final, year.money.burden) == (100_000, 50_000, None)
    assert year.plans[0].money.burden == 50_000
    assert values(year)["burden"] == year.money.foreseen == 450_000  # still no more than foreseen


def test_nothing_recorded_is_unknown_and_not_zero(engine: Engine) -> None:
    year = year_of(engine)
    assert year.is_empty
    found = values(year)
    assert {key for key, value in found.items() if value is not None} == {"consultations"}
    assert all(
        year.told[key].beside
        for key, value in found.items()
        if value is None and key != "trainings"
    )
    [page] = PdfReader(BytesIO(council_pdf(year, REFERENCE, LATE.date(), made_up=False))).pages
    assert "0円実績" not in "".join(page.extract_text().split())


def test_words_of_others_are_counted_and_not_shown(engine: Engine) -> None:
    contract = concluded(engine)
    hold(engine, contract, 4, date(2023, 10, 11), topic="団体の言葉")
    hold(engine, contract, 6, date(2023, 10, 12), CONSOLE, topic="事務局の言葉")
    year = year_of(engine)
    assert [topic.text for topic in year.topics] == ["団体の言葉"]
    assert year.topics_of_others == 1
    body = council_workbook(year, REFERENCE, LATE.date(), made_up=False)
    cells = [c.value for s in load_workbook(BytesIO(body)) for row in s.iter_rows() for c in row]
    assert "団体の言葉" in cells
    assert "事務局の言葉" not in cells


def test_another_municipalitys_year_is_out_of_reach(
    engine: Engine, officer: Callable[[str], Principal]
) -> None:
    concluded(engine)
    for who in (officer(NEIGHBOUR), Principal("viewer", "閲覧", Role.VIEWER)):
        for view, more in (
            (our_year_view, {"fiscal_year": R5, "now": LATE}),
            (our_years_view, {}),
        ):
            given = (REFERENCE,) if view is our_year_view else ()
            with pytest.raises(PermissionDeniedError):
                view(engine, who, *given, lg_code=OURS, today=LATE.date(), **more)
    assert not values(year_of(engine, NEIGHBOUR))["contracted"]
    with pytest.raises(InvalidInputError, match="999999"):
        year_of(engine, "999999")


def test_a_joint_application_is_shared_to_the_yen(engine: Engine) -> None:
    office = Office(engine, HERE)
    lines = tuple(
        AskedLine(town, "委託料", Yen(cost)) for town, cost in ((A, 1_001_999), (B, 500_003))
    )
    case_id = office.apply(lines)
    office.theirs(case_id, CaseStep.DECIDED, 700_001, reason="予算の範囲")
    with reading(engine) as session:
        [case] = cases(session)
    ours, theirs = share_of(case, A), share_of(case, B)
    assert (ours.decided or 0) + (theirs.decided or 0) == 700_001
    assert (ours.final, ours.paid) == (None, 0)
    office.ours(case_id, CaseStep.ADVANCE_CLAIMED, amount=100_000)
    office.theirs(case_id, CaseStep.ADVANCE_PAID)
    year = year_of(engine, B, reference=HERE)
    [grant] = year.grants
    assert (grant.share.decided, grant.share.paid) == (
        theirs.decided,
        None,
    )  # an advance is the lead's
    assert grant.burden is None
    office.ours(case_id, CaseStep.REPORTED, lines)
    office.theirs(case_id, CaseStep.FINALISED)
    office.ours(case_id, CaseStep.CLAIMED)
    office.theirs(case_id, CaseStep.PAID)
    found = [year_of(engine, town, reference=HERE).grants[0] for town in (A, B)]
    assert sum(each.share.paid or 0 for each in found) == 700_001
    assert sum(each.burden or 0 for each in found) == 1_001_999 + 500_003 - 700_001


def test_a_refused_application_leaves_the_whole_to_the_municipality(engine: Engine) -> None:
    contract = concluded(engine)
    office = Office(engine, REFERENCE)
    case = office.apply((), TALENT, town=OURS)
    office.theirs(case, CaseStep.REFUSED, town=OURS, reason="予算がないため")
    pay(engine, contract, p4=300_000, p6=600_000)
    year = year_of(engine)
    assert (year.money.decided, year.money.final, year.money.burden) == (0, 0, 900_000)


def price_kept(**more: Any) -> list[Quotation]:
    words = Words(datetime(2023, 4, 1, tzinfo=JAPAN))
    words.keep(OURS, a_year(1_000_000, way=Way.ALONE))
    words.keep(OURS, a_year(600_000, **more))
    return list(quotations_of(words.events))


@pytest.mark.parametrize(
    ("more", "yearly", "offered"),
    [
        ({}, 400_000, None),
        ({"document": Document.QUOTED}, None, 400_000),
        ({"first_day": date(2024, 4, 1)}, None, None),
        ({"first_day": date(2024, 3, 31)}, 400_000, None),
        ({"first_day": date(2022, 4, 1)}, None, None),  # twelve months: over as the year begins
        ({"first_day": date(2022, 5, 1)}, 400_000, None),
        ({"first_day": None}, 400_000, None),
        ({"dated": date(2024, 4, 1)}, None, None),
    ],
)
def test_only_what_is_contracted_and_in_use_counts_as_saved(
    more: dict[str, Any], yearly: int | None, offered: int | None
) -> None:
    saved = saved_in(price_kept(**more), [("チャット", CHAT)], R5)
    assert (saved.yearly, saved.offered) == (yearly, offered)


def test_the_queries_of_a_year_are_few(engine: Engine) -> None:
    contract = concluded(engine)
    for plan in (4, 6):
        hold(engine, contract, plan, date(2023, 10, 11))
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
    year_of(engine)
    assert len([each for each in asked if each.lstrip().upper().startswith("SELECT")]) <= 40


@pytest.mark.parametrize("database_kind", ["sqlite"])  # both fold alike; the data takes long
def test_the_same_number_stands_wherever_it_is_shown(engine: Engine) -> None:
    now = datetime(2023, 12, 11, 9, tzinfo=JAPAN)
    day = now.date()
    start(engine, REFERENCE, now)
    fill_demonstration(engine, REFERENCE, now)
    parts = {
        key: kpi_detail_view(
            engine, CONSOLE, REFERENCE, indicator=key, as_of=day, first=day
        ).reading.parts
        for key in ("support_visits_held", "grant_decided", "grant_final", "grant_paid", "hours_saved",
                    "consultations_received", "trainings_people")
    }  # fmt: skip

    def counted(key: str, code: str) -> int:
        return sum(each.numerator or 0 for each in parts[key] if each.lg_code == code)

    seen: set[str] = set()
    for town in REFERENCE.municipalities[:15]:
        code = town.lg_code
        year = year_of(engine, code, now)
        found = {key: value or 0 for key, value in values(year).items()}
        seen |= {key for key, value in found.items() if value}
        support = own_support_view(engine, CONSOLE, REFERENCE, lg_code=code, today=day)
        ours = [each for each in support.contracts if each.contract.fiscal_year == R5]
        held = sum(pace.held for each in ours for pace in each.paces)
        assert found["visits"] == held == counted("support_visits_held", code)
        assert found["contracted"] == sum(each.contract.terms.amount for each in ours)
        assert found["paid"] == sum(each.contract.paid for each in ours)
        subsidy = own_subsidy_view(
            engine, CONSOLE, REFERENCE, lg_code=code, fiscal_year=R5, as_of=day
        )
        talent = [each.case for each in subsidy.cases if each.case.programme == TALENT]
        for key, name, amount in (
            ("decided", "grant_decided", [case.decided for case in talent]),
            ("final", "grant_final", [case.final for case in talent]),
            ("received", "grant_paid", [case.paid for case in talent]),
        ):
            assert found[key] == sum(each or 0 for each in amount) == counted(name, code)
        kept = own_quotations_view(engine, CONSOLE, REFERENCE, lg_code=code)
        assert [each.saving.yearly for each in year.saved.lots] == [
            each.saving.yearly for each in kept.savings
        ]
        assert found["hours"] == counted("hours_saved", code)
        assert found["consultations"] == counted("consultations_received", code)
        assert found["trainings"] == counted("trainings_people", code)
        peers = peers_view(engine, CONSOLE, REFERENCE, lg_code=code, as_of=day)
        assert found["systems"] == peers.rows[0].systems
        body = council_workbook(year, REFERENCE, day, made_up=True)
        sheet = load_workbook(BytesIO(body))["まとめ"]
        rows = {row[0]: row[1] for row in sheet.iter_rows(values_only=True)}
        for told in year.told.values():
            assert rows[told.figure.label] == told.figure.value
    assert {"visits", "paid", "decided", "saved", "hours", "systems", "consultations"} <= seen


def long_year(engine: Engine) -> OurYear:
    """A year with more than a page holds, typed by somebody who means harm."""
    contract = concluded(engine)
    hold(engine, contract, 4, date(2023, 10, 11), topic="=1+1 **太字** <script> " + "長" * 80)
    year = year_of(engine)
    [lot] = saved_in(price_kept(), [("=SUM(A1)", CHAT)], R5).lots
    return replace(
        year,
        topics=year.topics * 60,
        saved=replace(year.saved, lots=(lot,) * 12),
        plans=year.plans * 4,
    )


def test_it_is_one_page_whatever_there_is_and_says_what_is_left_out(engine: Engine) -> None:
    body = council_pdf(long_year(engine), REFERENCE, LATE.date(), made_up=False)
    [page] = PdfReader(BytesIO(body)).pages
    assert "/Annots" not in page
    text = "".join(page.extract_text().split())
    assert "ほか7件は、同じ名前のExcelにあります" in text
    heights: list[float] = []
    page.extract_text(visitor_text=lambda t, _cm, tm, *_: t.strip() and heights.append(tm[5]))
    assert min(heights) > 20  # points above the edge of the sheet
    assert "出典:市町村と事務局が乗合に記録した内容" in text


def test_what_was_typed_is_text_in_the_workbook(engine: Engine) -> None:
    body = council_workbook(long_year(engine), REFERENCE, LATE.date(), made_up=False)
    found = 0
    for sheet in load_workbook(BytesIO(body)):
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            if str(cell.value).startswith("="):
                found += 1
                assert cell.data_type == "s"
    assert found > 12
