"""監査記録 is narrowed, paged and taken along; hashes stay out of what is read."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import Engine

from core.access.principal import CONSOLE, Principal, Role
from core.commands import action_labels
from core.exports.audit import audit_csv, audit_workbook
from core.exports.audit_words import AuditWords
from core.start import start
from core.store import audit as store
from core.store.audit import AuditFilter, record_audit
from core.store.engine import writing
from core.values.errors import InvalidInputError
from core.values.fiscal import JAPAN
from core.views import administration
from core.views.administration import (
    AUDIT_PAGE,
    audit_choices_view,
    audit_export_view,
    audit_view,
)
from tests.support.reference import REFERENCE

SAKAI = Principal("sakai", "堺", Role.OFFICER, "271403")
EVE = datetime(2026, 3, 31, 23, 59, 59, tzinfo=JAPAN)
SECRET = "0f" * 32


@pytest.fixture
def filled(engine: Engine) -> Engine:
    start(engine, REFERENCE, EVE - timedelta(days=9))
    with writing(engine) as session:
        for minute in range(AUDIT_PAGE + 3):
            record_audit(
                session, CONSOLE, EVE - timedelta(minutes=minute), "parameter:record",
                "talent.unit_price", {"value": str(minute)},
            )  # fmt: skip
        record_audit(
            session, SAKAI, EVE + timedelta(seconds=1), "estimate:keep", SECRET[:32],
            {"name": "当初案", "lg_code": "271403", "net": 600_000, "sha256": SECRET},
            lg_code="271403",
        )  # fmt: skip
    return engine


def numbers(engine: Engine, page: int = 1, **wanted: Any) -> list[int]:
    found = audit_view(engine, CONSOLE, wanted=AuditFilter(**wanted), page=page)
    return [each.number for each in found.entries]


def test_pages_follow_each_other_without_gap_or_repetition(filled: Engine) -> None:
    first = audit_view(filled, CONSOLE, wanted=AuditFilter())
    assert len(first.entries) == AUDIT_PAGE
    assert first.older is not None
    read = [n for page in range(1, first.pages + 1) for n in numbers(filled, page)]
    assert read == list(range(first.total, 0, -1))
    assert first.older.number == read[AUDIT_PAGE]
    assert numbers(filled, first.pages + 1) == []


def test_each_filter_narrows_and_days_are_those_of_japan(filled: Engine) -> None:
    last = audit_view(filled, CONSOLE, wanted=AuditFilter()).total
    assert numbers(filled, lg_code="271403") == [last]
    assert numbers(filled, actor="sakai") == [last]
    assert numbers(filled, action="estimate:keep") == [last]
    assert numbers(filled, first=date(2026, 4, 1)) == [last]
    eve = audit_view(filled, CONSOLE, wanted=AuditFilter(first=EVE.date(), last=EVE.date()))
    assert eve.total == AUDIT_PAGE + 3
    assert (eve.pages, {each.actor for each in eve.entries}) == (2, {"console"})
    assert numbers(filled, actor="sakai", last=EVE.date()) == []


def test_the_choices_are_what_there_is(filled: Engine) -> None:
    actors, actions = audit_choices_view(filled, CONSOLE)
    assert {"console", "sakai"} <= set(actors)
    assert {"estimate:keep", "parameter:record"} <= set(actions)
    assert [list(actors), list(actions)] == [sorted(set(actors)), sorted(set(actions))]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_what_is_taken_along_is_what_is_asked_for_in_words(filled: Engine, kind: str) -> None:
    found = audit_export_view(filled, CONSOLE, wanted=AuditFilter(lg_code="271403"))
    words = AuditWords(REFERENCE, action_labels(), found.names)
    if kind == "csv":
        text = audit_csv(found.entries, words, made_up=False).decode("utf-8-sig")
        head, *rows = list(csv.reader(io.StringIO(text)))
    else:
        book = audit_workbook(found.entries, words, "堺市", EVE.date(), made_up=False)
        sheet = load_workbook(io.BytesIO(book)).active
        assert sheet is not None
        assert str(sheet["A2"].value).startswith("堺市。")
        head, *rows = [
            [str(c) for c in row] for row in sheet.iter_rows(min_row=4, values_only=True)
        ]
    (row,) = rows
    told = dict(zip(head, row, strict=True))
    assert told["日時"] == "2026-04-01 00:00:00"
    assert (told["操作した人"], told["操作"], told["対象"], told["市町村"]) == (
        "sakai", "試算の保存", "当初案", "堺市",
    )  # fmt: skip
    assert told["内容"] == "市町村: 堺市、名前: 当初案、一般財源: 600,000円"
    assert told["控えの要約値"] == found.entries[0].digest


def test_more_than_a_file_holds_is_refused_with_what_to_do(
    filled: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(administration, "MOST_EXPORTED", 10)
    with pytest.raises(InvalidInputError, match="期間を狭めて"):
        audit_export_view(filled, CONSOLE, wanted=AuditFilter())
    assert audit_export_view(filled, CONSOLE, wanted=AuditFilter(actor="sakai")).total == 1


def test_keys_become_titles_days_and_labels_and_hashes_go() -> None:
    words = AuditWords(REFERENCE, action_labels(), {SECRET[:32]: "2026-12-01 相談会"})

    def entry(action: str, subject: str, **detail: object) -> store.AuditEntry:
        return store.AuditEntry(1, EVE, "x", action, subject, detail)

    enrolled = entry("enrolment:make", SECRET[:32], session=SECRET[:32], enrolment="ab" * 16)
    assert words.subject(enrolled) == "2026-12-01 相談会"
    assert words.detail(enrolled) == "日程: 2026-12-01 相談会"
    assert words.subject(entry("kpi:target", "chat_paid")) != "chat_paid"
    assert words.subject(entry("ledger:declare_coverage", "chat")) == "チャット"
    assert (
        words.subject(entry("meeting:keep", SECRET[:32].replace("0", "1"), name="第3回")) == "第3回"
    )
