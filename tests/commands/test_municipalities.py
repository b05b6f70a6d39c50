"""A merger and a change recorded, refused, taken back, written out and read again."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from core.access.principal import CONSOLE, Principal, Role
from core.commands.accounts import add_account, change_account
from core.commands.catalogue import NEW_SOURCE, record_entry
from core.commands.initial_data import fill_initial_data
from core.commands.ledger import record_participation
from core.commands.ledger_import import import_ledger
from core.commands.municipalities import (
    change_municipality,
    merge_municipalities,
    take_back_municipality,
)
from core.procurement.counting import CountBasis
from core.procurement.event import EventKind
from core.procurement.recording import Entry
from core.reference.municipal_changes import MunicipalityCard
from core.reference.pack import Reference
from core.store.catalogue import kept_catalogue
from core.values.errors import ConflictError, InvalidInputError, PermissionDeniedError
from core.values.fiscal import FiscalYear, parse_date
from core.views.ledger import counts_view, ledger_import_view
from core.views.municipalities import merger_touches_view, municipalities_view
from core.views.our_municipality import our_municipality_view
from core.views.participation import participation_history_view
from core.views.procurement import procurement_view
from tests.commands.examples import NOW, OFFICE
from tests.support.mergers import (
    BEFORE,
    BOTH,
    DAY,
    HANNAN,
    MISAKI,
    NANSEI,
    TOGETHER,
    card_of,
)
from tests.support.reference import REFERENCE

OFFICER_THERE = Principal("tanto-misaki", "担当", Role.OFFICER, MISAKI)
YEAR = FiscalYear(2023)


class Office:
    """A database of Osaka's pack, and the secretariat that records in it minute by minute."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        fill_initial_data(engine, CONSOLE, reference=REFERENCE, now=NOW)
        self._now = NOW

    @property
    def now(self) -> datetime:
        self._now += timedelta(minutes=1)
        return self._now

    @property
    def reference(self) -> Reference:
        known = kept_catalogue(self.engine)
        assert known is not None
        return known.of(YEAR)

    @property
    def seen(self) -> int:
        return municipalities_view(self.engine, OFFICE, self.reference).seen

    def merge(
        self, card: MunicipalityCard = TOGETHER, ended: tuple[str, ...] = (MISAKI,),
        day: date = DAY, **others: Any,
    ) -> None:  # fmt: skip
        given = {"seen": self.seen, "request_id": f"m{self.now}", "reason": "合併"} | others
        merge_municipalities(
            self.engine, OFFICE, card=card, ended=ended, day=day, reference=self.reference,
            now=self.now, **given,
        )  # fmt: skip

    def change(self, card: MunicipalityCard, day: date, **others: Any) -> None:
        given = {"seen": self.seen, "request_id": f"c{self.now}", "reason": ""} | others
        change_municipality(
            self.engine, OFFICE, card=card, day=day, reference=self.reference, now=self.now,
            **given,
        )  # fmt: skip

    def take_back(self) -> None:
        take_back_municipality(
            self.engine, OFFICE, reason="誤り", seen=self.seen, request_id=f"b{self.now}",
            now=self.now,
        )  # fmt: skip

    def joined(
        self, code: str, programme: str, day: str, kind: EventKind = EventKind.JOINED
    ) -> int:
        return record_participation(
            self.engine, OFFICE, entry=Entry(code, programme, kind, parse_date(day), "電話"),
            seen_event=0, reference=self.reference, request_id=f"j{self.now}", now=self.now,
        )  # fmt: skip

    def paid(self, programme: str, day: date) -> int | None:
        reference = self.reference
        found = counts_view(
            self.engine, OFFICE, reference, as_of=day, basis=CountBasis.PAID, today=day
        )
        return next(each.named for each in found if each.programme == programme)


@pytest.fixture
def office(engine: Engine) -> Office:
    return Office(engine)


