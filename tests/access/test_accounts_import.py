"""Accounts many at once: what becomes of every row, all or none, and the sheets to hand over."""

from __future__ import annotations

import io
from datetime import date, datetime

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import Engine

from core.access.account import NewAccount
from core.access.principal import CONSOLE, PUBLIC, Principal, Role
from core.commands.accounts import add_account, add_accounts
from core.commands.sessions import sign_in
from core.exports.accounts import account_sheets_pdf, accounts_template, handed_over
from core.imports.accounts.plan import AccountOutcome, AccountsPlan
from core.store.audit import AuditFilter
from core.values.errors import ConflictError, InvalidInputError, PermissionDeniedError
from core.views.administration import accounts_import_view, accounts_view, audit_view
from tests.support.reference import REFERENCE

CODES = frozenset(m.lg_code for m in REFERENCE.municipalities)
SAKAI, SUITA = "271403", "272051"
OFFICER = Principal("tanto", "担当", Role.OFFICER, SAKAI)
TABLE = """氏名\tメール\t市町村名\t権限\tユーザー名
山田 花子\thanako@city.sakai.lg.jp\t堺市\t\t
佐藤 次郎\tdx@city.suita.lg.jp\t吹田市\t市町村職員\t
鈴木 三郎\t\t堺市\t市町村職員\t
会議室\t\t\t閲覧者\tkaigi
既存 職員\t\t堺市\t市町村職員\t
山田　花子\t\t堺市\t\t
田中 四郎\t\tない市\t\t
高橋 五郎\t\t\t\t
伊藤 六郎\t\t堺市\t事務局\t
渡辺 七郎\tまちがい\t堺市\t\t
中村 八郎\t\t堺市\t\tkizon
"""


def plan_of(engine: Engine, table: str = TABLE) -> AccountsPlan:
    return accounts_import_view(engine, CONSOLE, REFERENCE, content=table.encode())


def existing(engine: Engine, now: datetime) -> None:
    for username, name, code in (("sonzai", "既存 職員", SAKAI), ("kizon", "別人", SUITA)):
        add_account(
            engine, CONSOLE, username=username, display_name=name, role=Role.OFFICER, lg_code=code,
            known_codes=CODES, now=now,
        )  # fmt: skip


def test_every_row_says_what_becomes_of_it(engine: Engine, now: datetime) -> None:
    existing(engine, now)
    plan = plan_of(engine)
    found = [
        (row.line, row.outcome.value, row.account.username if row.account else "")
        for row in plan.rows
    ]
    assert found == [
        (2, "new", "hanako"),
        (3, "new", f"dx-{SUITA}"),  # too short by itself
        (4, "new", f"tanto-{SAKAI}"),
        (5, "new", "kaigi"),
        (6, "there", "sonzai"),
        *((line, "refused", "") for line in range(7, 13)),
    ]
    reasons = [row.reason for row in plan.of(AccountOutcome.REFUSED)]
    for said, reason in zip(
        (
            "2行目と同じ人",
            "ない市",
            "団体が空欄",
            "市町村を持つのは",
            "使えません",
            "既に使われて",
        ),
        reasons,
        strict=True,
    ):
        assert said in reason
    assert [(a.role, a.lg_code) for a in plan.new] == [
        (Role.OFFICER, SAKAI),
        (Role.OFFICER, SUITA),
        (Role.OFFICER, SAKAI),
        (Role.VIEWER, None),
    ]
    assert len(accounts_view(engine, CONSOLE, now=now).accounts) == 2  # looking makes none


