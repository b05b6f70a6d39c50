"""監査記録 names things as a reader knows them; what it has no word for it shows as it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.store.audit import AuditEntry
from dashboard import context
from dashboard.administration.audit import actor_text, detail_text, moments, subject_text
from tests.support.reference import REFERENCE


@pytest.fixture(autouse=True)
def _no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "reference", lambda: REFERENCE)


def entry(action: str, subject: str = "", actor: str = "", **detail: object) -> AuditEntry:
    return AuditEntry(1, datetime(2026, 11, 24, tzinfo=UTC), actor, action, subject, detail)


def test_a_clock_set_back_is_marked_in_the_order_of_numbers() -> None:
    noon = datetime(2026, 11, 24, 3, tzinfo=UTC)
    at = [noon + timedelta(minutes=minutes) for minutes in (7, 5, 9, 9, 0)]
    entries = [replace(entry("wish:record"), at=moment) for moment in at]
    assert [text.partition(" ▼")[2] for text in moments(entries)] == ["", "時計の戻り", "", "", ""]
    assert moments(entries)[1] == "2026-11-24 12:05:00 ▼時計の戻り"


def test_codes_become_names() -> None:
    wish = entry(
        "wish:record", "271403", "sakai", state="wished", fiscal_year=2027, plans={"6": 12, "4": 1}
    )
    assert (actor_text(wish), subject_text(wish)) == ("sakai", "堺市")
    assert (
        detail_text(wish) == "状態: 希望、年度: 令和9年度、プランと回数: プラン6(12回) プラン4(1回)"
    )
    fee = entry("parameter:record", "talent.unit_price", "console", value="1", basis="official")
    assert (actor_text(fee), subject_text(fee)) == ("コマンドライン", "支援1回あたりの費用")
    assert detail_text(fee) == "値: 1、根拠区分: 公表"
    assert actor_text(entry("session:refused", "sakai")) == "(未サインイン)"


def test_the_same_state_is_read_as_what_it_is_a_state_of() -> None:
    assert detail_text(entry("wish:record", state="withdrawn")) == "状態: 辞退"
    assert detail_text(entry("consultation:step", state="withdrawn")) == "状態: 取下げ"


def test_what_has_no_word_stays_and_what_is_empty_goes() -> None:
    mail = entry("consultation:mail", "R5-014", state="送信できず", reason="", lg_code=None, new=1)
    assert (actor_text(mail), subject_text(mail)) == ("(未サインイン)", "R5-014")
    assert detail_text(mail) == "状態: 送信できず、new: 1"