def test_counts_matrix_and_history_before_and_after(office: Office) -> None:
    office.joined(MISAKI, "chat", "2023-05-01", EventKind.JOINED_LATE)
    office.joined(MISAKI, "docs", "2023-05-01")
    office.joined(HANNAN, "docs", "2023-06-01")
    chat, docs = office.paid("chat", BEFORE), office.paid("docs", BEFORE)
    assert chat is not None
    assert docs is not None
    old = procurement_view(office.engine, OFFICE, office.reference, as_of=BEFORE)
    office.merge()
    assert (office.paid("chat", BEFORE), office.paid("chat", DAY)) == (chat, chat)
    assert (office.paid("docs", BEFORE), office.paid("docs", DAY)) == (docs, docs - 1)

    before, after = (
        procurement_view(office.engine, OFFICE, office.reference, as_of=day)
        for day in (BEFORE, DAY)
    )
    assert (before.rows, before.systems, before.municipalities) == (old.rows, old.systems, 43)
    assert (len(after.rows), after.municipalities, after.population) == (42, 42, old.population)
    keys = [system.procurement.key for system in after.systems]
    rows = {row.participant: row for row in after.rows}
    assert MISAKI not in rows
    assert rows[HANNAN].states[keys.index("chat")].former == "旧岬町"
    assert rows[HANNAN].municipality == office.reference.on(DAY).by_code[HANNAN]

    def history(code: str, day: date) -> list[tuple[str, int, str]]:
        found = participation_history_view(
            office.engine, OFFICE, office.reference, participant=code, as_of=day
        )
        return [(s.procurement.key, len(s.lines), s.state.standing.value) for s in found.systems]

    assert history(HANNAN, BEFORE) == [("docs", 1, "paid_initial")]
    assert history(HANNAN, DAY) == [("chat", 1, "paid_late"), ("docs", 2, "paid_initial")]
    assert history(MISAKI, BEFORE) == [("chat", 1, "paid_late"), ("docs", 1, "paid_initial")]
    lines = participation_history_view(
        office.engine, OFFICE, office.reference, participant=HANNAN, as_of=DAY
    ).systems[1].lines  # fmt: skip
    assert [line.former for line in lines] == ["", "旧岬町"]


def test_the_successor_goes_on_where_the_former_stood(office: Office) -> None:
    office.joined(MISAKI, "chat", "2023-05-01", EventKind.JOINED_LATE)
    office.merge()
    before = office.paid("chat", DAY)
    office.joined(HANNAN, "chat", "2024-03-31", EventKind.LEFT)
    assert before is not None
    assert [office.paid("chat", date(2024, 3, d)) for d in (30, 31)] == [before, before - 1]
    with pytest.raises(InvalidInputError, match="令和6年1月1日に阪南市になりました"):
        office.joined(MISAKI, "econtract", "2024-01-01")
    assert office.joined(MISAKI, "econtract", "2023-12-31") > 0


def test_a_file_that_names_the_former_after_its_end_is_told_the_successor(office: Office) -> None:
    office.merge()
    content = (
        "団体コード,団体名,共同調達,種類,適用日,出典\n"
        "273660,岬町,chat,当初参加,2024-01-01,通知\n"
        "273660,岬町,docs,当初参加,2023-12-31,通知\n"
        "272329,阪南市,docs,運用開始,2024-02-01,通知\n"
    ).encode()
    found = ledger_import_view(
        office.engine, OFFICE, office.reference, content=content, accept_names=False, now=office.now
    )
    late, early, live = found.rows
    assert "阪南市(272329)" in late.reason
    assert (early.reason, early.event is None) == ("", False)
    assert "記録できません" in live.reason
    import_ledger(
        office.engine, OFFICE, name="a.csv", content=content, accept_names=False, leave_out=True,
        seen_event=found.last_event, reference=office.reference, request_id="i", now=office.now,
    )  # fmt: skip
    again = ledger_import_view(
        office.engine, OFFICE, office.reference, content=content, accept_names=False, now=office.now
    )
    assert again.rows[2].reason == ""
    assert again.rows[2].event is not None


def test_a_new_municipality_of_two_and_what_it_touches(office: Office) -> None:
    add_account(
        office.engine, OFFICE, username="tanto-misaki", display_name="担当", role=Role.OFFICER,
        lg_code=MISAKI, known_codes=frozenset(REFERENCE.by_code), now=office.now,
    )  # fmt: skip
    office.joined(MISAKI, "chat", "2023-05-01", EventKind.JOINED_LATE)
    touched = merger_touches_view(
        office.engine, OFFICE, office.reference, codes=(MISAKI, HANNAN), day=DAY
    )
    assert (touched.systems, touched.accounts) == (
        1 + sum(e.lg_code == HANNAN for e in REFERENCE.participations),
        ("tanto-misaki",),
    )
    office.merge(NANSEI, (HANNAN, MISAKI))
    then = office.reference.on(DAY)
    assert len(then.municipalities) == 42
    assert then.municipality(NANSEI.lg_code).population == BOTH
    with pytest.raises(InvalidInputError, match=r"令和6年1月1日に南西市になりました.*事務局"):
        our_municipality_view(office.engine, OFFICER_THERE, then, lg_code=MISAKI)
    change_account(
        office.engine, OFFICE, username="tanto-misaki", display_name="担当", role=Role.OFFICER,
        officer_of=NANSEI.lg_code, known_codes=frozenset(then.by_code), now=office.now,
    )  # fmt: skip
    assert our_municipality_view(
        office.engine, Principal("tanto-misaki", "担当", Role.OFFICER, NANSEI.lg_code), then,
        lg_code=NANSEI.lg_code,
    ).municipality.name == "南西市"  # fmt: skip