def test_the_accounts_are_made_at_once_and_each_password_opens_its_own(
    engine: Engine, now: datetime
) -> None:
    existing(engine, now)
    plan = plan_of(engine)
    made = add_accounts(engine, CONSOLE, wanted=plan.new, known_codes=CODES, now=now)
    assert [each.username for each in made] == [each.username for each in plan.new]
    for each in made:
        assert sign_in(engine, PUBLIC, username=each.username, password=each.password, now=now)
        assert each.password not in repr(each)
    entry = next(
        e
        for e in audit_view(engine, CONSOLE, wanted=AuditFilter()).entries
        if e.action == "account:import"
    )
    assert entry.detail["rows"] == 4
    assert not any(each.password in repr(entry) for each in made)
    again = plan_of(engine)
    assert len(again.of(AccountOutcome.THERE)) == 6  # the row twice in the table, too
    assert again.new == ()
    assert again.mark != plan.mark
    with pytest.raises(ConflictError, match="1件も追加していません"):
        add_accounts(engine, CONSOLE, wanted=plan.new, known_codes=CODES, now=now)


def test_one_account_that_cannot_be_leaves_all_of_them_out(engine: Engine, now: datetime) -> None:
    good = NewAccount("yoi", "よい", Role.OFFICER, SAKAI)
    for bad in (
        NewAccount("warui", "わるい", Role.OFFICER, None),
        NewAccount("warui", "", Role.VIEWER, None),
        NewAccount("YOI", "同じ名前", Role.VIEWER, None),
    ):
        with pytest.raises((InvalidInputError, ConflictError)):
            add_accounts(engine, CONSOLE, wanted=(good, bad), known_codes=CODES, now=now)
    with pytest.raises(InvalidInputError, match="ありません"):
        add_accounts(engine, CONSOLE, wanted=(), known_codes=CODES, now=now)
    assert accounts_view(engine, CONSOLE, now=now).accounts == ()


def test_only_the_secretariat_reads_a_table_or_makes_accounts(
    engine: Engine, now: datetime
) -> None:
    for who in (OFFICER, PUBLIC, Principal("v", "閲覧", Role.VIEWER)):
        with pytest.raises(PermissionDeniedError):
            accounts_import_view(engine, who, REFERENCE, content=TABLE.encode())
        with pytest.raises(PermissionDeniedError):
            add_accounts(engine, who, wanted=(), known_codes=CODES, now=now)


def test_a_table_without_the_headings_says_which_are_wanted(engine: Engine) -> None:
    with pytest.raises(InvalidInputError, match="「氏名」と、「団体」か「権限」"):
        plan_of(engine, "山田\t堺市\n")


def test_there_is_a_sheet_for_each_municipality_with_its_own_passwords_alone(
    engine: Engine, now: datetime
) -> None:
    plan = plan_of(engine)
    made = add_accounts(engine, CONSOLE, wanted=plan.new, known_codes=CODES, now=now)
    towns = {m.lg_code: m.name for m in REFERENCE.municipalities}
    handed = handed_over(plan.of(AccountOutcome.NEW), made, towns)
    body = account_sheets_pdf(
        handed, address="https://noriai.example", until=date(2024, 4, 5),
        made_on=now.date(), made_up=False,
    )  # fmt: skip
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(body)).pages]
    assert len(pages) == len({each.place for each in handed}) == 3
    for each in handed:
        of_place = [page for page in pages if f"{each.place} 御中" in page]
        assert [each.password in page for page in of_place] == [True]
        assert sum(each.password in page for page in pages) == 1
        assert all("https://noriai.example" in page for page in of_place)
        assert all("令和6年4月5日" in page for page in of_place)


def test_the_template_offers_every_municipality_and_is_read_back(engine: Engine) -> None:
    names = [m.name for m in REFERENCE.municipalities]
    book = load_workbook(io.BytesIO(accounts_template(names, "市町", date(2024, 4, 1))))
    sheet = book["アカウント"]
    assert [cell.value for cell in book["選択肢"]["A"]][1:] == names
    assert [cell.value for cell in sheet[1]][3] == "市町"
    sheet.append(["山田 花子", "", "", "堺市", "", "市町村職員", ""])
    filled = io.BytesIO()
    book.save(filled)
    plan = accounts_import_view(engine, CONSOLE, REFERENCE, content=filled.getvalue())
    assert [(a.display_name, a.lg_code) for a in plan.new] == [("山田 花子", SAKAI)]