@pytest.mark.parametrize(
    ("card", "ended", "field", "reason"),
    [
        (TOGETHER, (), "ended", "1つ以上"),
        (TOGETHER, (HANNAN,), "ended", "残る団体"),
        (NANSEI, (MISAKI,), "ended", "2つ以上"),
        (card_of(HANNAN, lg_code="272336", name="南西市"), (MISAKI, HANNAN), "lg_code", "検査数字"),
        (card_of(HANNAN, lg_code="252018", name="南西市"), (MISAKI, HANNAN), "lg_code", "都道府県"),
        (card_of(HANNAN, lg_code="27233", name="南西市"), (MISAKI, HANNAN), "lg_code", "6桁"),
        (card_of(HANNAN, name="堺市"), (MISAKI,), "name", "堺市.*ほかにあります"),
        (card_of(HANNAN, name=" "), (MISAKI,), "name", "名称"),
        (card_of(HANNAN, population=None), (MISAKI,), "population", "人口"),
        (card_of(HANNAN, census=2023), (MISAKI,), "census", "国勢調査"),
        (card_of(HANNAN, lat=134.0), (MISAKI,), "lat", "緯度"),
        (card_of(HANNAN, source_key="nowhere"), (MISAKI,), "source", "nowhere"),
    ],
)
def test_what_is_no_merger_is_said_at_its_field_and_nothing_is_recorded(
    office: Office, card: MunicipalityCard, ended: tuple[str, ...], field: str, reason: str
) -> None:
    seen = office.seen
    with pytest.raises(InvalidInputError) as refused:
        office.merge(card, ended)
    assert [*refused.value.problems] == [field]
    with pytest.raises(InvalidInputError, match=reason):
        office.merge(card, ended)
    assert office.seen == seen


def test_a_merger_is_recorded_once_and_taken_back_whole(office: Office) -> None:
    seen = office.seen
    office.merge()
    with pytest.raises(ConflictError, match="記録しています"):
        office.merge(seen=seen)
    with pytest.raises(InvalidInputError, match="終わっています"):
        office.merge()
    with pytest.raises(InvalidInputError, match="終わっています"):
        office.change(card_of(MISAKI, name="岬市"), date(2024, 4, 1))
    office.take_back()
    assert not office.reference.succession.days
    assert office.reference.on(DAY).municipalities == REFERENCE.municipalities
    office.merge(NANSEI, (HANNAN, MISAKI))
    office.joined(NANSEI.lg_code, "chat", "2024-02-01")
    with pytest.raises(ConflictError, match="取り消せません"):
        office.take_back()


def test_a_city_that_grows_and_a_newer_census_with_its_source(office: Office) -> None:
    office.change(card_of(MISAKI, name="岬市", category="一般市"), date(2024, 4, 1))
    source = {
        "title": "令和7年国勢調査 速報", "publisher": "総務省統計局", "url": None,
        "licence": "明示なし", "date": "2026-06", "note": "", "files": (), "used_for": None,
    }  # fmt: skip
    newer = card_of(
        MISAKI, name="岬市", category="一般市", population=14_000, census=2025,
        source_key=NEW_SOURCE,
    )  # fmt: skip
    office.change(newer, date(2026, 7, 1), new_source=source)
    with pytest.raises(InvalidInputError, match="令和8年7月1日からの変更"):
        office.change(newer, date(2025, 4, 1))
    reference = office.reference
    told = [
        (town.name, town.category, town.population, town.census_label)
        for day in (date(2024, 3, 31), date(2024, 4, 1), date(2026, 7, 1))
        for town in [reference.on(day).by_code[MISAKI]]
    ]
    assert told == [
        ("岬町", "町", 14_741, "令和2年国勢調査"),
        ("岬市", "一般市", 14_741, "令和2年国勢調査"),
        ("岬市", "一般市", 14_000, "令和7年国勢調査"),
    ]
    key = reference.on(date(2026, 7, 1)).by_code[MISAKI].source
    assert reference.sources[key].title == "令和7年国勢調査 速報"


def test_only_the_secretariat_records_a_merger(office: Office) -> None:
    with pytest.raises(PermissionDeniedError):
        merge_municipalities(
            office.engine, OFFICER_THERE, ended=(MISAKI,), card=TOGETHER, day=DAY, reason="",
            seen=0, reference=REFERENCE, request_id="x", now=NOW,
        )  # fmt: skip
    with pytest.raises(PermissionDeniedError):
        municipalities_view(office.engine, OFFICER_THERE, REFERENCE)
    row = REFERENCE.files["municipalities.csv"][0]
    with pytest.raises(ConflictError, match="合併の日"):
        record_entry(
            office.engine, OFFICE, part="municipalities", key=row["lg_code"], fiscal_year=None,
            content=None, reason="", seen=1, request_id="y", now=NOW,
        )  # fmt: skip
